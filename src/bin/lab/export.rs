//! `lab export`: one model in, another form of it out.

use std::path::PathBuf;

use soft_thinking_lab::error::Result;
use soft_thinking_lab::weights::QuantKind;

use crate::files;
use crate::terminal::Terminal;

#[derive(clap::Args)]
pub struct Arguments {
    /// The model: GGUF, safetensors or a Hugging Face folder
    #[arg(long)]
    model: PathBuf,
    /// hf (a folder for transformers), safetensors, or a GGUF of kind f32, f16, q8_0, q4_0, q4_1
    #[arg(long, default_value = "hf")]
    format: String,
    /// The file or folder to write
    #[arg(long)]
    out: PathBuf,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<()> {
    let checkpoint = files::model(&arguments.model)?;
    match arguments.format.as_str() {
        "hf" => {
            files::write(&arguments.out.join("config.json"), checkpoint.config.to_json().as_bytes())?;
            files::write(&arguments.out.join("model.safetensors"), &checkpoint.to_safetensors()?)?;
            if let Some(tokenizer) = &checkpoint.tokenizer_json {
                files::write(&arguments.out.join("tokenizer.json"), tokenizer.as_bytes())?;
                let tokenizer_config =
                    r#"{"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false}"#;
                files::write(&arguments.out.join("tokenizer_config.json"), tokenizer_config.as_bytes())?;
            }
        }
        "safetensors" => files::write(&arguments.out, &checkpoint.to_safetensors()?)?,
        kind => files::write(&arguments.out, &checkpoint.to_gguf(QuantKind::from_name(kind)?)?)?,
    }
    terminal.say(format!("{}", arguments.out.display()));
    terminal.object(&serde_json::json!({ "written": arguments.out }));
    Ok(())
}
