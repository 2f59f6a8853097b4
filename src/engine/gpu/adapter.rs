//! The adapter beside weights that stay in blocks on the device: put there, read, frozen as a reference, and the optimizer's memory of it.
//!
//! Not here: its gradient (`learn_beside.rs`), what it adds to products (`calls/beside.rs`), its shape (`model/lora.rs`).

use super::calls::{Beside, Frozen};
use super::recorder::Recorder;
use super::slots::Slot;
use super::{Capacity, GpuEngine};
use crate::engine::OptimizerState;
use crate::engine::check::{check_adapter, no_adapter};
use crate::error::{Error, Result};
use crate::model::lora::LoraConfig;

impl GpuEngine {
    /// Puts an adapter beside the weights: that of `params`, or a fresh one from `seed`. One that was there is gone, and with it the
    /// reference and the optimizer's memory.
    ///
    /// # Errors
    /// `bad-input` when the number of parameters is not that of the adapter, or the weights are not in blocks for good; `out-of-memory`.
    pub async fn adapt(&mut self, lora: LoraConfig, params: Option<Vec<f32>>, seed: u64) -> Result<()> {
        if !self.is_frozen() {
            return Err(Error::bad_input(
                "adapters go with a language model's file (GGUF); this model learns as a whole",
            ));
        }
        let params = params.unwrap_or_else(|| lora.init(&self.config, seed));
        check_adapter(lora.count(&self.config), params.len())?;
        let beside = Beside::new(lora, &self.config);
        let need = Capacity { adapter: params.len(), ranks: beside.ranks(), ..Capacity::default() };
        self.make_room(&need).await?;
        self.adapter_off = beside.places().are_off(&params);
        self.forward = self.forward.with_adapter(Some(beside));
        self.gpu.write(self.workspace.buffer(Slot::Adapter)?, 0, bytemuck::cast_slice(&params));
        self.forget_moments();
        self.alive.clear();
        Ok(())
    }

    /// The shape of the adapter, if there is one.
    #[must_use]
    pub fn lora(&self) -> Option<&LoraConfig> {
        self.forward.adapter().map(Beside::lora)
    }

    pub(super) fn adapter(&self) -> Result<&Beside> {
        self.forward.adapter().ok_or_else(no_adapter)
    }

    /// How many parameters it has.
    pub(super) fn adapter_count(&self) -> Result<usize> {
        Ok(self.adapter()?.lora().count(&self.config))
    }

    pub(super) async fn read_adapter(&self) -> Result<Vec<f32>> {
        self.copy_out_f32(Slot::Adapter, self.adapter_count()?).await
    }

    pub(super) fn write_adapter(&mut self, params: &[f32]) -> Result<()> {
        check_adapter(self.adapter_count()?, params.len())?;
        self.gpu.write(self.workspace.buffer(Slot::Adapter)?, 0, bytemuck::cast_slice(params));
        self.adapter_off = self.adapter()?.places().are_off(params);
        self.alive.clear();
        Ok(())
    }

    /// Freezes a copy of `params`, or of the adapter as it is. One that changes nothing needs no copy.
    pub(super) async fn freeze_adapter(&mut self, params: Option<&[f32]>) -> Result<()> {
        let count = self.adapter_count()?;
        let off = match params {
            Some(params) => {
                check_adapter(count, params.len())?;
                self.adapter()?.places().are_off(params)
            }
            None => self.adapter_off,
        };
        if !off {
            let sizes = [(Slot::AdapterReference, self.capacity.adapter)];
            let made = self.workspace.grow_to(&self.gpu, &sizes).await?;
            self.programs.forget(&made);
            let reference = self.workspace.buffer(Slot::AdapterReference)?;
            match params {
                Some(params) => self.gpu.write(reference, 0, bytemuck::cast_slice(params)),
                None => {
                    let mut recorder = Recorder::new(&self.gpu);
                    recorder.copy(self.workspace.buffer(Slot::Adapter)?, reference, 4 * count as u64);
                    recorder.submit();
                }
            }
        }
        let reference = if off { Frozen::Off } else { Frozen::On };
        self.forward = self.forward.with_adapter(Some(self.adapter()?.clone().with_reference(reference)));
        Ok(())
    }

    pub(super) async fn adapter_moments(&self) -> Result<OptimizerState> {
        let len = self.adapter_count()?;
        Ok(OptimizerState {
            time: self.time,
            moment_1: self.copy_out_f32(Slot::Moment1, len).await?,
            moment_2: self.copy_out_f32(Slot::Moment2, len).await?,
        })
    }

    pub(super) async fn set_adapter_moments(&mut self, state: &OptimizerState) -> Result<()> {
        let len = self.adapter_count()?;
        if state.time == 0 {
            self.forget_moments();
            return Ok(());
        }
        check_adapter(len, state.moment_1.len())?;
        check_adapter(len, state.moment_2.len())?;
        let (beside, tile) = (self.capacity.beside.max(1), self.capacity.tile.max(1));
        self.make_room(&Capacity { beside, tile, ..Capacity::default() }).await?;
        self.gpu.write(self.workspace.buffer(Slot::Moment1)?, 0, bytemuck::cast_slice(&state.moment_1));
        self.gpu.write(self.workspace.buffer(Slot::Moment2)?, 0, bytemuck::cast_slice(&state.moment_2));
        self.time = state.time;
        Ok(())
    }

    /// A new memory, in the place of what an earlier run left there; where there was none, it begins with zeros anyway.
    fn forget_moments(&mut self) {
        self.time = 0;
        let mut recorder = Recorder::new(&self.gpu);
        for moment in [Slot::Moment1, Slot::Moment2] {
            if let Ok(buffer) = self.workspace.buffer(moment) {
                recorder.clear(buffer, None);
            }
        }
        recorder.submit();
    }
}
