//! `lab export`: one model in, another form of it out.

use std::path::{Path, PathBuf};

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::train::run::SavedRun;
use soft_thinking_lab::weights::{QuantKind, peft};

use crate::files;
use crate::terminal::Terminal;
use crate::verl;

#[derive(clap::Args)]
pub struct Arguments {
    /// The model: GGUF, safetensors, a Hugging Face folder or the folder of a run
    #[arg(long)]
    model: PathBuf,
    /// hf (a folder for transformers), safetensors, or a GGUF of kind f32, f16, q8_0, q4_0, q4_1; peft (a folder) for the adapter in the
    /// checkpoint of a language model's run
    #[arg(long, default_value = "hf", conflicts_with = "verl")]
    format: String,
    /// The file or folder to write
    #[arg(long, required_unless_present = "verl", conflicts_with = "verl")]
    out: Option<PathBuf>,
    #[command(flatten)]
    verl: verl::Options,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<()> {
    if arguments.format == "peft" {
        return adapter(arguments, terminal);
    }
    let checkpoint = files::model(&arguments.model)?;
    if let Some(folder) = &arguments.verl.verl {
        return arguments.verl.export(&arguments.model, &checkpoint, folder, terminal);
    }
    if arguments.verl.settings.given() {
        return Err(Error::bad_input("a task and settings of training belong to --verl DIR; a model alone has none"));
    }
    let Some(out) = &arguments.out else { return Err(Error::bad_input("--out is needed")) };
    match arguments.format.as_str() {
        "hf" => files::folder(out, checkpoint.to_hf_folder()?)?,
        "safetensors" => files::write(out, &checkpoint.to_safetensors()?)?,
        kind => files::write(out, &checkpoint.to_gguf(QuantKind::from_name(kind)?)?)?,
    }
    written(out, terminal);
    Ok(())
}

fn written(out: &Path, terminal: &Terminal) {
    terminal.say(format!("{}", out.display()));
    terminal.object(&serde_json::json!({ "written": out }));
}

/// The adapter of a run: MODEL is its folder, or one of its checkpoints.
fn adapter(arguments: &Arguments, terminal: &Terminal) -> Result<()> {
    let Some(out) = &arguments.out else { return Err(Error::bad_input("--out is needed")) };
    let model = &arguments.model;
    let path = if model.is_dir() { model.join("checkpoint.safetensors") } else { model.clone() };
    let run = SavedRun::read(&files::bytes(&path)?)?;
    if run.tokenizer_json.is_some() {
        return Err(Error::bad_input("this run trained a small model as a whole: it has no adapter; export it as hf"));
    }
    let (lora, base) = (run.train_config.lora(None)?, run.provenance.get("general.name").map(String::as_str));
    files::folder(out, peft::write(&run.config, &lora, &run.position.params, base)?)?;
    written(out, terminal);
    Ok(())
}
