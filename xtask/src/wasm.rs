//! The WebAssembly of the lab: built by wasm-pack into `web/wasm/`, tested by it in Chromium.
//!
//! Not here: the site around it (`site.rs`).

use crate::kit::Kit;
use crate::shell;
use crate::stamp::{Digest, Stamp};
use crate::tally::Tally;
use crate::wasm_pack::Flags;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

const WASM: &str = "wasm32-unknown-unknown";
/// The library's name in file names.
const LIBRARY: &str = "soft_thinking_lab";
/// For one test binary, start of the browser included; the runner's own limit is 20 s. Software WebGPU is slow.
const TEST_SECONDS: &str = "600";

/// How the wasm is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// As `wasm-pack.toml` says.
    Everyday,
    /// Without wasm-opt, for `serve --watch`.
    Watch,
}

/// Builds where the sources changed since the last time; returns the path of the wasm.
pub fn build(kit: &Kit, how: Build) -> Result<PathBuf> {
    let flags = Flags::read(&kit.place.root)?;
    let flags = match how {
        Build::Everyday => flags,
        Build::Watch => flags.without_wasm_opt(),
    };
    // Cargo knows best whether anything changed; what it links is the input of all that follows.
    shell::run(kit.wasm("cargo").args(["build", "--lib", "--target", WASM, "--profile", flags.profile()]))?;
    let folder = if flags.profile() == "dev" { "debug" } else { flags.profile() };
    let linked = kit.place.wasm_target.join(WASM).join(folder).join(format!("{LIBRARY}.wasm"));
    let product = kit.place.root.join(flags.out_dir()).join(format!("{LIBRARY}_bg.wasm"));
    let digest = Digest::default()
        .text(&flags.arguments().join(" "))
        .text(&kit.wasm_versions)
        .path(&kit.place.root.join("Cargo.toml"))?
        .path(&linked)?
        .finish();
    let stamp = Stamp::of(kit.place, "wasm");
    if !product.is_file() || !stamp.matches(&digest) {
        shell::run(kit.wasm("wasm-pack").arg("build").args(flags.arguments()))?;
        if !product.is_file() {
            bail!("wasm-pack ended well, but {} is not there", product.display());
        }
        stamp.keep(&digest)?;
    }
    Ok(product)
}

/// Runs `tests/browser.rs` and `tests/browser_gpu.rs` in headless Chromium.
pub fn test(kit: &Kit) -> Result<(bool, Tally)> {
    let browser = kit.browser.as_ref().context("no browser was set up")?;
    let json = webdriver_json(kit, "webdriver.json", "goog:chromeOptions", &browser.chrome)?;
    wasm_pack_test(kit, ["--chrome", "--chromedriver"], &browser.driver, &json, &["browser", "browser_gpu"])
}

/// Runs `tests/browser_gpu.rs` in headless Firefox, whose WGSL compiler is another one.
pub fn test_in_firefox(kit: &Kit) -> Result<(bool, Tally)> {
    let firefox = kit.firefox.as_ref().context("no Firefox was set up")?;
    let json = webdriver_json(kit, "webdriver-firefox.json", "moz:firefoxOptions", firefox)?;
    let driver = kit.find("geckodriver").context("no geckodriver was set up")?;
    wasm_pack_test(kit, ["--firefox", "--geckodriver"], &driver, &json, &["browser_gpu"])
}

fn wasm_pack_test(kit: &Kit, browser: [&str; 2], driver: &Path, json: &Path, tests: &[&str]) -> Result<(bool, Tally)> {
    if let Some(missing) = tests.iter().find(|name| !kit.place.root.join(format!("tests/{name}.rs")).is_file()) {
        bail!("tests/{missing}.rs is missing: this checkout is not whole");
    }
    let mut command = kit.wasm("wasm-pack");
    // Release: the dependencies are those of the page's build, and a training step in a debug build takes minutes.
    command.args(["test", "--headless", "--release", "--mode", "no-install"]).args(browser).arg(driver).arg("--");
    for name in tests {
        command.args(["--test", name]);
    }
    command
        .env("WASM_BINDGEN_TEST_TIMEOUT", TEST_SECONDS)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", json);
    shell::run_counting(&mut command)
}

/// A file of `tests/` with the browser's path: two browsers may be installed, and the driver would choose for itself.
fn webdriver_json(kit: &Kit, name: &str, options: &str, browser: &Path) -> Result<PathBuf> {
    let source = kit.place.root.join("tests").join(name);
    let text = fs::read_to_string(&source).with_context(|| format!("reading {}", source.display()))?;
    let path = kit.place.cache.join(name);
    fs::write(
        &path,
        with_binary(&text, options, &browser.to_string_lossy()).with_context(|| format!("tests/{name}"))?,
    )?;
    Ok(path)
}

fn with_binary(text: &str, options: &str, browser: &str) -> Result<String> {
    let mut json: serde_json::Value = serde_json::from_str(text).context("no JSON")?;
    let found = json.get_mut(options).and_then(serde_json::Value::as_object_mut);
    found.with_context(|| format!("expected an object under `{options}`"))?.insert("binary".into(), browser.into());
    Ok(json.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_named_beside_its_flags() {
        let text = r#"{"goog:chromeOptions":{"args":["--headless"]},"timeouts":{}}"#;
        let json = with_binary(text, "goog:chromeOptions", "/usr/bin/chromium").unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["goog:chromeOptions"]["binary"], "/usr/bin/chromium");
        assert_eq!(json["goog:chromeOptions"]["args"][0], "--headless");
        assert!(with_binary("{}", "goog:chromeOptions", "x").is_err());
    }
}
