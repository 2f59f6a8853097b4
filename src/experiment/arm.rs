//! One run of an experiment from its start to its record.
//!
//! Not here: its pieces (`arm_run.rs`), which runs there are (`plan.rs`), where records are kept.

use super::arm_run::{ArmProgress, ArmRun, Due};
use super::plan::Job;
use super::record::RunRecord;
use crate::engine::choose::Clock;
use crate::engine::{Engine, Pulse};
use crate::error::{Error, Result};
use crate::text::Tokenizer;
use crate::train::run::Run;

/// Does one run of an experiment from `start`, the parameters of the model's file.
///
/// # Errors
/// `bad-input` naming what is wrong with the plan; the engine's; `cancelled`.
#[allow(clippy::too_many_arguments, reason = "a door: each is one thing the caller has")]
pub async fn run_arm<E: Engine>(
    engine: &mut E,
    tokenizer: &Tokenizer,
    start: &[f32],
    job: &Job<'_>,
    clock: Clock,
    pulse: &Pulse,
    on_progress: &mut dyn FnMut(ArmProgress),
) -> Result<RunRecord> {
    engine.write_params(start).await?;
    let mut arm = ArmRun::new(job, engine.name())?;
    let mut run = None;
    loop {
        match arm.due() {
            Due::Start(config) => {
                run = Some(Run::start(engine, tokenizer.clone(), *config, clock).await?);
                arm.started(run.as_ref())?;
            }
            Due::Step => {
                let run = run.as_mut().ok_or_else(|| Error::NotReady("a run trains before it was started".into()))?;
                let metrics = run.step(engine, pulse).await?;
                on_progress(arm.stepped(&metrics, run)?);
            }
            Due::Done => return Ok(arm.into_record()),
            other => arm.measure(engine, tokenizer, other, pulse, on_progress).await?,
        }
    }
}
