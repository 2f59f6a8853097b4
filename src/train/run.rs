//! A run of reinforcement: start, step by step, pause at a collapse. The same checkpoint gives the same steps.
//!
//! Not here: what a step does (`grpo.rs` and its sisters), the signs of collapse (`watch.rs`), saving and resuming (`checkpoint.rs`).

use std::sync::Arc;

pub use super::checkpoint::{Position, SavedRun};
use super::config::{Objective, TrainConfig};
use super::frame::{Frame, Outcome};
use super::gather::Sample;
use super::metrics::Metrics;
use super::terms::term_norms;
use super::watch::{Collapse, Kept, Watch};
use super::{grpo, multiplex, soft_grpo, soft_tokens};
use crate::decode::evaluate::{EvaluateRequest, Evaluation, evaluate};
pub use crate::engine::choose::Clock;
use crate::engine::{Engine, OptimizerState, Pulse, Stage};
use crate::error::{Error, Result};
use crate::tasks::{Split, Task};
use crate::text::Tokenizer;

/// The seed of held-out evaluations during a run: the same questions and luck every time, so that changes are the model's.
const EVALUATION_SEED: u64 = 0x0e7a_15ed;
/// Where the run stands is looked at this often, in case it is the best moment.
const KEEP_BEST_STEPS: usize = 5;

/// A run in progress.
pub struct Run {
    pub(super) frame: Frame,
    pub(super) clock: Clock,
    pub(super) step: usize,
    pub(super) num_tokens: usize,
    pub(super) reference: Arc<Vec<f32>>,
    pub(super) samples: Vec<Sample>,
    pub(super) remarks: Vec<String>,
    pub(super) watch: Watch,
    /// Of the moment that the watch keeps, if it was kept by this process.
    pub(super) best: Option<Position>,
    pub(super) collapse: Option<Collapse>,
}

impl Run {
    /// Checks the configuration, freezes the reference policy and clears the optimizer.
    ///
    /// # Errors
    /// `bad-input` naming the key and its range.
    pub async fn start<E: Engine>(
        engine: &mut E,
        tokenizer: Tokenizer,
        config: TrainConfig,
        clock: Clock,
    ) -> Result<Self> {
        let task = config.task()?;
        Self::start_on(engine, tokenizer, config, task, clock).await
    }

    /// As [`Run::start`], on a task at hand, which may be one that only its lab knows.
    ///
    /// # Errors
    /// As there.
    pub async fn start_on<E: Engine>(
        engine: &mut E,
        tokenizer: Tokenizer,
        config: TrainConfig,
        task: Box<dyn Task>,
        clock: Clock,
    ) -> Result<Self> {
        let mut run = Self::prepare(engine, tokenizer, config, task, clock)?;
        run.reference = Arc::new(engine.read_params().await?);
        engine.set_optimizer_state(OptimizerState::default()).await?;
        if run.frame.config.beta > 0.0 {
            engine.set_reference(None).await?;
        }
        Ok(run)
    }

    /// A run that has taken no step, of settings that were checked and filled in.
    pub(super) fn prepare<E: Engine>(
        engine: &E,
        tokenizer: Tokenizer,
        mut config: TrainConfig,
        task: Box<dyn Task>,
        clock: Clock,
    ) -> Result<Self> {
        config.validate_for(task.as_ref(), engine.config().vocab_size)?;
        config.fill(task.as_ref());
        Ok(Self {
            frame: Frame { config, task, tokenizer },
            clock,
            step: 0,
            num_tokens: 0,
            reference: Arc::default(),
            samples: Vec::new(),
            remarks: Vec::new(),
            watch: Watch::default(),
            best: None,
            collapse: None,
        })
    }

    /// The configuration with every default filled in.
    #[must_use]
    pub fn config(&self) -> &TrainConfig {
        &self.frame.config
    }

    /// Training steps done.
    #[must_use]
    pub fn steps_done(&self) -> usize {
        self.step
    }

    /// Whether `max_steps` are done.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.step >= self.frame.config.max_steps
    }

    /// The completions of the newest step, groups side by side.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// What the newest step did not do as usual, one sentence each: updates left out.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Why the run pauses. Until [`Run::acknowledge`] or [`Run::return_to_best`] it takes no step.
    #[must_use]
    pub fn collapse(&self) -> Option<&Collapse> {
        self.collapse.as_ref()
    }

    /// Goes on after a collapse from where the run stands; the watch measures from there.
    pub fn acknowledge(&mut self) {
        self.collapse = None;
        self.watch = self.watch.rearmed();
    }

    /// Goes on after a collapse from the best moment.
    ///
    /// # Errors
    /// `not-ready` when none was kept; the engine's.
    pub async fn return_to_best<E: Engine>(&mut self, engine: &mut E) -> Result<()> {
        let Some(position) = self.best.clone() else {
            let text = "no best moment is in memory: `collapse_watch` is off, or the run was resumed after it";
            return Err(Error::NotReady(text.into()));
        };
        self.rewind(engine, &position).await?;
        self.acknowledge();
        Ok(())
    }

    /// The moment with the best smoothed reward, of those that were looked at.
    #[must_use]
    pub fn best(&self) -> Option<&Position> {
        self.best.as_ref()
    }

    /// Held-out accuracy now, sampled as in training.
    ///
    /// # Errors
    /// The engine's, and `cancelled`.
    pub async fn evaluate<E: Engine>(&self, engine: &mut E, pulse: &Pulse) -> Result<Evaluation> {
        let config = &self.frame.config;
        let request = EvaluateRequest {
            task: self.frame.task.as_ref(),
            policy: &config.policy(),
            split: Split::HeldOut,
            questions: config.eval_questions,
            first_question: 0,
            samples: config.eval_samples,
            k: &[1, config.eval_samples],
            seed: EVALUATION_SEED,
            max_steps: config.max_length(self.frame.task.as_ref()),
        };
        let mut report = |done: usize, total: usize| pulse.tell(done as f64 / total as f64);
        evaluate(engine, &self.frame.tokenizer, &request, &pulse.untold(), &mut report).await
    }

    /// One training step, and the evaluation when it is due. After a cancel the updates already made stand,
    /// and the step does not count.
    ///
    /// # Errors
    /// `not-finite` when no update of the step could be applied; `not-ready` while the run pauses; the engine's; `cancelled`.
    pub async fn step<E: Engine>(&mut self, engine: &mut E, pulse: &Pulse) -> Result<Metrics> {
        if let Some(Collapse { message, .. }) = &self.collapse {
            return Err(Error::NotReady(format!("the run pauses. {message}")));
        }
        let start = (self.clock)();
        let candidate = self.candidate(engine).await?;
        let frame = &self.frame;
        let Outcome { mut metrics, samples } = match frame.config.objective {
            Objective::Grpo => grpo::step(engine, frame, self.step, pulse).await?,
            Objective::SoftGrpo => soft_grpo::step(engine, frame, self.step, pulse).await?,
            Objective::SoftTokens => soft_tokens::step(engine, frame, self.step, pulse).await?,
            Objective::Multiplex => multiplex::step(engine, frame, self.step, pulse).await?,
        };
        self.remarks = self.remarks_on(&metrics)?;
        self.samples = samples;
        self.step += 1;
        self.num_tokens += metrics.num_tokens;
        self.sync_reference(engine).await?;
        let config = &self.frame.config;
        let due = config.eval_steps > 0 && (self.step.is_multiple_of(config.eval_steps) || self.finished());
        if due {
            let measuring = pulse.during(Stage::Measure, 3);
            let evaluation = self.evaluate(engine, &measuring.share(&(0..1), 3)).await?;
            metrics.val_pass_at_1 = Some(evaluation.pass_at_1);
            metrics.val_pass_at_k = evaluation.pass_at_k.last().map(|at| at.value);
            let max_length = config.max_length(self.frame.task.as_ref());
            let norms = term_norms(engine, config, &self.samples, max_length, &measuring.share(&(1..3), 3)).await?;
            (metrics.grad_norm_thought, metrics.grad_norm_answer) = (Some(norms.thought), Some(norms.answer));
        }
        metrics.step = self.step;
        metrics.num_tokens = self.num_tokens;
        self.look_for_collapse(&metrics, candidate);
        metrics.step_time = (self.clock)() - start;
        Ok(metrics)
    }

    /// The position before a step whose reward may turn out to be the best.
    async fn candidate<E: Engine>(&self, engine: &E) -> Result<Option<Position>> {
        let due = self.watch.kept().is_none() || self.step.is_multiple_of(KEEP_BEST_STEPS);
        match self.frame.config.collapse_watch && due {
            true => Ok(Some(self.position(engine).await?)),
            false => Ok(None),
        }
    }

    fn look_for_collapse(&mut self, metrics: &Metrics, candidate: Option<Position>) {
        if !self.frame.config.collapse_watch {
            return;
        }
        let sign = self.watch.see(metrics, &self.frame.config);
        if let Some(position) = candidate.filter(|position| self.watch.keeps(position.step)) {
            self.best = Some(position);
        }
        if let (Some((sign, message)), Some(Kept { step: best_step, reward: best_reward })) = (sign, self.watch.kept())
        {
            let message = format!("{message} The best moment kept is step {best_step}, with {best_reward:.3}.");
            self.collapse = Some(Collapse { sign, message, step: self.step, best_step, best_reward });
        }
    }

    fn remarks_on(&self, metrics: &Metrics) -> Result<Vec<String>> {
        let config = &self.frame.config;
        let (skipped, updates) = (metrics.skipped_updates, config.steps_per_generation * config.num_iterations);
        let step = self.step + 1;
        if skipped == updates {
            return Err(Error::NotFinite(format!(
                "every gradient of step {step} was NaN or infinite; the model is as it was. Lower `learning_rate` ({})",
                config.learning_rate
            )));
        }
        let left_out = format!(
            "{skipped} of {updates} updates of step {step} were left out: the loss or its gradient was NaN or infinite."
        );
        Ok(if skipped == 0 { Vec::new() } else { vec![left_out] })
    }

    /// ref ← α · policy + (1 − α) · ref, when it is due. Source: TRL `SyncRefModelCallback`; TR-DPO, arXiv 2404.09656.
    async fn sync_reference<E: Engine>(&mut self, engine: &mut E) -> Result<()> {
        let config = &self.frame.config;
        if !(config.sync_ref_model && self.step.is_multiple_of(config.ref_model_sync_steps)) {
            return Ok(());
        }
        let share = config.ref_model_mixup_alpha as f32;
        let policy = engine.read_params().await?;
        let mixed: Vec<f32> =
            policy.iter().zip(self.reference.iter()).map(|(new, old)| share * new + (1.0 - share) * old).collect();
        engine.set_reference(Some(&mixed)).await?;
        self.reference = Arc::new(mixed);
        Ok(())
    }
}
