//! What soft thoughts are like on held-out questions, whatever their answers.
//!
//! Not here: what is measured (`decode/diagnose.rs`).

use serde::Deserialize;

use super::{Lab, Model};
use crate::decode::Policy;
use crate::decode::diagnose::{Diagnosis, diagnose};
use crate::decode::rollout::{CHUNK, Request};
use crate::engine::{Engine as _, Pulse};
use crate::error::{Error, Result};
use crate::tasks::Split;

/// What to diagnose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DiagnoseOptions {
    pub task: String,
    #[serde(default)]
    pub difficulty: Option<u32>,
    #[serde(default = "super::messages::soft")]
    pub policy: Policy,
    /// Held-out questions.
    #[serde(default = "sixteen")]
    pub questions: usize,
    #[serde(default)]
    pub first_question: u64,
    /// Completions of each.
    #[serde(default = "four")]
    pub samples: usize,
    /// Soft steps in whose place single tokens are tried, three forward passes each.
    #[serde(default = "sixty_four")]
    pub probes: usize,
    #[serde(default)]
    pub seed: Option<u64>,
    #[serde(default)]
    pub max_steps: Option<usize>,
}

fn sixteen() -> usize {
    16
}

fn four() -> usize {
    4
}

fn sixty_four() -> usize {
    64
}

impl Lab {
    /// Rolls out held-out questions and reports what the steps were like; `on_progress` hears (probes done, probes in all).
    ///
    /// # Errors
    /// `bad-input`, `not-ready`, `cancelled`.
    pub async fn diagnose(
        &mut self,
        options: &DiagnoseOptions,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Diagnosis> {
        loop {
            match self.diagnose_once(options, pulse, on_progress).await {
                Err(error) => self.recover(error).await?,
                done => return done,
            }
        }
    }

    async fn diagnose_once(
        &mut self,
        options: &DiagnoseOptions,
        pulse: &Pulse,
        on_progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Diagnosis> {
        let seed = options.seed.unwrap_or(self.seed);
        let task = self.own.task(&options.task, options.difficulty)?;
        let (rows, probes) = (options.questions.saturating_mul(options.samples), options.probes);
        if !(1..=4096).contains(&rows) || probes > 4096 {
            return Err(Error::bad_input(format!(
                "`questions` times `samples` must be 1 to 4096 and `probes` at most 4096; got {rows} and {probes}"
            )));
        }
        let Model { engine, tokenizer, .. } = self.model()?;
        options.policy.validate(engine.config().vocab_size)?;
        let questions =
            (0..options.questions).map(|i| task.question(Split::HeldOut, options.first_question + i as u64));
        let prompts = questions.map(|q| tokenizer.prompt(&q.prompt)).collect::<Result<Vec<_>>>()?;
        let request = Request {
            prompts: &prompts,
            offset: 0,
            samples: options.samples,
            policy: &options.policy,
            max_steps: options.max_steps.unwrap_or_else(|| task.max_completion_length(Split::HeldOut)),
            seed,
            marks: tokenizer.marks(),
            chunk: CHUNK,
        };
        diagnose(engine, &request, probes, pulse, on_progress).await
    }
}
