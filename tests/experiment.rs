//! An experiment from a plan to its tables, on the CPU engine with few steps.
//!
//! Not here: intervals (`math/bootstrap.rs`), the command (`cli.rs`).

use std::path::Path;

use serde_json::json;
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::{Engine, Pulse};
use soft_thinking_lab::experiment::{Plan, RunRecord, run_arm, summarise};
use soft_thinking_lab::lab::{ArmOptions, ArmStep, EngineChoice, Lab};
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::weights::Checkpoint;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn shipped() -> Checkpoint {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models/nano-chain_sum.gguf");
    soft_thinking_lab::weights::read(&std::fs::read(path).unwrap()).unwrap()
}

fn plan(change: impl Fn(&mut serde_json::Value)) -> Result<Plan, serde_json::Error> {
    let mut value = json!({
        "name": "test", "title": "A test", "seeds": [3, 4],
        "tasks": [{ "task": "chain_sum", "model": "nano-chain_sum.gguf", "known": ["number_sorting/3"] }],
        "train": { "max_steps": 3, "generation_batch_size": 16, "num_generations": 4 },
        "evaluate": { "questions": 6, "samples": 4, "k": [1, 2, 4], "every": 2, "modes": ["hard-greedy", "soft-sample"],
            "mode_questions": 3,
        },
        "arms": [
            { "name": "base", "title": "Untrained", "policy": "discrete" },
            { "name": "grpo", "title": "GRPO", "train": { "preset": "grpo" } },
            { "name": "soft", "title": "SofT-GRPO", "train": { "preset": "softgrpo-code" } },
        ],
    });
    change(&mut value);
    serde_json::from_value(value)
}

fn no_clock() -> f64 {
    0.0
}

fn records(plan: &Plan) -> Vec<RunRecord> {
    let checkpoint = shipped();
    let tokenizer = Tokenizer::from_json(checkpoint.tokenizer_json.as_ref().unwrap()).unwrap();
    let mut engine = CpuEngine::new(&checkpoint.config, checkpoint.params.clone()).unwrap();
    let mut one = |job| {
        let pulse = Pulse::default();
        block_on(run_arm(&mut engine, &tokenizer, &checkpoint.params, &job, no_clock, &pulse, &mut |_| ())).unwrap()
    };
    plan.jobs().map(&mut one).collect()
}

#[test]
fn every_run_is_repeatable_traceable_and_summarised() {
    let plan = plan(|_| ()).unwrap();
    plan.validate(64).unwrap();
    let found = records(&plan);
    assert_eq!(found, records(&plan), "the same plan gives the same records");
    assert_eq!(found.len(), 6);
    for (record, job) in found.iter().zip(plan.jobs()) {
        assert!(record.is_of(&job).unwrap(), "{}", job.id());
        let text = serde_json::to_string(record).unwrap();
        let back: RunRecord = serde_json::from_str(&text).unwrap();
        assert!(back.is_of(&job).unwrap(), "a record survives its file");
        assert_eq!(
            (&back.curve.len(), &back.evaluations[0].correct),
            (&record.curve.len(), &record.evaluations[0].correct)
        );
        let steps = if record.arm == "base" { 0 } else { 3 };
        assert_eq!(record.curve.len(), steps);
        // Trained arms are also measured on the way; all at the end, and in every mode.
        let own = record.evaluations.iter().filter(|e| e.mode == "own").map(|e| e.step).collect::<Vec<_>>();
        assert_eq!(own, if steps == 0 { vec![0] } else { vec![0, 2, 3] });
        assert_eq!(record.evaluations.len(), own.len() + 2);
        assert!(
            record.evaluations.iter().all(|e| {
                e.correct.len() == if e.mode == "own" { 6 } else { 3 } && e.correct.iter().all(|c| *c <= 4)
            })
        );
        assert_eq!(record.known.len(), 1);
        assert_eq!(record.known[0].before == record.known[0].after, steps == 0, "only training changes what was known");
    }
    let other = Plan { train: serde_json::Map::from_iter([("max_steps".into(), json!(4))]), ..plan.clone() };
    let changed = other.jobs().nth(1).unwrap();
    assert!(!found[1].is_of(&changed).unwrap(), "a run of another budget is made anew");

    let summary = summarise(&plan, &found, &["base", "grpo"]).unwrap();
    assert_eq!(summary, summarise(&plan, &found, &["base", "grpo"]).unwrap());
    let task = &summary.tasks[0];
    assert_eq!((summary.runs, task.arms.len(), task.guessing.len()), (6, 3, 3));
    for arm in &task.arms {
        for measured in &arm.measured {
            let means: Vec<f64> = measured.pass_at_k.iter().map(|at| at.value.mean).collect();
            assert!(means.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12), "pass@k grows with k: {means:?}");
            assert!(
                measured.pass_at_k.iter().all(|at| at.value.low <= at.value.mean && at.value.mean <= at.value.high)
            );
        }
    }
    let contrast = |a: &str, b: &str, k: usize| {
        task.contrasts.iter().find(|c| (c.a.as_str(), c.b.as_str(), c.k) == (a, b, k)).unwrap().value
    };
    let own = |arm: &str, place: usize| {
        let arm = task.arms.iter().find(|found| found.arm == arm).unwrap();
        arm.measured.iter().rfind(|m| m.mode == "own").unwrap().pass_at_k[place].value.mean
    };
    for (k, place) in [(1, 0), (4, 2)] {
        assert!((contrast("soft", "grpo", k).mean - (own("soft", place) - own("grpo", place))).abs() <= 1e-12);
        assert_eq!(contrast("grpo", "base", k).mean, -contrast("base", "grpo", k).mean);
    }
    let met = |equal: &str| task.meetings.iter().filter(|m| m.equal == equal).count();
    assert_eq!(met("compute"), 2, "both trained arms meet at equal compute");
    assert!(met("reward") <= 2, "and at equal reward, where they were measured before it");
}

#[test]
fn an_arm_that_never_earns_anything_does_not_set_the_reward_at_which_the_others_meet() {
    let plan = plan(|p| {
        p["arms"][0] = json!({ "name": "lost", "title": "Lost", "train": { "preset": "grpo" } });
    })
    .unwrap();
    let mut found = records(&plan);
    for record in &mut found {
        let rewards = if record.arm == "lost" { [0.0, 0.0, 0.01] } else { [0.3, 0.4, 0.5] };
        for (row, reward) in record.curve.iter_mut().zip(rewards) {
            row.insert("reward".into(), json!(reward));
        }
    }
    let summary = summarise(&plan, &found, &["grpo"]).unwrap();
    let met: Vec<_> = summary.tasks[0].meetings.iter().filter(|m| m.equal == "reward").collect();
    assert_eq!(met.iter().map(|m| m.arm.as_str()).collect::<Vec<_>>(), ["grpo", "soft"]);
    assert!(met.iter().all(|m| (m.value - 0.4).abs() < 1e-9), "{met:?}"); // smoothed over what there is
}

#[test]
fn summaries_leave_out_what_is_not_there_yet() {
    let plan = plan(|_| ()).unwrap();
    let found = records(&plan);
    let summary = summarise(&plan, &found[..2], &["base"]).unwrap();
    assert_eq!((summary.runs, summary.runs_planned, summary.tasks[0].arms.len()), (2, 6, 2));
    assert!(summarise(&plan, &[], &["base"]).unwrap().tasks.is_empty());
}

#[test]
fn plans_that_make_no_sense_are_named() {
    type Change = fn(&mut serde_json::Value);
    let cases: &[(Change, &str)] = &[
        (|p| p["arms"][1]["name"] = json!("base"), "two arms"),
        (|p| p["arms"][1]["name"] = json!("a/b"), "letters"),
        (|p| p["arms"][0] = json!({ "name": "x", "title": "x" }), "`train` or `policy`"),
        (|p| p["arms"][1]["train"]["presett"] = json!("grpo"), "preset"),
        (|p| p["arms"][1]["train"]["preset"] = json!("grppo"), "grpo"),
        (|p| p["arms"][1]["train"]["gumbel_temperature"] = json!(0.5), "gumbel_temperature"),
        (|p| p["tasks"][0]["task"] = json!("chain_sums"), "chain_sum"),
        (|p| p["evaluate"]["k"] = json!([1, 9]), "`k`"),
        (|p| p["evaluate"]["modes"] = json!(["sotf"]), "modes"),
        (|p| p["seeds"] = json!([]), "`seeds`"),
    ];
    for (change, part) in cases {
        let error = plan(change).unwrap().validate(64).unwrap_err();
        assert!(error.code() == "bad-input" && error.to_string().contains(part), "{part}: {error}");
    }
    assert!(plan(|p| p["arms"][0]["tilte"] = json!("x")).unwrap_err().to_string().contains("tilte"));
}

/// A lab with the shipped model, which an experiment's arms start from.
fn lab() -> Lab {
    let mut lab = Lab::new(EngineChoice::Cpu, Some(7), no_clock).unwrap();
    block_on(lab.load_checkpoint(shipped(), &mut |_, _| ())).unwrap();
    lab
}

#[test]
fn a_run_taken_to_pieces_and_into_another_lab_at_each_of_them_is_the_same_run() {
    let plan = plan(|_| ()).unwrap();
    for expected in records(&plan).into_iter().take(3) {
        let options = ArmOptions { plan: plan.clone(), task: "chain_sum".into(), arm: expected.arm.clone(), seed: 3 };
        let mut here = lab();
        let steps = here.start_arm(&options).unwrap();
        assert_eq!(steps, if expected.arm == "base" { 0 } else { 3 });
        let mut pieces = Vec::new();
        loop {
            let step = block_on(here.arm_step(&Pulse::default(), &mut |at| assert!(at.done <= at.total))).unwrap();
            match step {
                ArmStep::Started { .. } => pieces.push("started"),
                ArmStep::Trained { .. } => pieces.push("trained"),
                ArmStep::Measured => pieces.push("measured"),
                ArmStep::Done => break,
            }
            // As after a reload: the record by way of its file, the run by way of its checkpoint. Not after the last piece, what was
            // known, whose being done is the one thing that no record tells: it would be done again each time.
            if here.arm_record().unwrap().evaluations.len() == expected.evaluations.len() {
                continue;
            }
            let record = serde_json::from_str(&serde_json::to_string(here.arm_record().unwrap()).unwrap()).unwrap();
            let checkpoint = here.run().is_some().then(|| block_on(here.save_run()).unwrap());
            here = lab();
            block_on(here.resume_arm(&options, record, checkpoint.as_deref())).unwrap();
        }
        let count = |what: &str| pieces.iter().filter(|piece| **piece == what).count();
        assert_eq!((count("started"), count("trained")), (usize::from(steps > 0), steps));
        assert_eq!(
            count("measured"),
            expected.evaluations.len() + 2,
            "evaluations, and the known task before and after"
        );
        let found = here.arm_record().unwrap();
        let tries = |record: &RunRecord| {
            record.evaluations.iter().map(|e| (e.step, e.split, e.mode.clone(), e.correct.clone())).collect::<Vec<_>>()
        };
        assert_eq!(tries(found), tries(&expected));
        for (row, other) in found.curve.iter().zip(&expected.curve) {
            for key in ["reward", "grad_norm", "entropy", "step"] {
                let (row, other) = (row[key].as_f64().unwrap(), other[key].as_f64().unwrap());
                // Each way through the text of a file may cost a unit in the last place.
                assert!((row - other).abs() <= 1e-14 * other.abs().max(1.0), "{key}: {row}, not {other}");
            }
        }
        assert_eq!((found.curve.len(), found.known.len()), (steps, 1));
        assert_eq!(found.known[0].after, expected.known[0].after);
        assert!(found.is_of(&plan.jobs().find(|job| job.arm.name == expected.arm).unwrap()).unwrap());
    }
}

#[test]
fn pieces_of_what_is_not_there_are_refused_by_name() {
    let plan = plan(|_| ()).unwrap();
    let options =
        |task: &str, arm: &str| ArmOptions { plan: plan.clone(), task: task.into(), arm: arm.into(), seed: 3 };
    let mut lab = lab();
    let step = block_on(lab.arm_step(&Pulse::default(), &mut |_| ())).unwrap_err();
    assert_eq!(step.code(), "not-ready");
    for (task, arm, named) in [("reach", "grpo", "chain_sum"), ("chain_sum", "gepo", "base, grpo, soft")] {
        let error = lab.start_arm(&options(task, arm)).unwrap_err();
        assert!(error.code() == "bad-input" && error.to_string().contains(named), "{error}");
    }
    // A record of three steps does not go with a run that has taken none.
    let record = records(&plan).swap_remove(1);
    let error = block_on(lab.resume_arm(&options("chain_sum", "grpo"), record.clone(), None)).unwrap_err();
    assert!(error.to_string().contains("3 steps, its checkpoint of 0"), "{error}");
    let error = block_on(lab.resume_arm(&options("chain_sum", "soft"), record, None)).unwrap_err();
    assert!(error.to_string().contains("not of chain_sum/soft-3"), "{error}");
    // A run of one's own ends the experiment's.
    lab.start_arm(&options("chain_sum", "grpo")).unwrap();
    let config = serde_json::from_value(json!({ "task": "chain_sum", "max_steps": 1 })).unwrap();
    block_on(lab.start_training(config)).unwrap();
    assert_eq!(lab.arm_record().unwrap_err().code(), "not-ready");
}

#[test]
fn a_run_can_be_cancelled() {
    let plan = plan(|_| ()).unwrap();
    let checkpoint = shipped();
    let mut engine = CpuEngine::new(&checkpoint.config, checkpoint.params.clone()).unwrap();
    let pulse = Pulse::default();
    let flag = pulse.flag();
    let job = plan.jobs().nth(1).unwrap();
    let mut cancel = |at: soft_thinking_lab::experiment::ArmProgress| {
        assert!(at.done <= at.total);
        flag.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let tokenizer = Tokenizer::lab().unwrap();
    let result = block_on(run_arm(&mut engine, &tokenizer, &checkpoint.params, &job, no_clock, &pulse, &mut cancel));
    assert_eq!(result.unwrap_err().code(), "cancelled");
    assert_eq!(block_on(engine.read_params()).unwrap().len(), checkpoint.params.len());
}
