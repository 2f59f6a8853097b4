//! A real language model, SmolLM2-135M-Instruct (Q4_1, 94 MiB): compared with Hugging Face in float32.
//!
//! The file is in no checkout. `cargo xtask test` fetches it into the cache and runs these; by hand, with `LAB_SMOLLM2` naming the file:
//! `cargo test --release --features native --test smollm2 -- --ignored`.

use std::path::PathBuf;

use soft_thinking_lab::engine::choose::EngineChoice;
use soft_thinking_lab::engine::gpu::GpuEngine;
use soft_thinking_lab::engine::gpu::language::device_plan;
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Engine, Pulse};
use soft_thinking_lab::lab::{Lab, ThinkOptions};
use soft_thinking_lab::text::SpeechOptions;
use soft_thinking_lab::train::TrainConfig;
use soft_thinking_lab::verify::language::verify_language;
use soft_thinking_lab::weights::large::{self, Large};
use soft_thinking_lab::weights::source::DiskFile;

fn path() -> PathBuf {
    let cache = || {
        let home = std::env::var_os("HOME").unwrap_or_default();
        let base = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| PathBuf::from(home).join(".cache"), PathBuf::from);
        base.join("soft-thinking-lab/models/SmolLM2-135M-Instruct.Q4_1.gguf")
    };
    std::env::var_os("LAB_SMOLLM2").map_or_else(cache, PathBuf::from)
}

fn open() -> (DiskFile, Large) {
    let path = path();
    let mut source = DiskFile::open(&path).unwrap_or_else(|e| panic!("{e}; set LAB_SMOLLM2"));
    let file = pollster::block_on(large::open(&mut source)).unwrap().unwrap();
    (source, file)
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn it_says_what_hugging_face_says() {
    let (mut source, file) = open();
    let model = pollster::block_on(PackedModel::load(&file, &mut source, &mut |_, _| ())).unwrap();
    says_the_same(&mut PackedEngine::new(model), &file);
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn a_gpu_says_what_hugging_face_says() {
    let (mut source, file) = open();
    let room = (1024, u64::MAX);
    let engine = pollster::block_on(GpuEngine::load(&file, &mut source, room, &mut |_, _| ()));
    says_the_same(&mut engine.unwrap(), &file);
}

fn says_the_same<E: Engine>(engine: &mut E, file: &Large) {
    for (name, json, expected) in [
        (
            "smollm2-135m-instruct.q4_1.json",
            include_str!("golden/smollm2-135m-instruct.q4_1.json"),
            [2, 2, 2, 2, 48].as_slice(),
        ),
        ("smollm2_tokens.json", include_str!("golden/smollm2_tokens.json"), &[1, 14, 14, 14, 14]),
    ] {
        let reports = pollster::block_on(verify_language(name, json, engine, &file.vocabulary)).unwrap();
        assert!(reports.iter().map(|report| report.cases).eq(expected.iter().copied()), "{reports:?}");
        for report in reports {
            println!("{report:?}");
            assert!(report.passed(), "{report:?}");
        }
    }
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn it_thinks_softly_in_words_and_is_made_to_answer() {
    let (_, file) = open();
    thinks_softly(EngineChoice::Cpu, file.plan(1, 512).unwrap().total());
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn a_gpu_thinks_softly_in_words_and_is_made_to_answer() {
    let (_, file) = open();
    thinks_softly(EngineChoice::Gpu, device_plan(&file, 1, 512).unwrap().total());
}

/// With `needed` bytes of memory, and not with one less.
fn thinks_softly(choice: EngineChoice, needed: u64) {
    let (mut source, _) = open();
    let clock = || 0.0;
    let mut lab = Lab::new(choice, Some(1), clock).unwrap();
    let speech = SpeechOptions::default();
    let quiet = &mut |_: u64, _: u64| ();
    let short = pollster::block_on(lab.load_large(&mut source, &speech, (512, needed - 1), quiet));
    assert_eq!(short.unwrap_err().code(), "out-of-memory");
    let info = pollster::block_on(lab.load_large(&mut source, &speech, (512, needed), quiet)).unwrap().unwrap();
    assert_eq!((info.parameters, info.tokens.len()), (134_515_008, 49_152));
    let options: ThinkOptions = serde_json::from_value(serde_json::json!({
        "task": "word_problems", "questionSeed": 3, "maxSteps": 60, "policy": { "preset": "soft", "max_thought_length": 12 },
    }))
    .unwrap();
    let mut steps = Vec::new();
    let result = pollster::block_on(lab.think(&options, &Pulse::default(), &mut |step| steps.push(step))).unwrap();
    assert!(steps[..11].iter().all(|step| step.soft && step.candidates.len() == 5), "{result:?}");
    assert!(steps[11..].iter().all(|step| !step.soft));
    assert!(result.text.contains("</think>\n\nThe final answer is \\boxed{"), "{result:?}");
    assert!(!result.thought.contains("</think") && result.thought.len() > 20, "{result:?}");
    assert!(result.answer.is_some() || !result.finished, "{result:?}");
}

/// One step on one question whose completions earn differently, and the adapter's way out and back.
#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn an_adapter_learns_beside_it_and_comes_back_the_same() {
    let mut lab = Lab::new(EngineChoice::Cpu, Some(1), || 0.0).unwrap();
    let load = |lab: &mut Lab| {
        let (mut source, _) = open();
        let room = (512, u64::MAX);
        pollster::block_on(lab.load_large(&mut source, &SpeechOptions::default(), room, &mut |_, _| ()))
            .unwrap()
            .unwrap();
    };
    load(&mut lab);
    // Cut off at different lengths: the reward falls with every token.
    let settings = serde_json::json!({
        "task": "word_problems", "objective": "soft_grpo", "lora_r": 4, "max_steps": 1, "num_generations": 3, "generation_batch_size": 3,
        "steps_per_generation": 1, "max_thought_length": 6, "max_completion_length": 24, "soft_punish_cache": 23, "eval_steps": 0,
        "learning_rate": 1e-3, "seed": 2,
    });
    let settings: TrainConfig = serde_json::from_value(settings).unwrap();
    let quiet = Pulse::default();
    let plan = lab.learning_plan(&settings).unwrap().unwrap();
    assert!(plan.total() < 200 << 20, "{plan:?}");
    pollster::block_on(lab.start_training(settings)).unwrap();
    let metrics = pollster::block_on(lab.train_step(&quiet)).unwrap();
    assert!(metrics.grad_norm > 0.0 && metrics.grad_norm.is_finite(), "{metrics:?}");
    let options: ThinkOptions = serde_json::from_value(serde_json::json!({
        "task": "word_problems", "questionSeed": 3, "maxSteps": 12, "policy": { "preset": "soft", "max_thought_length": 6 },
    }))
    .unwrap();
    let think = |lab: &mut Lab| {
        let mut log_probs = Vec::new();
        let mut each = |step: soft_thinking_lab::lab::ThinkStep| log_probs.extend(step.log_probs);
        pollster::block_on(lab.think(&options, &quiet, &mut each)).unwrap();
        log_probs
    };
    let files = pollster::block_on(lab.adapter_files()).unwrap();
    let (learned, run) = (think(&mut lab), pollster::block_on(lab.save_run()).unwrap());
    load(&mut lab);
    let bare = think(&mut lab);
    let about = std::str::from_utf8(&files["adapter_config.json"]).unwrap();
    pollster::block_on(lab.load_adapter(about, &files["adapter_model.safetensors"])).unwrap();
    // The same numbers by the same operations.
    assert_eq!(think(&mut lab), learned);
    assert_ne!(bare, learned);
    load(&mut lab);
    assert_eq!(pollster::block_on(lab.resume_run(&run)).unwrap().1, 1);
    assert_eq!(think(&mut lab), learned);
}
