//! Where long work lets go for a moment: it yields to the browser's event loop, notices a cancel, and says how far it is.
//!
//! Not here: how a browser is yielded to (`wasm/`), or Ctrl-C (`bin/lab.rs`).

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

/// Gives the event loop a turn, if it is time for one.
pub type Yielder = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>>>;

/// What a training step is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Completions are made; counted in tokens, of so many at most.
    Think,
    /// Their log densities are taken; counted in completions, under each policy.
    Score,
    /// Gradients and updates; counted in completions, in each iteration.
    Learn,
    /// Held-out questions and the norms of the gradient's terms; counted in thirds.
    Measure,
}

/// How far a stage is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub stage: Stage,
    /// Of `total`. Not whole where completions go side by side: then as many as the work done so far amounts to, about.
    pub done: f64,
    pub total: usize,
}

/// Hears how far a training step is, often.
pub type ProgressListener = Rc<dyn Fn(Progress)>;

/// The stretch of a stage that a piece of work is.
#[derive(Clone)]
struct Stretch {
    listener: ProgressListener,
    stage: Option<(Stage, usize)>,
    from: f64,
    to: f64,
}

/// Handed to every long piece of work, which calls [`Pulse::beat`] at least every 100 ms or so.
#[derive(Clone, Default)]
pub struct Pulse {
    cancelled: Arc<AtomicBool>,
    yielder: Option<Yielder>,
    stretch: Option<Stretch>,
}

impl Pulse {
    /// A pulse that yields by `yielder`; without one, [`Pulse::default`] never yields.
    #[must_use]
    pub fn with_yielder(yielder: Yielder) -> Self {
        Self { yielder: Some(yielder), ..Self::default() }
    }

    /// The flag that cancels the work when set to true; may be set from a signal handler.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// Forgets an earlier cancel.
    pub fn reset(&self) {
        self.cancelled.store(false, Ordering::Relaxed);
    }

    /// Yields, then reports a cancel.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the flag is set.
    pub async fn beat(&self) -> Result<()> {
        if let Some(yielder) = &self.yielder {
            yielder().await;
        }
        if self.cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// The same pulse, cancelled with this one, whose stages `listener` hears of.
    #[must_use]
    pub fn told_to(&self, listener: ProgressListener) -> Self {
        Self { stretch: Some(Stretch { listener, stage: None, from: 0.0, to: 1.0 }), ..self.clone() }
    }

    /// The same pulse for work that has no stage.
    #[must_use]
    pub fn untold(&self) -> Self {
        Self { stretch: None, ..self.clone() }
    }

    /// The same pulse for a stage of `total` pieces, which begins now.
    #[must_use]
    pub fn during(&self, stage: Stage, total: usize) -> Self {
        let begin = |stretch: &Stretch| Stretch { stage: Some((stage, total)), ..stretch.clone() };
        let begun = Self { stretch: self.stretch.as_ref().map(begin), ..self.clone() };
        begun.tell(0.0);
        begun
    }

    /// The same pulse for a part of the work: from the share `from` of it to the share `to`.
    #[must_use]
    pub fn part(&self, from: f64, to: f64) -> Self {
        let part = |whole: &Stretch| {
            let at = |share: f64| whole.from + share * (whole.to - whole.from);
            Stretch { from: at(from), to: at(to), ..whole.clone() }
        };
        Self { stretch: self.stretch.as_ref().map(part), ..self.clone() }
    }

    /// The same pulse for some of `count` pieces of the work.
    #[must_use]
    pub fn share(&self, pieces: &std::ops::Range<usize>, count: usize) -> Self {
        let at = |piece: usize| piece as f64 / count.max(1) as f64;
        self.part(at(pieces.start), at(pieces.end))
    }

    /// Says which share of the work is done, 0 to 1.
    pub fn tell(&self, share: f64) {
        if let Some(Stretch { listener, stage: Some((stage, total)), from, to }) = &self.stretch {
            listener(Progress { stage: *stage, done: *total as f64 * (from + share * (to - from)), total: *total });
        }
    }

    /// [`Pulse::tell`], then [`Pulse::beat`].
    ///
    /// # Errors
    /// As there.
    pub async fn at(&self, share: f64) -> Result<()> {
        self.tell(share);
        self.beat().await
    }
}
