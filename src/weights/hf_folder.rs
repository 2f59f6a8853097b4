//! A checkpoint as the files of an ordinary Hugging Face folder: what transformers, verl and sglang open without being told anything.
//!
//! Not here: where the files go (the doors), reading such a folder (`mod.rs::read_hf`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Checkpoint;
use crate::error::{Error, Result};
use crate::tasks::extract::{PAD, THINK};
use crate::text::Tokenizer;

impl Checkpoint {
    /// The files by name. With a tokenizer its folder also says how a question becomes a prompt (the chat template) and where a
    /// completion ends.
    ///
    /// # Errors
    /// Those of [`Checkpoint::to_safetensors`]; `bad-input` for a tokenizer that is not the lab's kind.
    pub fn to_hf_folder(&self) -> Result<BTreeMap<&'static str, Vec<u8>>> {
        let mut model = self.clone();
        let mut files = BTreeMap::new();
        if let Some(text) = &self.tokenizer_json {
            let marks = Tokenizer::from_json(text)?.marks();
            // transformers takes 2 for the end where nothing is said, and 2 is `</think>` here.
            (model.config.eos_token_id, model.config.pad_token_id) = (Some(marks.end_answer), Some(marks.pad));
            let generation = json!({
                "_from_model_config": false,
                "bos_token_id": null,
                "eos_token_id": marks.end_answer,
                "pad_token_id": marks.pad,
                "do_sample": true,
            });
            model.tokenizer_json = Some(shown_marks(text)?);
            files.insert("tokenizer.json", model.tokenizer_json.clone().unwrap_or_default().into_bytes());
            files.insert("tokenizer_config.json", pretty(&tokenizer_config(self.config.max_position_embeddings)));
            files.insert("generation_config.json", pretty(&generation));
        }
        files.insert("config.json", model.config.to_json().into_bytes());
        files.insert("model.safetensors", model.to_safetensors()?);
        Ok(files)
    }
}

/// The end is named in generation_config.json and config.json alone: transformers makes a tokenizer's end special whatever its file says,
/// and decoders that skip special tokens, as verl's reward manager does, would lose the mark that tells a whole answer from one cut off.
///
/// The prompt of the lab is the question, then the mark that opens the thought: `text.rs::Tokenizer::prompt`.
fn tokenizer_config(longest: usize) -> Value {
    json!({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "clean_up_tokenization_spaces": false,
        "model_max_length": longest,
        "bos_token": null,
        "eos_token": null,
        "pad_token": PAD,
        "chat_template": format!(
            "{{% for message in messages %}}{{{{ message['content'] }}}}{{% endfor %}}{{% if add_generation_prompt %}}{THINK}{{% endif %}}"
        ),
    })
}

/// The tokenizer with its marks as ordinary added tokens. A decoder that skips special tokens, as verl's reward manager does, would
/// swallow `</think>`, `<answer>` and `</answer>`, and no answer could be told from its thought.
fn shown_marks(tokenizer_json: &str) -> Result<String> {
    let broken = |e: serde_json::Error| Error::bad_input(format!("the tokenizer.json is no JSON: {e}"));
    let mut tokenizer: Value = serde_json::from_str(tokenizer_json).map_err(broken)?;
    for token in tokenizer["added_tokens"].as_array_mut().into_iter().flatten() {
        token["special"] = false.into();
    }
    serde_json::to_string_pretty(&tokenizer).map_err(broken)
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}
