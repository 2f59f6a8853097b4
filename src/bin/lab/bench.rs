//! `lab bench`: updates, scores and rollouts of one size of model on the engine that was named.

use soft_thinking_lab::engine::choose::{EngineChoice, EngineKind};
use soft_thinking_lab::error::{Error, Result};
#[cfg(feature = "gpu")]
use soft_thinking_lab::lab::BenchReport;
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
    /// Time every kernel of the GPU engine alone instead
    #[arg(long)]
    kernels: bool,
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let engine = match engine {
        _ if arguments.kernels => EngineKind::Gpu,
        EngineChoice::Cpu => EngineKind::Cpu,
        EngineChoice::Gpu => EngineKind::Gpu,
        #[cfg(feature = "burn-wgpu")]
        EngineChoice::BurnWgpu => EngineKind::BurnWgpu,
        EngineChoice::Auto => return Err(Error::bad_input("measure one engine at a time: --engine cpu or gpu")),
    };
    for size in &arguments.size {
        let Arguments { steps, sequences, positions, kernels, .. } = *arguments;
        let options = BenchOptions { engine, size: size.clone(), steps, sequences, positions, kernels };
        let report = bench(&options, clock, terminal.pulse()).await?;
        #[cfg(feature = "gpu")]
        if arguments.kernels {
            report_kernels(&report, terminal);
            continue;
        }
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

/// One line a kernel.
#[cfg(feature = "gpu")]
fn report_kernels(report: &BenchReport, terminal: &Terminal) {
    terminal.say(format!("{}, {}", report.name, report.size));
    for k in &report.kernels {
        let task =
            serde_json::to_value(k.task).ok().and_then(|task| task.as_str().map(str::to_owned)).unwrap_or_default();
        terminal.object(&serde_json::json!({
            "kernel": k.kernel,
            "shape": format!("{} {task} {}x{}", report.size, k.grid[0], k.grid[1]),
            "backend": report.name,
            "times": k.times,
            "ms": k.ms,
            "gflops": k.gflops,
            "gb_per_s": k.gb_per_s,
        }));
        terminal.say(format!(
            "  {task:<9} {:<26} {:>5} × {:<5} {:>3} times {:>9.3} ms {:>8.2} GFLOP/s {:>8.2} GB/s",
            k.kernel, k.grid[0], k.grid[1], k.times, k.ms, k.gflops, k.gb_per_s
        ));
    }
}
