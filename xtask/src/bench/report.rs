//! The record of a run: when, on what machine, from which commit; and the file it goes to.
//!
//! Not here: the rows.

use crate::kit::Kit;
use crate::shell::ask;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: u64 = 86_400;

/// What was known when the run began.
pub struct Start {
    seconds: u64,
    cache: PathBuf,
    machine: Value,
}

impl Start {
    pub fn now(kit: &Kit) -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let git = |words: &[&str]| ask(kit.tool("git").args(words));
        let commit = git(&["rev-parse", "--short=12", "HEAD"]);
        let changed = git(&["status", "--porcelain"]).is_none_or(|text| !text.is_empty());
        let machine = json!({
            "date": date(seconds / DAY),
            "processor": processor(),
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "system": system(),
            "rustc": ask(kit.tool("rustc").arg("--version")),
            "node": ask(kit.tool("node").arg("--version")),
            "browser": kit.browser.as_ref().and_then(|browser| ask(Command::new(&browser.chrome).arg("--version"))),
            "load_average": std::fs::read_to_string("/proc/loadavg").ok().map(|text| text.trim().to_owned()),
            "commit": commit,
            "changed": changed,
        });
        Self { seconds, cache: kit.place.cache.clone(), machine }
    }

    pub fn json(&self) -> &Value {
        &self.machine
    }

    /// In the cache: what is worth keeping is copied to `benches/results/<date>-<machine>.json`, or written there by `--out`.
    pub fn default_out(&self) -> PathBuf {
        let time = self.seconds % DAY;
        let name = format!("{}-{:02}{:02}.json", date(self.seconds / DAY), time / 3600, time / 60 % 60);
        self.cache.join("bench").join(name)
    }
}

pub fn write(path: &Path, report: &Value) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(report)? + "\n";
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

fn processor() -> Option<String> {
    let linux = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    linux.or_else(|| ask(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"])))
}

fn system() -> String {
    let pretty = std::fs::read_to_string("/etc/os-release").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(line.trim_matches('"').to_owned())
    });
    pretty.unwrap_or_else(|| format!("{} {}", std::env::consts::OS, std::env::consts::ARCH))
}

/// The date, in UTC, of a day counted from 1 January 1970.
fn date(day: u64) -> String {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (mut year, mut left) = (1970, day);
    while left >= 365 + u64::from(leap(year)) {
        left -= 365 + u64::from(leap(year));
        year += 1;
    }
    let months = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while left >= months[month] {
        left -= months[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let cases = [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (20_781, "2026-11-24"),
        ];
        for (day, text) in cases {
            assert_eq!(date(day), text);
        }
    }
}
