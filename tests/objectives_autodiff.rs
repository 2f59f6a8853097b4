//! The gradient of every objective end to end, from the loss through the model to the parameters: slopes by hand (`math/objective.rs`)
//! against the same losses written in Burn tensors and differentiated by Burn alone.
//!
//! Not here: the slopes against finite differences in f64 (`gradients_math.rs`), the GPU engine (`gpu_learning.rs`).

use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use serde_json::{Map, Value, json};
use soft_thinking_lab::decode::rollout::embedding_of;
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::{Action, Engine, Pulse, Scores, Scoring, Sequence, Slopes, Weights};
use soft_thinking_lab::math::aggregation::aggregation_weights;
use soft_thinking_lab::math::kl::KlEstimator;
use soft_thinking_lab::math::objective::{Objective, SamplingLevel, Scored, Surrogate};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::train::frame::Frame;
use soft_thinking_lab::train::{TrainConfig, presets};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn shipped() -> (CpuEngine, Tokenizer) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models/nano-chain_sum.gguf");
    let checkpoint = soft_thinking_lab::weights::read(&std::fs::read(path).unwrap()).unwrap();
    let tokenizer = Tokenizer::from_json(&checkpoint.tokenizer_json.unwrap()).unwrap();
    (CpuEngine::new(&checkpoint.config, checkpoint.params).unwrap(), tokenizer)
}

/// A batch as an update meets it: the policy has moved away from the one that acted, and from the reference.
struct Case {
    objective: Objective,
    scoring: Scoring,
    batch: Vec<Sequence>,
    old: Scores,
    reference: Scores,
    /// Per sequence.
    advantages: Vec<f64>,
    weights: Vec<f64>,
}

fn moved(engine: &mut CpuEngine, draws: &mut Stream, by: f64) {
    let params = block_on(engine.read_params()).unwrap();
    let params: Vec<f32> = params.iter().map(|p| p + (by * draws.normal()) as f32).collect();
    block_on(engine.write_params(&params)).unwrap();
}

fn case(own: Value, seed: u64) -> (CpuEngine, Case) {
    let (mut engine, tokenizer) = shipped();
    let Value::Object(own) = own else { panic!("settings are an object") };
    let mut all = Map::from_iter([
        ("task".to_owned(), json!("chain_sum")),
        ("num_generations".to_owned(), json!(4)),
        ("generation_batch_size".to_owned(), json!(8)),
        ("steps_per_generation".to_owned(), json!(1)),
        ("dynamic_sampling".to_owned(), json!(false)),
    ]);
    all.extend(own);
    let config = TrainConfig::read(all).unwrap();
    config.validate(engine.config().vocab_size).unwrap();
    let task = config.task().unwrap();
    let (policy, pulse, mut draws) = (config.policy(), Pulse::default(), Stream::new(Key::from_seed(seed)));
    let (deviation, _) = block_on(embedding_of(&engine, &policy)).unwrap();
    let frame = Frame { config, task, tokenizer };
    let gathered = block_on(frame.gather(&mut engine, &policy, seed as usize, &pulse)).unwrap();
    let scoring = frame.config.scoring(deviation);
    let batch: Vec<Sequence> = gathered.samples.iter().map(|s| s.rollout.sequence()).collect();
    moved(&mut engine, &mut draws, 2e-3);
    block_on(engine.set_reference(None)).unwrap();
    moved(&mut engine, &mut draws, 2e-3);
    let old = block_on(engine.score(&batch, &scoring, Weights::Current, &pulse)).unwrap();
    let reference = block_on(engine.score(&batch, &scoring, Weights::Reference, &pulse)).unwrap();
    moved(&mut engine, &mut draws, 4e-3);
    let chosen = |s: &Sequence| s.actions.iter().filter(|action| **action != Action::Forced).count();
    let lengths: Vec<usize> = batch.iter().map(chosen).collect();
    let micro = frame.config.per_device_train_batch_size;
    let longest = frame.config.max_length(frame.task.as_ref());
    let weights = aggregation_weights(frame.config.loss_type, &lengths, longest, micro);
    let advantages = (0..batch.len()).map(|_| draws.normal()).collect();
    (engine, Case { objective: frame.config.loss(), scoring, batch, old, reference, advantages, weights })
}

/// A number for each log density and for each action of a sequence; 0 for what was given.
fn spread(sequence: &Sequence, weight: f64) -> (Vec<f64>, Vec<f64>) {
    let of = |action: &Action| if *action == Action::Forced { 0.0 } else { weight };
    let densities = sequence.actions.iter().flat_map(|action| std::iter::repeat_n(of(action), action.scores()));
    (densities.collect(), sequence.actions.iter().map(of).collect())
}

impl Case {
    fn by_hand(&self, engine: &mut CpuEngine) -> Vec<f32> {
        let mut loss = |row: usize, log_densities: &[f64]| {
            let (weights, entropy_weights) = spread(&self.batch[row], self.weights[row]);
            let found = self.objective.sequence_loss(&Scored {
                log_densities,
                old: &self.old.log_densities[row],
                reference: Some(&self.reference.log_densities[row]),
                weights: &weights,
                entropies: &self.old.entropies[row],
                entropy_weights: &entropy_weights,
                advantage: self.advantages[row],
            });
            Slopes { densities: found.d_log_densities, entropies: found.d_entropies }
        };
        block_on(engine.gradient(&self.batch, &self.scoring, &mut loss, &Pulse::default())).unwrap()
    }

    /// The loss of the whole batch in tensors: log densities (N) and entropies (A) → (1).
    fn in_tensors(&self, now: Tensor<1>, entropies: Tensor<1>) -> Tensor<1> {
        let device = now.device();
        let tensor = |values: Vec<f64>| {
            let n = values.len();
            let values: Vec<f32> = values.into_iter().map(|v| v as f32).collect();
            Tensor::<1>::from_data(TensorData::new(values, [n]), &device)
        };
        let rows = || self.batch.iter().enumerate();
        let (weights, entropy_weights): (Vec<_>, Vec<_>) = rows().map(|(i, s)| spread(s, self.weights[i])).unzip();
        let weights = tensor(weights.concat());
        let advantages = tensor(rows().flat_map(|(i, s)| vec![self.advantages[i]; s.scores()]).collect());
        let old = tensor(self.old.log_densities.concat());
        let reference = tensor(self.reference.log_densities.concat());
        let policy = match (self.objective.surrogate, self.objective.level) {
            (Surrogate::ScoreFunction, _) => (advantages.neg() * now.clone() * weights.clone()).sum(),
            (Surrogate::Clipped, SamplingLevel::Token) => {
                (self.clipped((now.clone() - old).exp(), advantages) * weights.clone()).sum()
            }
            (Surrogate::Clipped, SamplingLevel::Sequence) => {
                let log_ratio = now.clone() - old;
                let mut at = 0;
                let parts = rows().map(|(i, s)| {
                    let (chosen, _) = spread(s, 1.0);
                    let count: f64 = chosen.iter().sum();
                    let own = log_ratio.clone().narrow(0, at, chosen.len()) * tensor(chosen);
                    at += s.scores();
                    let loss = self.clipped(own.sum().div_scalar(count).exp(), tensor(vec![self.advantages[i]]));
                    loss.mul_scalar(count * self.weights[i])
                });
                parts.reduce(|a, b| a + b).unwrap()
            }
        };
        let delta = reference - now;
        let divergence = match self.objective.kl_estimator {
            KlEstimator::K1 => delta.neg(),
            KlEstimator::K2 => delta.square().mul_scalar(0.5),
            KlEstimator::K3 => delta.clone().exp() - delta - 1.0,
        };
        let bonus = (entropies * tensor(entropy_weights.concat())).sum().mul_scalar(self.objective.entropy_coef);
        match self.objective.beta {
            0.0 => policy - bonus, // a fuzzy step that chose another token may have an infinite e^Δ
            beta => policy + (divergence * weights).sum().mul_scalar(beta) - bonus,
        }
    }

    fn clipped(&self, ratio: Tensor<1>, advantages: Tensor<1>) -> Tensor<1> {
        let clip = &self.objective.clip;
        let plain = advantages.clone().neg() * ratio.clone();
        let held = advantages.clone().neg() * ratio.clamp(1.0 - clip.low, 1.0 + clip.high);
        let loss = plain.max_pair(held);
        let Some(dual) = clip.dual else { return loss };
        let negative = advantages.clone().lower_scalar(0.0).float();
        let bounded = loss.clone().min_pair(advantages.mul_scalar(-dual));
        loss * (negative.clone().neg() + 1.0) + bounded * negative
    }
}

/// ‖a − b‖ / ‖b‖.
fn distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    let difference = squares(&mut a.iter().zip(b).map(|(a, b)| f64::from(a - b)));
    difference / squares(&mut b.iter().map(|b| f64::from(*b)))
}

fn check(name: &str, own: Value, seed: u64) {
    let (mut engine, case) = case(own, seed);
    let by_hand = case.by_hand(&mut engine);
    let loss = |now: Tensor<1>, entropies: Tensor<1>| case.in_tensors(now, entropies);
    let by_burn = block_on(engine.autodiff(&case.batch, &case.scoring, loss)).unwrap();
    let off = distance(&by_hand, &by_burn);
    // f32 through the whole model; both sides share it, the slopes are what differs.
    assert!(off <= 1e-4, "{name}: the gradients differ by {off:.1e}");
    let size = by_burn.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
    assert!(size > 1e-3, "{name}: a gradient of {size} says nothing");
}

#[test]
fn every_presets_gradient_is_burns() {
    for (index, (name, _)) in presets().iter().enumerate() {
        check(name, json!({ "preset": name }), index as u64);
    }
}

#[test]
fn switches_have_burns_gradient_too() {
    for (index, own) in [
        json!({ "objective": "grpo", "beta": 0.3, "kl_estimator": "k1" }),
        json!({ "objective": "grpo", "beta": 0.3, "kl_estimator": "k2", "entropy_coef": 0.05 }),
        json!({ "objective": "soft_grpo", "beta": 0.3, "kl_estimator": "k3", "entropy_coef": 0.05, "dual_clip": 1.1 }),
        json!({ "objective": "soft_grpo", "input_gradient": true, "temperature": 0.8 }),
        json!({ "preset": "multiplex", "importance_sampling_level": "sequence", "epsilon": 0.02, "beta": 0.1 }),
        json!({ "preset": "soft-tokens", "embedding_gradient": false, "entropy_coef": 0.1 }),
        json!({ "preset": "softgrpo-paper", "loss_type": "seq_mean_token_sum", "epsilon_high": 0.5, "epsilon": 0.1 }),
        json!({ "objective": "grpo", "max_thought_length": 4, "loss_type": "dr_grpo" }),
    ]
    .into_iter()
    .enumerate()
    {
        check(&own.to_string(), own.clone(), 40 + index as u64);
    }
}
