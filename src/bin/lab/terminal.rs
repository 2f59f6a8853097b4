//! What a person (or a program, with `--json`) sees: lines, progress bars, errors, and Ctrl-C as a cancel.

use std::sync::atomic::Ordering;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use soft_thinking_lab::engine::Pulse;
use soft_thinking_lab::error::Error;

/// Where a command writes.
pub struct Terminal {
    json: bool,
    pulse: Pulse,
}

impl Terminal {
    /// Ctrl-C cancels the pulse once; a second one ends the program.
    pub fn new(json: bool) -> Self {
        let pulse = Pulse::default();
        let flag = pulse.flag();
        let handler = move || {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        };
        if let Err(error) = ctrlc::set_handler(handler) {
            eprintln!("Ctrl-C will end the program at once, without a last checkpoint: {error}");
        }
        Self { json, pulse }
    }

    /// The pulse that Ctrl-C cancels.
    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// A line for people; nothing with `--json`.
    pub fn say(&self, text: impl AsRef<str>) {
        if !self.json {
            println!("{}", text.as_ref());
        }
    }

    /// An object for programs; nothing without `--json`.
    pub fn object(&self, value: &impl Serialize) {
        if self.json {
            match serde_json::to_string(value) {
                Ok(line) => println!("{line}"),
                Err(error) => eprintln!("cannot be written as JSON: {error}"),
            }
        }
    }

    /// A progress bar on standard error; hidden with `--json`.
    pub fn bar(&self, length: usize, what: &'static str) -> ProgressBar {
        if self.json {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{prefix:>12} {wide_bar} {pos}/{len} {msg} [{elapsed} + {eta}]");
        let bar = ProgressBar::new(length as u64).with_prefix(what);
        match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// An error, with its code.
    pub fn error(&self, error: &Error) {
        self.object(&serde_json::json!({ "error": { "code": error.code(), "message": error.to_string() } }));
        if !self.json {
            eprintln!("error [{}]: {error}", error.code());
        }
    }
}

/// Seconds that this process has computed, on all its threads: what a step costs, whatever else the machine does. Starts at the first
/// look, like [`clock`].
pub fn processor_clock() -> f64 {
    static START: std::sync::OnceLock<cpu_time::ProcessTime> = std::sync::OnceLock::new();
    START.get_or_init(cpu_time::ProcessTime::now).elapsed().as_secs_f64()
}

/// Seconds since the program's first look at the clock.
pub fn clock() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64()
}
