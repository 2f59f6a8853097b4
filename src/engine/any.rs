//! Whichever engine was chosen, behind the same trait.
//!
//! Not here: the choice (`choose.rs`).

use super::chain::{ChainRequest, RowRecord};
use super::cpu::CpuEngine;
#[cfg(feature = "gpu")]
use super::gpu::GpuEngine;
use super::packed::PackedEngine;
use super::{
    Blends, Engine, LossGradient, OptimizerConfig, OptimizerState, Pulse, Scores, Scoring, Sequence, StepListener,
    UpdateReport, Weights,
};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::lora::LoraConfig;
use crate::weights::plan::LearningPlan;

/// One of the engines.
pub enum AnyEngine {
    Cpu(Box<CpuEngine>),
    #[cfg(feature = "gpu")]
    Gpu(Box<GpuEngine>),
    /// For large models, beside which an adapter learns.
    Packed(Box<PackedEngine>),
}

/// The same call on whichever engine it is.
macro_rules! on {
    ($self:expr, $engine:ident => $call:expr) => {
        match $self {
            AnyEngine::Cpu($engine) => $call,
            #[cfg(feature = "gpu")]
            AnyEngine::Gpu($engine) => $call,
            AnyEngine::Packed($engine) => $call,
        }
    };
}

impl AnyEngine {
    /// Puts an adapter beside the weights of a large model: that of `params`, or a fresh one from `seed`.
    ///
    /// # Errors
    /// `bad-input` for a model that learns as a whole, and when the number of parameters is not that of the adapter.
    pub async fn adapt(&mut self, lora: LoraConfig, params: Option<Vec<f32>>, seed: u64) -> Result<()> {
        match self {
            Self::Packed(engine) => engine.adapt(lora, params, seed),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.adapt(lora, params, seed).await,
            Self::Cpu(_) => {
                Err(Error::bad_input("adapters go with a language model's file (GGUF); this model learns as a whole"))
            }
        }
    }

    /// The shape of the adapter, if there is one; its parameters are what [`Engine::read_params`] reads.
    #[must_use]
    pub fn lora(&self) -> Option<&LoraConfig> {
        match self {
            Self::Packed(engine) => engine.adapter().map(|(lora, _)| lora),
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.lora(),
            Self::Cpu(_) => None,
        }
    }

    /// What learning takes of memory beside what thinking takes, for `sequences` completions of one question, of `length` positions each
    /// with their prompt.
    #[must_use]
    pub fn learning_plan(&self, lora: &LoraConfig, sequences: usize, length: usize) -> LearningPlan {
        match self {
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.learning_plan(lora, sequences, length),
            _ => LearningPlan::new(self.config(), lora, sequences, length),
        }
    }

    /// Whether the weights are a language model's, frozen: an adapter learns beside them, and nothing else.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        match self {
            Self::Packed(_) => true,
            #[cfg(feature = "gpu")]
            Self::Gpu(engine) => engine.is_frozen(),
            Self::Cpu(_) => false,
        }
    }
}

impl Engine for AnyEngine {
    fn name(&self) -> String {
        on!(self, engine => engine.name())
    }

    fn config(&self) -> &ModelConfig {
        on!(self, engine => engine.config())
    }

    async fn read_params(&self) -> Result<Vec<f32>> {
        on!(self, engine => engine.read_params().await)
    }

    async fn write_params(&mut self, params: &[f32]) -> Result<()> {
        on!(self, engine => engine.write_params(params).await)
    }

    async fn set_reference(&mut self, params: Option<&[f32]>) -> Result<()> {
        on!(self, engine => engine.set_reference(params).await)
    }

    async fn optimizer_state(&self) -> Result<OptimizerState> {
        on!(self, engine => engine.optimizer_state().await)
    }

    async fn set_optimizer_state(&mut self, state: OptimizerState) -> Result<()> {
        on!(self, engine => engine.set_optimizer_state(state).await)
    }

    async fn read_prompts(
        &mut self,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        on!(self, engine => engine.read_prompts(prompts, repeats, room, pulse).await)
    }

    async fn decode(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        on!(self, engine => engine.decode(inputs).await)
    }

    async fn keep_rows(&mut self, rows: &[usize]) -> Result<()> {
        on!(self, engine => engine.keep_rows(rows).await)
    }

    async fn run_chain(
        &mut self,
        request: &ChainRequest<'_>,
        pulse: &Pulse,
        on_step: &mut StepListener<'_>,
    ) -> Result<Option<Vec<RowRecord>>> {
        on!(self, engine => engine.run_chain(request, pulse, on_step).await)
    }

    async fn score(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        weights: Weights,
        pulse: &Pulse,
    ) -> Result<Scores> {
        on!(self, engine => engine.score(batch, scoring, weights, pulse).await)
    }

    async fn update(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        on!(self, engine => engine.update(batch, scoring, loss, optimizer, pulse).await)
    }

    async fn gradient(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        on!(self, engine => engine.gradient(batch, scoring, loss, pulse).await)
    }

    async fn logits(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        on!(self, engine => engine.logits(inputs).await)
    }
}
