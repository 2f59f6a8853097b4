//! Adapters beside packed weights, on tiny models: gradients against Burn's of the merged model and against differences, files, updates.
//!
//! Not here: a real model (`smollm2.rs`), the settings (`learning.rs`).

use std::path::Path;

use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{
    Action, Blends, Engine as _, OptimizerConfig, Pulse, Scoring, Sequence, Slopes, Weights,
};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::lora::{LoraConfig, Target};
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::train::{Run, TrainConfig};
use soft_thinking_lab::weights::{self, Checkpoint, QuantKind, large, peft};

/// Neither a mask nor a clamp, which are kinks: rounding may fall on either side.
const SCORING: Scoring = Scoring {
    temperature: 0.8,
    density: DensityForm { mask: None, clamp: false, ..DensityForm::code() },
    ..Scoring::code()
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn tiny(folder: &str) -> Checkpoint {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models").join(folder);
    let config = std::fs::read_to_string(dir.join("config.json")).unwrap();
    weights::read_hf(&config, &std::fs::read(dir.join("model.safetensors")).unwrap(), None).unwrap()
}

/// The model's file as llama.cpp's converter leaves it, with words of one letter each.
fn packed(mut checkpoint: Checkpoint, kind: QuantKind) -> PackedEngine {
    let letters = (0..checkpoint.config.vocab_size as u32).map(|i| char::from_u32(0x100 + i).unwrap());
    let vocab: serde_json::Map<String, serde_json::Value> =
        letters.enumerate().map(|(id, letter)| (letter.to_string(), id.into())).collect();
    let json = serde_json::json!({ "model": { "type": "BPE", "vocab": vocab, "merges": [] },
        "pre_tokenizer": { "type": "ByteLevel" }, "added_tokens": [] });
    checkpoint.tokenizer_json = Some(json.to_string());
    let mut bytes = checkpoint.to_gguf(kind).unwrap();
    let own = b"tokenizer.huggingface.json";
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    bytes[at..at + own.len()].copy_from_slice(b"tokenizer.somewhere__.json");
    let mut source = bytes.as_slice();
    block_on(async {
        let file = large::open(&mut source).await.unwrap().unwrap();
        PackedEngine::new(PackedModel::load(&file, &mut source, &mut |_, _| ()).await.unwrap())
    })
}

fn rounded(checkpoint: &Checkpoint, kind: QuantKind) -> Vec<f32> {
    weights::read(&checkpoint.to_gguf(kind).unwrap()).unwrap().params
}

fn normals(seed: u64, count: usize, deviation: f64) -> Vec<f32> {
    let mut stream = Stream::new(Key::from_seed(seed));
    (0..count).map(|_| (deviation * stream.normal()) as f32).collect()
}

/// An adapter that changes a lot.
fn adapter(config: &ModelConfig, targets: &[Target]) -> (LoraConfig, Vec<f32>) {
    let lora = LoraConfig::new(3, 4.5, targets.to_vec()).unwrap();
    let params = normals(8, lora.count(config), 0.15);
    (lora, params)
}

/// Two groups of rollouts that share their prompts, and one alone: tokens, blends and draws.
fn batch(config: &ModelConfig) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(4));
    let vocabulary = config.vocab_size as u32;
    let mut batch = Vec::new();
    for (rollouts, prompt) in [(3, 5), (1, 4), (2, 1)] {
        let prompt: Vec<u32> = (0..prompt).map(|_| stream.below(vocabulary)).collect();
        for rollout in 0..rollouts {
            let mut inputs = Blends::new(3);
            prompt.iter().for_each(|id| inputs.push_token(*id));
            let mut actions = Vec::new();
            for position in 0..4 + rollout {
                let ids: Vec<u32> = (0..3).map(|_| stream.below(vocabulary)).collect();
                let soft = position < 2 + rollout;
                actions.push(match (soft, position) {
                    (true, 0) => Action::Draws(ids.clone()),
                    (true, _) => {
                        // Different candidates, or two would have one logit and the sum of two slopes.
                        let candidates = vec![ids[0] % 20, 20 + ids[1] % 20, 40 + ids[2] % 20];
                        let perturbed = (0..3).map(|_| stream.normal() as f32 - 1.0).collect();
                        Action::Soft { candidates, perturbed }
                    }
                    (false, p) if p == 3 + rollout => Action::Forced,
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
fn slopes(index: usize, sequence: &Sequence, entropies: bool) -> Slopes {
    let of = |seed: u64, n: usize| normals(seed + 10 * index as u64, n, 1.0).into_iter().map(f64::from).collect();
    let entropies = if entropies { of(7, sequence.actions.len()) } else { Vec::new() };
    Slopes { densities: of(3, sequence.scores()), entropies }
}

fn linear_gradient<E: soft_thinking_lab::engine::Engine>(
    engine: &mut E,
    batch: &[Sequence],
    entropies: bool,
) -> Vec<f32> {
    let mut loss = |index: usize, _: &[f64]| slopes(index, &batch[index], entropies);
    block_on(engine.gradient(batch, &SCORING, &mut loss, &Pulse::default())).unwrap()
}

fn distance(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let pairs = || found.iter().zip(expected).map(|(a, b)| (f64::from(*a), f64::from(*b)));
    (pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / pairs().map(|(_, b)| b * b).sum::<f64>()).sqrt()
}

/// (rows of `a`, columns of `b`), both row-major; `turned` takes the transpose of `a`.
fn product(a: &[f32], b: &[f32], [m, k, n]: [usize; 3], turned: bool) -> Vec<f32> {
    let at = |i: usize, j: usize| f64::from(if turned { a[j * m + i] } else { a[i * k + j] });
    let cell = |i: usize, j: usize| (0..k).map(|l| at(i, l) * f64::from(b[l * n + j])).sum::<f64>() as f32;
    (0..m).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| cell(i, j)).collect()
}

/// Each target's A and B inside the adapter, and W inside the model.
fn each_target(
    config: &ModelConfig,
    lora: &LoraConfig,
    mut each: impl FnMut(&str, [std::ops::Range<usize>; 3], [usize; 2]),
) {
    let layout = params::layout(config);
    for sides in lora.layout(config).chunks_exact(2) {
        let name = sides[0].name.trim_start_matches("base_model.model.").replace(".lora_A", "");
        let matrix = layout.iter().find(|spec| spec.name == name).unwrap();
        each(&name, [sides[0].range(), sides[1].range(), matrix.range()], [matrix.shape[0], matrix.shape[1]]);
    }
}

#[test]
fn gradients_are_those_of_the_merged_model() {
    for (folder, kind, tolerance) in [
        // f32 in another order, two layers.
        ("llama-tiny", QuantKind::F32, 1e-4),
        ("qwen2-tiny", QuantKind::F32, 1e-4),
        // Besides, vectors rounded to 16 bits in the forward, as in `large.rs`.
        ("llama-tiny", QuantKind::Q4_1, 1e-3),
        ("qwen2-tiny", QuantKind::Q8_0, 1e-3),
    ] {
        let checkpoint = tiny(folder);
        let config = checkpoint.config.clone();
        let (lora, values) = adapter(&config, &Target::ALL);
        let mut merged = rounded(&checkpoint, kind);
        each_target(&config, &lora, |_, [a, b, w], [out, width]| {
            let change = product(&values[b], &values[a], [out, lora.r, width], false);
            merged[w].iter_mut().zip(change).for_each(|(w, change)| *w += lora.scale() * change);
        });
        let mut reference = CpuEngine::new(&config, merged).unwrap();
        let mut engine = packed(checkpoint, kind);
        engine.adapt(lora.clone(), Some(values.clone()), 0).unwrap();
        let batch = batch(&config);
        for entropies in [false, true] {
            let (found, dense) =
                (linear_gradient(&mut engine, &batch, entropies), linear_gradient(&mut reference, &batch, entropies));
            each_target(&config, &lora, |name, [a, b, w], [out, width]| {
                let scaled: Vec<f32> = dense[w].iter().map(|d| d * lora.scale()).collect();
                let d_a = product(&values[b.clone()], &scaled, [lora.r, out, width], true);
                let turned: Vec<f32> =
                    (0..width * lora.r).map(|i| values[a.clone()][i % lora.r * width + i / lora.r]).collect();
                let d_b = product(&scaled, &turned, [out, width, lora.r], false);
                for (side, range, expected) in [("A", a, d_a), ("B", b, d_b)] {
                    let error = distance(&found[range], &expected);
                    assert!(error <= tolerance, "{folder} {kind:?} {name} {side}: {error}");
                }
            });
        }
    }
}

#[test]
fn scores_are_those_of_the_merged_model_and_decoding_agrees() {
    let checkpoint = tiny("qwen2-tiny");
    let config = checkpoint.config.clone();
    let (lora, values) = adapter(&config, &Target::ALL);
    let mut merged = rounded(&checkpoint, QuantKind::F32);
    each_target(&config, &lora, |_, [a, b, w], [out, width]| {
        let change = product(&values[b], &values[a], [out, lora.r, width], false);
        merged[w].iter_mut().zip(change).for_each(|(w, change)| *w += lora.scale() * change);
    });
    let mut reference = CpuEngine::new(&config, merged).unwrap();
    let mut engine = packed(checkpoint, QuantKind::F32);
    engine.adapt(lora, Some(values), 0).unwrap();
    let (batch, quiet) = (batch(&config), Pulse::default());
    let found = block_on(engine.score(&batch, &SCORING, Weights::Current, &quiet)).unwrap();
    let expected = block_on(reference.score(&batch, &SCORING, Weights::Current, &quiet)).unwrap();
    let pairs = [(found.log_densities, expected.log_densities), (found.entropies, expected.entropies)];
    for (found, expected) in pairs {
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            // f32 in another order; densities of some nats, whose noise goes through an exponential.
            assert!((found - expected).abs() <= 1e-4 * expected.abs().max(1.0), "{found} {expected}");
        }
    }
    let prompts = [vec![1, 2, 3, 4, 5], vec![7, 8]];
    let logits = block_on(engine.prefill(&prompts, 2, 4)).unwrap();
    assert!(distance(&logits, &block_on(reference.prefill(&prompts, 2, 4)).unwrap()) <= 2e-4);
    let mut blends = Blends::new(2);
    (0..4).for_each(|row| blends.push(&[row, 10 + row], &[0.25, 0.75]));
    let logits = block_on(engine.decode(&blends)).unwrap();
    assert!(distance(&logits, &block_on(reference.decode(&blends)).unwrap()) <= 2e-4);
}

#[test]
fn every_target_alone_agrees_with_differences() {
    for target in Target::ALL {
        let checkpoint = tiny("qwen2-tiny");
        let config = checkpoint.config.clone();
        let (lora, values) = adapter(&config, &[target]);
        let mut engine = packed(checkpoint, QuantKind::F32);
        engine.adapt(lora, Some(values.clone()), 0).unwrap();
        let batch = batch(&config);
        let gradient = linear_gradient(&mut engine, &batch, true);
        let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
        let mut loss = |by: f64| -> f64 {
            let moved: Vec<f32> =
                values.iter().zip(&gradient).map(|(x, g)| (f64::from(*x) + by * f64::from(*g) / norm) as f32).collect();
            block_on(engine.write_params(&moved)).unwrap();
            let scores = block_on(engine.score(&batch, &SCORING, Weights::Current, &Pulse::default())).unwrap();
            let of = |index: usize| {
                let slopes = slopes(index, &batch[index], true);
                let densities = slopes.densities.iter().zip(&scores.log_densities[index]).map(|(s, x)| s * x);
                densities.sum::<f64>()
                    + slopes.entropies.iter().zip(&scores.entropies[index]).map(|(s, x)| s * x).sum::<f64>()
            };
            (0..batch.len()).map(of).sum()
        };
        let step = 0.02;
        // Central differences of order four.
        let slope = (8.0 * (loss(step) - loss(-step)) - (loss(2.0 * step) - loss(-2.0 * step))) / (12.0 * step);
        // Sums of some forty densities in f32, each right to about 1e-6, over the step; and the step's fourth power.
        assert!((slope / norm - 1.0).abs() <= 2e-3, "{target:?}: {slope} against {norm}");
    }
}

#[test]
fn a_fresh_adapter_changes_no_bit() {
    for kind in [QuantKind::F32, QuantKind::Q4_1] {
        let (mut bare, mut fresh) = (packed(tiny("llama-tiny"), kind), packed(tiny("llama-tiny"), kind));
        fresh.adapt(LoraConfig::default(), None, 5).unwrap();
        let mut inputs = Blends::new(1);
        [3, 1, 4, 1, 5, 9].iter().for_each(|id| inputs.push_token(*id));
        block_on(async {
            assert_eq!(bare.logits(&inputs).await.unwrap(), fresh.logits(&inputs).await.unwrap());
            let prompts = [vec![1, 2, 3], vec![4]];
            assert_eq!(bare.prefill(&prompts, 1, 2).await.unwrap(), fresh.prefill(&prompts, 1, 2).await.unwrap());
            let mut blends = Blends::new(2);
            (0..2).for_each(|row| blends.push(&[row, 9], &[0.5, 0.5]));
            assert_eq!(bare.decode(&blends).await.unwrap(), fresh.decode(&blends).await.unwrap());
            let (batch, quiet) = (batch(&bare.config().clone()), Pulse::default());
            let scores = bare.score(&batch, &SCORING, Weights::Current, &quiet).await.unwrap();
            assert_eq!(scores, fresh.score(&batch, &SCORING, Weights::Current, &quiet).await.unwrap());
        });
    }
}

#[test]
fn updates_move_the_adapter_alone_and_its_files_bring_it_back() {
    let config = tiny("llama-tiny").config;
    let mut engine = packed(tiny("llama-tiny"), QuantKind::Q4_1);
    let (batch, quiet) = (batch(&config), Pulse::default());
    let scoring = Scoring { density: DensityForm { mask: None, ..DensityForm::code() }, ..SCORING };
    let optimizer = OptimizerConfig {
        learning_rate: 3e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.0,
        max_grad_norm: 1.0,
    };
    block_on(async {
        assert_eq!(engine.read_params().await.unwrap_err().code(), "bad-input");
        let base = engine.score(&batch, &scoring, Weights::Current, &quiet).await.unwrap();
        engine.adapt(LoraConfig::default(), None, 1).unwrap();
        let missing = engine.score(&batch, &scoring, Weights::Reference, &quiet).await;
        assert_eq!(missing.unwrap_err().code(), "not-ready");
        engine.set_reference(None).await.unwrap();
        let mut norms = Vec::new();
        for _ in 0..12 {
            let mut loss = |index: usize, _: &[f64]| vec![-0.1; batch[index].scores()].into();
            let report = engine.update(&batch, &scoring, &mut loss, &optimizer, &quiet).await.unwrap();
            assert!(report.applied && report.grad_norm.is_finite());
            norms.push(report.grad_norm);
        }
        assert!(norms[0] > 0.0, "{norms:?}");
        let sum = |densities: &[Vec<f64>]| densities.iter().flatten().sum::<f64>();
        let learned = engine.score(&batch, &scoring, Weights::Current, &quiet).await.unwrap();
        let (before, after) = (sum(&base.log_densities), sum(&learned.log_densities));
        assert!(after > before + 1.0, "{before} {after}");
        let reference = engine.score(&batch, &scoring, Weights::Reference, &quiet).await.unwrap();
        assert_eq!(reference, base);
        let mut bad = |index: usize, _: &[f64]| vec![f64::NAN; batch[index].scores()].into();
        let kept = engine.read_params().await.unwrap();
        assert!(!engine.update(&batch, &scoring, &mut bad, &optimizer, &quiet).await.unwrap().applied);
        assert_eq!(engine.read_params().await.unwrap(), kept);

        let (lora, params) = engine.adapter().unwrap();
        let files = peft::write(&config, lora, params, None).unwrap();
        let about = std::str::from_utf8(&files[peft::CONFIG_FILE]).unwrap();
        let (lora, params) = peft::read(&config, about, &files[peft::WEIGHTS_FILE]).unwrap();
        let mut again = packed(tiny("llama-tiny"), QuantKind::Q4_1);
        again.adapt(lora, Some(params), 0).unwrap();
        assert_eq!(again.score(&batch, &scoring, Weights::Current, &quiet).await.unwrap(), learned);
    });
}

#[test]
fn a_cancelled_update_changes_nothing_and_what_cannot_be_learned_is_refused() {
    let mut engine = packed(tiny("llama-tiny"), QuantKind::Q8_0);
    let batch = batch(&engine.config().clone());
    let optimizer = OptimizerConfig {
        learning_rate: 1.0,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.0,
        max_grad_norm: 0.0,
    };
    let mut loss = |index: usize, _: &[f64]| vec![1.0; batch[index].scores()].into();
    block_on(async {
        let quiet = Pulse::default();
        let none = engine.update(&batch, &SCORING, &mut loss, &optimizer, &quiet).await;
        assert!(none.unwrap_err().to_string().contains("lora_r"));
        engine.adapt(LoraConfig::default(), None, 1).unwrap();
        let before = engine.read_params().await.unwrap();
        let stopped = Pulse::default();
        stopped.flag().store(true, std::sync::atomic::Ordering::Relaxed);
        let cancelled = engine.update(&batch, &SCORING, &mut loss, &optimizer, &stopped).await;
        assert_eq!(cancelled.unwrap_err().code(), "cancelled");
        assert_eq!(engine.read_params().await.unwrap(), before);
        let through_inputs = Scoring { input_gradient: true, ..SCORING };
        let refused = engine.update(&batch, &through_inputs, &mut loss, &optimizer, &quiet).await;
        assert!(refused.unwrap_err().to_string().contains("input_gradient"));
        assert_eq!(engine.write_params(&before[1..]).await.unwrap_err().code(), "bad-input");
        assert_eq!(engine.set_reference(Some(&before[1..])).await.unwrap_err().code(), "bad-input");
    });
}

/// Both objectives, through the code that trains the lab's small models.
#[test]
fn runs_take_steps_with_finite_gradients() {
    for objective in ["soft_grpo", "grpo"] {
        let tokenizer = Tokenizer::lab().unwrap();
        let config = ModelConfig::preset("nano", tokenizer.vocab_size()).unwrap();
        let params = params::init(&config, 2);
        let checkpoint = Checkpoint { config, params, tokenizer_json: None, metadata: Default::default() };
        let mut engine = packed(checkpoint, QuantKind::Q8_0);
        engine.adapt(LoraConfig::default(), None, 1).unwrap();
        // A model that knows nothing earns by stopping early alone.
        let settings = serde_json::json!({
            "task": "chain_sum", "objective": objective, "max_steps": 4, "num_generations": 8, "generation_batch_size": 16,
            "steps_per_generation": 1, "max_completion_length": 24, "soft_punish_cache": 23, "eval_steps": 0,
            "learning_rate": 1e-3,
        });
        let settings = TrainConfig::read(settings.as_object().unwrap().clone()).unwrap();
        block_on(async {
            let before = engine.read_params().await.unwrap();
            let mut run = Run::start(&mut engine, tokenizer, settings, || 0.0).await.unwrap();
            let mut norms = Vec::new();
            while !run.finished() {
                let metrics = run.step(&mut engine, &Pulse::default()).await.unwrap();
                assert!(metrics.grad_norm.is_finite() && metrics.skipped_updates == 0, "{objective}");
                norms.push(metrics.grad_norm);
            }
            assert!(norms.iter().any(|norm| *norm > 0.0), "{objective}: {norms:?}");
            assert_ne!(engine.read_params().await.unwrap(), before, "{objective}");
        });
    }
}
