//! Where each parameter begins: in the flat buffer, or among the matrices and vectors in blocks.

use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::layout;
use crate::weights::blocks::BlockPlan;

/// Where the parameters of one block begin, elements.
#[derive(Clone, Debug)]
pub struct Layer {
    pub input_norm: usize,
    pub qkv: usize,
    pub qkv_bias: Option<usize>,
    pub output: usize,
    pub mlp_norm: usize,
    /// The up projection follows it.
    pub gate: usize,
    pub up: usize,
    pub down: usize,
}

/// Where all parameters begin.
#[derive(Clone, Debug)]
pub struct Tensors {
    pub layers: Vec<Layer>,
    pub norm: usize,
    /// Of the head, which a tied model shares with the embedding.
    pub head: usize,
}

impl Tensors {
    /// # Errors
    /// `bad-weights` naming a tensor that the layout lacks.
    pub fn find(config: &ModelConfig) -> Result<Self> {
        let specs = layout(config);
        Self::by(config, |name| specs.iter().find(|spec| spec.name == name).map(|spec| spec.offset))
    }

    /// The same for weights in blocks: numbers of matrices, first elements of vectors.
    ///
    /// # Errors
    /// `bad-weights` naming a tensor that is missing.
    pub fn find_blocks(config: &ModelConfig, plan: &BlockPlan) -> Result<Self> {
        Self::by(config, |name| plan.find(name))
    }

    fn by(config: &ModelConfig, place: impl Fn(&str) -> Option<usize>) -> Result<Self> {
        let offset = |name: &str| place(name).ok_or_else(|| Error::bad_weights(name, "the layout has no such tensor"));
        let mut layers = Vec::new();
        for index in 0..config.num_hidden_layers {
            let at = |name: &str| offset(&format!("model.layers.{index}.{name}"));
            layers.push(Layer {
                input_norm: at("input_layernorm.weight")?,
                qkv: at("self_attn.q_proj.weight")?,
                qkv_bias: if config.attention_bias { Some(at("self_attn.q_proj.bias")?) } else { None },
                output: at("self_attn.o_proj.weight")?,
                mlp_norm: at("post_attention_layernorm.weight")?,
                gate: at("mlp.gate_proj.weight")?,
                up: at("mlp.up_proj.weight")?,
                down: at("mlp.down_proj.weight")?,
            });
        }
        let head = if config.tie_word_embeddings { 0 } else { offset("lm_head.weight")? };
        Ok(Self { layers, norm: offset("model.norm.weight")?, head })
    }
}
