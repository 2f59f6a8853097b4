//! A Python of our own in the cache, with PyTorch: for the files that other libraries must open, and for the peer of the benchmark.
//!
//! Not here: what is run with it (`interop.rs`, `bench/peers.rs`).

use crate::place::Place;
use crate::shell::{ask, command, run, say};
use crate::stamp::{Digest, Stamp};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// PyTorch is pinned here and not in the requirements, because its CPU build has an index of its own.
const TORCH: &str = "2.15.0";
const TORCH_CPU: &str = "https://download.pytorch.org/whl/cpu";
/// The versions of all else.
const REQUIREMENTS: &str = "xtask/interop-requirements.txt";

/// The Python with PyTorch and numpy, and with the libraries of `interop` where `libraries`; completed where something changed.
pub fn environment(place: &Place, libraries: bool) -> Result<PathBuf> {
    let folder = place.cache.join("venv");
    let python = if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python") };
    let requirements = place.root.join(REQUIREMENTS);
    let digest = Digest::default().text(TORCH).path(&requirements)?.finish();
    let stamp = |name: &str| Stamp::of(place, name);
    let there = |name: &str| python.is_file() && stamp(name).matches(&digest);
    let pip = |arguments: &[&str]| run(command(&python).args(["-m", "pip", "install", "--quiet"]).args(arguments));
    let requirements = requirements.to_string_lossy().into_owned();
    if !there("python-torch") {
        say(&format!(
            "installing PyTorch {TORCH} into {}: it opens our files and is a peer of the benchmark (about 1 GB; several, where only the \
             build for GPUs is in reach)",
            folder.display()
        ));
        create(&folder)?;
        let torch = format!("torch=={TORCH}");
        if pip(&["--index-url", TORCH_CPU, "--retries", "0", "--timeout", "15", &torch]).is_err() {
            say("PyTorch's own index is out of reach; taking the larger build of the Python registry");
            pip(&[&torch])?;
        }
        pip(&["--constraint", &requirements, "numpy"])?;
        stamp("python-torch").keep(&digest)?;
    }
    if libraries && !there("python-interop") {
        say("installing transformers and gguf beside it: they are the libraries that our files must open in");
        pip(&["-r", &requirements])?;
        stamp("python-interop").keep(&digest)?;
    }
    Ok(python)
}

fn create(folder: &Path) -> Result<()> {
    let system =
        ["python3", "python"].into_iter().find(|name| ask(command(name).args(["-m", "venv", "--help"])).is_some());
    let system = system.context("Python 3 with its venv module is needed (Debian: apt-get install python3-venv)")?;
    run(command(system).args(["-m", "venv"]).arg(folder))
}
