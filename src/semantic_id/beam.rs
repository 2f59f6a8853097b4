//! Which items the recommender ranks first: beam search over codes, along the ids that items have.
//!
//! With as many beams as there are items nothing is cut and the ranking is the full one. Not here: what a rank is worth
//! (`ranking.rs`), training (`joint.rs`).

use burn::tensor::Device;

use super::quantizer::Ids;
use super::tokens::Tokens;
use crate::engine::cpu::decoding::Decoding;
use crate::engine::cpu::fused::Form;
use crate::engine::cpu::read;
use crate::engine::cpu::transformer::Transformer;
use crate::engine::{Blends, Pulse};
use crate::error::Result;
use crate::math::softmax::log_sum_exp;
use crate::model::config::ModelConfig;

/// Users decoded at once.
const CHUNK: usize = 64;

/// The ids of a catalogue as a tree: which code may follow which.
struct Tree {
    /// Of each node: codes that go on, and to which node.
    next: Vec<Vec<(u32, usize)>>,
    /// Of each node: the items that end there, in the order of the catalogue.
    items: Vec<Vec<u32>>,
}

impl Tree {
    fn new(tokens: Tokens, ids: &Ids) -> Self {
        let mut tree = Self { next: vec![Vec::new()], items: vec![Vec::new()] };
        for item in 0..ids.suffix.len() as u32 {
            let mut node = 0;
            for code in tokens.places(ids.of(item), ids.suffix[item as usize]) {
                let known = tree.next[node].iter().find(|(other, _)| *other == code).map(|(_, node)| *node);
                node = known.unwrap_or_else(|| {
                    let new = tree.next.len();
                    tree.next[node].push((code, new));
                    tree.next.push(Vec::new());
                    tree.items.push(Vec::new());
                    new
                });
            }
            tree.items[node].push(item);
        }
        tree
    }
}

/// A way down the tree.
#[derive(Clone, Copy)]
struct Path {
    /// The row of the decoding that came this way.
    row: usize,
    node: usize,
    code: u32,
    log_prob: f64,
}

/// The recommender with the ids it speaks of.
pub struct Searcher<'a> {
    pub config: &'a ModelConfig,
    pub params: &'a [f32],
    pub tokens: Tokens,
    pub ids: &'a Ids,
    /// Paths kept at every place.
    pub beams: usize,
}

impl Searcher<'_> {
    /// The rank of every question's target, from 0; `None` where no path ended there. Items that share everything, the clamped suffix
    /// too, stand in the order of the catalogue.
    ///
    /// # Errors
    /// As [`Searcher::rankings`].
    pub async fn ranks(&self, questions: &[(&[u32], u32)], pulse: &Pulse) -> Result<Vec<Option<usize>>> {
        let histories: Vec<&[u32]> = questions.iter().map(|(history, _)| *history).collect();
        let found = self.rankings(&histories, pulse).await?;
        let mut ranks = Vec::with_capacity(questions.len());
        for ((_, target), ranked) in questions.iter().zip(&found) {
            ranks.push(ranked.iter().position(|(item, _)| item == target));
        }
        Ok(ranks)
    }

    /// For every history the items found, best first, each with its log-probability (nats).
    ///
    /// # Errors
    /// `bad-input` for a history longer than the recommender's positions; `cancelled`.
    pub async fn rankings(&self, histories: &[&[u32]], pulse: &Pulse) -> Result<Vec<Vec<(u32, f64)>>> {
        let device = Device::flex();
        let model = Transformer::new(self.config, self.params, &device, Form::Fused, false);
        let tree = Tree::new(self.tokens, self.ids);
        let mut all = Vec::with_capacity(histories.len());
        for chunk in histories.chunks(CHUNK) {
            pulse.beat().await?;
            for paths in self.search(&model, &tree, &device, chunk).await? {
                let items =
                    |path: &Path| tree.items[path.node].iter().map(|item| (*item, path.log_prob)).collect::<Vec<_>>();
                all.push(paths.iter().flat_map(items).collect());
            }
        }
        Ok(all)
    }

    /// The beginning, then an input for each item: the sum of its tokens.
    fn prompt(&self, history: &[u32]) -> Blends {
        let each = self.tokens.per_item();
        let mut inputs = Blends::new(each);
        inputs.push(&[self.tokens.begin()], &[1.0]);
        for &item in history {
            let places = self.tokens.places(self.ids.of(item), self.ids.suffix[item as usize]);
            inputs.push(&self.tokens.of(&places).collect::<Vec<_>>(), &vec![1.0; each]);
        }
        inputs
    }

    async fn search(
        &self,
        model: &Transformer,
        tree: &Tree,
        device: &Device,
        histories: &[&[u32]],
    ) -> Result<Vec<Vec<Path>>> {
        let (each, vocabulary) = (self.tokens.per_item(), self.tokens.vocabulary());
        let prompts: Vec<Blends> = histories.iter().map(|history| self.prompt(history)).collect();
        let (mut decoding, logits) = Decoding::start_blends(model, self.config, &prompts, 1, each - 1, device)?;
        let mut logits = read(logits).await?;
        let start = |row| vec![Path { row, node: 0, code: 0, log_prob: 0.0 }];
        let mut beams: Vec<Vec<Path>> = (0..histories.len()).map(start).collect();
        for place in 0..each {
            let (from, count) = self.tokens.at(place);
            beams.iter_mut().for_each(|paths| {
                *paths = longer(paths, tree, self.beams, |row| &logits[row * vocabulary + from..][..count]);
            });
            if place + 1 == each {
                break;
            }
            let rows: Vec<usize> = beams.iter().flatten().map(|path| path.row).collect();
            decoding.select(&rows);
            let mut inputs = Blends::new(1);
            beams.iter().flatten().for_each(|path| inputs.push_token(from as u32 + path.code));
            logits = read(decoding.step(model, self.config, &inputs, device)?).await?;
            beams.iter_mut().flatten().enumerate().for_each(|(row, path)| path.row = row);
        }
        Ok(beams)
    }
}

/// The best `beams` continuations of some paths, best first; `logits` of a row over the codes of the next place.
fn longer<'a>(paths: &[Path], tree: &Tree, beams: usize, logits: impl Fn(usize) -> &'a [f32]) -> Vec<Path> {
    let mut found = Vec::new();
    for path in paths {
        let row: Vec<f64> = logits(path.row).iter().map(|logit| f64::from(*logit)).collect();
        let total = log_sum_exp(&row);
        found.extend(tree.next[path.node].iter().map(|&(code, node)| Path {
            row: path.row,
            node,
            code,
            log_prob: path.log_prob + row[code as usize] - total,
        }));
    }
    found.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
    found.truncate(beams);
    found
}
