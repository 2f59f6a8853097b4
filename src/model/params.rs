//! The one list of tensor names and shapes: every parameter of a model as a slice of one flat `f32` buffer.
//!
//! Not here: how files name or pack them (`weights/`), and how they are computed with (`engine/`).
//!
//! The order is chosen so that products over the same input are contiguous: `q_proj`, `k_proj`, `v_proj` (weights, then
//! biases) and `gate_proj`, `up_proj` can each be read as one matrix. Matrices are row-major (out, in), as in Hugging
//! Face's `nn.Linear`: y = W x.

use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;
use crate::model::config::ModelConfig;

/// One named tensor inside the flat buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamSpec {
    /// The Hugging Face name, `model.layers.0.self_attn.q_proj.weight`.
    pub name: String,
    /// Row-major shape: (out, in) for matrices, (n) for norms and biases.
    pub shape: Vec<usize>,
    /// First element in the flat buffer, counted in `f32` elements.
    pub offset: usize,
    /// Number of elements: the product of `shape`.
    pub len: usize,
}

impl ParamSpec {
    /// The tensor's place in the flat buffer: `&params[spec.range()]`.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.len
    }
}

/// The flat buffer of a model, all zeros.
///
/// # Errors
/// `out-of-memory` where a 32-bit program cannot have one so large: such a model stays packed, or runs nowhere here.
pub fn zeros(config: &ModelConfig) -> Result<Vec<f32>> {
    let (mut buffer, count) = (Vec::new(), count(config));
    let refused =
        |_| Error::OutOfMemory(format!("{count} parameters are more than fit here unpacked; take a smaller model"));
    buffer.try_reserve_exact(count).map_err(refused)?;
    buffer.resize(count, 0.0);
    Ok(buffer)
}

/// All tensors of a model in buffer order. `config` must be valid ([`ModelConfig::validate`]).
#[must_use]
pub fn layout(config: &ModelConfig) -> Vec<ParamSpec> {
    let (width, inner) = (config.hidden_size, config.intermediate_size);
    let (q, kv) = (config.query_width(), config.key_value_width());
    let mut list = List::default();
    list.push("model.embed_tokens.weight", &[config.vocab_size, width]);
    for layer in 0..config.num_hidden_layers {
        let mut push = |name: &str, shape: &[usize]| list.push(&format!("model.layers.{layer}.{name}"), shape);
        push("input_layernorm.weight", &[width]);
        push("self_attn.q_proj.weight", &[q, width]);
        push("self_attn.k_proj.weight", &[kv, width]);
        push("self_attn.v_proj.weight", &[kv, width]);
        if config.attention_bias {
            push("self_attn.q_proj.bias", &[q]);
            push("self_attn.k_proj.bias", &[kv]);
            push("self_attn.v_proj.bias", &[kv]);
        }
        push("self_attn.o_proj.weight", &[width, q]);
        push("post_attention_layernorm.weight", &[width]);
        push("mlp.gate_proj.weight", &[inner, width]);
        push("mlp.up_proj.weight", &[inner, width]);
        push("mlp.down_proj.weight", &[width, inner]);
    }
    list.push("model.norm.weight", &[width]);
    if !config.tie_word_embeddings {
        list.push("lm_head.weight", &[config.vocab_size, width]);
    }
    list.specs
}

/// Number of parameters, in elements: the length of the flat buffer.
#[must_use]
pub fn count(config: &ModelConfig) -> usize {
    count_u64(config) as usize
}

/// [`count`] that cannot overflow for sizes within the limits of the configuration, whatever the machine's word.
pub(super) fn count_u64(config: &ModelConfig) -> u64 {
    let [vocab, width, inner, layers] =
        [config.vocab_size, config.hidden_size, config.intermediate_size, config.num_hidden_layers].map(|n| n as u64);
    let (q, kv) = (config.query_width() as u64, config.key_value_width() as u64);
    let biases = if config.attention_bias { q + 2 * kv } else { 0 };
    let layer = 2 * width + (2 * q + 2 * kv) * width + biases + 3 * inner * width;
    let embeddings = if config.tie_word_embeddings { 1 } else { 2 };
    embeddings * vocab * width + layers * layer + width
}

/// Fresh parameters: norms 1, biases 0, matrices normal with mean 0 and standard deviation 1/√in, where the two
/// matrices that write into the residual stream (`o_proj`, `down_proj`) are divided by √(2 · layers) so that the
/// stream's variance does not grow with depth (GPT-2, section 2.3), and the embedding has 1/√D so that tied logits start
/// near unit size. Hugging Face's flat 0.02 leaves models as narrow as these with almost constant logits.
///
/// Returns [`count`] elements in [`layout`] order. The same `seed` gives the same values on every machine, up to the last
/// bit of its logarithm and cosine.
#[must_use]
pub fn init(config: &ModelConfig, seed: u64) -> Vec<f32> {
    let depth = (2.0 * config.num_hidden_layers as f64).sqrt();
    let mut noise = Stream::new(Key::from_seed(seed));
    let mut params = Vec::with_capacity(count(config));
    for spec in layout(config) {
        if spec.shape.len() == 1 {
            let value = if spec.name.ends_with("bias") { 0.0 } else { 1.0 };
            params.resize(params.len() + spec.len, value);
            continue;
        }
        let writes_residual = spec.name.ends_with("o_proj.weight") || spec.name.ends_with("down_proj.weight");
        let std = 1.0 / (spec.shape[1] as f64).sqrt() / if writes_residual { depth } else { 1.0 };
        params.extend((0..spec.len).map(|_| (std * noise.normal()) as f32));
    }
    params
}

#[derive(Default)]
struct List {
    specs: Vec<ParamSpec>,
    offset: usize,
}

impl List {
    fn push(&mut self, name: &str, shape: &[usize]) {
        let len = shape.iter().product();
        self.specs.push(ParamSpec { name: name.to_owned(), shape: shape.to_vec(), offset: self.offset, len });
        self.offset += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::Family;

    #[test]
    fn layout_is_contiguous_and_counts_agree() {
        for (preset, millions) in [("nano", 0.1), ("micro", 1.0), ("mini", 9.5)] {
            let mut config = ModelConfig::preset(preset, 64).unwrap();
            let expected = count(&config) as f64 / 1e6;
            assert!((expected / millions - 1.0).abs() <= 0.05, "{preset} has {expected} M parameters");
            for family in [Family::Llama, Family::Qwen2] {
                for tied in [true, false] {
                    config.family = family;
                    config.attention_bias = family == Family::Qwen2;
                    config.tie_word_embeddings = tied;
                    let mut end = 0;
                    for spec in layout(&config) {
                        assert_eq!(spec.offset, end, "{}", spec.name);
                        assert_eq!(spec.len, spec.shape.iter().product::<usize>());
                        end = spec.range().end;
                    }
                    assert_eq!(end, count(&config));
                }
            }
        }
    }

    #[test]
    fn init_has_the_promised_spread() {
        let config = ModelConfig::preset("nano", 64).unwrap();
        let params = init(&config, 7);
        assert_eq!(params.len(), count(&config));
        assert_eq!(params, init(&config, 7));
        assert_ne!(params, init(&config, 8));
        for spec in layout(&config).iter().filter(|spec| spec.shape.len() == 2) {
            let values = &params[spec.range()];
            let n = values.len() as f64;
            let variance = values.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / n;
            let residual = spec.name.contains("o_proj") || spec.name.contains("down_proj");
            let wanted = 1.0 / spec.shape[1] as f64 / if residual { 4.0 } else { 1.0 };
            // A sample variance of n normals has relative deviation √(2/n); five of them for a seed fixed above.
            let tolerance = 5.0 * (2.0 / n).sqrt();
            assert!((variance / wanted - 1.0).abs() <= tolerance, "{}: {variance} against {wanted}", spec.name);
        }
        assert!(params[layout(&config)[1].range()].iter().all(|x| *x == 1.0));
    }
}
