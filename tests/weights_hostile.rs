//! Weight files, the hostile side: no bytes may panic, take long or make the readers allocate what a header claims.
//!
//! Not here: that good files are read rightly (`weights.rs`). Three ways in: every truncation of good files, many
//! thousand seeded mutations of them, and files made by hand to lie about one thing each.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use soft_thinking_lab::error::Error;
use soft_thinking_lab::model::config::{Family, ModelConfig};
use soft_thinking_lab::model::params;
use soft_thinking_lab::weights::gguf_write::Writer;
use soft_thinking_lab::weights::{self, Checkpoint, QuantKind, safetensors};

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system allocator, counting the live bytes of each thread (tests run on several at once).
struct Counting;

fn count(change: isize) {
    // During a thread's end the counters are gone; nothing is measured then.
    let live = LIVE.try_with(|live| {
        live.set(live.get() + change);
        live.get()
    });
    if let Ok(live) = live {
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live)));
    }
}

// SAFETY: every call goes to the system allocator unchanged; the counters are plain thread-local cells.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes a reader may hold beside the file: parameters decoded from 4-bit blocks take 7 times their file, the names of
/// the 1 539 tensors of the deepest configuration about half a megabyte, a small configuration's JSON a few more.
fn allowance(file: usize) -> isize {
    16 * file as isize + (4 << 20)
}

/// The promise is 100 ms; the tests run unoptimised on shared machines, so they allow ten times that.
const TIME: Duration = Duration::from_secs(1);

/// Read within the allowances of memory and time. What is read must be sound, and an error must be `bad-weights`.
fn read(bytes: &[u8], what: &str) -> Result<Checkpoint, (String, String)> {
    let before = LIVE.get();
    PEAK.set(before);
    let start = Instant::now();
    let result = weights::read(bytes);
    let (time, peak) = (start.elapsed(), PEAK.get() - before);
    assert!(peak <= allowance(bytes.len()), "{what}: {peak} bytes allocated for a file of {}", bytes.len());
    assert!(time <= TIME, "{what}: {time:?}");
    match result {
        Ok(checkpoint) => {
            assert_eq!(checkpoint.params.len(), params::count(&checkpoint.config), "{what}");
            assert!(peak >= 4 * checkpoint.params.len() as isize, "{what}: the counting allocator does not count");
            assert!(checkpoint.params.iter().all(|x| x.is_finite()), "{what}");
            checkpoint.config.validate().unwrap();
            Ok(checkpoint)
        }
        Err(Error::BadWeights { field, message }) => {
            assert!(!field.is_empty() && !message.is_empty(), "{what}");
            assert!(field.len() + message.len() < 1000, "{what}: an error that quotes the file at length");
            Err((field, message))
        }
        Err(other) => panic!("{what}: expected bad-weights, found {other:?}"),
    }
}

/// The file must be refused, naming `field`.
fn refuse(bytes: &[u8], field: &str) {
    match read(bytes, field) {
        Ok(_) => panic!("`{field}`: the file was accepted"),
        Err((found, message)) => assert_eq!(found, field, "{message}"),
    }
}

fn small(family: Family) -> Checkpoint {
    let config = ModelConfig {
        family,
        vocab_size: 9,
        hidden_size: 32,
        intermediate_size: 32,
        num_hidden_layers: 1,
        num_attention_heads: 2,
        num_key_value_heads: 1,
        head_dim: 16,
        attention_bias: family == Family::Qwen2,
        tie_word_embeddings: family == Family::Llama,
        eos_token_id: Some(3),
        ..ModelConfig::preset("nano", 9).unwrap()
    };
    let tokenizer = r#"{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1, " ": 2}}, "added_tokens": []}"#;
    let metadata = BTreeMap::from([("seed".to_owned(), "1".to_owned())]);
    Checkpoint { params: params::init(&config, 1), config, tokenizer_json: Some(tokenizer.to_owned()), metadata }
}

/// Good files, each with the length of its header.
fn good_files() -> Vec<(&'static str, Vec<u8>, usize)> {
    let (llama, qwen) = (small(Family::Llama), small(Family::Qwen2));
    let safetensors = qwen.to_safetensors().unwrap();
    let header = 8 + u64::from_le_bytes(safetensors[..8].try_into().unwrap()) as usize;
    let mut files = vec![("safetensors", safetensors, header)];
    for (name, kind) in [("gguf Q8_0", QuantKind::Q8_0), ("gguf Q4_1", QuantKind::Q4_1)] {
        let bytes = llama.to_gguf(kind).unwrap();
        let header = bytes.len() - bytes.windows(8).rev().position(|w| w == b"output_n").unwrap();
        files.push((name, bytes, header));
    }
    files
}

#[test]
fn every_truncation_is_refused() {
    for (name, bytes, header) in good_files() {
        assert!(read(&bytes, name).is_ok());
        // Every length within the header; in the data, where only the length matters, every 7th and the last ones.
        let last = bytes.len() - 40;
        for length in (0..header).chain((header..last).step_by(7)).chain(last..bytes.len()) {
            // GGUF pads its end: losing only padding is harmless.
            let padding =
                name.starts_with("gguf") && bytes[length..].iter().all(|b| *b == 0) && bytes.len() - length < 32;
            let result = read(&bytes[..length], name);
            assert!(result.is_err() || padding, "{name} cut to {length} bytes was accepted");
        }
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

/// Change a file in one to three places, mostly in its header.
fn mutate(bytes: &mut Vec<u8>, header: usize, random: &mut Random) {
    for _ in 0..1 + random.below(3) {
        let reach = if random.below(8) == 0 { bytes.len() } else { header.min(bytes.len()) };
        let at = random.below(reach - 8);
        match random.below(7) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => bytes[at] = b"0123456789,:{}[]\"-e."[random.below(20)],
            3 | 4 => {
                let edges = [0, 1, 3, 32, 1 << 20, 1 << 31, 1 << 32, 1 << 40, i64::MAX as u64, u64::MAX - 31, u64::MAX];
                let edge = edges[random.below(edges.len())];
                let value = if random.below(4) == 0 { random.next() } else { edge };
                let width = [4, 8][random.below(2)];
                bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
            }
            5 => {
                let length = 1 + random.below((bytes.len() - at).min(64));
                bytes.drain(at..at + length);
            }
            _ => {
                let length = 1 + random.below((bytes.len() - at).min(64));
                let piece = bytes[at..at + length].to_vec();
                let to = random.below(reach);
                bytes.splice(to..to, piece);
            }
        }
    }
}

#[test]
fn mutated_files_never_panic_nor_swell() {
    const MUTATIONS: u64 = 12_000;
    for (name, bytes, header) in good_files() {
        let mut refused = 0;
        for seed in 0..MUTATIONS {
            let mut mutant = bytes.clone();
            mutate(&mut mutant, header, &mut Random(seed));
            let what = format!("{name}, seed {seed}");
            let outcome = std::panic::catch_unwind(|| read(&mutant, &what));
            refused += u64::from(outcome.unwrap_or_else(|_| panic!("{what}: panicked")).is_err());
        }
        // A mutation can hit a weight or a name in the provenance and leave a good file, but most must be caught;
        // a generator that stopped mutating would fail here.
        assert!(refused > MUTATIONS / 3, "{name}: only {refused} of {MUTATIONS} were refused");
    }
}

#[test]
fn noise_is_refused() {
    let mut random = Random(5);
    for length in (0..400).chain([10_000, 1_000_000]) {
        let mut bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
        assert!(read(&bytes, "noise").is_err());
        for prefix in [b"GGUF\x03\0\0\0".as_slice(), b"\x80\0\0\0\0\0\0\0{\"".as_slice()] {
            if length >= prefix.len() {
                bytes[..prefix.len()].copy_from_slice(prefix);
                assert!(read(&bytes, "noise behind a good beginning").is_err());
            }
        }
    }
    refuse(b"", "magic");
    refuse(b"not a weight file at all", "magic");
}

/// A safetensors file of this header and data.
fn safetensors_file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

fn refuse_safetensors(header: &str, data: &[u8], field: &str) {
    let bytes = safetensors_file(header, data);
    match safetensors::read(&bytes) {
        Err(Error::BadWeights { field: found, .. }) => assert_eq!(found, field, "{header}"),
        other => panic!("{header}: expected bad-weights, found {other:?}"),
    }
    assert!(read(&bytes, header).is_err());
}

#[test]
fn lying_safetensors_headers() {
    let one = |entry: &str| format!(r#"{{"a":{{{entry}}}}}"#);
    let entry = |shape: &str, offsets: &str| one(&format!(r#""dtype":"F32","shape":{shape},"data_offsets":{offsets}"#));
    let data = [0; 16];
    refuse_safetensors("{}", &data, "data");
    refuse_safetensors(r#"{"a"#, &data, "header");
    refuse_safetensors(r#"{"a":"#, &data, "a");
    refuse_safetensors(&"{\"a\":".repeat(10_000), &data, "a"); // depth
    refuse_safetensors(&entry("[4]", "[0,17]"), &data, "a");
    refuse_safetensors(&entry("[4]", "[16,0]"), &data, "a");
    refuse_safetensors(&entry("[4]", "[0,18446744073709551615]"), &data, "a");
    refuse_safetensors(&entry("[4]", "[0,18446744073709551616]"), &data, "a");
    refuse_safetensors(&entry("[4]", "[-1,15]"), &data, "a");
    refuse_safetensors(&entry("[5]", "[0,16]"), &data, "a");
    refuse_safetensors(&entry("[2305843009213693953,8]", "[0,16]"), &data, "a"); // wraps to 32 in 64 bits
    refuse_safetensors(&entry("[4]", "[0,16,32]"), &data, "a");
    refuse_safetensors(&one(r#""dtype":"I64","shape":[2],"data_offsets":[0,16]"#), &data, "a");
    refuse_safetensors(&one(r#""shape":[4],"data_offsets":[0,16]"#), &data, "a");
    refuse_safetensors(&one(r#""dtype":"F32","shape":[4],"data_offsets":[0,16],"x":1"#), &data, "a");
    let b = r#""b":{"dtype":"F32","shape":[4],"data_offsets":"#;
    let a = r#""a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}"#;
    refuse_safetensors(&format!("{{{a},{b}[0,16]}}}}"), &data, "b"); // overlap
    refuse_safetensors(&format!("{{{a},{b}[20,36]}}}}"), &[0; 36], "b"); // gap
    refuse_safetensors(&format!("{{{a},{a}}}"), &data, "a"); // twice
    refuse_safetensors(r#"{"__metadata__":{"config":3}}"#, &[], "__metadata__");
    for length in [7u64, 1 << 30, 1 << 63, u64::MAX] {
        let mut bytes = safetensors_file(&entry("[4]", "[0,16]"), &data);
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        refuse(&bytes, if length == 7 { "a" } else { "header length" });
    }
    let many: Vec<_> =
        (0..200_000).map(|i| format!(r#""{i}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#)).collect();
    refuse(&safetensors_file(&format!("{{{}}}", many.join(",")), &[]), "header");
    let many: Vec<_> = (0..200_000).map(|i| format!(r#""{i}":"""#)).collect();
    refuse(&safetensors_file(&format!(r#"{{"__metadata__":{{{}}}}}"#, many.join(",")), &[]), "__metadata__");
    let sizes = vec!["1"; 1_000_000].join(","); // a tensor of a million dimensions
    refuse(&safetensors_file(&entry(&format!("[{sizes}]"), "[0,4]"), &[0; 4]), "a");
}

/// A lone safetensors file of `checkpoint`'s tensors with `edit` applied to the configuration's JSON.
fn with_config(checkpoint: &Checkpoint, edit: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    let mut config = serde_json::to_value(&checkpoint.config).unwrap();
    edit(&mut config);
    with_config_text(checkpoint, &config.to_string())
}

fn with_config_text(checkpoint: &Checkpoint, config: &str) -> Vec<u8> {
    let specs = params::layout(&checkpoint.config);
    let tensors: Vec<_> = specs
        .iter()
        .map(|spec| safetensors::Tensor {
            name: &spec.name,
            shape: &spec.shape,
            data: &checkpoint.params[spec.range()],
        })
        .collect();
    safetensors::write(&tensors, &BTreeMap::from([("config".to_owned(), config.to_owned())])).unwrap()
}

#[test]
fn configurations_that_do_not_fit_the_tensors() {
    let good = small(Family::Llama);
    assert!(read(&with_config(&good, |_| ()), "good").is_ok());
    let set = |key: &'static str, value: u64| with_config(&good, move |config| config[key] = value.into());
    refuse(&set("vocab_size", 1 << 40), "config.vocab_size");
    refuse(&set("vocab_size", u64::MAX), "config.vocab_size");
    refuse(&set("vocab_size", 300_000), "model.embed_tokens.weight");
    refuse(&set("vocab_size", 10), "model.embed_tokens.weight");
    refuse(&set("num_hidden_layers", 128), "model.layers.1.input_layernorm.weight");
    refuse(&set("num_hidden_layers", 1 << 33), "config.num_hidden_layers");
    refuse(&set("intermediate_size", 64), "model.layers.0.mlp.gate_proj.weight");
    refuse(&set("num_attention_heads", 3), "model.layers.0.self_attn.q_proj.weight");
    refuse(&with_config_text(&good, ""), "config.*");
    refuse(&with_config_text(&good, "[]"), "config.*");
    refuse(&with_config_text(&good, "{}"), "config.model_type");
    refuse(&with_config_text(&good, &"[".repeat(1_000_000)), "config.*");
    refuse(&with_config_text(&good, &format!("[{}]", vec!["0"; 30_000].join(","))), "config.*");
    // Largest sizes allowed, all at once: more parameters than an address space.
    let largest = with_config(&good, |config| {
        for (key, size) in [
            ("vocab_size", 300_000),
            ("hidden_size", 16_384),
            ("intermediate_size", 65_536),
            ("num_hidden_layers", 128),
            ("num_attention_heads", 256),
            ("num_key_value_heads", 256),
            ("head_dim", 1_024),
        ] {
            config[key] = size.into();
        }
    });
    refuse(&largest, "config.*");
}

#[test]
fn tensors_that_are_missing_extra_or_not_finite() {
    let good = small(Family::Llama);
    let specs = params::layout(&good.config);
    let config = BTreeMap::from([("config".to_owned(), good.config.to_json())]);
    let file = |skip: &str, extra: Option<&str>, params: &[f32]| {
        let kept = specs.iter().filter(|spec| spec.name != skip);
        let mut tensors: Vec<_> = kept
            .map(|spec| safetensors::Tensor { name: &spec.name, shape: &spec.shape, data: &params[spec.range()] })
            .collect();
        tensors.extend(extra.map(|name| safetensors::Tensor { name, shape: &[1], data: &[0.0] }));
        safetensors::write(&tensors, &config).unwrap()
    };
    refuse(&file("model.norm.weight", None, &good.params), "model.norm.weight");
    refuse(&file("", Some("model.layers.1.mlp.up_proj.weight"), &good.params), "model.layers.1.mlp.up_proj.weight");
    refuse(
        &file("", Some("model.layers.0.self_attn.q_proj.bias"), &good.params),
        "model.layers.0.self_attn.q_proj.bias",
    );
    assert!(read(&file("", Some("lm_head.weight"), &good.params), "tied head stored twice").is_ok());
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for spec in &specs {
            let mut params = good.params.clone();
            params[spec.range().end - 1] = bad;
            refuse(&file("", None, &params), &spec.name);
        }
        refuse(&file("", None, &vec![bad; good.params.len()]), &specs[0].name);
    }
    // In GGUF a NaN can also hide in a block's scale.
    for kind in QuantKind::WRITTEN {
        let mut bytes = good.to_gguf(kind).unwrap();
        let at = bytes.len() - data_length(&good, kind);
        let nan = if kind == QuantKind::F32 { f32::NAN.to_le_bytes().to_vec() } else { vec![0x00, 0x7e] };
        bytes[at..at + nan.len()].copy_from_slice(&nan);
        refuse(&bytes, "token_embd.weight");
    }
}

/// Bytes of a GGUF file's data section.
fn data_length(checkpoint: &Checkpoint, kind: QuantKind) -> usize {
    let size = |spec: &params::ParamSpec| {
        let kind = kind.fitting(&spec.shape);
        (spec.len / kind.block_len() * kind.block_bytes()).next_multiple_of(32)
    };
    params::layout(&checkpoint.config).iter().map(size).sum()
}

/// Where the first copy of `pattern` ends in `bytes`.
fn after(bytes: &[u8], pattern: &[u8]) -> usize {
    bytes.windows(pattern.len()).position(|window| window == pattern).unwrap() + pattern.len()
}

#[test]
fn lying_gguf_headers() {
    let good = small(Family::Llama).to_gguf(QuantKind::Q8_0).unwrap();
    let patch = |at: usize, value: &[u8], field: &str| {
        let mut bytes = good.clone();
        bytes[at..at + value.len()].copy_from_slice(value);
        refuse(&bytes, field);
    };
    patch(4, &1u32.to_le_bytes(), "version");
    patch(4, &3u32.to_be_bytes(), "version");
    for lie in [1_000_000, 1 << 40, u64::MAX] {
        patch(8, &u64::to_le_bytes(lie), "tensor_count");
        patch(16, &u64::to_le_bytes(lie), "metadata_kv_count");
        patch(24, &u64::to_le_bytes(lie), "metadata key");
        // The vocabulary: its length, then the length of its first string.
        let vocabulary = after(&good, b"tokenizer.ggml.tokens") + 8;
        patch(vocabulary, &u64::to_le_bytes(lie), "tokenizer.ggml.tokens");
        patch(vocabulary + 8, &u64::to_le_bytes(lie), "tokenizer.ggml.tokens");
        let types = after(&good, b"tokenizer.ggml.token_type") + 8;
        patch(types, &u64::to_le_bytes(lie), "tokenizer.ggml.token_type");
        let tokenizer = after(&good, b"tokenizer.huggingface.json") + 4;
        patch(tokenizer, &u64::to_le_bytes(lie), "tokenizer.huggingface.json");
        // A tensor's header: dimensions (u32), sizes (u64 each), type (u32), offset (u64).
        let tensor = after(&good, b"token_embd.weight");
        patch(tensor + 4, &u64::to_le_bytes(lie), "token_embd.weight");
        patch(tensor + 12, &u64::to_le_bytes(lie), "token_embd.weight");
        patch(tensor + 24, &u64::to_le_bytes(lie), "token_embd.weight");
    }
    let tensor = after(&good, b"blk.0.attn_v.weight");
    patch(tensor, &9u32.to_le_bytes(), "blk.0.attn_v.weight"); // dimensions
    patch(tensor, &0u32.to_le_bytes(), "blk.0.attn_v.weight");
    patch(tensor + 4, &33u64.to_le_bytes(), "blk.0.attn_v.weight"); // rows that are no blocks
    patch(tensor + 4, &0u64.to_le_bytes(), "blk.0.attn_v.weight");
    patch(tensor + 12, &15u64.to_le_bytes(), "blk.0.attn_v.weight"); // one row fewer
    patch(tensor + 20, &14u32.to_le_bytes(), "blk.0.attn_v.weight"); // Q6_K
    patch(tensor + 20, &u32::MAX.to_le_bytes(), "blk.0.attn_v.weight");
    patch(tensor + 24, &1u64.to_le_bytes(), "blk.0.attn_v.weight"); // not aligned
    patch(tensor - 19, b"blk.0.attn_w.weight", "blk.0.attn_w.weight"); // a name no model has
    patch(tensor - 19, b"blk.0.attn_k.weight", "blk.0.attn_k.weight"); // twice
    let offset: [u8; 8] = good[tensor + 24..tensor + 32].try_into().unwrap();
    let overlap = (u64::from_le_bytes(offset) - 32).to_le_bytes(); // into the tensor before
    patch(tensor + 24, &overlap, "blk.0.attn_v.weight");
    patch(after(&good, b"general.architecture") + 12, b"mamba", "general.architecture");
    let key = after(&good, b"llama.vocab_size");
    patch(key + 4, &u32::MAX.to_le_bytes(), "config.vocab_size");
    patch(key, &6u32.to_le_bytes(), "llama.vocab_size"); // a float
    patch(key, &99u32.to_le_bytes(), "llama.vocab_size"); // no type at all
    patch(after(&good, b"llama.block_count") + 4, &100u32.to_le_bytes(), "blk.1.attn_norm.weight");
    patch(after(&good, b"llama.rope.dimension_count") + 4, &8u32.to_le_bytes(), "llama.rope.dimension_count");
    patch(after(&good, b"llama.rope.freq_base") + 4, &f32::NAN.to_le_bytes(), "config.rope_theta");
    patch(after(&good, b"eos_token_id") + 4, &9u32.to_le_bytes(), "tokenizer.ggml.eos_token_id");
}

#[test]
fn gguf_files_full_of_nothing() {
    // Twenty-four megabytes that could really hold a million tensor headers: refused by the count alone.
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend(1_000_000u64.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.resize(24_000_024, 0);
    refuse(&bytes, "tensor_count");
    // Two million empty strings are walked, not kept.
    let mut writer = Writer::default();
    writer.texts("tokenizer.ggml.tokens", &vec![String::new(); 2_000_000]);
    writer.texts("tokenizer.ggml.merges", &vec![String::new(); 200_000]);
    refuse(&writer.finish(), "tokenizer.ggml.merges");
    let mut writer = Writer::default();
    writer.u32("general.alignment", 0);
    refuse(&writer.finish(), "general.alignment");
    let mut writer = Writer::default();
    writer.u32("general.alignment", 1 << 31);
    refuse(&writer.finish(), "general.alignment");
    let mut writer = Writer::default();
    writer.u32("a", 1);
    writer.u32("a", 2);
    refuse(&writer.finish(), "a");
    refuse(&Writer::default().finish(), "general.architecture");
}
