//! Which engine thinks with a language model, and its weights brought there: a real GPU where there is one, else the processor.
//!
//! Not here: small models, which are measured on both (`choose.rs`).

use super::choose::{EngineChoice, EngineInfo, EngineKind};
use super::packed::{LoadListener, PackedEngine, PackedModel};
use super::{AnyEngine, Engine as _};
use crate::error::{Error, Result};
use crate::model::lora::LoraConfig;
use crate::weights::large::Large;
use crate::weights::plan::{LearningPlan, MemoryPlan};
use crate::weights::source::Source;

/// What the GPU engine leaves to the processor when it thinks in words.
#[cfg(feature = "gpu")]
const ON_CPU: &[&str] = &[
    "The words: texts are put together and taken apart by the processor.",
    "Policies whose steps no kernel makes over a large vocabulary (pauses, vectors, noise drawn before the cut, a top-k above 64), and \
     thoughts that end only where several tokens in a row spell the mark: there the processor decides each step, and reads logits.",
];

/// Brings a language model's weights to the engine that was asked for. They, a cache for `context` positions and what else is needed
/// must fit `memory` bytes: that is known before the first tensor is read.
///
/// # Errors
/// `out-of-memory` with the numbers, `bad-weights` naming the tensor, what the source says; with [`EngineChoice::Gpu`] also what keeps
/// the GPU from working.
pub async fn open<S: Source>(
    choice: EngineChoice,
    large: &Large,
    source: &mut S,
    (context, memory): (usize, u64),
    on_progress: &mut LoadListener<'_>,
) -> Result<(AnyEngine, EngineInfo)> {
    let context = context.min(large.config.max_position_embeddings);
    let reason = match choice {
        #[cfg(feature = "gpu")]
        EngineChoice::Gpu => {
            return gpu(large, source, (context, memory), "The GPU engine was asked for.", on_progress).await;
        }
        #[cfg(not(feature = "gpu"))]
        EngineChoice::Gpu => {
            return Err(Error::NoWebgpu("this build has no GPU engine; use \"cpu\" or \"auto\"".into()));
        }
        EngineChoice::Auto => match hardware(large, source, (context, memory), on_progress).await {
            Ok(found) => return Ok(found),
            Err(reason) => reason,
        },
        _ => "The CPU engine was asked for.".to_owned(),
    };
    large.plan(1, context)?.fit(memory)?;
    let engine = PackedEngine::new(PackedModel::load(large, source, on_progress).await?);
    let info = EngineInfo {
        kind: EngineKind::Cpu,
        name: engine.name(),
        adapter: None,
        software: None,
        reason: format!("{reason} A language model keeps its weights packed; an adapter may learn beside them."),
        measured: None,
        on_cpu: &[],
    };
    Ok((AnyEngine::Packed(Box::new(engine)), info))
}

/// Which engine [`open`] would take, and what `rows` rows of at most `context` positions take of memory there. No tensor is read.
///
/// # Errors
/// `bad-input` for sizes that cannot be, `bad-weights` for a matrix that a device cannot hold.
pub async fn plan(
    choice: EngineChoice,
    large: &Large,
    rows: usize,
    context: usize,
) -> Result<(EngineKind, MemoryPlan)> {
    let context = context.min(large.config.max_position_embeddings);
    #[cfg(feature = "gpu")]
    {
        use super::gpu::language::device_plan;
        match choice {
            EngineChoice::Gpu => return Ok((EngineKind::Gpu, device_plan(large, rows, context)?)),
            EngineChoice::Auto if super::choose::adapter().await.is_ok_and(|found| !found.software) => {
                if let Ok(plan) = device_plan(large, rows, context) {
                    return Ok((EngineKind::Gpu, plan));
                }
            }
            _ => {}
        }
    }
    #[cfg(not(feature = "gpu"))]
    let _ = choice;
    Ok((EngineKind::Cpu, large.plan(rows, context)?))
}

/// What an adapter of a model takes while it learns from `rollouts` completions of `length` positions each with their prompt: on each
/// engine that can learn it, beside what thinking takes there.
///
/// # Errors
/// `bad-input` for sizes that cannot be.
pub fn learning_plans(
    large: &Large,
    lora: &LoraConfig,
    rollouts: usize,
    length: usize,
) -> Result<Vec<(EngineKind, LearningPlan)>> {
    let most = large.config.max_position_embeddings;
    if rollouts == 0 || length == 0 || length > most {
        return Err(Error::bad_input(format!(
            "an adapter learns from completions of 1 to {most} positions; {rollouts} × {length} were asked for"
        )));
    }
    let plans = [
        (EngineKind::Cpu, LearningPlan::new(&large.config, lora, rollouts, length)),
        #[cfg(feature = "gpu")]
        (EngineKind::Gpu, super::gpu::language::usual_learning_plan(&large.config, lora, (rollouts, length))),
    ];
    Ok(plans.to_vec())
}

/// The engine of a GPU that is none of a processor's tricks; or why there is none.
#[cfg(feature = "gpu")]
async fn hardware<S: Source>(
    large: &Large,
    source: &mut S,
    room: (usize, u64),
    on_progress: &mut LoadListener<'_>,
) -> std::result::Result<(AnyEngine, EngineInfo), String> {
    let because = |error: Error| format!("The CPU computes, because {error}.");
    let adapter = super::choose::adapter().await.map_err(because)?;
    if adapter.software {
        return Err(format!("The CPU computes: {} is a processor too, and slower at this.", adapter.adapter));
    }
    gpu(large, source, room, "There is a GPU here.", on_progress).await.map_err(because)
}

#[cfg(not(feature = "gpu"))]
async fn hardware<S: Source>(
    _large: &Large,
    _source: &mut S,
    _room: (usize, u64),
    _on_progress: &mut LoadListener<'_>,
) -> std::result::Result<(AnyEngine, EngineInfo), String> {
    Err("This build has no GPU engine.".to_owned())
}

#[cfg(feature = "gpu")]
async fn gpu<S: Source>(
    large: &Large,
    source: &mut S,
    room: (usize, u64),
    reason: &str,
    on_progress: &mut LoadListener<'_>,
) -> Result<(AnyEngine, EngineInfo)> {
    let engine = super::gpu::GpuEngine::load(large, source, room, on_progress).await?;
    let report = engine.gpu().report();
    let info = EngineInfo {
        kind: EngineKind::Gpu,
        name: engine.name(),
        adapter: Some(report.adapter.clone()),
        software: Some(report.software),
        reason: format!("{reason} A language model keeps its weights packed; an adapter may learn beside them."),
        measured: None,
        on_cpu: ON_CPU,
    };
    Ok((AnyEngine::Gpu(Box::new(engine)), info))
}
