//! Where a run stands, as data and as a file: parameters (an adapter's alone, where one learns), reference, optimizer, configuration, watch and position.
//!
//! Not here: what moves it (`run.rs`), where files are kept (`bin/lab`, the page).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::TrainConfig;
use super::run::{Clock, Run};
use super::watch::Watch;
use crate::engine::{Engine, OptimizerState};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::tasks::Task;
use crate::text::Tokenizer;
use crate::weights::safetensors;

/// What `kind` says in a checkpoint's metadata.
const KIND: &str = "soft-thinking-lab/run/1";

/// Where a run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    pub params: Vec<f32>,
    pub optimizer: OptimizerState,
    pub step: usize,
    pub num_tokens: usize,
    /// The parameters of the reference policy: those the run started from, unless `sync_ref_model` moves them.
    pub reference: Arc<Vec<f32>>,
}

/// A checkpoint, read and checked.
#[derive(Clone, Debug)]
pub struct SavedRun {
    pub config: ModelConfig,
    /// Nothing for a language model, whose file has it.
    pub tokenizer_json: Option<String>,
    pub train_config: TrainConfig,
    /// What the model's file said of itself.
    pub provenance: BTreeMap<String, String>,
    pub watch: Watch,
    pub position: Position,
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::bad_input(format!("the checkpoint cannot be written: {e}")))
}

impl SavedRun {
    /// The tokenizer of a small model.
    ///
    /// # Errors
    /// `bad-input` where the run was a language model's, `bad-weights` where it cannot be read.
    pub fn tokenizer(&self) -> Result<Tokenizer> {
        let text = "this is the run of a language model's adapter: load that model first";
        Tokenizer::from_json(self.tokenizer_json.as_ref().ok_or_else(|| Error::bad_input(text))?)
    }

    /// One safetensors file.
    ///
    /// # Errors
    /// `bad-input` if something cannot be written as JSON.
    pub fn write(&self) -> Result<Vec<u8>> {
        let Position { params, optimizer, step, num_tokens, reference } = &self.position;
        let mut metadata = BTreeMap::from([
            ("kind".into(), KIND.into()),
            ("config".into(), self.config.to_json()),
            ("train_config".into(), json(&self.train_config)?),
            ("provenance".into(), json(&self.provenance)?),
            ("watch".into(), json(&self.watch)?),
            ("step".into(), step.to_string()),
            ("num_tokens".into(), num_tokens.to_string()),
            ("optimizer_time".into(), optimizer.time.to_string()),
        ]);
        metadata.extend(self.tokenizer_json.iter().map(|json| ("tokenizer".to_owned(), json.clone())));
        let shape = [params.len()];
        let empty = [optimizer.moment_1.len()];
        safetensors::write(
            &[
                safetensors::Tensor { name: "params", shape: &shape, data: params },
                safetensors::Tensor { name: "reference", shape: &shape, data: reference },
                safetensors::Tensor { name: "optimizer.moment_1", shape: &empty, data: &optimizer.moment_1 },
                safetensors::Tensor { name: "optimizer.moment_2", shape: &empty, data: &optimizer.moment_2 },
            ],
            &metadata,
        )
    }

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
        let parse = |key: &'static str| move |e: serde_json::Error| Error::bad_weights(key, e.to_string());
        let train_config: TrainConfig = serde_json::from_str(text("train_config")?).map_err(parse("train_config"))?;
        let expected = match train_config.names_adapter() {
            true => train_config.lora(None)?.count(&config),
            false => crate::model::params::count(&config),
        };
        for (name, values) in [("params", &params), ("reference", &reference)] {
            if values.len() != expected {
                return Err(Error::bad_weights(
                    name,
                    format!("{} numbers; the configuration has {expected}", values.len()),
                ));
            }
        }
        let provenance = serde_json::from_str(text("provenance")?).map_err(parse("provenance"))?;
        let watch = match file.metadata.get("watch") {
            Some(watch) => serde_json::from_str(watch).map_err(parse("watch"))?,
            None => Watch::default(), // of before there was one
        };
        Ok(Self {
            tokenizer_json: match train_config.names_adapter() {
                true => None,
                false => Some(text("tokenizer")?.clone()),
            },
            train_config,
            provenance,
            watch,
            position: Position {
                params,
                optimizer: OptimizerState {
                    time: number("optimizer_time")?,
                    moment_1: numbers("optimizer.moment_1")?,
                    moment_2: numbers("optimizer.moment_2")?,
                },
                step: number("step")?,
                num_tokens: number("num_tokens")?,
                reference: Arc::new(reference),
            },
            config,
        })
    }
}

impl Run {
    /// A checkpoint of the run as it stands. `provenance`: what the model's file said of itself.
    ///
    /// # Errors
    /// The engine's.
    pub async fn save<E: Engine>(&self, engine: &E, provenance: &BTreeMap<String, String>) -> Result<Vec<u8>> {
        self.saved(engine, self.position(engine).await?, self.watch.clone(), provenance)?.write()
    }

    /// A checkpoint of the run's best moment, if one was kept.
    ///
    /// # Errors
    /// `bad-input` if it cannot be written.
    pub fn save_best<E: Engine>(&self, engine: &E, provenance: &BTreeMap<String, String>) -> Result<Option<Vec<u8>>> {
        let Some(position) = self.best().cloned() else { return Ok(None) };
        Ok(Some(self.saved(engine, position, self.watch.rearmed(), provenance)?.write()?))
    }

    fn saved<E: Engine>(
        &self,
        engine: &E,
        position: Position,
        watch: Watch,
        provenance: &BTreeMap<String, String>,
    ) -> Result<SavedRun> {
        Ok(SavedRun {
            config: engine.config().clone(),
            tokenizer_json: match self.frame.config.names_adapter() {
                true => None,
                false => Some(self.frame.tokenizer.to_json()?),
            },
            train_config: self.frame.config.clone(),
            provenance: provenance.clone(),
            watch,
            position,
        })
    }

    /// Puts `engine` and a new run where [`Run::save`] left them.
    ///
    /// # Errors
    /// As [`SavedRun::read`]; `bad-input` when the run no longer validates.
    pub async fn resume<E: Engine>(engine: &mut E, saved: &SavedRun, clock: Clock) -> Result<Self> {
        let task = saved.train_config.task()?;
        Self::resume_on(engine, saved, task, clock).await
    }

    /// As [`Run::resume`], on a task at hand, which may be one that only its lab knows.
    ///
    /// # Errors
    /// As there.
    pub async fn resume_on<E: Engine>(
        engine: &mut E,
        saved: &SavedRun,
        task: Box<dyn Task>,
        clock: Clock,
    ) -> Result<Self> {
        Self::resume_with(engine, saved, saved.tokenizer()?, task, clock).await
    }

    /// As [`Run::resume_on`], with the tokenizer at hand: that of a language model, which checkpoints do not hold.
    ///
    /// # Errors
    /// As there.
    pub async fn resume_with<E: Engine>(
        engine: &mut E,
        saved: &SavedRun,
        tokenizer: Tokenizer,
        task: Box<dyn Task>,
        clock: Clock,
    ) -> Result<Self> {
        let mut run = Self::prepare(engine, tokenizer, saved.train_config.clone(), task, clock)?;
        run.watch = saved.watch.clone();
        run.rewind(engine, &saved.position).await?;
        if run.watch.kept().is_some_and(|kept| kept.step == run.step) {
            run.best = Some(saved.position.clone());
        }
        Ok(run)
    }

    /// Where the run stands, in the host's memory: what [`Run::rewind`] goes back to.
    ///
    /// # Errors
    /// The engine's.
    pub async fn position<E: Engine>(&self, engine: &E) -> Result<Position> {
        let (step, num_tokens, reference) = (self.step, self.num_tokens, self.reference.clone());
        let (params, optimizer) = (engine.read_params().await?, engine.optimizer_state().await?);
        Ok(Position { params, optimizer, step, num_tokens, reference })
    }

    /// Puts the run and an engine, which may be a new one, to an earlier position.
    ///
    /// # Errors
    /// The engine's.
    pub async fn rewind<E: Engine>(&mut self, engine: &mut E, position: &Position) -> Result<()> {
        engine.set_reference(Some(&position.reference)).await?;
        engine.write_params(&position.params).await?;
        engine.set_optimizer_state(position.optimizer.clone()).await?;
        (self.step, self.num_tokens) = (position.step, position.num_tokens);
        self.reference = position.reference.clone();
        Ok(())
    }
}
