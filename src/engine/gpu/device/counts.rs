//! What a device has done: the numbers that the house rules are asserted with.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a device has done since it was opened. House rule: after warm-up `creations` and `live_bytes` stand still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Buffers, bind groups and pipelines made.
    pub creations: u64,
    /// Kernels dispatched.
    pub dispatches: u64,
    /// Command buffers submitted.
    pub submits: u64,
    /// Times the host waited for numbers from the device.
    pub read_backs: u64,
    /// Bytes of all living buffers.
    pub live_bytes: u64,
}

/// The same, counting.
#[derive(Default)]
pub struct Counters {
    pub creations: AtomicU64,
    pub dispatches: AtomicU64,
    pub submits: AtomicU64,
    pub read_backs: AtomicU64,
    pub live_bytes: AtomicU64,
}

impl Counters {
    /// The numbers now.
    pub fn read(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            creations: read(&self.creations),
            dispatches: read(&self.dispatches),
            submits: read(&self.submits),
            read_backs: read(&self.read_backs),
            live_bytes: read(&self.live_bytes),
        }
    }
}
