//! A language model's file on the GPU engine: streamed from tiny files of every kind, computed as the processor computes them, refused
//! with the numbers where there is no room.
//!
//! Not here: a real one (`smollm2.rs`), the engine over blocks without a file (`gpu_large.rs`). Without an adapter these fail.

use std::collections::BTreeMap;

use soft_thinking_lab::engine::choose::{EngineChoice, EngineKind};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::gpu::GpuEngine;
use soft_thinking_lab::engine::gpu::language::device_plan;
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Blends, Engine, language};
use soft_thinking_lab::error::Result;
use soft_thinking_lab::model::params::{init, layout};
use soft_thinking_lab::model::{Family, ModelConfig};
use soft_thinking_lab::weights::large::{self, Large};
use soft_thinking_lab::weights::source::Source;
use soft_thinking_lab::weights::{self, Checkpoint, QuantKind, gguf_name, gguf_write};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

/// A random model whose rows are whole blocks, with 64 positions.
fn tiny(family: Family) -> Checkpoint {
    let attention_bias = family == Family::Qwen2;
    let config = ModelConfig {
        family,
        attention_bias,
        tie_word_embeddings: !attention_bias,
        max_position_embeddings: 64,
        ..ModelConfig::preset("nano", 61).unwrap()
    };
    let mut params = init(&config, 4);
    params.iter_mut().for_each(|x| *x = if *x == 0.0 { 0.1 } else { 2.0 * *x }); // biases, and logits that differ
    let mut checkpoint = Checkpoint { config, params, tokenizer_json: None, metadata: BTreeMap::new() };
    let letters = (33u8..=126).take(checkpoint.config.vocab_size).map(char::from);
    let vocab: serde_json::Map<String, serde_json::Value> =
        letters.enumerate().map(|(id, letter)| (letter.to_string(), id.into())).collect();
    let json = serde_json::json!({ "model": { "type": "BPE", "vocab": vocab, "merges": [] },
        "pre_tokenizer": { "type": "ByteLevel" }, "added_tokens": [] });
    checkpoint.tokenizer_json = Some(json.to_string());
    checkpoint
}

/// The file as llama.cpp's converter leaves it: without the lab's own copy of the tokenizer.
fn file(checkpoint: &Checkpoint, kind: QuantKind) -> Vec<u8> {
    let mut bytes = checkpoint.to_gguf(kind).unwrap();
    let (from, to) = (b"tokenizer.huggingface.json", b"tokenizer.somewhere__.json");
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

fn open(mut bytes: &[u8]) -> Large {
    block_on(large::open(&mut bytes)).unwrap().expect("a language model's file")
}

fn on_gpu(bytes: &[u8], context: usize) -> Result<GpuEngine> {
    let mut source = bytes;
    block_on(GpuEngine::load(&open(bytes), &mut source, (context, u64::MAX), &mut |_, _| ()))
}

fn on_cpu(bytes: &[u8]) -> PackedEngine {
    let mut source = bytes;
    PackedEngine::new(block_on(PackedModel::load(&open(bytes), &mut source, &mut |_, _| ())).unwrap())
}

/// What the file stands for, unpacked and in f32.
fn reference(bytes: &[u8]) -> CpuEngine {
    let rounded = weights::read(bytes).unwrap();
    CpuEngine::new(&rounded.config, rounded.params).unwrap()
}

fn tokens(ids: &[u32]) -> Blends {
    let mut inputs = Blends::new(1);
    ids.iter().for_each(|id| inputs.push_token(*id));
    inputs
}

fn distance(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let pairs = || found.iter().zip(expected).map(|(a, b)| (f64::from(*a), f64::from(*b)));
    (pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / pairs().map(|(_, b)| b * b).sum::<f64>()).sqrt()
}

const PROMPT: [u32; 12] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

#[test]
fn files_of_every_written_kind_are_computed_as_on_the_processor() {
    for family in [Family::Llama, Family::Qwen2] {
        let checkpoint = tiny(family);
        for kind in QuantKind::WRITTEN {
            let bytes = file(&checkpoint, kind);
            let (mut gpu, mut cpu) = (on_gpu(&bytes, 32).unwrap(), reference(&bytes));
            let inputs = tokens(&PROMPT);
            let error = distance(&block_on(gpu.logits(&inputs)).unwrap(), &block_on(cpu.logits(&inputs)).unwrap());
            println!("{family:?} {kind:?}: {error:.1e}");
            assert!(error <= 2e-5, "{family:?} {kind:?}: {error}"); // f32 in another order, through two layers
        }
    }
}

#[test]
fn rows_go_on_softly_side_by_side() {
    let bytes = file(&tiny(Family::Llama), QuantKind::Q4_1);
    let (mut gpu, mut cpu) = (on_gpu(&bytes, 32).unwrap(), reference(&bytes));
    block_on(async {
        let prompts = [vec![1, 2, 3, 4, 5], vec![7, 8]];
        let found = gpu.prefill(&prompts, 2, 4).await.unwrap();
        assert!(distance(&found, &cpu.prefill(&prompts, 2, 4).await.unwrap()) <= 2e-4);
        let mut blends = Blends::new(2);
        (0..4).for_each(|row| blends.push(&[row, 10 + row], &[0.25, 0.75]));
        let found = gpu.decode(&blends).await.unwrap();
        assert!(distance(&found, &cpu.decode(&blends).await.unwrap()) <= 2e-4);
        // The table of positions was made for 32, though the model has 64.
        assert_eq!(gpu.prefill(&[vec![1; 30]], 1, 9).await.unwrap_err().code(), "bad-input");
    });
}

/// The file with divisors of RoPE's rates, as Llama 3's files have.
fn with_divisors(bytes: &[u8], divisors: &[f32]) -> Vec<u8> {
    let checkpoint = tiny(Family::Llama);
    let mut writer = gguf_write::Writer::default();
    writer.tensor("rope_freqs.weight", &[divisors.len()], QuantKind::F32, divisors).unwrap();
    let extra = writer.finish();
    // Its header entry goes before the others, its data behind them: name, dimensions, shape, kind and offset.
    let count = 8..16;
    let tensors = u64::from_le_bytes(bytes[count.clone()].try_into().unwrap());
    let info_len = 8 + "rope_freqs.weight".len() + 4 + 8 + 4 + 8;
    let mut info = extra[24..24 + info_len].to_vec();
    let first = gguf_name(&layout(&checkpoint.config)[0].name);
    let mut entry = (first.len() as u64).to_le_bytes().to_vec();
    entry.extend(first.as_bytes());
    let at = bytes.windows(entry.len()).rposition(|window| window == entry).unwrap();
    let infos_end = {
        let mut end = at;
        for _ in 0..tensors {
            let name = u64::from_le_bytes(bytes[end..end + 8].try_into().unwrap()) as usize;
            let dims = u32::from_le_bytes(bytes[end + 8 + name..][..4].try_into().unwrap()) as usize;
            end += 8 + name + 4 + 8 * dims + 4 + 8;
        }
        end
    };
    let data = &bytes[infos_end.next_multiple_of(32)..];
    let offset_at = info.len() - 8;
    info[offset_at..].copy_from_slice(&(data.len().next_multiple_of(32) as u64).to_le_bytes());
    let mut changed = [&bytes[..at], &info, &bytes[at..infos_end]].concat();
    changed[count].copy_from_slice(&(tensors + 1).to_le_bytes());
    changed.resize(changed.len().next_multiple_of(32), 0);
    changed.extend_from_slice(data);
    changed.resize(changed.len().next_multiple_of(32), 0);
    changed.extend(divisors.iter().flat_map(|d| d.to_le_bytes()));
    changed.resize(changed.len().next_multiple_of(32), 0);
    changed
}

#[test]
fn scaled_positions_are_scaled_on_the_device_too() {
    let plain = file(&tiny(Family::Llama), QuantKind::Q8_0);
    let half = tiny(Family::Llama).config.head_dim / 2;
    let divisors: Vec<f32> = (0..half).map(|i| 1.0 + i as f32).collect();
    let bytes = with_divisors(&plain, &divisors);
    let inputs = tokens(&PROMPT);
    let found = block_on(on_gpu(&bytes, 64).unwrap().logits(&inputs)).unwrap();
    let expected = block_on(on_cpu(&bytes).logits(&inputs)).unwrap();
    let error = distance(&found, &expected);
    let unscaled = block_on(on_gpu(&plain, 64).unwrap().logits(&inputs)).unwrap();
    let moved = distance(&found, &unscaled);
    println!("{error:.1e}, moved by {moved:.1e}");
    // The processor's vectors are rounded to 16 bits; what the divisors change must be far above that.
    assert!(error <= 2e-3 && moved > 20.0 * error && moved > 0.01, "{error} {moved}");
}

#[test]
fn what_does_not_fit_is_refused_before_a_tensor_is_read() {
    struct Header<'a>(&'a [u8]);
    impl Source for Header<'_> {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }
        async fn read(&mut self, _from: u64, _to: &mut [u8]) -> Result<()> {
            panic!("a tensor was read")
        }
    }
    let bytes = file(&tiny(Family::Llama), QuantKind::Q8_0);
    let model = open(&bytes);
    let plan = device_plan(&model, 1, 32).unwrap();
    let config = &model.config;
    let cache = config.num_hidden_layers * 32 * 2 * config.key_value_width() * 4;
    assert_eq!(plan.cache, cache as u64);
    assert!(plan.weights < 4 * soft_thinking_lab::model::params::count(config) as u64 / 2, "{plan:?}");
    let refused = |context, memory| {
        block_on(GpuEngine::load(&model, &mut Header(&bytes), (context, memory), &mut |_, _| ()))
            .err()
            .expect("no room")
    };
    let error = refused(32, plan.total() - 1);
    assert!(error.code() == "out-of-memory" && error.to_string().contains("MiB"), "{error}");
    assert_eq!(device_plan(&model, 1, 65).unwrap_err().code(), "bad-input"); // it has 64 positions
}

#[test]
fn rows_that_are_no_whole_blocks_are_refused_by_name() {
    let checkpoint = tiny(Family::Llama);
    let config = ModelConfig { intermediate_size: 80, ..checkpoint.config.clone() };
    let params = init(&config, 4);
    let bytes = file(&Checkpoint { config, params, ..checkpoint }, QuantKind::Q8_0);
    let error = on_gpu(&bytes, 32).err().expect("a matrix of rows of 80");
    assert!(error.code() == "bad-weights" && error.to_string().contains("down_proj"), "{error}");
}

#[test]
fn the_engine_that_is_asked_for_is_opened() {
    let bytes = file(&tiny(Family::Llama), QuantKind::F16);
    let model = open(&bytes);
    let open = |choice| {
        let mut source = &bytes[..];
        block_on(language::open(choice, &model, &mut source, (64, u64::MAX), &mut |_, _| ())).unwrap().1
    };
    let gpu = open(EngineChoice::Gpu);
    assert!(gpu.kind == EngineKind::Gpu && gpu.reason.contains("adapter"), "{gpu:?}");
    assert_eq!(open(EngineChoice::Cpu).kind, EngineKind::Cpu);
    let auto = open(EngineChoice::Auto);
    assert_eq!(auto.kind, if gpu.software == Some(true) { EngineKind::Cpu } else { EngineKind::Gpu }, "{auto:?}");
}
