//! A run of an experiment, piece by piece: what `lab experiment` does in one go, in a host that wants to show it and keep it.
//!
//! Not here: what a run consists of (`experiment/`), a single run of one's own settings (`training.rs`).

use serde::{Deserialize, Serialize};

use super::Lab;
use crate::engine::{Engine as _, Pulse};
use crate::error::{Error, Result};
use crate::experiment::{ArmProgress, ArmRun, Due, Job, Plan, RunRecord};
use crate::train::config::TrainConfig;
use crate::train::metrics::Metrics;

/// Which run of which experiment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArmOptions {
    pub plan: Plan,
    /// One of the plan's tasks.
    pub task: String,
    /// One of the plan's arms, by name.
    pub arm: String,
    /// Any seed; those of the plan are the ones that were compared.
    pub seed: u64,
}

impl ArmOptions {
    /// # Errors
    /// `bad-input` naming what the plan has.
    fn job(&self) -> Result<Job<'_>> {
        let Self { plan, task, arm, seed } = self;
        let missing = |what: &str, wanted: &str, names: Vec<&str>| {
            Error::bad_input(format!("{what}: expected one of {}, got {wanted:?}", names.join(", ")))
        };
        let found = plan.tasks.iter().find(|one| one.task == *task);
        let names = || plan.tasks.iter().map(|one| &*one.task).collect();
        let task = found.ok_or_else(|| missing("task", task, names()))?;
        let found = plan.arms.iter().find(|one| one.name == *arm);
        let names = || plan.arms.iter().map(|one| &*one.name).collect();
        let arm = found.ok_or_else(|| missing("arm", arm, names()))?;
        Ok(Job { plan, task, arm, seed: *seed })
    }
}

/// What a piece of a run was.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum ArmStep {
    /// Training was made ready, with these settings.
    Started {
        config: Box<TrainConfig>,
    },
    Trained {
        metrics: Box<Metrics>,
    },
    /// One evaluation.
    Measured,
    /// The record is whole.
    Done,
}

impl Lab {
    /// Makes ready for a run of an experiment, from the model as it is now. Returns its training steps, 0 for an arm that does not train.
    ///
    /// # Errors
    /// `bad-input` naming what is wrong with the plan; `not-ready` without a model.
    pub fn start_arm(&mut self, options: &ArmOptions) -> Result<usize> {
        let model = self.model()?;
        options.plan.validate(model.engine.config().vocab_size)?;
        let arm = ArmRun::new(&options.job()?, model.engine.name())?;
        let steps = arm.max_steps();
        (self.run, self.arm) = (None, Some(arm));
        Ok(steps)
    }

    /// Goes on with a run that was kept: its record so far, and [`Lab::save_run`]'s checkpoint of the same moment, if it had begun to train.
    /// Without a checkpoint the model must be loaded.
    ///
    /// # Errors
    /// `bad-input` where the two are not of one moment or not of this plan; those of [`Lab::resume_run`].
    pub async fn resume_arm(
        &mut self,
        options: &ArmOptions,
        record: RunRecord,
        checkpoint: Option<&[u8]>,
    ) -> Result<usize> {
        let mut arm = ArmRun::resume(&options.job()?, record)?;
        if let Some(bytes) = checkpoint {
            self.resume_run(bytes).await?;
            arm.started(self.run.as_ref())?;
        }
        let (trained, known) = (self.run.as_ref().map_or(0, |run| run.steps_done()), arm.record().curve.len());
        if trained != known {
            return Err(Error::bad_input(format!(
                "the record that was kept tells of {known} steps, its checkpoint of {trained}: begin the run anew"
            )));
        }
        let steps = arm.max_steps();
        self.arm = Some(arm);
        Ok(steps)
    }

    /// Does the next piece of the run; an evaluation tells `on_progress` how far it is.
    ///
    /// # Errors
    /// `not-ready` without a run of an experiment; those of [`Lab::train_step`] and [`Lab::evaluate`].
    pub async fn arm_step(&mut self, pulse: &Pulse, on_progress: &mut dyn FnMut(ArmProgress)) -> Result<ArmStep> {
        // Out of the lab meanwhile: what it calls below begins runs of its own.
        let mut arm = self.arm.take().ok_or_else(no_arm)?;
        let done = self.do_next(&mut arm, pulse, on_progress).await;
        self.arm = Some(arm);
        done
    }

    async fn do_next(
        &mut self,
        arm: &mut ArmRun,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(ArmProgress),
    ) -> Result<ArmStep> {
        match arm.due() {
            Due::Start(config) => {
                let config = Box::new(self.start_training(*config).await?);
                arm.started(self.run.as_ref())?;
                Ok(ArmStep::Started { config })
            }
            Due::Step => {
                let metrics = Box::new(self.train_step(pulse).await?);
                on_progress(arm.stepped(&metrics, self.running()?.0)?);
                Ok(ArmStep::Trained { metrics })
            }
            Due::Done => Ok(ArmStep::Done),
            due => {
                let model = self.model()?;
                let measured = arm.measure(&mut model.engine, &model.tokenizer, due, pulse, on_progress).await;
                if let Err(error) = measured {
                    self.recover(error).await?;
                    // Perhaps to an earlier step; what is due now is done by the next call.
                    arm.rewind(self.run.as_ref().map_or(0, |run| run.steps_done()));
                }
                Ok(ArmStep::Measured)
            }
        }
    }

    /// The record of the run so far.
    ///
    /// # Errors
    /// `not-ready` without a run of an experiment.
    pub fn arm_record(&self) -> Result<&RunRecord> {
        self.arm.as_ref().map(ArmRun::record).ok_or_else(no_arm)
    }
}

fn no_arm() -> Error {
    Error::NotReady("no run of an experiment was started; call startArm first".into())
}
