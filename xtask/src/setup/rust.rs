//! The wasm32 standard library, rustfmt and clippy: from rustup, or, where the Rust release server is out of reach, from Debian.
//!
//! Not here: cargo-installed tools (`tools.rs`).

use super::version::Version;
use super::{announce, apt};
use crate::kit::{Kit, Rust};
use crate::shell::{ask, command, run, say};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

const WASM: &str = "wasm32-unknown-unknown";
/// Debian's current Rust, as packaged for building browsers; its plain `rustc` is years older.
const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];
/// The oldest Rust that compiles this crate and its dependencies.
const OLDEST: Version = Version(1, 95, 0);

/// Makes sure that something here compiles for wasm32, with clippy for it where lints are wanted too.
pub fn wasm_library(kit: &mut Kit) -> Result<()> {
    kit.wasm_rust = find_wasm_library(kit)?;
    let rustc = ask(kit.wasm("rustc").arg("-vV")).context("`rustc -vV` failed: is the Rust toolchain whole?")?;
    kit.wasm_versions.push_str(&rustc);
    Ok(())
}

fn find_wasm_library(kit: &Kit) -> Result<Rust> {
    let toolchain = kit.place.cache.join("toolchain");
    if has_library(&mut command("rustc")) {
        return Ok(Rust::Active);
    }
    if debian_library_is_current(&toolchain) {
        return Ok(Rust::Debian(toolchain));
    }
    announce("the wasm32 standard library", "the lab runs in the browser as WebAssembly");
    if which::which("rustup").is_ok() {
        let added = run(command("rustup").args(["target", "add", WASM]).env_remove("RUST_BACKTRACE"));
        if added.is_ok() && has_library(&mut command("rustc")) {
            return Ok(Rust::Active);
        }
        say("rustup could not add it (is the Rust release server out of reach?)");
    }
    if !apt::here() {
        bail!(
            "the Rust library for {WASM} is missing and could not be added. With network access run\n\n    rustup target add {WASM}\n\n\
             or install it with what installed Rust (Fedora: rust-std-static-{WASM}; Arch: rust-wasm)"
        );
    }
    debian_library(&toolchain)?;
    Ok(Rust::Debian(toolchain))
}

/// True where this rustc has a wasm32 standard library: the file, not the promise of a list.
fn has_library(rustc: &mut std::process::Command) -> bool {
    let folder = ask(rustc.args(["--print", "target-libdir", "--target", WASM]));
    folder.is_some_and(|folder| holds_library(Path::new(&folder)))
}

fn holds_library(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// The built library belongs to the rustc that is installed now: an upgrade of the package makes it stale.
fn debian_library_is_current(toolchain: &Path) -> bool {
    let now = ask(command("/usr/bin/rustc").arg("-vV"));
    let then = fs::read_to_string(toolchain.join("built-for.txt")).ok();
    now.is_some() && now == then && has_library(&mut command(toolchain.join("bin/rustc")))
}

/// Builds the library from Debian's compiler and its own source, into a system root in the cache: `/usr` stays as it is.
fn debian_library(toolchain: &Path) -> Result<()> {
    apt::install(&DEBIAN_RUST, "a Rust compiler with its own source, to build that library from")?;
    let rustc =
        ask(command("/usr/bin/rustc").arg("-vV")).context("/usr/bin/rustc does not answer after its installation")?;
    let version = Version::find(&rustc).context("`/usr/bin/rustc -vV` names no version")?;
    if version < OLDEST {
        bail!(
            "Debian's rustc here is {version}, and at least {OLDEST} is needed: `apt-get upgrade`, or let rustup reach its server"
        );
    }
    // rust-lld is a link to the linker of the LLVM that rustc was built with, which is a package of its own.
    let linker = format!("lld-{}", llvm_major(&rustc).context("`rustc -vV` names no LLVM version")?);
    apt::install(&[&linker], "the linker that this compiler calls for WebAssembly")?;

    say("building the wasm32 standard library from that source (once, about a minute)");
    let scratch = toolchain.with_file_name("toolchain-build");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(
        scratch.join("Cargo.toml"),
        "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    // RUSTC_BOOTSTRAP: building the standard library is not a stable feature of cargo. `test`: else no test compiles.
    run(command("/usr/bin/cargo")
        .args(["build", "-Zbuild-std=std,panic_abort,test", "--target", WASM, "--release"])
        .current_dir(&scratch)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH"))?;
    lay_out(toolchain, &scratch.join("target").join(WASM).join("release/deps"), &rustc)?;
    fs::remove_dir_all(&scratch)?;
    if !has_library(&mut command(toolchain.join("bin/rustc"))) {
        bail!("the library was built, but {} does not find it", toolchain.join("bin/rustc").display());
    }
    Ok(())
}

/// A toolchain folder: Debian's programs, its libraries by link, and the new library beside them.
#[cfg(unix)]
fn lay_out(toolchain: &Path, built: &Path, rustc: &str) -> Result<()> {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let _ = fs::remove_dir_all(toolchain);
    let library = toolchain.join("lib/rustlib").join(WASM).join("lib");
    let programs = toolchain.join("bin");
    fs::create_dir_all(&library)?;
    fs::create_dir_all(&programs)?;
    for entry in fs::read_dir("/usr/lib/rustlib")?.flatten() {
        if entry.file_name() != WASM {
            symlink(entry.path(), toolchain.join("lib/rustlib").join(entry.file_name()))?;
        }
    }
    for entry in fs::read_dir(built)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(entry.path(), library.join(name))?;
        }
    }
    for program in ["cargo", "rustdoc", "cargo-clippy", "clippy-driver", "cargo-fmt", "rustfmt"] {
        symlink(Path::new("/usr/bin").join(program), programs.join(program))?;
    }
    let wrapper = programs.join("rustc");
    let root = toolchain.display();
    fs::write(
        &wrapper,
        format!(
            "#!/bin/sh\n# Debian's rustc, with a system root that has the wasm32 library.\nexec /usr/bin/rustc --sysroot '{root}' \"$@\"\n"
        ),
    )?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    // Last: its presence says that all of the above happened.
    fs::write(toolchain.join("built-for.txt"), rustc)?;
    Ok(())
}

#[cfg(not(unix))]
fn lay_out(_: &Path, _: &Path, _: &str) -> Result<()> {
    bail!("Debian's compiler can be used on Debian only")
}

fn llvm_major(rustc: &str) -> Option<u32> {
    let line = rustc.lines().find_map(|line| line.strip_prefix("LLVM version:"))?;
    Version::find(line).map(|version| version.0)
}

/// rustfmt and clippy of the active toolchain, or Debian's. For wasm32 clippy must come from the compiler of that library.
pub fn lints(kit: &mut Kit) -> Result<()> {
    let there = |tool: &str| ask(command("cargo").args([tool, "--version"])).is_some();
    if !there("fmt") || !there("clippy") {
        announce("rustfmt and clippy", "the code is checked for form and for common mistakes");
        let added = which::which("rustup").is_ok()
            && run(command("rustup").args(["component", "add", "rustfmt", "clippy"]).env_remove("RUST_BACKTRACE"))
                .is_ok();
        if !added || !there("fmt") || !there("clippy") {
            if !apt::here() {
                bail!(
                    "rustfmt or clippy is missing. With network access run\n\n    rustup component add rustfmt clippy\n"
                );
            }
            apt::install(&DEBIAN_RUST, "a Rust toolchain with the lints, as rustup's server is out of reach")?;
            apt::install(&["rustfmt-web", "rust-web-clippy"], "rustfmt and clippy themselves")?;
            kit.lint_rust = Rust::Debian(debian_root(kit)?);
        }
    }
    Ok(())
}

/// Clippy for the compiler that has the wasm32 library.
pub fn wasm_lints(kit: &Kit) -> Result<()> {
    if kit.wasm_rust != Rust::Active {
        apt::install(&["rust-web-clippy"], "clippy of the compiler that builds the WebAssembly")?;
    }
    Ok(())
}

fn debian_root(kit: &Kit) -> Result<PathBuf> {
    let toolchain = kit.place.cache.join("toolchain");
    if !debian_library_is_current(&toolchain) {
        debian_library(&toolchain)?;
    }
    Ok(toolchain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_follows_the_compiler() {
        let text = "rustc 1.96.0 (ac68faa20 2026-05-25)\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.8\n";
        assert_eq!(llvm_major(text), Some(22));
        assert_eq!(llvm_major("rustc 1.96.0"), None);
    }

    #[test]
    fn only_a_standard_library_counts() {
        let folder = std::env::temp_dir().join(format!("xtask-rustlib-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libcore-1.rlib"), "").unwrap();
        assert!(!holds_library(&folder));
        fs::write(folder.join("libstd-3a8a.rlib"), "").unwrap();
        assert!(holds_library(&folder));
        fs::remove_dir_all(&folder).unwrap();
        assert!(!holds_library(&folder));
    }
}
