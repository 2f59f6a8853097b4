//! A future that a callback fulfils, for the answers of the GPU.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

struct Slot<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// Waits for [`Keep::fulfil`].
pub struct Promise<T>(Arc<Mutex<Slot<T>>>);

/// The other end of a [`Promise`].
pub struct Keep<T>(Arc<Mutex<Slot<T>>>);

impl<T> Promise<T> {
    /// Both ends.
    #[must_use]
    pub fn new() -> (Self, Keep<T>) {
        let slot = Arc::new(Mutex::new(Slot { value: None, waker: None }));
        (Self(Arc::clone(&slot)), Keep(slot))
    }
}

#[cfg(target_family = "wasm")]
impl<T> Promise<T> {
    /// Whether the value has come.
    pub fn is_ready(&self) -> bool {
        self.0.lock().is_ok_and(|slot| slot.value.is_some())
    }
}

impl<T> Keep<T> {
    /// Gives the value to whoever waits.
    pub fn fulfil(self, value: T) {
        if let Ok(mut slot) = self.0.lock() {
            slot.value = Some(value);
            if let Some(waker) = slot.waker.take() {
                waker.wake();
            }
        }
    }
}

impl<T> Future for Promise<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // A poisoned lock means that a callback panicked while it held it; fulfil does nothing that could.
        let mut slot = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match slot.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
