//! `lab semantic-ids` as a user calls it: runs on made-up and on own data, an experiment that goes on where it stopped, errors.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn lab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab")).args(["--json", "semantic-ids"]).args(arguments).output().unwrap()
}

fn objects(output: &Output) -> Vec<Value> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refusal(arguments: &[&str]) -> String {
    let output = lab(arguments);
    assert_eq!(output.status.code(), Some(1));
    let error: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(error["error"]["code"], "bad-input");
    error["error"]["message"].as_str().unwrap().to_owned()
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_semantic").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

const SMALL: &[&str] =
    &["--set", "epochs=2", "--set", "codes=6", "--set", "hidden_size=16", "--set", "evaluation_epochs=1"];

#[test]
fn a_run_says_every_epoch_and_writes_it_all_down() {
    let out = folder("run").join("run.json");
    let path = out.to_str().unwrap();
    let own = [
        "run",
        "--arm",
        "dril-both",
        "--seed",
        "4",
        "--catalogue",
        "items=60",
        "--catalogue",
        "users=40",
        "--out",
        path,
    ];
    let lines = objects(&lab(&[&own[..], SMALL].concat()));
    assert_eq!(lines.len(), 3, "two epochs and the test");
    assert_eq!((&lines[0]["epoch"], &lines[2]["test"]["users"]), (&1.into(), &40.into()));
    let run: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!((&run["config"]["seed"], &run["config"]["arm"]), (&4.into(), &"dril-both".into()));
    assert_eq!(run["epochs"].as_array().unwrap().len(), 3, "the start too");
    assert_eq!(run["codes"].as_array().unwrap().len(), 60 * 3);
    assert_eq!(run["test"], lines[2]["test"]);
    let again = objects(&lab(&[&own[..9], SMALL].concat()));
    assert_eq!(again[2]["test"], lines[2]["test"], "a seed is a run");
}

#[test]
fn own_data_is_trained_on() {
    let folder = folder("own");
    let (mut items, mut interactions) = (String::from("item,a,b,c\n"), String::from("user,item,time\n"));
    for item in 0..20 {
        writeln!(items, "film-{item},{},{},{}", item % 4, (item * 7 % 5) as f64 / 2.0, item as f64 / 20.0).unwrap();
    }
    for user in 0..15 {
        for time in 0..6 {
            writeln!(interactions, "u{user},film-{},{time}", (user + 3 * time) % 20).unwrap();
        }
    }
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (items_file, met_file) = (file("items.csv", &items), file("met.csv", &interactions));
    let own = ["run", "--items", &items_file, "--interactions", &met_file];
    let lines = objects(&lab(&[&own[..], SMALL].concat()));
    assert_eq!(lines[2]["test"]["users"], 15);
    let holed = file("holed.csv", &items.replacen("film-3,3,", "film-3,NaN,", 1));
    let said = refusal(&["run", "--items", &holed, "--interactions", &met_file]);
    assert!(said.contains("items, line 5: item \"film-3\": expected a finite number, got \"NaN\""), "{said}");
    let lonely = file("lonely.csv", &format!("{interactions}solo,film-1,0\n"));
    let said = refusal(&["run", "--items", &items_file, "--interactions", &lonely]);
    assert!(said.contains("user \"solo\" has one interaction; expected at least 3"), "{said}");
}

#[test]
fn errors_name_the_value_and_the_fix() {
    for (arguments, wanted) in [
        (&["run", "--arm", "drill"][..], "arm: expected one of frozen, straight-through"),
        (&["run", "--set", "codes=1"], "codes: expected 2 to 1024 a level, got 1"),
        (&["run", "--set", "levels=12"], "levels: expected 1 to 8 for 400 items"),
        (&["run", "--set", "cods=8"], "unknown field `cods`"),
        (&["run", "--set", "codes"], "--set expects KEY=VALUE; got `codes`"),
        (&["run", "--set", "suffixes=1", "--set", "codes=4", "--set", "levels=2"], "suffixes tell apart no more"),
        (&["run", "--catalogue", "items=3"], "items: expected 8 to 20000, got 3"),
        (&["run", "--catalogue", "itms=30"], "unknown field `itms`"),
    ] {
        let said = refusal(arguments);
        assert!(said.contains(wanted), "{arguments:?}: {said}");
    }
}

#[test]
fn an_experiment_goes_on_where_it_stopped() {
    let folder = folder("experiment");
    let plan = folder.join("plan.toml");
    let text = r#"
name = "small"
title = "Small"
seeds = [1, 2]
against = ["frozen"]
[catalogue]
items = 60
users = 40
[settings]
codes = 6
epochs = 2
hidden_size = 16
[[arms]]
arm = "frozen"
[[arms]]
arm = "dril"
"#;
    std::fs::write(&plan, text).unwrap();
    let out = folder.join("out");
    let (plan, out_path) = (plan.to_str().unwrap(), out.to_str().unwrap());
    let first = objects(&lab(&["experiment", plan, "--out", out_path, "--only", "frozen-1"]));
    assert_eq!((&first[0]["runs"], &first[0]["runs_planned"]), (&1.into(), &4.into()));
    let kept = || std::fs::metadata(out.join("runs/frozen-1.json")).unwrap().modified().unwrap();
    let before = kept();
    let all = objects(&lab(&["experiment", plan, "--out", out_path]));
    assert_eq!((&all[0]["runs"], kept()), (&4.into(), before), "what is there is not done again");
    let summary: Value = serde_json::from_str(&std::fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
    assert_eq!(summary, all[0]);
    assert_eq!(summary["contrasts"].as_array().unwrap().len(), 4);
    // Another plan makes the runs anew.
    std::fs::write(plan, text.replace("epochs = 2", "epochs = 1")).unwrap();
    let other = objects(&lab(&["experiment", plan, "--out", out_path, "--summary"]));
    assert_eq!(other[0]["runs"], 0);
}

/// An adapter is promised by the feature `gpu`.
#[cfg(feature = "gpu")]
#[test]
fn the_gpu_trains_the_same_run() {
    let own = ["run", "--seed", "4", "--catalogue", "items=60", "--catalogue", "users=40"];
    let with = |engine: &str| objects(&lab(&[&own[..], &["--engine", engine], SMALL].concat()));
    let (cpu, gpu) = (with("cpu"), with("gpu"));
    for epoch in 0..2 {
        let [wanted, found] = [&cpu, &gpu].map(|lines| lines[epoch]["generation"].as_f64().unwrap());
        // A few updates of AdamW; an update is within 1e-3 (tests/gpu_semantic.rs).
        assert!((found - wanted).abs() <= 5e-3 * wanted, "{found}, on the CPU {wanted}");
        assert_ne!(found, wanted, "the same to the last bit: did the GPU compute?");
    }
    let wide = refusal(&["run", "--engine", "gpu", "--set", "suffixes=2000"]);
    assert!(wide.contains("vocab_size") && wide.contains("1024"), "{wide}");
}
