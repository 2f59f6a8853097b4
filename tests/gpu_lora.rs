//! An adapter beside weights in blocks on the GPU engine against the CPU engine of packed weights: scores, gradients, updates, decoding.
//!
//! Not here: a real model (`smollm2.rs`), the CPU engine itself (`lora.rs`), single kernels (`kernels_adapter.rs`). A device
//! is promised by the feature `gpu`: without one these fail.

use std::cell::Cell;
use std::rc::Rc;

use soft_thinking_lab::decode::{Policy, SoftSettings};
use soft_thinking_lab::engine::chain::ChainRequest;
use soft_thinking_lab::engine::gpu::GpuEngine;
use soft_thinking_lab::engine::gpu::language::{device_plan, learning_plan};
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{
    Action, Blends, Engine, OptimizerConfig, OptimizerState, Pulse, Scores, Scoring, Sequence, Slopes, Weights,
};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::lora::{LoraConfig, Target};
use soft_thinking_lab::model::params::init;
use soft_thinking_lab::model::{Family, ModelConfig};
use soft_thinking_lab::text::{Ending, Marks};
use soft_thinking_lab::weights::{Checkpoint, QuantKind, large};

/// Neither a mask nor a clamp, which are kinks: rounding may fall on either side.
const SCORING: Scoring = Scoring {
    temperature: 0.8,
    density: DensityForm { mask: None, clamp: false, ..DensityForm::code() },
    ..Scoring::code()
};

const OPTIMIZER: OptimizerConfig = OptimizerConfig {
    learning_rate: 3e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0.01,
    max_grad_norm: 1.0,
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn config(family: Family, tied: bool) -> ModelConfig {
    let config = ModelConfig::preset("nano", 96).unwrap();
    ModelConfig { family, attention_bias: family == Family::Qwen2, tie_word_embeddings: tied, ..config }
}

fn normals(seed: u64, count: usize, deviation: f64) -> Vec<f32> {
    let mut stream = Stream::new(Key::from_seed(seed));
    (0..count).map(|_| (deviation * stream.normal()) as f32).collect()
}

/// A language model's file, as llama.cpp's converter leaves it, with words of one letter each, on both engines.
/// What the device has left for learning is `spare` bytes.
fn engines(config: &ModelConfig, kind: QuantKind, spare: u64) -> (PackedEngine, GpuEngine) {
    let mut params = init(config, 6);
    params.iter_mut().zip(normals(3, 1 << 18, 0.1)).for_each(|(p, noise)| {
        if *p == 0.0 || *p == 1.0 {
            *p += noise; // biases and norms that do something
        }
    });
    let letters = (0..config.vocab_size as u32).map(|i| char::from_u32(0x100 + i).unwrap());
    let vocab: serde_json::Map<String, serde_json::Value> =
        letters.enumerate().map(|(id, letter)| (letter.to_string(), id.into())).collect();
    let json = serde_json::json!({ "model": { "type": "BPE", "vocab": vocab, "merges": [] },
        "pre_tokenizer": { "type": "ByteLevel" }, "added_tokens": [] });
    let tokenizer_json = Some(json.to_string());
    let checkpoint = Checkpoint { config: config.clone(), params, tokenizer_json, metadata: Default::default() };
    let mut bytes = checkpoint.to_gguf(kind).unwrap();
    let own = b"tokenizer.huggingface.json";
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    bytes[at..at + own.len()].copy_from_slice(b"tokenizer.somewhere__.json");
    let mut source = bytes.as_slice();
    block_on(async {
        let file = large::open(&mut source).await.unwrap().unwrap();
        let model = PackedModel::load(&file, &mut source, &mut |_, _| ()).await.unwrap();
        let context = config.max_position_embeddings;
        let needed = device_plan(&file, 1, context).unwrap().total();
        let room = (context, needed + spare);
        let gpu = GpuEngine::load(&file, &mut source, room, &mut |_, _| ()).await.unwrap();
        (PackedEngine::new(model), gpu)
    })
}

/// An adapter that changes a lot.
fn adapter(config: &ModelConfig, r: usize, targets: &[Target]) -> (LoraConfig, Vec<f32>) {
    let lora = LoraConfig::new(r, 1.5 * r as f64, targets.to_vec()).unwrap();
    let params = normals(8, lora.count(config), 0.1);
    (lora, params)
}

/// Two groups of rollouts that share their prompts, and one alone: tokens, blends, draws and what was forced.
fn batch(config: &ModelConfig, seed: u64) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(seed));
    let vocabulary = config.vocab_size as u32;
    let mut batch = Vec::new();
    for (rollouts, prompt) in [(3, 5), (1, 4), (2, 1)] {
        let prompt: Vec<u32> = (0..prompt).map(|_| stream.below(vocabulary)).collect();
        for rollout in 0..rollouts {
            let mut inputs = Blends::new(3);
            prompt.iter().for_each(|id| inputs.push_token(*id));
            let mut actions = Vec::new();
            for position in 0..6 + 3 * rollout {
                let ids: Vec<u32> = (0..3).map(|_| stream.below(vocabulary)).collect();
                let soft = position < 4 + rollout;
                actions.push(match (soft, position) {
                    (true, 0) => Action::Draws(ids.clone()),
                    (true, _) => {
                        let candidates = vec![ids[0] % 20, 20 + ids[1] % 20, 40 + ids[2] % 20];
                        let perturbed = (0..3).map(|_| stream.normal() as f32 - 1.0).collect();
                        Action::Soft { candidates, perturbed }
                    }
                    (false, p) if p == 5 + rollout => Action::Forced,
                    (false, _) => Action::Token(ids[0]),
                });
                match soft {
                    true => inputs.push(&ids, &[0.6, 0.3, 0.1]),
                    false => inputs.push_token(ids[0]),
                }
            }
            batch.push(Sequence { inputs, first: prompt.len() - 1, actions });
        }
    }
    batch
}

/// Slopes of a fixed linear loss: by each density, and by each entropy.
fn slopes(index: usize, sequence: &Sequence) -> Slopes {
    let of = |seed: u64, n: usize| normals(seed + 10 * index as u64, n, 1.0).into_iter().map(f64::from).collect();
    let entropies = if index % 2 == 1 { of(7, sequence.actions.len()) } else { Vec::new() };
    Slopes { densities: of(3, sequence.scores()), entropies }
}

fn gradient<E: Engine>(engine: &mut E, batch: &[Sequence]) -> Vec<f32> {
    let mut loss = |index: usize, _: &[f64]| slopes(index, &batch[index]);
    block_on(engine.gradient(batch, &SCORING, &mut loss, &Pulse::default())).unwrap()
}

fn scores<E: Engine>(engine: &mut E, batch: &[Sequence], weights: Weights) -> Scores {
    block_on(engine.score(batch, &SCORING, weights, &Pulse::default())).unwrap()
}

fn distance(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let pairs = || found.iter().zip(expected).map(|(a, b)| (f64::from(*a), f64::from(*b)));
    (pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / pairs().map(|(_, b)| b * b).sum::<f64>()).sqrt()
}

fn worst(found: &Scores, expected: &Scores) -> f64 {
    let numbers = |scores: &Scores| -> Vec<f64> {
        scores.log_densities.iter().chain(&scores.entropies).flatten().copied().collect()
    };
    let (found, expected) = (numbers(found), numbers(expected));
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(f, e)| (f - e).abs() / e.abs().max(1.0)).fold(0.0, f64::max)
}

/// f32 in another order, through two layers; the CPU engine rounds vectors to 16 bits only where it decodes.
const CLOSE: f64 = 2e-5;

#[test]
fn scores_and_gradients_are_the_cpu_engines() {
    for (family, tied, kind, r, targets, spare) in [
        (Family::Llama, true, QuantKind::Q4_1, 3, Target::ALL.to_vec(), 1 << 30),
        (Family::Qwen2, false, QuantKind::Q8_0, 8, Target::ALL.to_vec(), 400_000), // a few sequences at a time
        (Family::Qwen2, true, QuantKind::Q4_1, 4, vec![Target::KProj, Target::UpProj], 0), // one
    ] {
        let config = config(family, tied);
        let (mut cpu, mut gpu) = engines(&config, kind, spare);
        let batch = batch(&config, 4);
        let bare = worst(&scores(&mut gpu, &batch, Weights::Current), &scores(&mut cpu, &batch, Weights::Current));
        assert!(bare <= CLOSE, "{family:?} {kind:?} without an adapter: {bare}");
        let (lora, values) = adapter(&config, r, &targets);
        cpu.adapt(lora.clone(), Some(values.clone()), 0).unwrap();
        block_on(gpu.adapt(lora.clone(), Some(values), 0)).unwrap();
        let own = worst(&scores(&mut gpu, &batch, Weights::Current), &scores(&mut cpu, &batch, Weights::Current));
        assert!(own <= CLOSE, "{family:?} {kind:?}: {own}");
        let (found, expected) = (gradient(&mut gpu, &batch), gradient(&mut cpu, &batch));
        for spec in lora.layout(&config) {
            let error = distance(&found[spec.range()], &expected[spec.range()]);
            assert!(error <= CLOSE, "{family:?} {kind:?} {}: {error}", spec.name);
        }
        println!("{family:?} {kind:?}: scores {bare:.1e} {own:.1e}, gradient {:.1e}", distance(&found, &expected));
    }
}

/// As in a group whose rewards are all the same: its slopes are 0.
#[test]
fn what_does_not_pull_has_no_backward() {
    let config = config(Family::Llama, true);
    let (mut cpu, mut gpu) = engines(&config, QuantKind::Q4_1, 0); // a sequence at a time on the GPU
    let batch = batch(&config, 4);
    let (lora, values) = adapter(&config, 3, &Target::ALL);
    cpu.adapt(lora.clone(), Some(values.clone()), 0).unwrap();
    block_on(gpu.adapt(lora, Some(values), 0)).unwrap();
    let [(all, beats), (one, some), (none, fewest)] = [6, 1, 0].map(|pulling| pulled(&mut gpu, &batch, pulling));
    assert!(all.iter().any(|g| *g != 0.0) && none.iter().all(|g| *g == 0.0));
    assert!(fewest < some && some < beats, "{fewest}, {some}, {beats} beats");
    let [(_, beats), (expected, _), (none, fewest)] = [6, 1, 0].map(|pulling| pulled(&mut cpu, &batch, pulling));
    assert!(fewest < beats && none.iter().all(|g| *g == 0.0), "{fewest}, {beats} beats");
    let error = distance(&one, &expected);
    assert!(error <= CLOSE, "{error}");
}

/// The gradient where only the first `pulling` sequences pull, and how often the engine let others in meanwhile.
fn pulled<E: Engine>(engine: &mut E, batch: &[Sequence], pulling: usize) -> (Vec<f32>, usize) {
    let beats = Rc::new(Cell::new(0));
    let counted = Rc::clone(&beats);
    let pulse = Pulse::with_yielder(Rc::new(move || {
        counted.set(counted.get() + 1);
        Box::pin(std::future::ready(()))
    }));
    let mut loss = |index: usize, _: &[f64]| {
        let mut own = slopes(index, &batch[index]);
        if index >= pulling {
            own.densities.iter_mut().chain(&mut own.entropies).for_each(|slope| *slope = 0.0);
        }
        own
    };
    let gradient = block_on(engine.gradient(batch, &SCORING, &mut loss, &pulse)).unwrap();
    (gradient, beats.get())
}

#[test]
fn references_updates_and_checkpoints_are_the_cpu_engines() {
    let config = config(Family::Llama, true);
    let (mut cpu, mut gpu) = engines(&config, QuantKind::Q4_1, 1 << 30);
    let (batch, quiet) = (batch(&config, 5), Pulse::default());
    block_on(async {
        let none = gpu.update(&batch, &SCORING, &mut |_, _| Slopes::default(), &OPTIMIZER, &quiet).await;
        assert!(none.unwrap_err().to_string().contains("lora_r"));
        cpu.adapt(LoraConfig::default(), None, 1).unwrap();
        gpu.adapt(LoraConfig::default(), None, 1).await.unwrap();
        assert_eq!(gpu.read_params().await.unwrap(), cpu.read_params().await.unwrap());
        let missing = gpu.score(&batch, &SCORING, Weights::Reference, &quiet).await;
        assert_eq!(missing.unwrap_err().code(), "not-ready");
        cpu.set_reference(None).await.unwrap();
        gpu.set_reference(None).await.unwrap();
        gpu.set_optimizer_state(OptimizerState::default()).await.unwrap();
        let base = gpu.score(&batch, &SCORING, Weights::Current, &quiet).await.unwrap();
        let mut made = 0;
        for step in 0..4 {
            let mut loss = |index: usize, densities: &[f64]| -> Slopes {
                densities.iter().map(|density| -0.1 + 0.01 * (density + index as f64).sin()).collect()
            };
            let wanted = cpu.update(&batch, &SCORING, &mut loss, &OPTIMIZER, &quiet).await.unwrap();
            let found = gpu.update(&batch, &SCORING, &mut loss, &OPTIMIZER, &quiet).await.unwrap();
            assert!(found.applied && wanted.applied);
            assert!((found.grad_norm / wanted.grad_norm - 1.0).abs() <= 1e-3, "{step}: {found:?} {wanted:?}");
            gpu.score(&batch, &SCORING, Weights::Current, &quiet).await.unwrap();
            gpu.score(&batch, &SCORING, Weights::Reference, &quiet).await.unwrap();
            let counts = gpu.gpu().counts();
            assert!(step == 0 || counts.creations == made, "step {step} made something");
            made = counts.creations;
        }
        let (found, wanted) = (gpu.read_params().await.unwrap(), cpu.read_params().await.unwrap());
        // AdamW's first steps are signs: where a gradient is next to nothing, rounding decides them.
        let moved = distance(&found, &wanted);
        assert!(moved <= 1e-2, "{moved}");
        // A reference that changes nothing is the model itself, bit for bit.
        let reference = gpu.score(&batch, &SCORING, Weights::Reference, &quiet).await.unwrap();
        assert!(worst(&reference, &base) == 0.0);
        let learned = gpu.score(&batch, &SCORING, Weights::Current, &quiet).await.unwrap();
        let sum = |scores: &Scores| scores.log_densities.iter().flatten().sum::<f64>();
        assert!(sum(&learned) > sum(&base) + 0.5, "{} {}", sum(&learned), sum(&base));
        // Frozen as it is now, it stays while the policy moves on.
        gpu.set_reference(None).await.unwrap();
        let state = gpu.optimizer_state().await.unwrap();
        assert_eq!((state.time, state.moment_1.len()), (4, found.len()));
        let mut loss = |index: usize, _: &[f64]| slopes(index, &batch[index]);
        gpu.update(&batch, &SCORING, &mut loss, &OPTIMIZER, &quiet).await.unwrap();
        let onwards = gpu.read_params().await.unwrap();
        let reference = gpu.score(&batch, &SCORING, Weights::Reference, &quiet).await.unwrap();
        assert!(worst(&reference, &learned) <= 1e-6);
        // From a checkpoint, on a fresh engine: the same step.
        let (_, mut again) = engines(&config, QuantKind::Q4_1, 1 << 30);
        again.adapt(LoraConfig::default(), Some(found.clone()), 0).await.unwrap();
        again.set_optimizer_state(state).await.unwrap();
        again.update(&batch, &SCORING, &mut loss, &OPTIMIZER, &quiet).await.unwrap();
        assert_eq!(again.read_params().await.unwrap(), onwards);
        // Not a number: nothing changes. Nor by a cancel.
        let mut bad = |index: usize, _: &[f64]| vec![f64::NAN; batch[index].scores()].into();
        assert!(!gpu.update(&batch, &SCORING, &mut bad, &OPTIMIZER, &quiet).await.unwrap().applied);
        let stopped = Pulse::default();
        stopped.flag().store(true, std::sync::atomic::Ordering::Relaxed);
        let cancelled = gpu.update(&batch, &SCORING, &mut loss, &OPTIMIZER, &stopped).await;
        assert_eq!(cancelled.unwrap_err().code(), "cancelled");
        assert_eq!(gpu.read_params().await.unwrap(), onwards);
        let through_inputs = Scoring { input_gradient: true, ..SCORING };
        let refused = gpu.update(&batch, &through_inputs, &mut loss, &OPTIMIZER, &quiet).await;
        assert!(refused.unwrap_err().to_string().contains("input_gradient"));
        assert_eq!(gpu.write_params(&onwards[1..]).await.unwrap_err().code(), "bad-input");
    });
}

#[test]
fn decoding_with_an_adapter_is_the_cpu_engines() {
    let config = config(Family::Qwen2, true);
    let (mut cpu, mut gpu) = engines(&config, QuantKind::Q8_0, 1 << 30);
    let prompts = [vec![1, 2, 3, 4, 5], vec![7, 8]];
    let mut blends = Blends::new(2);
    (0..4).for_each(|row| blends.push(&[row, 10 + row], &[0.25, 0.75]));
    let both = |engine: &mut dyn FnMut() -> [Vec<f32>; 2]| engine();
    let decode = |cpu: &mut PackedEngine| {
        [block_on(cpu.prefill(&prompts, 2, 4)).unwrap(), block_on(cpu.decode(&blends)).unwrap()]
    };
    let on_gpu =
        |gpu: &mut GpuEngine| [block_on(gpu.prefill(&prompts, 2, 4)).unwrap(), block_on(gpu.decode(&blends)).unwrap()];
    let bare = both(&mut || on_gpu(&mut gpu));
    let (lora, values) = adapter(&config, 5, &Target::ALL);
    cpu.adapt(lora.clone(), Some(values.clone()), 0).unwrap();
    block_on(gpu.adapt(lora.clone(), Some(values), 0)).unwrap();
    let (wanted, found) = (both(&mut || decode(&mut cpu)), both(&mut || on_gpu(&mut gpu)));
    for ((found, wanted), bare) in found.iter().zip(&wanted).zip(&bare) {
        let error = distance(found, wanted);
        assert!(error <= 2e-3, "{error}"); // vectors rounded to 16 bits on the CPU
        assert!(distance(bare, wanted) > 0.05, "the adapter changes something");
    }
    // Whole rollouts on the device: the same noise, the same tokens.
    let marks = Marks { pad: 0, think: 1, end_think: 7, answer: 2, end_answer: 9, ending: Ending::default() };
    let sampling = Policy::Soft(SoftSettings::default()).sampling(marks, 10, 0.0);
    let keys: Vec<Key> = (0..4).map(|row| Key::from_seed(2).derive(row)).collect();
    let ending = Ending::default();
    let request = ChainRequest { prompts: &prompts, keys: &keys, sampling: &sampling, chunk: 5, ending };
    let rows = block_on(gpu.run_chain(&request, &Pulse::default(), &mut |_, _| ())).unwrap().expect("a chain");
    let mut logits = block_on(cpu.prefill(&prompts, 2, 10)).unwrap();
    let mut hosts: Vec<_> =
        keys.iter().map(|key| soft_thinking_lab::decode::step::Row::with_ending(*key, ending)).collect();
    let mut steps = 0;
    for index in 0..10 {
        let mut inputs = Blends::new(sampling.width());
        for (row, record) in rows.iter().enumerate() {
            let Some(step) = record.steps.get(index) else {
                inputs.push_token(0);
                continue;
            };
            let own = &logits[row * config.vocab_size..][..config.vocab_size];
            let wanted = hosts[row].next(own, &sampling, &[]).clone();
            assert_eq!((step.token, &step.candidates), (wanted.token, &wanted.candidates), "row {row}, step {index}");
            step.push_input(&mut inputs, None);
            steps += 1;
        }
        if index < 9 {
            logits = block_on(cpu.decode(&inputs)).unwrap();
        }
    }
    assert!(steps >= 20, "{steps}");
}

/// SmolLM2-135M with 8 rollouts of 128 tokens after prompts of 80: what was promised, counted before anything is made.
#[test]
fn learning_fits_the_promised_memory() {
    let config = ModelConfig {
        vocab_size: 49_152,
        hidden_size: 576,
        intermediate_size: 1536,
        num_hidden_layers: 30,
        num_attention_heads: 9,
        num_key_value_heads: 3,
        head_dim: 64,
        max_position_embeddings: 2048,
        ..ModelConfig::preset("nano", 64).unwrap()
    };
    let plan = learning_plan(&config, &LoraConfig::default(), (8, 208), u64::MAX);
    println!("{plan:?}: {} MiB", plan.total() >> 20);
    assert_eq!(plan.positions, 8 * 208, "one pass");
    // Weights in blocks take 112 MiB, one row of 208 positions 30.
    assert!(plan.total() + (150 << 20) <= 1536 << 20, "{plan:?}");
    assert!(plan.total() >= 200 << 20, "the inputs of 30 layers alone are 110 MiB");
    let less = learning_plan(&config, &LoraConfig::default(), (8, 208), 100 << 20);
    assert!(less.positions < 8 * 208 && less.passes < plan.passes, "{less:?}");
}
