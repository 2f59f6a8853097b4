//! Weight files, the friendly side: what is written comes back, by the conventions of Hugging Face and llama.cpp.
//!
//! Not here: hostile bytes (`weights_hostile.rs`), other programs opening the files (`interop/gguf_check.py`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use half::f16;
use soft_thinking_lab::error::Error;
use soft_thinking_lab::model::config::{Family, ModelConfig};
use soft_thinking_lab::model::params;
use soft_thinking_lab::weights::quant::{BLOCK, QuantKind, dequantise, quantise};
use soft_thinking_lab::weights::{self, Checkpoint, gguf, gguf_name, safetensors};

/// A tokenizer.json of single characters and one special token, enough for a vocabulary of 64.
fn tokenizer_json() -> String {
    let characters = "abcdefghijklmnopqrstuvwxyz0123456789 +-=\n";
    let vocab: serde_json::Map<_, _> =
        characters.chars().enumerate().map(|(id, c)| (c.to_string(), serde_json::json!(id))).collect();
    serde_json::json!({
        "version": "1.0",
        "added_tokens": [{ "id": 63, "content": "<think>", "special": true }],
        "model": { "type": "WordLevel", "vocab": vocab, "unk_token": "?" },
    })
    .to_string()
}

fn checkpoint(family: Family, tied: bool) -> Checkpoint {
    let mut config = ModelConfig::preset("nano", 64).unwrap();
    config.family = family;
    config.attention_bias = family == Family::Qwen2;
    config.tie_word_embeddings = tied;
    config.eos_token_id = Some(2);
    config.pad_token_id = Some(0);
    let mut params = params::init(&config, 11);
    // Biases and norms begin constant; make every tensor distinguishable.
    for (i, x) in params.iter_mut().enumerate() {
        *x += 1e-3 * ((i % 977) as f32 - 488.0);
    }
    let metadata = [("general.name", "a test"), ("seed", "11"), ("command", "lab \"warm-start\"")];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    Checkpoint { config, params, tokenizer_json: Some(tokenizer_json()), metadata }
}

fn all_variants() -> impl Iterator<Item = Checkpoint> {
    let families = [Family::Llama, Family::Qwen2];
    families.into_iter().flat_map(|family| [true, false].map(|tied| checkpoint(family, tied)))
}

fn golden(model: &str, file: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models").join(model).join(file)).unwrap()
}

#[test]
fn reads_what_hugging_face_wrote() {
    for (model, family, tied) in [("llama-tiny", Family::Llama, true), ("qwen2-tiny", Family::Qwen2, false)] {
        let config = String::from_utf8(golden(model, "config.json")).unwrap();
        let bytes = golden(model, "model.safetensors");
        let read = weights::read_hf(&config, &bytes, None).unwrap();
        assert_eq!(read.config.family, family);
        assert_eq!(read.config.tie_word_embeddings, tied);
        assert_eq!((read.config.head_dim, read.config.rope_theta), (8, 10_000.0));
        let file = safetensors::read(&bytes).unwrap();
        let specs = params::layout(&read.config);
        assert_eq!(specs.len(), file.tensors.len());
        for spec in specs {
            assert_eq!(file.tensor(&spec.name).unwrap().to_f32(), read.params[spec.range()], "{}", spec.name);
        }
        // The gradients beside it are F64.
        let expected = golden(model, "expected.safetensors");
        let expected = safetensors::read(&expected).unwrap();
        let norm = expected.tensor("grad.model.norm.weight").unwrap();
        assert_eq!((norm.shape.as_slice(), norm.to_f64().len()), ([32].as_slice(), 32));
        // Through each of our own formats and back.
        assert_eq!(weights::read(&read.to_safetensors().unwrap()).unwrap(), read);
        let back = weights::read(&read.to_gguf(QuantKind::F32).unwrap()).unwrap();
        assert_eq!((back.config, back.params), (read.config, read.params));
    }
}

#[test]
fn config_json_survives_a_round_trip() {
    for checkpoint in all_variants() {
        let config = checkpoint.config;
        assert_eq!(ModelConfig::from_json(&config.to_json()).unwrap(), config);
        let by_serde: ModelConfig = serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
        assert_eq!(by_serde, config);
    }
}

#[test]
fn old_and_unsupported_config_keys() {
    let base = ModelConfig::preset("nano", 64).unwrap();
    let edit = |edits: serde_json::Value| {
        let mut value = serde_json::to_value(&base).unwrap();
        for (key, new) in edits.as_object().unwrap() {
            value[key] = new.clone();
        }
        ModelConfig::from_json(&value.to_string())
    };
    let old = edit(serde_json::json!({ "rope_parameters": null, "rope_theta": 5e5, "head_dim": null })).unwrap();
    assert_eq!((old.rope_theta, old.head_dim), (5e5, 16));
    assert_eq!(edit(serde_json::json!({ "eos_token_id": [7, 9] })).unwrap().eos_token_id, Some(7));
    assert!(edit(serde_json::json!({ "rope_scaling": { "rope_type": "default" } })).is_ok());
    for (key, value) in [
        ("rope_scaling", serde_json::json!({ "type": "linear", "factor": 2.0 })),
        ("rope_parameters", serde_json::json!({ "rope_type": "llama3" })),
        ("attention_bias", serde_json::json!(true)),
        ("mlp_bias", serde_json::json!(true)),
        ("hidden_act", serde_json::json!("gelu")),
        ("model_type", serde_json::json!("mamba")),
        ("vocab_size", serde_json::json!(1u64 << 40)),
        ("vocab_size", serde_json::json!(-1)),
        ("hidden_size", serde_json::json!(0)),
        ("head_dim", serde_json::json!(15)),
        ("num_key_value_heads", serde_json::json!(3)),
        ("rms_norm_eps", serde_json::json!(-1e-5)),
        ("bos_token_id", serde_json::json!(64)),
        ("num_hidden_layers", serde_json::json!("two")),
    ] {
        match edit(serde_json::json!({ key: value })) {
            Err(Error::BadWeights { field, .. }) => assert_eq!(field, format!("config.{key}")),
            other => panic!("{key} = {value}: expected bad-weights, found {other:?}"),
        }
    }
}

#[test]
fn safetensors_round_trip_is_exact() {
    for checkpoint in all_variants() {
        let bytes = checkpoint.to_safetensors().unwrap();
        assert_eq!(weights::read(&bytes).unwrap(), checkpoint);
        assert_eq!(safetensors::read(&bytes).unwrap().metadata["format"], "pt");
        let hf = weights::read_hf(&checkpoint.config.to_json(), &bytes, Some("{}")).unwrap();
        assert_eq!((hf.params, hf.tokenizer_json.as_deref()), (checkpoint.params, Some("{}")));
    }
}

#[test]
fn safetensors_half_formats_are_decoded() {
    // One F16 and one BF16 tensor, spelled by hand: 1.5, −2 and 1.5, −2.
    let header = r#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend([0x00, 0x3e, 0x00, 0xc0, 0xc0, 0x3f, 0x00, 0xc0]);
    let file = safetensors::read(&bytes).unwrap();
    for name in ["a", "b"] {
        assert_eq!(file.tensor(name).unwrap().to_f32(), [1.5, -2.0]);
        assert_eq!(file.tensor(name).unwrap().to_f64(), [1.5, -2.0]);
    }
}

/// The largest error a kind may make on one block of values.
fn bound(kind: QuantKind, block: &[f32]) -> f32 {
    let largest = block.iter().fold(0.0f32, |a, x| a.max(x.abs()));
    let (low, high) = block.iter().fold((f32::MAX, f32::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
    // Half a step; the scale is rounded to f16 (2⁻¹¹ relative, or 2⁻²⁵ below its normal range) and multiplied by at
    // most `largest / step`, so it moves a value by at most that share of the largest.
    let rounding = largest / 2048.0 + 128.0 / (1 << 25) as f32;
    match kind {
        QuantKind::F32 => 0.0,
        QuantKind::F16 => rounding,
        QuantKind::Q8_0 => 0.5 * largest / 127.0 + rounding,
        // Levels −8 … 7: the end without a level of its own is off by a whole step.
        QuantKind::Q4_0 => largest / 8.0 + rounding,
        QuantKind::Q4_1 => 0.5 * (high - low) / 15.0 + 3.0 * rounding, // scale · 15 is up to 2 · largest, plus minimum
        _ => 0.0,                                                      // not written
    }
}

#[test]
fn gguf_round_trip_is_exact_or_within_the_bound() {
    for checkpoint in all_variants() {
        for kind in QuantKind::WRITTEN {
            let read = weights::read(&checkpoint.to_gguf(kind).unwrap()).unwrap();
            assert_eq!(read.config, checkpoint.config);
            assert_eq!(read.tokenizer_json, checkpoint.tokenizer_json);
            assert_eq!(read.metadata, checkpoint.metadata);
            for spec in params::layout(&checkpoint.config) {
                let used = kind.fitting(&spec.shape);
                let pairs = checkpoint.params[spec.range()].chunks(BLOCK).zip(read.params[spec.range()].chunks(BLOCK));
                for (wanted, found) in pairs {
                    let tolerance = bound(used, wanted);
                    for (a, b) in wanted.iter().zip(found) {
                        assert!((a - b).abs() <= tolerance, "{} as {used:?}: {a} became {b}", spec.name);
                    }
                }
            }
        }
    }
}

#[test]
fn gguf_written_twice_is_the_same_file() {
    let checkpoint = checkpoint(Family::Llama, true);
    for kind in QuantKind::WRITTEN {
        let first = checkpoint.to_gguf(kind).unwrap();
        assert_eq!(first, checkpoint.to_gguf(kind).unwrap());
        let again = weights::read(&first).unwrap().to_gguf(kind).unwrap();
        assert_eq!(first, again, "{kind:?}: quantising what was dequantised must give the same blocks");
    }
}

#[test]
fn gguf_follows_llama_cpp() {
    let checkpoint = checkpoint(Family::Llama, false);
    let bytes = checkpoint.to_gguf(QuantKind::F32).unwrap();
    let file = gguf::read(&bytes).unwrap();
    assert_eq!(file.metadata["llama.attention.head_count_kv"], gguf::Value::Unsigned(2));
    assert_eq!(file.metadata["llama.attention.layer_norm_rms_epsilon"], gguf::Value::Float(1e-5));
    let gguf::Value::Array(tokens) = file.metadata["tokenizer.ggml.tokens"] else { panic!("no array") };
    assert_eq!((tokens.count, tokens.texts().unwrap().count(), tokens.integers().is_none()), (64, 64, true));
    assert_eq!(file.metadata["tokenizer.ggml.eos_token_id"], gguf::Value::Unsigned(2));
    assert!(file.metadata.contains_key("tokenizer.huggingface.json"));
    let specs = params::layout(&checkpoint.config);
    let spec = |name: &str| specs.iter().find(|spec| spec.name.ends_with(name)).unwrap();
    let decode = |name: &str| {
        let view = &file.tensors[name];
        let mut values = vec![0.0; view.shape.iter().product()];
        dequantise(view.kind, view.data, &mut values).unwrap();
        values
    };
    // Row i of the first half and row i of the second half of each head become neighbours.
    let q = spec("0.self_attn.q_proj.weight");
    let (ours, theirs) = (&checkpoint.params[q.range()], decode("blk.0.attn_q.weight"));
    for (row, source) in [(0, 0), (1, 8), (2, 1), (3, 9), (15, 15), (16, 16), (17, 24)] {
        assert_eq!(theirs[row * 64..(row + 1) * 64], ours[source * 64..(source + 1) * 64], "row {row}");
    }
    let v = spec("0.self_attn.v_proj.weight");
    assert_eq!(decode("blk.0.attn_v.weight"), checkpoint.params[v.range()]);
    assert_eq!(file.tensors["blk.1.ffn_down.weight"].shape, [64, 192]);
    assert_eq!(gguf_name("lm_head.weight"), "output.weight");
    // Qwen2's rows stay where they are.
    let qwen = self::checkpoint(Family::Qwen2, true);
    let bytes = qwen.to_gguf(QuantKind::F32).unwrap();
    let file = gguf::read(&bytes).unwrap();
    let specs = params::layout(&qwen.config);
    let q = specs.iter().find(|spec| spec.name.ends_with("0.self_attn.q_proj.weight")).unwrap();
    let first = f32::from_le_bytes(file.tensors["blk.0.attn_q.weight"].data[64 * 4..64 * 4 + 4].try_into().unwrap());
    assert_eq!(first, qwen.params[q.range()][64]);
}

#[test]
fn blocks_are_laid_out_as_in_ggml() {
    let mut ramp: Vec<f32> = (0..32).map(|i| i as f32 - 16.0).collect(); // −16 … 15
    let mut bytes = Vec::new();
    quantise(QuantKind::Q4_0, &ramp, &mut bytes).unwrap();
    // d = −16 / −8 = 2; value 0 is level 0, value 16 (zero) level 8: low nibble first half, high nibble second half.
    assert_eq!(bytes[..2], f16::from_f32(2.0).to_le_bytes());
    assert_eq!((bytes.len(), bytes[2], bytes[17]), (18, 0x80, 0xf8)); // −1 / 2 + 8.5 = 8, 15 / 2 + 8.5 = 16 → 15
    bytes.clear();
    quantise(QuantKind::Q4_1, &ramp, &mut bytes).unwrap();
    assert_eq!(bytes[..2], f16::from_f32(31.0 / 15.0).to_le_bytes());
    assert_eq!(bytes[2..4], f16::from_f32(-16.0).to_le_bytes());
    assert_eq!((bytes.len(), bytes[4], bytes[19]), (20, 0x80, 0xf7));
    bytes.clear();
    ramp[0] = -127.0;
    ramp[1] = 0.5; // halves round away from zero
    ramp[2] = -0.5;
    quantise(QuantKind::Q8_0, &ramp, &mut bytes).unwrap();
    assert_eq!(bytes[..2], f16::from_f32(1.0).to_le_bytes());
    assert_eq!((bytes.len(), bytes[2] as i8, bytes[3] as i8, bytes[4] as i8, bytes[33] as i8), (34, -127, 1, -1, 15));
    for kind in QuantKind::WRITTEN {
        let (mut encoded, mut decoded) = (Vec::new(), vec![1.0; 32]);
        quantise(kind, &[0.0; 32], &mut encoded).unwrap();
        dequantise(kind, &encoded, &mut decoded).unwrap();
        assert_eq!(decoded, [0.0; 32]);
        assert!(dequantise(kind, &encoded[1..], &mut decoded).is_err());
        let too_large = quantise(kind, &[f32::NAN; 32], &mut encoded);
        assert_eq!(too_large.unwrap_err().code(), "not-finite");
        // 3e38 fits f32 only: f16 scales overflow.
        assert_eq!(quantise(kind, &[3e38; 32], &mut encoded).is_ok(), kind == QuantKind::F32);
    }
}

#[test]
fn writers_refuse_what_readers_would() {
    let good = checkpoint(Family::Llama, true);
    let mut nan = good.clone();
    nan.params[100] = f32::NAN;
    assert_eq!(nan.to_safetensors().unwrap_err().code(), "not-finite");
    assert_eq!(nan.to_gguf(QuantKind::F32).unwrap_err().code(), "not-finite");
    let mut short = good.clone();
    short.params.pop();
    assert_eq!(short.to_gguf(QuantKind::F32).unwrap_err().code(), "bad-input");
    let mut reserved = good.clone();
    reserved.metadata.insert("config".into(), "{}".into());
    assert_eq!(reserved.to_safetensors().unwrap_err().code(), "bad-input");
    let twice = [
        safetensors::Tensor { name: "a", shape: &[1], data: &[0.0] },
        safetensors::Tensor { name: "a", shape: &[1], data: &[0.0] },
    ];
    assert_eq!(safetensors::write(&twice, &BTreeMap::new()).unwrap_err().code(), "bad-input");
}

/// Leaves one checkpoint per family and kind in Cargo's directory for test files, where `interop/gguf_check.py` can be
/// pointed at them, and reads each back from disk.
#[test]
fn files_for_other_programs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop");
    fs::create_dir_all(&folder).unwrap();
    for checkpoint in all_variants() {
        let tied = if checkpoint.config.tie_word_embeddings { "tied" } else { "untied" };
        let stem = format!("{}-{tied}", checkpoint.config.family.name());
        let path = folder.join(format!("{stem}.safetensors"));
        fs::write(&path, checkpoint.to_safetensors().unwrap()).unwrap();
        assert_eq!(weights::read(&fs::read(path).unwrap()).unwrap(), checkpoint);
        for kind in QuantKind::WRITTEN {
            let path = folder.join(format!("{stem}-{}.gguf", kind.name()));
            fs::write(&path, checkpoint.to_gguf(kind).unwrap()).unwrap();
            assert_eq!(weights::read(&fs::read(path).unwrap()).unwrap().config, checkpoint.config);
        }
    }
}
