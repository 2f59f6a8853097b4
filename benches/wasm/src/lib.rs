//! The updates and rollouts of `benches/native.rs`, for one wasm thread: what a page takes for the same work.
//!
//! Not here: the clock's use (`run.mjs`), which calls these and times them.

use soft_thinking_lab::engine::cpu::{CpuEngine, Form};
use soft_thinking_lab::engine::{Action, Blends, Engine as _, OptimizerConfig, Pulse, Scoring, Sequence};
use soft_thinking_lab::lab::{EngineChoice, Lab};
use soft_thinking_lab::model::{Family, ModelConfig, params};
use wasm_bindgen::prelude::wasm_bindgen;

/// A model and its batch, kept between calls.
#[wasm_bindgen]
pub struct Work {
    engine: CpuEngine,
    batch: Vec<Sequence>,
    prompts: Vec<Vec<u32>>,
}

#[wasm_bindgen]
impl Work {
    /// `small` or `mid`, as in `benches/native.rs`; or a preset, for `decode`. `form`: `fused` or `composed`.
    #[wasm_bindgen(constructor)]
    pub fn new(size: &str, form: &str) -> Work {
        let (width, layers, rows, time) = if size == "mid" { (128, 4, 16, 64) } else { (64, 2, 8, 32) };
        let config = if size == "small" || size == "mid" {
            ModelConfig {
                family: Family::Llama,
                hidden_size: width,
                intermediate_size: 4 * width,
                num_hidden_layers: layers,
                num_attention_heads: 4,
                num_key_value_heads: 4,
                head_dim: width / 4,
                ..ModelConfig::preset("nano", 64).unwrap()
            }
        } else {
            ModelConfig::preset(size, 64).unwrap()
        };
        let sequence = |row: usize| {
            let ids: Vec<u32> = (0..time).map(|t| ((row * time + t) * 7 + (row * time + t) / 3) as u32 % 64).collect();
            let mut inputs = Blends::new(1);
            ids.iter().for_each(|id| inputs.push_token(*id));
            Sequence { inputs, first: 0, actions: ids[1..].iter().map(|id| Action::Token(*id)).collect() }
        };
        let prompts = (0..8).map(|p| (0..16).map(|t| (p * 5 + t * 3) % 64).collect()).collect();
        let form = if form == "composed" { Form::Composed } else { Form::Fused };
        let engine = CpuEngine::of_form(&config, params::init(&config, 1), form).unwrap();
        Work { engine, batch: (0..rows).map(sequence).collect(), prompts }
    }

    /// One forward, backward and AdamW step; returns the norm of the gradient.
    pub fn update(&mut self) -> f64 {
        let scoring = Scoring { input_gradient: true, ..Scoring::code() };
        let optimizer = OptimizerConfig {
            learning_rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-5,
            weight_decay: 1e-4,
            max_grad_norm: 0.0,
        };
        let mut loss = |_: usize, log_probs: &[f64]| vec![-1e-3; log_probs.len()].into();
        let pulse = Pulse::default();
        let update = self.engine.update(&self.batch, &scoring, &mut loss, &optimizer, &pulse);
        pollster::block_on(update).unwrap().grad_norm
    }

    /// 64 rows × 16 decoded tokens after prompts of 16; returns a logit.
    pub fn decode(&mut self) -> f32 {
        let mut inputs = Blends::new(5);
        (0..64).for_each(|row| inputs.push(&[row, 1, 2, 3, 4], &[0.9, 0.04, 0.03, 0.02, 0.01]));
        pollster::block_on(async {
            let mut last = self.engine.prefill(&self.prompts, 8, 16).await.unwrap();
            for _ in 0..16 {
                last = self.engine.decode(&inputs).await.unwrap();
            }
            last[0]
        })
    }

    /// One row × 16 decoded tokens after a prompt of 16, as when a page shows one thought; returns a logit.
    pub fn decode_one(&mut self) -> f32 {
        let mut inputs = Blends::new(5);
        inputs.push(&[7, 1, 2, 3, 4], &[0.9, 0.04, 0.03, 0.02, 0.01]);
        pollster::block_on(async {
            let mut last = self.engine.prefill(&self.prompts[..1], 1, 16).await.unwrap();
            for _ in 0..16 {
                last = self.engine.decode(&inputs).await.unwrap();
            }
            last[0]
        })
    }
}

/// SofT-GRPO on the shipped chain_sum model, as in `benches/native.rs`.
#[wasm_bindgen]
pub struct Training(Lab);

#[wasm_bindgen]
impl Training {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Training {
        let mut lab = Lab::new(EngineChoice::Cpu, Some(0), || 0.0).unwrap();
        lab.load(include_bytes!("../../../www/models/nano-chain_sum.gguf")).unwrap();
        let config = r#"{"task":"chain_sum","objective":"soft_grpo","max_steps":100000,"eval_steps":0}"#;
        let config = serde_json::from_str(config).unwrap();
        pollster::block_on(lab.start_training(config)).unwrap();
        Training(lab)
    }

    /// 8 questions × 8 rollouts, two updates.
    pub fn step(&mut self) {
        pollster::block_on(self.0.train_step(&Pulse::default())).unwrap();
    }
}
