//! Runs of reinforcement: started, stepped, saved, resumed.
//!
//! Not here: what a step does (`train/`), what becomes of a lost GPU (`recover.rs`).

use super::{EngineKind, Lab, Model, SampleInfo, adapter, recover};
use crate::decode::evaluate::Evaluation;
use crate::engine::{Engine as _, Pulse, choose};
use crate::error::{Error, Result};
use crate::train::config::TrainConfig;
use crate::train::metrics::Metrics;
use crate::train::run::{Run, SavedRun};
use crate::train::watch::Collapse;

impl Lab {
    /// Checks a training configuration and makes ready for its first step. Returns it with all defaults.
    ///
    /// # Errors
    /// `bad-input` naming the key; `not-ready` without a model.
    pub async fn start_training(&mut self, mut config: TrainConfig) -> Result<TrainConfig> {
        let clock = self.clock;
        let task = self.own.task(&config.task, config.difficulty)?;
        let model = self.model()?;
        adapter::prepare(model, &mut config).await?;
        let run = Run::start_on(&mut model.engine, model.tokenizer.clone(), config, task, clock).await?;
        model.kept = run.position(&model.engine).await?;
        let config = run.config().clone();
        (self.run, self.arm) = (Some(run), None);
        Ok(config)
    }

    /// The run in progress and the engine it trains.
    pub(super) fn running(&mut self) -> Result<(&mut Run, &mut Model)> {
        match (&mut self.run, &mut self.model) {
            (Some(run), Some(model)) => Ok((run, model)),
            _ => Err(Error::NotReady("no training run was started; call startTraining first".into())),
        }
    }

    /// Held-out accuracy at this moment of the run.
    ///
    /// # Errors
    /// `not-ready`, `cancelled`.
    pub async fn evaluate_run(&mut self, pulse: &Pulse) -> Result<Evaluation> {
        loop {
            let (run, model) = self.running()?;
            match run.evaluate(&mut model.engine, pulse).await {
                Err(error) => self.recover(error).await?,
                done => return done,
            }
        }
    }

    /// One training step. Where the GPU was lost, the run goes on from its last good state: the step's number says from where.
    ///
    /// # Errors
    /// `not-finite`, `cancelled`, `not-ready`; `device-lost` when it was lost again.
    pub async fn train_step(&mut self, pulse: &Pulse) -> Result<Metrics> {
        loop {
            match self.train_step_once(pulse).await {
                Err(error) => self.recover(error).await?,
                done => return done,
            }
        }
    }

    async fn train_step_once(&mut self, pulse: &Pulse) -> Result<Metrics> {
        let (run, model) = self.running()?;
        let metrics = run.step(&mut model.engine, pulse).await?;
        if model.info.kind == EngineKind::Gpu
            && (run.steps_done().is_multiple_of(recover::KEEP_EVERY) || run.finished())
        {
            model.kept = run.position(&model.engine).await?;
        }
        Ok(metrics)
    }

    /// The run in progress.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// Why the run pauses, if it does: [`Lab::train_step`] is refused until one of the next two calls.
    #[must_use]
    pub fn collapse(&self) -> Option<&Collapse> {
        self.run.as_ref().and_then(Run::collapse)
    }

    /// Goes on after a collapse from where the run stands.
    ///
    /// # Errors
    /// `not-ready` without a run.
    pub fn acknowledge_collapse(&mut self) -> Result<()> {
        self.running()?.0.acknowledge();
        Ok(())
    }

    /// Goes on after a collapse from the best moment that was kept. Returns the steps done then.
    ///
    /// # Errors
    /// `not-ready` without a run or a best moment.
    pub async fn return_to_best(&mut self) -> Result<usize> {
        let (run, model) = self.running()?;
        run.return_to_best(&mut model.engine).await?;
        model.kept = run.position(&model.engine).await?;
        Ok(run.steps_done())
    }

    /// A checkpoint of the run's best moment, for [`Lab::resume_run`]; nothing when none was kept.
    ///
    /// # Errors
    /// `not-ready` without a run.
    pub fn save_best(&mut self) -> Result<Option<Vec<u8>>> {
        let (run, model) = self.running()?;
        run.save_best(&model.engine, &model.metadata)
    }

    /// The completions of the newest training step.
    #[must_use]
    pub fn samples(&self) -> Vec<SampleInfo> {
        match (&self.run, &self.model) {
            (Some(run), Some(model)) => run.samples().iter().map(|s| SampleInfo::new(s, &model.tokenizer)).collect(),
            _ => Vec::new(),
        }
    }

    /// A checkpoint of the run in progress, for [`Lab::resume_run`].
    ///
    /// # Errors
    /// `not-ready` without a run.
    pub async fn save_run(&mut self) -> Result<Vec<u8>> {
        let (run, model) = self.running()?;
        run.save(&model.engine, &model.metadata).await
    }

    /// Loads the model of a checkpoint and goes on with its run. Returns its configuration and the steps done.
    ///
    /// # Errors
    /// `bad-weights` naming the field that is wrong.
    pub async fn resume_run(&mut self, bytes: &[u8]) -> Result<(TrainConfig, usize)> {
        let saved = SavedRun::read(bytes)?;
        if saved.tokenizer_json.is_none() {
            return self.resume_adapter(&saved).await;
        }
        let params = &saved.position.params;
        let (mut engine, info) = choose::open(self.choice, &saved.config, params, self.clock, &mut |_, _| ()).await?;
        let task = self.own.task(&saved.train_config.task, saved.train_config.difficulty)?;
        let run = Run::resume_on(&mut engine, &saved, task, self.clock).await?;
        let tokenizer = saved.tokenizer()?;
        let position = (run.config().clone(), run.steps_done());
        let (metadata, kept) = (saved.provenance, saved.position);
        self.model = Some(Model { engine, info, tokenizer, metadata, kept, lost_at: None });
        (self.run, self.arm) = (Some(run), None);
        Ok(position)
    }
    /// The same for the run of an adapter: the language model is the one that is there.
    async fn resume_adapter(&mut self, saved: &SavedRun) -> Result<(TrainConfig, usize)> {
        let (task, clock) = (self.own.task(&saved.train_config.task, saved.train_config.difficulty)?, self.clock);
        let model = self.model()?;
        if *model.engine.config() != saved.config {
            return Err(Error::bad_input("the run is that of another language model's adapter: load that model first"));
        }
        model.engine.adapt(saved.train_config.lora(None)?, Some(saved.position.params.clone()), 0).await?;
        let run = Run::resume_with(&mut model.engine, saved, model.tokenizer.clone(), task, clock).await?;
        let position = (run.config().clone(), run.steps_done());
        model.kept = saved.position.clone();
        (self.run, self.arm) = (Some(run), None);
        Ok(position)
    }
}
