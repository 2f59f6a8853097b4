//! The half in Chromium: our engines, jax-js, TensorFlow.js and Burn, each row in a browser of its own.
//!
//! Not here: the pages and the rows (`benches/peers`).

use super::{Part, Plan, take_line};
use crate::kit::Kit;
use crate::setup::npm_install;
use crate::shell::{run, run_lines, say};
use crate::wasm::{self, Build};
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::path::PathBuf;

const FOLDER: &str = "benches/peers";
const BURN: &str = "benches/peers/burn-web/Cargo.toml";
const WASM: &str = "wasm32-unknown-unknown";

/// What was built.
pub struct Pages {
    /// The folder with Burn's wasm, where it was built.
    burn: Option<PathBuf>,
    /// The names that `run.mjs` knows.
    engines: Vec<&'static str>,
}

/// Builds what the plan measures in Chromium; `None` where that is nothing.
pub fn build(kit: &Kit, plan: &Plan) -> Result<Option<Pages>> {
    let known = [(Part::Browser, "ours"), (Part::JaxJs, "jax-js"), (Part::Tfjs, "tfjs"), (Part::Burn, "burn")];
    let engines: Vec<&str> = known.into_iter().filter(|(part, _)| plan.has(*part)).map(|(_, name)| name).collect();
    if engines.is_empty() {
        return Ok(None);
    }
    npm_install(kit, FOLDER)?;
    if plan.has(Part::Browser) {
        wasm::build(kit, Build::Everyday)?;
    }
    let burn = if plan.has(Part::Burn) { burn(kit, plan.build_burn)? } else { None };
    Ok(Some(Pages { burn, engines }))
}

/// Burn's wasm: built where it was asked for by name, taken where it is there.
fn burn(kit: &Kit, build: bool) -> Result<Option<PathBuf>> {
    let folder = kit.place.cache.join("bench/burn-web");
    let product = folder.join("burn_web_bg.wasm");
    if build {
        say("building Burn's wgpu backend for the browser (about ten minutes, once)");
        // In a folder of its own: it is no member of the workspace.
        let target = kit.place.cache.join("target-burn-web");
        let mut cargo = kit.wasm("cargo");
        cargo.args(["build", "--release", "--locked", "--target", WASM, "--manifest-path", BURN]);
        run(cargo.env("CARGO_TARGET_DIR", &target))?;
        let linked = target.join(WASM).join("release/burn_web.wasm");
        let mut bindgen = kit.tool("wasm-bindgen");
        run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(linked))?;
        if !product.is_file() {
            bail!("wasm-bindgen ended well, but {} is not there", product.display());
        }
    }
    Ok(product.is_file().then_some(folder))
}

/// Every row of the chosen engines.
pub fn rows(kit: &Kit, plan: &Plan, pages: &Pages) -> Result<Vec<Value>> {
    let mut command = kit.npm(&kit.place.root.join(FOLDER));
    command.args(["run", "--silent", "peers", "--", "--only", &pages.engines.join(",")]);
    command.args(["--patience", &plan.patience.to_string(), "--out"]).arg(kit.place.cache.join("bench/pages"));
    if plan.quick {
        command.args(["--quick", "--sizes", "small,nano"]);
    }
    if plan.hardware {
        // On software `mini` takes minutes a step.
        command.args(["--hardware", "--sizes", "small,mid,nano,micro,mini"]);
    }
    if let Some(burn) = &pages.burn {
        command.arg("--burn").arg(burn);
    }
    let mut rows = Vec::new();
    if !run_lines(&mut command, &mut |line| take_line(line, &mut rows))? {
        rows.push(json!({ "engine": "Chromium", "where": "browser", "error": "benches/peers/run.mjs failed; its words stand above" }));
    }
    Ok(rows)
}
