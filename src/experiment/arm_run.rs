//! A run of an experiment, piece by piece, so that a host can show it, keep what is done and go on later.
//!
//! Not here: which runs there are (`plan.rs`), who takes the pieces in turn (`arm.rs`, `lab/experiment.rs`).

use serde_json::Value;

use super::plan::{Arm, Job, Plan, TaskPlan};
use super::record::{EvaluationRecord, FORMAT, KnownRecord, OWN, RunRecord};
use crate::decode::Policy;
use crate::decode::evaluate::{EvaluateRequest, evaluate};
use crate::engine::{Engine, Pulse};
use crate::error::{Error, Result};
use crate::tasks::{Split, task};
use crate::text::Tokenizer;
use crate::train::TrainConfig;
use crate::train::metrics::Metrics;
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

/// What a run does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    /// Nats per token on the tasks the model knew before the run.
    KnownBefore,
    /// Training begins, with these settings.
    Start(Box<TrainConfig>),
    /// One training step.
    Step,
    /// An evaluation: which questions, and in which way of thinking.
    Evaluate(Split, String),
    /// The known tasks again.
    KnownAfter,
    Done,
}

/// A run of an experiment in progress. What is due follows from the record, so a record that was kept goes on where it stopped.
pub struct ArmRun {
    plan: Plan,
    task: TaskPlan,
    arm: Arm,
    seed: u64,
    policy: Policy,
    max_steps: usize,
    started: bool,
    known_after: bool,
    record: RunRecord,
}

impl ArmRun {
    /// A run that has done nothing yet. `engine`: what computes it, for the record.
    ///
    /// # Errors
    /// `bad-input` naming what is wrong with the plan.
    pub fn new(job: &Job<'_>, engine: String) -> Result<Self> {
        let task = task(&job.task.task, job.task.difficulty)?;
        let record = RunRecord {
            format: FORMAT,
            experiment: job.plan.name.clone(),
            task: job.task.task.clone(),
            difficulty: task.difficulty(),
            arm: job.arm.name.clone(),
            seed: job.seed,
            model: job.task.model.clone(),
            config: None,
            policy: job.policy()?,
            evaluate: value(&job.plan.evaluate)?,
            engine,
            version: env!("CARGO_PKG_VERSION").into(),
            guess_space: task.guess_space(Split::HeldOut),
            curve: Vec::new(),
            evaluations: Vec::new(),
            known: Vec::new(),
            collapse: None,
            train_seconds: 0.0,
        };
        Self::of(job, record)
    }

    /// Goes on with a record that [`ArmRun::record`] gave in the middle of a run; the training run goes on from its own checkpoint.
    ///
    /// # Errors
    /// `bad-input` when the record is not of this job.
    pub fn resume(job: &Job<'_>, record: RunRecord) -> Result<Self> {
        // Without a start there is no configuration yet, and nothing that could differ.
        if record.config.is_some() && !record.is_of(job)? {
            let id = job.id();
            return Err(Error::bad_input(format!(
                "the record that was kept is not of {id} of this plan: begin it anew"
            )));
        }
        let mut arm = Self::of(job, record)?;
        arm.started = arm.record.config.is_some();
        Ok(arm)
    }

    fn of(job: &Job<'_>, record: RunRecord) -> Result<Self> {
        Ok(Self {
            plan: job.plan.clone(),
            task: job.task.clone(),
            arm: job.arm.clone(),
            seed: job.seed,
            policy: job.policy()?,
            max_steps: job.config()?.map_or(0, |config| config.max_steps),
            started: false,
            known_after: false,
            record,
        })
    }

    fn job(&self) -> Job<'_> {
        Job { plan: &self.plan, task: &self.task, arm: &self.arm, seed: self.seed }
    }

    /// What is known so far; whole once [`Due::Done`] is due.
    #[must_use]
    pub fn record(&self) -> &RunRecord {
        &self.record
    }

    /// As [`ArmRun::record`], when nothing comes after it.
    #[must_use]
    pub fn into_record(self) -> RunRecord {
        self.record
    }

    /// Training steps of the whole run; 0 for an arm that does not train.
    #[must_use]
    pub fn max_steps(&self) -> usize {
        self.max_steps
    }

    /// What to do next.
    #[must_use]
    pub fn due(&self) -> Due {
        let (steps, plan) = (self.record.curve.len(), &self.plan.evaluate);
        if self.record.known.len() < self.task.known.len() {
            return Due::KnownBefore;
        }
        if let (false, Ok(Some(config))) = (self.started, self.job().config()) {
            return Due::Start(Box::new(config));
        }
        let measured = |split: Split, mode: &str| {
            self.record.evaluations.iter().any(|e| e.step == steps && e.split == split && e.mode == mode)
        };
        let next = |split: Split, mode: &str| (!measured(split, mode)).then(|| Due::Evaluate(split, mode.into()));
        if steps < self.max_steps {
            // Step 0 too: ways to think differ before anything is learned.
            let on_the_way = plan.every > 0 && steps.is_multiple_of(plan.every);
            return on_the_way.then(|| next(Split::HeldOut, OWN)).flatten().unwrap_or(Due::Step);
        }
        let splits = plan.splits.iter().find_map(|split| next(*split, OWN));
        let modes = || plan.modes.iter().find_map(|mode| next(Split::HeldOut, mode));
        let known = || (!self.known_after && !self.task.known.is_empty()).then_some(Due::KnownAfter);
        splits.or_else(modes).or_else(known).unwrap_or(Due::Done)
    }

    /// Training has begun, or was resumed.
    ///
    /// # Errors
    /// None in practice: a configuration can be written.
    pub fn started(&mut self, run: Option<&Run>) -> Result<()> {
        if let Some(run) = run {
            self.record.config = Some(value(run.config())?);
            self.max_steps = run.config().max_steps;
        }
        self.started = true;
        Ok(())
    }

    /// Writes down a training step. A sign of collapse is written down too and stops nothing, since all arms have one budget.
    ///
    /// # Errors
    /// None in practice: metrics can be written.
    pub fn stepped(&mut self, metrics: &Metrics, run: &mut Run) -> Result<ArmProgress> {
        self.rewind(metrics.step.saturating_sub(1));
        if let Value::Object(row) = value(metrics)? {
            self.record.curve.push(row);
        }
        let seconds = |row: &serde_json::Map<String, Value>| row.get("step_time").and_then(Value::as_f64);
        self.record.train_seconds = self.record.curve.iter().filter_map(seconds).sum();
        if let Some(collapse) = run.collapse() {
            self.record.collapse.get_or_insert(collapse.message.clone());
            run.acknowledge();
        }
        Ok(ArmProgress { phase: "train", done: metrics.step, total: self.max_steps, reward: Some(metrics.reward) })
    }

    /// The run was put back to an earlier step.
    pub fn rewind(&mut self, step: usize) {
        self.record.curve.truncate(step);
        self.record.evaluations.retain(|e| e.step <= step);
    }

    /// Does what is due, where it is a measurement.
    ///
    /// # Errors
    /// The engine's, `cancelled`.
    pub async fn measure<E: Engine>(
        &mut self,
        engine: &mut E,
        tokenizer: &Tokenizer,
        due: Due,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(ArmProgress),
    ) -> Result<()> {
        match due {
            Due::KnownBefore => {
                let before = self.known(engine, tokenizer, pulse).await?;
                let pairs = self.task.known.iter().zip(before);
                self.record.known =
                    pairs.map(|(task, before)| KnownRecord { task: task.clone(), before, after: before }).collect();
            }
            Due::KnownAfter => {
                let after = self.known(engine, tokenizer, pulse).await?;
                self.record.known.iter_mut().zip(after).for_each(|(known, after)| known.after = after);
                self.known_after = true;
            }
            Due::Evaluate(split, mode) => {
                let policy = if mode == OWN { self.policy } else { self.plan.mode(&mode)? };
                let task = task(&self.task.task, self.task.difficulty)?;
                let plan = &self.plan.evaluate;
                let questions = if mode == OWN { plan.questions } else { plan.mode_questions };
                let request = EvaluateRequest {
                    task: task.as_ref(),
                    policy: &policy,
                    split,
                    questions,
                    first_question: 0,
                    samples: plan.samples,
                    k: &[1],
                    seed: EVALUATION_SEED.wrapping_add(self.seed),
                    max_steps: task.max_completion_length(split),
                };
                let mut tick = |done, total| on_progress(ArmProgress { phase: "evaluate", done, total, reward: None });
                let found = evaluate(engine, tokenizer, &request, pulse, &mut tick).await?;
                let step = self.record.curve.len();
                self.record.evaluations.push(EvaluationRecord::new(step, split, &mode, found));
            }
            Due::Start(_) | Due::Step | Due::Done => (),
        }
        Ok(())
    }

    /// Nats per token on the tasks the model knew before.
    async fn known<E: Engine>(&self, engine: &mut E, tokenizer: &Tokenizer, pulse: &Pulse) -> Result<Vec<f64>> {
        let (mut nats, questions) = (Vec::new(), self.plan.evaluate.known_questions);
        for known in self.task.known_tasks()? {
            nats.push(chain_nats(engine, tokenizer, known.as_ref(), questions, pulse).await?);
        }
        Ok(nats)
    }
}

fn value(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::bad_input(format!("a record cannot be written: {e}")))
}
