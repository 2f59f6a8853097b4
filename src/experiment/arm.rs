//! One run of an experiment: start, train, evaluate, write down.
//!
//! Not here: which runs there are (`plan.rs`), where records are kept.

use serde_json::Value;

use super::plan::{EvaluatePlan, Job};
use super::record::{EvaluationRecord, FORMAT, KnownRecord, OWN, RunRecord};
use crate::decode::Policy;
use crate::decode::evaluate::{EvaluateRequest, evaluate};
use crate::engine::choose::Clock;
use crate::engine::{Engine, Pulse};
use crate::error::{Error, Result};
use crate::tasks::{Split, Task, task};
use crate::text::Tokenizer;
use crate::train::run::Run;
use crate::train::warm_start::chain_nats;

/// Seeds of the evaluations' noise lie this far apart, so that no two runs share it.
const EVALUATION_SEED: u64 = 0x5eed_0000;

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ArmProgress {
    /// "train" or "evaluate".
    pub phase: &'static str,
    pub done: usize,
    pub total: usize,
    /// Of the newest training step.
    pub reward: Option<f64>,
}

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
    let task = task(&job.task.task, job.task.difficulty)?;
    let (policy, plan) = (job.policy()?, &job.plan.evaluate);
    engine.write_params(start).await?;
    let mut bench = Bench { tokenizer, task: task.as_ref(), plan, seed: job.seed, records: Vec::new() };
    let before = known(engine, tokenizer, job, pulse).await?;
    let mut record = RunRecord {
        format: FORMAT,
        experiment: job.plan.name.clone(),
        task: job.task.task.clone(),
        difficulty: task.difficulty(),
        arm: job.arm.name.clone(),
        seed: job.seed,
        model: job.task.model.clone(),
        config: None,
        policy,
        evaluate: value(plan)?,
        engine: engine.name(),
        version: env!("CARGO_PKG_VERSION").into(),
        guess_space: task.guess_space(Split::HeldOut),
        curve: Vec::new(),
        evaluations: Vec::new(),
        known: Vec::new(),
        collapse: None,
        train_seconds: 0.0,
    };
    let mut steps = 0;
    if let Some(config) = job.config()? {
        let mut run = Run::start(engine, tokenizer.clone(), config, clock).await?;
        record.config = Some(value(run.config())?);
        let total = run.config().max_steps;
        if plan.every > 0 {
            // Where the arm's own way to think starts from: ways differ before anything is learned.
            bench.measure(engine, 0, Split::HeldOut, OWN, &policy, pulse, on_progress).await?;
        }
        while !run.finished() {
            let metrics = run.step(engine, pulse).await?;
            steps = run.steps_done();
            record.train_seconds += metrics.step_time;
            on_progress(ArmProgress { phase: "train", done: steps, total, reward: Some(metrics.reward) });
            if let Value::Object(row) = value(&metrics)? {
                record.curve.push(row);
            }
            if let Some(collapse) = run.collapse() {
                record.collapse.get_or_insert(collapse.message.clone());
                run.acknowledge();
            }
            if plan.every > 0 && steps.is_multiple_of(plan.every) && !run.finished() {
                bench.measure(engine, steps, Split::HeldOut, OWN, &policy, pulse, on_progress).await?;
            }
        }
    }
    for split in &plan.splits {
        bench.measure(engine, steps, *split, OWN, &policy, pulse, on_progress).await?;
    }
    for name in &plan.modes {
        let mode = job.plan.mode(name)?;
        bench.measure(engine, steps, Split::HeldOut, name, &mode, pulse, on_progress).await?;
    }
    let after = known(engine, tokenizer, job, pulse).await?;
    let pairs = job.task.known.iter().zip(before.into_iter().zip(after));
    record.known = pairs.map(|(task, (before, after))| KnownRecord { task: task.clone(), before, after }).collect();
    record.evaluations = bench.records;
    Ok(record)
}

/// Nats per token on the tasks the model knew before.
async fn known<E: Engine>(engine: &mut E, tokenizer: &Tokenizer, job: &Job<'_>, pulse: &Pulse) -> Result<Vec<f64>> {
    let mut nats = Vec::new();
    for other in job.task.known_tasks()? {
        nats.push(chain_nats(engine, tokenizer, other.as_ref(), job.plan.evaluate.known_questions, pulse).await?);
    }
    Ok(nats)
}

/// What all evaluations of a run share.
struct Bench<'a> {
    tokenizer: &'a Tokenizer,
    task: &'a dyn Task,
    plan: &'a EvaluatePlan,
    seed: u64,
    records: Vec<EvaluationRecord>,
}

impl Bench<'_> {
    #[allow(clippy::too_many_arguments, reason = "one evaluation is named by all of these")]
    async fn measure<E: Engine>(
        &mut self,
        engine: &mut E,
        step: usize,
        split: Split,
        mode: &str,
        policy: &Policy,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(ArmProgress),
    ) -> Result<()> {
        let request = EvaluateRequest {
            task: self.task,
            policy,
            split,
            questions: if mode == OWN { self.plan.questions } else { self.plan.mode_questions },
            first_question: 0,
            samples: self.plan.samples,
            k: &[1],
            seed: EVALUATION_SEED.wrapping_add(self.seed),
            max_steps: self.task.max_completion_length(split),
        };
        let mut tick = |done, total| on_progress(ArmProgress { phase: "evaluate", done, total, reward: None });
        let found = evaluate(engine, self.tokenizer, &request, pulse, &mut tick).await?;
        self.records.push(EvaluationRecord::new(step, split, mode, found));
        Ok(())
    }
}

fn value(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::bad_input(format!("a record cannot be written: {e}")))
}
