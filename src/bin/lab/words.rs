//! Options of language models, and their files: loaded where a file is one.

use std::path::{Path, PathBuf};

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::lab::{Lab, ModelInfo};
use soft_thinking_lab::text::speech::EndRule;
use soft_thinking_lab::text::{SpeechOptions, Tokenizer};
use soft_thinking_lab::weights::large::{self, Large};
use soft_thinking_lab::weights::large_folder::{self, Texts};
use soft_thinking_lab::weights::plan::mebibytes;
use soft_thinking_lab::weights::source::{DiskFile, Joined, Source};

use crate::files;
use crate::terminal::{Terminal, clock};

#[derive(clap::Args)]
pub struct Words {
    /// Language models: a Jinja chat template in the place of the file's own
    #[arg(long, value_name = "FILE")]
    chat_template: Option<PathBuf>,
    /// Language models: what follows the question [default: the published instruction to think step by step and to box the answer]
    #[arg(long, value_name = "TEXT")]
    instruction: Option<String>,
    /// Language models without a token </think>: a thought ends only where all of the mark is spelled, not already, as in the published
    /// code, at the last token that spells it
    #[arg(long)]
    whole_mark: bool,
    /// Language models: what is fed after a thought that was ended by a rule
    #[arg(long, value_name = "TEXT")]
    bridge: Option<String>,
    /// Language models: longest prompt and completion together, tokens
    #[arg(long, default_value_t = 4096)]
    context: usize,
    /// Language models: a folder with the adapter to put beside the weights, as PEFT keeps it
    #[arg(long, value_name = "DIR")]
    adapter: Option<PathBuf>,
    /// Language models: refuse what needs more memory, MiB
    #[arg(long, value_name = "MIB")]
    memory: Option<u64>,
}

impl Words {
    /// Loads the file if it is a language model's.
    pub async fn load(&self, lab: &mut Lab, path: &Path, terminal: &Terminal) -> Result<Option<ModelInfo>> {
        let Some((file, mut source)) = open(path).await? else { return self.refuse_adapter().map(|()| None) };
        let speech = SpeechOptions {
            template: self.chat_template.as_deref().map(files::text).transpose()?,
            instruction: self.instruction.clone(),
            end_rule: if self.whole_mark { EndRule::WholeMark } else { EndRule::LastToken },
            bridge: self.bridge.clone(),
            renderer: None,
        };
        let memory = self.memory.map_or(u64::MAX, |mebibytes| mebibytes << 20);
        let begun = clock();
        let bar = terminal.bar(100, "load");
        let tick = &mut |read: u64, total: u64| bar.set_position(100 * read / total.max(1));
        let info = lab.load_opened(&file, &mut source, &speech, (self.context, memory), tick).await?;
        bar.finish_and_clear();
        if let Some(folder) = &self.adapter {
            let (about, weights) = files::adapter(folder)?;
            lab.load_adapter(&about, &weights).await?;
        }
        let (size, seconds) = (mebibytes(file.size), clock() - begun);
        let millions = info.parameters as f64 / 1e6;
        terminal.say(format!("{millions:.0} M parameters of {size} MiB in {seconds:.2} s on the {}", info.engine.name));
        Ok(Some(info))
    }

    fn refuse_adapter(&self) -> Result<()> {
        match &self.adapter {
            None => Ok(()),
            Some(_) => Err(Error::bad_input("--adapter goes with the GGUF file or the folder of a language model")),
        }
    }
}

/// A language model's GGUF file or Hugging Face folder, its headers read; nothing for what is none.
pub async fn open(path: &Path) -> Result<Option<(Large, Joined<DiskFile>)>> {
    if !path.is_dir() {
        let mut source = Joined(vec![DiskFile::open(path)?]);
        return Ok(large::open(&mut source).await?.map(|file| (file, source)));
    }
    let optional = |name: &str| {
        let file = path.join(name);
        if file.exists() { files::text(&file).map(Some) } else { Ok(None) }
    };
    let (config, tokenizer) = (optional("config.json")?, optional("tokenizer.json")?);
    let (Some(config), Some(tokenizer)) = (config, tokenizer) else { return Ok(None) };
    // The lab's own models have letters, not words.
    if files::is_run(path) || Tokenizer::from_json(&tokenizer).is_ok() {
        return Ok(None);
    }
    let (settings, template) = (optional("tokenizer_config.json")?, optional("chat_template.jinja")?);
    let texts =
        Texts { config: &config, tokenizer: &tokenizer, settings: settings.as_deref(), template: template.as_deref() };
    let fail = |error: std::io::Error| Error::Io(format!("{}: {error}", path.display()));
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(path).map_err(fail)?.collect();
    let paths = entries.map_err(fail)?.into_iter().map(|entry| entry.path());
    let mut shards: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "safetensors")).collect();
    shards.sort();
    let mut source = Joined(shards.iter().map(|shard| DiskFile::open(shard)).collect::<Result<_>>()?);
    let lengths: Vec<u64> = source.0.iter().map(Source::size).collect();
    let file = large_folder::open(texts, &lengths, &mut source).await?;
    Ok(Some((file, source)))
}

/// What is said of another file.
pub fn expected(path: &Path) -> Error {
    Error::bad_input(format!("{}: expected the GGUF file or Hugging Face folder of a language model", path.display()))
}
