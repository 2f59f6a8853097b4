//! Log densities of single actions under given logits, by the engine's own kernels: for `lab verify`.
//!
//! Not here: whole sequences (`score.rs`), vectors, whose density needs an embedding table.

use super::batch::{pack_words, shape_of};
use super::calls::density_params;
use super::device::Gpu;
use super::kernels::Kernel;
use super::launch::launch;
use crate::engine::{Action, Scoring};
use crate::error::{Error, Result};

/// Log densities ([`Action::scores`] numbers an action, in a row) of `actions` (N) under `logits` (N, V), and the gradient (N, V) by
/// the logits of the sum of them all.
///
/// # Errors
/// `bad-input` for vectors, soft steps of different K, or logits that are not one row an action; those of the device.
pub async fn density_of(
    gpu: &Gpu,
    logits: &[f32],
    actions: &[Action],
    scoring: &Scoring,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let (n, vocabulary) = (actions.len(), logits.len() / actions.len().max(1));
    let actions: Vec<&Action> = actions.iter().collect();
    let shape = shape_of(&actions, scoring)?;
    if n == 0 || vocabulary * n != logits.len() || shape.vectors {
        return Err(Error::bad_input("log densities need actions other than vectors, and a row of logits for each"));
    }
    let params = density_params(scoring, vocabulary, n, shape);
    let logits: &[u32] = bytemuck::cast_slice(logits);
    let (words, perturbed) = pack_words(&actions, shape.width);
    let perturbed: &[u32] = bytemuck::cast_slice(&perturbed);
    let (kernel, groups) =
        if gpu.is_software() { (Kernel::LogDensityPlain, n.div_ceil(16)) } else { (Kernel::LogDensity, n) };
    let scores = vec![0; n * (shape.scores + 1)];
    let found = launch(gpu, kernel, &[logits, &words, perturbed, &scores], &params, [groups as u32, 1, 1]).await?;
    let rows = found[0].chunks_exact(shape.scores + 1).zip(&actions);
    let values =
        rows.flat_map(|(row, action)| row[..action.scores()].iter().map(|word| f64::from(f32::from_bits(*word))));
    let values: Vec<f64> = values.collect();
    // A slope of 1 for each log density, 0 for the entropy.
    let one = |at: usize| if at % (shape.scores + 1) < shape.scores { 1.0_f32.to_bits() } else { 0 };
    let slopes: Vec<u32> = (0..scores.len()).map(one).collect();
    let stride = params.stride as usize;
    let buffers = [logits, &words, perturbed, &slopes, &vec![0; n * stride]];
    let grid = [n.div_ceil(32) as u32, 1, 1];
    let found = launch(gpu, Kernel::LogDensityBackward, &buffers, &params, grid).await?;
    let d_logits = found[0].chunks_exact(stride).flat_map(|row| &row[..vocabulary]);
    Ok((values, d_logits.map(|word| f64::from(f32::from_bits(*word))).collect()))
}
