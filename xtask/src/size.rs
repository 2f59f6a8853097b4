//! The size of the shipped wasm, as it is and as servers send it.
//!
//! Not here: building it (`wasm.rs`).

use crate::kit::Kit;
use crate::shell::{ask, say};
use crate::wasm::{self, Build};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The budget in bytes, compressed by brotli: what a first visit costs.
const BUDGET: u64 = 1_400_000;

/// Node has both compressors; brotli at its best (11), as a file that is compressed once and sent often.
const MEASURE: &str = "const z = require('node:zlib'), b = require('node:fs').readFileSync(process.argv[1]);\
    console.log(b.length, z.gzipSync(b, { level: 9 }).length, z.brotliCompressSync(b, { params: { \
    [z.constants.BROTLI_PARAM_QUALITY]: 11, [z.constants.BROTLI_PARAM_SIZE_HINT]: b.length } }).length)";

pub fn size(kit: &Kit) -> Result<()> {
    let wasm = wasm::build(kit, Build::Everyday)?;
    let [raw, gzip, brotli] = measure(kit, &wasm)?;
    say(&format!("{raw} bytes, {gzip} gzip, {brotli} brotli (budget {BUDGET}): {}", wasm.display()));
    if brotli > BUDGET {
        bail!("the wasm is {} bytes above its budget", brotli - BUDGET);
    }
    Ok(())
}

fn measure(kit: &Kit, file: &Path) -> Result<[u64; 3]> {
    let text =
        ask(kit.tool("node").args(["-e", MEASURE]).arg(file)).context("node could not read and compress the wasm")?;
    let numbers: Vec<u64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    <[u64; 3]>::try_from(numbers).map_err(|_| anyhow::anyhow!("expected three sizes from node, got `{text}`"))
}
