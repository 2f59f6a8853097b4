//! The tools of this run: what set-up found or installed, and commands that use exactly those.
//!
//! Not here: finding and installing them (`setup/`).

use crate::place::Place;
use crate::shell;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A browser and the driver that fits it.
#[derive(Debug, Clone)]
pub struct Browser {
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

/// Which compiler builds for wasm32 (and lints, where the active toolchain has no clippy).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rust {
    /// The one that runs xtask.
    Active,
    /// Debian's, with a system root of our own at this path.
    Debian(PathBuf),
}

/// What the commands of this run are made from.
pub struct Kit<'a> {
    pub place: &'a Place,
    /// Folders in front of PATH, first wins.
    pub path: Vec<PathBuf>,
    pub wasm_rust: Rust,
    pub lint_rust: Rust,
    pub browser: Option<Browser>,
    pub firefox: Option<PathBuf>,
    /// Versions of all that shapes the wasm, for its stamp.
    pub wasm_versions: String,
}

impl<'a> Kit<'a> {
    pub fn new(place: &'a Place) -> Self {
        Self {
            place,
            path: Vec::new(),
            wasm_rust: Rust::Active,
            lint_rust: Rust::Active,
            browser: None,
            firefox: None,
            wasm_versions: String::new(),
        }
    }

    /// Any program in the root of the checkout, with the installed tools on PATH.
    pub fn tool(&self, program: &str) -> Command {
        self.with_path(program, &[])
    }

    /// Cargo for this machine.
    pub fn cargo(&self) -> Command {
        let mut command = self.tool("cargo");
        command.env("CARGO_TARGET_DIR", &self.place.native_target);
        command
    }

    /// A program that builds for wasm32: cargo or wasm-pack.
    pub fn wasm(&self, program: &str) -> Command {
        self.compiling(program, &self.wasm_rust, &self.place.wasm_target)
    }

    /// `cargo fmt` and native `cargo clippy`.
    pub fn lint(&self) -> Command {
        // Two compilers in one folder would be correct but would evict each other's proc macros.
        let target = if self.lint_rust == Rust::Active { &self.place.native_target } else { &self.place.wasm_target };
        self.compiling("cargo", &self.lint_rust, target)
    }

    /// npm in a folder of the checkout.
    pub fn npm(&self, folder: &Path) -> Command {
        // npm is `npm.cmd` on Windows, which only a search finds.
        let program = which::which_in("npm", Some(self.search(&[])), &self.place.root).unwrap_or_else(|_| "npm".into());
        let mut command = shell::command(program);
        command.current_dir(folder).env("PATH", self.search(&[]));
        if let Some(browser) = &self.browser {
            command.env("CHROME", &browser.chrome).env("CHROMEDRIVER", &browser.driver);
        }
        if let Some(firefox) = &self.firefox {
            command.env("FIREFOX", firefox);
        }
        command.env("DIST", self.place.dist());
        command
    }

    fn compiling(&self, program: &str, rust: &Rust, target: &Path) -> Command {
        let mut command = match rust {
            Rust::Active => self.tool(program),
            Rust::Debian(root) => {
                let mut command = self.with_path(program, &[root.join("bin")]);
                // The system root is ours, also for clippy, which does not go through the wrapper around rustc.
                command.env("SYSROOT", root).env_remove("RUSTUP_TOOLCHAIN").env_remove("LD_LIBRARY_PATH");
                command
            }
        };
        command.env("CARGO_TARGET_DIR", target);
        command
    }

    fn with_path(&self, program: &str, first: &[PathBuf]) -> Command {
        let search = self.search(first);
        let found = which::which_in(program, Some(&search), &self.place.root).unwrap_or_else(|_| program.into());
        let mut command = shell::command(found);
        command.current_dir(&self.place.root).env("PATH", search);
        command
    }

    fn search(&self, first: &[PathBuf]) -> OsString {
        let user = env::var_os("PATH").unwrap_or_default();
        let all = first.iter().chain(&self.path).cloned().chain(env::split_paths(&user));
        // Only a folder with the separator in its name cannot be joined; the user's PATH alone is then the best there is.
        env::join_paths(all).unwrap_or(user)
    }
}
