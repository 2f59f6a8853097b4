//! `lab train`: reinforcement from a model file, with metrics, checkpoints and a final model in a folder.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use soft_thinking_lab::engine::{Progress, Stage};
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::lab::{EngineChoice, Lab};
use soft_thinking_lab::train::config::TrainConfig;
use soft_thinking_lab::weights::plan::mebibytes;

use crate::files;
use crate::settings::Settings;
use crate::terminal::{Terminal, clock};
use crate::words::Words;

/// Checkpoints are written this often.
const CHECKPOINT_STEPS: usize = 10;

#[derive(clap::Args)]
pub struct Arguments {
    /// The model to start from: GGUF, safetensors or a Hugging Face folder. Of a language model, which --resume needs too, an adapter
    /// learns
    #[arg(long, required_unless_present = "resume")]
    model: Option<PathBuf>,
    /// The folder for metrics.jsonl, checkpoint.safetensors, best.safetensors, model.safetensors, model.gguf and hf, the model as a
    /// Hugging Face folder; of a language model, adapter, a folder for PEFT, in the place of the last three
    #[arg(long)]
    out: PathBuf,
    /// Go on from the checkpoint in OUT
    #[arg(long)]
    resume: bool,
    /// With --resume: go on from the run's best moment, best.safetensors in OUT, for instance after a collapse
    #[arg(long, requires = "resume")]
    from_best: bool,
    /// Go on where a run would pause because it collapses
    #[arg(long)]
    ignore_collapse: bool,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    words: Words,
}

pub async fn run(arguments: Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let checkpoint = arguments.out.join("checkpoint.safetensors");
    let best = arguments.out.join("best.safetensors");
    let mut lab = Lab::new(engine, Some(arguments.settings.seed.unwrap_or(0)), clock)?;
    let language = match &arguments.model {
        Some(path) => arguments.words.load(&mut lab, path, terminal).await?,
        None => None,
    };
    let (config, first) = if arguments.resume {
        let from = if arguments.from_best { &best } else { &checkpoint };
        arguments.settings.own.add(&mut lab)?;
        lab.resume_run(&files::bytes(from)?).await?
    } else {
        let Some(path) = &arguments.model else {
            return Err(Error::bad_input("--model is needed to start a run"));
        };
        let info = match &language {
            Some(info) => info.clone(),
            None => lab.load_checkpoint(files::model(path)?, &mut |_, _| ()).await?,
        };
        if checkpoint.exists() {
            let out = arguments.out.display();
            return Err(Error::bad_input(format!("{out} holds a run already; --resume it or choose another folder")));
        }
        let own = arguments.settings.own.add(&mut lab)?;
        let settings = arguments.settings.config(own.as_ref(), info.task.as_ref())?;
        if let Some(plan) = lab.learning_plan(&settings)? {
            terminal.object(&plan);
            let ([total, adapter, passes], positions) =
                ([plan.total(), plan.adapter(), plan.kept + plan.passes].map(mebibytes), plan.positions);
            terminal.say(format!(
                "learning takes {total} MiB more: {adapter} for the adapter and its optimizer, {passes} for {positions} positions side by side"
            ));
        }
        (lab.start_training(settings).await?, 0)
    };
    let pretty = serde_json::to_string_pretty(&config).map_err(|e| Error::Io(e.to_string()))?;
    files::write(&arguments.out.join("config.json"), pretty.as_bytes())?;
    if first == 0 && config.eval_steps > 0 {
        report_start(&mut lab, terminal).await?;
    }
    let result = steps(&mut lab, &config, first, &arguments, terminal).await;
    save(&mut lab, &arguments.out).await?;
    export(&mut lab, &arguments.out, language.is_some()).await?;
    if let Err(Error::Cancelled) = result {
        terminal.say("stopped; what was learned is kept, go on with --resume");
    }
    if let Some(collapse) = lab.collapse().cloned() {
        terminal.object(&collapse);
        terminal.say(format!(
            "paused at step {}: {} It is kept in {}. Go on from there with --resume --from-best, or from here with --resume \
             --ignore-collapse; a lower learning_rate in a new run may help",
            collapse.step,
            collapse.message,
            best.display()
        ));
    }
    result
}

/// What was learned, for other programs.
async fn export(lab: &mut Lab, out: &Path, language: bool) -> Result<()> {
    if language {
        return files::folder(&out.join("adapter"), lab.adapter_files().await?);
    }
    for format in ["safetensors", "gguf"] {
        files::write(&out.join(format!("model.{format}")), &lab.export(format).await?)?;
    }
    files::folder(&out.join("hf"), lab.checkpoint().await?.to_hf_folder()?)
}

async fn report_start(lab: &mut Lab, terminal: &Terminal) -> Result<()> {
    let start = lab.evaluate_run(terminal.pulse()).await?;
    terminal.object(&serde_json::json!({ "step": 0, "val/pass@1": start.pass_at_1 }));
    terminal.say(format!("held-out pass@1 at the start: {:.3}", start.pass_at_1));
    Ok(())
}

/// The run as it stands, and its best moment if this process saw it.
async fn save(lab: &mut Lab, out: &Path) -> Result<()> {
    files::write(&out.join("checkpoint.safetensors"), &lab.save_run().await?)?;
    match lab.save_best()? {
        Some(bytes) => files::write(&out.join("best.safetensors"), &bytes),
        None => Ok(()),
    }
}

/// What a step is doing, in a word for the bar.
fn within(stage: Stage) -> &'static str {
    match stage {
        Stage::Think => "thinking",
        Stage::Score => "scoring",
        Stage::Learn => "learning",
        Stage::Measure => "measuring",
    }
}

/// Until all steps are done or the run pauses.
async fn steps(
    lab: &mut Lab,
    config: &TrainConfig,
    first: usize,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<()> {
    let out = &arguments.out;
    let bar = terminal.bar(config.max_steps, "train");
    bar.set_position(first as u64);
    let (mut step, told) = (first, bar.clone());
    let pulse = terminal.pulse().told_to(Rc::new(move |Progress { stage, done, total }: Progress| {
        told.set_message(format!("{} {:.0}/{total}", within(stage), done.floor()));
    }));
    while step < config.max_steps {
        let metrics = lab.train_step(&pulse).await?;
        for notice in lab.take_notices() {
            terminal.object(&notice);
            bar.suspend(|| terminal.say(&notice.message));
        }
        step = metrics.step; // a lost GPU sets a run back
        terminal.object(&metrics);
        let line = serde_json::to_string(&metrics).map_err(|e| Error::Io(e.to_string()))?;
        files::append(&out.join("metrics.jsonl"), &line)?;
        bar.set_message(format!("reward {:.3}", metrics.reward));
        bar.set_position(step as u64);
        if let Some(pass) = metrics.val_pass_at_1 {
            let text = format!(
                "step {step}: held-out pass@1 {pass:.3}, reward {:.3}, entropy {:.3}",
                metrics.reward, metrics.entropy
            );
            bar.suspend(|| terminal.say(text));
        }
        for remark in lab.run().map(|run| run.remarks().to_vec()).unwrap_or_default() {
            bar.suspend(|| terminal.say(remark));
        }
        if let Some(collapse) = lab.collapse().cloned() {
            if !arguments.ignore_collapse {
                bar.abandon();
                return Ok(());
            }
            bar.suspend(|| terminal.say(format!("step {step}: {} Going on regardless", collapse.message)));
            lab.acknowledge_collapse()?;
        }
        if step.is_multiple_of(CHECKPOINT_STEPS) {
            save(lab, out).await?;
        }
    }
    bar.finish();
    Ok(())
}
