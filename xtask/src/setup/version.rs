//! Version numbers, as tools print them.
//!
//! Not here: which version is needed of what.

/// Up to three numbers, compared from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The first number with a point behind it, or alone, in what a tool prints: "Chromium 156.0.8078.79 built on Debian 12"
    /// is 156.0.8078, "v20.20.2" is 20.20.2, "wasm-opt version 132 (version_132)" is 132.0.0.
    pub fn find(text: &str) -> Option<Self> {
        text.split(|c: char| c.is_whitespace() || c == '(').find_map(|word| {
            let word = word.strip_prefix('v').unwrap_or(word);
            let mut numbers = word.split(['.', '-', '+']).map(|part| part.parse::<u32>());
            let major = numbers.next()?.ok()?;
            let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
            Some(Self(major, next(), next()))
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The version of a package in the text of a Cargo.lock.
pub fn locked(lock: &str, package: &str) -> Option<String> {
    let lock: toml::Table = lock.parse().ok()?;
    let packages = lock.get("package")?.as_array()?;
    let found = packages.iter().find(|entry| entry.get("name").and_then(|name| name.as_str()) == Some(package))?;
    found.get("version")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        for (text, version) in [
            ("v20.20.2", Version(20, 20, 2)),
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)", Version(156, 0, 8078)),
            ("ChromeDriver 156.0.8078.79 (5fa1a5c-refs/branch-heads)", Version(156, 0, 8078)),
            ("wasm-opt version 132 (version_132)", Version(132, 0, 0)),
            ("wasm-bindgen 0.2.130", Version(0, 2, 130)),
            ("rustc 1.97.0-nightly (e50aa6fba 2026-05-19)", Version(1, 97, 0)),
            ("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)", Version(1, 96, 0)),
        ] {
            assert_eq!(Version::find(text), Some(version), "{text}");
        }
        assert_eq!(Version::find("no number"), None);
        assert!(Version(20, 19, 0) <= Version(22, 0, 0) && Version(18, 20, 4) < Version(20, 19, 0));
    }

    #[test]
    fn the_lock_file_names_the_version() {
        let lock = "version = 4\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked(lock, "absent"), None);
        assert_eq!(locked("no lock", "wasm-bindgen"), None);
    }
}
