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
        let ours = labs[0].train_step().await.unwrap();
        let theirs = labs[1].train_step().await.unwrap();
        for key in ["entropy", "policy_loss", "kl"] {
            let (a, b) = (number(&ours, key), number(&theirs, key));
            assert!((a - b).abs() <= 0.01 * b.abs().max(1e-2), "step {step}, {key}: {a} and {b}");
        }
    }
    labs[0].lose_device().unwrap();
    let metrics = labs[0].train_step().await.unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(number(&metrics, "step"), 11.0);
    let notices = js_sys::Array::from(&labs[0].take_notices().unwrap());
    assert_eq!((notices.length(), number(&notices.get(0), "step")), (1, 10.0));
}
