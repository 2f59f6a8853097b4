//! Whole rollouts of every named policy on the CPU engine: repeatable, rebuilt exactly from their record, stopped by their rules.
//!
//! Not here: frequencies (`sampling.rs`), the GPU engine (`gpu.rs`).

use soft_thinking_lab::decode::preset::{PRESETS, preset};
use soft_thinking_lab::decode::rollout::{Request, Rollout, embedding_of, rollout};
use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::decode::{DiscreteSettings, Policy, SoftSettings};
use soft_thinking_lab::engine::chain::{Sampling, StopRule};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::{Action, Engine, Pulse, Scoring, VectorScoring, Weights};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::text::Tokenizer;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn engine(seed: u64) -> CpuEngine {
    let config = ModelConfig::preset("nano", 64).unwrap();
    // Four times the usual spread, so that distributions are far from uniform.
    let params = params::init(&config, seed).iter().map(|p| if *p == 1.0 { 1.0 } else { p * 4.0 }).collect();
    CpuEngine::new(&config, params).unwrap()
}

fn roll(engine: &mut CpuEngine, policy: &Policy) -> Vec<Rollout> {
    let prompts = vec![vec![20, 21, 1], vec![30, 31, 32, 33, 1]];
    let marks = Tokenizer::lab().unwrap().marks();
    let request = Request { prompts: &prompts, offset: 0, samples: 3, policy, max_steps: 14, seed: 5, marks, chunk: 8 };
    block_on(rollout(engine, &request, &Pulse::default(), &mut |_, _| ())).unwrap()
}

/// Every preset; each with a thought of at most nine tokens, so that answers are reached.
fn policies() -> Vec<(&'static str, Policy)> {
    let short = |policy: Policy| match policy {
        Policy::Discrete(s) => Policy::Discrete(DiscreteSettings { max_thought_length: 9, ..s }),
        Policy::Soft(s) => Policy::Soft(SoftSettings { max_thought_length: 9, ..s }),
        Policy::SoftTokens(mut s) => {
            s.max_thought_length = 9;
            Policy::SoftTokens(s)
        }
        Policy::Multiplex(mut s) => {
            s.max_thought_length = 9;
            Policy::Multiplex(s)
        }
    };
    PRESETS.iter().map(|(name, _)| (*name, short(preset(name).unwrap()))).collect()
}

#[test]
fn every_policy_repeats_itself_and_its_record_rebuilds_what_was_fed() {
    let mut engine = engine(21);
    let marks = Tokenizer::lab().unwrap().marks();
    for (name, policy) in policies() {
        let rollouts = roll(&mut engine, &policy);
        assert_eq!(rollouts, roll(&mut engine, &policy), "{name}");
        let (deviation, embedding) = block_on(embedding_of(&engine, &policy)).unwrap();
        let sampling = policy.sampling(marks, 14, deviation);
        let (mut soft, mut answers) = (0, 0);
        for (index, rollout) in rollouts.iter().enumerate() {
            let sequence = rollout.sequence();
            // All positions at once must lead to the steps that were taken one by one.
            let logits = block_on(engine.logits(&sequence.inputs)).unwrap();
            let key = Key::from_seed(5).derive(index as u32 / 3).derive(index as u32 % 3);
            let mut row = Row::new(key);
            for (at, step) in rollout.steps.iter().enumerate() {
                let again = row.next(&logits[(sequence.first + at) * 64..][..64], &sampling, &embedding);
                assert_eq!(
                    (again.token, again.soft, again.forced),
                    (step.token, step.soft, step.forced),
                    "{name} {at}"
                );
                let stored = step.perturbed.iter().chain(&step.vector).zip(again.perturbed.iter().chain(&again.vector));
                for (a, b) in stored {
                    // f32 logits near 10 in another order of summation; fuzzy temperatures do not soften that.
                    assert!((a - b).abs() <= 2e-3 * a.abs().max(1.0), "{name} {at}: {a} {b}");
                }
                soft += usize::from(step.soft);
                answers += usize::from(step.answering);
            }
        }
        assert!(answers >= 10, "{name}: {answers} steps of answers");
        assert_eq!(soft > 0, policy.is_soft(), "{name}");
    }
}

#[test]
fn every_policys_actions_are_scored_as_they_were_drawn() {
    let mut engine = engine(22);
    for (name, policy) in policies() {
        let rollouts = roll(&mut engine, &policy);
        let (deviation, _) = block_on(embedding_of(&engine, &policy)).unwrap();
        let mut scoring = Scoring::code();
        if let Policy::Soft(soft) = policy {
            scoring.noise = soft.noise;
            scoring.density = DensityForm { log_epsilon: soft.log_epsilon, ..scoring.density };
        }
        if let (Policy::SoftTokens(s), true) = (policy, deviation > 0.0) {
            scoring.vectors = Some(VectorScoring { temperature: s.temperature, deviation, embedding_gradient: true });
        }
        let batch: Vec<_> = rollouts.iter().map(Rollout::sequence).collect();
        let vectors = batch.iter().flat_map(|s| &s.actions).any(|a| matches!(a, Action::Vector(_)));
        if vectors && scoring.vectors.is_none() {
            // Without noise a vector has no density: that is said.
            let error = block_on(engine.score(&batch, &scoring, Weights::Current, &Pulse::default())).unwrap_err();
            assert!(error.code() == "bad-input" && error.to_string().contains("vectors"), "{name}: {error}");
            continue;
        }
        let scores = block_on(engine.score(&batch, &scoring, Weights::Current, &Pulse::default())).unwrap();
        for (sequence, found) in batch.iter().zip(&scores.log_densities) {
            assert_eq!(found.len(), sequence.scores(), "{name}");
            assert!(found.iter().all(|d| d.is_finite()), "{name}: {found:?}");
        }
        if vectors {
            // −‖noise‖²/2 of D = 64 normal numbers: −32 on average, deviation √32.
            let of_vectors = batch.iter().zip(&scores.log_densities).flat_map(|(sequence, found)| {
                let pairs = sequence.actions.iter().zip(found);
                pairs.filter(|(action, _)| matches!(action, Action::Vector(_))).map(|(_, density)| *density)
            });
            let all: Vec<f64> = of_vectors.collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            assert!((mean + 32.0).abs() <= 4.0 * (32.0 / all.len() as f64).sqrt(), "{name}: {mean} of {}", all.len());
        }
    }
}

fn plan(stop: StopRule) -> Sampling {
    let marks = Tokenizer::lab().unwrap().marks();
    Sampling { stop, ..Policy::Soft(SoftSettings::default()).sampling(marks, 100, 0.0) }
}

#[test]
fn cold_stop_counts_certain_steps_in_a_row() {
    let marks = Tokenizer::lab().unwrap().marks();
    let certain: Vec<f32> = (0..64).map(|id| if id == 30 { 20.0 } else { 0.0 }).collect();
    let open: Vec<f32> = (0..64).map(|id| if id == 30 || id == 31 { 20.0 } else { 0.0 }).collect();
    let sampling = plan(StopRule { cold_entropy: 0.01, cold_steps: 3, max_thought: 0 });
    let mut row = Row::new(Key::from_seed(1));
    for logits in [&certain, &certain, &open, &certain, &certain] {
        let step = row.next(logits, &sampling, &[]);
        assert!(!step.forced && step.token != marks.end_think);
    }
    let step = row.next(&certain, &sampling, &[]).clone();
    assert!(step.forced && step.token == marks.end_think && !step.soft && step.action() == Action::Forced);
    assert!(row.next(&open, &sampling, &[]).answering);
}

#[test]
fn the_longest_thought_is_ended_and_the_models_own_end_is_not_forced() {
    let marks = Tokenizer::lab().unwrap().marks();
    let certain: Vec<f32> = (0..64).map(|id| if id == 30 { 20.0 } else { 0.0 }).collect();
    let sampling = plan(StopRule { max_thought: 4, ..StopRule::default() });
    let mut row = Row::new(Key::from_seed(1));
    let forced: Vec<bool> = (0..6).map(|_| row.next(&certain, &sampling, &[]).forced).collect();
    assert_eq!(forced, [false, false, false, true, false, false]);
    let own: Vec<f32> = (0..64).map(|id| if id == marks.end_think { 20.0 } else { 0.0 }).collect();
    let step = Row::new(Key::from_seed(1)).next(&own, &sampling, &[]).clone();
    assert!(!step.forced && step.action() == Action::Token(marks.end_think));
    // A greedy shadow that reaches the end is no choice with a probability.
    let shadow = preset("soft-tokens").unwrap().sampling(marks, 100, 0.1);
    let step = Row::new(Key::from_seed(1)).next(&own, &shadow, &vec![0.5; 64 * 4]).clone();
    assert!(step.forced && step.token == marks.end_think && step.action() == Action::Forced);
}

#[test]
fn the_published_rebuild_of_control_noises_differs_from_what_was_fed() {
    let mut engine = engine(23);
    let rollouts = roll(&mut engine, &preset("softgrpo-dirichlet").unwrap());
    let first = rollouts.iter().find(|r| r.steps.len() > 2 && r.steps[0].soft).unwrap();
    let (own, published) = (first.sequence(), first.sequence_by_softmax(1.0));
    let row = first.prompt.len() * own.inputs.width;
    let weights = |s: &soft_thinking_lab::engine::Sequence| s.inputs.weights[row..row + 5].to_vec();
    assert_eq!(weights(&own), first.steps[0].mixture);
    let samples: Vec<f64> = first.steps[0].perturbed.iter().map(|x| f64::from(*x).exp()).collect();
    let total: f64 = samples.iter().sum();
    for (found, sample) in weights(&published).iter().zip(&samples) {
        assert!((f64::from(*found) - sample / total).abs() <= 1e-6);
    }
    assert_ne!(weights(&own), weights(&published));
}

#[test]
fn every_policy_and_method_stands_in_the_table_of_methods() {
    let table = include_str!("../src/methods.md");
    for (name, _) in PRESETS.iter().chain(soft_thinking_lab::train::preset::PRESETS) {
        assert!(table.contains(&format!("`{name}`")), "src/methods.md lacks `{name}`");
    }
}

#[test]
fn a_pause_is_its_tokens_and_nothing_that_is_scored() {
    let mut engine = engine(23);
    let marks = Tokenizer::lab().unwrap().marks();
    let policy = Policy::Discrete(DiscreteSettings { pause_length: 4, ..DiscreteSettings::default() });
    for rollout in roll(&mut engine, &policy) {
        let thought: Vec<u32> = rollout.steps[..5].iter().map(|step| step.token).collect();
        assert_eq!(thought, [marks.pad, marks.pad, marks.pad, marks.pad, marks.end_think]);
        let sequence = rollout.sequence();
        assert!(sequence.actions[..5].iter().all(|action| *action == Action::Forced), "a pause is no choice");
        assert!(rollout.steps[..5].iter().all(|step| !step.answering) && rollout.steps[5].answering);
        assert!(sequence.actions[5..].iter().all(|action| matches!(action, Action::Token(_))), "the answer is");
    }
    let without = Policy::Discrete(DiscreteSettings::default());
    assert_ne!(roll(&mut engine, &policy)[0].tokens(), roll(&mut engine, &without)[0].tokens());
}
