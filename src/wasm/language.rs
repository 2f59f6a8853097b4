//! Language models through the door: a file judged by its beginning, then read range by range from a source of JavaScript's.
//!
//! Not here: where a source has its bytes from, who renders chat templates (`web/`), thinking, which is [`Lab::think`] for all models.

use std::rc::Rc;

use js_sys::{Function, Promise, Uint8Array};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::border::{self, from_js, to_js};
use super::catalogue::tasks_of;
use super::{JsResult, Lab};
use crate::engine::Pulse;
use crate::error::{Error, Result};
use crate::model::params;
use crate::text::SpeechOptions;
use crate::text::speech::{Asked, EndRule, Renderer};
use crate::weights::large::{self, Large};
use crate::weights::large_folder::{self, Texts};
use crate::weights::source::{Source, ends_early};

#[wasm_bindgen]
extern "C" {
    /// `{ size: number, read(from: number, length: number): Promise<Uint8Array> }`.
    pub type JsSource;

    #[wasm_bindgen(method, getter)]
    fn size(this: &JsSource) -> f64;

    #[wasm_bindgen(method, catch)]
    fn read(this: &JsSource, from: f64, length: f64) -> std::result::Result<Promise, JsValue>;
}

/// Only what is asked for is ever in the heap.
struct Ranges {
    source: JsSource,
    pulse: Pulse,
    /// What the source threw, for whoever asked.
    thrown: Option<JsValue>,
}

impl Ranges {
    fn new(source: JsSource, pulse: Pulse) -> Self {
        Self { source, pulse, thrown: None }
    }

    async fn fetch(&self, from: u64, length: usize) -> JsResult<Uint8Array> {
        let promise = self.source.read(from as f64, length as f64)?;
        JsFuture::from(promise).await?.dyn_into()
    }

    /// An error, or in its place what the source threw, which says more.
    fn refusal(&mut self, error: Error) -> JsValue {
        self.thrown.take().unwrap_or_else(|| border::error(error))
    }
}

impl Source for Ranges {
    fn size(&self) -> u64 {
        self.source.size() as u64
    }

    async fn read(&mut self, from: u64, to: &mut [u8]) -> Result<()> {
        self.pulse.beat().await?;
        match self.fetch(from, to.len()).await {
            Ok(bytes) if bytes.length() as usize == to.len() => {
                bytes.copy_to(to);
                Ok(())
            }
            Ok(_) => Err(ends_early(from, to.len())),
            Err(thrown) => {
                self.thrown = Some(thrown);
                Err(Error::Io("the source of the file failed".into()))
            }
        }
    }
}

/// What the beginning of a language model's file says; none of its weights.
#[wasm_bindgen]
pub struct LanguageFile(Large);

#[wasm_bindgen]
impl LanguageFile {
    /// Reads the beginning. Null for a file of another kind, or one of the lab's own, which `Lab.loadModel` reads.
    pub async fn open(source: JsSource) -> JsResult<JsValue> {
        let mut ranges = Ranges::new(source, Pulse::default());
        match large::open(&mut ranges).await {
            Ok(file) => Ok(file.map_or(JsValue::NULL, |file| Self(file).into())),
            Err(error) => Err(ranges.refusal(error)),
        }
    }

    /// As `open`, of a Hugging Face folder: `{ config, tokenizer, settings?, template? }` are the texts of its small files, `source` its
    /// safetensors one after the other, `lengths` how many bytes each has.
    #[wasm_bindgen(js_name = openFolder)]
    pub async fn open_folder(texts: JsValue, lengths: Vec<f64>, source: JsSource) -> JsResult<LanguageFile> {
        let texts: FolderTexts = from_js(texts)?;
        let texts = Texts {
            config: &texts.config,
            tokenizer: &texts.tokenizer,
            settings: texts.settings.as_deref(),
            template: texts.template.as_deref(),
        };
        let lengths: Vec<u64> = lengths.into_iter().map(|length| length as u64).collect();
        let mut ranges = Ranges::new(source, Pulse::default());
        large_folder::open(texts, &lengths, &mut ranges).await.map(Self).map_err(|error| ranges.refusal(error))
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderTexts {
    config: String,
    tokenizer: String,
    #[serde(default)]
    settings: Option<String>,
    #[serde(default)]
    template: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LanguageOptions {
    context: usize,
    memory: f64,
    #[serde(default)]
    chat_template: Option<String>,
    #[serde(default)]
    instruction: Option<String>,
    #[serde(default)]
    whole_mark: bool,
    #[serde(default)]
    bridge: Option<String>,
}

impl LanguageOptions {
    fn speech(&self, render: Function) -> SpeechOptions {
        let fill = move |template: &str, Asked { question, begin, end }: Asked<'_>| {
            let filled = render.call4(&JsValue::NULL, &template.into(), &question.into(), &begin.into(), &end.into());
            let text = |thrown: JsValue| String::from(js_sys::Error::from(thrown).message());
            filled.map_err(text)?.as_string().ok_or_else(|| "it was made into no text".to_owned())
        };
        SpeechOptions {
            template: self.chat_template.clone(),
            instruction: self.instruction.clone(),
            end_rule: if self.whole_mark { EndRule::WholeMark } else { EndRule::LastToken },
            bridge: self.bridge.clone(),
            renderer: Some(Renderer(Rc::new(fill))),
        }
    }
}

#[wasm_bindgen]
#[allow(clippy::await_holding_refcell_ref, reason = "as in `mod.rs`")]
impl Lab {
    /// What an opened file is and what it takes on the engine it would think on, for one row of at most `context` positions and `memory`
    /// bytes: `{ engine, name?, family, parameters, layers, hiddenSize, vocabSize, maxPositions, chatTemplate, memory: MemoryPlan,
    /// total, refused? }`.
    #[wasm_bindgen(js_name = planLanguageModel)]
    pub async fn plan_language_model(&self, file: &LanguageFile, context: usize, memory: f64) -> JsResult<JsValue> {
        let (file, config) = (&file.0, &file.0.config);
        let lab = self.begin()?;
        let (engine, plan) = lab.plan_large(file, context).await.map_err(border::error)?;
        to_js(&json!({
            "engine": engine,
            "name": file.name,
            "family": config.family.name(),
            "parameters": params::count(config),
            "layers": config.num_hidden_layers,
            "hiddenSize": config.hidden_size,
            "vocabSize": config.vocab_size,
            "maxPositions": config.max_position_embeddings,
            "chatTemplate": file.vocabulary.template.is_some(),
            "memory": plan,
            "total": plan.total(),
            "refused": plan.fit(memory as u64).err().map(|error| error.to_string()),
        }))
    }

    /// Reads the weights of an opened file, tensor by tensor: `{ context, memory, chatTemplate?, instruction?, wholeMark?, bridge? }`;
    /// `render(template, question, begin, end)` returns the prompt, and is called by each thought. Cancelled between two ranges.
    #[wasm_bindgen(js_name = loadLanguageModel)]
    pub async fn load_language_model(
        &self,
        file: LanguageFile,
        source: JsSource,
        options: JsValue,
        render: Function,
    ) -> JsResult<JsValue> {
        let options: LanguageOptions = from_js(options)?;
        let speech = options.speech(render);
        let mut lab = self.begin()?;
        let mut ranges = Ranges::new(source, self.pulse.clone());
        let limits = (options.context, options.memory as u64);
        match lab.load_opened(&file.0, &mut ranges, &speech, limits, &mut |_, _| {}).await {
            Ok(info) => {
                let mut value = serde_json::to_value(&info).map_err(border::serde_error)?;
                value["format"] = json!("gguf");
                value["tasks"] = tasks_of(true)?;
                to_js(&value)
            }
            Err(error) => Err(ranges.refusal(error)),
        }
    }
}
