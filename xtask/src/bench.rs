//! `cargo xtask bench`: what the speed claims rest on, natively and in Chromium.
//!
//! Not here: the benchmarks (`benches/`, `tests/page/measure.mjs`).

use crate::kit::Kit;
use crate::setup::npm_install;
use crate::{shell, site};
use anyhow::Result;

pub fn bench(kit: &Kit, rest: &[String]) -> Result<()> {
    shell::run(kit.cargo().args(["bench", "--package", "soft-thinking-lab", "--features", "native"]).args(rest))?;
    site::build(kit)?;
    npm_install(kit, "tests/page")?;
    shell::run(kit.npm(&kit.place.root.join("tests/page")).args(["run", "measure"]))
}
