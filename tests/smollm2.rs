//! A real language model, SmolLM2-135M-Instruct (Q4_1, 94 MiB): compared with Hugging Face in float32.
//!
//! The file is in no checkout. `cargo xtask test` fetches it into the cache and runs these; by hand, with `LAB_SMOLLM2` naming the file:
//! `cargo test --release --features native --test native smollm2:: -- --ignored`.

use std::path::PathBuf;

use soft_thinking_lab::engine::choose::EngineChoice;
use soft_thinking_lab::engine::gpu::GpuEngine;
use soft_thinking_lab::engine::gpu::language::device_plan;
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Action, Blends, Engine, Pulse, Scores, Scoring, Sequence, Slopes, Weights};
use soft_thinking_lab::lab::{Lab, ThinkOptions};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::lora::LoraConfig;
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

/// Prompts of several lengths, soft steps among tokens.
fn batch(vocabulary: u32) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(4));
    let sequence = |first: usize| {
        let mut inputs = Blends::new(3);
        (0..=first).for_each(|_| inputs.push_token(stream.below(vocabulary)));
        let mut actions = Vec::new();
        for step in 0..12 {
            let ids: Vec<u32> = (0..3).map(|_| stream.below(vocabulary)).collect();
            if step % 3 == 2 {
                inputs.push_token(ids[0]);
                actions.push(Action::Token(ids[0]));
                continue;
            }
            inputs.push(&ids, &[0.6, 0.3, 0.1]);
            let perturbed = (0..3).map(|_| stream.normal() as f32 - 1.0).collect();
            actions.push(Action::Soft { candidates: ids, perturbed });
        }
        actions.push(Action::Token(stream.below(vocabulary))); // of the last position
        Sequence { inputs, first, actions }
    };
    [9, 14, 23].map(sequence).to_vec()
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn a_gpu_finds_the_gradient_that_the_processor_finds() {
    let (mut source, file) = open();
    let model = pollster::block_on(PackedModel::load(&file, &mut source, &mut |_, _| ())).unwrap();
    let mut cpu = PackedEngine::new(model);
    let room = (512, u64::MAX);
    let mut gpu = pollster::block_on(GpuEngine::load(&file, &mut source, room, &mut |_, _| ())).unwrap();
    let (lora, batch, quiet) = (LoraConfig::default(), batch(49_152), Pulse::default());
    // B is 0 in a fresh adapter, and so is the gradient of A.
    let mut stream = Stream::new(Key::from_seed(8));
    let values: Vec<f32> = (0..lora.count(cpu.config())).map(|_| 0.02 * stream.normal() as f32).collect();
    cpu.adapt(lora.clone(), Some(values.clone()), 0).unwrap();
    pollster::block_on(gpu.adapt(lora.clone(), Some(values), 0)).unwrap();
    let scoring =
        Scoring { density: DensityForm { mask: None, clamp: false, ..DensityForm::code() }, ..Scoring::code() };
    let mut loss = |index: usize, densities: &[f64]| -> Slopes {
        densities.iter().enumerate().map(|(i, _)| ((index + 3 * i) as f64).sin()).collect()
    };
    let clock = std::time::Instant::now();
    let wanted = pollster::block_on(cpu.gradient(&batch, &scoring, &mut loss, &quiet)).unwrap();
    let on_cpu = clock.elapsed().as_secs_f64();
    let found = pollster::block_on(gpu.gradient(&batch, &scoring, &mut loss, &quiet)).unwrap();
    let (first, clock) = (clock.elapsed().as_secs_f64() - on_cpu, std::time::Instant::now());
    let counts = gpu.gpu().counts();
    let again = pollster::block_on(gpu.gradient(&batch, &scoring, &mut loss, &quiet)).unwrap();
    assert_eq!(gpu.gpu().counts().creations, counts.creations, "nothing is made a second time");
    let second = clock.elapsed().as_secs_f64();
    println!(
        "gradient: {on_cpu:.1} s on the CPU, {first:.1} s and {second:.1} s on the GPU, {} bytes there",
        counts.live_bytes
    );
    assert_eq!(found, again);
    for spec in lora.layout(cpu.config()) {
        let pairs =
            || found[spec.range()].iter().zip(&wanted[spec.range()]).map(|(a, b)| (f64::from(*a), f64::from(*b)));
        let norm = pairs().map(|(_, b)| b * b).sum::<f64>().sqrt();
        let error = pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt() / norm;
        // f32 in another order, through thirty layers and back.
        assert!(norm > 0.0 && error <= 2e-3, "{}: {error}", spec.name);
    }
    let scores = |found: Scores| found.log_densities.concat().into_iter().chain(found.entropies.concat());
    let wanted = pollster::block_on(cpu.score(&batch, &scoring, Weights::Current, &quiet)).unwrap();
    let found = pollster::block_on(gpu.score(&batch, &scoring, Weights::Current, &quiet)).unwrap();
    let apart = scores(found).zip(scores(wanted)).map(|(a, b)| (a - b).abs() / b.abs().max(1.0));
    let apart = apart.fold(0.0, f64::max);
    println!("scores within {apart:.1e}");
    assert!(apart <= 1e-3, "{apart}"); // what was promised of log-probabilities
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn an_adapter_learns_beside_it_and_comes_back_the_same() {
    learns_and_comes_back(EngineChoice::Cpu);
}

#[test]
#[ignore = "needs the file of SmolLM2 (LAB_SMOLLM2)"]
fn on_a_gpu_an_adapter_learns_beside_it_and_comes_back_the_same() {
    learns_and_comes_back(EngineChoice::Gpu);
}

/// One step on one question whose completions earn differently, and the adapter's way out and back.
fn learns_and_comes_back(choice: EngineChoice) {
    let mut lab = Lab::new(choice, Some(1), || 0.0).unwrap();
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
