//! `lab`: the laboratory on a terminal. This file names the commands; each does its work in its own file.

mod bench;
mod diagnose;
mod experiment;
mod export;
mod files;
mod grade;
mod own;
mod plan;
mod presets;
mod probe;
mod semantic_ids;
mod settings;
mod terminal;
mod think;
mod train;
mod verify;
mod verl;
mod warm_start;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use soft_thinking_lab::lab::EngineChoice;

/// Every tensor is a fresh allocation, and the system's allocator hands large ones back to the kernel each time. Measured on two
/// busy cores: 100 warm-start steps take 17.6 s with it and 5.3 s with this one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Soft thinking and SofT-GRPO on this machine: warm-start a compact transformer on a toy task, let it think
/// softly, train it by reinforcement, measure it.
#[derive(Parser)]
#[command(name = "lab", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Print JSON, one object per line, instead of text and progress bars
    #[arg(long, global = true)]
    json: bool,
    /// What computes: cpu, gpu, auto for the faster of both here, or burn-wgpu in a build with that feature
    #[arg(long, global = true, default_value = "cpu", value_parser = engine)]
    engine: EngineChoice,
}

fn engine(name: &str) -> Result<EngineChoice, String> {
    serde_json::from_value(name.replace('-', "_").into())
        .map_err(|_| format!("expected cpu, gpu or auto; got `{name}`"))
}

#[derive(Subcommand)]
enum Command {
    /// Teach a fresh model worked chains of thought, by a careless teacher
    WarmStart(warm_start::Arguments),
    /// Improve a model by reinforcement: SofT-GRPO or GRPO
    Train(train::Arguments),
    /// Compare ways to learn: arms × tasks × seeds of a plan, evaluated alike, with intervals
    Experiment(experiment::Arguments),
    /// Estimate pass@k and more on held-out questions
    Evaluate(think::EvaluateArguments),
    /// Think about one question and show every step
    Think(think::ThinkArguments),
    /// List the ways to think and the training methods that have a name
    Presets,
    /// Say how soft its thoughts are, and whether blends lead elsewhere than single tokens
    Diagnose(diagnose::Arguments),
    /// Grade completions that are given, such as those of a cluster
    Grade(grade::Arguments),
    /// Write a model as a Hugging Face folder, safetensors or GGUF, or all that verl needs to go on with it
    Export(export::Arguments),
    /// The second lab: a recommender whose items are short codes, which its own loss may train (DIGER)
    SemanticIds(semantic_ids::Arguments),
    /// Compare this build with published numbers: golden JSON files and model folders
    Verify(verify::Arguments),
    /// Say what a language model would take of memory, before any of it is read
    Plan(plan::Arguments),
    /// Say which engines this machine can run, and how fast
    Probe(probe::Arguments),
    /// Measure rollouts, scores and updates of an engine
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::clock(); // counts from here
    let terminal = terminal::Terminal::new(arguments.json);
    let engine = arguments.engine;
    let result = pollster::block_on(async {
        match arguments.command {
            Command::WarmStart(a) => warm_start::run(a, engine, &terminal).await,
            Command::Train(a) => train::run(a, engine, &terminal).await,
            Command::Evaluate(a) => think::evaluate(a, engine, &terminal).await,
            Command::Diagnose(a) => diagnose::run(&a, engine, &terminal).await,
            Command::Presets => {
                presets::run(&terminal);
                Ok(())
            }
            Command::Experiment(a) => experiment::run(&a, engine, &terminal).await,
            Command::Think(a) => think::think(a, engine, &terminal).await,
            Command::Grade(a) => grade::run(&a, &terminal),
            Command::SemanticIds(a) => semantic_ids::run(&a, engine, &terminal).await,
            Command::Export(a) => export::run(&a, &terminal),
            Command::Plan(a) => plan::run(&a, engine, &terminal).await,
            Command::Probe(a) => probe::run(&a, &terminal).await,
            Command::Bench(a) => bench::run(&a, engine, &terminal).await,
            Command::Verify(a) => return verify::run(&a, engine, &terminal).await,
        }
        .map(|()| ExitCode::SUCCESS)
    });
    result.unwrap_or_else(|error| {
        terminal.error(&error);
        ExitCode::from(if error.code() == "cancelled" { 130 } else { 1 })
    })
}
