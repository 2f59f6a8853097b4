//! `lab diagnose`: how soft the thoughts are, in numbers and bars.

use soft_thinking_lab::decode::diagnose::Diagnosis;
use soft_thinking_lab::engine::choose::EngineChoice;
use soft_thinking_lab::error::Result;
use soft_thinking_lab::lab::DiagnoseOptions;

use crate::terminal::Terminal;
use crate::think::Common;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Held-out questions
    #[arg(long, default_value_t = 32)]
    questions: usize,
    /// Samples of each
    #[arg(long, default_value_t = 4)]
    samples: usize,
    /// Soft steps in whose place single tokens are tried
    #[arg(long, default_value_t = 256)]
    probes: usize,
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let (mut lab, task, policy) = arguments.common.open(engine, terminal).await?;
    let options = DiagnoseOptions {
        task,
        difficulty: arguments.common.difficulty,
        policy,
        questions: arguments.questions,
        first_question: 0,
        samples: arguments.samples,
        probes: arguments.probes,
        seed: Some(arguments.common.seed),
        max_steps: arguments.common.max_steps,
    };
    let bar = terminal.bar(arguments.probes, "diagnose");
    let tick = &mut |done: usize, _: usize| bar.set_position(done as u64);
    let found = lab.diagnose(&options, terminal.pulse(), tick).await?;
    bar.finish_and_clear();
    terminal.object(&found);
    say(&found, terminal);
    Ok(())
}

fn say(found: &Diagnosis, terminal: &Terminal) {
    terminal.say(format!("{} rollouts, {} soft steps", found.rollouts, found.soft_steps));
    terminal.say(format!("edit distance to the greedy thought  {:.3}", found.edit_distance_to_greedy));
    if found.soft_steps == 0 {
        return;
    }
    terminal.say(format!("entropy of the blend                 {:.3} nats", found.mixture_entropy));
    terminal.say(format!("tokens a blend amounts to            {:.2}", found.effective_tokens));
    terminal.say(format!("nearly one token (weight over .95)   {:.0} %", found.near_one_hot * 100.0));
    let js = |value: Option<f64>| value.map_or("—".into(), |js| format!("{js:.4} nats of {:.4}", 2f64.ln()));
    terminal.say(format!("next distribution: blend or top-1    {}", js(found.js_top_1)));
    terminal.say(format!("next distribution: blend or top-2    {}", js(found.js_top_2)));
    terminal.say("largest weight of a step");
    let most = found.max_weight.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    for (bin, share) in found.max_weight.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let bar = "█".repeat((share / most * 40.0).ceil() as usize);
        terminal.say(format!(
            "{:.2} to {:.2}  {:>5.1} %  {bar}",
            bin as f64 / 20.0,
            (bin + 1) as f64 / 20.0,
            share * 100.0
        ));
    }
}
