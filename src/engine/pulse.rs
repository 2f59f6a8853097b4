//! Where long work lets go for a moment: it yields to the browser's event loop and notices a cancel.
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

/// Handed to every long piece of work, which calls [`Pulse::beat`] at least every 100 ms or so.
#[derive(Clone, Default)]
pub struct Pulse {
    cancelled: Arc<AtomicBool>,
    yielder: Option<Yielder>,
}

impl Pulse {
    /// A pulse that yields by `yielder`; without one, [`Pulse::default`] never yields.
    #[must_use]
    pub fn with_yielder(yielder: Yielder) -> Self {
        Self { cancelled: Arc::default(), yielder: Some(yielder) }
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
}
