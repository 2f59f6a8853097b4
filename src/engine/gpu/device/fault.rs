//! What goes wrong on a device, with a code and a way out.
//!
//! Not here: error scopes around single creations (`mod.rs`).

use std::sync::{Arc, Mutex};

use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::count;

/// The first thing that went wrong outside any error scope, and whether the device is gone.
#[derive(Default)]
struct Fault {
    lost: Option<String>,
    error: Option<Error>,
}

/// What the driver's callbacks have reported.
pub struct Faults(Arc<Mutex<Fault>>);

impl Faults {
    /// Listens to a device.
    #[must_use]
    pub fn of(device: &wgpu::Device) -> Self {
        let faults = Arc::new(Mutex::new(Fault::default()));
        let keep = Arc::clone(&faults);
        device.set_device_lost_callback(move |reason, message| {
            if let Ok(mut fault) = keep.lock() {
                fault.lost = Some(format!("{reason:?} {message}"));
            }
        });
        let keep = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            if let Ok(mut fault) = keep.lock() {
                fault.error.get_or_insert_with(|| explain("the work on the GPU", &error));
            }
        }));
        Self(faults)
    }

    /// What was reported since the last call; a lost device is reported for ever.
    ///
    /// # Errors
    /// `device-lost` or `out-of-memory`.
    pub fn check(&self) -> Result<()> {
        let Ok(mut fault) = self.0.lock() else {
            return Err(lost("a callback of the driver failed"));
        };
        if let Some(reason) = &fault.lost {
            return Err(lost(reason));
        }
        fault.error.take().map_or(Ok(()), Err)
    }
}

/// An error of the device in the lab's words; `what` was being made or done.
#[must_use]
pub fn explain(what: &str, error: &wgpu::Error) -> Error {
    match error {
        wgpu::Error::OutOfMemory { .. } => Error::OutOfMemory(format!(
            "the GPU has no memory left for {what}; take a smaller preset or fewer rollouts, or close other tabs"
        )),
        other => lost(&format!("{what}: {other}")),
    }
}

/// One buffer would be larger than the adapter allows.
#[must_use]
pub fn too_large(adapter: &str, bytes: u64, most: u64) -> Error {
    Error::OutOfMemory(format!(
        "a buffer of {} MiB is needed, but {adapter} allows {} MiB; take a smaller preset, fewer rollouts or shorter ones",
        bytes.div_ceil(1 << 20),
        most >> 20
    ))
}

/// The sentence that names a preset below the model, if there is one.
#[must_use]
pub fn smaller_preset(config: &ModelConfig) -> String {
    let own = count(config);
    let smaller = ["mini", "micro", "nano"]
        .into_iter()
        .find(|name| ModelConfig::preset(name, config.vocab_size.min(64)).is_ok_and(|preset| 2 * count(&preset) < own));
    smaller.map_or(String::new(), |name| format!(". The next smaller preset is `{name}`"))
}

/// The device is gone, or of no more use.
#[must_use]
pub fn lost(reason: &str) -> Error {
    Error::DeviceLost(format!("the GPU stopped working ({reason}); the work goes on from its last saved state"))
}

/// There is no adapter.
#[must_use]
pub fn no_adapter(error: &wgpu::RequestAdapterError) -> Error {
    Error::NoAdapter(format!(
        "WebGPU offers no adapter here ({error}); on Linux a Vulkan driver is needed (software: mesa-vulkan-drivers). \
         The CPU engine does the same work"
    ))
}
