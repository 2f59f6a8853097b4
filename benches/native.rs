//! What the CPU engine does per second on this machine: rollouts, scores and updates, natively.
//!
//! `small` and `mid` are the sizes that other frameworks were measured at: vocabulary 64, no cache, one forward, backward and
//! AdamW step over 8 × 32 or 16 × 64 tokens (`benches/peers`). `cargo xtask bench` prints all of them in one table.

use divan::Bencher;
use soft_thinking_lab::engine::cpu::{CpuEngine, Form};
use soft_thinking_lab::engine::{Action, Blends, Engine as _, OptimizerConfig, Pulse, Scoring, Sequence};
use soft_thinking_lab::lab::{EngineChoice, Lab};
use soft_thinking_lab::model::{Family, ModelConfig, params};

fn main() {
    divan::main();
}

fn clock() -> f64 {
    0.0
}

/// One SofT-GRPO (or GRPO) step on the shipped chain_sum model: 8 questions × 8 rollouts, two updates.
#[divan::bench(args = ["soft_grpo", "grpo"], sample_count = 20)]
fn training_step(bencher: Bencher<'_, '_>, objective: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/nano-chain_sum.gguf");
    let mut lab = Lab::new(EngineChoice::Cpu, Some(0), clock).unwrap();
    pollster::block_on(lab.load(&std::fs::read(path).unwrap(), &mut |_, _| ())).unwrap();
    let config = format!(r#"{{"task":"chain_sum","objective":"{objective}","max_steps":100000,"eval_steps":0}}"#);
    pollster::block_on(lab.start_training(serde_json::from_str(&config).unwrap())).unwrap();
    bencher.bench_local(|| pollster::block_on(lab.train_step(&Pulse::default())).unwrap());
}

/// Parameters 135,488 (`small`) and 1,057,920 (`mid`), as in the comparison with other frameworks.
fn peer(size: &str, form: Form) -> (CpuEngine, Vec<Sequence>) {
    let (width, layers, rows, time) = if size == "small" { (64, 2, 8, 32) } else { (128, 4, 16, 64) };
    let config = ModelConfig {
        family: Family::Llama,
        hidden_size: width,
        intermediate_size: 4 * width,
        num_hidden_layers: layers,
        num_attention_heads: 4,
        num_key_value_heads: 4,
        head_dim: width / 4,
        ..ModelConfig::preset("nano", 64).unwrap()
    };
    let sequence = |row: usize| {
        let ids: Vec<u32> = (0..time).map(|t| ((row * time + t) * 7 + (row * time + t) / 3) as u32 % 64).collect();
        let mut inputs = Blends::new(1);
        ids.iter().for_each(|id| inputs.push_token(*id));
        Sequence { inputs, first: 0, actions: ids[1..].iter().map(|id| Action::Token(*id)).collect() }
    };
    (CpuEngine::of_form(&config, params::init(&config, 1), form).unwrap(), (0..rows).map(sequence).collect())
}

/// Forward, backward, clipping and AdamW.
#[divan::bench(args = ["small", "mid"], sample_count = 10)]
fn update(bencher: Bencher<'_, '_>, size: &str) {
    measure_update(bencher, size, Form::Fused);
}

/// The same by Burn's own operations, as they come.
#[divan::bench(args = ["small", "mid"], sample_count = 10)]
fn update_composed(bencher: Bencher<'_, '_>, size: &str) {
    measure_update(bencher, size, Form::Composed);
}

fn measure_update(bencher: Bencher<'_, '_>, size: &str, form: Form) {
    let (mut engine, batch) = peer(size, form);
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
    bencher.bench_local(|| {
        pollster::block_on(engine.update(&batch, &scoring, &mut loss, &optimizer, &Pulse::default())).unwrap()
    });
}

/// 64 rows × 16 decoded tokens with the cache, after prompts of 16 tokens; logits read back at every step.
#[divan::bench(args = ["nano", "micro"], sample_count = 10)]
fn decode_64x16(bencher: Bencher<'_, '_>, preset: &str) {
    let config = ModelConfig::preset(preset, 64).unwrap();
    let mut engine = CpuEngine::new(&config, params::init(&config, 1)).unwrap();
    let prompts: Vec<Vec<u32>> = (0..8).map(|p| (0..16).map(|t| (p * 5 + t * 3) % 64).collect()).collect();
    let mut inputs = Blends::new(5);
    (0..64).for_each(|row| inputs.push(&[row, 1, 2, 3, 4], &[0.9, 0.04, 0.03, 0.02, 0.01]));
    bencher.bench_local(|| {
        pollster::block_on(async {
            engine.prefill(&prompts, 8, 16).await.unwrap();
            for _ in 0..16 {
                engine.decode(&inputs).await.unwrap();
            }
        });
    });
}
