//! The rules of the house, held by reading the sources: floors, names, heads, sizes.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first. A module may use what stands before it; modules of one floor may use each other only
/// where `SAME_FLOOR` says so.
const FLOORS: &[&[&str]] = &[
    &["error"],
    &["math"],
    &["tasks"],
    &["model", "text"],
    &["weights"],
    &["engine"],
    &["decode"],
    &["train"],
    &["experiment", "scale_out"],
    &["verify"],
    &["semantic_id"],
    &["lab"],
    &["wasm"],
];

/// Longer than the habit, and why that is better than a split.
const LONG_FILES: &[&str] = &[];
const LONGEST: usize = 300;
const FORBIDDEN_NAMES: &[&str] = &["utils", "util", "common", "helpers", "misc", "manager"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// (path below src, text) of every source file of the crate.
fn crate_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    assert!(paths.len() > 40, "only {} source files found: the test looks in the wrong place", paths.len());
    let below = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (below(path), fs::read_to_string(path).unwrap())).collect()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The first part of every `crate::part` in a line of code.
fn mentions(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let parts = code.split("crate::").skip(1);
    parts.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}

#[test]
fn modules_use_only_lower_floors() {
    let mut seen = 0;
    for (path, text) in crate_sources() {
        let module = path.split('/').next().unwrap().trim_end_matches(".rs");
        let Some(own) = floor(module) else {
            assert!(module == "lib" || module == "bin", "{path}: `{module}` stands on no floor; add it to FLOORS");
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for part in mentions(line).iter().filter(|part| *part != module) {
                let Some(used) = floor(part) else { continue };
                seen += 1;
                assert!(used < own, "{path}:{}: `{module}` may not use `{part}`, which stands above it", number + 1);
            }
        }
    }
    assert!(seen > 100, "only {seen} uses were seen: the test does not read what it should");
}

#[test]
fn one_folder_names_the_tokenizers_crate() {
    let mut naming: Vec<String> =
        crate_sources().into_iter().filter(|(_, text)| text.contains("tokenizers::")).map(|(path, _)| path).collect();
    naming.sort();
    assert_eq!(naming, ["text/byte_level.rs", "text/letters.rs", "text/sentence_piece.rs", "text/words.rs"]);
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    for (path, text) in crate_sources() {
        assert!(text.starts_with("//! ") || path == "lib.rs", "{path} must open with a sentence of purpose");
        let name = Path::new(&path).file_stem().unwrap().to_string_lossy();
        assert!(!FORBIDDEN_NAMES.contains(&name.as_ref()), "{path}: a name must promise something");
        let lines = text.lines().count();
        assert!(lines <= LONGEST || LONG_FILES.contains(&path.as_str()), "{path} has {lines} lines; split it");
    }
}

#[test]
fn nothing_unwraps_outside_tests() {
    for (path, text) in crate_sources() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let bad = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("]
                .iter()
                .find(|bad| code.contains(*bad));
            assert!(bad.is_none(), "{path}:{}: {} outside a test", number + 1, bad.unwrap_or(&""));
        }
    }
}

/// A test file that no binary or script names would never run, and nothing would say so.
#[test]
fn every_test_file_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let native = fs::read_to_string(folder.join("native.rs")).unwrap();
    let modules: Vec<&str> = native.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() > 40, "only {} modules found in tests/native.rs", modules.len());
    for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_string_lossy();
        let alone =
            path.extension().is_none_or(|e| e != "rs") || ["native", "browser", "browser_gpu"].contains(&&*name);
        assert!(alone || modules.contains(&&*name), "tests/{name}.rs never runs: add `mod {name};` to tests/native.rs");
    }
    let page = fs::read_to_string(folder.join("page/package.json")).unwrap();
    for path in fs::read_dir(folder.join("page")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy();
        let times = page.split([' ', '"']).filter(|word| *word == name).count();
        assert!(
            times == 1 || !name.ends_with(".test.mjs"),
            "tests/page/package.json names {name} {times} times, not once"
        );
    }
}
