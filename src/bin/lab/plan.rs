//! `lab plan`: what a language model would take of memory, from the beginning of its file alone.

use std::path::PathBuf;

use soft_thinking_lab::engine::choose::{EngineChoice, EngineKind};
use soft_thinking_lab::engine::language;
use soft_thinking_lab::error::Result;
use soft_thinking_lab::weights::plan::mebibytes;

use crate::terminal::Terminal;
use crate::words;

#[derive(clap::Args)]
pub struct Arguments {
    /// The GGUF file or Hugging Face folder of a language model
    file: PathBuf,
    /// Longest prompt and completion together, tokens
    #[arg(long, default_value_t = 4096)]
    context: usize,
    /// Completions side by side
    #[arg(long, default_value_t = 1)]
    rows: usize,
    /// Refuse what needs more memory, MiB
    #[arg(long, value_name = "MIB")]
    memory: Option<u64>,
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let found = words::open(&arguments.file).await?;
    let (model, _) = found.ok_or_else(|| words::expected(&arguments.file))?;
    let (engine, plan) = language::plan(engine, &model, arguments.rows, arguments.context).await?;
    let (place, largest) = match engine {
        EngineKind::Cpu => ("packed for the processor", "largest tensor"),
        _ => ("in blocks for the GPU", "largest buffer"),
    };
    terminal.object(&plan);
    let line = |what: &str, bytes: u64| terminal.say(format!("{what:<52} {:>7} MiB", mebibytes(bytes)));
    line("file", plan.file);
    line(&format!("weights, {place}"), plan.weights);
    line(&format!("keys and values of {} × {} positions", plan.rows, plan.context), plan.cache);
    line("to compute with", plan.scratch);
    line("words", plan.vocabulary);
    line("in all, beside the file", plan.total());
    line("more while an adapter learns, from 8 × 208 positions", plan.learning);
    line(&format!("{largest} ({})", plan.largest_tensor_name), plan.largest_tensor);
    arguments.memory.map_or(Ok(()), |limit| plan.fit(limit << 20))
}
