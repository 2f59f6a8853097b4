//! `lab experiment`: every run of a plan that is not there yet, then the summary. Begun again, it goes on where it stopped.

use std::path::{Path, PathBuf};

use soft_thinking_lab::engine::Engine as _;
use soft_thinking_lab::engine::choose::{self, EngineChoice, EngineKind};
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::experiment::{ArmProgress, Job, OWN, Plan, RunRecord, Summary, run_arm, summarise};
use soft_thinking_lab::text::{LAB_VOCAB_SIZE, Tokenizer};

use crate::files;
use crate::terminal::{Terminal, clock, processor_clock};

#[derive(clap::Args)]
pub struct Arguments {
    /// The plan, as TOML: tasks, seeds, budget, arms
    plan: PathBuf,
    /// The folder for runs/TASK/ARM-SEED.json, summary.json and plan.json
    #[arg(long)]
    out: PathBuf,
    /// Do only this share of the runs, such as 0/2 and 1/2 in two processes
    #[arg(long, value_name = "I/N")]
    share: Option<String>,
    /// Do only runs whose TASK/ARM-SEED begins with this
    #[arg(long)]
    only: Option<String>,
    /// Arms that all others are set against
    #[arg(long, value_delimiter = ',', default_values_t = ["base".to_string(), "grpo".to_string()])]
    against: Vec<String>,
    /// Run nothing; summarise what is there
    #[arg(long)]
    summary: bool,
}

impl Arguments {
    fn share(&self) -> Result<(usize, usize)> {
        let Some(text) = &self.share else { return Ok((0, 1)) };
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((index, count)) if index < count => Ok((index, count)),
            _ => Err(Error::bad_input(format!("--share: expected I/N with I below N, such as 0/2; got {text}"))),
        }
    }

    fn run_file(&self, job: &Job<'_>) -> PathBuf {
        self.out.join("runs").join(format!("{}.json", job.id()))
    }

    /// The record of a job, if it was made with the plan as it is now.
    fn record(&self, job: &Job<'_>) -> Result<Option<RunRecord>> {
        let path = self.run_file(job);
        if !path.exists() {
            return Ok(None);
        }
        let record: RunRecord = serde_json::from_str(&files::text(&path)?)
            .map_err(|e| Error::bad_input(format!("{}: {e}; delete the file to make the run anew", path.display())))?;
        Ok(record.is_of(job)?.then_some(record))
    }
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let text = files::text(&arguments.plan)?;
    let plan: Plan =
        toml::from_str(&text).map_err(|e| Error::bad_input(format!("{}: {e}", arguments.plan.display())))?;
    plan.validate(LAB_VOCAB_SIZE)?;
    // Beside the summary, so that a page can do the same runs.
    let json = serde_json::to_string_pretty(&plan).map_err(|e| Error::bad_input(format!("the plan: {e}")))?;
    files::write(&arguments.out.join("plan.json"), json.as_bytes())?;
    let (index, count) = arguments.share()?;
    let wanted = |job: &Job<'_>| arguments.only.as_ref().is_none_or(|start| job.id().starts_with(start));
    if !arguments.summary {
        let jobs: Vec<Job<'_>> =
            plan.jobs().filter(wanted).enumerate().filter(|(i, _)| i % count == index).map(|(_, job)| job).collect();
        let folder = arguments.plan.parent().unwrap_or(Path::new("."));
        for (place, job) in jobs.iter().enumerate() {
            if arguments.record(job)?.is_some() {
                continue;
            }
            let record = one(job, folder, engine, &format!("{}/{}", place + 1, jobs.len()), terminal).await?;
            let json = serde_json::to_string(&record).map_err(|e| Error::bad_input(format!("a record: {e}")))?;
            files::write(&arguments.run_file(job), json.as_bytes())?;
            tell(&record, terminal);
        }
    }
    let records = plan.jobs().map(|job| arguments.record(&job)).collect::<Result<Vec<_>>>()?;
    let records: Vec<RunRecord> = records.into_iter().flatten().collect();
    let against: Vec<&str> = arguments.against.iter().map(String::as_str).collect();
    let summary = summarise(&plan, &records, &against)?;
    let json = serde_json::to_string(&summary).map_err(|e| Error::bad_input(format!("the summary: {e}")))?;
    files::write(&arguments.out.join("summary.json"), json.as_bytes())?;
    terminal.object(&summary);
    say(&summary, terminal);
    Ok(())
}

async fn one(
    job: &Job<'_>,
    folder: &Path,
    choice: EngineChoice,
    place: &str,
    terminal: &Terminal,
) -> Result<RunRecord> {
    let checkpoint = files::model(&folder.join(&job.task.model))?;
    let json = checkpoint.tokenizer_json.as_deref();
    let tokenizer = json.map_or_else(Tokenizer::lab, Tokenizer::from_json)?;
    let (mut engine, info) =
        choose::open(choice, &checkpoint.config, &checkpoint.params, clock, &mut |_, _| ()).await?;
    job.plan.validate(engine.config().vocab_size)?;
    let bar = terminal.bar(1, "run");
    let mut report = |at: ArmProgress| {
        bar.set_length(at.total as u64);
        bar.set_position(at.done as u64);
        let reward = at.reward.map_or(String::new(), |reward| format!(" reward {reward:.2}"));
        bar.set_message(format!("{place} {} {}{reward}", job.id(), at.phase));
    };
    // On the processor, what a step takes must not depend on what else the machine does: arms are compared at equal compute.
    let time = if info.kind == EngineKind::Cpu { processor_clock } else { clock };
    let record = run_arm(&mut engine, &tokenizer, &checkpoint.params, job, time, terminal.pulse(), &mut report).await?;
    bar.finish_and_clear();
    Ok(record)
}

fn tell(record: &RunRecord, terminal: &Terminal) {
    let RunRecord { task, arm, seed, .. } = record;
    let Some(last) = record.evaluations.iter().find(|e| e.mode == OWN && e.step == record.curve.len()) else {
        return;
    };
    let pass_1 = last.correct.iter().sum::<usize>() as f64 / (last.samples * last.correct.len()) as f64;
    let collapse = record.collapse.as_deref().unwrap_or_default();
    terminal.say(format!(
        "{task:<16} {arm:<22} seed {seed:<3} pass@1 {pass_1:.3}  {:.0} s  {collapse}",
        record.train_seconds
    ));
}

fn say(summary: &Summary, terminal: &Terminal) {
    terminal.say(format!("\n{}: {} of {} runs", summary.title, summary.runs, summary.runs_planned));
    for task in &summary.tasks {
        terminal.say(format!(
            "\n{} (difficulty {}), effective answers {:.0}",
            task.task, task.difficulty, task.guess_space
        ));
        for arm in &task.arms {
            let own = arm.measured.iter().rfind(|m| m.mode == OWN);
            let at = |k: &soft_thinking_lab::experiment::tables::AtK| {
                format!("@{} {:.3} [{:.3}, {:.3}]", k.k, k.value.mean, k.value.low, k.value.high)
            };
            let held =
                arm.measured.iter().rfind(|m| m.mode == OWN && m.split == soft_thinking_lab::tasks::Split::HeldOut);
            let ks = held.or(own).map(|m| {
                let ends = [m.pass_at_k.first(), m.pass_at_k.last()];
                ends.into_iter().flatten().map(at).collect::<Vec<_>>().join("  ")
            });
            terminal.say(format!("  {:<24} {} seeds  {}", arm.arm, arm.seeds.len(), ks.unwrap_or_default()));
        }
        for c in &task.contrasts {
            let split = serde_json::to_value(c.split).unwrap_or_default();
            terminal.say(format!(
                "    {} − {} ({}) @{}: {:+.3} [{:+.3}, {:+.3}]",
                c.a,
                c.b,
                split.as_str().unwrap_or_default(),
                c.k,
                c.value.mean,
                c.value.low,
                c.value.high
            ));
        }
    }
}
