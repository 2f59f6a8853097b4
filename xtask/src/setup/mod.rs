//! Set-up: looks for each thing needed, says what it installs and why, and leaves alone what is there.
//!
//! Every look asks for the real fact (a file, a version that answers), so a second run is quick and nothing is assumed.
//! Not here: what is done with the tools.

mod apt;
mod browser;
mod firefox;
mod gpu;
mod node;
pub mod python;
mod rust;
mod tools;
mod version;

use crate::kit::Kit;
use crate::place::Place;
use crate::shell;
use anyhow::Result;
pub use node::install as npm_install;
pub use rust::wasm_lints;

/// What a command needs.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// rustfmt and clippy.
    pub lints: bool,
    /// The wasm32 library.
    pub wasm: bool,
    /// Node and npm.
    pub node: bool,
    /// wasm-pack, wasm-bindgen and wasm-opt.
    pub wasm_tools: bool,
    /// A Chromium and its driver.
    pub browser: bool,
    /// A Firefox.
    pub firefox: bool,
    /// A Vulkan adapter, in software if there is no other.
    pub gpu: bool,
}

impl Needs {
    /// `test`: everything.
    pub const ALL: Self =
        Self { lints: true, wasm: true, node: true, wasm_tools: true, browser: true, firefox: true, gpu: true };
    /// `bench`, `interop`: everything that is driven through Chromium.
    pub const CHROMIUM: Self = Self { firefox: false, ..Self::ALL };
    /// `serve`, `build`, `size`.
    pub const SITE: Self = Self { lints: false, browser: false, gpu: false, ..Self::CHROMIUM };
    /// `check`.
    pub const CHECK: Self = Self { wasm_tools: false, browser: false, gpu: false, ..Self::CHROMIUM };
    /// `test --quick`.
    pub const QUICK: Self = Self { wasm: false, gpu: true, ..Self::CHECK };
}

/// Finds or installs what is needed.
pub fn ready(place: &Place, needs: Needs) -> Result<Kit<'_>> {
    std::fs::create_dir_all(&place.cache)?;
    let mut kit = Kit::new(place);
    if needs.lints {
        rust::lints(&mut kit)?;
    }
    if needs.wasm {
        rust::wasm_library(&mut kit)?;
    }
    if needs.node {
        node::node(&mut kit)?;
    }
    if needs.wasm_tools {
        tools::wasm_tools(&mut kit)?;
    }
    if needs.browser {
        browser::browser(&mut kit)?;
    }
    if needs.firefox {
        firefox::firefox(&mut kit)?;
        tools::geckodriver(&mut kit)?;
    }
    if needs.gpu {
        gpu::software_vulkan()?;
    }
    Ok(kit)
}

/// The announcement before anything is installed.
fn announce(what: &str, why: &str) {
    shell::say(&format!("installing {what}: {why}"));
}
