//! Growing sequences token by token with a cache of keys and values; prompts of unequal length are padded on the left.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::density::indices;
use super::fused::cached::Cache;
use super::rope::Rope;
use super::transformer::{Sight, Transformer};
use crate::engine::Blends;
use crate::engine::check::check_ids;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;

/// The living rows of a rollout.
pub struct Decoding {
    caches: Vec<Cache>,
    /// Of all columns there may be.
    rope: Arc<Rope>,
    /// Columns of the cache that are padding, per row.
    padding: Vec<usize>,
    /// Columns in the cache.
    length: usize,
    /// Columns there may ever be.
    limit: usize,
}

impl Decoding {
    /// See [`crate::engine::Engine::prefill`]. Returns the rows and their next-token logits (B, V).
    ///
    /// # Errors
    /// `bad-input` for empty or too long prompts and unknown ids.
    pub fn start(
        model: &Transformer,
        config: &ModelConfig,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        device: &Device,
    ) -> Result<(Self, Tensor<2>)> {
        let of_tokens = |prompt: &Vec<u32>| {
            let mut inputs = Blends::new(1);
            prompt.iter().for_each(|id| inputs.push_token(*id));
            inputs
        };
        Self::start_blends(model, config, &prompts.iter().map(of_tokens).collect::<Vec<_>>(), repeats, room, device)
    }

    /// As [`Decoding::start`], from blends: the inputs of each prompt, all of one width, without vectors.
    ///
    /// # Errors
    /// As there.
    pub fn start_blends(
        model: &Transformer,
        config: &ModelConfig,
        prompts: &[Blends],
        repeats: usize,
        room: usize,
        device: &Device,
    ) -> Result<(Self, Tensor<2>)> {
        let length = prompts.iter().map(Blends::rows).max().unwrap_or(0);
        let limit = length + room;
        if prompts.iter().any(|prompt| prompt.rows() == 0) || prompts.is_empty() || repeats == 0 {
            return Err(Error::bad_input("a rollout needs at least one prompt, each of at least one token"));
        }
        if limit > config.max_position_embeddings {
            let most = config.max_position_embeddings;
            return Err(Error::bad_input(format!(
                "a prompt of {length} tokens and {room} more do not fit the model's {most} positions; ask for fewer steps"
            )));
        }
        check_ids(config, prompts.iter().flat_map(|prompt| &prompt.ids))?;
        let padding: Vec<usize> = prompts.iter().map(|prompt| length - prompt.rows()).collect();
        let (width, mut ids, mut weights) = (prompts[0].width, Vec::new(), Vec::new());
        for (prompt, pad) in prompts.iter().zip(&padding) {
            ids.resize(ids.len() + pad * width, 0);
            weights.resize(ids.len(), 0.0);
            ids.extend(prompt.ids.iter().map(|id| *id as usize));
            weights.extend_from_slice(&prompt.weights);
        }
        let weights = Tensor::<2>::from_data(TensorData::new(weights, [prompts.len() * length, width]), device);
        let x = model.blend(indices(&ids, device), weights, false); // (P·T, D)
        let cache = Cache::new(prompts.len(), limit, config.key_value_width());
        let caches = vec![cache; config.num_hidden_layers];
        let mut decoding = Self { caches, rope: Arc::new(Rope::new(config, limit)), padding, length: 0, limit };
        let hidden = decoding.advance(model, x, length);
        let last: Vec<usize> = (0..prompts.len()).map(|p| p * length + length - 1).collect();
        let logits = model.logits(hidden.select(0, indices(&last, device))); // (P, V)
        let rows: Vec<usize> = (0..prompts.len()).flat_map(|p| std::iter::repeat_n(p, repeats)).collect();
        decoding.select(&rows);
        Ok((decoding, logits.select(0, indices(&rows, device))))
    }

    /// One more input per row → next-token logits (B, V).
    ///
    /// # Errors
    /// `bad-input` when the number of rows is wrong or the room is used up.
    pub fn step(
        &mut self,
        model: &Transformer,
        config: &ModelConfig,
        inputs: &Blends,
        device: &Device,
    ) -> Result<Tensor<2>> {
        let rows = self.padding.len();
        if inputs.rows() != rows {
            return Err(Error::bad_input(format!("{rows} rows are alive, but {} inputs came", inputs.rows())));
        }
        if self.length >= self.limit {
            return Err(Error::bad_input(format!("the rollout was given room for {} positions, all used", self.limit)));
        }
        check_ids(config, inputs.ids.iter())?;
        if inputs.dim != 0 && inputs.dim != config.hidden_size {
            let width = config.hidden_size;
            return Err(Error::bad_input(format!("embeddings have {width} elements; vectors of {} came", inputs.dim)));
        }
        let ids: Vec<usize> = inputs.ids.iter().map(|id| *id as usize).collect();
        let weights = Tensor::<2>::from_data(TensorData::new(inputs.weights.clone(), [rows, inputs.width]), device);
        let mut x = model.blend(indices(&ids, device), weights, false); // (B, D)
        if inputs.dim > 0 {
            x = x + Tensor::<2>::from_data(TensorData::new(inputs.vectors.clone(), [rows, inputs.dim]), device);
        }
        let hidden = self.advance(model, x, 1);
        Ok(model.logits(hidden))
    }

    /// Keeps (or repeats) rows.
    pub fn select(&mut self, rows: &[usize]) {
        self.caches.iter_mut().for_each(|cache| cache.select(rows));
        self.padding = rows.iter().map(|row| self.padding[*row]).collect();
    }

    /// The number of living rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.padding.len()
    }

    /// Runs `time` new columns per row through the model. x: (B·T, D) → hidden states (B·T, D).
    fn advance(&mut self, model: &Transformer, x: Tensor<2>, time: usize) -> Tensor<2> {
        let sight = Sight::Cached { caches: &mut self.caches, padding: &self.padding, length: self.length };
        self.length += time;
        model.hidden(x, self.padding.len(), &self.rope, sight)
    }
}
