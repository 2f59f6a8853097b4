//! `wasm-pack.toml`: each key is a flag of `wasm-pack build`.
//!
//! Not here: running it (`wasm.rs`).

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The flags of `wasm-pack build`, in the order of the file's keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Flags(Table);

impl Flags {
    /// Reads `wasm-pack.toml` in the root of the checkout.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("wasm-pack.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let table: Table = text.parse()?;
        for (key, value) in &table {
            if key.is_empty() || !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                bail!("`{key}`: a key is a long flag of `wasm-pack build` without its dashes, as in `out-dir`");
            }
            if matches!(value, Value::Array(_) | Value::Table(_) | Value::Datetime(_) | Value::Float(_)) {
                bail!(
                    "`{key}`: expected true, false, a text or a whole number, as `wasm-pack build` takes it; found {}",
                    value.type_str()
                );
            }
        }
        if !matches!(table.get("out-dir"), Some(Value::String(_))) {
            bail!("`out-dir`: expected the folder that the package reads the wasm from, as in out-dir = \"web/wasm\"");
        }
        Ok(Self(table))
    }

    /// Leaves wasm-opt out: quicker to build, slower to run.
    #[must_use]
    pub fn without_wasm_opt(mut self) -> Self {
        self.0.insert("no-opt".into(), Value::Boolean(true));
        self
    }

    /// The folder the result goes to, below the root.
    pub fn out_dir(&self) -> PathBuf {
        self.0.get("out-dir").and_then(Value::as_str).unwrap_or("pkg").into()
    }

    /// The cargo profile these flags build with.
    pub fn profile(&self) -> &str {
        let on = |key| self.0.get(key).and_then(Value::as_bool).unwrap_or(false);
        match self.0.get("profile").and_then(Value::as_str) {
            Some(profile) => profile,
            None if on("dev") || on("debug") => "dev",
            None => "release",
        }
    }

    /// As arguments: `key = true` is `--key`, `key = false` is nothing, anything else is `--key value`.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        for (key, value) in &self.0 {
            match value {
                Value::Boolean(false) => {}
                Value::Boolean(true) => arguments.push(format!("--{key}")),
                Value::String(text) => arguments.extend([format!("--{key}"), text.clone()]),
                Value::Integer(number) => arguments.extend([format!("--{key}"), number.to_string()]),
                // `parse` let nothing else in.
                _ => {}
            }
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "target = \"web\"\nrelease = true\nout-dir = \"web/wasm\"\nno-typescript = false # said so\n";

    #[test]
    fn each_key_is_a_flag() {
        let flags = Flags::parse(FILE).unwrap();
        let mut arguments = flags.arguments();
        arguments.sort();
        assert_eq!(arguments, ["--out-dir", "--release", "--target", "web", "web/wasm"]);
        assert_eq!((flags.out_dir(), flags.profile()), ("web/wasm".into(), "release"));
    }

    #[test]
    fn the_profile_is_the_one_the_flags_choose() {
        let profile = |text: &str| Flags::parse(&format!("out-dir = \"pkg\"\n{text}")).unwrap().profile().to_owned();
        assert_eq!(profile(""), "release");
        assert_eq!(profile("dev = true"), "dev");
        assert_eq!(profile("profile = \"tiny\""), "tiny");
        assert!(Flags::parse(FILE).unwrap().without_wasm_opt().arguments().contains(&"--no-opt".to_owned()));
    }

    #[test]
    fn what_is_no_flag_is_refused_by_name() {
        for (text, named) in [
            ("out-dir = \"x\"\nfeatures = [\"a\"]", "features"),
            ("out-dir = \"x\"\nOut_Dir = \"y\"", "Out_Dir"),
            ("release = true", "out-dir"),
            ("out-dir = 3", "out-dir"),
        ] {
            let error = Flags::parse(text).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        assert!(Flags::parse("not toml").is_err());
    }

    #[test]
    fn the_file_of_this_repository_is_good() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let flags = Flags::read(root).unwrap();
        assert!(flags.arguments().windows(2).any(|pair| pair == ["--target", "web"]));
    }
}
