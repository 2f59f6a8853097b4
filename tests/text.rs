//! The tokenizer: exact round trips, marks that cannot be typed, and a reader that survives any tokenizer.json.

use serde_json::{Value, json};
use soft_thinking_lab::model::ModelConfig;
use soft_thinking_lab::model::params::init;
use soft_thinking_lab::text::words::{Leading, Spelling, Vocabulary};
use soft_thinking_lab::text::{LAB_VOCAB_SIZE, SpeechOptions, Tokenizer};
use soft_thinking_lab::weights::{Checkpoint, QuantKind, large};

const ALPHABET: &str = "0123456789abcdefghijklmnopqrstuvwxyz+-*/=;,:>|()? .&_!^";

fn lab() -> Tokenizer {
    Tokenizer::lab().expect("the lab's own tokenizer")
}

fn lab_value() -> Value {
    serde_json::from_str(&lab().to_json().expect("json")).expect("valid JSON")
}

#[test]
fn has_64_tokens_with_the_marks_first() {
    let text = lab();
    assert_eq!(text.vocab_size(), LAB_VOCAB_SIZE);
    let marks = text.marks();
    assert_eq!([marks.pad, marks.think, marks.end_think, marks.answer, marks.end_answer], [0, 1, 2, 3, 4]);
    let shown: Vec<String> = (0..5).map(|id| text.token(id)).collect();
    assert_eq!(shown, ["<pad>", "<think>", "</think>", "<answer>", "</answer>"]);
    assert_eq!((text.id("0"), text.id("a"), text.token(63)), (Some(5), Some(15), "<unused3>".to_owned()));
    for id in 0..64 {
        assert_eq!(text.id(&text.token(id)), Some(id));
    }
    assert_eq!((text.id("<"), text.id("ab"), text.token(64)), (None, None, "<id 64>".to_owned()));
}

#[test]
fn decoding_undoes_encoding_exactly() {
    let text = lab();
    for sample in [
        "",
        " ",
        "  a  b  ",
        ALPHABET,
        "17+58-24=<think>75;51</think><answer>51</answer>",
        " sort 3 , 1 = . , ? ! ",
        "<pad><pad> <think> </answer>",
    ] {
        let ids = text.encode(sample).expect(sample);
        assert_eq!(text.decode(&ids), sample);
    }
    assert_eq!(text.encode("2+3=<think>5</think>").expect("marks"), [7, 41, 8, 45, 1, 10, 2]);
    // Every pair of tokens, unused ones aside: no pair is ever read as something else.
    for first in 0..60 {
        for second in 0..60 {
            assert_eq!(text.encode(&text.decode(&[first, second])).expect("pair"), [first, second]);
        }
    }
}

#[test]
fn encodes_characters_one_by_one() {
    let ids = lab().encode(ALPHABET).expect("alphabet");
    assert_eq!(ids, (5..60).collect::<Vec<u32>>());
    assert_eq!(lab().encode_plain(ALPHABET).expect("alphabet"), ids);
}

#[test]
fn typed_marks_are_not_marks() {
    let text = lab();
    let error = text.encode_plain("1+1=<think>").expect_err("`<` cannot be typed");
    assert_eq!(error.code(), "bad-input");
    assert!(error.to_string().contains("'<'"), "{error}");
    assert_eq!(text.encode_plain("think>").expect("letters").len(), 6);
}

#[test]
fn strangers_are_named_together_with_the_alphabet() {
    let text = lab();
    for (sample, stranger) in [
        ("1+1=<think>A", "'A'"),
        ("a\nb", "'\\n'"),
        ("日本", "'日'"),
        ("٣+1", "'٣'"),
        ("<b>", "'<'"),
        ("<unused0>", "'<'"),
    ] {
        for error in [text.encode(sample), text.encode_plain(sample.trim_start_matches("1+1=<think>"))] {
            let error = error.expect_err(sample);
            assert_eq!(error.code(), "bad-input");
            let message = error.to_string();
            assert!(message.contains(stranger) && message.contains(ALPHABET), "{message}");
        }
    }
}

#[test]
fn json_brings_the_same_tokenizer_back() {
    let text = lab();
    let json = text.to_json().expect("json");
    let again = Tokenizer::from_json(&json).expect("its own json");
    assert_eq!(again.to_json().expect("json"), json);
    assert_eq!(again.marks(), text.marks());
    assert_eq!(again.vocab_size(), 64);
    let sample = "ab cd?a>c|d<think>b;c</think><answer>c</answer>";
    assert_eq!(again.encode(sample).expect(sample), text.encode(sample).expect(sample));
    assert_eq!(again.decode(&(0..64).collect::<Vec<_>>()), text.decode(&(0..64).collect::<Vec<_>>()));
}

#[test]
fn settings_added_by_hugging_face_do_not_change_ids() {
    let mut value = lab_value();
    value["truncation"] = json!({"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0});
    value["padding"] = json!({"strategy": {"Fixed": 9}, "direction": "Left", "pad_to_multiple_of": null,
                              "pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"});
    // What `save_pretrained` of transformers 5 adds: a template that adds nothing.
    value["post_processor"] = json!({"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
                                     "pair": [], "special_tokens": {}});
    let text = Tokenizer::from_json(&value.to_string()).expect("saved by Hugging Face");
    assert_eq!(text.encode("1+1=").expect("ids").len(), 4);
}

#[test]
fn odd_json_is_refused_with_the_field_at_fault() {
    let with = |path: &str, new: Value| {
        let mut value = lab_value();
        *value.pointer_mut(path).expect(path) = new;
        value.to_string()
    };
    let first = json!({"id": 0, "content": "<pad>", "single_word": false, "lstrip": true, "rstrip": false,
                       "normalized": false, "special": true});
    let cases = [
        (String::new(), "no JSON"),
        ("{".repeat(100_000), "no JSON"),
        ("[".repeat(100_000), "no JSON"),
        ("null".into(), "/model/type"),
        ("[]".into(), "/model/type"),
        ("{}".into(), "/model/type"),
        ("\"<think>\"".into(), "/model/type"),
        (with("/model/type", json!("BPE")), "/model/type"),
        (with("/normalizer", json!({"type": "Lowercase"})), "/normalizer"),
        (with("/pre_tokenizer", Value::Null), "/pre_tokenizer/type"),
        (with("/pre_tokenizer/pattern", json!({"Regex": "(a*)*b"})), "/pre_tokenizer/pattern"),
        (with("/pre_tokenizer/invert", json!(true)), "/pre_tokenizer/invert"),
        (with("/decoder", json!({"type": "WordPiece", "prefix": "", "cleanup": true})), "/decoder/type"),
        (with("/version", json!("9.0")), "version"),
        (with("/model/vocab", json!(["a"])), "/model/vocab"),
        (with("/model/vocab", json!({"a": 9})), "<pad>"),
        (with("/model/vocab/a", json!(-1)), "\"a\""),
        (with("/model/vocab/a", json!("x")), "\"a\""),
        (with("/model/vocab/a", json!(4_294_967_295_u64)), "\"a\""),
        (with("/model/vocab/a", json!(64)), "gap"),
        (with("/model/vocab/a", json!(16)), "share"),
        (with("/model/unk_token", json!("<pad>")), "/model/unk_token"),
        (with("/model/unk_token", Value::Null), "/model/unk_token"),
        (with("/added_tokens", json!([])), "<pad>"),
        (with("/added_tokens", json!("x")), "<pad>"),
        (with("/added_tokens/0", json!(7)), "added_tokens"),
        (with("/added_tokens/0", first), "lstrip"),
        (with("/added_tokens/0/id", json!(5)), "<pad>"),
        (with("/added_tokens/0/content", json!("")), "added_tokens"),
    ];
    for (json, fault) in cases {
        let error = Tokenizer::from_json(&json).expect_err(fault);
        assert_eq!(error.code(), "bad-input");
        assert!(error.to_string().contains(fault), "expected {fault} in: {error}");
    }
}

#[test]
fn tokens_that_could_spell_a_mark_are_refused() {
    for token in ["<", "x</answer>", "<a<b>", "<>", "ab", ""] {
        let mut value = lab_value();
        let vocab = value["model"]["vocab"].as_object_mut().expect("vocab");
        vocab.remove("<unused3>");
        vocab.insert(token.to_owned(), json!(63));
        assert!(Tokenizer::from_json(&value.to_string()).is_err(), "{token}");
    }
}

/// Every prefix and thousands of one-byte changes of a good file end in a tokenizer or an error, never in a panic; and
/// whatever is accepted still round-trips.
#[test]
fn damaged_json_never_panics() {
    let json = lab().to_json().expect("json");
    assert!(json.is_ascii());
    for end in (0..json.len()).step_by(7) {
        assert!(Tokenizer::from_json(&json[..end]).is_err(), "prefix of {end} bytes");
    }
    let replacements = b"\"{}[],:0919 ax<>\\\x7f";
    let mut accepted = 0;
    for at in 0..json.len() {
        let mut bytes = json.clone().into_bytes();
        bytes[at] = replacements[(at * 31 + at / 7) % replacements.len()];
        let damaged = String::from_utf8(bytes).expect("ASCII stays ASCII");
        if let Ok(text) = Tokenizer::from_json(&damaged) {
            accepted += 1;
            let all: Vec<u32> = (0..text.vocab_size() as u32).collect();
            assert!(!text.decode(&all).is_empty());
            let marks = text.marks();
            let ids = [marks.think, marks.pad, marks.end_answer];
            assert_eq!(text.encode(&text.decode(&ids)).expect("marks"), ids);
        }
    }
    assert!(accepted > 0, "some changes, such as a swapped spare character, are harmless");
}

/// Pieces and scores as a GGUF file lists them; `tests/interop/_sentence_pieces.py` made them, and the ids with sentencepiece.
fn pieces() -> (Vocabulary, Vec<Value>) {
    let golden: Value = serde_json::from_str(include_str!("interop/sentence_pieces.json")).unwrap();
    let list = |key: &str| golden[key].as_array().unwrap().clone();
    let vocabulary = Vocabulary {
        tokens: list("tokens").iter().map(|token| token.as_str().unwrap().to_owned()).collect(),
        kinds: list("token_type").iter().map(|kind| kind.as_i64().unwrap() as i32).collect(),
        spelling: Spelling::Pieces(Leading::Each),
        scores: list("scores").iter().map(|score| score.as_f64().unwrap() as f32).collect(),
        begin: Some(1),
        end: Some(2),
        template: Some("{{ bos_token }}[INST] {{ messages[0].content }} [/INST]".to_owned()),
        ..Vocabulary::default()
    };
    (vocabulary, list("cases"))
}

#[test]
fn sentence_pieces_are_cut_as_sentencepiece_cuts_them() {
    let speech =
        SpeechOptions { bridge: Some(" So".into()), instruction: Some(String::new()), ..SpeechOptions::default() };
    let (vocabulary, cases) = pieces();
    let words = Tokenizer::of_words(&vocabulary, &speech).unwrap();
    assert!(cases.len() >= 10);
    for case in &cases {
        let text = case["text"].as_str().unwrap();
        let ids = words.encode(text).unwrap();
        assert_eq!(json!(ids), case["ids"], "{text:?}");
        assert_eq!(words.decode(&ids), case["decoded"].as_str().unwrap(), "{text:?}");
    }
    // A mark inside a text: each stretch beside it begins with a space again, as Hugging Face's tokenizer.json has it.
    let [begin, around] = [words.encode("<s>in").unwrap(), words.encode("in</s>in").unwrap()];
    let piece = words.encode("in").unwrap();
    assert_eq!(begin, [&[1][..], &piece].concat());
    assert_eq!(around, [&piece[..], &[2], &piece].concat());
    assert_eq!(words.prompt("2+2?").unwrap()[0], 1);
    assert_eq!(words.decode(&words.prompt("2+2?").unwrap()[1..]), "[INST] 2+2? [/INST]");
    // The mark of a thought's end goes on from a text: nothing is put before it.
    assert_eq!(words.decode(words.marks().ending.fed()), "</think> So");
}

#[test]
fn sentence_pieces_that_lie_are_refused() {
    let refused = |change: &dyn Fn(&mut Vocabulary), key: &str| {
        let mut vocabulary = pieces().0;
        change(&mut vocabulary);
        let error = Tokenizer::of_words(&vocabulary, &SpeechOptions::default()).unwrap_err();
        assert!(error.code() == "bad-weights" && error.to_string().contains(key), "{key}: {error}");
    };
    refused(&|v| v.scores.truncate(600), "tokenizer.ggml.scores");
    refused(&|v| v.scores[300] = f32::NAN, "tokenizer.ggml.scores");
    refused(&|v| v.tokens[10] = "<0xZZ>".into(), "<0x07>");
    refused(&|v| v.tokens[300] = "x".repeat(300), "token 300");
    refused(&|v| v.kinds[0] = 1, "tokenizer.ggml.token_type");
}

/// A GGUF file with more keys before its own: (key, GGUF's number of the type, value).
fn with_keys(file: &[u8], keys: &[(&str, u32, Vec<u8>)]) -> Vec<u8> {
    let mut added = Vec::new();
    let mut add = |key: &str, kind: u32, value: &[u8]| {
        added.extend_from_slice(&(key.len() as u64).to_le_bytes());
        added.extend_from_slice(key.as_bytes());
        added.extend_from_slice(&kind.to_le_bytes());
        added.extend_from_slice(value);
    };
    keys.iter().for_each(|(key, kind, value)| add(key, *kind, value));
    add("general.description", 8, &0u64.to_le_bytes());
    // The tensors stay where they were, counted in 32 bytes: the description fills up.
    let fill = (32 - added.len() % 32) % 32;
    let at = added.len() - 8;
    added[at..].copy_from_slice(&(fill as u64).to_le_bytes());
    added.extend(std::iter::repeat_n(b'.', fill));
    let before = u64::from_le_bytes(file[16..24].try_into().unwrap());
    [&file[..16], &(before + keys.len() as u64 + 1).to_le_bytes(), &added, &file[24..]].concat()
}

#[test]
fn a_file_of_sentence_pieces_is_read() {
    let (vocabulary, cases) = pieces();
    let config = ModelConfig::preset("nano", vocabulary.tokens.len()).unwrap();
    let params = init(&config, 1);
    let checkpoint = Checkpoint { config, params, tokenizer_json: None, metadata: Default::default() };
    let mut file = checkpoint.to_gguf(QuantKind::Q8_0).unwrap();
    let own = b"tokenizer.ggml.model";
    let at = file.windows(own.len()).position(|window| window == own).unwrap();
    file[at + own.len() - 5] = b'_'; // it said that there is no vocabulary
    let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let list = |kind: u32, bytes: Vec<Vec<u8>>| {
        [&kind.to_le_bytes()[..], &(bytes.len() as u64).to_le_bytes(), &bytes.concat()].concat()
    };
    let scores = &vocabulary.scores;
    let keys = [
        ("tokenizer.ggml.model", 8, text("llama")),
        ("tokenizer.ggml.tokens", 9, list(8, vocabulary.tokens.iter().map(|token| text(token)).collect())),
        ("tokenizer.ggml.scores", 9, list(6, scores.iter().map(|x| x.to_le_bytes().to_vec()).collect())),
        ("tokenizer.ggml.token_type", 9, list(5, vocabulary.kinds.iter().map(|x| x.to_le_bytes().to_vec()).collect())),
        ("tokenizer.ggml.bos_token_id", 4, 1u32.to_le_bytes().to_vec()),
        ("tokenizer.ggml.eos_token_id", 4, 2u32.to_le_bytes().to_vec()),
    ];
    let open = |keys: &[(&str, u32, Vec<u8>)]| pollster::block_on(large::open(&mut &with_keys(&file, keys)[..]));
    let found = open(&keys).unwrap().expect("a language model's file").vocabulary;
    assert_eq!(found, Vocabulary { splitting: "(none)".into(), template: None, ..vocabulary });
    let words = Tokenizer::of_words(&found, &SpeechOptions::default()).unwrap();
    assert_eq!(json!(words.encode(cases[0]["text"].as_str().unwrap()).unwrap()), cases[0]["ids"]);
    let unscored: Vec<_> = keys.iter().filter(|key| !key.0.ends_with("scores")).cloned().collect();
    let error = open(&unscored).unwrap_err();
    assert!(error.to_string().contains("tokenizer.ggml.scores") && error.code() == "bad-weights", "{error}");
}
