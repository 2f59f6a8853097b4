//! Log densities of actions from hidden states, and their gradients, over a large vocabulary: a tile of positions at a time.
//!
//! A soft step needs the logits of its candidates only; a token needs them all, which are computed again for the gradient.
//! Not here: the formulas (`math/`), the layers below (`passes.rs`).

use super::model::PackedModel;
use super::passes::{Vectors, back};
use crate::engine::check::no_vectors;
use crate::engine::cpu::slices::dot;
use crate::engine::{Action, Pulse, Scoring};
use crate::error::Result;
use crate::math::gumbel;
use crate::math::noises::Noise;
use crate::math::softmax::{entropy_backward, entropy_of_logits, log_prob, log_prob_backward, softmax};
use crate::weights::plan::LOGITS_TILE;
use crate::weights::rows::Rows;

/// An action and the row of the hidden states that it was drawn from.
pub type Placed<'a> = (&'a Action, usize);

/// What a few actions are scored with: log densities of each, and the entropy where it was asked for, else 0.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub densities: Vec<f64>,
    pub entropy: f64,
}

/// Slopes of one action: by its log densities, and by its entropy.
pub struct Pull<'a> {
    pub densities: &'a [f64],
    pub entropy: f64,
}

impl PackedModel {
    fn head(&self) -> &Rows {
        self.head.as_ref().unwrap_or(&self.embedding)
    }

    /// Scores actions; hidden (N, D) are all hidden states.
    ///
    /// # Errors
    /// `bad-input` for vectors, `cancelled`.
    pub async fn densities(
        &self,
        hidden: &[f32],
        actions: &[Placed<'_>],
        (scoring, entropies): (&Scoring, bool),
        pulse: &Pulse,
    ) -> Result<Vec<Found>> {
        let mut found = vec![Found::default(); actions.len()];
        let mut wide = Vec::new();
        for (index, (action, row)) in actions.iter().enumerate() {
            found[index].densities = match action {
                Action::Forced => vec![0.0],
                Action::Soft { candidates, perturbed } => {
                    let logits = self.candidate_logits(self.row(hidden, *row), candidates, scoring.temperature);
                    vec![soft_density(&logits, perturbed, scoring)]
                }
                Action::Token(_) | Action::Draws(_) => Vec::new(),
                Action::Vector(_) => return Err(no_vectors()),
            };
            if entropies || found[index].densities.is_empty() {
                wide.push(index);
            }
        }
        let v = self.config.vocab_size;
        for (index, tile) in wide.chunks(LOGITS_TILE).enumerate() {
            pulse.at((index * LOGITS_TILE) as f64 / wide.len() as f64).await?;
            let logits = self.logits_of(hidden, tile.iter().map(|index| actions[*index].1));
            for (index, logits) in tile.iter().zip(logits.chunks_exact(v)) {
                let (action, found) = (actions[*index].0, &mut found[*index]);
                if entropies {
                    found.entropy = entropy_of_logits(logits, scoring.temperature);
                }
                let ids = match action {
                    Action::Token(id) => std::slice::from_ref(id),
                    Action::Draws(ids) => ids,
                    _ => continue,
                };
                let logits = tempered(logits, scoring.temperature);
                found.densities = ids.iter().map(|id| log_prob(&logits, *id as usize)).collect();
            }
        }
        Ok(found)
    }

    /// Adds to `d` (N, D) the gradient by the hidden states of Σ slope · density.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn densities_backward(
        &self,
        hidden: &[f32],
        actions: &[(Placed<'_>, Pull<'_>)],
        scoring: &Scoring,
        d: &mut [f32],
        pulse: &Pulse,
    ) -> Result<()> {
        let (width, v) = (self.config.hidden_size, self.config.vocab_size);
        let mut d_normed = vec![0.0; width];
        for ((action, row), pull) in actions {
            let Action::Soft { candidates, perturbed } = action else { continue };
            if pull.densities[0] == 0.0 {
                continue;
            }
            let logits = self.candidate_logits(self.row(hidden, *row), candidates, scoring.temperature);
            d_normed.fill(0.0);
            let slopes = soft_density_backward(&logits, perturbed, scoring, pull.densities[0]);
            for (id, slope) in candidates.iter().zip(slopes) {
                self.head().add_row(*id as usize, (slope / scoring.temperature) as f32, &mut d_normed);
            }
            let place = row * width..(row + 1) * width;
            self.norm_backward(&hidden[place.clone()], &self.norm, &d_normed, &mut d[place]);
        }
        let discrete = |action: &Action| matches!(action, Action::Token(_) | Action::Draws(_));
        let pulled = |pull: &Pull<'_>| pull.entropy != 0.0 || pull.densities.iter().any(|slope| *slope != 0.0);
        let wide: Vec<_> = actions
            .iter()
            .filter(|((action, _), pull)| (discrete(action) && pulled(pull)) || pull.entropy != 0.0)
            .collect();
        for (index, tile) in wide.chunks(LOGITS_TILE).enumerate() {
            pulse.at((index * LOGITS_TILE) as f64 / wide.len() as f64).await?;
            let mut logits = self.logits_of(hidden, tile.iter().map(|((_, row), _)| *row));
            for (((action, _), pull), logits) in tile.iter().zip(logits.chunks_exact_mut(v)) {
                into_slopes(action, pull, scoring.temperature, logits);
            }
            let mut d_normed = vec![0.0; tile.len() * width];
            back(self.head(), &logits, v, &mut d_normed);
            for (((_, row), _), d_normed) in tile.iter().zip(d_normed.chunks_exact(width)) {
                let place = row * width..(row + 1) * width;
                self.norm_backward(&hidden[place.clone()], &self.norm, d_normed, &mut d[place]);
            }
        }
        Ok(())
    }

    fn row<'a>(&self, hidden: &'a [f32], row: usize) -> &'a [f32] {
        &hidden[row * self.config.hidden_size..][..self.config.hidden_size]
    }

    /// Logits of a few tokens, divided by the temperature.
    fn candidate_logits(&self, hidden: &[f32], candidates: &[u32], temperature: f64) -> Vec<f64> {
        let normed = self.normed(hidden, &self.norm);
        let mut row = vec![0.0; normed.len()];
        let logit = |id: &u32| {
            self.head().values(*id as usize, &mut row);
            f64::from(dot(&normed, &row)) / temperature
        };
        candidates.iter().map(logit).collect()
    }

    /// Logits (tile, V) of some rows of the hidden states.
    fn logits_of(&self, hidden: &[f32], rows: impl Iterator<Item = usize>) -> Vec<f32> {
        let chosen: Vec<f32> = rows.flat_map(|row| self.row(hidden, row)).copied().collect();
        let normed = self.normed(&chosen, &self.norm);
        let (width, v) = (self.config.hidden_size, self.config.vocab_size);
        let mut logits = vec![0.0; normed.len() / width * v];
        Vectors::new(&normed, width).times(self.head(), &mut logits, v);
        logits
    }
}

/// Logits (V) become the gradient by them.
fn into_slopes(action: &Action, pull: &Pull<'_>, temperature: f64, logits: &mut [f32]) {
    let z = tempered(logits, temperature);
    let mut sum = match pull.entropy == 0.0 {
        true => vec![0.0; z.len()],
        false => entropy_backward(&softmax(&z), pull.entropy),
    };
    let ids = match action {
        Action::Token(id) => std::slice::from_ref(id),
        Action::Draws(ids) => ids,
        _ => &[],
    };
    for (id, slope) in ids.iter().zip(pull.densities) {
        let own = log_prob_backward(&z, *id as usize, *slope);
        sum.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
    }
    logits.iter_mut().zip(sum).for_each(|(to, slope)| *to = (slope / temperature) as f32);
}

fn tempered(logits: &[f32], temperature: f64) -> Vec<f64> {
    logits.iter().map(|logit| f64::from(*logit) / temperature).collect()
}

fn soft_density(logits: &[f64], stored: &[f32], scoring: &Scoring) -> f64 {
    let stored: Vec<f64> = stored.iter().map(|x| f64::from(*x)).collect();
    match scoring.noise {
        Noise::Gumbel => gumbel::log_density(logits, &stored, &scoring.density),
        noise => noise.log_density(logits, &stored),
    }
}

fn soft_density_backward(logits: &[f64], stored: &[f32], scoring: &Scoring, slope: f64) -> Vec<f64> {
    let stored: Vec<f64> = stored.iter().map(|x| f64::from(*x)).collect();
    match scoring.noise {
        Noise::Gumbel => gumbel::log_density_backward(logits, &stored, &scoring.density, slope),
        noise => noise.log_density_backward(logits, &stored, slope),
    }
}
