//! Learning for real: a warm start from nothing, reinforcement on the shipped weights, and runs that resume exactly.

use std::path::Path;

use soft_thinking_lab::engine::Pulse;
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::error::Error;
use soft_thinking_lab::lab::{EngineChoice, EvaluateOptions, Lab};
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::tasks::task;
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::train::config::TrainConfig;
use soft_thinking_lab::train::warm_start::{WarmStartConfig, warm_start_step};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn no_clock() -> f64 {
    0.0
}

fn shipped(task: &str) -> Lab {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("www/models/nano-{task}.gguf"));
    let mut lab = Lab::new(EngineChoice::Cpu, Some(0), no_clock).unwrap();
    let info = block_on(lab.load(&std::fs::read(path).unwrap(), &mut |_, _| ())).unwrap();
    assert_eq!(info.task.as_deref(), Some(task));
    lab
}

fn config(json: &str) -> TrainConfig {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_warm_start_learns_from_nothing() {
    let tokenizer = Tokenizer::lab().unwrap();
    let model = ModelConfig::preset("nano", tokenizer.vocab_size()).unwrap();
    let mut engine = CpuEngine::new(&model, params::init(&model, 3)).unwrap();
    let task = task("chain_sum", Some(1)).unwrap();
    let config = WarmStartConfig { max_steps: 120, warmup_steps: 20, batch_size: 32, ..WarmStartConfig::default() };
    let mut losses = Vec::new();
    for step in 0..config.max_steps {
        let pulse = Pulse::default();
        losses.push(block_on(warm_start_step(&mut engine, &tokenizer, task.as_ref(), &config, step, &pulse)).unwrap());
    }
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let (first, last) = (mean(&losses[..3]), mean(&losses[110..]));
    assert!(first > 3.5, "a fresh model knows nothing of 64 tokens: {first} nats, ln 64 = 4.16");
    assert!(last < 1.0, "the marks alone are half of the tokens and certain: {last} nats");
}

#[test]
fn shipped_weights_are_between_guessing_and_mastery() {
    for task in ["chain_sum", "number_sorting", "reach"] {
        let mut lab = shipped(task);
        let options: EvaluateOptions =
            serde_json::from_str(&format!(r#"{{"task":"{task}","questions":64,"samples":8,"k":[1,8],"seed":1}}"#))
                .unwrap();
        let found = block_on(lab.evaluate(&options, &Pulse::default(), &mut |_, _| ())).unwrap();
        let guess = found.guessing[0].value;
        // 512 samples: one standard error is .02
        assert!((0.15..=0.75).contains(&found.pass_at_1), "{task}: pass@1 {}", found.pass_at_1);
        assert!(found.pass_at_1 > guess + 0.1, "{task}: pass@1 {} against guessing {guess}", found.pass_at_1);
        assert!(found.finished > 0.95, "{task}: only {} of the completions end", found.finished);
        assert!(found.near_one_hot.is_some_and(|share| share > 0.5), "{task}: the paper's settings are mostly one-hot");
    }
}

#[test]
fn both_objectives_raise_the_reward_of_the_shipped_model() {
    for (objective, least) in [("soft_grpo", 0.04), ("grpo", 0.10)] {
        let mut lab = shipped("chain_sum");
        let json =
            format!(r#"{{"task":"chain_sum","objective":"{objective}","max_steps":40,"eval_steps":0,"seed":11}}"#);
        block_on(lab.start_training(config(&json))).unwrap();
        let rewards: Vec<f64> = (0..40).map(|_| block_on(lab.train_step(&Pulse::default())).unwrap().reward).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (early, late) = (mean(&rewards[..10]), mean(&rewards[30..]));
        // A mean over 640 completions of 80 questions has a standard error of about .03.
        assert!(late > early + least, "{objective}: reward {early:.3} → {late:.3}");
    }
}

#[test]
fn presets_of_every_kind_raise_the_reward_of_the_shipped_model() {
    for (preset, least) in [("softgrpo-paper", 0.1), ("gspo", 0.15), ("rloo", 0.15), ("multiplex", 0.1)] {
        let mut lab = shipped("chain_sum");
        let json = format!(r#"{{"preset":"{preset}","max_steps":40,"eval_steps":0,"seed":11}}"#);
        block_on(lab.start_training(config(&json))).unwrap();
        let rewards: Vec<f64> = (0..40).map(|_| block_on(lab.train_step(&Pulse::default())).unwrap().reward).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (early, late) = (mean(&rewards[..10]), mean(&rewards[30..]));
        println!("{preset}: reward {early:.3} → {late:.3}");
        // A mean over 640 completions of 80 questions has a standard error of about .03.
        assert!(late > early + least, "{preset}: reward {early:.3} → {late:.3}");
        assert!(lab.collapse().is_none());
    }
}

#[test]
fn a_resumed_run_takes_the_same_steps() {
    let settings = r#"{"task":"reach","max_steps":4,"eval_steps":4,"eval_questions":8,"eval_samples":2,"seed":5}"#;
    let mut lab = shipped("reach");
    block_on(lab.start_training(config(settings))).unwrap();
    let pulse = Pulse::default();
    for _ in 0..2 {
        block_on(lab.train_step(&pulse)).unwrap();
    }
    let saved = block_on(lab.save_run()).unwrap();
    let rest: Vec<_> = (0..2).map(|_| block_on(lab.train_step(&pulse)).unwrap()).collect();
    let mut other = Lab::new(EngineChoice::Cpu, Some(9), no_clock).unwrap();
    let (resumed, step) = block_on(other.resume_run(&saved)).unwrap();
    assert_eq!((resumed.max_steps, step), (4, 2));
    let same: Vec<_> = (0..2).map(|_| block_on(other.train_step(&pulse)).unwrap()).collect();
    assert_eq!(rest, same);
    assert!(same[1].val_pass_at_1.is_some(), "the evaluation is due at the last step");
    let (a, b) = (block_on(lab.checkpoint()).unwrap(), block_on(other.checkpoint()).unwrap());
    assert_eq!(a.params, b.params);
    assert_eq!(a.metadata, b.metadata, "where the model came from is not forgotten");
}

#[test]
fn a_damaged_checkpoint_is_refused_by_name() {
    let mut lab = shipped("reach");
    block_on(lab.start_training(config(r#"{"task":"reach","eval_steps":0}"#))).unwrap();
    let saved = block_on(lab.save_run()).unwrap();
    let mut other = Lab::new(EngineChoice::Cpu, Some(9), no_clock).unwrap();
    for cut in [0, 7, 100, saved.len() / 2, saved.len() - 1] {
        let error = block_on(other.resume_run(&saved[..cut])).unwrap_err();
        assert_eq!(error.code(), "bad-weights", "cut at {cut}: {error}");
    }
    let model = block_on(lab.export("safetensors")).unwrap();
    let error = block_on(other.resume_run(&model)).unwrap_err();
    assert!(error.to_string().contains("kind"), "{error}");
}

#[test]
fn a_cancel_is_heard_and_the_lab_goes_on() {
    let mut lab = shipped("chain_sum");
    block_on(lab.start_training(config(r#"{"task":"chain_sum","eval_steps":0}"#))).unwrap();
    let pulse = Pulse::default();
    pulse.flag().store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(block_on(lab.train_step(&pulse)), Err(Error::Cancelled));
    pulse.reset();
    assert_eq!(block_on(lab.train_step(&pulse)).unwrap().step, 1, "the cancelled step did not count");
}
