//! When the GPU goes away in the middle of the work: once it is opened anew and the work goes on from the last good state; when it
//! goes again soon after, the model moves to the CPU and the error says so.
//!
//! Not here: what a lost device looks like (`engine/gpu/device`).

use super::{EngineChoice, EngineKind, Lab, Model, Notice};
use crate::engine::{Engine as _, choose};
use crate::error::{Error, Result};

/// Training steps between two states that are kept in the host's memory.
pub const KEEP_EVERY: usize = 10;
/// A second loss within so many seconds of the first is not recovered from.
const PATIENCE: f64 = 30.0;

impl Lab {
    /// Ok when what failed may be tried again: the device was lost, and there is a new one with the last good state on it.
    ///
    /// # Errors
    /// `error` itself, when it is no loss of a device or nothing can be tried again.
    pub(super) async fn recover(&mut self, error: Error) -> Result<()> {
        let now = (self.clock)();
        let Some(model) = self.model.as_mut().filter(|model| model.info.kind == EngineKind::Gpu) else {
            return Err(error);
        };
        if !matches!(error, Error::DeviceLost(_)) {
            return Err(error);
        }
        if model.kept.params.is_empty() || model.engine.is_frozen() {
            // A language model's: its file is as it was, and a second copy would be as large.
            self.model = None;
            return Err(Error::DeviceLost(format!(
                "{error}. A language model is not kept a second time: load its file again, and go on with a run from its checkpoint"
            )));
        }
        let again = model.lost_at.is_some_and(|before| now - before < PATIENCE);
        model.lost_at = Some(now);
        let opened = if again { Err(error) } else { self.reopen(EngineChoice::Gpu).await };
        let step = self.run.as_ref().map(|run| run.steps_done());
        let from =
            |step: Option<usize>| step.map_or("with the model as it was".to_owned(), |s| format!("from step {s}"));
        match opened {
            Ok(()) => {
                let step = self.run.as_ref().map(|run| run.steps_done());
                let message = format!("The GPU was lost and came back; the work goes on {}.", from(step));
                self.notices.push(Notice { kind: "recovered", message, step });
                Ok(())
            }
            Err(reason) => {
                self.reopen(EngineChoice::Cpu).await?;
                let step = self.run.as_ref().map(|run| run.steps_done()).or(step);
                let how = if again { "again within half a minute" } else { "and did not come back" };
                Err(Error::DeviceLost(format!(
                    "the GPU was lost {how} ({reason}). Nothing is lost: the model now lies on the CPU engine, which can go on {}; \
                     a smaller preset, fewer rollouts or closing other tabs may keep the GPU alive",
                    from(step)
                )))
            }
        }
    }

    /// Puts the last good state on a new engine.
    async fn reopen(&mut self, choice: EngineChoice) -> Result<()> {
        let Some(Model { engine, kept, .. }) = &self.model else { return Ok(()) };
        let config = engine.config().clone();
        let (mut engine, mut info) = choose::open(choice, &config, &kept.params, self.clock, &mut |_, _| ()).await?;
        if let Some(run) = &mut self.run {
            run.rewind(&mut engine, kept).await?;
        }
        info.reason = match choice {
            EngineChoice::Cpu => "The GPU was lost; the CPU goes on.".into(),
            _ => "The GPU was lost and opened anew.".into(),
        };
        if let Some(model) = &mut self.model {
            (model.engine, model.info) = (engine, info);
        }
        Ok(())
    }

    /// Destroys the GPU's device, as a driver that crashes would; for tests of what happens then. Does nothing on the CPU.
    pub fn lose_device(&self) {
        #[cfg(feature = "gpu")]
        if let Some(Model { engine: crate::engine::AnyEngine::Gpu(engine), .. }) = &self.model {
            engine.gpu().destroy();
        }
    }
}
