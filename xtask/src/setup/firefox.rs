//! A Firefox: the page's tests run on the GPU engine in it too, since it compiles WGSL with another compiler than Chromium.
//!
//! Not here: the preferences it is started with (`tests/page/firefox.test.mjs`); its software GPU on Linux (`gpu.rs`).

use super::version::Version;
use super::{announce, apt, node};
use crate::kit::Kit;
use crate::shell::{ask, command, say};
use anyhow::{Result, bail};
use std::env;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

const NAMES: [&str; 2] = ["firefox-esr", "firefox"];
const ELSEWHERE: [&str; 2] =
    ["/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
/// Older ones lack WebGPU, or its switch does nothing.
const OLDEST: Version = Version(141, 0, 0);

pub fn firefox(kit: &mut Kit) -> Result<()> {
    let own = kit.place.tools().join("browsers");
    kit.firefox = find(&own);
    if kit.firefox.is_some() {
        return Ok(());
    }
    announce("Firefox", "the page is tested on the GPU engine in a second browser, with another WGSL compiler");
    if apt::on_debian() {
        apt::install(&["firefox-esr"], "a Firefox with WebGPU")?;
    } else {
        // Into the cache, without rights. Needs Mozilla's server.
        let path = own.to_string_lossy();
        if let Err(error) = node::run_once(kit, "@puppeteer/browsers", &["install", "firefox@stable", "--path", &path])
        {
            say(&format!("{error:#}"));
        }
    }
    kit.firefox = find(&own);
    if kit.firefox.is_none() {
        bail!(
            "no Firefox of version {} or newer was found. Install one and, where it is not on PATH, set FIREFOX to it (macOS: brew install \
             --cask firefox; Windows: winget install Mozilla.Firefox; Debian: apt-get install firefox-esr; Ubuntu's is a snap, which \
             tests cannot drive: take Mozilla's own archive)",
            OLDEST.0
        );
    }
    Ok(())
}

/// The one named by FIREFOX, else the first that is new enough and can be driven.
fn find(own: &Path) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = env::var_os("FIREFOX").map(PathBuf::from).into_iter().collect();
    found.extend(NAMES.iter().filter_map(|name| which::which(name).ok()));
    found.extend(ELSEWHERE.iter().map(PathBuf::from));
    for entry in WalkDir::new(own).max_depth(6).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        if matches!(entry.file_name().to_str(), Some("firefox" | "firefox.exe")) {
            found.push(entry.into_path());
        }
    }
    found.into_iter().filter(|path| path.is_file()).find(|path| !is_snap(path) && new_enough(path))
}

/// Ubuntu's, which sees neither the profile that a test makes nor its own files where the test looks for them. There
/// `/usr/bin/firefox` is a script that calls the snap.
fn is_snap(program: &Path) -> bool {
    let real = program.canonicalize().unwrap_or_else(|_| program.to_path_buf());
    let small = real.metadata().is_ok_and(|data| data.len() < 65_536);
    real.starts_with("/snap") || (small && std::fs::read(&real).is_ok_and(|bytes| calls_snap(&bytes)))
}

fn calls_snap(script: &[u8]) -> bool {
    script.starts_with(b"#!") && script.windows(6).any(|part| part == b"/snap/")
}

fn new_enough(program: &Path) -> bool {
    ask(command(program).arg("--version"))
        .and_then(|text| Version::find(&text))
        .is_some_and(|version| version >= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_calls_the_snap_is_not_a_firefox() {
        assert!(calls_snap(b"#!/bin/sh\nexec /snap/bin/firefox \"$@\"\n"));
        assert!(!calls_snap(b"#!/bin/sh\nexec /usr/lib/firefox-esr/firefox-esr \"$@\"\n"));
        assert!(!calls_snap(b"\x7fELF /snap/"));
    }

    #[test]
    fn the_version_is_read_as_firefox_prints_it() {
        assert!(Version::find("Mozilla Firefox 153.7.0esr").is_some_and(|version| version >= OLDEST));
        assert!(Version::find("Mozilla Firefox 128.14.0esr").is_some_and(|version| version < OLDEST));
    }
}
