//! The native half: divan's benchmarks, `lab bench`, PyTorch.
//!
//! Not here: what they measure (`benches/`, `src/bin/lab`).

use super::divan::{Reader, Timing};
use super::{Part, Plan, quiet, take_line};
use crate::kit::Kit;
use crate::setup::python;
use crate::shell::{ask, command, run_lines, say};
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that the workspace and benches/peers/burn-web pin.
const BURN: &str = "burn 0.22.1";

/// The `lab` commands that were built, each with its engines and what its help says.
pub struct Lab(Vec<Built>);

struct Built {
    program: PathBuf,
    help: String,
    engines: &'static [&'static str],
}

/// Builds what the plan measures natively; `None` where that is nothing.
pub fn build(kit: &Kit, plan: &Plan) -> Result<Option<Lab>> {
    if plan.has(Part::Rust) {
        crate::shell::run(divan_command(kit).arg("--no-run"))?;
    }
    let mut built = Vec::new();
    if plan.has(Part::Lab) || plan.has(Part::Kernels) {
        built.push(lab_command(kit, "native", &kit.place.native_target, &["cpu", "gpu"])?);
    }
    if plan.has(Part::Burn) && plan.build_burn {
        let features = std::fs::read_to_string(kit.place.root.join("Cargo.toml"))?;
        if features.lines().any(|line| line.starts_with("burn-wgpu =")) {
            // In a folder of its own: with the feature, half of the tree is built anew.
            let folder = kit.place.cache.join("target-burn");
            built.push(lab_command(kit, "native,burn-wgpu", &folder, &["burn-wgpu"])?);
        } else {
            say("Burn on wgpu natively is left out: the crate has no feature `burn-wgpu`");
        }
    }
    Ok((!built.is_empty()).then_some(Lab(built)))
}

fn lab_command(kit: &Kit, features: &str, folder: &Path, engines: &'static [&'static str]) -> Result<Built> {
    let mut cargo = kit.cargo();
    cargo.args(["build", "--release", "--bin", "lab", "--features", features]).env("CARGO_TARGET_DIR", folder);
    crate::shell::run(&mut cargo)?;
    let program = folder.join("release").join(format!("lab{}", std::env::consts::EXE_SUFFIX));
    let help = ask(Command::new(&program).args(["bench", "--help"])).unwrap_or_default();
    Ok(Built { program, help, engines })
}

/// Every engine and size of every `lab` that was built. A row is kept even if a later one fails.
pub fn lab(kit: &Kit, plan: &Plan, lab: &Lab, rows: &mut Vec<Value>) -> Result<()> {
    let sizes: &[&str] = if plan.quick { &["small", "nano"] } else { &["small", "mid", "nano", "micro"] };
    for built in &lab.0 {
        let ours = built.engines.contains(&"cpu");
        if !ours || plan.has(Part::Lab) {
            for engine in built.engines {
                for size in sizes.iter().filter(|size| ours || matches!(**size, "small" | "mid")) {
                    let mut words = vec!["--engine", engine, "--size", size];
                    if plan.quick && built.help.contains("--steps") {
                        words.extend(["--steps", "5"]);
                    }
                    measure(kit, plan, built, &words, &labels(engine, size), rows)?;
                }
            }
        }
        if ours && plan.has(Part::Kernels) {
            let known = built.help.contains("--kernels");
            let label = labels("kernels", "");
            if known { measure(kit, plan, built, &["--kernels"], &label, rows)? } else { rows.push(absent(&label)) }
        }
    }
    Ok(())
}

/// What a row is called where the program does not say it.
fn labels(engine: &str, size: &str) -> Value {
    let (name, backend) = if engine == "burn-wgpu" { (BURN, "wgpu") } else { ("ours", engine) };
    json!({ "where": "native", "engine": name, "backend": backend, "size": size })
}

fn absent(label: &Value) -> Value {
    labelled(&json!({ "status": "not built" }), label)
}

/// The label, and over it what the program printed.
fn labelled(row: &Value, label: &Value) -> Value {
    let mut whole = label.clone();
    if let (Some(whole), Some(row)) = (whole.as_object_mut(), row.as_object()) {
        whole.extend(row.clone());
    }
    whole
}

fn measure(kit: &Kit, plan: &Plan, built: &Built, words: &[&str], label: &Value, rows: &mut Vec<Value>) -> Result<()> {
    if built.help.is_empty() {
        rows.push(absent(label));
        return Ok(());
    }
    let mut label = label.clone();
    if let Some(busy) = quiet::wait(plan.patience) {
        label["busy_cores"] = json!(busy);
    }
    let mut command = command(&built.program);
    command.current_dir(&kit.place.root).arg("bench").args(words).arg("--json");
    let mut found = Vec::new();
    let good = run_lines(&mut command, &mut |line| take_line(line, &mut found))?;
    rows.extend(found.iter().map(|row| labelled(row, &label)));
    if !good || found.is_empty() {
        let why = if good { "printed no row" } else { "failed; its words stand above" };
        rows.push(labelled(&json!({ "error": format!("lab bench {} {why}", words.join(" ")) }), &label));
    }
    Ok(())
}

fn divan_command(kit: &Kit) -> Command {
    let mut command = kit.cargo();
    command.args(["bench", "--package", "soft-thinking-lab", "--features", "native", "--bench", "native"]);
    command
}

/// benches/native.rs, its tree passed on as it comes.
pub fn divan(kit: &Kit, plan: &Plan) -> Result<Vec<Timing>> {
    let mut command = divan_command(kit);
    if plan.quick {
        command.args(["--", "--sample-count", "3"]);
    }
    quiet::wait(plan.patience);
    let mut reader = Reader::default();
    let good = run_lines(&mut command, &mut |line| {
        println!("{line}");
        reader.line(line);
    })?;
    if !good {
        bail!("`cargo bench` failed");
    }
    Ok(reader.timings)
}

/// PyTorch on the shared work with one thread and two, and on the larger work (on a GPU where it sees one).
pub fn torch(kit: &Kit, plan: &Plan) -> Result<Vec<Value>> {
    let python = python::environment(kit.place, false)?;
    let folder = kit.place.root.join("benches/peers/torch");
    let steps =
        if plan.quick { ["--sizes", "small", "--steps", "10"] } else { ["--sizes", "small,mid", "--steps", "30"] };
    let mini: &[&str] = if plan.quick { &["--rollouts", "2", "--steps", "1"] } else { &[] };
    let mut rows = Vec::new();
    for (script, words) in [("step.py", &steps[..]), ("mini.py", mini)] {
        let busy = quiet::wait(plan.patience);
        let mut command = command(&python);
        command.arg(folder.join(script)).args(words).current_dir(&kit.place.root);
        let mut found = Vec::new();
        let good = run_lines(&mut command, &mut |line| take_line(line, &mut found))?;
        rows.extend(found.iter().map(|row| labelled(row, &json!({ "busy_cores": busy }))));
        if !good {
            rows.push(json!({ "engine": "PyTorch", "where": "native", "error": format!("{script} failed; its words stand above") }));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    #[test]
    fn a_program_may_name_itself_and_else_is_labelled() {
        let row = labelled(&json!({ "backend": "gpu, tiled", "first_ms": 3 }), &labels("gpu", "mid"));
        assert_eq!(
            (&row["engine"], &row["backend"], &row["size"]),
            (&json!("ours"), &json!("gpu, tiled"), &json!("mid"))
        );
        assert_eq!(labels("burn-wgpu", "small")["engine"], BURN);
        assert_eq!(absent(&labels("cpu", "nano"))["status"], "not built");
    }

    #[cfg(unix)]
    #[test]
    fn what_lab_bench_prints_becomes_rows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("xtask-lab-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let program = folder.join("lab");
        let script = "#!/bin/sh\n[ \"$3\" = gpu ] && exit 1\necho 'warming up'\necho '{\"adapter\":\"none\",\"update_ms\":[1,2]}'\n";
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let built =
            |help: &str| Lab(vec![Built { program: program.clone(), help: help.into(), engines: &["cpu", "gpu"] }]);
        let place = Place {
            root: folder.clone(),
            cache: folder.clone(),
            native_target: folder.clone(),
            wasm_target: folder.clone(),
        };
        let plan = Plan {
            parts: vec![Part::Lab, Part::Kernels],
            build_burn: false,
            quick: true,
            hardware: false,
            patience: 0,
        };
        let mut rows = Vec::new();
        lab(&Kit::new(&place), &plan, &built("Usage: lab bench"), &mut rows).unwrap();
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row["backend"].clone(), row["update_ms"][1].as_f64(), row["error"].is_string()))
            .collect();
        let [measured, broken] = [(json!("cpu"), Some(2.0), false), (json!("gpu"), None, true)];
        assert_eq!(found[..4], [measured.clone(), measured, broken.clone(), broken]);
        assert_eq!((&rows[4]["backend"], &rows[4]["status"]), (&json!("kernels"), &json!("not built")));

        rows.clear();
        lab(&Kit::new(&place), &plan, &built(""), &mut rows).unwrap();
        assert!(rows.len() == 5 && rows.iter().all(|row| row["status"] == "not built"), "{rows:?}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_version_of_burn_is_the_one_that_is_pinned() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for manifest in ["Cargo.toml", "benches/peers/burn-web/Cargo.toml"] {
            let text = std::fs::read_to_string(root.join(manifest)).unwrap();
            let version = BURN.trim_start_matches("burn ");
            assert!(text.contains(&format!("burn = {{ version = \"={version}\"")), "{manifest} has another Burn");
        }
        let plan = std::fs::read_to_string(root.join("benches/peers/plan.mjs")).unwrap();
        assert!(plan.contains(BURN.trim_start_matches("burn ")), "plan.mjs names another Burn");
    }
}
