//! What runs in a real browser: golden numbers, a Hugging Face model, and the lab through its JavaScript door.
//! Run by `wasm-pack test --headless --chrome` in a dedicated worker, where the product runs too.
#![cfg(target_family = "wasm")]

use js_sys::{Function, Promise, Reflect};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::verify::models::{ModelFiles, verify_model};
use soft_thinking_lab::verify::verify_cases;
use soft_thinking_lab::wasm::{Lab, tasks};
use soft_thinking_lab::weights::{Checkpoint, QuantKind};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn js(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap()
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap()
}

fn code(error: &JsValue) -> String {
    assert!(error.is_instance_of::<js_sys::Error>(), "errors are Error objects, not {error:?}");
    assert_eq!(get(error, "name").as_string().as_deref(), Some("LabError"));
    get(error, "code").as_string().unwrap()
}

fn ignore() -> Function {
    Function::new_no_args("")
}

async fn lab() -> Lab {
    Lab::open(js(r#"{"engine":"cpu","seed":7}"#)).await.unwrap_or_else(|e| panic!("{e:?}"))
}

/// A fresh nano model as the page would load it.
fn model() -> Vec<u8> {
    let tokenizer = Tokenizer::lab().unwrap();
    let config = ModelConfig::preset("nano", tokenizer.vocab_size()).unwrap();
    let params = params::init(&config, 1);
    let tokenizer_json = Some(tokenizer.to_json().unwrap());
    Checkpoint { config, params, tokenizer_json, metadata: Default::default() }.to_gguf(QuantKind::Q8_0).unwrap()
}

const CONFIG: &str = r#"{"task":"chain_sum","objective":"soft_grpo","max_steps":3,"eval_questions":4,"eval_samples":2,
  "generation_batch_size":16,"num_generations":8,"eval_steps":3}"#;

#[wasm_bindgen_test]
fn golden_numbers_hold_in_wasm() {
    let files = [
        ("advantage", include_str!("golden/advantage.json")),
        ("kl", include_str!("golden/kl.json")),
        ("log_density", include_str!("golden/log_density.json")),
        ("pass_at_k", include_str!("golden/pass_at_k.json")),
        ("policy_loss", include_str!("golden/policy_loss.json")),
        ("rollout_step", include_str!("golden/rollout_step.json")),
    ];
    let mut cases = 0;
    for (name, json) in files {
        for report in verify_cases(name, json).unwrap() {
            assert!(report.passed(), "{report:?}");
            cases += report.cases;
        }
    }
    assert!(cases > 900, "only {cases} cases");
}

#[wasm_bindgen_test]
async fn the_engine_equals_hugging_face_in_wasm() {
    let files = ModelFiles {
        config: include_str!("golden/models/qwen2-tiny/config.json").into(),
        model: include_bytes!("golden/models/qwen2-tiny/model.safetensors").to_vec(),
        expected: include_str!("golden/models/qwen2-tiny/expected.json").into(),
        tensors: include_bytes!("golden/models/qwen2-tiny/expected.safetensors").to_vec(),
    };
    let reports =
        verify_model("qwen2-tiny", &files, async |c: Checkpoint| CpuEngine::new(&c.config, c.params)).await.unwrap();
    assert_eq!(reports.len(), 4);
    reports.iter().for_each(|report| assert!(report.passed(), "{report:?}"));
}

#[wasm_bindgen_test]
async fn a_thought_is_reported_step_by_step_and_repeats_with_its_seed() {
    let lab = lab().await;
    lab.load_model(model(), None).await.unwrap();
    let options = r#"{"task":"chain_sum","questionSeed":3,"policy":"soft","seed":5,"maxSteps":9}"#;
    let seen = js_sys::Array::new();
    let push = seen.clone();
    let listen = Closure::<dyn FnMut(JsValue)>::new(move |step| {
        push.push(&step);
    });
    let result = lab.think(js(options), listen.as_ref().unchecked_ref::<Function>().clone()).await.unwrap();
    assert_eq!(get(&result, "steps").as_f64(), Some(f64::from(seen.length())));
    let step = seen.get(0);
    for key in ["candidates", "candidate_ids", "log_probs", "noise", "perturbed", "mixture"] {
        assert_eq!(js_sys::Array::from(&get(&step, key)).length(), 5, "{key}");
    }
    let weights: f64 = js_sys::Array::from(&get(&step, "mixture")).iter().map(|w| w.as_f64().unwrap()).sum();
    assert!((weights - 1.0).abs() < 1e-6, "{weights}"); // f32 weights
    let again = lab.think(js(options), ignore()).await.unwrap();
    assert_eq!(get(&result, "text").as_string(), get(&again, "text").as_string());
}

#[wasm_bindgen_test]
async fn a_run_trains_saves_and_resumes() {
    let lab = lab().await;
    lab.load_model(model(), None).await.unwrap();
    let start = lab.start_training(js(CONFIG)).await.unwrap();
    assert!(get(&start, "val/pass@1").as_f64().is_some());
    assert_eq!(get(&get(&start, "config"), "top_k").as_f64(), Some(5.0), "every key in effect is told");
    lab.train_step(ignore()).await.unwrap();
    let saved = lab.save_run().await.unwrap().to_vec();
    let metrics = lab.train_step(ignore()).await.unwrap();
    assert!(get(&metrics, "grad_norm").as_f64().is_some_and(f64::is_finite));
    let other = self::lab().await;
    let resumed = other.resume_run(saved).await.unwrap();
    assert_eq!(get(&resumed, "step").as_f64(), Some(1.0));
    let same = other.train_step(ignore()).await.unwrap();
    for key in ["reward", "policy_loss", "grad_norm", "kl", "entropy"] {
        assert_eq!(get(&metrics, key).as_f64(), get(&same, key).as_f64(), "{key} after resuming");
    }
    assert_eq!(js_sys::Array::from(&lab.samples().unwrap()).length(), 16);
}

#[wasm_bindgen_test]
async fn cancel_is_heard_and_the_lab_goes_on() {
    let lab = std::rc::Rc::new(lab().await);
    lab.load_model(model(), None).await.unwrap();
    lab.start_training(js(CONFIG)).await.unwrap();
    let pending = {
        let lab = lab.clone();
        wasm_bindgen_futures::future_to_promise(async move { lab.train_step(ignore()).await })
    };
    JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap(); // lets the step begin
    let busy = lab.train_step(ignore()).await.unwrap_err();
    assert_eq!(code(&busy), "not-ready");
    lab.cancel();
    assert_eq!(code(&JsFuture::from(pending).await.unwrap_err()), "cancelled");
    lab.train_step(ignore()).await.unwrap();
    lab.think(js(r#"{"task":"chain_sum","questionSeed":1}"#), ignore()).await.unwrap();
}

#[wasm_bindgen_test]
async fn bad_input_is_refused_with_its_name() {
    let lab = lab().await;
    assert_eq!(code(&lab.train_step(ignore()).await.unwrap_err()), "not-ready");
    assert_eq!(code(&lab.load_model(b"GGUF\x03\0\0\0junk".to_vec(), None).await.unwrap_err()), "bad-weights");
    lab.load_model(model(), None).await.unwrap();
    let cases = [
        (r#"{"task":"chain_sum","learning_rat":0.1}"#, "learning_rat"),
        (r#"{"task":"chain_sum","learning_rate":-1}"#, "learning_rate"),
        (r#"{"task":"chess"}"#, "chess"),
        (r#"{"task":"chain_sum","objective":"grpo","gumbel_temperature":1}"#, "gumbel_temperature"),
        (r#"{"task":"chain_sum","num_generations":7}"#, "num_generations"),
    ];
    for (config, named) in cases {
        let error = lab.start_training(js(config)).await.unwrap_err();
        assert_eq!(code(&error), "bad-input", "{config}");
        let message = get(&error, "message").as_string().unwrap();
        assert!(message.contains(named), "{message} does not name {named}");
    }
    let unknown = Lab::open(js(r#"{"engine":"tpu"}"#)).await.err().unwrap();
    assert_eq!(code(&unknown), "bad-input");
}

#[wasm_bindgen_test]
async fn exports_load_again_and_tasks_are_listed() {
    let lab = lab().await;
    lab.load_model(model(), None).await.unwrap();
    for format in ["gguf", "safetensors"] {
        let bytes = lab.export_model(format.into()).await.unwrap().to_vec();
        let info = lab.load_model(bytes, None).await.unwrap();
        assert_eq!(get(&info, "format").as_string().as_deref(), Some(format));
    }
    assert_eq!(js_sys::Array::from(&tasks().unwrap()).length(), 9);
    let ends = lab.seed().unwrap();
    assert_eq!(ends, 7.0);
}
