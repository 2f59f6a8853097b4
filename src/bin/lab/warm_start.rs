//! `lab warm-start`: a fresh model, supervised chains, a GGUF with its provenance beside it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use soft_thinking_lab::decode::evaluate::{EvaluateRequest, Evaluation, evaluate};
use soft_thinking_lab::decode::{DiscreteSettings, Policy, SoftSettings};
use soft_thinking_lab::engine::choose::{self, EngineChoice};
use soft_thinking_lab::engine::{AnyEngine, Engine as _, OptimizerState};
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::tasks::{Split, Task, task};
use soft_thinking_lab::text::Tokenizer;
use soft_thinking_lab::train::warm_start::{WarmStartConfig, warm_start_step};
use soft_thinking_lab::weights::{Checkpoint, QuantKind, safetensors};

use crate::files;
use crate::terminal::{Terminal, clock};

/// Checkpoints are written this often.
const CHECKPOINT_STEPS: usize = 200;

#[derive(clap::Args)]
pub struct Arguments {
    /// The task, such as chain_sum, or mix for all of them
    #[arg(long)]
    task: String,
    /// Its difficulty; the task's default when not given
    #[arg(long)]
    difficulty: Option<u32>,
    /// Size of the model: nano (0.1 M parameters), micro (1 M) or mini (10 M)
    #[arg(long, default_value = "nano")]
    preset: String,
    /// The GGUF to write; `<OUT>.json` beside it says where it came from
    #[arg(long)]
    out: PathBuf,
    /// How its weights are stored: q8_0, q4_0, q4_1, f16, f32
    #[arg(long, default_value = "q8_0")]
    quantize: String,
    /// Updates
    #[arg(long, default_value_t = WarmStartConfig::default().max_steps)]
    steps: usize,
    /// Worked chains per update
    #[arg(long, default_value_t = WarmStartConfig::default().batch_size)]
    batch_size: usize,
    /// Peak learning rate
    #[arg(long, default_value_t = WarmStartConfig::default().learning_rate)]
    learning_rate: f64,
    /// Chance that the teacher slips at a worked step
    #[arg(long, default_value_t = WarmStartConfig::default().slip)]
    slip: f64,
    /// Updates before the teacher becomes careless
    #[arg(long, default_value_t = WarmStartConfig::default().careful_steps)]
    careful_steps: usize,
    /// Seed of parameters and questions
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Held-out questions of the closing evaluation, 32 samples each
    #[arg(long, default_value_t = 128)]
    questions: usize,
    /// Go on from the checkpoint left by an interrupted run with the same arguments
    #[arg(long)]
    resume: bool,
    /// Recorded in the provenance as the commit that trained the model
    #[arg(long, env = "LAB_COMMIT")]
    commit: Option<String>,
}

struct Trainer {
    engine: AnyEngine,
    tokenizer: Tokenizer,
    task: Box<dyn Task>,
    config: WarmStartConfig,
    model: ModelConfig,
    checkpoint: PathBuf,
}

pub async fn run(arguments: Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let kind = QuantKind::from_name(&arguments.quantize)?;
    let config = WarmStartConfig {
        max_steps: arguments.steps,
        batch_size: arguments.batch_size,
        learning_rate: arguments.learning_rate,
        slip: arguments.slip,
        careful_steps: arguments.careful_steps,
        seed: arguments.seed,
        ..WarmStartConfig::default()
    };
    config.validate()?;
    let tokenizer = Tokenizer::lab()?;
    let marks = tokenizer.marks();
    let mut model = ModelConfig::preset(&arguments.preset, tokenizer.vocab_size())?;
    (model.eos_token_id, model.pad_token_id) = (Some(marks.end_answer), Some(marks.pad));
    let params = params::init(&model, arguments.seed);
    let (engine, _) = choose::open(engine, &model, &params, clock, &mut |_, _| ()).await?;
    let checkpoint = arguments.out.with_extension("checkpoint");
    let task = task(&arguments.task, arguments.difficulty)?;
    let mut trainer = Trainer { engine, tokenizer, task, config, model, checkpoint };
    let first = if arguments.resume { trainer.resume().await? } else { 0 };
    trainer.train(first, terminal).await?;
    trainer.finish(&arguments, kind, terminal).await
}

impl Trainer {
    async fn train(&mut self, first: usize, terminal: &Terminal) -> Result<()> {
        let Self { config, .. } = self;
        let bar = terminal.bar(config.max_steps, "warm start");
        bar.set_position(first as u64);
        let config = config.clone();
        for step in first..config.max_steps {
            let pulse = terminal.pulse();
            let loss =
                warm_start_step(&mut self.engine, &self.tokenizer, self.task.as_ref(), &config, step, pulse).await;
            let loss = match loss {
                Err(Error::Cancelled) => {
                    self.save(step).await?;
                    terminal.say(format!("stopped after {step} updates; go on with --resume"));
                    return Err(Error::Cancelled);
                }
                other => other?,
            };
            bar.set_message(format!("loss {loss:.4} nats"));
            bar.inc(1);
            if (step + 1) % CHECKPOINT_STEPS == 0 {
                self.save(step + 1).await?;
                terminal.object(&serde_json::json!({ "step": step + 1, "loss": loss, "seconds": clock() }));
            }
        }
        bar.finish();
        Ok(())
    }

    async fn save(&self, step: usize) -> Result<()> {
        let params = self.engine.read_params().await?;
        let state = self.engine.optimizer_state().await?;
        let metadata = BTreeMap::from([
            ("step".to_string(), step.to_string()),
            ("optimizer_time".to_string(), state.time.to_string()),
            ("warm_start".to_string(), json(&self.config)?),
            ("config".to_string(), self.model.to_json()),
        ]);
        let (len, moments) = ([params.len()], [state.moment_1.len()]);
        let tensors = [
            safetensors::Tensor { name: "params", shape: &len, data: &params },
            safetensors::Tensor { name: "moment_1", shape: &moments, data: &state.moment_1 },
            safetensors::Tensor { name: "moment_2", shape: &moments, data: &state.moment_2 },
        ];
        files::write(&self.checkpoint, &safetensors::write(&tensors, &metadata)?)
    }

    async fn resume(&mut self) -> Result<usize> {
        let bytes = files::bytes(&self.checkpoint)?;
        let file = safetensors::read(&bytes)?;
        let text = |key: &str| file.metadata.get(key).cloned().ok_or_else(|| Error::bad_weights(key, "missing"));
        let number = |key: &str| text(key)?.parse::<usize>().map_err(|_| Error::bad_weights(key, "no whole number"));
        if text("warm_start")? != json(&self.config)? || text("config")? != self.model.to_json() {
            return Err(Error::bad_input("--resume needs the arguments of the interrupted run"));
        }
        self.engine.write_params(&file.tensor("params")?.to_f32()).await?;
        let (moment_1, moment_2) = (file.tensor("moment_1")?.to_f32(), file.tensor("moment_2")?.to_f32());
        let state = OptimizerState { time: number("optimizer_time")?, moment_1, moment_2 };
        self.engine.set_optimizer_state(state).await?;
        number("step")
    }

    /// Writes the quantized model, reads it back as a user would, and measures that.
    async fn finish(mut self, arguments: &Arguments, kind: QuantKind, terminal: &Terminal) -> Result<()> {
        let commit = arguments.commit.clone().unwrap_or_else(|| "unknown".into());
        let command = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
        let metadata = BTreeMap::from([
            ("task".to_string(), self.task.name().to_string()),
            ("difficulty".to_string(), self.task.difficulty().to_string()),
            ("command".to_string(), format!("lab {command}")),
            ("commit".to_string(), commit.clone()),
            ("seed".to_string(), arguments.seed.to_string()),
        ]);
        let checkpoint = Checkpoint {
            config: self.model.clone(),
            params: self.engine.read_params().await?,
            tokenizer_json: Some(self.tokenizer.to_json()?),
            metadata,
        };
        let bytes = checkpoint.to_gguf(kind)?;
        let stored = soft_thinking_lab::weights::read(&bytes)?;
        self.engine.write_params(&stored.params).await?;
        let soft = self.evaluate(&Policy::Soft(SoftSettings::default()), arguments.questions, terminal).await?;
        let discrete =
            self.evaluate(&Policy::Discrete(DiscreteSettings::default()), arguments.questions, terminal).await?;
        let provenance = serde_json::json!({
            "task": self.task.name(),
            "difficulty": self.task.difficulty(),
            "command": format!("lab {command}"),
            "commit": commit,
            "seed": arguments.seed,
            "warm_start": self.config,
            "preset": arguments.preset,
            "parameters": checkpoint.params.len(),
            "bytes": bytes.len(),
            "held_out": { "soft": soft, "discrete": discrete },
        });
        files::write(&arguments.out, &bytes)?;
        let pretty = serde_json::to_string_pretty(&provenance).map_err(|e| Error::Io(e.to_string()))?;
        files::write(&arguments.out.with_extension("json"), format!("{pretty}\n").as_bytes())?;
        if self.checkpoint.exists() {
            std::fs::remove_file(&self.checkpoint)?;
        }
        terminal.object(&provenance);
        for (name, e) in [("soft", &soft), ("discrete", &discrete)] {
            let at = |k| e.pass_at_k.iter().find(|at| at.k == k).map_or(f64::NAN, |at| at.value);
            terminal.say(format!(
                "held out, {name}: pass@1 {:.3}, pass@32 {:.3}, majority {:.3}",
                at(1),
                at(32),
                e.majority
            ));
        }
        terminal.say(format!("{} ({} bytes)", arguments.out.display(), bytes.len()));
        Ok(())
    }

    async fn evaluate(&mut self, policy: &Policy, questions: usize, terminal: &Terminal) -> Result<Evaluation> {
        let bar = terminal.bar(questions, "evaluate");
        let request = EvaluateRequest {
            task: self.task.as_ref(),
            policy,
            split: Split::HeldOut,
            questions,
            first_question: 0,
            samples: 32,
            k: &[1, 2, 4, 8, 16, 32],
            seed: 0,
            max_steps: self.task.max_completion_length(Split::HeldOut),
        };
        let tick = &mut |done: usize, _: usize| bar.set_position(done as u64);
        let evaluation = evaluate(&mut self.engine, &self.tokenizer, &request, terminal.pulse(), tick).await?;
        bar.finish_and_clear();
        Ok(evaluation)
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Io(e.to_string()))
}
