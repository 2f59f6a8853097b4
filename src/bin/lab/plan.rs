//! `lab plan`: what a language model would take of memory, to think and to learn, from the beginning of its file alone.

use std::path::PathBuf;

use soft_thinking_lab::engine::choose::{EngineChoice, EngineKind};
use soft_thinking_lab::engine::language;
use soft_thinking_lab::error::Result;
use soft_thinking_lab::train::config::TrainConfig;
use soft_thinking_lab::weights::large::Large;
use soft_thinking_lab::weights::plan::{LearningPlan, mebibytes};

use crate::settings;
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
    /// Completions of one question that an adapter learns from; 0 to leave learning out
    #[arg(long, default_value_t = 8)]
    rollouts: usize,
    /// Tokens of each, with their prompt
    #[arg(long, default_value_t = 256)]
    tokens: usize,
    /// The adapter's settings, such as --set lora_r=8 (repeat for more), as `train` has them
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
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
    if arguments.rollouts > 0 {
        learning(arguments, &model, terminal)?;
    }
    arguments.memory.map_or(Ok(()), |limit| plan.fit(limit << 20))
}

/// A column for each engine.
fn learning(arguments: &Arguments, model: &Large, terminal: &Terminal) -> Result<()> {
    let tokens = arguments.tokens.min(model.config.max_position_embeddings);
    let lora = TrainConfig::read(settings::pairs(&arguments.settings)?)?.lora(None)?;
    let plans = language::learning_plans(model, &lora, arguments.rollouts, tokens)?;
    for (engine, plan) in &plans {
        terminal.object(&serde_json::json!({ "engine": engine, "rollouts": arguments.rollouts, "tokens": tokens, "learning": plan }));
    }
    let column = |(engine, _): &(EngineKind, LearningPlan)| match engine {
        EngineKind::Cpu => "CPU",
        _ => "GPU",
    };
    let heads: String = plans.iter().map(|one| format!("{:>12}", column(one))).collect();
    terminal
        .say(format!("{:<52}{heads}", format!("\nto learn from {} × {tokens} tokens, besides", arguments.rollouts)));
    let line = |what: &str, bytes: &dyn Fn(&LearningPlan) -> u64| {
        let cells: String = plans.iter().map(|(_, plan)| format!("{:>8} MiB", mebibytes(bytes(plan)))).collect();
        terminal.say(format!("{what:<52}{cells}"));
    };
    let parameters = lora.count(&model.config);
    line(&format!("adapter of rank {} ({parameters} numbers), gradient", lora.r), &|plan| plan.parameters);
    line("its optimizer's moments", &|plan| plan.moments);
    line("reference, start and best moment", &|plan| plan.references);
    line("kept inputs of the layers", &|plan| plan.kept);
    line("one layer, forward and back", &|plan| plan.passes);
    line("logits of a tile, slopes", &|plan| plan.logits);
    line("to learn, in all", &LearningPlan::total);
    Ok(())
}
