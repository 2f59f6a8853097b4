//! Options of language models, and their files: loaded where a file is one.

use std::path::{Path, PathBuf};

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::lab::{Lab, ModelInfo};
use soft_thinking_lab::text::SpeechOptions;
use soft_thinking_lab::text::speech::EndRule;
use soft_thinking_lab::weights::plan::mebibytes;
use soft_thinking_lab::weights::source::DiskFile;

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
        if path.is_dir() {
            return self.refuse_adapter().map(|()| None);
        }
        let speech = SpeechOptions {
            template: self.chat_template.as_deref().map(files::text).transpose()?,
            instruction: self.instruction.clone(),
            end_rule: if self.whole_mark { EndRule::WholeMark } else { EndRule::LastToken },
            bridge: self.bridge.clone(),
            renderer: None,
        };
        let memory = self.memory.map_or(u64::MAX, |mebibytes| mebibytes << 20);
        let mut source = DiskFile::open(path)?;
        let begun = clock();
        let bar = terminal.bar(100, "load");
        let tick = &mut |read: u64, total: u64| bar.set_position(100 * read / total.max(1));
        let info = lab.load_large(&mut source, &speech, (self.context, memory), tick).await?;
        bar.finish_and_clear();
        match &self.adapter {
            Some(folder) if info.is_some() => {
                let (about, weights) = files::adapter(folder)?;
                lab.load_adapter(&about, &weights)?;
            }
            _ => self.refuse_adapter()?,
        }
        if let Some(info) = &info {
            let (size, seconds) = (mebibytes(std::fs::metadata(path)?.len()), clock() - begun);
            let millions = info.parameters as f64 / 1e6;
            terminal
                .say(format!("{millions:.0} M parameters of {size} MiB in {seconds:.2} s on the {}", info.engine.name));
        }
        Ok(info)
    }

    fn refuse_adapter(&self) -> Result<()> {
        match &self.adapter {
            None => Ok(()),
            Some(_) => Err(Error::bad_input("--adapter goes with the GGUF file of a language model")),
        }
    }
}
