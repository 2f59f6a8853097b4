//! Options that say how to train: a preset, a file, single settings, the task. Shared by `train` and `export --verl`.

use std::path::{Path, PathBuf};

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::train::config::TrainConfig;

use crate::files;
use crate::own::OwnQuestions;

#[derive(clap::Args)]
pub struct Settings {
    /// A JSON file of settings; the options below overrule it
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// A setting by its name, such as --set learning_rate=1e-4 (repeat for more); see the README for the names
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// The paper whose settings to take, such as softgrpo-code, dapo or multiplex; own settings overrule it
    #[arg(long)]
    preset: Option<String>,
    /// grpo, soft_grpo, soft_tokens or multiplex
    #[arg(long)]
    objective: Option<String>,
    /// The task; the one the model was warm-started on when not given
    #[arg(long, conflicts_with = "own_questions")]
    task: Option<String>,
    /// Its difficulty; the task's default when not given
    #[arg(long)]
    difficulty: Option<u32>,
    #[command(flatten)]
    pub own: OwnQuestions,
    /// Training steps
    #[arg(long)]
    steps: Option<usize>,
    /// Seed of questions and noise
    #[arg(long)]
    pub seed: Option<u64>,
}

impl Settings {
    /// Whether any was given.
    pub fn given(&self) -> bool {
        let texts = [&self.preset, &self.objective, &self.task].iter().any(|text| text.is_some());
        let numbers = self.difficulty.is_some() || self.steps.is_some() || self.seed.is_some();
        texts || numbers || self.config.is_some() || !self.settings.is_empty() || self.own.given()
    }

    /// File, then options, then `--set`: each overrules the one before. `own`: the name of the own questions' task; `model`: the task
    /// that the model names.
    pub fn config(&self, own: Option<&String>, model: Option<&String>) -> Result<TrainConfig> {
        self.config_over(None, own, model)
    }

    /// As [`Settings::config`], over the settings of a run where no file is given.
    pub fn config_over(&self, run: Option<&Path>, own: Option<&String>, model: Option<&String>) -> Result<TrainConfig> {
        let file = self.config.as_deref().or(run);
        let mut object = match file {
            Some(path) => parse_object(&files::text(path)?, path)?,
            None => serde_json::Map::new(),
        };
        let mut put = |key: &str, value: serde_json::Value| object.insert(key.to_string(), value);
        if let Some(task) = own.or(self.task.as_ref()).or(model.filter(|_| file.is_none())) {
            put("task", task.clone().into());
        }
        if let Some(preset) = &self.preset {
            put("preset", preset.clone().into());
        }
        if let Some(objective) = &self.objective {
            put("objective", objective.clone().into());
        }
        let numbers = [
            ("difficulty", self.difficulty.map(u64::from)),
            ("max_steps", self.steps.map(|steps| steps as u64)),
            ("seed", self.seed),
        ];
        for (key, number) in numbers {
            if let Some(number) = number {
                put(key, number.into());
            }
        }
        object.extend(pairs(&self.settings)?);
        TrainConfig::read(object)
    }
}

/// What `--set KEY=VALUE` says.
pub fn pairs(settings: &[String]) -> Result<serde_json::Map<String, serde_json::Value>> {
    let mut object = serde_json::Map::new();
    for setting in settings {
        let (key, value) = setting
            .split_once('=')
            .ok_or_else(|| Error::bad_input(format!("--set expects KEY=VALUE; got `{setting}`")))?;
        object.insert(key.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into()));
    }
    Ok(object)
}

fn parse_object(text: &str, path: &Path) -> Result<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_str(text).map_err(|e| Error::bad_input(format!("{}: {e}", path.display())))
}
