//! Every golden case of single formulas, against `math`. The counts are hard numbers, so that a file that lost its cases fails.
//!
//! Not here: whole models.

use soft_thinking_lab::verify::{verify_cases, verify_on_cpu};

/// The same cases through the CPU engine's own f32 operations.
#[test]
fn what_the_cpu_engine_computes_itself() {
    for (file, json, names) in [
        (
            "log_density.json",
            include_str!("golden/log_density.json"),
            &["log_density/value", "log_density/gradient"][..],
        ),
        (
            "rollout_step.json",
            include_str!("golden/rollout_step.json"),
            &["rollout_step/perturbed", "rollout_step/mixture", "rollout_step/projection", "rollout_step/entropy"],
        ),
    ] {
        let reports = verify_on_cpu(file, json).unwrap();
        let found: Vec<&str> = reports.iter().map(|r| r.group.trim_end_matches("/cpu")).collect();
        assert_eq!(found, names);
        for report in reports {
            assert!(report.passed() && report.cases == 40, "{report:?}");
        }
    }
    assert!(verify_on_cpu("kl.json", include_str!("golden/kl.json")).unwrap().is_empty());
}

/// Compares one file; `groups` are the names expected with how many cases each.
fn check(file: &str, json: &str, cases: usize, groups: &[&str]) {
    let reports = verify_cases(file, json).unwrap();
    let names: Vec<&str> = reports.iter().map(|report| report.group.as_str()).collect();
    assert_eq!(names, groups, "{file}: other groups than expected");
    for report in reports {
        println!(
            "{}: {} cases, error {:.1e} of {:.0e}",
            report.group, report.cases, report.max_error, report.tolerance
        );
        assert_eq!(report.cases, cases, "{file}: {} cases of {}", report.cases, report.group);
        assert!(report.passed(), "{file}: {report:?}");
    }
}

#[test]
fn rollout_step() {
    let groups =
        ["candidates", "perturbed", "mixture", "projection", "entropy"].map(|name| format!("rollout_step/{name}"));
    check("rollout_step.json", include_str!("golden/rollout_step.json"), 40, &groups.each_ref().map(String::as_str));
}

#[test]
fn log_density() {
    let groups = ["log_density/value", "log_density/gradient"];
    check("log_density.json", include_str!("golden/log_density.json"), 40, &groups);
}

#[test]
fn policy_loss() {
    let names = ["loss", "clip_fraction", "clip_fraction_lower", "approx_kl", "gradient"];
    let groups = names.map(|name| format!("policy_loss/{name}"));
    check("policy_loss.json", include_str!("golden/policy_loss.json"), 40, &groups.each_ref().map(String::as_str));
}

#[test]
fn advantage() {
    check("advantage.json", include_str!("golden/advantage.json"), 80, &["advantage/value"]);
}

#[test]
fn kl() {
    check("kl.json", include_str!("golden/kl.json"), 120, &["kl/value", "kl/gradient"]);
}

#[test]
fn pass_at_k() {
    check("pass_at_k.json", include_str!("golden/pass_at_k.json"), 380, &["pass_at_k/value"]);
}

#[test]
fn blocks() {
    check("quant_blocks.json", include_str!("golden/quant_blocks.json"), 10, &["blocks/values"]);
}

/// The comparison itself must be able to fail: one digit of one number, in the middle of a file, is found.
#[test]
fn a_changed_digit_is_found() {
    let json = include_str!("golden/advantage.json");
    let mut file: serde_json::Value = serde_json::from_str(json).unwrap();
    let changed = &mut file["cases"][40]["advantages"][3];
    *changed = (changed.as_f64().unwrap() + 1e-6).into();
    let reports = verify_cases("changed", &file.to_string()).unwrap();
    assert!(!reports[0].passed(), "{:?}", reports[0]);
}
