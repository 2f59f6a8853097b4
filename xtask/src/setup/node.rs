//! Node and npm, and the npm packages of a folder.
//!
//! Not here: what is run with them.

use super::version::Version;
use super::{announce, apt};
use crate::kit::Kit;
use crate::shell::{ask, command, run, say};
use crate::stamp::{Digest, Stamp};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// What Vite and ESLint ask for.
const OLDEST: Version = Version(20, 19, 0);
/// What is fetched from the npm registry where the system's Node is older.
const INSTALLED: &str = "22.23.3";

/// Makes sure of a Node that is new enough, and of npm.
pub fn node(kit: &mut Kit) -> Result<()> {
    let own = kit.place.tools().join("node");
    let own_bin = own.join("node_modules").join(own_package()).join("bin");
    if good(kit) {
        return Ok(());
    }
    if own_bin.join("node").is_file() {
        kit.path.insert(0, own_bin.clone());
        if good(kit) {
            return Ok(());
        }
    }
    if !npm_answers(kit) && apt::here() {
        apt::install(&["nodejs", "npm"], "the page is built with Node's tools")?;
    }
    if !npm_answers(kit) {
        bail!(
            "Node {OLDEST} or newer with npm is needed to build the page: https://nodejs.org, or `brew install node`, \
             `winget install OpenJS.NodeJS.LTS`, or your distribution's packages"
        );
    }
    if !good(kit) {
        if !cfg!(target_os = "linux") {
            bail!(
                "Node {} is too old: {OLDEST} or newer is needed (https://nodejs.org)",
                found(kit).map_or_else(String::new, |v| v.to_string())
            );
        }
        announce(
            &format!("Node {INSTALLED} (from the npm registry, into the cache)"),
            &format!("the system's Node is older than {OLDEST}"),
        );
        std::fs::create_dir_all(&own)?;
        run(kit
            .npm(&own)
            .args(["install", "--no-audit", "--no-fund", "--prefix", "."])
            .arg(format!("{}@{INSTALLED}", own_package())))?;
        kit.path.insert(0, own_bin);
    }
    if !good(kit) {
        bail!("Node does not answer with {OLDEST} or newer after its installation");
    }
    Ok(())
}

/// The npm package that holds nothing but the program.
fn own_package() -> String {
    format!("node-linux-{}", if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" })
}

fn found(kit: &Kit) -> Option<Version> {
    Version::find(&ask(kit.tool("node").arg("--version"))?)
}

fn npm_answers(kit: &Kit) -> bool {
    ask(kit.npm(&kit.place.root).arg("--version")).is_some()
}

fn good(kit: &Kit) -> bool {
    found(kit).is_some_and(|version| version >= OLDEST) && npm_answers(kit)
}

/// Installs the npm packages of a folder of the checkout, where its lock file changed since the last time.
pub fn install(kit: &Kit, folder: &str) -> Result<()> {
    let path = kit.place.root.join(folder);
    if !path.join("package.json").is_file() {
        bail!("{folder}/package.json is missing: this checkout is not whole");
    }
    let lock = path.join("package-lock.json");
    let node = found(kit).context("node does not answer")?;
    let digest = Digest::default().text(&node.to_string()).path(&path.join("package.json"))?.path(&lock)?.finish();
    let stamp = Stamp::of(kit.place, &format!("npm-{}", folder.replace('/', "-")));
    if stamp.matches(&digest) && whole(&path) {
        return Ok(());
    }
    say(&format!("installing the npm packages of {folder}/ (its package-lock.json is new to this checkout)"));
    let verb = if lock.is_file() { "ci" } else { "install" };
    run(kit.npm(&path).args([verb, "--no-audit", "--no-fund"]))?;
    // `npm install` writes the lock file, so the digest is taken again.
    let digest = Digest::default().text(&node.to_string()).path(&path.join("package.json"))?.path(&lock)?.finish();
    stamp.keep(&digest)
}

/// npm writes this file last.
fn whole(folder: &Path) -> bool {
    folder.join("node_modules/.package-lock.json").is_file()
}

/// `npx` of the tools folder: a package that is run once.
pub fn run_once(kit: &Kit, package: &str, arguments: &[&str]) -> Result<()> {
    let mut command = command(which::which("npx").context("npx is missing beside npm")?);
    run(command.current_dir(&kit.place.cache).args(["--yes", package]).args(arguments))
}
