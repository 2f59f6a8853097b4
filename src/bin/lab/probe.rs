//! `lab probe`: which engines this machine can run, and how fast, without a model.

use soft_thinking_lab::engine::choose::{self, EngineChoice};
use soft_thinking_lab::error::Result;
use soft_thinking_lab::model::{ModelConfig, params};

use crate::terminal::{Terminal, clock};

#[derive(clap::Args)]
pub struct Arguments {
    /// The size of model to choose an engine for: nano, micro or mini
    #[arg(long, default_value = "nano")]
    preset: String,
}

pub async fn run(arguments: &Arguments, terminal: &Terminal) -> Result<()> {
    let config = ModelConfig::preset(&arguments.preset, 64)?;
    let report = choose::adapter().await;
    let params = params::init(&config, 0);
    let (_, info) = choose::open(EngineChoice::Auto, &config, &params, clock, &mut |_, _| ()).await?;
    match &report {
        Ok(report) => {
            let kind = if report.software { "software" } else { "hardware" };
            terminal.say(format!("GPU: {}, {} ({kind})", report.adapter, report.backend));
            terminal.say(format!(
                "     a buffer of up to {} MiB, {} KiB workgroup memory, {} invocations a workgroup",
                report.max_storage_buffer_binding_size >> 20,
                report.max_compute_workgroup_storage_size >> 10,
                report.max_compute_invocations_per_workgroup
            ));
        }
        Err(error) => terminal.say(format!("GPU: none [{}]: {error}", error.code())),
    }
    terminal.say(format!("{}: {}. {}", arguments.preset, info.name, info.reason));
    info.on_cpu.iter().for_each(|sentence| terminal.say(format!("     on the processor: {sentence}")));
    terminal.object(&serde_json::json!({
        "gpu": report.as_ref().ok(),
        "gpu_missing": report.as_ref().err().map(|error| serde_json::json!({ "code": error.code(), "message": error.to_string() })),
        "preset": arguments.preset,
        "engine": info,
    }));
    Ok(())
}
