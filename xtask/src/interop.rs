//! `cargo xtask interop`: our files opened by other people's libraries. Python, in an environment of its own in the cache.
//!
//! Not here: the comparisons (`tests/interop/*.py`).

use crate::kit::Kit;
use crate::place::Place;
use crate::setup::{self, Needs, npm_install};
use crate::shell::{ask, command, run, say};
use crate::site;
use crate::stamp::{Digest, Stamp};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// PyTorch is pinned here and not in the requirements, because its CPU build has an index of its own.
const TORCH: &str = "2.15.0";
const TORCH_CPU: &str = "https://download.pytorch.org/whl/cpu";

pub fn interop(place: &Place, filter: Option<&str>) -> Result<()> {
    let scripts = scripts(&place.root.join("tests/interop"), filter)?;
    let python = environment(place)?;
    let kit = Kit::new(place);
    // The scripts call the `lab` command to write what they read back.
    run(kit.cargo().args(["build", "--features", "native", "--bin", "lab"]))?;
    let lab = place.native_target.join("debug").join(format!("lab{}", std::env::consts::EXE_SUFFIX));
    let exported = browser_export(place)?;
    let mut failed = Vec::new();
    for script in &scripts {
        let mut test = command(&python);
        test.arg(script)
            .current_dir(&place.root)
            .env("LAB", &lab)
            .env("BROWSER_EXPORT", &exported)
            .env("HF_HUB_OFFLINE", "1");
        if let Err(error) = run(&mut test) {
            say(&format!("{error:#}"));
            failed.push(script.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    println!("{} passed, {} failed", scripts.len() - failed.len(), failed.len());
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// A model trained two steps in Chromium and exported there.
fn browser_export(place: &Place) -> Result<PathBuf> {
    let kit = setup::ready(place, Needs::CHROMIUM)?;
    site::build(&kit)?;
    npm_install(&kit, "tests/page")?;
    let path = place.cache.join("browser-export.safetensors");
    run(kit.npm(&place.root.join("tests/page")).args(["run", "export", "--"]).arg(&path))?;
    Ok(path)
}

fn scripts(folder: &Path, filter: Option<&str>) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut scripts: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| wanted(path, filter)).collect();
    scripts.sort();
    if scripts.is_empty() {
        bail!("no script in {} fits", folder.display());
    }
    Ok(scripts)
}

/// Python files, except those that others import, which begin with an underscore.
fn wanted(path: &Path, filter: Option<&str>) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".py") && !name.starts_with('_') && filter.is_none_or(|part| name.contains(part))
}

/// The Python of the environment, which is made anew where the requirements changed.
fn environment(place: &Place) -> Result<PathBuf> {
    let requirements = place.root.join("xtask/interop-requirements.txt");
    let folder = place.cache.join("venv-interop");
    let python = if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python") };
    let stamp = Stamp::of(place, "interop");
    let digest = Digest::default().text(TORCH).path(&requirements)?.finish();
    if python.is_file() && stamp.matches(&digest) {
        return Ok(python);
    }
    say(&format!(
        "installing PyTorch {TORCH}, transformers and gguf into {}: they are the libraries that our files must open in (about 1 GB)",
        folder.display()
    ));
    let system =
        ["python3", "python"].into_iter().find(|name| ask(command(name).args(["-m", "venv", "--help"])).is_some());
    let system = system.context("Python 3 with its venv module is needed (Debian: apt-get install python3-venv)")?;
    run(command(system).args(["-m", "venv"]).arg(&folder))?;
    let pip = |arguments: &[&str]| run(command(&python).args(["-m", "pip", "install", "--quiet"]).args(arguments));
    let torch = format!("torch=={TORCH}");
    if pip(&["--index-url", TORCH_CPU, "--retries", "0", "--timeout", "15", &torch]).is_err() {
        say("PyTorch's own index is out of reach; taking the larger build of the Python registry");
        pip(&[&torch])?;
    }
    pip(&["-r", &requirements.to_string_lossy()])?;
    stamp.keep(&digest)?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_chosen_by_name() {
        assert!(wanted(Path::new("a/transformers_opens.py"), None));
        assert!(wanted(Path::new("a/transformers_opens.py"), Some("opens")));
        assert!(!wanted(Path::new("a/transformers_opens.py"), Some("gguf")));
        assert!(!wanted(Path::new("a/_shared.py"), None) && !wanted(Path::new("a/notes.md"), None));
    }
}
