//! The engine of large models on the processor: its weights stay in the file's blocks, and what learns is an adapter beside them.
//!
//! Not here: the small models, which learn as a whole (`cpu/`, `gpu/`), the file (`weights/large.rs`).

mod adapter;
mod head;
mod learn;
mod model;
mod passes;
mod product;
mod tree;
mod tree_attention;
mod whole;

pub use self::model::{LoadListener, PackedModel};

use self::learn::Learner;
use self::model::Run;
use super::chain::{ChainRequest, RowRecord};
use super::check::{check_ids, no_adapter};
use super::cpu::cached::Cache;
use super::cpu::rope::Rope;
use super::{
    Blends, Engine, LossGradient, OptimizerConfig, OptimizerState, Pulse, Scores, Scoring, Sequence, StepListener,
    UpdateReport, Weights,
};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::weights::plan::PROMPT_STRETCH;

/// What a row remembers: a cache a layer.
#[derive(Clone)]
struct Row {
    caches: Vec<Cache>,
    length: usize,
}

/// See the module.
pub struct PackedEngine {
    model: PackedModel,
    rope: Rope,
    rows: Vec<Row>,
    /// Positions there may be in a row.
    limit: usize,
    learner: Option<Learner>,
}

impl PackedEngine {
    #[must_use]
    pub fn new(model: PackedModel) -> Self {
        let rope = model.rope(0);
        Self { model, rope, rows: Vec::new(), limit: 0, learner: None }
    }

    fn row(&self, limit: usize) -> Row {
        let config = &self.model.config;
        let caches = vec![Cache::new(1, limit, config.key_value_width()); config.num_hidden_layers];
        Row { caches, length: 0 }
    }

    /// Runs all inputs through one row, a stretch at a time; returns the hidden states (T, D), or of the last input only.
    async fn read(&self, row: &mut Row, inputs: &Blends, last_only: bool, pulse: &Pulse) -> Result<Vec<f32>> {
        let d = self.model.config.hidden_size;
        let mut x = self.inputs(inputs);
        for stretch in x.chunks_mut(PROMPT_STRETCH * d) {
            pulse.beat().await?;
            let time = stretch.len() / d;
            let run = Run { caches: &mut row.caches, length: row.length, time };
            self.model.advance(stretch, &mut [run], &self.rope, self.learner.as_ref().map(|learner| &learner.adapter));
            row.length += time;
        }
        Ok(if last_only { x.split_off(x.len() - d) } else { x })
    }

    /// What is fed: (N, D).
    fn inputs(&self, inputs: &Blends) -> Vec<f32> {
        let d = self.model.config.hidden_size;
        let mut x = if inputs.dim > 0 { inputs.vectors.clone() } else { vec![0.0; inputs.rows() * d] };
        let rows = inputs.ids.chunks_exact(inputs.width).zip(inputs.weights.chunks_exact(inputs.width));
        for ((ids, weights), sum) in rows.zip(x.chunks_exact_mut(d)) {
            self.model.blend(ids, weights, sum);
        }
        x
    }

    fn check_inputs(&self, inputs: &Blends) -> Result<()> {
        check_ids(&self.model.config, inputs.ids.iter())?;
        let width = self.model.config.hidden_size;
        if inputs.dim == 0 || inputs.dim == width {
            return Ok(());
        }
        Err(Error::bad_input(format!("embeddings have {width} elements; vectors of {} came", inputs.dim)))
    }

    fn check_room(&self, length: usize, room: usize) -> Result<()> {
        let most = self.model.config.max_position_embeddings;
        if length + room <= most {
            return Ok(());
        }
        Err(Error::bad_input(format!(
            "a prompt of {length} tokens and {room} more do not fit the model's {most} positions; ask for fewer steps"
        )))
    }
}

impl Engine for PackedEngine {
    fn name(&self) -> String {
        "CPU (packed weights)".into()
    }

    fn config(&self) -> &ModelConfig {
        &self.model.config
    }

    async fn read_params(&self) -> Result<Vec<f32>> {
        self.adapter().map(|(_, params)| params.to_vec()).ok_or_else(no_adapter)
    }

    async fn write_params(&mut self, params: &[f32]) -> Result<()> {
        self.set_params(params)
    }

    async fn set_reference(&mut self, params: Option<&[f32]>) -> Result<()> {
        self.freeze(params)
    }

    async fn optimizer_state(&self) -> Result<OptimizerState> {
        Ok(self.moments())
    }

    async fn set_optimizer_state(&mut self, state: OptimizerState) -> Result<()> {
        self.set_moments(state)
    }

    async fn read_prompts(
        &mut self,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        let longest = prompts.iter().map(Vec::len).max().unwrap_or(0);
        if prompts.iter().any(Vec::is_empty) || prompts.is_empty() || repeats == 0 {
            return Err(Error::bad_input("a rollout needs at least one prompt, each of at least one token"));
        }
        self.check_room(longest, room)?;
        check_ids(&self.model.config, prompts.iter().flatten())?;
        self.rows.clear();
        self.limit = longest + room;
        self.rope = self.model.rope(self.limit);
        let mut logits = Vec::with_capacity(prompts.len() * repeats * self.model.config.vocab_size);
        for prompt in prompts {
            let mut inputs = Blends::new(1);
            prompt.iter().for_each(|id| inputs.push_token(*id));
            let mut row = self.row(self.limit);
            let own = self.model.logits(&self.read(&mut row, &inputs, true, pulse).await?);
            (0..repeats).for_each(|_| logits.extend_from_slice(&own));
            self.rows.extend(std::iter::repeat_n(row, repeats));
        }
        Ok(logits)
    }

    async fn decode(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        let alive = self.rows.len();
        if alive == 0 {
            return Err(Error::NotReady("decode was called before prefill".into()));
        }
        if inputs.rows() != alive {
            return Err(Error::bad_input(format!("{alive} rows are alive, but {} inputs came", inputs.rows())));
        }
        if self.rows.iter().any(|row| row.length >= self.limit) {
            let limit = self.limit;
            return Err(Error::bad_input(format!("the rollout was given room for {limit} positions, all used")));
        }
        self.check_inputs(inputs)?;
        let mut x = self.inputs(inputs);
        let run = |row: &'_ mut Row| -> usize {
            row.length += 1;
            row.length - 1
        };
        let lengths: Vec<usize> = self.rows.iter_mut().map(run).collect();
        let runs = self.rows.iter_mut().zip(lengths);
        let mut runs: Vec<Run<'_>> =
            runs.map(|(row, length)| Run { caches: &mut row.caches, length, time: 1 }).collect();
        let adapter = self.learner.as_ref().map(|learner| &learner.adapter);
        self.model.advance(&mut x, &mut runs, &self.rope, adapter);
        Ok(self.model.logits(&x))
    }

    async fn keep_rows(&mut self, rows: &[usize]) -> Result<()> {
        if rows.iter().any(|row| *row >= self.rows.len()) {
            return Err(Error::bad_input(format!("only {} rows are alive", self.rows.len())));
        }
        let mut index = 0;
        self.rows.retain(|_| {
            index += 1;
            rows.contains(&(index - 1))
        });
        Ok(())
    }

    async fn run_chain(
        &mut self,
        _request: &ChainRequest<'_>,
        _pulse: &Pulse,
        _on_step: &mut StepListener<'_>,
    ) -> Result<Option<Vec<RowRecord>>> {
        Ok(None) // the host is this engine's device
    }

    async fn score(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        weights: Weights,
        pulse: &Pulse,
    ) -> Result<Scores> {
        self.scores(batch, scoring, weights, pulse).await
    }

    async fn update(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        self.step(batch, scoring, loss, optimizer, pulse).await
    }

    async fn gradient(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        self.adapter_gradient(batch, scoring, loss, pulse).await
    }

    async fn logits(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        let length = inputs.rows();
        if length == 0 {
            return Err(Error::bad_input("logits need at least one input"));
        }
        self.check_room(length, 0)?;
        self.check_inputs(inputs)?;
        (self.rows, self.limit) = (Vec::new(), 0);
        self.rope = self.model.rope(length);
        let mut row = self.row(length);
        let hidden = self.read(&mut row, inputs, false, &Pulse::default()).await?;
        Ok(self.model.logits(&hidden))
    }
}
