//! `cargo xtask test`: every test there is, one stage after the other, and one line at the end that sums them.
//!
//! A stage that fails does not stop the next; a stage whose files are missing, or that runs no test at all, is a failure.
//! Not here: the tests.

use crate::kit::Kit;
use crate::place::Place;
use crate::setup::{self, Needs, npm_install};
use crate::tally::Tally;
use crate::{check, models, shell, site, wasm};
use anyhow::{Result, bail};
use std::path::Path;
use std::time::Instant;

/// What one stage came to.
struct Outcome {
    name: &'static str,
    seconds: f64,
    good: bool,
    tally: Tally,
}

pub fn test(place: &Place, quick: bool) -> Result<()> {
    let started = Instant::now();
    let kit = setup::ready(place, if quick { Needs::QUICK } else { Needs::ALL })?;
    let mut outcomes = Vec::new();
    let mut stage = |name: &'static str, work: &dyn Fn() -> Result<(bool, Tally)>| {
        let begun = Instant::now();
        shell::say(&format!("--- {name}"));
        let (good, tally) = judge(work());
        let outcome = Outcome { name, seconds: begun.elapsed().as_secs_f64(), good, tally };
        shell::say(&line(&outcome));
        outcomes.push(outcome);
    };
    if !quick {
        // First, because the page's types and tests may read what it makes.
        stage("site build", &|| site::build(&kit).map(|()| (true, Tally::one(true))));
    }
    stage("checks", &|| check::all(&kit, !quick).map(|tally| (tally.failed == 0, tally)));
    stage("Rust, native", &|| native(&kit));
    stage("web/ unit tests", &|| node_tests(&kit, "web"));
    stage("www/ unit tests", &|| node_tests(&kit, "www"));
    if !quick && let Some(model) = models::smollm2(place)? {
        stage("a real language model", &|| language(&kit, &model));
    }
    if !quick {
        stage("Rust in Chromium (wasm-pack test)", &|| wasm::test(&kit));
        stage("the GPU engine in Firefox (wasm-pack test)", &|| wasm::test_in_firefox(&kit));
        stage("the page in Chromium and Firefox", &|| page(&kit));
    }
    summary(&outcomes, started.elapsed().as_secs_f64())
}

/// An error counts as one failed test; so does a failure that counted none, and a stage without a single test.
fn judge(result: Result<(bool, Tally)>) -> (bool, Tally) {
    match result {
        Err(error) => {
            shell::say(&format!("{error:#}"));
            (false, Tally::one(false))
        }
        Ok((good, mut tally)) => {
            let empty = tally.passed + tally.failed == 0;
            if empty {
                shell::say("not a single test was counted here, which is a failure");
            }
            if tally.failed == 0 && (!good || empty) {
                tally.failed = 1;
            }
            (tally.failed == 0, tally)
        }
    }
}

/// With the tests of the WGSL engine, which need an adapter: set-up has seen to it.
fn native(kit: &Kit) -> Result<(bool, Tally)> {
    shell::run_counting(kit.cargo().args(["test", "--workspace", "--features", "native", "--no-fail-fast"]))
}

/// In the build that the native tests have already: a second one of everything would take longer than these.
fn language(kit: &Kit, model: &Path) -> Result<(bool, Tally)> {
    let arguments = ["test", "--features", "native", "--test", "native", "smollm2::", "--", "--ignored"];
    shell::run_counting(kit.cargo().args(arguments).env("LAB_SMOLLM2", model))
}

fn node_tests(kit: &Kit, folder: &str) -> Result<(bool, Tally)> {
    npm_install(kit, folder)?;
    shell::run_counting(kit.npm(&kit.place.root.join(folder)).arg("test"))
}

fn page(kit: &Kit) -> Result<(bool, Tally)> {
    if !kit.place.dist().join("index.html").is_file() {
        bail!("the site was not built, so the page cannot be tested");
    }
    let folder = kit.place.root.join("tests/page");
    npm_install(kit, "tests/page")?;
    let (mut good, mut tally) = (true, Tally::default());
    // What measures time, or has a processor imitate a GPU, gets both cores.
    for part in ["together", "alone"] {
        let (well, counted) = shell::run_counting(kit.npm(&folder).args(["run", part]))?;
        good &= well;
        tally.add(counted);
    }
    Ok((good, tally))
}

fn line(outcome: &Outcome) -> String {
    let Tally { passed, failed, skipped } = outcome.tally;
    let word = if outcome.good { "ok" } else { "FAILED" };
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    format!("{word:6} {:7.1} s  {}: {passed} passed, {failed} failed{skipped}", outcome.seconds, outcome.name)
}

fn summary(outcomes: &[Outcome], seconds: f64) -> Result<()> {
    println!();
    let mut tally = Tally::default();
    for outcome in outcomes {
        shell::say(&line(outcome));
        tally.add(outcome.tally);
    }
    shell::say(&format!("{seconds:.0} s in all"));
    println!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    let failed: Vec<&str> = outcomes.iter().filter(|outcome| !outcome.good).map(|outcome| outcome.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join("; "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_never_counted_as_nothing() {
        let counted = |passed, failed| Tally { passed, failed, skipped: 0 };
        assert_eq!(judge(Ok((true, counted(3, 0)))), (true, counted(3, 0)));
        assert_eq!(judge(Ok((false, counted(3, 0)))), (false, counted(3, 1)));
        assert_eq!(judge(Ok((false, counted(3, 2)))), (false, counted(3, 2)));
        assert_eq!(judge(Ok((true, counted(0, 0)))), (false, counted(0, 1)));
        assert_eq!(judge(Err(anyhow::anyhow!("missing"))), (false, counted(0, 1)));
    }

    #[test]
    fn the_summary_fails_when_a_stage_did() {
        let outcome = |name, good| Outcome { name, seconds: 1.0, good, tally: Tally::one(good) };
        assert!(summary(&[outcome("a", true)], 1.0).is_ok());
        let error = summary(&[outcome("a", true), outcome("b", false)], 1.0).unwrap_err().to_string();
        assert_eq!(error, "failed: b");
    }
}
