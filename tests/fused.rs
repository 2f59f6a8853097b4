//! The fused operations of the CPU engine against their composed forms, which Burn differentiates: values and gradients.

use burn::optim::{AdamWConfig, AdamWState, Optimizer as _};
use burn::tensor::{Device, Tensor, TensorData};
use soft_thinking_lab::engine::cpu::{CpuEngine, Form};
use soft_thinking_lab::engine::{Action, Blends, Engine, OptimizerConfig, Pulse, Scoring, Sequence, Weights};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{Family, ModelConfig, params};

const SCORING: Scoring = Scoring {
    temperature: 0.8,
    density: DensityForm { mask: None, ..DensityForm::code() }, // a mask is a kink: rounding may fall on either side
    input_gradient: true,
    ..Scoring::code()
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

/// A model with shared keys; one whose every size is odd to a block of four; one with biases and a head of its own.
fn configs() -> [ModelConfig; 3] {
    let nano = ModelConfig::preset("nano", 64).unwrap();
    let odd = ModelConfig {
        vocab_size: 61,
        hidden_size: 30,
        intermediate_size: 45,
        num_hidden_layers: 1,
        num_attention_heads: 3,
        num_key_value_heads: 1,
        head_dim: 10,
        ..nano.clone()
    };
    let qwen = ModelConfig { family: Family::Qwen2, attention_bias: true, tie_word_embeddings: false, ..nano.clone() };
    [nano, odd, qwen]
}

fn engines(config: &ModelConfig) -> [CpuEngine; 2] {
    let mut stream = Stream::new(Key::from_seed(3));
    // Wide enough that attention, gates and gains are far from trivial.
    let params: Vec<f32> = params::init(config, 5).iter().map(|p| p * 3.0 + 0.1 * stream.normal() as f32).collect();
    [Form::Fused, Form::Composed].map(|form| CpuEngine::of_form(config, params.clone(), form).unwrap())
}

/// Sequences of unequal length: tokens and blends as inputs, tokens and soft steps as actions.
fn batch(config: &ModelConfig) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(4));
    let vocabulary = config.vocab_size as u32;
    [1, 7, 19, 24]
        .into_iter()
        .map(|time| {
            let (mut inputs, mut actions) = (Blends::new(3), Vec::new());
            for position in 0..time {
                let ids: Vec<u32> = (0..3).map(|_| stream.below(vocabulary)).collect();
                if position % 3 == 2 {
                    inputs.push(&ids, &[0.6, 0.3, 0.1])
                } else {
                    inputs.push_token(ids[0])
                }
                actions.push(if position % 2 == 0 {
                    Action::Token(ids[1])
                } else {
                    let start = stream.below(vocabulary - 4);
                    let perturbed = (0..4).map(|_| (stream.normal() * 0.7 - 1.6) as f32).collect();
                    Action::Soft { candidates: (start..start + 4).collect(), perturbed }
                });
            }
            Sequence { inputs, first: 0, actions }
        })
        .collect()
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |a, b| a.max(b.abs()))
}

#[test]
fn values_are_those_of_the_composed_form() {
    for config in configs() {
        let [mut fused, mut composed] = engines(&config);
        let batch = batch(&config);
        let scores = [&mut fused, &mut composed]
            .map(|engine| block_on(engine.score(&batch, &SCORING, Weights::Current, &Pulse::default())).unwrap());
        let (a, b) = (scores[0].log_densities.concat(), scores[1].log_densities.concat());
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() <= 1e-4 * b.abs().max(1.0), "{a} instead of {b}"); // f32, another order of summation
        }
        let logits = [&mut fused, &mut composed].map(|engine| block_on(engine.logits(&batch[3].inputs)).unwrap());
        for (a, b) in logits[0].iter().zip(&logits[1]) {
            assert!((a - b).abs() <= 2e-5 * largest(&logits[1]), "{a} instead of {b}");
        }
    }
}

#[test]
fn gradients_are_those_of_burns_autodiff_through_the_composed_form() {
    for config in configs() {
        let [mut fused, mut composed] = engines(&config);
        let batch = batch(&config);
        let mut loss =
            |i: usize, values: &[f64]| (0..values.len()).map(|t| ((i * 7 + t * 3) % 5) as f64 - 1.5).collect();
        let [a, b] = [&mut fused, &mut composed]
            .map(|engine| block_on(engine.gradient(&batch, &SCORING, &mut loss, &Pulse::default())).unwrap());
        let mut at = 0;
        for parameter in params::layout(&config) {
            let range = parameter.range();
            at = range.end;
            let size = largest(&b[range.clone()]);
            assert!(size > 0.0, "{}: no gradient at all", parameter.name);
            for (a, b) in a[range.clone()].iter().zip(&b[range]) {
                // f32, another order of summation
                assert!((a - b).abs() <= 1e-4 * size, "{}: {a} instead of {b}, the largest is {size}", parameter.name);
            }
        }
        assert_eq!(at, a.len());
    }
}

#[test]
fn updates_are_those_of_burns_adamw() {
    let config = &configs()[1];
    let [mut engine, _] = engines(config);
    let (batch, pulse) = (batch(config), Pulse::default());
    let optimizer = OptimizerConfig {
        learning_rate: 1e-2,
        beta1: 0.9,
        beta2: 0.99,
        epsilon: 1e-6,
        weight_decay: 0.1,
        max_grad_norm: 0.0,
    };
    let burns = AdamWConfig::new().with_beta_1(0.9).with_beta_2(0.99).with_epsilon(1e-6).with_weight_decay(0.1).build();
    let tensor = |values: Vec<f32>| {
        let len = values.len();
        Tensor::<1>::from_data(TensorData::new(values, [len]), &Device::flex())
    };
    let mut state: Option<AdamWState<1>> = None;
    let mut loss = |_: usize, values: &[f64]| vec![-0.1; values.len()].into();
    for step in 1..=5 {
        let before = block_on(engine.read_params()).unwrap();
        let gradient = block_on(engine.gradient(&batch, &SCORING, &mut loss, &pulse)).unwrap();
        block_on(engine.update(&batch, &SCORING, &mut loss, &optimizer, &pulse)).unwrap();
        let (expected, next) = burns.step(1e-2, tensor(before), tensor(gradient), state);
        state = next;
        let expected = expected.into_data().try_into_vec::<f32>().unwrap();
        let memory = block_on(engine.optimizer_state()).unwrap();
        assert_eq!(memory.time, step);
        for (a, b) in block_on(engine.read_params()).unwrap().iter().zip(&expected) {
            assert!((a - b).abs() <= 1e-6 * b.abs().max(1.0), "{a} instead of {b}"); // f32: a few roundings of a step of 1e-2
        }
        let momentum = state.as_ref().unwrap().momentum.clone();
        for (found, moment) in [(&memory.moment_1, momentum.moment_1), (&memory.moment_2, momentum.moment_2)] {
            let moment = moment.into_data().try_into_vec::<f32>().unwrap();
            let size = largest(&moment);
            for (a, b) in found.iter().zip(&moment) {
                assert!((a - b).abs() <= 1e-6 * size, "moment {a} instead of {b}");
            }
        }
    }
}

#[test]
fn decoding_gives_the_logits_of_the_composed_forward() {
    for config in configs() {
        let [mut fused, mut composed] = engines(&config);
        let (mut inputs, mut stream) = (Blends::new(3), Stream::new(Key::from_seed(9)));
        let mut next = || (0..3).map(|_| stream.below(config.vocab_size as u32)).collect::<Vec<u32>>();
        let prompt = next();
        prompt.iter().for_each(|id| inputs.push_token(*id));
        let mut rows = block_on(fused.prefill(&[prompt], 1, 40)).unwrap();
        for _ in 0..40 {
            let (mut input, ids) = (Blends::new(3), next());
            for blends in [&mut input, &mut inputs] {
                blends.push(&ids, &[0.6, 0.3, 0.1]);
            }
            rows.extend(block_on(fused.decode(&input)).unwrap());
        }
        let expected = block_on(composed.logits(&inputs)).unwrap();
        let whole = &expected[expected.len() - rows.len()..];
        let size = largest(whole);
        let worst = rows.iter().zip(whole).fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
        println!("largest error {worst} of logits up to {size}");
        // f32, another order of summation, through attention this sharp; the two full forwards differ by 2e-4 of 34 themselves
        assert!(worst <= 1e-4 * size, "{worst} of {size}");
    }
}
