//! Language models' files, on tiny models: read tensor by tensor, computed packed as the reference computes them, and refused with a name
//! where they lie.
//!
//! Not here: a real one (`smollm2.rs`), the lab's own files (`weights.rs`, `weights_hostile.rs`).

use std::path::Path;

use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::decode::{Policy, SoftSettings};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Blends, Engine as _};
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::text::words::Vocabulary;
use soft_thinking_lab::text::{Ending, SpeechOptions, Tokenizer};
use soft_thinking_lab::weights::large::{self, Large};
use soft_thinking_lab::weights::source::Source;
use soft_thinking_lab::weights::{self, Checkpoint, QuantKind};

/// Counts what is asked of it, and the longest stretch.
struct Counting<'a> {
    bytes: &'a [u8],
    longest: usize,
    reads: usize,
}

impl Source for Counting<'_> {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    async fn read(&mut self, from: u64, to: &mut [u8]) -> Result<()> {
        self.longest = self.longest.max(to.len());
        self.reads += 1;
        (&mut &*self.bytes).read(from, to).await
    }
}

fn tiny(folder: &str) -> Checkpoint {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models").join(folder);
    let config = std::fs::read_to_string(dir.join("config.json")).unwrap();
    let mut checkpoint =
        weights::read_hf(&config, &std::fs::read(dir.join("model.safetensors")).unwrap(), None).unwrap();
    // Byte-level words of one letter each, and no merges.
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
    replaced(&checkpoint.to_gguf(kind).unwrap(), b"tokenizer.huggingface.json", b"tokenizer.somewhere__.json")
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    let mut changed = bytes.to_vec();
    changed[at..at + to.len()].copy_from_slice(to);
    changed
}

fn open(mut bytes: &[u8]) -> Result<Large> {
    pollster::block_on(large::open(&mut bytes)).map(|found| found.expect("a language model's file"))
}

fn engine(bytes: &[u8]) -> Result<PackedEngine> {
    let model = open(bytes)?;
    let mut source = bytes;
    pollster::block_on(PackedModel::load(&model, &mut source, &mut |_, _| ())).map(PackedEngine::new)
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

#[test]
fn packed_weights_compute_what_the_reference_computes() {
    for folder in ["llama-tiny", "qwen2-tiny"] {
        let checkpoint = tiny(folder);
        for kind in QuantKind::WRITTEN {
            let bytes = file(&checkpoint, kind);
            let rounded = weights::read(&bytes).unwrap();
            let mut reference = CpuEngine::new(&rounded.config, rounded.params).unwrap();
            let mut packed = engine(&bytes).unwrap();
            let inputs = tokens(&[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]);
            let [found, expected] = pollster::block_on(async {
                [packed.logits(&inputs).await.unwrap(), reference.logits(&inputs).await.unwrap()]
            });
            // f32 in another order; vectors rounded to 16 bits; two layers.
            let error = distance(&found, &expected);
            assert!(error <= 2e-4, "{folder} {kind:?}: {error}");
        }
    }
}

#[test]
fn rows_go_on_alone_and_side_by_side() {
    let bytes = file(&tiny("llama-tiny"), QuantKind::Q8_0);
    let rounded = weights::read(&bytes).unwrap();
    let mut reference = CpuEngine::new(&rounded.config, rounded.params).unwrap();
    let mut packed = engine(&bytes).unwrap();
    pollster::block_on(async {
        let prompts = [vec![1, 2, 3, 4, 5], vec![7, 8]];
        let found = packed.prefill(&prompts, 2, 4).await.unwrap();
        assert!(distance(&found, &reference.prefill(&prompts, 2, 4).await.unwrap()) <= 2e-4);
        let mut blends = Blends::new(2);
        for row in 0..4 {
            blends.push(&[row, 10 + row], &[0.25, 0.75]);
        }
        let found = packed.decode(&blends).await.unwrap();
        assert!(distance(&found, &reference.decode(&blends).await.unwrap()) <= 2e-4);
        packed.keep_rows(&[1, 3]).await.unwrap();
        reference.keep_rows(&[1, 3]).await.unwrap();
        let two = tokens(&[6, 9]);
        let found = packed.decode(&two).await.unwrap();
        assert!(distance(&found, &reference.decode(&two).await.unwrap()) <= 2e-4);
        assert_eq!(packed.decode(&tokens(&[1])).await.unwrap_err().code(), "bad-input");
        assert_eq!(packed.prefill(&[vec![1; 60]], 1, 9).await.unwrap_err().code(), "bad-input");
        assert_eq!(packed.prefill(&[vec![61]], 1, 1).await.unwrap_err().code(), "bad-input");
        assert_eq!(packed.read_params().await.unwrap_err().code(), "bad-input");
    });
}

#[test]
fn a_file_is_read_once_and_in_stretches() {
    let bytes = file(&tiny("llama-tiny"), QuantKind::F32);
    let mut source = Counting { bytes: &bytes, longest: 0, reads: 0 };
    let model = pollster::block_on(large::open(&mut source)).unwrap().unwrap();
    assert_eq!(source.reads, 1);
    (source.longest, source.reads) = (0, 0);
    let mut heard = Vec::new();
    pollster::block_on(PackedModel::load(&model, &mut source, &mut |read, total| heard.push((read, total)))).unwrap();
    let largest = model.plan(1, 8).unwrap().largest_tensor as usize;
    assert!(source.longest <= largest && largest < bytes.len() / 2, "{} of {}", source.longest, bytes.len());
    assert!(heard.is_sorted() && heard.last().unwrap().0 == heard.last().unwrap().1, "{heard:?}");
}

#[test]
fn the_plan_is_known_before_a_tensor_is_read() {
    let bytes = file(&tiny("llama-tiny"), QuantKind::F32);
    let model = open(&bytes).unwrap();
    let plan = model.plan(2, 16).unwrap();
    assert_eq!(plan.file, bytes.len() as u64);
    assert_eq!(plan.weights, 4 * soft_thinking_lab::model::params::count(&model.config) as u64);
    assert_eq!(plan.cache, 2 * 16 * 2 * 2 * 16 * 4); // rows, positions, layers, keys and values, width, bytes
    assert_eq!((plan.largest_tensor, plan.largest_tensor_name.as_str()), (80 * 32 * 4, "blk.1.ffn_up.weight"));
    assert!(plan.fit(plan.total()).is_ok());
    let error = plan.fit(plan.total() - 1).unwrap_err();
    assert!(error.code() == "out-of-memory" && error.to_string().contains("MiB"), "{error}");
    assert_eq!(model.plan(1, 65).unwrap_err().code(), "bad-input"); // it has 64 positions
}

/// The file must be refused when it is opened or loaded, naming `field`.
fn refuse(bytes: &[u8], field: &str) -> String {
    match engine(bytes) {
        Err(Error::BadWeights { field: found, message }) => {
            assert_eq!(found, field, "{message}");
            message
        }
        Err(other) => panic!("`{field}`: expected bad-weights, found {other:?}"),
        Ok(_) => panic!("`{field}`: the file was accepted"),
    }
}

#[test]
fn files_that_lie_are_refused_by_name() {
    let good = file(&tiny("llama-tiny"), QuantKind::Q8_0);
    let change = |from: &[u8], to: &[u8]| replaced(&good, from, to);
    assert!(
        refuse(&change(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0mamba"), "general.architecture")
            .contains("qwen2")
    );
    refuse(&change(b"blk.1.ffn_up.weight", b"blk.1.ffn_sp.weight"), "blk.1.ffn_up.weight");
    assert!(
        refuse(&change(b"\x04\0\0\0\0\0\0\0gpt2", b"\x04\0\0\0\0\0\0\0bert"), "tokenizer.ggml.model").contains("gpt2")
    );
    refuse(&change(b"tokenizer.ggml.merges", b"tokenizer.ggml.nerges"), "tokenizer.ggml.merges");
    // One word less than rows: the count, and the last word's length and text.
    let key = b"tokenizer.ggml.token_type";
    let at = good.windows(key.len()).position(|window| window == key).unwrap() + key.len() + 8;
    let mut fewer = good.clone();
    fewer[at..at + 8].copy_from_slice(&60u64.to_le_bytes());
    fewer.drain(at + 8..at + 12);
    fewer.extend([0; 64]); // the tensors move, and still fit
    refuse(&fewer, "tokenizer.ggml.token_type");
    // A type that no reader knows (ggml's IQ2_XXS), in the last tensor's header: after its name and two dimensions.
    let name = b"blk.1.ffn_up.weight";
    let at = good.windows(name.len()).position(|window| window == name).unwrap() + name.len() + 4 + 16;
    let mut unknown = good.clone();
    unknown[at..at + 4].copy_from_slice(&16u32.to_le_bytes());
    assert!(refuse(&unknown, "blk.1.ffn_up.weight").contains("Q6_K"));
    // Every length but the whole: named, and never a panic.
    let padding = good.iter().rev().take_while(|b| **b == 0).count();
    for length in (4..good.len() - padding.max(1)).step_by(89) {
        assert!(matches!(engine(&good[..length]), Err(Error::BadWeights { .. })), "cut to {length}");
    }
    // A file of another kind, and the lab's own, are left to the other reader.
    let own = tiny("llama-tiny").to_gguf(QuantKind::Q8_0).unwrap();
    for other in [&own[..], b"\x10\0\0\0\0\0\0\0{}"] {
        assert!(pollster::block_on(large::open(&mut &*other)).unwrap().is_none());
    }
}

/// A vocabulary of single bytes and marks.
fn vocabulary(marks: &[(&str, i32)]) -> Vocabulary {
    let mut tokens: Vec<String> = (33u8..=126).map(|byte| char::from(byte).to_string()).collect();
    tokens.extend(["Ġ".to_owned(), "Ċ".to_owned()]);
    let mut kinds = vec![1; tokens.len()];
    for (mark, kind) in marks {
        tokens.push((*mark).to_owned());
        kinds.push(*kind);
    }
    let end = tokens.iter().position(|token| token == "<end>").map(|at| at as u32);
    let template = Some("<user>{{ messages[0].content }}<end>".to_owned());
    Vocabulary { tokens, kinds, splitting: "gpt-2".into(), end, template, ..Vocabulary::default() }
}

#[test]
fn thoughts_end_with_a_token_or_with_a_spelled_mark() {
    let speech = SpeechOptions { instruction: Some(String::new()), ..SpeechOptions::default() };
    let with = vocabulary(&[("<user>", 3), ("<end>", 3), ("<think>", 4), ("</think>", 4)]);
    let tokenizer = Tokenizer::of_words(&with, &speech).unwrap();
    let marks = tokenizer.marks();
    assert_eq!((marks.ending.sought(), marks.ending.fed()), (&[marks.end_think][..], &[marks.end_think][..]));
    assert_eq!(tokenizer.token(marks.end_think), "</think>");
    let prompt = tokenizer.prompt("why <end>?").unwrap();
    assert_eq!(tokenizer.decode(&prompt), "<user>why <end>?<end><think>\n");
    let without = vocabulary(&[("<user>", 3), ("<end>", 3)]);
    let long = Tokenizer::of_words(&without, &speech).unwrap_err();
    assert!(long.to_string().contains("tokens"), "{long}"); // letters are tokens here: the usual bridge is too long
    let speech = SpeechOptions { bridge: Some("\n\nThen".into()), ..speech };
    let tokenizer = Tokenizer::of_words(&without, &speech).unwrap();
    let marks = tokenizer.marks();
    // The published code looks for the last token that spells the mark, here ">".
    assert_eq!((marks.ending.sought(), tokenizer.token(marks.end_think).as_str()), (&[marks.end_think][..], ">"));
    assert!(tokenizer.decode(marks.ending.fed()).eq("</think>\n\nThen"), "{:?}", marks.ending);
    assert_eq!(tokenizer.decode(&tokenizer.prompt("why?").unwrap()), "<user>why?<end>");
    let unknown = Vocabulary { splitting: "tekken".into(), ..without.clone() };
    let error = Tokenizer::of_words(&unknown, &speech).unwrap_err();
    assert!(error.to_string().contains("tokenizer.ggml.pre") && error.to_string().contains("llama-bpe"), "{error}");
    let endless = Vocabulary { end: None, ..without };
    assert_eq!(Tokenizer::of_words(&endless, &speech).unwrap_err().code(), "bad-weights");
}

#[test]
fn an_ending_of_several_tokens_is_looked_for_and_fed_whole() {
    let lab = Tokenizer::lab().unwrap().marks();
    let ending = Ending::new(&[8, 7, 9], 3, &[11, 12]).unwrap();
    let policy =
        |limit| Policy::Soft(SoftSettings { noise_scale: 0.0, max_thought_length: limit, ..SoftSettings::default() });
    let marks = soft_thinking_lab::text::Marks { end_think: 9, end_answer: 13, ..lab };
    let likeliest = |id: usize| -> Vec<f32> { (0..20).map(|i| if i == id { 9.0 } else { 0.0 }).collect() };
    // A 9 alone ends nothing; 8, 7, 9 in a row does.
    let sampling = policy(0).sampling(marks, 100, 0.0);
    let mut row = Row::with_ending(Key::from_seed(1), ending);
    let soft: Vec<bool> = [9, 8, 7, 9, 5].map(|id| row.next(&likeliest(id), &sampling, &[]).soft).to_vec();
    assert_eq!(soft, [true, true, true, false, false]);
    assert!(row.steps.iter().map(|step| step.answering).eq([false, false, false, false, true]));
    // A limit of three steps: the mark and what follows it are fed, then the answer is the model's.
    let sampling = policy(3).sampling(marks, 100, 0.0);
    let mut row = Row::with_ending(Key::from_seed(1), ending);
    (0..8).for_each(|_| _ = row.next(&likeliest(5), &sampling, &[]));
    let fed: Vec<(u32, bool, bool)> = row.steps.iter().map(|s| (s.token, s.forced, s.answering)).collect();
    let think = |token| (token, true, false);
    assert_eq!(fed[2..7], [think(8), think(7), think(9), (11, true, true), (12, true, true)]);
    assert!(!fed[1].1 && !fed[7].1 && fed[7].2, "{fed:?}");
    assert!(Ending::new(&[1; 20], 1, &[2; 13]).is_err() && Ending::new(&[], 0, &[]).is_err());
}

#[test]
fn mutated_files_never_panic() {
    let good = file(&tiny("qwen2-tiny"), QuantKind::Q4_0);
    let header = good.windows(8).rposition(|window| window == b"output_n").unwrap() + 64;
    let mut draws = soft_thinking_lab::math::stream::Stream::new(Key::from_seed(5));
    let (mut refused, mut read) = (0, 0);
    for _ in 0..3000 {
        let mut bytes = good.clone();
        for _ in 0..1 + draws.below(3) {
            let at = draws.below(header as u32) as usize;
            bytes[at] = match draws.below(3) {
                0 => draws.below(256) as u8,
                1 => bytes[at] ^ 1 << draws.below(8),
                _ => 255,
            };
        }
        let opened = pollster::block_on(large::open(&mut &bytes[..]));
        match opened {
            Ok(Some(model)) => {
                read += 1;
                let _ = Tokenizer::of_words(&model.vocabulary, &SpeechOptions::default());
                let _ = model.plan(1, 8);
                let loaded = pollster::block_on(PackedModel::load(&model, &mut &bytes[..], &mut |_, _| ()));
                let Ok(model) = loaded else { continue };
                let logits = pollster::block_on(PackedEngine::new(model).logits(&tokens(&[1, 2, 3])));
                assert!(logits.is_ok() || logits.is_err_and(|e| e.code() == "bad-input"));
            }
            Ok(None) => {}
            Err(Error::BadWeights { .. }) => refused += 1,
            Err(other) => panic!("expected bad-weights, found {other:?}"),
        }
    }
    assert!(refused > 300 && read > 100, "{refused} refused, {read} read: the mutations test little");
}
