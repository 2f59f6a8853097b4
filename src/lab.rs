//! The façade: one model, one engine, one run at a time, and every operation the doors offer.
//!
//! Not here: JavaScript (`wasm/`), the terminal (`bin/lab.rs`), anything that computes.

mod adapter;
mod bench;
mod diagnose;
mod experiment;
mod large;
mod messages;
mod own;
mod recover;
mod think;
mod training;

use std::collections::BTreeMap;

pub use bench::{BenchOptions, BenchReport, Cost, bench};
pub use diagnose::DiagnoseOptions;
pub use experiment::{ArmOptions, ArmStep};
pub use messages::{EvaluateOptions, ModelInfo, Notice, SampleInfo, SampleStep, ThinkOptions, ThinkResult, ThinkStep};
pub use think::AskOptions;

pub use crate::engine::choose::{EngineChoice, EngineInfo, EngineKind};

use crate::decode::evaluate::{EvaluateRequest, Evaluation, evaluate};
use crate::engine::choose::{self, CompileListener};
use crate::engine::{AnyEngine, Engine as _, Pulse};
use crate::error::{Error, Result};
use crate::experiment::ArmRun;
use crate::tasks::Split;
use crate::tasks::own::OwnTasks;
use crate::text::Tokenizer;
use crate::train::run::{Clock, Position, Run};
use crate::weights::{Checkpoint, QuantKind};

/// A loaded model on its engine.
struct Model {
    engine: AnyEngine,
    info: EngineInfo,
    tokenizer: Tokenizer,
    metadata: BTreeMap<String, String>,
    /// The last good state, should the engine be lost.
    kept: Position,
    /// When the GPU was lost, on the lab's clock.
    lost_at: Option<f64>,
}

/// See the module.
pub struct Lab {
    choice: EngineChoice,
    seed: u64,
    clock: Clock,
    model: Option<Model>,
    run: Option<Run>,
    /// The run of an experiment that `run` is part of.
    arm: Option<ArmRun>,
    notices: Vec<Notice>,
    own: OwnTasks,
}

impl Lab {
    /// A lab without a model. Without a seed, one is drawn from the system. The engine is opened with the first model.
    ///
    /// # Errors
    /// `bad-input` where no seed is to be had.
    pub fn new(choice: EngineChoice, seed: Option<u64>, clock: Clock) -> Result<Self> {
        let seed = match seed {
            Some(seed) => seed,
            // 53 bits, so that JavaScript can show and repeat it.
            None => {
                getrandom::u64()
                    .map_err(|e| Error::bad_input(format!("no random seed to be had ({e}); pass `seed`")))?
                    >> 11
            }
        };
        let (notices, own) = (Vec::new(), OwnTasks::default());
        Ok(Self { choice, seed, clock, model: None, run: None, arm: None, notices, own })
    }

    /// As [`Lab::new`], and where the GPU is demanded it is looked for at once.
    ///
    /// # Errors
    /// `no-webgpu`, `no-adapter`: the GPU engine cannot run here.
    pub async fn open(choice: EngineChoice, seed: Option<u64>, clock: Clock) -> Result<Self> {
        if choice == EngineChoice::Gpu {
            choose::adapter().await?;
        }
        Self::new(choice, seed, clock)
    }

    /// The seed that thoughts and runs take when they are given none.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Reads a GGUF or safetensors file. A lab that already has a model keeps it if the new one is refused.
    ///
    /// # Errors
    /// `bad-weights` naming the field; with the GPU engine demanded also what keeps it from working.
    pub async fn load(&mut self, bytes: &[u8], on_compile: &mut CompileListener<'_>) -> Result<ModelInfo> {
        let info = self.load_checkpoint(crate::weights::read(bytes)?, on_compile).await?;
        self.keep_packed(bytes).await?;
        Ok(info)
    }

    /// On a real GPU a quantized file stays packed until something is learned: fewer bytes to hold and to read. A processor that
    /// plays a GPU multiplies unpacked weights faster.
    async fn keep_packed(&mut self, bytes: &[u8]) -> Result<()> {
        #[cfg(feature = "gpu")]
        if let Some(Model { engine: AnyEngine::Gpu(engine), info, .. }) = &mut self.model
            && info.software == Some(false)
            && let Some(packed) = crate::weights::read_packed(bytes)?
        {
            engine.pack(packed).await?;
        }
        #[cfg(not(feature = "gpu"))]
        let _ = bytes;
        Ok(())
    }

    /// As [`Lab::load`], from a checkpoint in memory.
    ///
    /// # Errors
    /// `bad-weights` when tokenizer and vocabulary do not fit each other.
    pub async fn load_checkpoint(
        &mut self,
        checkpoint: Checkpoint,
        on_compile: &mut CompileListener<'_>,
    ) -> Result<ModelInfo> {
        let tokenizer = match &checkpoint.tokenizer_json {
            Some(json) => Tokenizer::from_json(json)?,
            None => Tokenizer::lab()?,
        };
        let (config, words) = (&checkpoint.config, tokenizer.vocab_size());
        if words > config.vocab_size {
            let rows = config.vocab_size;
            return Err(Error::bad_weights(
                "vocab_size",
                format!("the model has {rows} tokens, its tokenizer {words}"),
            ));
        }
        let (engine, info) = choose::open(self.choice, config, &checkpoint.params, self.clock, on_compile).await?;
        let model_info = ModelInfo::new(&checkpoint, &tokenizer, info.clone());
        let Checkpoint { params, metadata, .. } = checkpoint;
        let kept = Position { params, ..Position::default() };
        (self.run, self.arm) = (None, None);
        self.model = Some(Model { engine, info, tokenizer, metadata, kept, lost_at: None });
        Ok(model_info)
    }

    /// What computes the model, and why; nothing before a model is loaded.
    #[must_use]
    pub fn engine_info(&self) -> Option<&EngineInfo> {
        self.model.as_ref().map(|model| &model.info)
    }

    /// For people: what computes.
    #[must_use]
    pub fn engine_name(&self) -> String {
        match (self.engine_info(), self.choice) {
            (Some(info), _) => info.name.clone(),
            (None, EngineChoice::Cpu) => "CPU (Burn flex)".into(),
            (None, EngineChoice::Gpu) => "GPU (WGSL)".into(),
            #[cfg(feature = "burn-wgpu")]
            (None, EngineChoice::BurnWgpu) => "GPU (Burn on wgpu)".into(),
            (None, EngineChoice::Auto) => "chosen when a model is loaded".into(),
        }
    }

    /// What happened since the last call that a user should hear of.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    fn model(&mut self) -> Result<&mut Model> {
        self.model.as_mut().ok_or_else(|| Error::NotReady("no model is loaded yet; load one first".into()))
    }

    /// Estimates pass@k and more on held-out questions.
    ///
    /// # Errors
    /// `bad-input`, `not-ready`, `cancelled`.
    pub async fn evaluate(
        &mut self,
        options: &EvaluateOptions,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Evaluation> {
        loop {
            match self.evaluate_once(options, pulse, on_progress).await {
                Err(error) => self.recover(error).await?,
                done => return done,
            }
        }
    }

    async fn evaluate_once(
        &mut self,
        options: &EvaluateOptions,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Evaluation> {
        let seed = options.seed.unwrap_or(self.seed);
        let task = self.own.task(&options.task, options.difficulty)?;
        let split = options.split.unwrap_or(Split::HeldOut);
        let model = self.model()?;
        let request = EvaluateRequest {
            task: task.as_ref(),
            policy: &options.policy,
            split,
            questions: options.questions,
            first_question: options.first_question,
            samples: options.samples,
            k: &options.k,
            seed,
            max_steps: options.max_steps.unwrap_or_else(|| task.max_completion_length(split)),
        };
        evaluate(&mut model.engine, &model.tokenizer, &request, pulse, on_progress).await
    }

    /// The model as it is now.
    ///
    /// # Errors
    /// `not-ready` without a model.
    pub async fn checkpoint(&mut self) -> Result<Checkpoint> {
        let trained = self.run.as_ref().map(|run| (run.steps_done(), serde_json::to_string(run.config())));
        let model = self.model()?;
        let mut metadata = model.metadata.clone();
        if let Some((steps, Ok(config))) = trained {
            metadata.insert("train_steps".into(), steps.to_string());
            metadata.insert("train_config".into(), config);
        }
        Ok(Checkpoint {
            config: model.engine.config().clone(),
            params: model.engine.read_params().await?,
            tokenizer_json: Some(model.tokenizer.to_json()?),
            metadata,
        })
    }

    /// The model as a file: `safetensors` (F32) or `gguf` (Q8_0).
    ///
    /// # Errors
    /// `bad-input` for another format; `not-ready` without a model.
    pub async fn export(&mut self, format: &str) -> Result<Vec<u8>> {
        let checkpoint = self.checkpoint().await?;
        match format {
            "safetensors" => checkpoint.to_safetensors(),
            "gguf" => checkpoint.to_gguf(QuantKind::Q8_0),
            other => Err(Error::bad_input(format!("`format` must be \"safetensors\" or \"gguf\"; got \"{other}\""))),
        }
    }
}
