//! Language models' Hugging Face folders: read from several files tensor by tensor, with the words their tokenizer.json describes, and
//! refused with a name where they lie.
//!
//! Not here: GGUF files (`large.rs`), what becomes of the words (`text.rs`).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::packed::{PackedEngine, PackedModel};
use soft_thinking_lab::engine::{Blends, Engine as _};
use soft_thinking_lab::error::Result;
use soft_thinking_lab::model::params::{init, layout};
use soft_thinking_lab::model::{Family, ModelConfig};
use soft_thinking_lab::text::words::{Leading, Spelling, Vocabulary};
use soft_thinking_lab::text::{SpeechOptions, Tokenizer};
use soft_thinking_lab::weights::large::Large;
use soft_thinking_lab::weights::large_folder::{self, Texts};
use soft_thinking_lab::weights::safetensors::{Tensor, write};
use soft_thinking_lab::weights::source::{Joined, Source as _};

const ROWS: usize = 300;

fn config(family: Family) -> ModelConfig {
    let qwen = family == Family::Qwen2;
    ModelConfig {
        family,
        attention_bias: qwen,
        tie_word_embeddings: !qwen,
        ..ModelConfig::preset("nano", ROWS).unwrap()
    }
}

/// Every other tensor in the second file.
fn shards(config: &ModelConfig, params: &[f32]) -> [Vec<u8>; 2] {
    [0, 1].map(|file| {
        let specs: Vec<_> = layout(config).into_iter().skip(file).step_by(2).collect();
        let tensors: Vec<Tensor<'_>> = specs
            .iter()
            .map(|spec| Tensor { name: &spec.name, shape: &spec.shape, data: &params[spec.range()] })
            .collect();
        write(&tensors, &BTreeMap::new()).unwrap()
    })
}

/// Words of one byte, as Qwen2's file has them, with a merge, marks, and fewer words than the model has rows.
fn tokenizer() -> Value {
    let mut vocab: serde_json::Map<String, Value> =
        (33u8..=126).map(|byte| (char::from(byte).to_string(), json!(byte - 33))).collect();
    for (token, id) in [("Ġ", 94), ("Ċ", 95), ("th", 96), ("Ġth", 97)] {
        vocab.insert(token.to_owned(), json!(id));
    }
    let pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    json!({
        "model": { "type": "BPE", "vocab": vocab, "merges": [["t", "h"], ["Ġ", "th"]] },
        "normalizer": { "type": "NFC" },
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false },
            { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false } ] },
        "added_tokens": [
            { "id": 98, "content": "<|im_end|>", "special": true },
            { "id": 99, "content": "</think>", "special": false } ],
    })
}

const SETTINGS: &str = r#"{ "bos_token": null, "eos_token": { "content": "<|im_end|>" }, "chat_template": "{{ messages[0].content }}<|im_end|>" }"#;

fn open(config: &str, tokenizer: &str, files: &[Vec<u8>; 2]) -> Result<Large> {
    let texts = Texts { config, tokenizer, settings: Some(SETTINGS), template: None };
    let lengths = files.each_ref().map(|file| file.len() as u64);
    let mut source = Joined(files.iter().map(Vec::as_slice).collect());
    pollster::block_on(large_folder::open(texts, &lengths, &mut source))
}

#[test]
fn a_folder_computes_what_its_files_say() {
    for family in [Family::Llama, Family::Qwen2] {
        let config = config(family);
        let mut params = init(&config, 5);
        params.iter_mut().for_each(|x| *x = if *x == 0.0 { 0.1 } else { 2.0 * *x }); // biases, and logits that differ
        let files = shards(&config, &params);
        let model = open(&config.to_json(), &tokenizer().to_string(), &files).unwrap();
        let mut source = Joined(files.iter().map(Vec::as_slice).collect());
        assert_eq!(model.size, source.size());
        let packed = pollster::block_on(PackedModel::load(&model, &mut source, &mut |_, _| ())).unwrap();
        let (mut found, mut expected) = (PackedEngine::new(packed), CpuEngine::new(&config, params).unwrap());
        let prompt = [vec![3, 97, 200, 0, 41]];
        let mut blend = Blends::new(1);
        blend.push_token(7);
        let ours = pollster::block_on(async { [found.prefill(&prompt, 1, 8).await, found.decode(&blend).await] });
        let theirs =
            pollster::block_on(async { [expected.prefill(&prompt, 1, 8).await, expected.decode(&blend).await] });
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
            let worst = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst <= 1e-4 && ours.len() == ROWS, "{family:?}: {worst}"); // logits near 10 in f32, summed in another order
        }
        let words = Tokenizer::of_words(&model.vocabulary, &SpeechOptions::default()).unwrap();
        assert_eq!((model.vocabulary.splitting.as_str(), words.vocab_size()), ("qwen2", ROWS));
        let ids = words.encode("a thth</think>").unwrap();
        assert_eq!(ids, [64, 97, 96, 99]);
        assert_eq!((words.decode(&ids), words.marks().end_answer), ("a thth</think>".to_owned(), 98));
    }
}

#[test]
fn folders_that_lie_are_refused_by_name() {
    let config = config(Family::Llama);
    let params = init(&config, 5);
    let files = shards(&config, &params);
    let good = (config.to_json(), tokenizer());
    let refuse = |config: &str, tokenizer: &Value, files: &[Vec<u8>; 2], name: &str| {
        let error = open(config, &tokenizer.to_string(), files).unwrap_err();
        assert!(error.code() == "bad-weights" && error.to_string().contains(name), "{name}: {error}");
    };
    let twice = [files[0].clone(), files[0].clone()];
    refuse(&good.0, &good.1, &twice, "in two files");
    let cut = [files[0].clone(), files[1][..files[1].len() - 1].to_vec()];
    refuse(&good.0, &good.1, &cut, "data_offsets");
    let empty = [files[0].clone(), Vec::new()];
    refuse(&good.0, &good.1, &empty, "length");
    let endless = [files[0].clone(), [&u64::MAX.to_le_bytes()[..], &files[1][8..]].concat()];
    refuse(&good.0, &good.1, &endless, "header length");
    refuse(&good.0.replace("\"vocab_size\": 300", "\"vocab_size\": 301"), &good.1, &files, "shape");
    refuse(&good.0.replace("llama", "gemma"), &good.1, &files, "model_type");
    let with = |path: &str, value: Value| {
        let mut changed = tokenizer();
        *changed.pointer_mut(path).unwrap() = value;
        changed
    };
    refuse(&good.0, &with("/model/type", json!("Unigram")), &files, "Unigram");
    refuse(&good.0, &with("/normalizer", json!({ "type": "Lowercase" })), &files, "normalizer");
    refuse(&good.0, &with("/pre_tokenizer/pretokenizers/0/pattern/Regex", json!("x+")), &files, "pre_tokenizer");
    refuse(&good.0, &with("/added_tokens/0/id", json!(300)), &files, "<|im_end|>");
    let stretched =
        |text: &str| good.0.replace("\"rope_scaling\": null", text).replace("\"rope_type\": \"default\"", text);
    let llama3 = r#""rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 32"#;
    let large = open(&stretched(llama3), &good.1.to_string(), &files).unwrap();
    let divisors = pollster::block_on(large.rope_divisors(&mut &[][..])).unwrap().unwrap();
    assert!(divisors.len() == config.head_dim / 2 && divisors.contains(&8.0), "{divisors:?}");
    refuse(&stretched(&llama3.replace("4,", "1,")), &good.1, &files, "high_freq_factor");
    refuse(&stretched(&llama3.replace("llama3", "yarn")), &good.1, &files, "yarn");
}

#[test]
fn a_folder_of_sentence_pieces_has_the_words_of_its_gguf_file() {
    let golden: Value = serde_json::from_str(include_str!("interop/sentence_pieces.json")).unwrap();
    let list = |key: &str| golden[key].as_array().unwrap();
    let vocab: serde_json::Map<String, Value> =
        list("tokens").iter().enumerate().map(|(id, token)| (token.as_str().unwrap().to_owned(), json!(id))).collect();
    // As the published converter writes them: by score, which falls with the id.
    let ordinary = list("tokens").iter().zip(list("token_type")).filter(|(_, kind)| **kind == 1);
    let ordinary: Vec<&str> = ordinary.map(|(token, _)| token.as_str().unwrap()).collect();
    let merges: Vec<Value> = ordinary
        .iter()
        .flat_map(|token| token.char_indices().skip(1).map(|(at, _)| token.split_at(at)))
        .filter(|(left, right)| ordinary.contains(left) && ordinary.contains(right))
        .map(|(left, right)| json!(format!("{left} {right}")))
        .collect();
    let file = json!({
        "model": { "type": "BPE", "vocab": vocab, "merges": merges, "byte_fallback": true, "unk_token": "<unk>" },
        "normalizer": { "type": "Sequence", "normalizers": [
            { "type": "Prepend", "prepend": "▁" },
            { "type": "Replace", "pattern": { "String": " " }, "content": "▁" } ] },
        "pre_tokenizer": null,
        "added_tokens": [
            { "id": 0, "content": "<unk>", "special": true },
            { "id": 1, "content": "<s>", "special": true },
            { "id": 2, "content": "</s>", "special": true } ],
    });
    let settings = r#"{ "bos_token": "<s>", "eos_token": "</s>", "add_bos_token": true }"#;
    let found = Vocabulary::from_hf(&file.to_string(), Some(settings), Some("template"), 620).unwrap();
    assert_eq!((found.begin, found.end, found.template.as_deref()), (Some(1), Some(2), Some("template")));
    assert_eq!(found.spelling, Spelling::Pieces(Leading::Each));
    assert_eq!(json!(found.kinds), golden["token_type"]);
    let words = Tokenizer::of_words(&found, &SpeechOptions { bridge: Some(String::new()), ..SpeechOptions::default() })
        .unwrap();
    for case in list("cases") {
        assert_eq!(json!(words.encode(case["text"].as_str().unwrap()).unwrap()), case["ids"], "{}", case["text"]);
    }
}
