//! The one error type of the lab: what was expected, what came, what to do.
//!
//! Not here: how an error looks in JavaScript (`wasm/`) or on a terminal (`bin/lab.rs`).

/// Everything that can go wrong. Each variant has a stable machine-readable [`code`](Error::code).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A setting, an argument or a question that cannot be used. The text names it and its range.
    #[error("{0}")]
    BadInput(String),
    /// A weight file that is truncated, lying, of an unknown kind or does not fit its own configuration.
    /// `field` is the header field or tensor at fault.
    #[error("the weight file is not usable: `{field}`: {message}")]
    BadWeights { field: String, message: String },
    /// A loss, gradient, logit or parameter became NaN or infinite.
    #[error("{0}")]
    NotFinite(String),
    /// The caller asked for the work to stop. Nothing is lost but the step in progress.
    #[error("cancelled")]
    Cancelled,
    /// WebGPU does not exist here.
    #[error("{0}")]
    NoWebgpu(String),
    /// WebGPU exists but gives no adapter.
    #[error("{0}")]
    NoAdapter(String),
    /// The GPU went away in the middle of the work.
    #[error("{0}")]
    DeviceLost(String),
    /// The model or batch does not fit the memory there is.
    #[error("{0}")]
    OutOfMemory(String),
    /// Something was asked of a lab that has no model yet, or is busy with other work.
    #[error("{0}")]
    NotReady(String),
    /// A file could not be read or written.
    #[error("{0}")]
    Io(String),
}

/// The result of nearly every function of the crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The stable code, the same in Rust, JavaScript and on the wire between page and worker.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadInput(_) => "bad-input",
            Self::BadWeights { .. } => "bad-weights",
            Self::NotFinite(_) => "not-finite",
            Self::Cancelled => "cancelled",
            Self::NoWebgpu(_) => "no-webgpu",
            Self::NoAdapter(_) => "no-adapter",
            Self::DeviceLost(_) => "device-lost",
            Self::OutOfMemory(_) => "out-of-memory",
            Self::NotReady(_) => "not-ready",
            Self::Io(_) => "io",
        }
    }

    /// Shorthand for [`Error::BadInput`].
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// Shorthand for [`Error::BadWeights`].
    pub fn bad_weights(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadWeights { field: field.into(), message: message.into() }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.to_string())
    }
}
