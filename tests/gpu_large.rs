//! The GPU engine over weights in blocks and a large vocabulary against the CPU engine, and how fast it is.
//!
//! Not here: single kernels (`kernels_large.rs`). An adapter is promised by the feature `gpu`: without one these fail.

use std::time::Instant;

use soft_thinking_lab::decode::policy::MultiplexSettings;
use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::decode::{DiscreteSettings, Policy, SoftSettings};
use soft_thinking_lab::engine::chain::{ChainRequest, RowRecord};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::gpu::{Capacity, GpuEngine, Variant};
use soft_thinking_lab::engine::{Blends, Engine, Pulse};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::params::{ParamSpec, count, layout};
use soft_thinking_lab::model::{Family, ModelConfig};
use soft_thinking_lab::text::{Ending, Marks};
use soft_thinking_lab::weights::blocks::{BlockKind, BlockPlan, BlockRows};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

const STEPS: usize = 14;
fn marks() -> Marks {
    Marks { pad: 0, think: 1, end_think: 7, answer: 2, end_answer: 9, ending: Ending::default() }
}

/// Random levels of a matrix whose weights have the standard deviation `deviation`, and what they stand for.
fn matrix(stream: &mut Stream, kind: BlockKind, spec: &ParamSpec, deviation: f64) -> BlockRows {
    let mut rows = BlockRows::new(kind);
    // Uniform levels: the deviation of n of them is n / √12.
    let (levels, middle) = if kind.bits == 4 { (16.0, 7.5) } else { (256.0, -0.5) };
    let scale = deviation * 12.0_f64.sqrt() / levels;
    for _ in 0..spec.len / 32 {
        let draws: [i8; 32] =
            std::array::from_fn(|_| (stream.uniform() * levels - if kind.bits == 4 { 0.0 } else { 128.0 }) as i8);
        let pair = |stream: &mut Stream| {
            let scale = scale * (0.8 + 0.4 * stream.uniform());
            [scale as f32, (-middle * scale) as f32]
        };
        let pairs: Vec<[f32; 2]> = (0..kind.pairs).map(|_| pair(stream)).collect();
        rows.push(&draws, &pairs);
    }
    rows
}

/// A random model on the device, and its parameters where `flat` is to be kept.
fn model(
    config: &ModelConfig,
    limit: u64,
    variant: Variant,
    kind_of: fn(&ParamSpec) -> BlockKind,
    keep: bool,
) -> (GpuEngine, Vec<f32>) {
    let plan = BlockPlan::new(config, limit, kind_of).unwrap();
    let gpu = block_on(GpuEngine::open_blocks(config, plan, Capacity::default(), variant)).unwrap();
    let mut params = vec![0.0; if keep { count(config) } else { 0 }];
    let mut stream = Stream::new(Key::from_seed(3));
    for spec in layout(config) {
        let values = if spec.shape.len() == 2 {
            let wide = spec.name.contains("embed") || spec.name.contains("lm_head");
            let deviation = if wide { 4.0 } else { 1.5 } / (spec.shape[1] as f64).sqrt();
            let rows = matrix(&mut stream, kind_of(&spec), &spec, deviation);
            gpu.write_rows(&spec.name, 0, &rows).unwrap();
            if keep { rows.values() } else { Vec::new() }
        } else {
            let bias = spec.name.ends_with("bias");
            let values: Vec<f32> =
                (0..spec.len).map(|_| if bias { 0.1 * stream.normal() as f32 } else { 1.0 }).collect();
            gpu.write_vector(&spec.name, &values).unwrap();
            values
        };
        if keep {
            params[spec.range()].copy_from_slice(&values);
        }
    }
    (gpu, params)
}

fn small(family: Family, tied: bool) -> ModelConfig {
    let config = ModelConfig::preset("nano", 20_011).unwrap();
    let attention_bias = family == Family::Qwen2;
    ModelConfig { family, attention_bias, tie_word_embeddings: tied, ..config }
}

/// As SmolLM2's file: an embedding of 8 bits, matrices of 4.
fn smol(spec: &ParamSpec) -> BlockKind {
    if spec.name.contains("embed") { BlockKind::BYTES } else { BlockKind::NIBBLES }
}

/// As files of mixed kinds: queries, keys and values are no single product.
fn mixed(spec: &ParamSpec) -> BlockKind {
    match spec.name.as_str() {
        name if name.contains("v_proj") || name.contains("down_proj") || name.contains("lm_head") => BlockKind::HALVES,
        name if name.contains("k_proj") => BlockKind::BYTES,
        _ => BlockKind::NIBBLES,
    }
}

#[test]
fn rollouts_over_blocks_and_a_large_vocabulary_are_the_cpu_engines() {
    let prompts = vec![vec![20, 15_000, 1], vec![22, 1], vec![30, 31, 19_999, 33, 1]];
    let soft = SoftSettings::default();
    let policies = [
        Policy::Soft(soft),
        Policy::Soft(SoftSettings { top_k: 0, top_p: 0.9, soft_top_k: 8, temperature: 0.8, ..soft }),
        Policy::Discrete(DiscreteSettings::default()),
        Policy::Discrete(DiscreteSettings { top_p: 0.9, min_p: 0.001, ..DiscreteSettings::default() }),
        Policy::Discrete(DiscreteSettings { temperature: 0.0, ..DiscreteSettings::default() }),
        Policy::Multiplex(MultiplexSettings { top_k: 20, ..MultiplexSettings::default() }),
    ];
    // A limit below the embedding's size splits it, and with it the head.
    let cases = [
        (small(Family::Llama, true), 300_000, Variant::Plain, smol as fn(&ParamSpec) -> BlockKind),
        (small(Family::Qwen2, false), 700_000, Variant::Shared, mixed),
    ];
    for (config, limit, variant, kind_of) in cases {
        let (mut gpu, params) = model(&config, limit, variant, kind_of, true);
        let mut cpu = CpuEngine::new(&config, params).unwrap();
        let mut inputs = Blends::new(2);
        (0..5).for_each(|t| inputs.push(&[t * 4000, t + 1], &[0.7, 0.3]));
        let (found, expected) = (block_on(gpu.logits(&inputs)).unwrap(), block_on(cpu.logits(&inputs)).unwrap());
        let worst = found.iter().zip(&expected).map(|(f, e)| (f - e).abs()).fold(0.0, f32::max);
        println!("{variant:?}: logits within {worst:.1e}");
        assert!(worst <= 1e-3 && found.len() == expected.len(), "{worst}"); // logits near 15 in f32, through two blocks
        for (seed, policy) in policies.iter().enumerate() {
            let mut sampling = policy.sampling(marks(), STEPS, 0.0);
            sampling.stop.max_thought = if seed == 1 { 0 } else { 4 }; // 0 has no limit
            let keys: Vec<Key> = (0..9).map(|row| Key::from_seed(seed as u64).derive(row)).collect();
            // Half of them end a thought by three tokens, and with a bridge behind them: the mark is 5, 8, 7.
            let ending =
                if seed % 2 == 0 { Ending::new(&[5, 8, 7], 1, &[11, 15_000]).unwrap() } else { Ending::default() };
            let before = gpu.gpu().counts().read_backs;
            let request = ChainRequest { prompts: &prompts, keys: &keys, sampling: &sampling, chunk: 5, ending };
            let found = block_on(gpu.run_chain(&request, &Pulse::default(), &mut |_, _| ())).unwrap().expect("a chain");
            let read_backs = gpu.gpu().counts().read_backs - before;
            assert!(read_backs <= 3, "{read_backs}: a read-back a chunk, and nothing else leaves the device");
            let (steps, tied, worst) = against_cpu(&mut cpu, &request, &found);
            println!("{variant:?} {policy:?}: {steps} steps, {tied} with ties, perturbed values within {worst:.1e}");
            assert!(worst <= 1e-3 && steps >= 90 && tied * 50 <= steps, "{steps} {tied} {worst}");
        }
    }
}

/// Feeds the CPU engine what the GPU fed itself, so that errors do not add up, and lets decode choose from its logits: steps compared,
/// those whose candidates were tied within 1e-3, and how far apart perturbed values were.
fn against_cpu(cpu: &mut CpuEngine, request: &ChainRequest<'_>, found: &[RowRecord]) -> (usize, usize, f32) {
    let vocabulary = cpu.config().vocab_size;
    let mut hosts: Vec<Row> = request.keys.iter().map(|key| Row::with_ending(*key, request.ending)).collect();
    let mut logits = block_on(cpu.prefill(request.prompts, request.keys.len() / request.prompts.len(), STEPS)).unwrap();
    let (mut steps, mut tied, mut worst) = (0, 0, 0.0_f32);
    for index in 0..STEPS {
        let mut inputs = Blends::new(request.sampling.width());
        for (row, record) in found.iter().enumerate() {
            let Some(step) = record.steps.get(index) else {
                inputs.push_token(0); // this row rests
                continue;
            };
            let own = &logits[row * vocabulary..][..vocabulary];
            let wanted = hosts[row].next(own, request.sampling, &[]).clone();
            step.push_input(&mut inputs, None);
            steps += 1;
            assert_eq!((step.token, step.soft, step.answering), (wanted.token, wanted.soft, wanted.answering));
            if step.candidates != wanted.candidates {
                // Which of two tokens comes in is a matter of rounding where their logits are that close.
                let sorted = |ids: &[u32]| {
                    let mut logits: Vec<f32> = ids.iter().map(|id| own[*id as usize]).collect();
                    logits.sort_by(f32::total_cmp);
                    logits
                };
                let pairs = sorted(&step.candidates).into_iter().zip(sorted(&wanted.candidates));
                let apart = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(apart <= 1e-3, "row {row}, step {index}: {step:?}\n{wanted:?}");
                tied += 1;
                continue;
            }
            let apart = step.perturbed.iter().zip(&wanted.perturbed).map(|(f, w)| (f - w).abs()).fold(0.0, f32::max);
            assert!(apart <= 1e-3, "row {row}, step {index}: {step:?}\n{wanted:?}");
            worst = worst.max(apart);
        }
        if index + 1 < STEPS {
            logits = block_on(cpu.decode(&inputs)).unwrap();
        }
    }
    (steps, tied, worst)
}

#[test]
fn what_blocks_cannot_do_is_said() {
    let config = small(Family::Llama, true);
    let (mut gpu, _) = model(&config, 300_000, Variant::ByAdapter, smol, false);
    let error = block_on(gpu.read_params()).unwrap_err();
    assert!(error.code() == "bad-input" && error.to_string().contains("lora_r"), "{error}");
    assert!(block_on(gpu.set_reference(None)).is_err());
    let rows = BlockRows { kind: BlockKind::NIBBLES, words: vec![0; 8], pairs: vec![[0.0; 2]; 2] };
    for (name, first) in [("model.embed_tokens.weight", 0), ("model.layers.0.mlp.up_proj.weight", 192), ("nothing", 0)]
    {
        assert_eq!(gpu.write_rows(name, first, &rows).unwrap_err().code(), "bad-weights", "{name}");
    }
    gpu.write_rows("model.layers.0.mlp.up_proj.weight", 191, &rows).unwrap();
    assert!(gpu.write_vector("model.norm.weight", &[1.0]).is_err());
}

/// `LP_NUM_THREADS=2 cargo test --features native --test native gpu_large:: -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_a_random_model_of_smollm2_135m() {
    let config = ModelConfig {
        vocab_size: 49_152,
        hidden_size: 576,
        intermediate_size: 1536,
        num_hidden_layers: 30,
        num_attention_heads: 9,
        num_key_value_heads: 3,
        head_dim: 64,
        max_position_embeddings: 2048,
        ..ModelConfig::preset("nano", 64).unwrap()
    };
    let clock = Instant::now();
    let (mut gpu, _) = model(&config, 128 << 20, Variant::ByAdapter, smol, false);
    println!(
        "{}: made in {:.1} s, {} bytes held",
        gpu.name(),
        clock.elapsed().as_secs_f64(),
        gpu.gpu().counts().live_bytes
    );
    let soft = Policy::Soft(SoftSettings::default());
    let discrete = Policy::Discrete(DiscreteSettings::default());
    let prompt: Vec<u32> = (0..24).map(|i| i * 2011 % 49_152).collect();
    for (name, policy, rows) in [("soft", soft, 8), ("discrete", discrete, 8), ("soft", soft, 1)] {
        let steps = 12;
        let sampling = policy.sampling(Marks { end_think: 49_151, end_answer: 49_150, ..marks() }, steps, 0.0);
        let keys: Vec<Key> = (0..rows).map(|row| Key::from_seed(5).derive(row)).collect();
        for round in 0..2 {
            let clock = Instant::now();
            block_on(gpu.prefill(std::slice::from_ref(&prompt), rows as usize, steps)).unwrap();
            let prefill = clock.elapsed().as_secs_f64();
            let (before, clock, cpu) = (gpu.gpu().counts(), Instant::now(), cpu_time::ProcessTime::now());
            let request = ChainRequest {
                prompts: std::slice::from_ref(&prompt),
                keys: &keys,
                sampling: &sampling,
                chunk: 4,
                ending: Ending::default(),
            };
            let found = block_on(gpu.run_chain(&request, &Pulse::default(), &mut |_, _| ())).unwrap().unwrap();
            let (seconds, after) = (clock.elapsed().as_secs_f64() - prefill, gpu.gpu().counts());
            let tokens: usize = found.iter().map(|row| row.steps.len()).sum();
            println!(
                "{name}, {rows} rows, round {round}: prompt {prefill:.2} s; {tokens} tokens in {seconds:.2} s: {:.1} tokens/s, \
                 with the prompt {:.1} tokens a second of processor; {} dispatches, {} submits",
                tokens as f64 / seconds,
                tokens as f64 / cpu.elapsed().as_secs_f64(),
                after.dispatches - before.dispatches,
                after.submits - before.submits
            );
        }
        if rows == 8 {
            let mut times = block_on(gpu.profile(clock_seconds)).unwrap();
            times.sort_by(|a, b| (b.ms * b.times as f64).total_cmp(&(a.ms * a.times as f64)));
            for time in times.iter().take(12) {
                println!(
                    "  {} {:?} × {}: {:.2} ms each, {:.1} ms in all, {:.1} GFLOP/s",
                    time.kernel,
                    time.grid,
                    time.times,
                    time.ms,
                    time.ms * time.times as f64,
                    time.gflops
                );
            }
        }
    }
}

fn clock_seconds() -> f64 {
    use std::sync::OnceLock;
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64()
}
