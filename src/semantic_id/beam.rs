//! Which items the recommender ranks first: beam search over codes.
//!
//! Not here: what a rank is worth (`ranking.rs`), training (`joint.rs`).

use burn::tensor::Device;

use super::quantizer::Ids;
use super::tokens::Tokens;
use crate::engine::Blends;
use crate::engine::cpu::decoding::Decoding;
use crate::engine::cpu::fused::Form;
use crate::engine::cpu::read;
use crate::engine::cpu::transformer::Transformer;
use crate::error::Result;
use crate::math::softmax::log_softmax;
use crate::model::config::ModelConfig;

/// Users decoded at once.
const CHUNK: usize = 64;

/// A way down the codes: its tokens and its log-probability.
#[derive(Clone)]
struct Path {
    /// The row of the decoding that came this way.
    row: usize,
    places: Vec<u32>,
    log_prob: f64,
}

/// The recommender with the ids it speaks of.
pub struct Searcher<'a> {
    pub config: &'a ModelConfig,
    pub params: &'a [f32],
    pub tokens: Tokens,
    pub ids: &'a Ids,
    /// Paths kept at every level.
    pub beams: usize,
}

impl Searcher<'_> {
    /// The rank of every question's target, from 0, by exact match of all its codes and its suffix; `None` where no path ended there.
    ///
    /// # Errors
    /// `bad-input` for a history longer than the recommender's positions.
    pub async fn ranks(&self, questions: &[(&[u32], u32)]) -> Result<Vec<Option<usize>>> {
        let device = Device::flex();
        let model = Transformer::new(self.config, self.params, &device, Form::Fused, false);
        let mut ranks = Vec::with_capacity(questions.len());
        for chunk in questions.chunks(CHUNK) {
            let found = self.search(&model, &device, chunk).await?;
            let rank = |((_, target), paths): (&(&[u32], u32), Vec<Path>)| {
                let wanted = self.places(*target);
                paths.iter().position(|path| path.places == wanted)
            };
            ranks.extend(chunk.iter().zip(found).map(rank));
        }
        Ok(ranks)
    }

    /// The codes and the suffix of an item, each within its place.
    fn places(&self, item: u32) -> Vec<u32> {
        let suffix = self.ids.suffix[item as usize].min(self.tokens.suffixes as u32 - 1);
        [self.ids.of(item), &[suffix]].concat()
    }

    fn prompt(&self, history: &[u32]) -> Vec<u32> {
        let mut tokens = vec![self.tokens.begin()];
        for &item in history {
            tokens.extend(
                self.places(item).iter().enumerate().map(|(place, code)| self.tokens.at(place).0 as u32 + code),
            );
        }
        tokens
    }

    async fn search(
        &self,
        model: &Transformer,
        device: &Device,
        questions: &[(&[u32], u32)],
    ) -> Result<Vec<Vec<Path>>> {
        let (each, vocabulary) = (self.tokens.per_item(), self.tokens.vocabulary());
        let prompts: Vec<Vec<u32>> = questions.iter().map(|(history, _)| self.prompt(history)).collect();
        let (mut decoding, logits) = Decoding::start(model, self.config, &prompts, 1, each - 1, device)?;
        let mut logits = read(logits).await?;
        let start = |row| vec![Path { row, places: Vec::new(), log_prob: 0.0 }];
        let mut beams: Vec<Vec<Path>> = (0..questions.len()).map(start).collect();
        for place in 0..each {
            let (from, count) = self.tokens.at(place);
            for paths in &mut beams {
                let mut longer = Vec::with_capacity(paths.len() * count);
                for path in paths.iter() {
                    let row: Vec<f64> =
                        logits[path.row * vocabulary + from..][..count].iter().map(|logit| f64::from(*logit)).collect();
                    longer.extend(log_softmax(&row).into_iter().enumerate().map(|(code, log_prob)| Path {
                        row: path.row,
                        places: [&path.places[..], &[code as u32]].concat(),
                        log_prob: path.log_prob + log_prob,
                    }));
                }
                longer.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
                longer.truncate(self.beams);
                *paths = longer;
            }
            if place + 1 == each {
                break;
            }
            let rows: Vec<usize> = beams.iter().flatten().map(|path| path.row).collect();
            decoding.select(&rows);
            let newest = |path: &Path| from as u32 + path.places.last().copied().unwrap_or(0);
            let mut inputs = Blends::new(1);
            beams.iter().flatten().for_each(|path| inputs.push_token(newest(path)));
            logits = read(decoding.step(model, self.config, &inputs, device)?).await?;
            beams.iter_mut().flatten().enumerate().for_each(|(row, path)| path.row = row);
        }
        Ok(beams)
    }
}
