//! `cargo xtask interop`: our files opened by other people's libraries, which are Python's.
//!
//! Not here: the comparisons (`tests/interop/*.py`), their Python (`setup/python.rs`).

use crate::kit::Kit;
use crate::place::Place;
use crate::setup::{self, Needs, npm_install, python};
use crate::shell::{command, run, say};
use crate::site;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

pub fn interop(place: &Place, filter: Option<&str>) -> Result<()> {
    let scripts = scripts(&place.root.join("tests/interop"), filter)?;
    let python = python::environment(place, true)?;
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
