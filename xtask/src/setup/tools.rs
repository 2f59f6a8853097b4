//! wasm-pack, wasm-bindgen and wasm-opt, from the Rust and npm registries into the cache.
//!
//! wasm-pack would fetch the other two itself, from a place that not every network reaches; so they are there before it looks.
//! Not here: Node, which runs wasm-opt (`node.rs`).

use super::announce;
use super::version::{Version, locked};
use crate::kit::Kit;
use crate::shell::{ask, run, say};
use anyhow::{Context, Result};

/// The first wasm-pack that passes a named cargo profile on and looks for tools on PATH before it fetches them.
const WASM_PACK: Version = Version(0, 15, 0);
const WASM_PACK_INSTALLED: &str = "0.15.1";
/// The first wasm-opt known to read everything that current compilers emit.
const WASM_OPT: Version = Version(120, 0, 0);
const WASM_OPT_INSTALLED: &str = "132.0.0";

const GECKODRIVER_INSTALLED: &str = "0.37.1";

pub fn wasm_tools(kit: &mut Kit) -> Result<()> {
    wasm_pack(kit)?;
    wasm_bindgen(kit)?;
    wasm_opt(kit)
}

fn wasm_pack(kit: &mut Kit) -> Result<()> {
    kit.path.push(kit.place.tools().join("cargo/bin"));
    if version(kit, "wasm-pack").is_some_and(|version| version >= WASM_PACK) {
        return Ok(());
    }
    announce(
        &format!("wasm-pack {WASM_PACK_INSTALLED}"),
        "it builds the WebAssembly package (about two minutes, once)",
    );
    cargo_install(kit, "wasm-pack", WASM_PACK_INSTALLED, "cargo")
}

/// The version must equal that of the library in Cargo.lock: the two speak a private language.
fn wasm_bindgen(kit: &mut Kit) -> Result<()> {
    let lock = std::fs::read_to_string(kit.place.root.join("Cargo.lock")).context("reading Cargo.lock")?;
    let wanted = locked(&lock, "wasm-bindgen").context("Cargo.lock names no version of wasm-bindgen")?;
    // A folder for each version, so that checkouts of different age do not take it from each other.
    let folder = format!("wasm-bindgen-{wanted}");
    kit.path.push(kit.place.tools().join(&folder).join("bin"));
    kit.wasm_versions.push_str(&wanted);
    let there = |tool| version(kit, tool) == Version::find(&wanted);
    if there("wasm-bindgen") && there("wasm-bindgen-test-runner") {
        return Ok(());
    }
    announce(&format!("wasm-bindgen-cli {wanted}"), "it joins WebAssembly and JavaScript (about three minutes, once)");
    // In front of a copy of another version that the user may have.
    let own = kit.place.tools().join(&folder).join("bin");
    kit.path.insert(0, own);
    cargo_install(kit, "wasm-bindgen-cli", &wanted, &folder)
}

fn wasm_opt(kit: &mut Kit) -> Result<()> {
    let folder = kit.place.tools().join("npm");
    kit.path.push(folder.join("node_modules/.bin"));
    if version(kit, "wasm-opt").is_none_or(|version| version < WASM_OPT) {
        announce(
            &format!("binaryen {WASM_OPT_INSTALLED} (npm)"),
            "its wasm-opt makes the WebAssembly smaller and faster",
        );
        std::fs::create_dir_all(&folder)?;
        kit.path.insert(0, folder.join("node_modules/.bin"));
        run(kit
            .npm(&folder)
            .args(["install", "--no-audit", "--no-fund", "--prefix", "."])
            .arg(format!("binaryen@{WASM_OPT_INSTALLED}")))?;
    }
    let version = version(kit, "wasm-opt").context("wasm-opt does not answer after its installation")?;
    kit.wasm_versions.push_str(&format!(" wasm-opt {version}"));
    Ok(())
}

/// Mozilla's bridge from WebDriver to Firefox, through which wasm-pack runs its tests there.
pub fn geckodriver(kit: &mut Kit) -> Result<()> {
    kit.path.push(kit.place.tools().join("geckodriver/bin"));
    if version(kit, "geckodriver").is_none() {
        announce(
            &format!("geckodriver {GECKODRIVER_INSTALLED}"),
            "wasm-pack's tests of the GPU engine run in Firefox through it (about three minutes, once)",
        );
        cargo_install(kit, "geckodriver", GECKODRIVER_INSTALLED, "geckodriver")?;
    }
    Ok(())
}

fn version(kit: &Kit, tool: &str) -> Option<Version> {
    Version::find(&ask(kit.tool(tool).arg("--version"))?)
}

fn cargo_install(kit: &Kit, package: &str, version: &str, folder: &str) -> Result<()> {
    let command = || {
        let mut command = kit.tool("cargo");
        command.args(["install", package, "--version", version, "--root"]).arg(kit.place.tools().join(folder));
        // cargo's own temporary folder: these artifacts serve nobody afterwards. Outside the checkout, whose settings are not theirs.
        command.env_remove("CARGO_TARGET_DIR").current_dir(&kit.place.cache);
        command
    };
    if run(command().arg("--locked")).is_err() {
        say(&format!("{package}'s own lock file does not fit this registry; choosing versions anew"));
        run(&mut command())?;
    }
    Ok(())
}
