//! `lab export`: one model in, another form of it out.

use std::path::PathBuf;

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::weights::QuantKind;

use crate::files;
use crate::terminal::Terminal;
use crate::verl;

#[derive(clap::Args)]
pub struct Arguments {
    /// The model: GGUF, safetensors, a Hugging Face folder or the folder of a run
    #[arg(long)]
    model: PathBuf,
    /// hf (a folder for transformers), safetensors, or a GGUF of kind f32, f16, q8_0, q4_0, q4_1
    #[arg(long, default_value = "hf", conflicts_with = "verl")]
    format: String,
    /// The file or folder to write
    #[arg(long, required_unless_present = "verl", conflicts_with = "verl")]
    out: Option<PathBuf>,
    #[command(flatten)]
    verl: verl::Options,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<()> {
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
    terminal.say(format!("{}", out.display()));
    terminal.object(&serde_json::json!({ "written": out }));
    Ok(())
}
