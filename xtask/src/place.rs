//! Where things are: the checkout, and the cache outside it that makes a second clone quick.
//!
//! Not here: what is put into those folders.

use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The folders of this run.
pub struct Place {
    /// The root of the checkout.
    pub root: PathBuf,
    /// Tools, the wasm32 library and build folders, shared by all checkouts of this user.
    pub cache: PathBuf,
    /// `CARGO_TARGET_DIR` of native builds.
    pub native_target: PathBuf,
    /// `CARGO_TARGET_DIR` of wasm builds; apart, because they may come from another compiler, and either would evict the other's files.
    pub wasm_target: PathBuf,
}

impl Place {
    /// Finds the checkout by the manifest cargo is running, and the cache by `XDG_CACHE_HOME` or the home folder.
    pub fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest.parent().context("the folder xtask/ has no parent")?.to_path_buf();
        let cache = cache_folder(env::var_os("XDG_CACHE_HOME").map(PathBuf::from), env::home_dir())
            .context("no home folder: set XDG_CACHE_HOME to a folder that may hold a few GB of build files")?;
        let chosen = env::var_os("CARGO_TARGET_DIR")
            .filter(|dir| !dir.is_empty())
            .map(|dir| env::current_dir().unwrap_or_default().join(dir));
        let (native_target, wasm_target) = target_folders(chosen, &cache);
        Ok(Self { root, cache, native_target, wasm_target })
    }

    /// The built site.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// What xtask itself installs, so that nothing of the user's is overwritten.
    pub fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }
}

/// `$XDG_CACHE_HOME/soft-thinking-lab`, else `~/.cache/soft-thinking-lab`. A relative `XDG_CACHE_HOME` is ignored, as its specification says.
fn cache_folder(xdg: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let base = xdg.filter(|dir| dir.is_absolute()).or_else(|| home.map(|home| home.join(".cache")))?;
    Some(base.join("soft-thinking-lab"))
}

/// The build folders: the user's own `CARGO_TARGET_DIR` and its neighbour, or two folders in the cache.
fn target_folders(chosen: Option<PathBuf>, cache: &Path) -> (PathBuf, PathBuf) {
    let native = chosen.unwrap_or_else(|| cache.join("target"));
    let mut name = native.file_name().unwrap_or_default().to_os_string();
    name.push("-wasm");
    let wasm = native.with_file_name(name);
    (native, wasm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_honours_xdg_and_falls_back_to_home() {
        let home = Some(PathBuf::from("/home/ada"));
        assert_eq!(cache_folder(Some("/var/c".into()), home.clone()), Some("/var/c/soft-thinking-lab".into()));
        assert_eq!(
            cache_folder(Some("relative".into()), home.clone()),
            Some("/home/ada/.cache/soft-thinking-lab".into())
        );
        assert_eq!(cache_folder(None, home), Some("/home/ada/.cache/soft-thinking-lab".into()));
        assert_eq!(cache_folder(None, None), None);
    }

    #[test]
    fn wasm_builds_have_their_own_folder() {
        let (native, wasm) = target_folders(None, Path::new("/c"));
        assert_eq!((native, wasm), ("/c/target".into(), "/c/target-wasm".into()));
        let (native, wasm) = target_folders(Some("/build".into()), Path::new("/c"));
        assert_eq!((native, wasm), ("/build".into(), "/build-wasm".into()));
    }
}
