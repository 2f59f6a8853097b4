//! Which engine computes: the one that was asked for, or the faster one here, by a short measurement of both.
//!
//! Not here: what becomes of a GPU that is lost (`lab/recover.rs`).

use serde::{Deserialize, Serialize};

use super::cpu::CpuEngine;
use super::{Action, AnyEngine, Blends, Engine, Pulse, Report, Scoring, Sequence};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;

/// Seconds on any steadily rising clock.
pub type Clock = fn() -> f64;
/// Hears how many of how many kernels are compiled.
pub type CompileListener<'a> = dyn FnMut(usize, usize) + 'a;

/// Which engine a user asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineChoice {
    /// The fastest there is on this machine.
    #[default]
    Auto,
    Cpu,
    Gpu,
    /// Burn on wgpu, natively.
    #[cfg(feature = "burn-wgpu")]
    BurnWgpu,
}

/// The kind of an engine that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    Cpu,
    Gpu,
    /// Burn on wgpu, natively.
    #[cfg(feature = "burn-wgpu")]
    BurnWgpu,
}

/// Estimated milliseconds of one update over [`SEQUENCES`] × [`POSITIONS`] positions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    pub cpu_ms: f64,
    pub gpu_ms: f64,
}

/// What runs, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EngineInfo {
    pub kind: EngineKind,
    /// For people.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// Whether the adapter is a processor that plays a GPU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software: Option<bool>,
    /// One sentence.
    pub reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
    /// What the GPU engine leaves to the processor, and why: one sentence each. Empty for the CPU engine, where all is there.
    pub on_cpu: &'static [&'static str],
}

/// See [`EngineInfo::on_cpu`].
#[cfg(feature = "gpu")]
const ON_CPU: &[&str] = &[
    "Grading, rewards and advantages: text, and a few numbers a group.",
    "The loss of an update (ratios, clips, KL, entropy bonus): each formula stands once, in math/; the GPU sends each log density \
     and gets its slope back.",
    "The words shown of each step (noise and weights of a blend): made again from the few numbers the GPU records, by the same draws.",
    "Pause tokens: a step that decides nothing is put there by the processor.",
    "Soft Tokens over weights that stay packed: a mean embedding is a product with the flat table, so the processor takes these steps.",
];

/// The update that both engines are measured by.
pub const SEQUENCES: usize = 64;
/// Positions of each of its sequences.
pub const POSITIONS: usize = 32;
/// What the CPU's share of the measurement may take, seconds.
#[cfg(feature = "gpu")]
const BUDGET: f64 = 0.05;

/// Opens the engine that was asked for, with `params` on it.
///
/// # Errors
/// `bad-input` when the parameters do not fit; with [`EngineChoice::Gpu`] also what keeps the GPU from working.
pub async fn open(
    choice: EngineChoice,
    config: &ModelConfig,
    params: &[f32],
    clock: Clock,
    on_compile: &mut CompileListener<'_>,
) -> Result<(AnyEngine, EngineInfo)> {
    let cpu = |reason: String, measured| -> Result<(AnyEngine, EngineInfo)> {
        let engine = CpuEngine::new(config, params.to_vec())?;
        let (kind, name) = (EngineKind::Cpu, engine.name());
        let info = EngineInfo { kind, name, adapter: None, software: None, reason, measured, on_cpu: &[] };
        Ok((AnyEngine::Cpu(Box::new(engine)), info))
    };
    match choice {
        #[cfg(feature = "burn-wgpu")]
        EngineChoice::BurnWgpu => {
            let engine = CpuEngine::on_wgpu(config, params.to_vec())?;
            let (kind, name) = (EngineKind::BurnWgpu, engine.name());
            let reason = "Burn on wgpu was asked for.".into();
            let info = EngineInfo { kind, name, adapter: None, software: None, reason, measured: None, on_cpu: &[] };
            Ok((AnyEngine::Cpu(Box::new(engine)), info))
        }
        EngineChoice::Cpu => cpu("The CPU engine was asked for.".into(), None),
        #[cfg(feature = "gpu")]
        EngineChoice::Gpu => gpu::asked_for(config, params, on_compile).await,
        #[cfg(not(feature = "gpu"))]
        EngineChoice::Gpu => Err(no_gpu()),
        #[cfg(feature = "gpu")]
        EngineChoice::Auto => match gpu::faster(config, params, clock, on_compile).await {
            Ok(found) => Ok(found),
            Err(Slower { reason, measured }) => cpu(reason, measured),
        },
        #[cfg(not(feature = "gpu"))]
        EngineChoice::Auto => {
            let _ = (clock, on_compile);
            cpu("This build has no GPU engine.".into(), None)
        }
    }
}

/// What the GPU engine would run on.
///
/// # Errors
/// `no-webgpu`, `no-adapter`, `device-lost`: why it cannot run here at all.
pub async fn adapter() -> Result<Report> {
    #[cfg(feature = "gpu")]
    return Ok(super::gpu::Gpu::open(0).await?.report().clone());
    #[cfg(not(feature = "gpu"))]
    Err(no_gpu())
}

#[cfg(not(feature = "gpu"))]
fn no_gpu() -> Error {
    Error::NoWebgpu("this build has no GPU engine; use \"cpu\" or \"auto\"".into())
}

/// Why the GPU is not taken.
#[cfg(feature = "gpu")]
struct Slower {
    reason: String,
    measured: Option<Measured>,
}

#[cfg(feature = "gpu")]
impl From<Error> for Slower {
    fn from(error: Error) -> Self {
        Self { reason: format!("The CPU computes, because {error}."), measured: None }
    }
}

/// `sequences` sequences of plain tokens, each predicting its next.
fn work(config: &ModelConfig, sequences: usize) -> Vec<Sequence> {
    let time = POSITIONS.min(config.max_position_embeddings);
    let id = |row: usize, t: usize| ((row * time + t) * 7 % config.vocab_size) as u32;
    let one = |row: usize| {
        let mut inputs = Blends::new(1);
        (0..time).for_each(|t| inputs.push_token(id(row, t)));
        let actions = (0..time).map(|t| Action::Token(id(row, t + 1))).collect();
        Sequence { inputs, first: 0, actions }
    };
    (0..sequences).map(one).collect()
}

/// Milliseconds of one gradient of `batch`.
///
/// # Errors
/// Those of the engine.
pub async fn gradient_ms<E: Engine>(engine: &mut E, sequences: usize, clock: Clock) -> Result<f64> {
    let batch = work(engine.config(), sequences);
    let scoring = Scoring::code();
    let mut loss = |_: usize, log_densities: &[f64]| vec![-1e-3; log_densities.len()].into();
    let begun = clock();
    engine.gradient(&batch, &scoring, &mut loss, &Pulse::default()).await?;
    Ok((clock() - begun) * 1000.0)
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::*;
    use crate::engine::gpu::{Capacity, Gpu, GpuEngine, Variant};
    use crate::model::params::count;

    /// # Errors
    /// What keeps the GPU from working.
    pub async fn asked_for(
        config: &ModelConfig,
        params: &[f32],
        on_compile: &mut CompileListener<'_>,
    ) -> Result<(AnyEngine, EngineInfo)> {
        let mut engine = GpuEngine::open(config, params).await?;
        engine.compile(on_compile).await?;
        Ok(chosen(engine, "The GPU engine was asked for.".into(), None))
    }

    fn chosen(engine: GpuEngine, reason: String, measured: Option<Measured>) -> (AnyEngine, EngineInfo) {
        let report = engine.gpu().report();
        let info = EngineInfo {
            kind: EngineKind::Gpu,
            name: engine.name(),
            adapter: Some(report.adapter.clone()),
            software: Some(report.software),
            reason,
            measured,
            on_cpu: ON_CPU,
        };
        (AnyEngine::Gpu(Box::new(engine)), info)
    }

    /// The GPU engine, if a measurement finds it faster than the CPU engine.
    pub async fn faster(
        config: &ModelConfig,
        params: &[f32],
        clock: Clock,
        on_compile: &mut CompileListener<'_>,
    ) -> std::result::Result<(AnyEngine, EngineInfo), Slower> {
        let capacity = Capacity::default();
        capacity.validate(config)?;
        let gpu = Gpu::open(0).await?;
        let cpu_ms = cpu_ms(config, params, clock).await?;
        // Products alone, without the rest of the work: where they lose, no kernel has to be compiled.
        let operations = 6.0 * (count(config) * SEQUENCES * POSITIONS) as f64;
        let least = operations / gpu.product_rate(config.hidden_size, clock).await? * 1000.0;
        let adapter = gpu.adapter();
        let lost = |gpu_ms: f64| Slower {
            reason: format!(
                "The CPU is faster here: about {cpu_ms:.0} ms an update, {gpu_ms:.0} ms or more on {adapter}."
            ),
            measured: Some(Measured { cpu_ms, gpu_ms }),
        };
        if least >= cpu_ms {
            return Err(lost(least));
        }
        let mut engine = GpuEngine::on(gpu, config, params, capacity, Variant::ByAdapter).await?;
        engine.compile(on_compile).await?;
        gradient_ms(&mut engine, SEQUENCES, clock).await?; // warms up
        let gpu_ms = gradient_ms(&mut engine, SEQUENCES, clock).await?;
        if gpu_ms >= cpu_ms {
            return Err(lost(gpu_ms));
        }
        let reason = format!("The GPU is faster here: about {gpu_ms:.0} ms an update, {cpu_ms:.0} ms on the CPU.");
        Ok(chosen(engine, reason, Some(Measured { cpu_ms, gpu_ms })))
    }

    /// As many sequences as fit the budget, scaled to all.
    async fn cpu_ms(config: &ModelConfig, params: &[f32], clock: Clock) -> Result<f64> {
        let mut engine = CpuEngine::new(config, params.to_vec())?;
        let one = gradient_ms(&mut engine, 1, clock).await?;
        let sequences = ((BUDGET * 1000.0 / one.max(0.01)) as usize).clamp(1, SEQUENCES);
        let ms = if sequences == 1 { one } else { gradient_ms(&mut engine, sequences, clock).await? };
        Ok(ms * SEQUENCES as f64 / sequences as f64)
    }
}
