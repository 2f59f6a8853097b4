//! The words of a Hugging Face folder: its tokenizer.json and tokenizer_config.json as the lists that a GGUF file would have.
//!
//! Not here: what becomes of the lists (`words.rs`). A tokenizer.json can describe any pipeline; those of Llama, Qwen2 and SmolLM are
//! recognised, and others refused by the part that is not.

use serde::Deserialize;
use serde_json::Value;

use super::byte_level::{LLAMA_3, QWEN_2};
use super::words::{BYTE, CONTROL, Leading, NORMAL, Spelling, UNKNOWN, UNUSED, USER_DEFINED, Vocabulary};
use crate::error::{Error, Result};

#[derive(Deserialize)]
struct Words {
    model: Model,
    #[serde(default)]
    added_tokens: Vec<Added>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    #[serde(default)]
    post_processor: Value,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    vocab: std::collections::BTreeMap<String, u32>,
    #[serde(default)]
    merges: Vec<Merge>,
    #[serde(default)]
    unk_token: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
}

/// "a b" in old files, a pair in new ones.
#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Text(String),
    Pair(String, String),
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    #[serde(default)]
    special: bool,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default)]
    bos_token: Option<Mark>,
    #[serde(default)]
    eos_token: Option<Mark>,
    #[serde(default)]
    add_bos_token: Option<bool>,
    #[serde(default)]
    chat_template: Option<Value>,
}

/// A token's text, or an object that has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mark {
    Text(String),
    Added { content: String },
}

impl Mark {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Added { content: text } => text,
        }
    }
}

impl Vocabulary {
    /// The lists of a folder's files, with `rows` tokens, as many as the model has. `template` is its chat_template.jinja, which newer
    /// folders have beside tokenizer_config.json.
    ///
    /// # Errors
    /// `bad-weights` naming the file and the part that is not usable.
    pub fn from_hf(tokenizer: &str, settings: Option<&str>, template: Option<&str>, rows: usize) -> Result<Self> {
        let words: Words = serde_json::from_str(tokenizer).map_err(|e| bad(e.to_string()))?;
        let settings: Settings = match settings {
            Some(text) => {
                serde_json::from_str(text).map_err(|e| Error::bad_weights("tokenizer_config.json", e.to_string()))?
            }
            None => Settings::default(),
        };
        if words.model.kind.as_deref().is_some_and(|kind| kind != "BPE") {
            let found = words.model.kind.as_deref().map(clip).unwrap_or_default();
            return Err(bad(format!("`model.type`: expected BPE, found `{found}`")));
        }
        let (spelling, splitting) = pipeline(&words)?;
        let mut vocabulary = Self {
            tokens: (0..rows).map(|id| format!("[PAD{id}]")).collect(),
            kinds: vec![UNUSED; rows],
            spelling,
            splitting: splitting.to_owned(),
            merges: words.model.merges.iter().map(Merge::text).collect(),
            template: template.map(str::to_owned).or_else(|| settings.template()),
            ..Self::default()
        };
        for (token, id) in &words.model.vocab {
            let byte =
                words.model.byte_fallback && token.len() == 6 && token.starts_with("<0x") && token.ends_with('>');
            let unknown = spelling != Spelling::Bytes && words.model.unk_token.as_deref() == Some(token);
            vocabulary.put(
                *id,
                token,
                if byte {
                    BYTE
                } else if unknown {
                    UNKNOWN
                } else {
                    NORMAL
                },
            )?;
        }
        let known = |id: u32, kinds: &[i32]| kinds.get(id as usize) == Some(&UNKNOWN);
        for added in &words.added_tokens {
            if !known(added.id, &vocabulary.kinds) {
                let kind = if added.special { CONTROL } else { USER_DEFINED };
                vocabulary.put(added.id, &added.content, kind)?;
            }
        }
        let id = |mark: Option<&Mark>| {
            let text = mark?.text();
            let at = vocabulary.tokens.iter().position(|token| token == text)?;
            u32::try_from(at).ok()
        };
        // Newer files say in the post-processor alone that a text begins with a mark.
        let begins = |mark: &Mark| words.post_processor.to_string().contains(&Value::from(mark.text()).to_string());
        let begin = settings.bos_token.as_ref().filter(|mark| settings.add_bos_token.unwrap_or_else(|| begins(mark)));
        (vocabulary.begin, vocabulary.end) = (id(begin), id(settings.eos_token.as_ref()));
        Ok(vocabulary)
    }

    fn put(&mut self, id: u32, token: &str, kind: i32) -> Result<()> {
        let rows = self.tokens.len();
        let Some(place) = self.tokens.get_mut(id as usize) else {
            return Err(bad(format!("`{}`: expected an id below {rows}, the model's tokens; found {id}", clip(token))));
        };
        token.clone_into(place);
        self.kinds[id as usize] = kind;
        Ok(())
    }
}

impl Settings {
    /// The chat template; of several the one called "default".
    fn template(&self) -> Option<String> {
        let named = |list: &Vec<Value>| {
            let found = list.iter().find(|entry| entry["name"] == "default")?;
            found["template"].as_str().map(str::to_owned)
        };
        match self.chat_template.as_ref()? {
            Value::String(text) => Some(text.clone()),
            Value::Array(list) => named(list),
            _ => None,
        }
    }
}

impl Merge {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Pair(left, right) => format!("{left} {right}"),
        }
    }
}

/// How the file's pipeline spells tokens and cuts texts.
fn pipeline(words: &Words) -> Result<(Spelling, &'static str)> {
    let steps = |value: &'_ Value, inner: &str| match &value["type"] {
        Value::Null => Vec::new(),
        kind if *kind == "Sequence" => value[inner].as_array().cloned().unwrap_or_default(),
        _ => vec![value.clone()],
    };
    let normalizers = steps(&words.normalizer, "normalizers");
    let cuts = steps(&words.pre_tokenizer, "pretokenizers");
    if words.model.byte_fallback {
        return pieces(&normalizers, &cuts).map(|leading| (Spelling::Pieces(leading), "(none)"));
    }
    let nfc = match &normalizers[..] {
        [] => false,
        [one] if one["type"] == "NFC" => true,
        _ => return Err(bad("`normalizer`: expected none or NFC before byte-level words")),
    };
    let pattern = |step: &Value| match step["pattern"]["Regex"].as_str() {
        Some(found) if found == LLAMA_3 => Some("llama-bpe"),
        Some(found) if found == QWEN_2 => Some(if nfc { "qwen2" } else { "deepseek-r1-qwen" }),
        _ => None,
    };
    let bytes = |step: &Value, regex: bool| {
        let own = step["use_regex"].as_bool().unwrap_or(true);
        step["type"] == "ByteLevel" && step["add_prefix_space"] != true && own == regex
    };
    let found = match &cuts[..] {
        [last] if bytes(last, true) => Some("gpt-2"),
        [digits, last] if digits["type"] == "Digits" && digits["individual_digits"] == true && bytes(last, true) => {
            Some("smollm")
        }
        [split, last] if split["type"] == "Split" && bytes(last, false) => pattern(split),
        _ => None,
    };
    let plain = |splitting: &str| !nfc || splitting == "qwen2";
    let whole = |splitting: &str| words.model.ignore_merges == (splitting == "llama-bpe");
    found.filter(|splitting| plain(splitting) && whole(splitting)).map(|splitting| (Spelling::Bytes, splitting)).ok_or_else(
        || bad("`pre_tokenizer`: expected byte-level words as GPT-2, SmolLM, Llama 3 or Qwen2 cut them, or SentencePiece's pieces"),
    )
}

/// Where pieces put a space before a text.
fn pieces(normalizers: &[Value], cuts: &[Value]) -> Result<Leading> {
    let is = |step: &Value, kind: &str| step["type"] == kind;
    let spaces = |step: &Value| is(step, "Replace") && step["pattern"]["String"] == " " && step["content"] == "▁";
    match (normalizers, cuts) {
        ([prepend, replace], []) if is(prepend, "Prepend") && prepend["prepend"] == "▁" && spaces(replace) => {
            Ok(Leading::Each)
        }
        ([replace], []) if spaces(replace) => Ok(Leading::None),
        ([], [metaspace]) if is(metaspace, "Metaspace") && metaspace["split"] == false => {
            match metaspace["prepend_scheme"].as_str() {
                Some("first") => Ok(Leading::First),
                Some("never") => Ok(Leading::None),
                _ => Err(bad("`pre_tokenizer.prepend_scheme`: expected `first` or `never`")),
            }
        }
        _ => Err(bad(
            "`normalizer`: expected SentencePiece's spaces (Prepend and Replace, or Metaspace) beside `byte_fallback`",
        )),
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::bad_weights("tokenizer.json", message)
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
