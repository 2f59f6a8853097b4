//! Scores, gradients and updates of an adapter beside packed weights.
//!
//! Not here: the passes (`passes.rs`), the densities (`head.rs`), decoding (`mod.rs`).

use super::PackedEngine;
use super::adapter::Adapter;
use super::head::{Placed, Pull};
use super::passes::Pass;
use super::tree::{Tree, parts};
use crate::engine::check::{check, check_adapter, check_frozen, no_adapter, no_reference};
use crate::engine::cpu::adamw::clipped_step;
use crate::engine::{
    Blends, LossGradient, OptimizerConfig, OptimizerState, Pulse, Scores, Scoring, Sequence, Slopes, UpdateReport,
    Weights,
};
use crate::error::Result;
use crate::model::lora::LoraConfig;
use crate::weights::plan::learning_rows;

/// The share of a score after which the head begins, about.
const LAYERS: f64 = 0.85;
/// The shares of a gradient after which the head and the backward through the layers begin, about.
const FORWARD: f64 = 0.2;
const BACKWARD: f64 = 0.35;

/// What learns, and what it is compared with.
pub struct Learner {
    pub adapter: Adapter,
    /// The reference policy's adapter, once it is frozen; nothing inside where it changes nothing.
    reference: Option<Option<Adapter>>,
    optimizer: OptimizerState,
    /// The forward of the batch that was scored last, by the adapter as it is: an update on that batch goes on from it.
    latest: Option<Forward>,
}

/// A forward with all that a backward needs of it.
struct Forward {
    sequences: Vec<Sequence>,
    tree: Tree,
    hidden: Vec<f32>,
    /// The input of each layer.
    kept: Vec<Vec<f32>>,
}

impl PackedEngine {
    /// Puts an adapter beside the weights: that of `params`, or a fresh one from `seed`. One that was there is gone, and with it the
    /// reference and the optimizer's memory.
    ///
    /// # Errors
    /// `bad-input` when the number of parameters is not that of the adapter.
    pub fn adapt(&mut self, lora: LoraConfig, params: Option<Vec<f32>>, seed: u64) -> Result<()> {
        let config = &self.model.config;
        let params = params.unwrap_or_else(|| lora.init(config, seed));
        check_adapter(lora.count(config), params.len())?;
        let adapter = Adapter::new(lora, config, params);
        self.learner = Some(Learner { adapter, reference: None, optimizer: OptimizerState::default(), latest: None });
        self.rows.clear();
        Ok(())
    }

    /// The adapter, if there is one: its shape and its parameters.
    #[must_use]
    pub fn adapter(&self) -> Option<(&LoraConfig, &[f32])> {
        self.learner.as_ref().map(|learner| (&learner.adapter.lora, learner.adapter.params.as_slice()))
    }

    pub(super) fn learner(&mut self) -> Result<&mut Learner> {
        self.learner.as_mut().ok_or_else(no_adapter)
    }

    pub(super) fn set_params(&mut self, params: &[f32]) -> Result<()> {
        let learner = self.learner()?;
        check_adapter(learner.adapter.params.len(), params.len())?;
        learner.adapter.params.copy_from_slice(params);
        learner.latest = None;
        self.rows.clear();
        Ok(())
    }

    pub(super) fn freeze(&mut self, params: Option<&[f32]>) -> Result<()> {
        let learner = self.learner()?;
        let mut adapter = learner.adapter.clone();
        if let Some(params) = params {
            check_adapter(adapter.params.len(), params.len())?;
            adapter.params.copy_from_slice(params);
        }
        learner.reference = Some(if adapter.is_off() { None } else { Some(adapter) });
        Ok(())
    }

    pub(super) fn moments(&self) -> OptimizerState {
        self.learner.as_ref().map(|learner| learner.optimizer.clone()).unwrap_or_default()
    }

    pub(super) fn set_moments(&mut self, state: OptimizerState) -> Result<()> {
        let learner = self.learner()?;
        learner.optimizer = OptimizerState::default();
        if state.time > 0 {
            check_adapter(learner.adapter.params.len(), state.moment_1.len())?;
            check_adapter(learner.adapter.params.len(), state.moment_2.len())?;
            learner.optimizer = state;
        }
        Ok(())
    }

    /// Hidden states of a part of a batch, and the tree of its rows.
    async fn hidden(
        &self,
        sequences: &[Sequence],
        adapter: Option<&Adapter>,
        keep: Option<&mut Vec<Vec<f32>>>,
        pulse: &Pulse,
    ) -> Result<(Tree, Vec<f32>)> {
        let tree = Tree::plant(sequences);
        let rope = self.model.rope(tree.positions().max().unwrap_or(0) + 1);
        let mut x = Vec::with_capacity(tree.rows * self.model.config.hidden_size);
        for segment in &tree.segments {
            x.extend(self.inputs(&stretch(&sequences[segment.sequence].inputs, segment.positions.clone())));
        }
        Pass { model: &self.model, adapter, tree: &tree, rope: &rope }.forward(&mut x, keep, pulse).await?;
        Ok((tree, x))
    }

    pub(super) async fn scores(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        weights: Weights,
        pulse: &Pulse,
    ) -> Result<Scores> {
        check(&self.model.config, batch)?;
        let (mut latest, learner) = (None, self.learner.as_ref());
        let adapter = match weights {
            Weights::Current => learner.map(|learner| &learner.adapter),
            Weights::Reference => {
                learner.and_then(|learner| learner.reference.as_ref()).ok_or_else(no_reference)?.as_ref()
            }
        };
        let mut scores = Scores::default();
        let all = parts(batch, learning_rows(&self.model.config));
        let goes_on = learner.is_some() && weights == Weights::Current && all.len() == 1;
        for part in all {
            let pulse = pulse.share(&part, batch.len());
            let (sequences, mut kept) = (&batch[part], Vec::new());
            let layers = pulse.part(0.0, LAYERS);
            let (tree, hidden) = self.hidden(sequences, adapter, goes_on.then_some(&mut kept), &layers).await?;
            let head = pulse.part(LAYERS, 1.0);
            for (index, sequence) in sequences.iter().enumerate() {
                let actions = placed(&tree, index, sequence);
                let pulse = head.share(&(index..index + 1), sequences.len());
                let found = self.model.densities(&hidden, &actions, (scoring, true), &pulse).await?;
                scores.log_densities.push(found.iter().flat_map(|found| &found.densities).copied().collect());
                scores.entropies.push(found.iter().map(|found| found.entropy).collect());
            }
            latest = Some(Forward { sequences: sequences.to_vec(), tree, hidden, kept });
        }
        if let (true, Some(learner)) = (goes_on, &mut self.learner) {
            learner.latest = latest;
        }
        Ok(scores)
    }

    pub(super) async fn adapter_gradient(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        check(&self.model.config, batch)?;
        check_frozen(scoring)?;
        let mut latest = self.learner()?.latest.take();
        let adapter = &self.learner.as_ref().ok_or_else(no_adapter)?.adapter;
        let mut gradient = vec![0.0; adapter.params.len()];
        for part in parts(batch, learning_rows(&self.model.config)) {
            let pulse = pulse.share(&part, batch.len());
            let (first, sequences) = (part.start, &batch[part]);
            let Forward { tree, hidden, kept, .. } = match latest.take_if(|latest| latest.sequences == sequences) {
                Some(latest) => latest,
                None => {
                    let mut kept = Vec::with_capacity(self.model.config.num_hidden_layers);
                    let (tree, hidden) =
                        self.hidden(sequences, Some(adapter), Some(&mut kept), &pulse.part(0.0, FORWARD)).await?;
                    Forward { sequences: Vec::new(), tree, hidden, kept }
                }
            };
            let (mut d, mut pull, head) = (vec![0.0; hidden.len()], false, pulse.part(FORWARD, BACKWARD));
            for (index, sequence) in sequences.iter().enumerate() {
                let actions = placed(&tree, index, sequence);
                let pulse = &head.share(&(index..index + 1), sequences.len());
                let found = self.model.densities(&hidden, &actions, (scoring, false), &pulse.part(0.0, 0.3)).await?;
                let densities: Vec<f64> = found.iter().flat_map(|found| &found.densities).copied().collect();
                let slopes = loss(first + index, &densities);
                if slopes.are_zero() {
                    continue;
                }
                pull = true;
                let pulled = pulled(actions, &slopes);
                self.model.densities_backward(&hidden, &pulled, scoring, &mut d, &pulse.part(0.3, 1.0)).await?;
            }
            if !pull {
                continue;
            }
            let rope = self.model.rope(tree.positions().max().unwrap_or(0) + 1);
            let pass = Pass { model: &self.model, adapter: Some(adapter), tree: &tree, rope: &rope };
            pass.backward(adapter, kept, d, &mut gradient, &pulse.part(BACKWARD, 1.0)).await?;
        }
        Ok(gradient)
    }

    pub(super) async fn step(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        let gradient = self.adapter_gradient(batch, scoring, loss, pulse).await?;
        let Learner { adapter, optimizer: memory, .. } = self.learner()?;
        let report = clipped_step(optimizer, memory, &mut adapter.params, gradient);
        if report.applied {
            self.rows.clear();
        }
        Ok(report)
    }
}

/// The inputs of some positions.
fn stretch(inputs: &Blends, positions: std::ops::Range<usize>) -> Blends {
    let of = |width: usize| positions.start * width..positions.end * width;
    Blends {
        width: inputs.width,
        ids: inputs.ids[of(inputs.width)].to_vec(),
        weights: inputs.weights[of(inputs.width)].to_vec(),
        dim: inputs.dim,
        vectors: inputs.vectors[of(inputs.dim)].to_vec(),
    }
}

fn placed<'a>(tree: &Tree, index: usize, sequence: &'a Sequence) -> Vec<Placed<'a>> {
    let row = |(at, action)| (action, tree.row(index, sequence.first + at));
    sequence.actions.iter().enumerate().map(row).collect()
}

/// Actions with their slopes.
fn pulled<'a>(actions: Vec<Placed<'a>>, slopes: &'a Slopes) -> Vec<(Placed<'a>, Pull<'a>)> {
    let mut rest = slopes.densities.as_slice();
    let one = |(index, (action, row)): (usize, Placed<'a>)| {
        let (densities, after) = rest.split_at(action.scores());
        rest = after;
        let entropy = slopes.entropies.get(index).copied().unwrap_or(0.0);
        ((action, row), Pull { densities, entropy })
    };
    actions.into_iter().enumerate().map(one).collect()
}
