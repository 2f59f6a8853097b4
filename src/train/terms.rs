//! Which part of a completion teaches: the gradient's norm from the thought alone and from the answer alone.
//!
//! Not here: the update itself (`frame.rs`).
//! Why one looks at it: at the fuzzy temperature, for one, a thought's density hardly depends on the logits, and what is learned comes
//! from the answer (Soft Tokens, Hard Truths, §3).

use super::config::TrainConfig;
use super::gather::Sample;
use crate::decode::rollout::embedding_of;
use crate::engine::{Action, Engine, Pulse, Sequence, Slopes};
use crate::error::Result;
use crate::math::aggregation::aggregation_weights;
use crate::math::surrogate::score_function;

/// L2 norms of the gradient of the policy term on policy, where every ratio is 1: Σ weight · −A · ∇ log density.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TermNorms {
    /// Of the steps up to and including `</think>`.
    pub thought: f64,
    /// Of the steps after it.
    pub answer: f64,
}

/// Both norms at the current parameters, on these completions: two backward passes.
///
/// # Errors
/// The engine's, and `cancelled`.
pub async fn term_norms<E: Engine>(
    engine: &mut E,
    config: &TrainConfig,
    samples: &[Sample],
    max_length: usize,
    pulse: &Pulse,
) -> Result<TermNorms> {
    let (deviation, _) = embedding_of(engine, &config.policy()).await?;
    let scoring = config.scoring(deviation);
    let batch: Vec<Sequence> = samples.iter().map(|sample| sample.rollout.sequence()).collect();
    let chosen = |sequence: &Sequence| sequence.actions.iter().filter(|action| **action != Action::Forced).count();
    let lengths: Vec<usize> = batch.iter().map(chosen).collect();
    let weights = aggregation_weights(config.loss_type, &lengths, max_length, config.per_device_train_batch_size);
    let mut norms = [0.0; 2];
    for (index, (answering, norm)) in [false, true].into_iter().zip(&mut norms).enumerate() {
        let own = pulse.share(&(index..index + 1), 2);
        let mut loss = |row: usize, log_densities: &[f64]| -> Slopes {
            let steps = &samples[row].rollout.steps;
            let parts = batch[row].actions.iter().zip(steps).flat_map(|(action, step)| {
                let counts = step.answering == answering && *action != Action::Forced;
                std::iter::repeat_n(f64::from(u8::from(counts)), action.scores())
            });
            let slope = |log_density: &f64| score_function(*log_density, samples[row].advantage).d_log_prob;
            log_densities.iter().zip(parts).map(|(density, part)| part * weights[row] * slope(density)).collect()
        };
        let gradient = engine.gradient(&batch, &scoring, &mut loss, &own).await?;
        *norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
    }
    Ok(TermNorms { thought: norms[0], answer: norms[1] })
}
