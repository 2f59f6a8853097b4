//! Golden cases that an engine computes too, through the engine's own operations in f32.
//!
//! An engine gets a case's numbers rounded to f32, and is compared with what `math` makes of just those: rounding alone moves one of
//! the published gradients by 1.3e-5 (logits of 20, noise of deviation 0.05). That `math` gives the published numbers is `cases.rs`.
//!
//! Not here: the same cases in `math` (`cases.rs`); losses, advantages and pass@k, which the host computes for every engine.

use burn::tensor::{Device, Tensor, TensorData};

use super::GroupReport;
use super::cases::{LogDensityCase, RolloutStepCase, cases_of, each, parsed};
use super::groups::Groups;
use crate::decode::soft::perturbed_step;
use crate::engine::chain::Blending;
use crate::engine::cpu::density::densities;
use crate::engine::{Action, Scoring};
use crate::error::{Error, Result};
use crate::math::softmax::{entropy, softmax};
use crate::math::truncation::truncate;

/// What f32 may differ by on the CPU, relative to the norm of the expected numbers, or to 1 where they are smaller: a log density in nats
/// is a sum of terms of that size, and where they cancel f32 keeps 1e-7 of the terms, not of what is left.
pub const CPU_TOLERANCE: f64 = 1e-5;

/// The cases of a golden file that the CPU engine computes; none for files of the host's formulas.
///
/// # Errors
/// As [`super::verify_cases`].
pub fn verify_on_cpu(name: &str, json: &str) -> Result<Vec<GroupReport>> {
    let file = parsed(name, json)?;
    let cases = cases_of(&file);
    let has = |field: &str| cases.first().is_some_and(|case| case.get(field).is_some());
    let mut groups = Groups::new(name, CPU_TOLERANCE, 1.0);
    if has("log_density") {
        each(name, cases, |case| log_density_case(&mut groups, &case))?;
    } else if has("entropy_before_truncation") {
        each(name, cases, |case| rollout_step_case(&mut groups, &case))?;
    }
    Ok(groups.reports)
}

/// What f32 may differ by on a GPU, whose logarithms and exponentials are coarser.
#[cfg(feature = "gpu")]
pub const GPU_TOLERANCE: f64 = 1e-4;

/// The cases of a golden file that the GPU engine's own kernels compute from given numbers; none for files of the host's formulas.
/// `rollout_step` is not among them: the step kernel draws its noise itself. Its steps are held to the host's one by one in
/// `tests/kernels_steps.rs` and `tests/gpu.rs`.
///
/// # Errors
/// As [`super::verify_cases`]; those of the device.
#[cfg(feature = "gpu")]
pub async fn verify_on_gpu(gpu: &crate::engine::gpu::Gpu, name: &str, json: &str) -> Result<Vec<GroupReport>> {
    let file = parsed(name, json)?;
    let cases = cases_of(&file);
    let mut own: Vec<LogDensityCase> = Vec::new();
    if cases.first().is_some_and(|case| case.get("log_density").is_some()) {
        each(name, cases, |case| {
            own.push(case);
            Ok(())
        })?;
    }
    let mut groups = Groups::new(name, GPU_TOLERANCE, 1.0);
    for case in own {
        let (logits, action, scoring) = case.action();
        let (value, gradient) = crate::engine::gpu::density_of(gpu, &logits, &[action], &scoring).await?;
        let (expected, slopes) = case.rounded().by_math();
        groups.numbers("log_density/value/gpu", &value, &[expected]);
        groups.numbers("log_density/gradient/gpu", &gradient, &slopes);
    }
    Ok(groups.reports)
}

impl LogDensityCase {
    /// The case with its numbers rounded to f32.
    #[must_use]
    pub fn rounded(&self) -> Self {
        let round = |values: &[f64]| values.iter().map(|v| f64::from(*v as f32)).collect();
        Self { logits: round(&self.logits), perturbed: round(&self.perturbed), ..self.clone() }
    }

    /// The case as an engine gets it: logits, the action and how it is scored.
    #[must_use]
    pub fn action(&self) -> (Vec<f32>, Action, Scoring) {
        let logits = self.logits.iter().map(|z| *z as f32).collect();
        let soft = || Action::Soft {
            candidates: self.candidates.iter().map(|id| *id as u32).collect(),
            perturbed: self.perturbed.iter().map(|y| *y as f32).collect(),
        };
        let action = if self.discrete { Action::Token(self.label as u32) } else { soft() };
        (logits, action, Scoring { noise: self.noise, ..Scoring::code() })
    }
}

fn log_density_case(groups: &mut Groups, case: &LogDensityCase) -> Result<()> {
    let (logits, action, scoring) = case.action();
    let (device, vocabulary) = (Device::flex().autodiff(), logits.len());
    let logits = Tensor::<2>::from_data(TensorData::new(logits, [1, vocabulary]), &device).require_grad();
    let result = densities(logits.clone(), &logits, &[&action], &scoring, &device)?;
    let numbers = |tensor: TensorData| -> Result<Vec<f64>> {
        let values = tensor.try_into_vec::<f32>().map_err(|e| Error::NotFinite(format!("{e:?}")))?;
        Ok(values.into_iter().map(f64::from).collect())
    };
    let value = numbers(result.values.clone().inner().into_data())?;
    let mut gradients = result.values.sum().backward();
    let gradient = match logits.grad_remove(&mut gradients) {
        Some(gradient) => numbers(gradient.into_data())?,
        None => vec![0.0; vocabulary],
    };
    let (expected, slopes) = case.rounded().by_math();
    groups.numbers("log_density/value/cpu", &value, &[expected]);
    groups.numbers("log_density/gradient/cpu", &gradient, &slopes);
    Ok(())
}

/// The step as the CPU engine's rollouts decide it: from logits in f32, its values stored in f32.
fn rollout_step_case(groups: &mut Groups, case: &RolloutStepCase) -> Result<()> {
    let logits: Vec<f32> = case.logits.iter().map(|z| *z as f32).collect();
    let blending = Blending {
        gumbel_temperature: case.gumbel_temperature,
        noise_scale: case.noise_scale,
        ..Blending::soft_grpo(case.soft_top_k)
    };
    let found = truncate(&logits, &case.truncation, case.soft_top_k);
    let step = perturbed_step(&found, case.noise.clone(), &blending);
    // The golden lists are in the order of probability; a step's are in that of its weights.
    let place = |id: &u32| step.candidates.iter().position(|other| other == id);
    let pick =
        |values: &[f32]| case.candidates.iter().filter_map(place).map(|i| f64::from(values[i])).collect::<Vec<f64>>();
    groups.numbers("rollout_step/perturbed/cpu", &pick(&step.perturbed), &case.perturbed);
    groups.numbers("rollout_step/mixture/cpu", &pick(&step.mixture), &case.mixture);
    groups.exact("rollout_step/projection/cpu", &[step.token], &[case.projection]);
    let tempered: Vec<f64> = logits.iter().map(|z| f64::from(*z) / case.truncation.temperature).collect();
    groups.numbers("rollout_step/entropy/cpu", &[entropy(&softmax(&tempered))], &[case.entropy_before_truncation]);
    Ok(())
}
