//! Form and lints: rustfmt, clippy for this machine and for wasm32, tsc, eslint and prettier. A warning is an error.
//!
//! Not here: tests (`test.rs`).

use crate::kit::Kit;
use crate::setup::{npm_install, wasm_lints};
use crate::shell;
use crate::tally::Tally;
use anyhow::{Result, bail};
use std::process::Command;

/// The folders with TypeScript or JavaScript, and the scripts each of them must have.
pub const NODE_FOLDERS: [&str; 4] = ["web", "www", "tests/page", "benches/peers"];
const NODE_CHECKS: [&str; 3] = ["typecheck", "lint", "format:check"];

/// `cargo xtask check`.
pub fn check(kit: &Kit) -> Result<()> {
    let failed = all(kit, true)?.failed;
    if failed > 0 {
        bail!("{failed} of the checks failed");
    }
    shell::say("all checks passed");
    Ok(())
}

/// Runs every check, the ones after a failure too, and counts them. `wasm`: clippy for wasm32 as well.
pub fn all(kit: &Kit, wasm: bool) -> Result<Tally> {
    let mut tally = Tally::default();
    for mut command in rust_checks(kit, wasm)? {
        tally.add(one(&mut command));
    }
    for folder in NODE_FOLDERS {
        if let Err(error) = npm_install(kit, folder) {
            shell::say(&format!("FAILED {error:#}"));
            tally.add(Tally::one(false));
            continue;
        }
        for script in NODE_CHECKS {
            tally.add(one(kit.npm(&kit.place.root.join(folder)).args(["run", "--silent", script])));
        }
    }
    Ok(tally)
}

fn rust_checks(kit: &Kit, wasm: bool) -> Result<Vec<Command>> {
    let mut format = kit.lint();
    format.args(["fmt", "--all", "--check"]);
    let mut native = kit.lint();
    native.args(["clippy", "--quiet", "--workspace", "--all-targets", "--features", "native", "--", "-D", "warnings"]);
    // No member of the workspace, and only its form is looked at: clippy would compile Burn's wgpu, ten minutes of it.
    let mut peer = kit.lint();
    peer.args(["fmt", "--check", "--manifest-path", "benches/peers/burn-web/Cargo.toml"]);
    let mut checks = vec![format, peer, native];
    if wasm {
        wasm_lints(kit)?;
        let mut clippy = kit.wasm("cargo");
        // Release: build scripts and macros are then those of the page's build.
        clippy.args([
            "clippy",
            "--quiet",
            "--release",
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            "soft-thinking-lab",
            "--lib",
        ]);
        if kit.place.root.join("tests/browser.rs").is_file() {
            clippy.args(["--test", "browser", "--test", "browser_gpu"]);
        }
        clippy.args(["--", "-D", "warnings"]);
        checks.push(clippy);
    }
    Ok(checks)
}

fn one(command: &mut Command) -> Tally {
    let result = shell::run(command);
    if let Err(error) = &result {
        shell::say(&format!("FAILED {error:#}"));
    }
    Tally::one(result.is_ok())
}
