//! A run of reinforcement: start, step by step, checkpoint, resume. The same checkpoint gives the same steps.
//!
//! Not here: what a step does (`grpo.rs`, `soft_grpo.rs`), where checkpoints are kept (`bin/lab.rs`, the page).

use std::collections::BTreeMap;

use super::config::{Objective, TrainConfig};
use super::frame::{Frame, Outcome, Sample};
use super::metrics::Metrics;
use super::{grpo, soft_grpo};
use crate::decode::evaluate::{EvaluateRequest, Evaluation, evaluate};
pub use crate::engine::choose::Clock;
use crate::engine::{Engine, OptimizerState, Pulse};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::tasks::Split;
use crate::text::Tokenizer;
use crate::weights::safetensors;

/// What `kind` says in a checkpoint's metadata.
const KIND: &str = "soft-thinking-lab/run/1";
/// The seed of held-out evaluations during a run: the same questions and luck every time, so that changes are the model's.
const EVALUATION_SEED: u64 = 0x0e7a_15ed;

/// A run in progress.
pub struct Run {
    frame: Frame,
    clock: Clock,
    step: usize,
    num_tokens: usize,
    samples: Vec<Sample>,
}

impl Run {
    /// Checks the configuration, freezes the reference policy and clears the optimizer.
    ///
    /// # Errors
    /// `bad-input` naming the key and its range.
    pub async fn start<E: Engine>(
        engine: &mut E,
        tokenizer: Tokenizer,
        config: TrainConfig,
        clock: Clock,
    ) -> Result<Self> {
        let run = Self::prepare(engine, tokenizer, config, clock)?;
        engine.set_optimizer_state(OptimizerState::default()).await?;
        if run.frame.config.beta > 0.0 {
            engine.set_reference(None).await?;
        }
        Ok(run)
    }

    fn prepare<E: Engine>(engine: &E, tokenizer: Tokenizer, mut config: TrainConfig, clock: Clock) -> Result<Self> {
        config.validate(engine.config().vocab_size)?;
        let task = config.task()?;
        config.difficulty = Some(task.difficulty());
        config.max_completion_length = Some(config.max_length(task.as_ref()));
        Ok(Self { frame: Frame { config, task, tokenizer }, clock, step: 0, num_tokens: 0, samples: Vec::new() })
    }

    /// The configuration with every default filled in.
    #[must_use]
    pub fn config(&self) -> &TrainConfig {
        &self.frame.config
    }

    /// Training steps done.
    #[must_use]
    pub fn steps_done(&self) -> usize {
        self.step
    }

    /// Whether `max_steps` are done.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.step >= self.frame.config.max_steps
    }

    /// The completions of the newest step, groups side by side.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Held-out accuracy now, sampled as in training.
    ///
    /// # Errors
    /// The engine's, and `cancelled`.
    pub async fn evaluate<E: Engine>(&self, engine: &mut E, pulse: &Pulse) -> Result<Evaluation> {
        let config = &self.frame.config;
        let request = EvaluateRequest {
            task: self.frame.task.as_ref(),
            policy: &config.policy(),
            split: Split::HeldOut,
            questions: config.eval_questions,
            first_question: 0,
            samples: config.eval_samples,
            k: &[1, config.eval_samples],
            seed: EVALUATION_SEED,
            max_steps: config.max_length(self.frame.task.as_ref()),
        };
        evaluate(engine, &self.frame.tokenizer, &request, pulse, &mut |_, _| ()).await
    }

    /// One training step, and the evaluation when it is due. After a cancel the updates already made stand,
    /// and the step does not count.
    ///
    /// # Errors
    /// `not-finite` when no update of the step could be applied; the engine's; `cancelled`.
    pub async fn step<E: Engine>(&mut self, engine: &mut E, pulse: &Pulse) -> Result<Metrics> {
        let start = (self.clock)();
        let Outcome { mut metrics, samples } = match self.frame.config.objective {
            Objective::Grpo => grpo::step(engine, &self.frame, self.step, pulse).await?,
            Objective::SoftGrpo => soft_grpo::step(engine, &self.frame, self.step, pulse).await?,
        };
        let config = &self.frame.config;
        if metrics.skipped_updates == config.steps_per_generation * config.num_iterations {
            return Err(Error::NotFinite(format!(
                "every gradient of step {} was NaN or infinite; the model is as it was. Lower `learning_rate` ({})",
                self.step + 1,
                config.learning_rate
            )));
        }
        self.samples = samples;
        self.step += 1;
        self.num_tokens += metrics.num_tokens;
        let due = config.eval_steps > 0 && (self.step.is_multiple_of(config.eval_steps) || self.finished());
        if due {
            let evaluation = self.evaluate(engine, pulse).await?;
            metrics.val_pass_at_1 = Some(evaluation.pass_at_1);
            metrics.val_pass_at_k = evaluation.pass_at_k.last().map(|at| at.value);
        }
        metrics.step = self.step;
        metrics.num_tokens = self.num_tokens;
        metrics.step_time = (self.clock)() - start;
        Ok(metrics)
    }

    /// A checkpoint: parameters, reference, optimizer, configuration and position, as one safetensors file.
    /// `reference` are the parameters the run started from, `provenance` what the model's file said of itself.
    ///
    /// # Errors
    /// The engine's.
    pub async fn save<E: Engine>(
        &self,
        engine: &E,
        reference: &[f32],
        provenance: &BTreeMap<String, String>,
    ) -> Result<Vec<u8>> {
        let Position { params, optimizer, .. } = self.position(engine).await?;
        let train_config = json(&self.frame.config)?;
        let metadata = BTreeMap::from([
            ("kind".into(), KIND.into()),
            ("config".into(), engine.config().to_json()),
            ("tokenizer".into(), self.frame.tokenizer.to_json()?),
            ("train_config".into(), train_config),
            ("provenance".into(), json(provenance)?),
            ("step".into(), self.step.to_string()),
            ("num_tokens".into(), self.num_tokens.to_string()),
            ("optimizer_time".into(), optimizer.time.to_string()),
        ]);
        let shape = [params.len()];
        let empty = [optimizer.moment_1.len()];
        safetensors::write(
            &[
                safetensors::Tensor { name: "params", shape: &shape, data: &params },
                safetensors::Tensor { name: "reference", shape: &shape, data: reference },
                safetensors::Tensor { name: "optimizer.moment_1", shape: &empty, data: &optimizer.moment_1 },
                safetensors::Tensor { name: "optimizer.moment_2", shape: &empty, data: &optimizer.moment_2 },
            ],
            &metadata,
        )
    }

    /// Puts `engine` and a new run where [`Run::save`] left them.
    ///
    /// # Errors
    /// As [`SavedRun::read`]; `bad-input` when the run no longer validates.
    pub async fn resume<E: Engine>(engine: &mut E, saved: &SavedRun, clock: Clock) -> Result<Self> {
        let tokenizer = Tokenizer::from_json(&saved.tokenizer_json)?;
        let mut run = Self::prepare(engine, tokenizer, saved.train_config.clone(), clock)?;
        run.rewind(engine, &saved.reference, &saved.position).await?;
        Ok(run)
    }

    /// Where the run stands, in the host's memory: what [`Run::rewind`] goes back to.
    ///
    /// # Errors
    /// The engine's.
    pub async fn position<E: Engine>(&self, engine: &E) -> Result<Position> {
        let (step, num_tokens) = (self.step, self.num_tokens);
        Ok(Position {
            params: engine.read_params().await?,
            optimizer: engine.optimizer_state().await?,
            step,
            num_tokens,
        })
    }

    /// Puts the run and an engine, which may be a new one, to an earlier position.
    ///
    /// # Errors
    /// The engine's.
    pub async fn rewind<E: Engine>(&mut self, engine: &mut E, reference: &[f32], position: &Position) -> Result<()> {
        engine.set_reference(Some(reference)).await?;
        engine.write_params(&position.params).await?;
        engine.set_optimizer_state(position.optimizer.clone()).await?;
        (self.step, self.num_tokens) = (position.step, position.num_tokens);
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::bad_input(format!("the checkpoint cannot be written: {e}")))
}

/// Where a run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    pub params: Vec<f32>,
    pub optimizer: OptimizerState,
    pub step: usize,
    pub num_tokens: usize,
}

/// A checkpoint, read and checked.
#[derive(Clone, Debug)]
pub struct SavedRun {
    pub config: ModelConfig,
    pub tokenizer_json: String,
    pub train_config: TrainConfig,
    /// What the model's file said of itself.
    pub provenance: BTreeMap<String, String>,
    /// The parameters the run started from.
    pub reference: Vec<f32>,
    pub position: Position,
}

impl SavedRun {
    /// # Errors
    /// `bad-weights` naming the field that is missing or wrong.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let file = safetensors::read(bytes)?;
        let text = |key: &str| -> Result<&String> {
            file.metadata.get(key).ok_or_else(|| Error::bad_weights(key, "missing; this is no checkpoint of a run"))
        };
        if text("kind")? != KIND {
            return Err(Error::bad_weights("kind", format!("expected {KIND}")));
        }
        let number = |key: &str| -> Result<usize> {
            text(key)?.parse().map_err(|_| Error::bad_weights(key, "expected a whole number"))
        };
        let numbers = |name: &str| -> Result<Vec<f32>> {
            let values = file.tensor(name)?.to_f32();
            match values.iter().all(|v| v.is_finite()) {
                true => Ok(values),
                false => Err(Error::bad_weights(name, "holds NaN or infinite numbers")),
            }
        };
        let config = ModelConfig::from_json(text("config")?)?;
        let (params, reference) = (numbers("params")?, numbers("reference")?);
        let expected = crate::model::params::count(&config);
        for (name, values) in [("params", &params), ("reference", &reference)] {
            if values.len() != expected {
                return Err(Error::bad_weights(
                    name,
                    format!("{} numbers; the configuration has {expected}", values.len()),
                ));
            }
        }
        let parse = |key: &'static str| move |e: serde_json::Error| Error::bad_weights(key, e.to_string());
        let train_config = serde_json::from_str(text("train_config")?).map_err(parse("train_config"))?;
        let provenance = serde_json::from_str(text("provenance")?).map_err(parse("provenance"))?;
        Ok(Self {
            tokenizer_json: text("tokenizer")?.clone(),
            train_config,
            provenance,
            position: Position {
                params,
                optimizer: OptimizerState {
                    time: number("optimizer_time")?,
                    moment_1: numbers("optimizer.moment_1")?,
                    moment_2: numbers("optimizer.moment_2")?,
                },
                step: number("step")?,
                num_tokens: number("num_tokens")?,
            },
            config,
            reference,
        })
    }
}
