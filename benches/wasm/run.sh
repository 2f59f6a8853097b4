#!/bin/sh
# Builds the bench for wasm32 and times it in Chromium. Needs what `cargo xtask setup` puts in place, and `npm ci` in tests/page.
set -e
cd "$(dirname "$0")"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/soft-thinking-lab"
target="${CARGO_TARGET_DIR:-$cache/target}"
CARGO_TARGET_DIR="$target" cargo build --release --target wasm32-unknown-unknown
bindgen=$(ls "$cache"/tools/wasm-bindgen-*/bin/wasm-bindgen | tail -1)
"$bindgen" --target no-modules --out-dir "$target/wasm-bench" "$target/wasm32-unknown-unknown/release/lab_wasm_bench.wasm"
exec node run.mjs "$target/wasm-bench"
