//! The GPU engine in a real browser: every shader through the browser's own compiler, Hugging Face's numbers, the CPU engine's steps.
//! Run by `wasm-pack test --headless --chrome` in a dedicated worker, where the product runs too; without an adapter these fail.
#![cfg(all(target_family = "wasm", feature = "gpu"))]

use js_sys::{Function, Reflect};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::gpu::kernels::KERNELS;
use soft_thinking_lab::engine::gpu::{Capacity, Gpu, GpuEngine, Variant};
use soft_thinking_lab::engine::{Engine, Pulse, Scoring, Sequence};
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::verify::models::{ModelFiles, verify_model};
use soft_thinking_lab::wasm::Lab;
use soft_thinking_lab::weights::Checkpoint;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn js(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap()
}

fn number(value: &JsValue, key: &str) -> f64 {
    Reflect::get(value, &key.into()).unwrap().as_f64().unwrap_or(f64::NAN)
}

#[wasm_bindgen_test]
async fn every_shader_compiles() {
    let gpu = Gpu::open(0).await.unwrap();
    for spec in KERNELS {
        gpu.compile(spec.kernel).await.unwrap_or_else(|e| panic!("{}: {e}", spec.name));
    }
    wasm_bindgen_test::console_log!("{} shaders on {}", KERNELS.len(), gpu.adapter());
}

#[wasm_bindgen_test]
async fn hugging_faces_models_give_their_logits_and_gradients() {
    let llama = ModelFiles {
        config: include_str!("golden/models/llama-tiny/config.json").into(),
        model: include_bytes!("golden/models/llama-tiny/model.safetensors").to_vec(),
        expected: include_str!("golden/models/llama-tiny/expected.json").into(),
        tensors: include_bytes!("golden/models/llama-tiny/expected.safetensors").to_vec(),
    };
    let qwen = ModelFiles {
        config: include_str!("golden/models/qwen2-tiny/config.json").into(),
        model: include_bytes!("golden/models/qwen2-tiny/model.safetensors").to_vec(),
        expected: include_str!("golden/models/qwen2-tiny/expected.json").into(),
        tensors: include_bytes!("golden/models/qwen2-tiny/expected.safetensors").to_vec(),
    };
    for (name, files) in [("llama-tiny", llama), ("qwen2-tiny", qwen)] {
        let open = async |c: Checkpoint| GpuEngine::open(&c.config, &c.params).await;
        for report in verify_model(name, &files, open).await.unwrap() {
            wasm_bindgen_test::console_log!("{name} {}: {:.1e}", report.group, report.max_error);
            assert!(report.passed(), "{report:?}");
        }
    }
}

/// Plain tokens of several lengths.
fn batch() -> Vec<Sequence> {
    use soft_thinking_lab::engine::{Action, Blends};
    (0..5)
        .map(|row| {
            let mut inputs = Blends::new(1);
            (0..6 + row).for_each(|t| inputs.push_token((row * 7 + t * 3) as u32 % 64));
            Sequence { inputs, first: 1, actions: (0..5).map(|t| Action::Token(t * 5 % 64)).collect() }
        })
        .collect()
}

#[wasm_bindgen_test]
async fn both_variants_of_the_kernels_hand_back_the_gradients_of_burn() {
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params = params::init(&config, 2);
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let mut loss = |_: usize, d: &[f64]| d.iter().map(|d| d.sin()).collect();
    let mut cpu = CpuEngine::new(&config, params.clone()).unwrap();
    let expected = cpu.gradient(&batch(), &scoring, &mut loss, &Pulse::default()).await.unwrap();
    let size = expected.iter().map(|e| e * e).sum::<f32>().sqrt();
    for variant in [Variant::Plain, Variant::Shared] {
        let mut gpu = GpuEngine::with_variant(&config, &params, Capacity::default(), variant).await.unwrap();
        let found = gpu.gradient(&batch(), &scoring, &mut loss, &Pulse::default()).await.unwrap();
        let error = found.iter().zip(&expected).map(|(f, e)| (f - e) * (f - e)).sum::<f32>().sqrt() / size;
        wasm_bindgen_test::console_log!("{variant:?}: {error:.1e}");
        assert!(error <= 1e-3, "{variant:?}: {error}");
    }
}

/// Sequences with every kind of action; soft steps store what a control noise drew.
fn mixed(dim: usize) -> Vec<Sequence> {
    use soft_thinking_lab::engine::{Action, Blends};
    let sequence = |row: u32| {
        let mut inputs = Blends { width: 3, dim, ..Blends::default() };
        (0..3).for_each(|t| inputs.push_token((row * 7 + t * 3) % 64));
        let vector: Vec<f32> = (0..dim).map(|d| 0.1 * ((d as f32 + row as f32).sin())).collect();
        inputs.push_vector(&vector);
        (0..3).for_each(|t| inputs.push(&[t, t + 9, 40], &[0.5, 0.3, 0.2]));
        let actions = vec![
            Action::Draws(vec![row, 3, row]),
            Action::Vector(vector),
            Action::Soft { candidates: vec![5, 6, 7 + row], perturbed: vec![0.6, 0.3, 0.05] },
            Action::Forced,
            Action::Token(row),
        ];
        Sequence { inputs, first: 2, actions }
    };
    (0..4).map(sequence).collect()
}

#[wasm_bindgen_test]
async fn gradients_of_every_kind_of_action_are_burns() {
    use soft_thinking_lab::engine::{Slopes, VectorScoring};
    use soft_thinking_lab::math::noises::Noise;
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params: Vec<f32> = params::init(&config, 2).iter().map(|p| 2.0 * p).collect();
    let vectors = Some(VectorScoring { temperature: 0.5, deviation: 0.1, embedding_gradient: true });
    let batch = mixed(config.hidden_size);
    let mut loss = |_: usize, d: &[f64]| Slopes { densities: vec![0.5; d.len()], entropies: vec![0.3; 5] };
    let mut cpu = CpuEngine::new(&config, params.clone()).unwrap();
    for variant in [Variant::Plain, Variant::Shared] {
        let mut gpu = GpuEngine::with_variant(&config, &params, Capacity::default(), variant).await.unwrap();
        for noise in [Noise::Gumbel, Noise::Dirichlet, Noise::Gaussian] {
            let scoring = Scoring { noise, vectors, ..Scoring::code() };
            let expected = cpu.gradient(&batch, &scoring, &mut loss, &Pulse::default()).await.unwrap();
            let found = gpu.gradient(&batch, &scoring, &mut loss, &Pulse::default()).await.unwrap();
            let size = expected.iter().map(|e| e * e).sum::<f32>().sqrt();
            let error = found.iter().zip(&expected).map(|(f, e)| (f - e) * (f - e)).sum::<f32>().sqrt() / size;
            wasm_bindgen_test::console_log!("{variant:?} {noise:?}: {error:.1e}");
            assert!(error <= 1e-3, "{variant:?} {noise:?}: {error}");
        }
    }
}

#[wasm_bindgen_test]
async fn rollouts_of_every_preset_take_the_cpu_engines_choices() {
    use soft_thinking_lab::decode::preset::{PRESETS, preset};
    use soft_thinking_lab::decode::rollout::{Request, rollout};
    use soft_thinking_lab::text::{Marks, Tokenizer};
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params = params::init(&config, 3);
    // Marks that a random model meets often, so that rows change phase and end.
    let marks = Marks { end_think: 7, end_answer: 9, ..Tokenizer::lab().unwrap().marks() };
    let prompts = [vec![20, 21, 1], vec![22, 1]];
    let mut cpu = CpuEngine::new(&config, params.clone()).unwrap();
    for variant in [Variant::Plain, Variant::Shared] {
        let mut gpu = GpuEngine::with_variant(&config, &params, Capacity::default(), variant).await.unwrap();
        for (name, _) in PRESETS {
            let policy = &preset(name).unwrap();
            let (samples, max_steps, seed, pulse) = (3, 10, 5, Pulse::default());
            let request = Request { prompts: &prompts, offset: 0, samples, policy, max_steps, seed, marks, chunk: 8 };
            let expected = rollout(&mut cpu, &request, &pulse, &mut |_, _| ()).await.unwrap();
            let found = rollout(&mut gpu, &request, &pulse, &mut |_, _| ()).await.unwrap();
            let alike = found.iter().zip(&expected).filter(|(f, e)| f.tokens() == e.tokens()).count();
            wasm_bindgen_test::console_log!("{variant:?} {name}: {alike} of {} rows alike", found.len());
            // A random model's choices are close: one row may part.
            assert!(alike + 1 >= found.len(), "{variant:?} {name}: {alike} of {} rows alike", found.len());
        }
    }
}

fn ignore() -> Function {
    Function::new_no_args("")
}

#[wasm_bindgen_test]
async fn ten_training_steps_stay_with_the_cpu_engine_and_a_lost_device_comes_back() {
    // Shipped weights: a random model's choices are so close that rounding decides some.
    let model = include_bytes!("../www/models/nano-chain_sum.gguf").to_vec();
    let settings = r#"{"task":"chain_sum","objective":"soft_grpo","max_steps":30,"eval_steps":0,
        "generation_batch_size":16,"num_generations":8}"#;
    let mut labs = Vec::new();
    for engine in [r#"{"engine":"gpu","seed":7}"#, r#"{"engine":"cpu","seed":7}"#] {
        let lab = Lab::open(js(engine)).await.unwrap_or_else(|e| panic!("{e:?}"));
        lab.load_model(model.clone(), Some(ignore())).await.unwrap_or_else(|e| panic!("{e:?}"));
        lab.start_training(js(settings)).await.unwrap();
        labs.push(lab);
    }
    let kind = Reflect::get(&labs[0].engine_info().unwrap(), &"kind".into()).unwrap();
    assert_eq!(kind.as_string().as_deref(), Some("gpu"));
    for step in 1..=10 {
        let ours = labs[0].train_step(ignore()).await.unwrap();
        let theirs = labs[1].train_step(ignore()).await.unwrap();
        for key in ["entropy", "policy_loss", "kl"] {
            let (a, b) = (number(&ours, key), number(&theirs, key));
            assert!((a - b).abs() <= 0.01 * b.abs().max(1e-2), "step {step}, {key}: {a} and {b}");
        }
    }
    labs[0].lose_device().unwrap();
    let metrics = labs[0].train_step(ignore()).await.unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(number(&metrics, "step"), 11.0);
    let notices = js_sys::Array::from(&labs[0].take_notices().unwrap());
    assert_eq!((notices.length(), number(&notices.get(0), "step")), (1, 10.0));
}
