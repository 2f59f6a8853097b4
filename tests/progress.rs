//! What a training step of a language model's adapter tells while it runs, and how it ends by a cancel: on tiny models, both engines.
//!
//! Not here: what a step computes (`lora.rs`, `gpu_lora.rs`), the tab (`page/bring-learn.test.mjs`). A device is promised by the feature
//! `gpu`: without one these fail.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Engine, Progress, Pulse, Stage};
use soft_thinking_lab::error::Result;
use soft_thinking_lab::model::lora::LoraConfig;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::train::{Metrics, Run, TrainConfig};
use soft_thinking_lab::weights::{Checkpoint, QuantKind, large};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

/// A model of random weights as llama.cpp's converter leaves it, with the lab's words for the task.
fn file() -> Vec<u8> {
    let config = ModelConfig::preset("nano", Tokenizer::lab().unwrap().vocab_size()).unwrap();
    let letters = (0..config.vocab_size as u32).map(|i| char::from_u32(0x100 + i).unwrap());
    let vocab: serde_json::Map<String, serde_json::Value> =
        letters.enumerate().map(|(id, letter)| (letter.to_string(), id.into())).collect();
    let json = serde_json::json!({ "model": { "type": "BPE", "vocab": vocab, "merges": [] },
        "pre_tokenizer": { "type": "ByteLevel" }, "added_tokens": [] });
    let params = params::init(&config, 2);
    let checkpoint =
        Checkpoint { config, params, tokenizer_json: Some(json.to_string()), metadata: Default::default() };
    let mut bytes = checkpoint.to_gguf(QuantKind::Q8_0).unwrap();
    let own = b"tokenizer.huggingface.json";
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    bytes[at..at + own.len()].copy_from_slice(b"tokenizer.somewhere__.json");
    bytes
}

fn on_cpu() -> PackedEngine {
    let bytes = file();
    let mut source = bytes.as_slice();
    block_on(async {
        let file = large::open(&mut source).await.unwrap().unwrap();
        let mut engine = PackedEngine::new(PackedModel::load(&file, &mut source, &mut |_, _| ()).await.unwrap());
        engine.adapt(LoraConfig::default(), None, 1).unwrap();
        engine
    })
}

#[cfg(feature = "gpu")]
fn on_gpu() -> soft_thinking_lab::engine::gpu::GpuEngine {
    let bytes = file();
    let mut source = bytes.as_slice();
    block_on(async {
        let file = large::open(&mut source).await.unwrap().unwrap();
        let room = (file.config.max_position_embeddings, 1 << 30);
        let mut engine =
            soft_thinking_lab::engine::gpu::GpuEngine::load(&file, &mut source, room, &mut |_, _| ()).await.unwrap();
        engine.adapt(LoraConfig::default(), None, 1).await.unwrap();
        engine
    })
}

/// 16 completions of at most 24 tokens, compared with a reference, learned from in two updates, measured at the end.
fn settings() -> TrainConfig {
    let settings = serde_json::json!({
        "task": "chain_sum", "objective": "soft_grpo", "max_steps": 4, "num_generations": 8, "generation_batch_size": 16,
        "steps_per_generation": 2, "max_completion_length": 24, "soft_punish_cache": 23, "eval_steps": 1, "eval_questions": 4,
        "eval_samples": 2, "learning_rate": 1e-3, "beta": 0.01,
    });
    TrainConfig::read(settings.as_object().unwrap().clone()).unwrap()
}

/// One step from the adapter as it is, what was told of it, and the adapter after it. A cancel comes once `when` is told.
fn step<E: Engine>(
    engine: &mut E,
    when: impl Fn(&Progress) -> bool + 'static,
) -> (Result<Metrics>, Vec<Progress>, Vec<f32>) {
    let told = Rc::new(RefCell::new(Vec::new()));
    let quiet = Pulse::default();
    let (heard, flag) = (Rc::clone(&told), quiet.flag());
    let pulse = quiet.told_to(Rc::new(move |progress: Progress| {
        flag.fetch_or(when(&progress), Ordering::Relaxed);
        heard.borrow_mut().push(progress);
    }));
    block_on(async {
        let mut run = Run::start(engine, Tokenizer::lab().unwrap(), settings(), || 0.0).await.unwrap();
        let metrics = run.step(engine, &pulse).await;
        (metrics, told.take(), engine.read_params().await.unwrap())
    })
}

/// The stages in their order, each told from its beginning on, never backwards.
fn check_order(told: &[Progress]) {
    let mut stages: Vec<(Stage, usize)> = told.iter().map(|one| (one.stage, one.total)).collect();
    stages.dedup();
    // Two policies are scored.
    assert_eq!(stages, [(Stage::Think, 16 * 24), (Stage::Score, 32), (Stage::Learn, 16), (Stage::Measure, 3)]);
    for (stage, total) in stages {
        let of_stage: Vec<f64> = told.iter().filter(|one| one.stage == stage).map(|one| one.done).collect();
        assert!(of_stage[0] == 0.0 && of_stage.is_sorted(), "{stage:?}: {of_stage:?}");
        let last = of_stage[of_stage.len() - 1];
        assert!(last <= total as f64 + 1e-9, "{stage:?}: {of_stage:?}"); // sums of shares
        let distinct = of_stage.windows(2).filter(|pair| pair[1] > pair[0]).count();
        assert!(distinct >= 4, "{stage:?} is told in few pieces: {of_stage:?}");
    }
}

/// Whatever a step was doing when it was cancelled before its first update, it ends there and leaves the adapter as it was; the next step
/// is as if nothing had been.
fn check_cancels<E: Engine>(engine: &mut E, start: &[f32], learned: &[f32]) {
    for (stage, from) in [(Stage::Think, 40.0), (Stage::Score, 10.0), (Stage::Score, 20.0), (Stage::Learn, 1.5)] {
        let (ended, told, params) = step(engine, move |told| told.stage == stage && told.done >= from);
        assert_eq!(ended.unwrap_err().code(), "cancelled", "{stage:?} {from}");
        assert_eq!(params, start, "{stage:?} {from}");
        let last = told[told.len() - 1];
        assert!(told.iter().all(|one| one.stage != Stage::Measure) && (last.stage != Stage::Learn || last.done < 8.0));
    }
    let (done, _, params) = step(engine, |_| false);
    assert!(done.is_ok() && params == learned);
}

#[test]
fn a_step_on_the_cpu_engine_tells_of_its_stages_and_ends_by_a_cancel_in_each() {
    let mut engine = on_cpu();
    let start = block_on(engine.read_params()).unwrap();
    let (done, told, learned) = step(&mut engine, |_| false);
    assert!(done.unwrap().grad_norm.is_finite() && learned != start);
    check_order(&told);
    let tokens = told.iter().filter(|one| one.stage == Stage::Think).count();
    assert!(tokens > 16, "each token is told of, not {tokens} times");
    engine.adapt(LoraConfig::default(), None, 1).unwrap();
    check_cancels(&mut engine, &start, &learned);
}

#[cfg(feature = "gpu")]
#[test]
fn a_step_on_the_gpu_engine_tells_of_its_stages_and_ends_by_a_cancel_in_each() {
    let mut engine = on_gpu();
    let start = block_on(engine.read_params()).unwrap();
    let (done, told, learned) = step(&mut engine, |_| false);
    assert!(done.unwrap().grad_norm.is_finite() && learned != start);
    check_order(&told);
    block_on(engine.adapt(LoraConfig::default(), None, 1)).unwrap();
    check_cancels(&mut engine, &start, &learned);
}
