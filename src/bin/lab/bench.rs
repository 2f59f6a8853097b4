//! `lab bench`: updates, scores and rollouts of one size of model on the engine that was named.

use soft_thinking_lab::engine::choose::{EngineChoice, EngineKind};
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::lab::{BenchOptions, bench};

use crate::terminal::{Terminal, clock};

#[derive(clap::Args)]
pub struct Arguments {
    /// small and mid (as other frameworks are measured), nano, micro, mini; several by commas
    #[arg(long, value_delimiter = ',', default_values_t = ["small".to_owned(), "mid".to_owned()])]
    size: Vec<String>,
    /// Updates after the first
    #[arg(long, default_value_t = 10)]
    steps: usize,
    /// Sequences of a batch, if not the size's own
    #[arg(long)]
    sequences: Option<usize>,
    /// Positions of a sequence, if not the size's own
    #[arg(long)]
    positions: Option<usize>,
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let engine = match engine {
        EngineChoice::Cpu => EngineKind::Cpu,
        EngineChoice::Gpu => EngineKind::Gpu,
        #[cfg(feature = "burn-wgpu")]
        EngineChoice::BurnWgpu => EngineKind::BurnWgpu,
        EngineChoice::Auto => return Err(Error::bad_input("measure one engine at a time: --engine cpu or gpu")),
    };
    for size in &arguments.size {
        let Arguments { steps, sequences, positions, .. } = *arguments;
        let options = BenchOptions { engine, size: size.clone(), steps, sequences, positions };
        let report = bench(&options, clock, terminal.pulse()).await?;
        terminal.object(&report);
        let mut sorted = report.update_ms.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(report.first_ms);
        terminal.say(format!(
            "{}, {size} ({} parameters, {} × {}): update {median:.1} ms (first {:.0}), score {:.1} ms, rollout {:.0} tokens/s; an update \
             is {} dispatches, {} submits, {} read-backs; {:.1} MB on the device",
            report.name,
            report.parameters,
            report.sequences,
            report.positions,
            report.first_ms,
            report.score_ms,
            report.rollout_tokens_per_s,
            report.update_cost.dispatches,
            report.update_cost.submits,
            report.update_cost.read_backs,
            report.live_bytes / 1e6,
        ));
    }
    Ok(())
}
