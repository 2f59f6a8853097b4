//! Learning on the GPU engine against Hugging Face's gradients and against the CPU engine: gradients, updates, runs, and what they cost.
//!
//! Not here: single kernels (`kernels_backward.rs`), rollouts and scores (`gpu.rs`). An adapter is promised by the feature `gpu`.

use std::path::Path;

use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::gpu::{Capacity, GpuEngine, Variant};
use soft_thinking_lab::engine::{
    Action, Blends, Engine, OptimizerConfig, Pulse, Scores, Scoring, Sequence, Slopes, VectorScoring, Weights,
};
use soft_thinking_lab::lab::{EngineChoice, EngineKind, EvaluateOptions, Lab, ThinkOptions};
use soft_thinking_lab::math::gumbel::{ABSENT, DensityForm, LOG_EPSILON, perturb};
use soft_thinking_lab::math::noises::{Noise, gamma_sample, gaussian_sample};
use soft_thinking_lab::math::softmax::softmax;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::verify::models::{ModelFiles, verify_model};
use soft_thinking_lab::weights::Checkpoint;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn model(seed: u64) -> (ModelConfig, Vec<f32>) {
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params = params::init(&config, seed).iter().map(|p| if *p == 1.0 { 1.0 } else { p * 2.0 }).collect();
    (config, params)
}

fn engines(seed: u64, variant: Variant) -> (CpuEngine, GpuEngine) {
    let (config, params) = model(seed);
    let gpu = block_on(GpuEngine::with_variant(&config, &params, Capacity::default(), variant)).unwrap();
    (CpuEngine::new(&config, params).unwrap(), gpu)
}

/// Sequences of several lengths, tokens and blends, as a rollout leaves them.
fn batch(rows: usize, seed: u64) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(seed));
    let sequence = |row: usize| {
        let (first, n) = (1 + row % 4, 3 + row * 5 % 17);
        let mut inputs = Blends::new(5);
        (0..=first).for_each(|_| inputs.push_token(stream.below(64)));
        let mut actions = Vec::new();
        for step in 0..n {
            if (row + step) % 3 == 2 {
                actions.push(Action::Token(stream.below(64)));
                inputs.push_token(stream.below(64));
                continue;
            }
            let start = stream.below(59);
            let candidates: Vec<u32> = (start..start + 5).collect();
            let logits: Vec<f64> = (0..5).map(|_| stream.normal()).collect();
            let noise: Vec<f64> = (0..5).map(|_| stream.normal()).collect();
            let perturbed: Vec<f32> =
                perturb(&softmax(&logits), &noise, 1.0, LOG_EPSILON).iter().map(|y| *y as f32).collect();
            let weights: Vec<f32> = softmax(&noise).iter().map(|w| *w as f32).collect();
            inputs.push(&candidates, &weights);
            actions.push(Action::Soft { candidates, perturbed });
        }
        // The last position is scored too: whatever is lost at an edge is missed.
        actions.push(Action::Token(stream.below(64)));
        Sequence { inputs, first, actions }
    };
    (0..rows).map(sequence).collect()
}

/// ‖a − b‖ / ‖b‖
fn distance(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let squares: f64 = a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    (squares / b.iter().map(|b| f64::from(*b).powi(2)).sum::<f64>()).sqrt()
}

fn gradient<E: Engine>(engine: &mut E, batch: &[Sequence], scoring: &Scoring) -> Vec<f32> {
    // Any loss that depends on the densities: its slope is sin of them.
    let mut loss = |_: usize, densities: &[f64]| densities.iter().map(|d| d.sin() + 0.5).collect();
    block_on(engine.gradient(batch, scoring, &mut loss, &Pulse::default())).unwrap()
}

fn golden(folder: &str, variant: Variant) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models").join(folder);
    let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
    let files = ModelFiles {
        config: String::from_utf8(read("config.json")).unwrap(),
        model: read("model.safetensors"),
        expected: String::from_utf8(read("expected.json")).unwrap(),
        tensors: read("expected.safetensors"),
    };
    let open = async |c: Checkpoint| GpuEngine::with_variant(&c.config, &c.params, Capacity::default(), variant).await;
    for report in block_on(verify_model(folder, &files, open)).unwrap() {
        println!("{folder} {}, {variant:?}: {:.1e} of {:.0e}", report.group, report.max_error, report.tolerance);
        assert!(report.passed(), "{report:?}");
    }
}

#[test]
fn gradients_of_hugging_faces_models() {
    for folder in ["llama-tiny", "qwen2-tiny"] {
        for variant in [Variant::Plain, Variant::Shared] {
            golden(folder, variant);
        }
    }
}

#[test]
fn gradients_are_those_of_burns_autodiff() {
    for (variant, seed) in [(Variant::Plain, 1), (Variant::Shared, 2)] {
        let (mut cpu, mut gpu) = engines(seed, variant);
        let batch = batch(9, seed);
        for (density, temperature) in [(DensityForm::code(), 1.0), (DensityForm::paper(), 0.7)] {
            for input_gradient in [false, true] {
                let scoring = Scoring { temperature, density, input_gradient, ..Scoring::code() };
                let (found, expected) = (gradient(&mut gpu, &batch, &scoring), gradient(&mut cpu, &batch, &scoring));
                let error = distance(&found, &expected);
                println!("{variant:?} {scoring:?}: {error:.1e}");
                // f32, other orders of summation; the paper's form multiplies rounding of the noise by up to e^14.
                assert!(error <= if density.clamp { 1e-4 } else { 1e-3 }, "{variant:?} {scoring:?}: {error}");
            }
        }
    }
}

/// What an action of a mixed batch may be beside a token.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Soft,
    Draws,
    Vector,
}

/// Sequences of several lengths whose actions and inputs are of one kind, with tokens and forced steps among them.
fn mixed(kind: Kind, scoring: &Scoring, rows: usize, seed: u64) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(seed));
    let dim = ModelConfig::preset("nano", 64).unwrap().hidden_size;
    let sequence = |row: usize| {
        let (first, n) = (1 + row % 4, 4 + row * 5 % 17);
        let mut inputs = if kind == Kind::Vector { Blends::with_vectors(dim) } else { Blends::new(4) };
        (0..=first).for_each(|_| inputs.push_token(stream.below(64)));
        let mut actions = Vec::new();
        for step in 0..=n {
            let start = stream.below(60);
            let ids: Vec<u32> = (start..start + 4).collect();
            let normals: Vec<f64> = (0..4).map(|_| stream.normal()).collect();
            let weights: Vec<f32> = softmax(&normals).iter().map(|w| *w as f32).collect();
            let vector: Vec<f32> = (0..dim).map(|_| 0.1 * stream.normal() as f32).collect();
            let action = match ((row + step) % 5, kind) {
                (2, _) => Action::Token(start),
                (3, _) => Action::Forced,
                (_, Kind::Draws) => Action::Draws(vec![start, start + 2, start]),
                (_, Kind::Vector) => Action::Vector(vector.clone()),
                (_, Kind::Soft) => Action::Soft { candidates: ids.clone(), perturbed: stored(scoring, &mut stream) },
            };
            match &action {
                _ if step == n => {} // the last position is scored too, and nothing follows it
                Action::Token(id) => inputs.push_token(*id),
                Action::Forced => inputs.push_token(2),
                Action::Vector(_) => inputs.push_vector(&vector),
                _ => inputs.push(&ids, &weights),
            }
            actions.push(action);
        }
        Sequence { inputs, first, actions }
    };
    (0..rows).map(sequence).collect()
}

/// What a soft step of four candidates may have stored; without an epsilon one of them may be absent.
fn stored(scoring: &Scoring, stream: &mut Stream) -> Vec<f32> {
    let probs = softmax(&(0..4).map(|_| stream.normal()).collect::<Vec<_>>());
    let noise: Vec<f64> = (0..4).map(|_| stream.normal()).collect();
    let epsilon = scoring.density.log_epsilon;
    let values: Vec<f64> = match scoring.noise {
        Noise::Gumbel => perturb(&probs, &noise, 1.0, epsilon),
        Noise::Dirichlet => probs.iter().map(|prob| gamma_sample(*prob, stream)).collect(),
        Noise::Gaussian => probs.iter().map(|prob| gaussian_sample(*prob, stream)).collect(),
    };
    let absent = epsilon == 0.0 && stream.below(2) == 1;
    values.iter().enumerate().map(|(place, y)| if absent && place == 2 { ABSENT as f32 } else { *y as f32 }).collect()
}

/// The gradient of a loss whose slopes depend on the densities, with entropies or without.
fn gradient_with<E: Engine>(engine: &mut E, batch: &[Sequence], scoring: &Scoring, entropies: bool) -> Vec<f32> {
    let mut loss = |index: usize, densities: &[f64]| Slopes {
        // Vectors have densities in the hundreds, whose f32 rounding should not matter here.
        densities: densities.iter().map(|d| if *d < -20.0 { 0.5 + (d / 100.0).sin() } else { d.sin() + 0.5 }).collect(),
        // One sequence in three has none.
        entropies: match entropies && index % 3 != 2 {
            true => (0..batch[index].actions.len()).map(|action| 0.3 + (action as f64).cos()).collect(),
            false => Vec::new(),
        },
    };
    block_on(engine.gradient(batch, scoring, &mut loss, &Pulse::default())).unwrap()
}

/// Log densities and entropies of both policies.
fn check_scores(cpu: &mut CpuEngine, gpu: &mut GpuEngine, batch: &[Sequence], scoring: &Scoring) {
    let (pulse, reference) = (Pulse::default(), model(77).1);
    block_on(cpu.set_reference(Some(&reference))).unwrap();
    block_on(gpu.set_reference(Some(&reference))).unwrap();
    for weights in [Weights::Current, Weights::Reference] {
        let expected = block_on(cpu.score(batch, scoring, weights, &pulse)).unwrap();
        let found = block_on(gpu.score(batch, scoring, weights, &pulse)).unwrap();
        for (index, sequence) in batch.iter().enumerate() {
            assert_eq!(found.log_densities[index].len(), sequence.scores());
            assert_eq!(found.entropies[index].len(), sequence.actions.len());
        }
        let numbers = |scores: &Scores| [scores.log_densities.concat(), scores.entropies.concat()].concat();
        for (f, e) in numbers(&found).iter().zip(numbers(&expected)) {
            // Logits agree to 1e-4 at worst; exp(-g) without a clamp makes that relative.
            assert!((f - e).abs() <= 5e-4 * e.abs().max(1.0), "{weights:?} {scoring:?}: {f} and {e}");
        }
    }
}

#[test]
fn gradients_of_every_kind_of_action_are_those_of_burns_autodiff() {
    let (code, paper) = (DensityForm::code(), DensityForm::paper());
    let exact = DensityForm { log_epsilon: 0.0, ..code };
    let vectors =
        |temperature, embedding_gradient| Some(VectorScoring { temperature, deviation: 0.05, embedding_gradient });
    let soft = |noise, density, temperature| Scoring { noise, density, temperature, ..Scoring::code() };
    let tokens = Scoring { temperature: 0.8, ..Scoring::code() };
    // Not the fuzzy temperature: it multiplies the rounding of logits by 10 000.
    let cases = [
        (Kind::Soft, soft(Noise::Gumbel, code, 1.0)),
        (Kind::Soft, soft(Noise::Gumbel, exact, 0.7)),
        (Kind::Soft, soft(Noise::Gumbel, DensityForm { mean: true, ..paper }, 1.0)),
        (Kind::Soft, soft(Noise::Dirichlet, code, 0.7)),
        (Kind::Soft, soft(Noise::Gaussian, code, 1.0)),
        (Kind::Draws, tokens),
        (Kind::Vector, Scoring { vectors: vectors(0.5, false), ..tokens }),
        (Kind::Vector, Scoring { vectors: vectors(0.5, true), ..tokens }),
        (Kind::Vector, Scoring { vectors: vectors(0.1, true), input_gradient: true, ..tokens }),
    ];
    for (variant, seed) in [(Variant::Plain, 21), (Variant::Shared, 22)] {
        let (mut cpu, mut gpu) = engines(seed, variant);
        for (index, (kind, scoring)) in cases.iter().enumerate() {
            let batch = mixed(*kind, scoring, 9, seed + index as u64);
            check_scores(&mut cpu, &mut gpu, &batch, scoring);
            for entropies in [false, true] {
                let found = gradient_with(&mut gpu, &batch, scoring, entropies);
                let expected = gradient_with(&mut cpu, &batch, scoring, entropies);
                let error = distance(&found, &expected);
                println!("{variant:?} {kind:?}, entropies {entropies}, {scoring:?}: {error:.1e}");
                // f32, other orders of summation; without a clamp noise goes through an exponential of up to e^14.
                let exponential = *kind == Kind::Soft && scoring.noise == Noise::Gumbel && !scoring.density.clamp;
                let most = if exponential { 1e-3 } else { 1e-4 };
                assert!(error <= most, "{variant:?} {kind:?}, entropies {entropies}, {scoring:?}: {error}");
            }
        }
    }
}

const OPTIMIZER: OptimizerConfig = OptimizerConfig {
    learning_rate: 1e-3,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weight_decay: 0.1,
    max_grad_norm: 0.5,
};

/// One update; the loss before it.
fn update<E: Engine>(engine: &mut E, batch: &[Sequence], scoring: &Scoring) -> f64 {
    let mut nats = 0.0;
    let mut loss = |_: usize, densities: &[f64]| {
        nats -= densities.iter().sum::<f64>() / 100.0;
        vec![-0.01; densities.len()].into()
    };
    assert!(block_on(engine.update(batch, scoring, &mut loss, &OPTIMIZER, &Pulse::default())).unwrap().applied);
    nats
}

#[test]
fn ten_updates_stay_with_the_cpu_engine() {
    let (mut cpu, mut gpu) = engines(3, Variant::ByAdapter);
    let batch = batch(12, 4);
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let mut first = None;
    for index in 0..10 {
        let ours = update(&mut gpu, &batch, &scoring);
        let theirs = update(&mut cpu, &batch, &scoring);
        assert!((ours - theirs).abs() <= 1e-3 * theirs.abs(), "update {index}: loss {ours}, the CPU's {theirs}");
        assert!(first.is_none_or(|before| ours < before), "the loss falls: {ours}");
        first = Some(ours);
    }
    let (ours, theirs) = (block_on(gpu.read_params()).unwrap(), block_on(cpu.read_params()).unwrap());
    assert!(distance(&ours, &theirs) <= 1e-3, "{}", distance(&ours, &theirs));
    // The optimizer's memory moves from one engine to the other.
    let state = block_on(gpu.optimizer_state()).unwrap();
    assert_eq!(state.time, 10);
    assert!(distance(&state.moment_1, &block_on(cpu.optimizer_state()).unwrap().moment_1) <= 1e-2);
    block_on(cpu.write_params(&ours)).unwrap();
    block_on(cpu.set_optimizer_state(state)).unwrap();
    let pulse = Pulse::default();
    let mut loss = |_: usize, d: &[f64]| vec![-0.01; d.len()].into();
    let a = block_on(gpu.update(&batch, &scoring, &mut loss, &OPTIMIZER, &pulse)).unwrap();
    let b = block_on(cpu.update(&batch, &scoring, &mut loss, &OPTIMIZER, &pulse)).unwrap();
    assert!((a.grad_norm - b.grad_norm).abs() <= 1e-4 * b.grad_norm, "{a:?} {b:?}");
}

#[test]
fn a_gradient_that_is_not_finite_changes_nothing() {
    let (_, mut gpu) = engines(5, Variant::ByAdapter);
    let (batch, before) = (batch(2, 5), block_on(gpu.read_params()).unwrap());
    let scoring = Scoring::code();
    let mut loss = |_: usize, d: &[f64]| vec![f64::NAN; d.len()].into();
    let report = block_on(gpu.update(&batch, &scoring, &mut loss, &OPTIMIZER, &Pulse::default())).unwrap();
    assert!(!report.applied && !report.grad_norm.is_finite(), "{report:?}");
    assert_eq!(block_on(gpu.read_params()).unwrap(), before);
    assert_eq!(block_on(gpu.optimizer_state()).unwrap().time, 0);
}

/// llvmpipe would leave the loops of such a backward early and say nothing.
#[test]
fn what_a_software_adapter_cannot_learn_from_is_refused() {
    let config = ModelConfig { max_position_embeddings: 4096, ..ModelConfig::preset("nano", 64).unwrap() };
    let params = params::init(&config, 1);
    let mut gpu = block_on(GpuEngine::with_variant(&config, &params, Capacity::default(), Variant::Plain)).unwrap();
    let mut inputs = Blends::new(1);
    (0..4000).for_each(|t| inputs.push_token(t % 64));
    let batch = [Sequence { inputs, first: 0, actions: vec![Action::Token(1)] }];
    let scoring = Scoring::code();
    let mut loss = |_: usize, d: &[f64]| vec![-1.0; d.len()].into();
    let error = block_on(gpu.gradient(&batch, &scoring, &mut loss, &Pulse::default())).unwrap_err();
    assert!(error.code() == "bad-input" && error.to_string().contains("4000 positions"), "{error}");
}

#[test]
fn an_update_costs_what_was_promised_and_creates_nothing() {
    let (_, mut gpu) = engines(6, Variant::ByAdapter);
    let layers = gpu.config().num_hidden_layers as u64;
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let update = |gpu: &mut GpuEngine, seed| {
        let mut loss = |_: usize, d: &[f64]| vec![-0.01; d.len()].into();
        block_on(gpu.update(&batch(8, seed), &scoring, &mut loss, &OPTIMIZER, &Pulse::default())).unwrap()
    };
    update(&mut gpu, 1);
    let start = gpu.gpu().counts();
    update(&mut gpu, 2);
    let once = gpu.gpu().counts();
    let dispatches = once.dispatches - start.dispatches;
    assert!(dispatches <= 30 * layers + 30, "{dispatches} dispatches an update");
    assert_eq!(once.read_backs - start.read_backs, 2, "log densities and the norm");
    assert!(once.submits - start.submits <= 4, "{} submits", once.submits - start.submits);
    for seed in 0..20 {
        update(&mut gpu, seed % 3);
    }
    let end = gpu.gpu().counts();
    assert_eq!((end.creations, end.live_bytes), (start.creations, start.live_bytes));
    println!("{dispatches} dispatches, {} submits an update", once.submits - start.submits);
}

/// As in a group whose rewards are all the same: its slopes are 0.
#[test]
fn what_does_not_pull_has_no_backward() {
    let (mut cpu, mut gpu) = engines(6, Variant::ByAdapter);
    let (scoring, batch) = (Scoring::code(), batch(3, 1));
    let gradient = |gpu: &mut GpuEngine, slope: f64| {
        let mut loss = |_: usize, d: &[f64]| vec![slope; d.len()].into();
        let before = gpu.gpu().counts().dispatches;
        let found = block_on(gpu.gradient(&batch, &scoring, &mut loss, &Pulse::default())).unwrap();
        (found.iter().any(|g| *g != 0.0), gpu.gpu().counts().dispatches - before)
    };
    let [(pulled, all), (still, forward)] = [-0.01, 0.0].map(|slope| gradient(&mut gpu, slope));
    assert!(pulled && !still && 2 * forward < all, "{forward} of {all} dispatches");
    let mut loss = |_: usize, d: &[f64]| vec![0.0; d.len()].into();
    let found = block_on(cpu.gradient(&batch, &scoring, &mut loss, &Pulse::default())).unwrap();
    assert!(found.iter().all(|g| *g == 0.0));
}

fn clock() -> f64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static TICKS: AtomicU64 = AtomicU64::new(0);
    TICKS.fetch_add(1, Ordering::Relaxed) as f64 * 1e-3
}

fn shipped(choice: EngineChoice) -> Lab {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models/nano-chain_sum.gguf");
    let mut lab = Lab::new(choice, Some(0), clock).unwrap();
    block_on(lab.load(&std::fs::read(path).unwrap(), &mut |_, _| ())).unwrap();
    lab
}

fn start(lab: &mut Lab, objective: &str) {
    let config = format!(
        r#"{{"task":"chain_sum","objective":"{objective}","max_steps":24,"eval_steps":0,"generation_batch_size":32,"seed":3}}"#
    );
    block_on(lab.start_training(serde_json::from_str(&config).unwrap())).unwrap();
}

#[test]
fn ten_training_steps_stay_with_the_cpu_engine() {
    for objective in ["soft_grpo", "grpo"] {
        let (mut gpu, mut cpu) = (shipped(EngineChoice::Gpu), shipped(EngineChoice::Cpu));
        assert_eq!(gpu.engine_info().unwrap().kind, EngineKind::Gpu);
        start(&mut gpu, objective);
        start(&mut cpu, objective);
        for _ in 0..10 {
            let ours = block_on(gpu.train_step(&Pulse::default())).unwrap();
            let theirs = block_on(cpu.train_step(&Pulse::default())).unwrap();
            println!(
                "{objective} {}: reward {} {}, norm {} {}",
                ours.step, ours.reward, theirs.reward, ours.grad_norm, theirs.grad_norm
            );
            assert_eq!(ours.reward, theirs.reward, "the same rollouts, so the same rewards");
            let close = |a: f64, b: f64| (a - b).abs() <= 0.01 * b.abs().max(1e-3);
            assert!(
                close(ours.entropy, theirs.entropy) && close(ours.grad_norm, theirs.grad_norm),
                "{ours:?}\n{theirs:?}"
            );
        }
    }
}

#[test]
fn a_lost_device_comes_back_once_and_then_is_explained() {
    let mut lab = shipped(EngineChoice::Gpu);
    start(&mut lab, "soft_grpo");
    let mut rewards = Vec::new();
    for _ in 0..12 {
        rewards.push(block_on(lab.train_step(&Pulse::default())).unwrap().reward);
    }
    lab.lose_device();
    // The last good state is that of step 10: the run does step 11 again, with the same rollouts.
    let again = block_on(lab.train_step(&Pulse::default())).unwrap();
    assert_eq!((again.step, again.reward), (11, rewards[10]));
    let notices = lab.take_notices();
    assert!(notices.len() == 1 && notices[0].step == Some(10), "{notices:?}");
    // A second loss within half a minute.
    lab.lose_device();
    let error = block_on(lab.train_step(&Pulse::default())).unwrap_err();
    assert!(error.code() == "device-lost" && error.to_string().contains("CPU engine"), "{error}");
    assert_eq!(lab.engine_info().unwrap().kind, EngineKind::Cpu);
    assert_eq!(block_on(lab.train_step(&Pulse::default())).unwrap().step, 11, "nothing is lost");
}

#[test]
fn a_thought_survives_a_lost_device() {
    let mut lab = shipped(EngineChoice::Gpu);
    let options: ThinkOptions = serde_json::from_str(r#"{"task":"chain_sum","questionSeed":5,"seed":1}"#).unwrap();
    let think = |lab: &mut Lab| {
        let mut steps = Vec::new();
        let result = block_on(lab.think(&options, &Pulse::default(), &mut |step| steps.push(step.step))).unwrap();
        assert_eq!(steps, (0..result.steps).collect::<Vec<_>>(), "each step is heard of once");
        result
    };
    let whole = think(&mut lab);
    lab.lose_device();
    assert_eq!(think(&mut lab), whole);
    assert_eq!(lab.take_notices().len(), 1);
}

#[test]
fn the_faster_engine_is_chosen_and_says_why() {
    let mut lab = shipped(EngineChoice::Auto);
    let info = lab.engine_info().unwrap().clone();
    println!("{info:?}");
    let measured = info.measured.unwrap();
    let expected = if measured.gpu_ms < measured.cpu_ms { EngineKind::Gpu } else { EngineKind::Cpu };
    assert_eq!(info.kind, expected);
    assert!(info.reason.contains("faster"), "{}", info.reason);
    let options: EvaluateOptions =
        serde_json::from_str(r#"{"task":"chain_sum","questions":4,"samples":2,"k":[1]}"#).unwrap();
    block_on(lab.evaluate(&options, &Pulse::default(), &mut |_, _| ())).unwrap();
}
