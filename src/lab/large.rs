//! Language models from large files: judged by their header, then read tensor by tensor into the engine that keeps them packed.
//!
//! Not here: where the bytes come from (the doors), the lab's own small files (`Lab::load`).

use std::collections::BTreeMap;

use super::{EngineInfo, Lab, Model, ModelInfo};
use crate::engine::choose::EngineKind;
use crate::engine::language;
use crate::engine::packed::LoadListener;
use crate::error::Result;
use crate::model::params;
use crate::text::{SpeechOptions, Tokenizer};
use crate::train::run::Position;
use crate::weights::large::{self, Large};
use crate::weights::plan::MemoryPlan;
use crate::weights::source::Source;

impl Lab {
    /// Loads a language model's file from `source` into the engine of the lab's choice; nothing where it is none, and the file is
    /// [`Lab::load`]'s. `room` is (context, memory): the weights, a cache for so many positions and what else is needed must fit so many
    /// bytes, and that is known before the first tensor is read.
    ///
    /// # Errors
    /// `bad-weights` naming the field or tensor, `out-of-memory` with the numbers, what the source says. A model that is there stays.
    pub async fn load_large<S: Source>(
        &mut self,
        source: &mut S,
        speech: &SpeechOptions,
        room: (usize, u64),
        on_progress: &mut LoadListener<'_>,
    ) -> Result<Option<ModelInfo>> {
        let Some(file) = large::open(source).await? else { return Ok(None) };
        self.load_opened(&file, source, speech, room, on_progress).await.map(Some)
    }

    /// Which engine a language model would think on, and what one row of at most `context` positions takes of memory there.
    ///
    /// # Errors
    /// As [`language::plan`].
    pub async fn plan_large(&self, file: &Large, context: usize) -> Result<(EngineKind, MemoryPlan)> {
        language::plan(self.choice, file, 1, context).await
    }

    /// As [`Lab::load_large`], where the header has been read before: a page shows the plan first.
    ///
    /// # Errors
    /// As [`Lab::load_large`].
    pub async fn load_opened<S: Source>(
        &mut self,
        file: &Large,
        source: &mut S,
        speech: &SpeechOptions,
        room: (usize, u64),
        on_progress: &mut LoadListener<'_>,
    ) -> Result<ModelInfo> {
        let tokenizer = Tokenizer::of_words(&file.vocabulary, speech)?;
        let (engine, info) = language::open(self.choice, file, source, room, on_progress).await?;
        let model_info = describe(file, &tokenizer, info.clone());
        let metadata = model_info.metadata.clone();
        (self.run, self.arm) = (None, None);
        let kept = Position::default();
        self.model = Some(Model { engine, info, tokenizer, metadata, kept, lost_at: None });
        Ok(model_info)
    }
}

fn describe(file: &Large, tokenizer: &Tokenizer, engine: EngineInfo) -> ModelInfo {
    let config = &file.config;
    let name = file.name.iter().map(|name| ("general.name".to_owned(), name.clone()));
    ModelInfo {
        parameters: params::count(config),
        layers: config.num_hidden_layers,
        hidden_size: config.hidden_size,
        vocab_size: config.vocab_size,
        max_positions: config.max_position_embeddings,
        task: Some(crate::tasks::word_problems::NAME.to_owned()),
        metadata: BTreeMap::from_iter(name),
        tokens: (0..tokenizer.vocab_size() as u32).map(|id| tokenizer.token(id)).collect(),
        engine,
    }
}
