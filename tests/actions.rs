//! Log densities and gradients of every kind of action on the CPU engine: against `math` in f64 and, through the whole model,
//! against finite differences.
//!
//! Not here: tokens and Gumbel steps alone (`engine.rs`), the GPU engine (`gpu_learning.rs`).

use burn::tensor::{Device, Tensor, TensorData};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::cpu::density::{densities, entropies};
use soft_thinking_lab::engine::{Action, Blends, Engine, Pulse, Scoring, Sequence, Slopes, VectorScoring, Weights};
use soft_thinking_lab::math::gumbel::{ABSENT, DensityForm, log_density, log_density_backward};
use soft_thinking_lab::math::noises::Noise;
use soft_thinking_lab::math::soft_tokens;
use soft_thinking_lab::math::softmax::{entropy, log_prob, log_prob_backward, softmax};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{ModelConfig, params};

const V: usize = 12;
const D: usize = 3;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance, "{what}: {a} is not within {tolerance} of {b}");
}

fn normals(stream: &mut Stream, count: usize, scale: f64) -> Vec<f64> {
    (0..count).map(|_| scale * stream.normal()).collect()
}

fn floats(values: &[f64]) -> Vec<f32> {
    values.iter().map(|v| *v as f32).collect()
}

/// What `math` says of an action at logits (V) and an embedding (V, D): log densities, and the gradients of their sum.
fn truth(logits: &[f64], embedding: &[f64], action: &Action, scoring: &Scoring) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let tempered: Vec<f64> = logits.iter().map(|z| z / scoring.temperature).collect();
    let (mut d_logits, mut d_embedding) = (vec![0.0; V], vec![0.0; V * D]);
    let mut token = |id: u32| {
        let own = log_prob_backward(&tempered, id as usize, 1.0 / scoring.temperature);
        d_logits.iter_mut().zip(own).for_each(|(d, o)| *d += o);
        log_prob(&tempered, id as usize)
    };
    let values = match action {
        Action::Token(id) => vec![token(*id)],
        Action::Draws(ids) => ids.iter().map(|id| token(*id)).collect(),
        Action::Forced => vec![0.0],
        Action::Vector(fed) => {
            let how = scoring.vectors.unwrap();
            let fed: Vec<f64> = fed.iter().map(|f| f64::from(*f)).collect();
            let (temperature, deviation) = (how.temperature, how.deviation);
            (d_logits, d_embedding) =
                soft_tokens::log_density_backward(logits, embedding, &fed, temperature, deviation, 1.0);
            vec![soft_tokens::log_density(logits, embedding, &fed, temperature, deviation)]
        }
        Action::Soft { candidates, perturbed } => {
            let own: Vec<f64> = candidates.iter().map(|id| tempered[*id as usize]).collect();
            let stored: Vec<f64> = perturbed.iter().map(|y| f64::from(*y)).collect();
            let (value, gradient) = match scoring.noise {
                Noise::Gumbel => (
                    log_density(&own, &stored, &scoring.density),
                    log_density_backward(&own, &stored, &scoring.density, 1.0 / scoring.temperature),
                ),
                noise => (
                    noise.log_density(&own, &stored),
                    noise.log_density_backward(&own, &stored, 1.0 / scoring.temperature),
                ),
            };
            candidates.iter().zip(gradient).for_each(|(id, d)| d_logits[*id as usize] = d);
            vec![value]
        }
    };
    (values, d_logits, d_embedding)
}

/// Compares the engine's tensors with [`truth`] for one action a row.
fn compare(what: &str, logits: &[f64], embedding: &[f64], actions: &[Action], scoring: &Scoring) {
    let device = Device::flex().autodiff();
    let n = actions.len();
    let z = Tensor::<2>::from_data(TensorData::new(floats(logits), [n, V]), &device).require_grad();
    let e = Tensor::<2>::from_data(TensorData::new(floats(embedding), [V, D]), &device).require_grad();
    let result = densities(z.clone(), &e, &actions.iter().collect::<Vec<_>>(), scoring, &device).unwrap();
    let found: Vec<f32> = result.values.clone().inner().into_data().try_into_vec().unwrap();
    let mut in_order = vec![0.0; found.len()];
    result.order.iter().zip(&found).for_each(|(place, value)| in_order[*place] = f64::from(*value));
    let mut gradients = (result.values.sum() + entropies(result.log_probs).sum() * 0.7).backward();
    let by_logits: Vec<f32> = z.grad_remove(&mut gradients).unwrap().into_data().try_into_vec().unwrap();
    let by_embedding: Vec<f32> =
        e.grad_remove(&mut gradients).map_or(vec![0.0; V * D], |g| g.into_data().try_into_vec().unwrap());
    let (mut at, mut d_embedding) = (0, vec![0.0; V * D]);
    for (row, action) in actions.iter().enumerate() {
        let own = &logits[row * V..][..V];
        let (values, mut d_logits, by_e) = truth(own, embedding, action, scoring);
        d_embedding.iter_mut().zip(by_e).for_each(|(d, o)| *d += o);
        // Entropy bonus: dH/dz_j = −p_j (ln p_j + H) / T.
        let probs = softmax(&own.iter().map(|z| z / scoring.temperature).collect::<Vec<_>>());
        let nats = entropy(&probs);
        let bonus = probs.iter().map(|p| -0.7 * p * (p.ln() + nats) / scoring.temperature);
        d_logits.iter_mut().zip(bonus).for_each(|(d, b)| *d += b);
        for value in values {
            close(in_order[at], value, 2e-5 * value.abs().max(1.0), &format!("{what} {action:?}: value")); // f32
            at += 1;
        }
        let size = d_logits.iter().map(|d| d.abs()).fold(1.0, f64::max);
        for (found, expected) in by_logits[row * V..][..V].iter().zip(&d_logits) {
            close(f64::from(*found), *expected, 3e-5 * size, &format!("{what} {action:?}: gradient"));
        }
    }
    let expects = scoring.vectors.is_some_and(|how| how.embedding_gradient);
    for (found, expected) in by_embedding.iter().zip(&d_embedding) {
        let expected = if expects { *expected } else { 0.0 };
        close(f64::from(*found), expected, 3e-5 * expected.abs().max(1.0), &format!("{what}: embedding gradient"));
    }
}

#[test]
fn every_action_is_scored_and_differentiated_as_math_has_it() {
    let mut stream = Stream::new(Key::from_seed(41));
    for round in 0..40 {
        let embedding = normals(&mut stream, V * D, 1.0);
        let candidates = vec![3u32, 7, 1, 11, 4];
        let fed = floats(&normals(&mut stream, D, 0.6));
        let gammas: Vec<f32> = (0..5).map(|_| stream.gamma(0.3).max(1e-30) as f32).collect();
        let gaussians: Vec<f32> = (0..5).map(|_| (0.2 + 0.1 * stream.normal()) as f32).collect();
        let mut gumbels = floats(&normals(&mut stream, 5, 1.0));
        gumbels.iter_mut().for_each(|y| *y -= 1.5);
        let mut missing = gumbels.clone();
        missing[1 + round % 3] = ABSENT as f32;
        let step = |perturbed: &[f32]| Action::Soft { candidates: candidates.clone(), perturbed: perturbed.to_vec() };
        let how = VectorScoring { temperature: 0.5, deviation: 0.4, embedding_gradient: round % 2 == 0 };
        let base = Scoring { temperature: [1.0, 0.7][round % 2], vectors: Some(how), ..Scoring::code() };
        let others = [
            Action::Vector(fed),
            Action::Draws(vec![2, 9, 2]),
            Action::Forced,
            Action::Token(5),
            Action::Draws(vec![0]),
        ];
        for (noise, stored) in [
            (Noise::Gumbel, &gumbels),
            (Noise::Gumbel, &missing),
            (Noise::Dirichlet, &gammas),
            (Noise::Gaussian, &gaussians),
        ] {
            for density in [DensityForm::code(), DensityForm::paper()] {
                let actions: Vec<Action> = others.iter().cloned().chain([step(stored)]).collect();
                let logits = normals(&mut stream, V * actions.len(), 1.3);
                let scoring = Scoring { noise, density, ..base };
                compare(&format!("{noise:?}"), &logits, &embedding, &actions, &scoring);
            }
        }
    }
}

fn engine(seed: u64) -> CpuEngine {
    let config = ModelConfig::preset("nano", 64).unwrap();
    let params = params::init(&config, seed).iter().map(|p| if *p == 1.0 { 1.0 } else { p * 4.0 }).collect();
    CpuEngine::new(&config, params).unwrap()
}

/// Sequences whose inputs and actions are of every kind.
fn batch(seed: u64, width: usize) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(seed));
    let one = |row: usize| {
        let mut inputs = Blends { width: 3, dim: width, ..Blends::default() };
        let mut vector = |scale: f64| floats(&normals(&mut stream, width, scale));
        (0..6 + row).for_each(|t| match t % 3 {
            0 => inputs.push_token((7 * t + row) as u32),
            1 => inputs.push(&[t as u32, 9, 40], &[0.5, 0.3, 0.2]),
            _ => inputs.push_vector(&vector(0.08)),
        });
        let soft = Action::Soft { candidates: vec![4, 5, 6], perturbed: vec![-0.4, -1.9, -2.5] };
        let mut actions = vec![Action::Token(3), Action::Draws(vec![8, 8, 2]), soft, Action::Forced];
        actions.push(Action::Vector(vector(0.08)));
        Sequence { inputs, first: 1, actions }
    };
    let mut one = one;
    (0..3).map(&mut one).collect()
}

#[test]
fn the_gradient_through_the_whole_model_is_the_derivative_of_what_is_scored() {
    for (seed, noise) in [(1, Noise::Gumbel), (2, Noise::Gumbel), (3, Noise::Gaussian)] {
        let (mut engine, pulse) = (engine(seed), Pulse::default());
        let batch = batch(seed, engine.config().hidden_size);
        let how = VectorScoring { temperature: 0.5, deviation: 0.1, embedding_gradient: true };
        let density = if seed == 1 { DensityForm::code() } else { DensityForm::paper() };
        let scoring = Scoring { noise, density, vectors: Some(how), ..Scoring::code() };
        let slope = |sequence: usize, place: usize| ((sequence * 7 + place * 3) % 5) as f64 - 2.0;
        let bonus = |sequence: usize, place: usize| ((sequence * 5 + place) % 3) as f64 - 1.0;
        let mut loss = |i: usize, values: &[f64]| Slopes {
            densities: (0..values.len()).map(|t| slope(i, t)).collect(),
            entropies: (0..5).map(|t| bonus(i, t)).collect(),
        };
        let gradient = block_on(engine.gradient(&batch, &scoring, &mut loss, &pulse)).unwrap();
        let params = block_on(engine.read_params()).unwrap();
        let mut stream = Stream::new(Key::from_seed(seed + 10));
        // Inputs are constants of the loss, so the direction leaves alone what tokens and blends are made of.
        let table = 64 * engine.config().hidden_size;
        let direction: Vec<f64> = (0..params.len()).map(|i| if i < table { 0.0 } else { stream.normal() }).collect();
        let mut total = |step: f64| -> f64 {
            let moved: Vec<f32> =
                params.iter().zip(&direction).map(|(p, d)| (f64::from(*p) + step * d) as f32).collect();
            block_on(engine.write_params(&moved)).unwrap();
            let scores = block_on(engine.score(&batch, &scoring, Weights::Current, &pulse)).unwrap();
            let densities = scores.log_densities.iter().enumerate();
            let entropies = scores.entropies.iter().enumerate();
            densities.flat_map(|(i, row)| row.iter().enumerate().map(move |(t, v)| slope(i, t) * v)).sum::<f64>()
                + entropies.flat_map(|(i, row)| row.iter().enumerate().map(move |(t, v)| bonus(i, t) * v)).sum::<f64>()
        };
        let step = 2e-4; // f32 leaves two digits
        let measured = (total(step) - total(-step)) / (2.0 * step);
        let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| f64::from(*g) * d).sum();
        close(measured, expected, 0.03 * expected.abs().max(1.0), "directional derivative");
    }
}

#[test]
fn wrong_vectors_and_ids_are_named() {
    let mut engine = engine(4);
    let width = engine.config().hidden_size;
    let mut refuse = |change: &dyn Fn(&mut Sequence), part: &str| {
        let mut one = batch(4, width).remove(0);
        change(&mut one);
        let result = block_on(engine.score(&[one], &Scoring::code(), Weights::Current, &Pulse::default()));
        let error = result.unwrap_err();
        assert!(error.code() == "bad-input" && error.to_string().contains(part), "{error}");
    };
    refuse(&|s| s.actions[4] = Action::Vector(vec![0.0; 3]), "vector of 3");
    refuse(&|s| s.actions[1] = Action::Draws(vec![99]), "99");
    refuse(&|_| (), "vectors"); // no word on how vectors are scored
}
