//! A buffer whose bytes are counted, and what it may be for.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::counts::Counters;

/// A buffer that gives its bytes back to the count when dropped.
pub struct Buffer {
    raw: wgpu::Buffer,
    counters: Arc<Counters>,
}

impl Buffer {
    /// One whose bytes `counters` knows of already.
    pub(super) fn counted(raw: wgpu::Buffer, counters: Arc<Counters>) -> Self {
        Self { raw, counters }
    }

    /// The wgpu buffer.
    #[must_use]
    pub fn raw(&self) -> &wgpu::Buffer {
        &self.raw
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.counters.live_bytes.fetch_sub(self.raw.size(), Ordering::Relaxed);
    }
}

/// What a buffer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Bound to kernels; can be written by the host and copied from and to.
    Storage,
    /// The `params` of kernels.
    Uniform,
    /// Mapped by the host.
    Staging,
}
