//! A model folder against Hugging Face: logits of tokens, logits of blends, gradients of every parameter.
//!
//! A folder holds config.json, model.safetensors, expected.json (input_ids, soft_candidates, loss) and
//! expected.safetensors (logits, soft_mixture, soft_logits, grad.*). Not here: the formulas of `math` (`cases.rs`).

use serde::Deserialize;

use super::GroupReport;
use crate::engine::{Action, Blends, Engine, Pulse, Scoring, Sequence};
use crate::error::{Error, Result};
use crate::model::params::layout;
use crate::weights::{Checkpoint, read_hf, safetensors};

/// f32 against f64 through two blocks; measured 1e-7, and 1e-4 leaves room for other summation orders.
const LOGIT_TOLERANCE: f64 = 1e-4;
/// Gradients sum over positions in f32.
const GRADIENT_TOLERANCE: f64 = 1e-3;

/// The four files of a folder.
pub struct ModelFiles {
    pub config: String,
    pub model: Vec<u8>,
    pub expected: String,
    pub tensors: Vec<u8>,
}

#[derive(Deserialize)]
struct Expected {
    input_ids: Vec<Vec<u32>>,
    soft_candidates: Vec<Vec<Vec<u32>>>,
    loss: f64,
}

/// Compares the engine that `make` builds from the folder's model with the folder's numbers.
///
/// # Errors
/// `bad-weights` or `bad-input` for a folder that cannot be read.
pub async fn verify_model<E: Engine>(
    name: &str,
    files: &ModelFiles,
    make: impl AsyncFnOnce(Checkpoint) -> Result<E>,
) -> Result<Vec<GroupReport>> {
    let checkpoint = read_hf(&files.config, &files.model, None)?;
    let specs = layout(&checkpoint.config);
    let mut engine = make(checkpoint).await?;
    let expected: Expected =
        serde_json::from_str(&files.expected).map_err(|e| Error::bad_input(format!("{name}/expected.json: {e}")))?;
    let tensors = safetensors::read(&files.tensors)?;
    let tensor = |key: &str| tensors.tensor(key).map(safetensors::TensorView::to_f64);
    let mixture = tensor("soft_mixture")?;
    let (mut logits, mut soft_logits, mut at) = (Vec::new(), Vec::new(), 0);
    for (ids, candidates) in expected.input_ids.iter().zip(&expected.soft_candidates) {
        let mut inputs = Blends::new(1);
        ids.iter().for_each(|id| inputs.push_token(*id));
        logits.extend(engine.logits(&inputs).await?);
        let mut blends = Blends::new(candidates.first().map_or(1, Vec::len));
        for row in candidates {
            let weights: Vec<f32> = mixture.iter().skip(at).take(row.len()).map(|w| *w as f32).collect();
            blends.push(row, &weights);
            at += row.len();
        }
        soft_logits.extend(engine.logits(&blends).await?);
    }
    let cases = expected.input_ids.len();
    let group = |group: &str, cases, max_error, tolerance| GroupReport {
        file: name.to_string(),
        group: group.to_string(),
        cases,
        max_error,
        tolerance,
    };
    let mut reports = vec![
        group("logits", cases, distance(&logits, &tensor("logits")?), LOGIT_TOLERANCE),
        group("soft_logits", cases, distance(&soft_logits, &tensor("soft_logits")?), LOGIT_TOLERANCE),
    ];
    let (loss, gradient) = next_token_gradient(&mut engine, &expected.input_ids).await?;
    reports.push(group("loss", 1, (loss - expected.loss).abs() / expected.loss.abs(), LOGIT_TOLERANCE));
    let mut worst = 0.0_f64;
    for spec in &specs {
        let error = distance(&gradient[spec.range()], &tensor(&format!("grad.{}", spec.name))?);
        worst = if error > worst || error.is_nan() { error } else { worst };
    }
    reports.push(group("gradient", specs.len(), worst, GRADIENT_TOLERANCE));
    Ok(reports)
}

/// Mean next-token cross entropy (nats) over all sequences, and its gradient, flat.
async fn next_token_gradient<E: Engine>(engine: &mut E, input_ids: &[Vec<u32>]) -> Result<(f64, Vec<f32>)> {
    let batch: Vec<Sequence> = (input_ids.iter())
        .map(|ids| {
            let mut inputs = Blends::new(1);
            ids.iter().for_each(|id| inputs.push_token(*id));
            Sequence { inputs, first: 0, actions: ids[1..].iter().map(|id| Action::Token(*id)).collect() }
        })
        .collect();
    let count = batch.iter().map(|s| s.actions.len()).sum::<usize>() as f64;
    let mut nats = 0.0;
    let mut loss = |_: usize, log_probs: &[f64]| {
        nats -= log_probs.iter().sum::<f64>() / count;
        vec![-1.0 / count; log_probs.len()].into()
    };
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let gradient = engine.gradient(&batch, &scoring, &mut loss, &Pulse::default()).await?;
    Ok((nats, gradient))
}

/// ‖a − b‖ / ‖b‖; infinite when the lengths differ.
fn distance(found: &[f32], expected: &[f64]) -> f64 {
    if found.len() != expected.len() {
        return f64::INFINITY;
    }
    let squares = found.iter().zip(expected).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum::<f64>();
    (squares / expected.iter().map(|b| b * b).sum::<f64>()).sqrt()
}
