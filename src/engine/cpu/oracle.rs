//! The gradient of any loss that is written in Burn tensors, by Burn's autodiff alone: what hand-written slopes are held to.
//!
//! Not here: the engine's own gradients, whose loss is a function on the host (`mod.rs`).

use burn::tensor::Tensor;

use super::CpuEngine;
use super::batch::batch_densities;
use super::density::{entropies, indices};
use super::transformer::Transformer;
use crate::engine::check::check;
use crate::engine::{Scoring, Sequence};
use crate::error::Result;

impl CpuEngine {
    /// The flat gradient, by all parameters, of `loss`(log densities of the batch in a row, entropies of its actions in a row).
    ///
    /// # Errors
    /// `bad-input` for a batch that makes no sense.
    pub async fn autodiff(
        &self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: impl FnOnce(Tensor<1>, Tensor<1>) -> Tensor<1>,
    ) -> Result<Vec<f32>> {
        check(&self.config, batch)?;
        let device = self.device.clone().autodiff();
        let model = Transformer::new(&self.config, &self.params, &device, self.form, true);
        let found = batch_densities(&model, &self.config, batch, scoring, &device)?;
        let mut places = vec![0; found.order.len()];
        found.order.iter().enumerate().for_each(|(index, place)| places[*place] = index);
        let in_order = found.values.select(0, indices(&places, &device));
        let mut gradients = loss(in_order, entropies(found.log_probs)).backward();
        let mut gradient = vec![0.0; self.params.len()];
        model.add_gradients(&mut gradients, &mut gradient).await?;
        Ok(gradient)
    }
}
