//! The `lab` command as a user calls it: exit codes, `--json`, files that are written, runs that are resumed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/nano-chain_sum.gguf");

fn lab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn objects(output: &Output) -> Vec<serde_json::Value> {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn verify_prints_a_line_a_group_and_fails_when_a_number_is_off() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let reports = objects(&lab(&["--json", "verify", golden]));
    assert_eq!(reports.len(), 31);
    assert!(reports.iter().all(|r| r["cases"].as_u64() > Some(0)));
    let changed = folder("verify").join("pass_at_k.json");
    let file = std::fs::read_to_string(Path::new(golden).join("pass_at_k.json")).unwrap();
    std::fs::write(&changed, file.replacen("\"pass_at_k\": 0.0", "\"pass_at_k\": 0.1", 1)).unwrap();
    let output = lab(&["verify", changed.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("OUT OF TOLERANCE"));
}

#[test]
fn a_thought_is_printed_step_by_step() {
    let lines = objects(&lab(&["--json", "think", "--model", MODEL, "--question", "17+58-24="]));
    let (result, steps) = lines.split_last().unwrap();
    assert_eq!(result["expected"], "51");
    assert_eq!(result["steps"].as_u64(), Some(steps.len() as u64));
    assert_eq!(steps[0]["mixture"].as_array().unwrap().len(), 5);
}

#[test]
fn errors_name_the_key_and_the_code() {
    let cases = [
        (vec!["think", "--model", MODEL, "--policy", r#"{"kind":"soft","taw":1}"#], "bad-input", "taw"),
        (vec!["think", "--model", MODEL, "--question", "17+x"], "bad-input", "17+x"),
        (vec!["think", "--model", file!()], "bad-weights", "magic"),
        (vec!["train", "--model", MODEL, "--out", "/nowhere", "--set", "lerning_rate=1"], "bad-input", "lerning_rate"),
        (vec!["evaluate", "--model", MODEL, "--samples", "2", "--k", "0"], "bad-input", "`k`"),
    ];
    for (arguments, code, named) in cases {
        let output = lab(&arguments);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(message.contains(&format!("[{code}]")) && message.contains(named), "{arguments:?}: {message}");
    }
}

#[test]
fn a_run_writes_its_files_refuses_to_be_overwritten_and_resumes() {
    let out = folder("run");
    let out = out.to_str().unwrap();
    let start = ["--json", "train", "--model", MODEL, "--out", out, "--steps", "2", "--set", "eval_questions=4"];
    let metrics = objects(&lab(&start));
    assert_eq!(metrics.last().unwrap()["step"], 2);
    for name in ["config.json", "metrics.jsonl", "checkpoint.safetensors", "model.safetensors", "model.gguf"] {
        assert!(Path::new(out).join(name).exists(), "{name}");
    }
    let again = lab(&start);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stdout).contains("--resume"));
    let resumed = lab(&["--json", "train", "--out", out, "--resume"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    let trained = Path::new(out).join("model.gguf");
    let report = objects(&lab(&[
        "--json",
        "evaluate",
        "--model",
        trained.to_str().unwrap(),
        "--questions",
        "4",
        "--samples",
        "2",
    ]));
    assert_eq!(report[0]["questions"], 4, "the trained file still names its task");
}

#[test]
fn splits_and_own_questions_are_options() {
    let file = folder("own").join("my sums.jsonl");
    let lines = (10..60).map(|n| format!("{{\"question\":\"{n}+{n}=\",\"answer\":\"{}\"}}\n", 2 * n));
    std::fs::write(&file, lines.collect::<String>()).unwrap();
    let small = ["--json", "evaluate", "--model", MODEL, "--questions", "2", "--samples", "2"];
    for more in [
        &["--split", "ood"][..],
        &["--split", "train"],
        &["--train-split"],
        &["--own-questions", file.to_str().unwrap()],
    ] {
        assert_eq!(objects(&lab(&[&small[..], more].concat()))[0]["questions"], 2, "{more:?}");
    }
    assert!(!lab(&[&small[..], &["--split", "test"]].concat()).status.success());
    let out = folder("own-run");
    let run = [
        "--json",
        "train",
        "--model",
        MODEL,
        "--out",
        out.to_str().unwrap(),
        "--steps",
        "1",
        "--set",
        "eval_questions=2",
    ];
    let own = ["--own-questions", file.to_str().unwrap(), "--grader", "numeric", "--tolerance", "1"];
    objects(&lab(&[&run[..], &own].concat()));
    let config: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("config.json")).unwrap()).unwrap();
    assert_eq!(config["task"], "own_my_sums");
}

#[test]
fn a_warm_start_writes_a_model_with_its_provenance() {
    let out = folder("warm").join("tiny.gguf");
    let path = out.to_str().unwrap();
    let arguments =
        ["--json", "warm-start", "--task", "chain_sum", "--difficulty", "1", "--steps", "3", "--questions", "2"];
    objects(&lab(&[&arguments[..], &["--out", path]].concat()));
    let provenance: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.with_extension("json")).unwrap()).unwrap();
    assert_eq!(provenance["task"], "chain_sum");
    assert_eq!(provenance["held_out"]["soft"]["samples"], 32);
    assert!(std::fs::metadata(&out).unwrap().len() <= 200_000, "nano stays under 200 KB");
    let folder = out.with_extension("hf");
    objects(&lab(&["--json", "export", "--model", path, "--format", "hf", "--out", folder.to_str().unwrap()]));
    assert!(folder.join("tokenizer.json").exists() && folder.join("config.json").exists());
}
