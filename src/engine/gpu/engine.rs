//! The engine as decode and train call it.

use super::calls::decode_calls;
use super::chain::{ChainRequest, RowRecord, Thinking};
use super::program::Task;
use super::recorder::Recorder;
use super::slots::Slot;
use super::{Capacity, GpuEngine};
use crate::engine::check::{check_ids, check_length};
use crate::engine::{
    Blends, Engine, LossGradient, OptimizerConfig, OptimizerState, Pulse, Scores, Scoring, Sequence, StepListener,
    UpdateReport, Weights,
};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::count;

impl Engine for GpuEngine {
    /// "GPU (WGSL) on llvmpipe, Vulkan".
    fn name(&self) -> String {
        format!("GPU (WGSL) on {}", self.gpu.adapter())
    }

    fn config(&self) -> &ModelConfig {
        &self.config
    }

    async fn read_params(&self) -> Result<Vec<f32>> {
        if self.is_frozen() {
            return self.read_adapter().await;
        }
        if self.is_packed() {
            return self.flat();
        }
        self.copy_out_f32(Slot::Weights, count(&self.config)).await
    }

    async fn write_params(&mut self, params: &[f32]) -> Result<()> {
        if self.is_frozen() {
            return self.write_adapter(params);
        }
        check_length(&self.config, params.len())?;
        self.unpack().await?;
        self.gpu.write(self.workspace.buffer(Slot::Weights)?, 0, bytemuck::cast_slice(params));
        self.alive.clear();
        Ok(())
    }

    async fn set_reference(&mut self, params: Option<&[f32]>) -> Result<()> {
        if self.is_frozen() {
            return self.freeze_adapter(params).await;
        }
        if let Some(params) = params {
            check_length(&self.config, params.len())?;
        }
        self.unpack().await?;
        self.workspace.grow_to(&self.gpu, &[(Slot::Reference, count(&self.config))]).await?;
        let (weights, reference) = (self.workspace.buffer(Slot::Weights)?, self.workspace.buffer(Slot::Reference)?);
        match params {
            Some(params) => self.gpu.write(reference, 0, bytemuck::cast_slice(params)),
            None => {
                let mut recorder = Recorder::new(&self.gpu);
                recorder.copy(weights, reference, 4 * count(&self.config) as u64);
                recorder.submit();
            }
        }
        Ok(())
    }

    async fn optimizer_state(&self) -> Result<OptimizerState> {
        if self.time == 0 {
            return Ok(OptimizerState::default());
        }
        if self.is_frozen() {
            return self.adapter_moments().await;
        }
        let len = count(&self.config);
        Ok(OptimizerState {
            time: self.time,
            moment_1: self.copy_out_f32(Slot::Moment1, len).await?,
            moment_2: self.copy_out_f32(Slot::Moment2, len).await?,
        })
    }

    async fn set_optimizer_state(&mut self, state: OptimizerState) -> Result<()> {
        if self.is_frozen() {
            return self.set_adapter_moments(&state).await;
        }
        let (mut moment_1, mut moment_2) = (state.moment_1, state.moment_2);
        if state.time == 0 {
            // A new memory, in the place of what an earlier run left there.
            (moment_1, moment_2) = (vec![0.0; count(&self.config)], vec![0.0; count(&self.config)]);
        }
        check_length(&self.config, moment_1.len())?;
        check_length(&self.config, moment_2.len())?;
        let learn = self.capacity.learn.max(1);
        self.make_room(&Capacity { learn, ..Capacity::default() }).await?;
        self.gpu.write(self.workspace.buffer(Slot::Moment1)?, 0, bytemuck::cast_slice(&moment_1));
        self.gpu.write(self.workspace.buffer(Slot::Moment2)?, 0, bytemuck::cast_slice(&moment_2));
        self.time = state.time;
        Ok(())
    }

    async fn read_prompts(
        &mut self,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        self.start(prompts, repeats, room, pulse).await?;
        let rows = prompts.len() * repeats;
        self.alive = (0..rows).collect();
        self.lengths = prompts.iter().flat_map(|prompt| std::iter::repeat_n(prompt.len(), repeats)).collect();
        self.decoded = 0;
        self.copy_out_f32(Slot::Logits, rows * self.config.vocab_size).await
    }

    async fn decode(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        if self.alive.is_empty() {
            return Err(Error::NotReady("decode was called before prefill".into()));
        }
        let (rows, alive) = (self.lengths.len(), self.alive.clone());
        if inputs.rows() != alive.len() {
            let (living, came) = (alive.len(), inputs.rows());
            return Err(Error::bad_input(format!("{living} rows are alive, but {came} inputs came")));
        }
        let (dim, vectors) = (inputs.dim, inputs.dim > 0);
        if vectors && dim != self.config.hidden_size {
            let width = self.config.hidden_size;
            return Err(Error::bad_input(format!("inputs are vectors of {dim} elements; embeddings have {width}")));
        }
        check_ids(&self.config, inputs.ids.iter())?;
        let longest = self.lengths.iter().max().copied().unwrap_or(0);
        if longest + self.decoded >= self.capacity.context {
            let context = self.capacity.context;
            return Err(Error::bad_input(format!("the rollout was given room for {context} positions, all used")));
        }
        self.make_room(&Capacity { candidates: inputs.width, vectors, ..Capacity::default() }).await?;
        self.decoded += 1;
        // Rows that were let go of stay where they are and take an input of weight 0.
        let k = inputs.width;
        let (mut ids, mut shares, mut added) = (vec![0u32; rows * k], vec![0.0f32; rows * k], vec![0.0f32; rows * dim]);
        for (place, row) in alive.iter().enumerate() {
            ids[row * k..][..k].copy_from_slice(&inputs.ids[place * k..][..k]);
            shares[row * k..][..k].copy_from_slice(&inputs.weights[place * k..][..k]);
            added[row * dim..][..dim].copy_from_slice(&inputs.vectors[place * dim..][..dim]);
        }
        let state: Vec<u32> =
            self.lengths.iter().flat_map(|length| [*length as u32, self.decoded as u32, 0, 0]).collect();
        self.gpu.write(self.workspace.buffer(Slot::Ids)?, 0, bytemuck::cast_slice(&ids));
        self.gpu.write(self.workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&shares));
        self.gpu.write(self.workspace.buffer(Slot::State)?, 0, bytemuck::cast_slice(&state));
        if vectors {
            self.gpu.write(self.workspace.buffer(Slot::Added)?, 0, bytemuck::cast_slice(&added));
        }
        let calls = decode_calls(&self.forward, rows, k, vectors);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Decode, &calls).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.submit();
        let v = self.config.vocab_size;
        let logits = self.copy_out_f32(Slot::Logits, rows * v).await?;
        Ok(alive.iter().flat_map(|row| &logits[row * v..][..v]).copied().collect())
    }

    async fn keep_rows(&mut self, rows: &[usize]) -> Result<()> {
        if self.alive.is_empty() {
            return Err(Error::NotReady("keep_rows was called before prefill".into()));
        }
        if rows.iter().any(|row| *row >= self.alive.len()) {
            return Err(Error::bad_input(format!("only {} rows are alive", self.alive.len())));
        }
        self.alive = rows.iter().map(|row| self.alive[*row]).collect();
        Ok(())
    }

    async fn run_chain(
        &mut self,
        request: &ChainRequest<'_>,
        pulse: &Pulse,
        on_step: &mut StepListener<'_>,
    ) -> Result<Option<Vec<RowRecord>>> {
        // A mean embedding is a product with the flat table, which packed weights lack.
        let packed_average = self.is_packed() && super::chain::averaging_of(request.sampling).is_some();
        let too_wide = !super::chain::runs(request.sampling, &self.config);
        // Whether several tokens in a row spell a mark no kernel looks for.
        let spelled = request.ending.sought().len() > 1;
        // A pause decides nothing that a kernel could be faster at.
        if packed_average || too_wide || spelled || matches!(request.sampling.thinking, Thinking::Pause(_)) {
            return Ok(None);
        }
        self.chain(request, pulse, on_step).await.map(Some)
    }

    async fn score(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        weights: Weights,
        pulse: &Pulse,
    ) -> Result<Scores> {
        self.score_batch(batch, scoring, weights, pulse).await
    }

    async fn update(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        if self.is_frozen() {
            return self.learn_beside(batch, scoring, loss, optimizer, pulse).await;
        }
        self.learn(batch, scoring, loss, optimizer, pulse).await
    }

    async fn gradient(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        if self.is_frozen() {
            return self.gradient_beside(batch, scoring, loss, pulse).await;
        }
        self.gradient_of(batch, scoring, loss, pulse).await
    }

    async fn logits(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        self.logits_of(inputs).await
    }
}
