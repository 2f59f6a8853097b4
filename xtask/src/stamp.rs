//! Is this output made from these inputs? A stamp is a digest of the inputs, kept beside the cache, that answers it.
//!
//! Not here: which inputs belong to which output.

use crate::place::Place;
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Folders that hold products, never sources.
const PRODUCTS: [&str; 5] = ["node_modules", "target", "dist", ".git", "__pycache__"];

/// A digest being gathered. It guards against stale files, not against an adversary, so 64 bits of the standard hasher do.
#[derive(Default)]
pub struct Digest(DefaultHasher);

impl Digest {
    /// Adds a plain value: a version, a flag.
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds a file's bytes, or every source file's name and bytes below a folder in a fixed order. What is absent counts as absent.
    pub fn path(mut self, path: &Path) -> Result<Self> {
        let walk = WalkDir::new(path).sort_by_file_name().into_iter();
        for entry in
            walk.filter_entry(|entry| entry.depth() == 0 || !PRODUCTS.iter().any(|name| entry.file_name() == *name))
        {
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(path).unwrap_or(entry.path());
                name.to_string_lossy().hash(&mut self.0);
                let bytes = fs::read(entry.path()).with_context(|| format!("reading {}", entry.path().display()))?;
                bytes.hash(&mut self.0);
            }
        }
        "end".hash(&mut self.0);
        Ok(self)
    }

    pub fn finish(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// The kept stamp of one product of this checkout.
pub struct Stamp(PathBuf);

impl Stamp {
    /// Kept in the cache, one folder per checkout: `git clean` cannot leave half a stamp behind, nor a build ship one.
    pub fn of(place: &Place, name: &str) -> Self {
        let checkout = Digest::default().text(&place.root.to_string_lossy()).finish();
        Self(place.cache.join("stamps").join(checkout).join(name))
    }

    pub fn matches(&self, digest: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|kept| kept == digest)
    }

    pub fn keep(&self, digest: &str) -> Result<()> {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.0, digest).with_context(|| format!("writing {}", self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("src/node_modules")).unwrap();
        folder
    }

    fn digest(path: &Path) -> String {
        Digest::default().path(path).unwrap().finish()
    }

    #[test]
    fn a_digest_sees_contents_names_and_absence_but_no_products() {
        let folder = scratch("digest");
        let src = folder.join("src");
        let empty = digest(&src);
        fs::write(src.join("a.rs"), "one").unwrap();
        let one = digest(&src);
        assert_ne!(empty, one);
        fs::write(src.join("node_modules/x.js"), "product").unwrap();
        assert_eq!(digest(&src), one);
        fs::rename(src.join("a.rs"), src.join("b.rs")).unwrap();
        assert_ne!(digest(&src), one);
        assert_eq!(digest(&folder.join("absent")), digest(&folder.join("absent too")));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_stamp_matches_only_what_was_kept() {
        let folder = scratch("stamp");
        let place =
            Place { root: "/r".into(), cache: folder.clone(), native_target: "/t".into(), wasm_target: "/w".into() };
        let stamp = Stamp::of(&place, "site");
        assert!(!stamp.matches("1"));
        stamp.keep("1").unwrap();
        assert!(stamp.matches("1") && !stamp.matches("2"));
        assert!(!Stamp::of(&Place { root: "/other".into(), ..place }, "site").matches("1"));
        fs::remove_dir_all(folder).unwrap();
    }
}
