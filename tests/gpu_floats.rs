//! Matrices that a file keeps as F32, F16 or BF16 on the GPU engine: read bit for bit by every kernel, and whole models of them computed
//! as the CPU engine computes them.
//!
//! Not here: products of these kinds at odd sizes (`kernels_large.rs`, `kernels_adapter.rs`), GGUF files (`gpu_language.rs`). An adapter
//! is promised by the feature `gpu`: without one these fail.

use crate::device;

use device::{bits, floats, run};
use half::{bf16, f16};
use serde_json::json;
use soft_thinking_lab::decode::{DiscreteSettings, Policy};
use soft_thinking_lab::engine::chain::ChainRequest;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::language::device_plan;
use soft_thinking_lab::engine::gpu::params::{BlockProduct, EmbedMixBlocks};
use soft_thinking_lab::engine::gpu::{Capacity, GpuEngine, Variant};
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Action, Blends, Engine, Pulse, Scoring, Sequence};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::lora::{LoraConfig, Target};
use soft_thinking_lab::model::params::{init, layout};
use soft_thinking_lab::model::{Family, ModelConfig};
use soft_thinking_lab::text::{Ending, Marks};
use soft_thinking_lab::weights::blocks::{BlockKind, BlockPlan, BlockRows};
use soft_thinking_lab::weights::large::Large;
use soft_thinking_lab::weights::large_folder::{self, Texts};

const KINDS: [(&str, BlockKind); 3] = [("F32", BlockKind::F32), ("F16", BlockKind::F16), ("BF16", BlockKind::BF16)];
/// Enough for the kernels of large vocabularies.
const WORDS: usize = 1500;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

/// Every finite pattern of 16 bits, or as many random ones of 32; 0 in the place of the others.
fn table(kind: BlockKind) -> BlockRows {
    let mut stream = Stream::new(Key::from_seed(1));
    let finite = |value: f32, bits: u32| if value.is_finite() { bits } else { 0 };
    let number = |n: u32| match kind {
        BlockKind::F16 => finite(f16::from_bits(n as u16).to_f32(), n),
        BlockKind::BF16 => finite(bf16::from_bits(n as u16).to_f32(), n),
        _ => n,
    };
    let words = match kind.bits {
        16 => (0..1 << 15).map(|n| number(2 * n) | number(2 * n + 1) << 16).collect(),
        _ => (0..1 << 16).map(|_| stream.next_u32()).map(|n| finite(f32::from_bits(n), n)).collect(),
    };
    BlockRows { words, ..BlockRows::new(kind) }
}

#[test]
fn every_float_reaches_embeddings_and_products_bit_for_bit() {
    for (name, kind) in KINDS {
        let table = table(kind);
        let values = table.values();
        let (width, rows) = (32_u32, values.len() as u32 / 32);
        let (brain, bits_of) = (u32::from(kind.brain), kind.bits);
        // What is no normal number in f32 may become 0 on a device.
        let same = |found: f32, value: f32| found == value || value.abs() < f32::MIN_POSITIVE && found == 0.0;
        let params = EmbedMixBlocks {
            width,
            candidates: 1,
            rows,
            bits: bits_of,
            brain,
            tokens: rows,
            ..EmbedMixBlocks::default()
        };
        let ids: Vec<u32> = (0..rows).collect();
        let ones = vec![1.0_f32.to_bits(); rows as usize];
        let x = vec![0; values.len()];
        let found = run(Kernel::EmbedMixBlocks, &[&ids, &ones, &[], &table.words, &x], &params, [1, rows as usize]);
        for (found, value) in floats(&found[0]).iter().zip(&values) {
            assert!(same(*found, *value), "an embedding of {name}: {found} is not {value}");
        }
        // The identity times the table.
        let a: Vec<f32> = (0..width * width).map(|at| if at % (width + 1) == 0 { 1.0 } else { 0.0 }).collect();
        let (columns, stride) = (rows, rows);
        let params = BlockProduct {
            rows: width,
            columns,
            inner: width,
            bits: bits_of,
            brain,
            stride,
            ..BlockProduct::default()
        };
        for (kernel, tile) in [(Kernel::MatmulFloats, 128), (Kernel::MatmulFew, 8)] {
            let buffers = [&bits(&a)[..], &[], &table.words, &[], &x];
            let found = run(kernel, &buffers, &params, [(columns as usize).div_ceil(tile), 4]);
            for (at, found) in floats(&found[0]).iter().enumerate() {
                let value = values[at % stride as usize * 32 + at / stride as usize];
                assert!(same(*found, value), "{kernel:?} of {name}: {found} is not {value}");
            }
        }
    }
}

/// A folder's texts, and its one file.
struct Folder {
    kind: BlockKind,
    config: ModelConfig,
    tokenizer: String,
    file: Vec<u8>,
}

impl Folder {
    /// A random model whose logits differ much: Llama with a tied head, Qwen2 with its own.
    fn new(family: Family, (dtype, kind): (&str, BlockKind)) -> Self {
        let qwen = family == Family::Qwen2;
        let config = ModelConfig {
            family,
            attention_bias: qwen,
            tie_word_embeddings: !qwen,
            ..ModelConfig::preset("nano", WORDS).unwrap()
        };
        let mut stream = Stream::new(Key::from_seed(9));
        let mut params = init(&config, 6);
        params.iter_mut().for_each(|p| *p = if *p == 0.0 { 0.1 * stream.normal() as f32 } else { 2.5 * *p });
        let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
        for spec in layout(&config) {
            let first = data.len();
            for value in &params[spec.range()] {
                match dtype {
                    "F32" => data.extend(value.to_le_bytes()),
                    "F16" => data.extend(f16::from_f32(*value).to_le_bytes()),
                    _ => data.extend(bf16::from_f32(*value).to_le_bytes()),
                }
            }
            let entry = json!({ "dtype": dtype, "shape": spec.shape, "data_offsets": [first, data.len()] });
            header.insert(spec.name.clone(), entry);
        }
        let header = serde_json::to_vec(&header).unwrap();
        let file = [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat();
        let letters = (0..WORDS as u32).map(|i| char::from_u32(0x4e00 + i).unwrap());
        let vocab: serde_json::Map<String, serde_json::Value> =
            letters.enumerate().map(|(id, letter)| (letter.to_string(), id.into())).collect();
        let tokenizer = json!({ "model": { "type": "BPE", "vocab": vocab, "merges": [] },
            "pre_tokenizer": { "type": "ByteLevel" }, "added_tokens": [] });
        Self { kind, config, tokenizer: tokenizer.to_string(), file }
    }

    fn open(&self) -> Large {
        let config = self.config.to_json();
        let texts = Texts { config: &config, tokenizer: &self.tokenizer, settings: None, template: None };
        block_on(large_folder::open(texts, &[self.file.len() as u64], &mut &self.file[..])).unwrap()
    }

    fn on_cpu(&self) -> PackedEngine {
        let model = block_on(PackedModel::load(&self.open(), &mut &self.file[..], &mut |_, _| ())).unwrap();
        PackedEngine::new(model)
    }

    /// As it is loaded; or, with a limit, split into parts of at most so many bytes and with the kernels for GPUs.
    fn on_gpu(&self, limit: Option<u64>) -> GpuEngine {
        let (large, mut source) = (self.open(), &self.file[..]);
        let Some(limit) = limit else {
            let room = (self.config.max_position_embeddings, u64::MAX);
            return block_on(GpuEngine::load(&large, &mut source, room, &mut |_, _| ())).unwrap();
        };
        let plan = BlockPlan::new(&self.config, limit, |_| self.kind).unwrap();
        assert!(plan.parts().len() > 3, "{:?}", plan.parts());
        block_on(async {
            let opened = GpuEngine::open_blocks(&self.config, plan, Capacity::default(), Variant::Shared);
            let gpu = opened.await.unwrap();
            for spec in layout(&self.config) {
                if spec.shape.len() == 2 {
                    let write = &mut |first: usize, rows: &BlockRows| gpu.write_rows(&spec.name, first, rows);
                    large.blocks(&mut source, &spec, write).await.unwrap();
                } else {
                    gpu.write_vector(&spec.name, &large.vector(&mut source, &spec).await.unwrap()).unwrap();
                }
            }
            gpu
        })
    }
}

/// Log-probabilities of each row of logits.
fn log_probs(logits: &[f32]) -> Vec<Vec<f64>> {
    let row = |logits: &[f32]| {
        let most = logits.iter().fold(f32::MIN, |most, x| most.max(*x));
        let sum: f64 = logits.iter().map(|x| f64::from(x - most).exp()).sum();
        logits.iter().map(|x| f64::from(x - most) - sum.ln()).collect()
    };
    logits.chunks(WORDS).map(row).collect()
}

/// How far the 20 likeliest tokens are apart at most, nats.
fn apart(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let mut worst = 0.0_f64;
    for (found, expected) in log_probs(found).iter().zip(log_probs(expected)) {
        let mut likeliest: Vec<usize> = (0..WORDS).collect();
        likeliest.sort_by(|a, b| expected[*b].total_cmp(&expected[*a]));
        for at in &likeliest[..20] {
            let difference = (found[*at] - expected[*at]).abs();
            worst = if difference <= worst { worst } else { difference }; // NaN stays
        }
    }
    worst
}

/// The likeliest tokens one after another, as the CPU engine has them.
fn greedy(cpu: &mut PackedEngine, prompt: &[u32], steps: usize) -> Vec<u32> {
    let mut logits = block_on(cpu.prefill(&[prompt.to_vec()], 1, steps)).unwrap();
    let mut tokens = Vec::new();
    for _ in 0..steps {
        let likeliest = (0..WORDS).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap() as u32;
        tokens.push(likeliest);
        let mut input = Blends::new(1);
        input.push_token(likeliest);
        logits = block_on(cpu.decode(&input)).unwrap();
    }
    tokens
}

/// Neither a mask nor a clamp, which are kinks: rounding may fall on either side.
const SCORING: Scoring = Scoring {
    temperature: 0.8,
    density: DensityForm { mask: None, clamp: false, ..DensityForm::code() },
    ..Scoring::code()
};

fn batch() -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(4));
    let mut sequence = |length: usize| {
        let mut inputs = Blends::new(3);
        let mut actions = Vec::new();
        for position in 0..length {
            let ids: Vec<u32> = (0..3).map(|i| 500 * i + stream.below(500)).collect();
            inputs.push(&ids, &[0.6, 0.3, 0.1]);
            let perturbed = (0..3).map(|_| stream.normal() as f32 - 1.0).collect();
            actions.push(match position % 3 {
                0 => Action::Token(ids[0]),
                _ => Action::Soft { candidates: ids, perturbed },
            });
        }
        Sequence { inputs, first: 0, actions }
    };
    [7, 20, 12].map(&mut sequence).into_iter().collect()
}

fn gradient<E: Engine>(engine: &mut E) -> Vec<f32> {
    let slope = |index: usize, at: usize| (1.7 * at as f64 + index as f64).sin();
    let mut loss = |index: usize, densities: &[f64]| (0..densities.len()).map(|at| slope(index, at)).collect();
    block_on(engine.gradient(&batch(), &SCORING, &mut loss, &Pulse::default())).unwrap()
}

fn distance(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let pairs = || found.iter().zip(expected).map(|(a, b)| (f64::from(*a), f64::from(*b)));
    (pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / pairs().map(|(_, b)| b * b).sum::<f64>()).sqrt()
}

#[test]
fn whole_models_of_floats_are_the_cpu_engines() {
    let prompts = [vec![20, 1400, 1], (0..40).map(|t| t * 37 % 1500).collect::<Vec<u32>>()];
    for (family, limit) in [(Family::Llama, None), (Family::Qwen2, None), (Family::Llama, Some(60_000))] {
        for (name, kind) in KINDS {
            let folder = Folder::new(family, (name, kind));
            let (mut cpu, mut gpu) = (folder.on_cpu(), folder.on_gpu(limit));
            let expected = block_on(cpu.prefill(&prompts, 1, 8)).unwrap();
            let mut worst = apart(&block_on(gpu.prefill(&prompts, 1, 8)).unwrap(), &expected);
            let mut blends = Blends::new(3);
            (0..2).for_each(|row| blends.push(&[row, 700 + row, 1499], &[0.5, 0.3, 0.2]));
            let expected = block_on(cpu.decode(&blends)).unwrap();
            worst = worst.max(apart(&block_on(gpu.decode(&blends)).unwrap(), &expected));
            // f32 in another order, through two layers: a hundredth of what is promised.
            assert!(worst <= 2e-4, "{family:?} {name} {limit:?}: {worst}");
            let marks = Marks { pad: 0, think: 1, end_think: 7, answer: 2, end_answer: 9, ending: Ending::default() };
            let likeliest = DiscreteSettings { temperature: 0.0, ..DiscreteSettings::default() };
            let sampling = Policy::Discrete(likeliest).sampling(marks, 24, 0.0);
            let (keys, ending) = ([Key::from_seed(1)], Ending::default());
            let request = ChainRequest { prompts: &prompts[..1], keys: &keys, sampling: &sampling, chunk: 8, ending };
            let rows = block_on(gpu.run_chain(&request, &Pulse::default(), &mut |_, _| ())).unwrap().expect("a chain");
            let tokens: Vec<u32> = rows[0].steps.iter().map(|step| step.token).collect();
            assert_eq!(tokens, greedy(&mut cpu, &prompts[0], tokens.len()), "{family:?} {name} {limit:?}");
            assert!(tokens.len() > 8, "{tokens:?}");
            println!("{family:?} {name} {limit:?}: {worst:.1e} nats, {} tokens the same", tokens.len());
        }
    }
}

#[test]
fn adapters_beside_floats_have_the_cpu_engines_gradients() {
    for (family, limit) in [(Family::Qwen2, None), (Family::Llama, Some(60_000))] {
        for (name, kind) in KINDS {
            let folder = Folder::new(family, (name, kind));
            let (mut cpu, mut gpu) = (folder.on_cpu(), folder.on_gpu(limit));
            let lora = LoraConfig::new(3, 4.5, Target::ALL.to_vec()).unwrap();
            let mut stream = Stream::new(Key::from_seed(8));
            let values: Vec<f32> = (0..lora.count(&folder.config)).map(|_| 0.1 * stream.normal() as f32).collect();
            cpu.adapt(lora.clone(), Some(values.clone()), 0).unwrap();
            block_on(gpu.adapt(lora, Some(values), 0)).unwrap();
            let error = distance(&gradient(&mut gpu), &gradient(&mut cpu));
            println!("{family:?} {name} {limit:?}: {error:.1e}");
            // Probabilities are off by what log-probabilities are, up to 7e-5 above; Q8_0 would be off by a hundredth.
            assert!(error <= 1e-4, "{family:?} {name}: {error}");
        }
    }
}

#[test]
fn the_plan_counts_what_is_held() {
    for (name, kind) in KINDS {
        let folder = Folder::new(Family::Qwen2, (name, kind));
        let matrices: usize = layout(&folder.config).iter().filter(|s| s.shape.len() == 2).map(|s| s.len).sum();
        let vectors: usize = layout(&folder.config).iter().filter(|s| s.shape.len() == 1).map(|s| s.len).sum();
        let plan = device_plan(&folder.open(), 1, 32).unwrap();
        assert_eq!(plan.weights, (matrices * kind.bits as usize / 8 + 4 * vectors) as u64, "{name}");
    }
}

#[test]
fn floats_that_are_none_are_refused_by_name() {
    for (name, kind) in KINDS {
        let mut folder = Folder::new(Family::Llama, (name, kind));
        let infinite: &[u8] = match kind {
            BlockKind::F32 => &[0, 0, 0x80, 0x7f],
            BlockKind::F16 => &[0, 0x7c, 0, 0],
            _ => &[0x80, 0x7f, 0, 0],
        };
        // The first matrix of the file is the embedding, whose data begin where the header ends.
        let header = u64::from_le_bytes(folder.file[..8].try_into().unwrap()) as usize;
        folder.file[8 + header..][..4].copy_from_slice(infinite);
        let (large, mut source) = (folder.open(), &folder.file[..]);
        let error = block_on(GpuEngine::load(&large, &mut source, (32, u64::MAX), &mut |_, _| ())).err().unwrap();
        assert!(error.code() == "bad-weights" && error.to_string().contains("embed_tokens"), "{name}: {error}");
    }
}
