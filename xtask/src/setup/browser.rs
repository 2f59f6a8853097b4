//! A Chromium and the driver of the same version.
//!
//! Not here: the flags it is started with (`tests/webdriver.json`).

use super::version::Version;
use super::{announce, apt, node};
use crate::kit::{Browser, Kit};
use crate::shell::{ask, command, say};
use anyhow::{Result, bail};
use std::env;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

const CHROMES: [&str; 4] = ["chromium", "google-chrome", "google-chrome-stable", "chrome"];
const CHROMES_ELSEWHERE: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

pub fn browser(kit: &mut Kit) -> Result<()> {
    let own = kit.place.tools().join("browsers");
    if let Some(found) = find(&own) {
        kit.browser = Some(found);
        return Ok(());
    }
    announce("Chromium and its driver", "the tests run in a real browser");
    if apt::on_debian() {
        apt::install(&["chromium", "chromium-driver"], "a browser and the driver of the same version")?;
    } else {
        // Chrome for Testing: both of one version, in the cache, without rights. Needs Google's storage server.
        for what in ["chrome@stable", "chromedriver@stable"] {
            let path = own.to_string_lossy();
            if let Err(error) = node::run_once(kit, "@puppeteer/browsers", &["install", what, "--path", &path]) {
                say(&format!("{error:#}"));
            }
        }
    }
    kit.browser = find(&own);
    if kit.browser.is_none() {
        bail!(
            "no Chromium with a driver of the same version was found. Install both and, where they are not on PATH, set CHROME and \
             CHROMEDRIVER to them (macOS: brew install --cask google-chrome chromedriver; Windows: winget install Google.Chrome \
             Chromium.ChromeDriver; Debian: apt-get install chromium chromium-driver)"
        );
    }
    Ok(())
}

/// The pair named by CHROME and CHROMEDRIVER, else the first pair of one version.
fn find(own: &Path) -> Option<Browser> {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    if let (Some(chrome), Some(driver)) = (named("CHROME"), named("CHROMEDRIVER")) {
        return Some(Browser { chrome, driver });
    }
    let mut chromes: Vec<PathBuf> = named("CHROME").into_iter().collect();
    chromes.extend(CHROMES.iter().filter_map(|name| which::which(name).ok()));
    chromes.extend(CHROMES_ELSEWHERE.iter().map(PathBuf::from).filter(|path| path.is_file()));
    let mut drivers: Vec<PathBuf> = named("CHROMEDRIVER").into_iter().collect();
    drivers.extend(which::which("chromedriver").ok());
    for entry in WalkDir::new(own).max_depth(4).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        match entry.file_name().to_str() {
            Some("chrome" | "chrome.exe" | "Google Chrome for Testing") => chromes.push(entry.into_path()),
            Some("chromedriver" | "chromedriver.exe") => drivers.push(entry.into_path()),
            _ => {}
        }
    }
    for driver in &drivers {
        let Some(driver_version) = major(driver) else { continue };
        if let Some(chrome) = chromes.iter().find(|chrome| major(chrome) == Some(driver_version)) {
            return Some(Browser { chrome: chrome.clone(), driver: driver.clone() });
        }
    }
    None
}

fn major(program: &Path) -> Option<u32> {
    Version::find(&ask(command(program).arg("--version"))?).map(|version| version.0)
}
