//! Everything that continues a run on a cluster, with the method's published code on verl: model, questions, reward, launch script.
//!
//! Not here: Parquet itself (`parquet.rs`, `thrift.rs`), the settings' verl names (`launch.rs`, `rollout.rs`), where files go (`bin/lab/verl.rs`).

mod launch;
pub mod parquet;
mod rollout;
mod thrift;

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::tasks::{Question, Split, Task, mix, puzzle24};
use crate::text::Tokenizer;
use crate::train::config::TrainConfig;
use crate::train::gather::first_question;
use crate::weights::Checkpoint;
use launch::Launch;
use parquet::Row;

/// The most questions of one file: what a run of the longest length asks, within memory.
const MAX_QUESTIONS: usize = 1_000_000;

/// What to write.
pub struct Export<'a> {
    pub checkpoint: &'a Checkpoint,
    pub task: &'a dyn Task,
    pub config: &'a TrainConfig,
    /// Questions to train on; as many as the run asks when absent.
    pub questions: Option<usize>,
    /// Held-out questions, and as many out of distribution; `eval_questions` when absent.
    pub eval_questions: Option<usize>,
    /// Of the numeric grader, where own questions have it.
    pub tolerance: Option<f64>,
}

/// What the launch script and the notes need to know of the rest.
struct Facts {
    train_rows: usize,
    /// Tokens, `<think>` included.
    longest_prompt: usize,
    longest_completion: usize,
    has_ood: bool,
}

/// The files by their paths, `/` between folders. The same export gives the same bytes.
///
/// # Errors
/// `bad-input` for settings that contradict each other, a method that the published code lacks, questions that do not fit the model.
pub fn files(export: &Export<'_>) -> Result<BTreeMap<String, Vec<u8>>> {
    let Export { checkpoint, task, config, .. } = export;
    config.validate_for(*task, checkpoint.config.vocab_size)?;
    let tokenizer = match &checkpoint.tokenizer_json {
        Some(json) => Tokenizer::from_json(json)?,
        None => Tokenizer::lab()?,
    };
    let mut files = BTreeMap::new();
    let mut longest_prompt = 0;
    let mut train_rows = 0;
    for (split, name) in [(Split::Train, "train"), (Split::HeldOut, "test"), (Split::Ood, "ood")] {
        if !task.offers(split) {
            continue;
        }
        let rows = export.rows(split)?;
        for row in &rows {
            longest_prompt = longest_prompt.max(tokenizer.prompt(&row.content)?.len());
        }
        train_rows = if split == Split::Train { rows.len() } else { train_rows };
        files.insert(format!("data/{name}.parquet"), parquet::write(&rows)?);
    }
    let facts = export.facts(train_rows, longest_prompt)?;
    let launch = Launch::of(config, &facts)?;
    let mut model = (*checkpoint).clone();
    model.tokenizer_json = Some(tokenizer.to_json()?);
    files.extend(model.to_hf_folder()?.into_iter().map(|(name, bytes)| (format!("model/{name}"), bytes)));
    files.insert("train.sh".into(), launch.script(config).into_bytes());
    files.insert("reward.py".into(), export.reward().into_bytes());
    files.insert("README.md".into(), export.readme(&launch, &facts).into_bytes());
    let settings = serde_json::to_string_pretty(config).map_err(|e| Error::bad_input(format!("settings: {e}")))?;
    files.insert("lab-config.json".into(), (settings + "\n").into_bytes());
    Ok(files)
}

impl Export<'_> {
    /// Training questions in the order in which the lab's own run asks them, others by their seeds from 0 as its evaluations do.
    fn rows(&self, split: Split) -> Result<Vec<Row>> {
        let config = self.config;
        let per_step = config.generation_batch_size / config.num_generations;
        let count = match split {
            Split::Train => self.questions.unwrap_or(config.max_steps * per_step),
            _ => self.eval_questions.unwrap_or(config.eval_questions),
        };
        let least = if split == Split::Train { per_step } else { 1 };
        if !(least..=MAX_QUESTIONS).contains(&count) {
            return Err(Error::bad_input(format!(
                "questions: expected {least} to {MAX_QUESTIONS} ({} a step to train on), got {count}; say how many with \
                 --questions or --eval-questions",
                per_step
            )));
        }
        let seed = |index: usize| match split {
            Split::Train => first_question(config.seed, index / per_step, 0).wrapping_add((index % per_step) as u64),
            _ => index as u64,
        };
        Ok((0..count).map(|index| self.row(self.task.question(split, seed(index)), split, index)).collect())
    }

    fn row(&self, question: Question, split: Split, index: usize) -> Row {
        let level = self.task.difficulty();
        let asked_by_a_mix = self.task.name() == mix::NAME;
        let difficulty = Some(&question.task).filter(|_| asked_by_a_mix).and_then(|name| mix::level_of(level, name));
        Row {
            data_source: question.task,
            content: question.prompt,
            ability: "reasoning",
            ground_truth: question.answer,
            split: split.name(),
            index: index as i64,
            difficulty: i64::from(difficulty.unwrap_or(level)),
        }
    }

    /// # Errors
    /// `bad-input` where the model has too few positions for a prompt and what the lab lets it answer.
    fn facts(&self, train_rows: usize, longest_prompt: usize) -> Result<Facts> {
        let trained = self.config.max_length(self.task);
        let room = self.checkpoint.config.max_position_embeddings.saturating_sub(longest_prompt);
        if room < trained {
            return Err(Error::bad_input(format!(
                "the model has {} positions, but a prompt of {longest_prompt} tokens and a completion of {trained} need {}; \
                 choose an easier difficulty, a smaller max_completion_length or a larger model",
                self.checkpoint.config.max_position_embeddings,
                longest_prompt + trained
            )));
        }
        let of_any_split =
            Split::ALL.iter().map(|split| self.task.max_completion_length(*split)).max().unwrap_or(trained);
        let wanted = self.config.max_completion_length.unwrap_or(of_any_split);
        Ok(Facts {
            train_rows,
            longest_prompt,
            longest_completion: wanted.min(room),
            has_ood: self.task.offers(Split::Ood),
        })
    }

    fn reward(&self) -> String {
        let tolerance = self.tolerance.map_or("None".into(), |tolerance| format!("{tolerance:?}"));
        let mixed = self.task.name() == mix::NAME;
        let level = if mixed { mix::level_of(self.task.difficulty(), puzzle24::NAME) } else { None };
        let largest = puzzle24::largest_number(level.unwrap_or(self.task.difficulty()));
        include_str!("reward.py")
            .replacen("TOLERANCE = None", &format!("TOLERANCE = {tolerance}"), 1)
            .replacen("LARGEST = 10", &format!("LARGEST = {largest}"), 1)
            .replacen("FORMAT_REWARD = 0.0", &format!("FORMAT_REWARD = {:?}", self.config.format_reward), 1)
    }

    fn readme(&self, launch: &Launch, facts: &Facts) -> String {
        let model = &self.checkpoint.config;
        let ood = if facts.has_ood { "" } else { " (absent: these questions have none)" };
        let notes: String = launch.notes.iter().map(|note| format!("- {note}\n")).collect();
        include_str!("readme.md")
            .replace("@TASK@", self.task.name())
            .replace("@DIFFICULTY@", &self.task.difficulty().to_string())
            .replace("@CODE@", launch.code())
            .replace("@ROWS@", &facts.train_rows.to_string())
            .replace("@OOD@", ood)
            .replace("@FAMILY@", model.family.name())
            .replace("@LAYERS@", &model.num_hidden_layers.to_string())
            .replace("@HIDDEN@", &model.hidden_size.to_string())
            .replace("@HEAD@", &model.head_dim.to_string())
            .replace("@VOCAB@", &model.vocab_size.to_string())
            .replace("@POSITIONS@", &model.max_position_embeddings.to_string())
            .replace("@NOTES@\n", &notes)
    }
}
