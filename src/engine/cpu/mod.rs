//! The CPU engine: the transformer on Burn's `flex` device, gradients by Burn's autodiff, the hot operations fused (`fused/`).
//! The reference for every hand-written kernel, and the engine of every machine without WebGPU.
//!
//! Not here: sampling (`decode/`), losses (`math/`, `train/`).

mod batch;
pub(crate) mod decoding;
pub mod density;
pub(crate) mod fused;
mod noise_density;
mod oracle;
pub(crate) mod rope;
pub(crate) mod transformer;

use burn::tensor::{Device, Tensor, TensorData};

use self::batch::batch_densities;
use self::decoding::Decoding;
use self::fused::adamw::clipped_step;
use self::transformer::Transformer;
use super::chain::{ChainRequest, RowRecord};
use super::check::{check, check_length, runs};
use super::{
    Blends, Engine, LossGradient, OptimizerConfig, OptimizerState, Pulse, Scores, Scoring, Sequence, Slopes,
    StepListener, UpdateReport, Weights,
};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;

pub use self::fused::Form;
pub(in crate::engine) use self::fused::{adamw, attention::Heads, cached, lanes, product, rms_norm, slices, swiglu};

/// Multiplications between two heartbeats: less than 0.1 s of one wasm thread, so that a cancel is heard in time.
const WORK_PER_BEAT: usize = if cfg!(target_family = "wasm") { 1_000_000_000 } else { 3_000_000_000 };

/// See the module. Parameters live in one flat host buffer; tensors are cut from it.
pub struct CpuEngine {
    config: ModelConfig,
    device: Device,
    form: Form,
    name: &'static str,
    params: Vec<f32>,
    model: Transformer,
    reference: Option<Transformer>,
    optimizer: OptimizerState,
    decoding: Option<Decoding>,
}

impl CpuEngine {
    /// An engine for `config` with `params` in the order of `model::params::layout`.
    ///
    /// # Errors
    /// `bad-input` when the configuration is out of range or the length does not fit it.
    pub fn new(config: &ModelConfig, params: Vec<f32>) -> Result<Self> {
        Self::of_form(config, params, Form::Fused)
    }

    /// The same with every operation of scores and updates in the given form; decoding has one only.
    ///
    /// # Errors
    /// As [`CpuEngine::new`].
    pub fn of_form(config: &ModelConfig, params: Vec<f32>, form: Form) -> Result<Self> {
        Self::on(Device::flex(), "CPU (Burn flex)", config, params, form)
    }

    /// The third engine: Burn's own operations on its wgpu backend, natively. Attention of decoding stays on the host.
    ///
    /// # Errors
    /// As [`CpuEngine::new`].
    #[cfg(feature = "burn-wgpu")]
    pub fn on_wgpu(config: &ModelConfig, params: Vec<f32>) -> Result<Self> {
        let device = Device::wgpu(burn::tensor::DeviceKind::DefaultDevice);
        Self::on(device, "GPU (Burn on wgpu)", config, params, Form::Composed)
    }

    fn on(device: Device, name: &'static str, config: &ModelConfig, params: Vec<f32>, form: Form) -> Result<Self> {
        config.validate()?;
        check_length(config, params.len())?;
        let model = Transformer::new(config, &params, &device, form, false);
        Ok(Self {
            config: config.clone(),
            device,
            form,
            name,
            params,
            model,
            reference: None,
            optimizer: OptimizerState::default(),
            decoding: None,
        })
    }

    /// The current parameters, frozen.
    fn cut(&self) -> Transformer {
        Transformer::new(&self.config, &self.params, &self.device, self.form, false)
    }

    /// Tokens that fit between two heartbeats when each costs `passes` times the forward products.
    fn tokens_per_beat(&self, passes: usize) -> usize {
        WORK_PER_BEAT / (passes * self.params.len()).max(1)
    }
}

/// Numbers as a tensor (N).
fn vector(numbers: Vec<f32>, device: &Device) -> Tensor<1> {
    let n = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [n]), device)
}

/// Reads a tensor back to the host.
pub(crate) async fn read<const N: usize>(tensor: Tensor<N>) -> Result<Vec<f32>> {
    let data =
        tensor.into_data_async().await.map_err(|e| Error::OutOfMemory(format!("a tensor could not be read: {e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| Error::OutOfMemory(format!("a tensor could not be read: {e:?}")))
}

impl Engine for CpuEngine {
    fn name(&self) -> String {
        self.name.into()
    }

    fn config(&self) -> &ModelConfig {
        &self.config
    }

    async fn read_params(&self) -> Result<Vec<f32>> {
        Ok(self.params.clone())
    }

    async fn write_params(&mut self, params: &[f32]) -> Result<()> {
        check_length(&self.config, params.len())?;
        self.params = params.to_vec();
        self.model = self.cut();
        self.decoding = None;
        Ok(())
    }

    async fn set_reference(&mut self, params: Option<&[f32]>) -> Result<()> {
        let params = params.unwrap_or(&self.params);
        check_length(&self.config, params.len())?;
        self.reference = Some(Transformer::new(&self.config, params, &self.device, self.form, false));
        Ok(())
    }

    async fn optimizer_state(&self) -> Result<OptimizerState> {
        Ok(self.optimizer.clone())
    }

    async fn set_optimizer_state(&mut self, state: OptimizerState) -> Result<()> {
        self.optimizer = OptimizerState::default();
        if state.time > 0 {
            check_length(&self.config, state.moment_1.len())?;
            check_length(&self.config, state.moment_2.len())?;
            self.optimizer = state;
        }
        Ok(())
    }

    async fn read_prompts(
        &mut self,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        pulse.beat().await?;
        self.decoding = None;
        let (decoding, logits) = Decoding::start(&self.model, &self.config, prompts, repeats, room, &self.device)?;
        self.decoding = Some(decoding);
        read(logits).await
    }

    async fn decode(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        let Some(decoding) = &mut self.decoding else {
            return Err(Error::NotReady("decode was called before prefill".into()));
        };
        read(decoding.step(&self.model, &self.config, inputs, &self.device)?).await
    }

    async fn keep_rows(&mut self, rows: &[usize]) -> Result<()> {
        let Some(decoding) = &mut self.decoding else {
            return Err(Error::NotReady("keep_rows was called before prefill".into()));
        };
        if rows.iter().any(|row| *row >= decoding.rows()) {
            return Err(Error::bad_input(format!("only {} rows are alive", decoding.rows())));
        }
        decoding.select(rows);
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
        check(&self.config, batch)?;
        let model = match weights {
            Weights::Current => &self.model,
            Weights::Reference => self.reference.as_ref().ok_or_else(|| {
                Error::NotReady("no reference policy was frozen; call set_reference before training starts".into())
            })?,
        };
        let mut scores = Scores::default();
        for run in runs(batch, self.tokens_per_beat(1)) {
            pulse.beat().await?;
            let sequences = &batch[run];
            let densities = batch_densities(model, &self.config, sequences, scoring, &self.device)?;
            let vocabulary = self.config.vocab_size;
            let log_probs = read(densities.log_probs).await?;
            let mut entropies = log_probs.chunks(vocabulary).map(density::row_entropy);
            let values = in_order(&read(densities.values).await?, &densities.order);
            let mut values = values.into_iter();
            for sequence in sequences {
                scores.log_densities.push(values.by_ref().take(sequence.scores()).collect());
                scores.entropies.push(entropies.by_ref().take(sequence.actions.len()).collect());
            }
        }
        Ok(scores)
    }

    async fn update(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        let gradient = self.gradient(batch, scoring, loss, pulse).await?;
        let report = clipped_step(optimizer, &mut self.optimizer, &mut self.params, gradient);
        if report.applied {
            self.model = self.cut();
            self.decoding = None;
        }
        Ok(report)
    }

    async fn gradient(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        check(&self.config, batch)?;
        let device = self.device.clone().autodiff();
        let model = Transformer::new(&self.config, &self.params, &device, self.form, true);
        let mut gradient = vec![0.0; self.params.len()];
        for run in runs(batch, self.tokens_per_beat(3)) {
            pulse.beat().await?;
            let start = run.start;
            let sequences = &batch[run];
            let densities = batch_densities(&model, &self.config, sequences, scoring, &device)?;
            let values = in_order(&read(densities.values.clone().inner()).await?, &densities.order);
            let slopes = Slopes::of_batch(sequences, &values, &mut |offset, own| loss(start + offset, own));
            if slopes.are_zero() {
                continue;
            }
            let by_density = densities.order.iter().map(|place| slopes.densities[*place] as f32).collect();
            let mut objective = (densities.values * vector(by_density, &device)).sum();
            if !slopes.entropies.is_empty() {
                let by_entropy = slopes.entropies.iter().map(|slope| *slope as f32).collect();
                objective = objective + (density::entropies(densities.log_probs) * vector(by_entropy, &device)).sum();
            }
            let mut gradients = objective.backward();
            model.add_gradients(&mut gradients, &mut gradient).await?;
        }
        Ok(gradient)
    }

    async fn logits(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        let actions = vec![super::Action::Token(0)];
        let batch = [Sequence { inputs: inputs.clone(), first: 0, actions }];
        check(&self.config, &batch)?;
        let (hidden, _) = batch::hidden(&self.model, &self.config, &batch, &Scoring::code(), &self.device);
        read(self.model.logits(hidden)).await
    }
}

/// Puts `values[i]` at place `order[i]`.
fn in_order(values: &[f32], order: &[usize]) -> Vec<f64> {
    let mut sorted = vec![0.0; values.len()];
    for (value, place) in values.iter().zip(order) {
        sorted[*place] = f64::from(*value);
    }
    sorted
}
