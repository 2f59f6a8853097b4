//! `lab semantic-ids`: the second lab on a terminal: one run of an arm, or an experiment of arms × seeds from a plan.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use soft_thinking_lab::engine::choose::EngineChoice;
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::semantic_id::experiment::{Job, Plan, Record, run_job};
use soft_thinking_lab::semantic_id::summary::summarise;
use soft_thinking_lab::semantic_id::{
    ARMS, Catalogue, CatalogueConfig, Epoch, Fold, Ranking, SemanticConfig, SemanticRun,
};

use crate::files;
use crate::terminal::{Terminal, clock, processor_clock};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// The arms there are
    Arms,
    /// Train one arm and rank every user's last item
    Run(RunArguments),
    /// Every run of a plan that is not there yet, then the summary
    Experiment(ExperimentArguments),
}

#[derive(clap::Args)]
struct RunArguments {
    /// The arm, by name
    #[arg(long, default_value = "dril")]
    arm: String,
    /// Seed of code-books, recommender and noise
    #[arg(long)]
    seed: Option<u64>,
    /// A setting by its name, such as --set epochs=20 (repeat for more)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// A setting of the made-up catalogue by its name, such as --catalogue items=300 (repeat for more)
    #[arg(long = "catalogue", value_name = "KEY=VALUE", conflicts_with_all = ["interactions", "items"])]
    catalogue: Vec<String>,
    /// Own interactions: CSV with a header and user,item,time
    #[arg(long, value_name = "FILE.csv", requires = "items")]
    interactions: Option<PathBuf>,
    /// Own item vectors: CSV with a header and item,value,value,…
    #[arg(long, value_name = "FILE.csv", requires = "interactions")]
    items: Option<PathBuf>,
    /// Write the run as JSON: settings, every epoch, the test, the final codes
    #[arg(long, value_name = "FILE.json")]
    out: Option<PathBuf>,
}

#[derive(clap::Args)]
struct ExperimentArguments {
    /// The plan, as TOML: catalogue, settings, arms, seeds
    plan: PathBuf,
    /// The folder for runs/ARM-SEED.json, summary.json and plan.json
    #[arg(long)]
    out: PathBuf,
    /// Do only runs whose ARM-SEED begins with this
    #[arg(long)]
    only: Option<String>,
    /// Run nothing; summarise what is there
    #[arg(long)]
    summary: bool,
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    match &arguments.command {
        Command::Arms => {
            for (name, text) in ARMS {
                terminal.say(format!("{name:<18} {text}"));
            }
            let all: Vec<Value> = ARMS.iter().map(|(name, text)| json!({ "name": name, "text": text })).collect();
            terminal.object(&all);
            Ok(())
        }
        Command::Run(arguments) => one(arguments, engine, terminal).await,
        Command::Experiment(arguments) => experiment(arguments, engine, terminal).await,
    }
}

/// KEY=VALUE pairs as JSON.
fn pairs(option: &str, texts: &[String]) -> Result<Map<String, Value>> {
    let pair = |text: &String| {
        let (key, value) = text
            .split_once('=')
            .ok_or_else(|| Error::bad_input(format!("{option} expects KEY=VALUE; got `{text}`")))?;
        Ok((key.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
    };
    texts.iter().map(pair).collect()
}

fn as_json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|e| Error::bad_input(format!("cannot be written as JSON: {e}")))
}

/// Adds the engine of `--engine`, unless that is the usual one: a plan or `--set engine=…` may name another.
fn with_engine(own: &mut Map<String, Value>, engine: EngineChoice) {
    if engine != EngineChoice::Cpu {
        own.insert("engine".into(), json!(engine));
    }
}

async fn one(arguments: &RunArguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let mut own = pairs("--set", &arguments.settings)?;
    with_engine(&mut own, engine);
    if let Some(seed) = arguments.seed {
        own.insert("seed".into(), seed.into());
    }
    let config = SemanticConfig::read(&arguments.arm, &own)?;
    let catalogue = match (&arguments.items, &arguments.interactions) {
        (Some(items), Some(interactions)) => Catalogue::from_csv(&files::text(items)?, &files::text(interactions)?)?,
        _ => {
            let of: CatalogueConfig = serde_json::from_value(pairs("--catalogue", &arguments.catalogue)?.into())
                .map_err(|e| Error::bad_input(format!("--catalogue: {e}")))?;
            Catalogue::synthetic(&of)?
        }
    };
    let (begun, wall) = (processor_clock(), clock());
    let mut run = SemanticRun::start(catalogue, config)?;
    let name = run.open().await?;
    let (items, users) = (run.catalogue().items(), run.catalogue().histories.len());
    terminal.say(format!("{items} items, {users} users; a recommender of {} parameters; {name}", run.parameters()));
    let mut epochs = vec![run.first(terminal.pulse()).await?];
    tell(&epochs[0], terminal);
    let bar = terminal.bar(run.config().epochs, "epochs");
    while !run.finished() {
        let epoch = run.epoch(terminal.pulse(), &mut |_, _| ()).await?;
        bar.set_position(epoch.epoch as u64);
        if epoch.validation.is_some() {
            bar.suspend(|| tell(&epoch, terminal));
        }
        terminal.object(&epoch);
        epochs.push(epoch);
    }
    bar.finish_and_clear();
    let test = run.evaluate(Fold::Test, 0, terminal.pulse()).await?;
    let seconds = processor_clock() - begun;
    let Ranking { recall, ndcg, users, .. } = &test;
    terminal.say(format!(
        "test, {users} users: recall@5 {:.4}  @10 {:.4}  NDCG@5 {:.4}  @10 {:.4}   {seconds:.1} s of processor, {:.1} s of clock",
        recall[0],
        recall[1],
        ndcg[0],
        ndcg[1],
        clock() - wall
    ));
    if let Some([creations, dispatches, submits, read_backs]) = run.device_counts() {
        terminal.say(format!(
            "the GPU: {dispatches} dispatches, {submits} submits, {read_backs} read-backs; {creations} things made"
        ));
    }
    terminal.object(&json!({ "test": test, "seconds": seconds }));
    if let Some(path) = &arguments.out {
        let whole = json!({
            "config": run.config(), "epochs": epochs, "test": test, "seconds": seconds,
            "codes": run.ids().codes, "suffix": run.ids().suffix, "names": run.catalogue().names,
        });
        files::write(path, &as_json(&whole)?)?;
    }
    Ok(())
}

fn tell(epoch: &Epoch, terminal: &Terminal) {
    let level = |levels: &[soft_thinking_lab::semantic_id::health::LevelHealth]| {
        levels.iter().map(|level| format!("{:.1}", level.effective_codes)).collect::<Vec<_>>().join("/")
    };
    let ranked = epoch.validation.as_ref().map_or(String::new(), |ranking| {
        format!("  recall@10 {:.3} NDCG@10 {:.3}", ranking.recall[1], ranking.ndcg[1])
    });
    terminal.say(format!(
        "epoch {:>3}  L_gen {:.3}  codes {} (nearest {})  drift {:.2}  agreement {:.2}  σ {:.2}{ranked}",
        epoch.epoch,
        epoch.generation,
        level(&epoch.levels),
        level(&epoch.nearest),
        epoch.drift_total,
        epoch.agreement,
        epoch.sigma,
    ));
}

async fn experiment(arguments: &ExperimentArguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let text = files::text(&arguments.plan)?;
    let mut plan: Plan =
        toml::from_str(&text).map_err(|e| Error::bad_input(format!("{}: {e}", arguments.plan.display())))?;
    with_engine(&mut plan.settings, engine);
    plan.validate()?;
    files::write(&arguments.out.join("plan.json"), &as_json(&plan)?)?;
    if !arguments.summary {
        let wanted = |job: &Job<'_>| arguments.only.as_ref().is_none_or(|start| job.id().starts_with(start));
        let jobs: Vec<Job<'_>> = plan.jobs().filter(wanted).collect();
        for (place, job) in jobs.iter().enumerate() {
            if record(&arguments.out, job)?.is_some() {
                continue;
            }
            let bar = terminal.bar(1, "run");
            let mut report = |done: usize, total: usize| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
                bar.set_message(format!("{}/{} {}", place + 1, jobs.len(), job.id()));
            };
            let (begun, wall) = (processor_clock(), clock());
            let mut record = run_job(job, terminal.pulse(), &mut report).await?;
            record.seconds = processor_clock() - begun;
            bar.finish_and_clear();
            files::write(&file(&arguments.out, job), &as_json(&record)?)?;
            let Ranking { recall, ndcg, .. } = &record.test;
            terminal.say(format!(
                "{:<22} recall@10 {:.4}  NDCG@10 {:.4}  {:.0} s of processor, {:.0} s of clock",
                job.id(),
                recall[1],
                ndcg[1],
                record.seconds,
                clock() - wall
            ));
        }
    }
    let records = plan.jobs().map(|job| record(&arguments.out, &job)).collect::<Result<Vec<_>>>()?;
    let records: Vec<Record> = records.into_iter().flatten().collect();
    let summary = summarise(&plan, &records);
    files::write(&arguments.out.join("summary.json"), &as_json(&summary)?)?;
    terminal.object(&summary);
    terminal.say(format!("\n{}: {} of {} runs", summary.title, summary.runs, summary.runs_planned));
    for arm in &summary.arms {
        let interval = |key: &str| {
            arm.numbers.get(key).map_or(String::new(), |v| format!("{:.4} [{:.4}, {:.4}]", v.mean, v.low, v.high))
        };
        terminal.say(format!(
            "  {:<18} recall@10 {}  NDCG@10 {}  effective codes (nearest), last level {}",
            arm.arm,
            interval("recall@10"),
            interval("ndcg@10"),
            interval("nearest_effective_last")
        ));
    }
    for c in &summary.contrasts {
        terminal.say(format!(
            "    {} − {}: {} {:+.4} [{:+.4}, {:+.4}]",
            c.a, c.b, c.number, c.value.mean, c.value.low, c.value.high
        ));
    }
    Ok(())
}

fn file(out: &Path, job: &Job<'_>) -> PathBuf {
    out.join("runs").join(format!("{}.json", job.id()))
}

/// The record of a job, if it was made with the plan as it is now.
fn record(out: &Path, job: &Job<'_>) -> Result<Option<Record>> {
    let path = file(out, job);
    if !path.exists() {
        return Ok(None);
    }
    let record: Record = serde_json::from_str(&files::text(&path)?)
        .map_err(|e| Error::bad_input(format!("{}: {e}; delete the file to make the run anew", path.display())))?;
    Ok(record.is_of(job)?.then_some(record))
}
