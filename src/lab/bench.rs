//! What an engine does per second on this machine: updates, scores and rollouts of one size of model, with what they cost the host.
//!
//! `small` and `mid` are the sizes that other frameworks are measured at (`benches/peers`). Not here: printing (`bin/lab`, `wasm`).

use serde::{Deserialize, Serialize};

use crate::decode::policy::{Policy, SoftSettings};
use crate::decode::rollout::{CHUNK, Request, rollout};
use crate::engine::choose::{Clock, EngineKind};
use crate::engine::cpu::CpuEngine;
use crate::engine::{Action, AnyEngine, Blends, Engine, OptimizerConfig, Pulse, Scoring, Sequence, Weights};
use crate::error::{Error, Result};
use crate::model::config::{Family, ModelConfig};
use crate::model::params;
use crate::text::{Ending, Marks};

/// What to measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchOptions {
    pub engine: EngineKind,
    /// small, mid, nano, micro or mini.
    pub size: String,
    /// Updates after the first.
    #[serde(default = "ten")]
    pub steps: usize,
    /// Sequences of a batch, if not the size's own.
    #[serde(default)]
    pub sequences: Option<usize>,
    /// Positions of a sequence, if not the size's own.
    #[serde(default)]
    pub positions: Option<usize>,
    /// Also time every kernel alone.
    #[serde(default)]
    pub kernels: bool,
}

fn ten() -> usize {
    10
}

/// What a piece of work cost the host and the device; zeros on the CPU engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Cost {
    pub dispatches: f64,
    pub submits: f64,
    pub read_backs: f64,
    pub creations: f64,
}

/// What was measured. Times are milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BenchReport {
    pub name: String,
    pub size: String,
    pub parameters: usize,
    pub sequences: usize,
    pub positions: usize,
    /// Opening the engine, before any work.
    pub open_ms: f64,
    /// The first update, with everything that is compiled for it.
    pub first_ms: f64,
    pub update_ms: Vec<f64>,
    pub score_ms: f64,
    /// Completions of `positions` soft steps, `sequences` at a time.
    pub rollout_tokens_per_s: f64,
    pub update_cost: Cost,
    /// Of one decode step.
    pub step_cost: Cost,
    /// Bytes of all buffers on the device.
    pub live_bytes: f64,
    /// Mean next-token nats of the first and of the last update: it learns.
    pub losses: [f64; 2],
    /// Every kernel alone, where that was asked for; none on the CPU engine.
    #[cfg(feature = "gpu")]
    pub kernels: Vec<crate::engine::gpu::profile::KernelTime>,
}

/// The model and the batch of a size.
///
/// # Errors
/// `bad-input` for another name.
fn size(options: &BenchOptions) -> Result<(ModelConfig, usize, usize)> {
    let peer = |width: usize, layers: usize| -> Result<ModelConfig> {
        Ok(ModelConfig {
            family: Family::Llama,
            hidden_size: width,
            intermediate_size: 4 * width,
            num_hidden_layers: layers,
            num_attention_heads: 4,
            num_key_value_heads: 4,
            head_dim: width / 4,
            ..ModelConfig::preset("nano", 64)?
        })
    };
    let (config, sequences, positions) = match options.size.as_str() {
        "small" => (peer(64, 2)?, 8, 32),
        "mid" => (peer(128, 4)?, 16, 64),
        "nano" | "micro" => (ModelConfig::preset(&options.size, 64)?, 64, 32),
        "mini" => (ModelConfig::preset("mini", 64)?, 512, 64),
        other => {
            return Err(Error::bad_input(format!("`size` must be small, mid, nano, micro or mini; got \"{other}\"")));
        }
    };
    Ok((config, options.sequences.unwrap_or(sequences), options.positions.unwrap_or(positions)))
}

/// The peers' data: token j of the batch is (7 j + j / 3) mod 64.
fn batch(sequences: usize, positions: usize) -> Vec<Sequence> {
    let one = |row: usize| {
        let ids: Vec<u32> = (row * positions..(row + 1) * positions).map(|j| (j * 7 + j / 3) as u32 % 64).collect();
        let mut inputs = Blends::new(1);
        ids.iter().for_each(|id| inputs.push_token(*id));
        Sequence { inputs, first: 0, actions: ids[1..].iter().map(|id| Action::Token(*id)).collect() }
    };
    (0..sequences).map(one).collect()
}

/// Runs the measurement.
///
/// # Errors
/// `bad-input` for an unknown size, the engine's, `cancelled`.
pub async fn bench(options: &BenchOptions, clock: Clock, pulse: &Pulse) -> Result<BenchReport> {
    let (config, sequences, positions) = size(options)?;
    let params = params::init(&config, 1);
    let begun = clock();
    let mut engine = open(options.engine, &config, params).await?;
    let open_ms = (clock() - begun) * 1000.0;
    let batch = batch(sequences, positions);
    let (first_ms, first) = update(&mut engine, &batch, clock, pulse).await?;
    let (mut update_ms, mut last) = (Vec::new(), first);
    let before = counts(&engine);
    for _ in 0..options.steps {
        let (ms, loss) = update(&mut engine, &batch, clock, pulse).await?;
        update_ms.push(ms);
        last = loss;
    }
    let update_cost = cost(before, counts(&engine), options.steps);
    score(&mut engine, &batch, clock, pulse).await?; // warms up
    let score_ms = score(&mut engine, &batch, clock, pulse).await?;
    think(&mut engine, sequences, positions, clock, pulse).await?;
    let before = counts(&engine);
    let seconds = think(&mut engine, sequences, positions, clock, pulse).await?;
    let step_cost = cost(before, counts(&engine), positions);
    let live_bytes = counts(&engine)[4];
    if options.kernels {
        update(&mut engine, &batch, clock, pulse).await?; // in the room that all the work has made by now
    }
    #[cfg(feature = "gpu")]
    let kernels = match &mut engine {
        AnyEngine::Gpu(gpu) if options.kernels => gpu.profile(clock).await?,
        _ => Vec::new(),
    };
    Ok(BenchReport {
        name: engine.name(),
        size: options.size.clone(),
        parameters: params::count(&config),
        sequences,
        positions,
        open_ms,
        first_ms,
        update_ms,
        score_ms,
        rollout_tokens_per_s: (sequences * positions) as f64 / seconds,
        update_cost,
        step_cost,
        live_bytes,
        losses: [first, last],
        #[cfg(feature = "gpu")]
        kernels,
    })
}

async fn open(kind: EngineKind, config: &ModelConfig, params: Vec<f32>) -> Result<AnyEngine> {
    match kind {
        EngineKind::Cpu => Ok(AnyEngine::Cpu(Box::new(CpuEngine::new(config, params)?))),
        #[cfg(feature = "burn-wgpu")]
        EngineKind::BurnWgpu => Ok(AnyEngine::Cpu(Box::new(CpuEngine::on_wgpu(config, params)?))),
        #[cfg(feature = "gpu")]
        EngineKind::Gpu => Ok(AnyEngine::Gpu(Box::new(crate::engine::gpu::GpuEngine::open(config, &params).await?))),
        #[cfg(not(feature = "gpu"))]
        EngineKind::Gpu => Err(Error::NoWebgpu("this build has no GPU engine".into())),
    }
}

/// Dispatches, submits, read-backs, creations and living bytes so far.
fn counts(engine: &AnyEngine) -> [f64; 5] {
    match engine {
        AnyEngine::Cpu(_) | AnyEngine::Packed(_) => [0.0; 5],
        #[cfg(feature = "gpu")]
        AnyEngine::Gpu(gpu) => {
            let c = gpu.gpu().counts();
            [c.dispatches, c.submits, c.read_backs, c.creations, c.live_bytes].map(|count| count as f64)
        }
    }
}

fn cost(before: [f64; 5], after: [f64; 5], times: usize) -> Cost {
    let per = |index: usize| (after[index] - before[index]) / times.max(1) as f64;
    Cost { dispatches: per(0), submits: per(1), read_backs: per(2), creations: per(3) }
}

/// Milliseconds of forward, backward and AdamW, and the mean next-token nats.
async fn update(engine: &mut AnyEngine, batch: &[Sequence], clock: Clock, pulse: &Pulse) -> Result<(f64, f64)> {
    let count = batch.iter().map(|s| s.actions.len()).sum::<usize>() as f64;
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let optimizer = OptimizerConfig {
        learning_rate: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-5,
        weight_decay: 1e-4,
        max_grad_norm: 0.0,
    };
    let mut nats = 0.0;
    let mut loss = |_: usize, log_probs: &[f64]| {
        nats -= log_probs.iter().sum::<f64>() / count;
        vec![-1.0 / count; log_probs.len()].into()
    };
    let begun = clock();
    engine.update(batch, &scoring, &mut loss, &optimizer, pulse).await?;
    Ok(((clock() - begun) * 1000.0, nats))
}

async fn score(engine: &mut AnyEngine, batch: &[Sequence], clock: Clock, pulse: &Pulse) -> Result<f64> {
    let scoring = Scoring::code();
    let begun = clock();
    engine.score(batch, &scoring, Weights::Current, pulse).await?;
    Ok((clock() - begun) * 1000.0)
}

/// Seconds of a rollout of soft steps that nothing ends early.
async fn think(engine: &mut AnyEngine, rows: usize, steps: usize, clock: Clock, pulse: &Pulse) -> Result<f64> {
    let (policy, never) = (Policy::Soft(SoftSettings::default()), u32::MAX);
    let ending = Ending::default();
    let marks = Marks { think: never, end_think: never, answer: never, end_answer: never, pad: 0, ending };
    let prompts = vec![vec![1u32]; rows];
    let request = Request {
        prompts: &prompts,
        offset: 0,
        samples: 1,
        policy: &policy,
        max_steps: steps,
        seed: 1,
        marks,
        chunk: CHUNK,
    };
    let begun = clock();
    rollout(engine, &request, pulse, &mut |_, _| ()).await?;
    Ok(clock() - begun)
}
