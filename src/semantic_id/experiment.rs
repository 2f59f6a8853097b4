//! Arms × seeds on one kind of catalogue with one budget for all: the plan, a run's record, and the summary with intervals.
//!
//! Not here: files and resuming (`bin/lab/semantic_ids.rs`), the bootstrap (`math/bootstrap.rs`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::catalogue::{Catalogue, CatalogueConfig, Fold};
use super::config::SemanticConfig;
use super::epoch::{Epoch, KS, Ranking};
use super::ranking::{ndcg_at_k, recall_at_k};
use super::trainer::SemanticRun;
use crate::engine::Pulse;
use crate::error::{Error, Result};
use crate::math::bootstrap::{Interval, difference, interval};
use crate::math::threefry::Key;

/// The seed of all resampling: a summary is a function of its records.
const RESAMPLING: u64 = 20_260_119;

/// A whole experiment. In a file it is TOML; unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub name: String,
    pub title: String,
    /// Each seed makes its own catalogue, code-books and recommender; all arms of a seed share them.
    pub seeds: Vec<u64>,
    #[serde(default)]
    pub catalogue: CatalogueConfig,
    /// Settings of every arm; an arm's own overrule them.
    #[serde(default)]
    pub settings: Map<String, Value>,
    pub arms: Vec<PlannedArm>,
    /// Arms that all others are set against.
    #[serde(default)]
    pub against: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedArm {
    /// Its name in the results, if it is not that of the arm.
    #[serde(default)]
    pub name: Option<String>,
    pub arm: String,
    #[serde(default)]
    pub set: Map<String, Value>,
}

impl PlannedArm {
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.arm)
    }
}

/// One run of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    pub plan: &'a Plan,
    pub arm: &'a PlannedArm,
    pub seed: u64,
}

impl Plan {
    /// Checks everything that can be checked without a run.
    ///
    /// # Errors
    /// `bad-input` naming the arm or key at fault.
    pub fn validate(&self) -> Result<()> {
        if self.seeds.is_empty() || self.arms.is_empty() {
            return Err(Error::bad_input(format!("experiment {:?}: expected at least one arm and one seed", self.name)));
        }
        for (place, arm) in self.arms.iter().enumerate() {
            if self.arms[..place].iter().any(|other| other.name() == arm.name()) {
                return Err(Error::bad_input(format!("two arms are called {:?}; give one a `name`", arm.name())));
            }
        }
        if let Some(unknown) = self.against.iter().find(|name| self.arms.iter().all(|arm| arm.name() != *name)) {
            return Err(Error::bad_input(format!("against: no arm of the plan is called {unknown:?}")));
        }
        self.catalogue.validate()?;
        self.jobs().try_for_each(|job| job.config()?.validate(self.catalogue.items))
    }

    /// Every run: seed by seed, arm by arm, so that an experiment that is cut short has compared something.
    pub fn jobs(&self) -> impl Iterator<Item = Job<'_>> {
        self.seeds.iter().flat_map(move |seed| self.arms.iter().map(move |arm| Job { plan: self, arm, seed: *seed }))
    }
}

impl Job<'_> {
    /// ARM-SEED.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.arm.name(), self.seed)
    }

    /// The run's settings.
    ///
    /// # Errors
    /// `bad-input` naming the key.
    pub fn config(&self) -> Result<SemanticConfig> {
        let mut own = self.plan.settings.clone();
        own.extend(self.arm.set.clone());
        own.insert("seed".into(), self.seed.into());
        let named = |e: Error| Error::bad_input(format!("arm {:?}: {e}", self.arm.name()));
        SemanticConfig::read(&self.arm.arm, &own).map_err(named)
    }

    #[must_use]
    pub fn catalogue(&self) -> CatalogueConfig {
        CatalogueConfig { seed: self.seed, ..self.plan.catalogue.clone() }
    }
}

/// One run, whole: what it was made with and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub arm: String,
    pub seed: u64,
    /// Of the crate that made it.
    pub version: String,
    pub config: SemanticConfig,
    pub catalogue: CatalogueConfig,
    pub epochs: Vec<Epoch>,
    pub test: Ranking,
    /// Of processor time.
    pub seconds: f64,
}

impl Record {
    /// Whether it is the job's, with the plan as it is now.
    ///
    /// # Errors
    /// `bad-input` where the job has no settings.
    pub fn is_of(&self, job: &Job<'_>) -> Result<bool> {
        Ok(self.config == job.config()? && self.catalogue == job.catalogue())
    }
}

/// Does a run. `report(done, total)`, in epochs.
///
/// # Errors
/// As [`SemanticRun::epoch`].
pub async fn run_job(job: &Job<'_>, pulse: &Pulse, report: &mut dyn FnMut(usize, usize)) -> Result<Record> {
    let (config, catalogue) = (job.config()?, job.catalogue());
    let mut run = SemanticRun::start(Catalogue::synthetic(&catalogue)?, config.clone())?;
    let mut epochs = vec![run.first(pulse).await?];
    while !run.finished() {
        epochs.push(run.epoch(pulse, &mut |_, _| ()).await?);
        report(run.epochs_done(), config.epochs);
    }
    let test = run.evaluate(Fold::Test, 0, pulse).await?;
    // Single ranks of the epochs would be most of the file, and nothing reads them.
    epochs.iter_mut().filter_map(|epoch| epoch.validation.as_mut()).for_each(|ranking| ranking.ranks.clear());
    let (arm, version) = (job.arm.name().into(), env!("CARGO_PKG_VERSION").into());
    Ok(Record { arm, seed: job.seed, version, config, catalogue, epochs, test, seconds: 0.0 })
}

/// The tables of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub experiment: String,
    pub title: String,
    pub runs: usize,
    pub runs_planned: usize,
    pub arms: Vec<ArmSummary>,
    pub contrasts: Vec<Contrast>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    pub arm: String,
    pub seeds: Vec<u64>,
    /// 95 % intervals: of `recall@k` and `ndcg@k` over seeds and users, of the last epoch's health over seeds.
    pub numbers: BTreeMap<String, Interval>,
    /// Means over seeds, an epoch each.
    pub curve: Vec<BTreeMap<String, f64>>,
}

/// `a` minus `b` on the same users and seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    pub a: String,
    pub b: String,
    pub number: String,
    pub value: Interval,
}

/// The health of an epoch as numbers with names; `_last` is the deepest level.
#[must_use]
pub fn numbers(epoch: &Epoch) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    let mut put = |key: String, value: f64| all.insert(key, value);
    for (kind, levels) in [("kept", &epoch.levels), ("nearest", &epoch.nearest)] {
        for (place, level) in levels.iter().enumerate() {
            let last = place + 1 == levels.len();
            for (key, value) in [
                ("used", level.used as f64),
                ("dead", level.dead as f64),
                ("entropy", level.usage_entropy),
                ("effective", level.effective_codes),
                ("balance", level.balance),
            ] {
                put(format!("{kind}_{key}_{}", place + 1), value);
                if last {
                    put(format!("{kind}_{key}_last"), value);
                }
            }
        }
    }
    for (key, value) in [
        ("generation", epoch.generation),
        ("quantization", epoch.quantization),
        ("reconstruction", epoch.reconstruction),
        ("unique", epoch.conflicts.unique),
        ("most_on_one_id", epoch.conflicts.most as f64),
        ("drift", epoch.drift),
        ("drift_total", epoch.drift_total),
        ("agreement", epoch.agreement),
        ("assignment_entropy", epoch.assignment_entropy),
        ("sigma", epoch.sigma),
        ("temperature", epoch.temperature),
        ("noisy", epoch.noisy),
    ] {
        put(key.into(), value);
    }
    if let Some(ranking) = &epoch.validation {
        put("validation_recall@10".into(), ranking.recall[1]);
        put("validation_ndcg@10".into(), ranking.ndcg[1]);
    }
    all
}

/// Per user of a run's test: recall and NDCG at each k, by name.
fn by_user(record: &Record) -> BTreeMap<String, Vec<f64>> {
    let ranks = || record.test.ranks.iter().map(|rank| rank.map(|rank| rank as usize));
    let at = |k: usize| {
        let recall = ranks().map(|rank| recall_at_k(rank, k)).collect();
        [(format!("recall@{k}"), recall), (format!("ndcg@{k}"), ranks().map(|rank| ndcg_at_k(rank, k)).collect())]
    };
    KS.iter().flat_map(|k| at(*k)).collect()
}

/// The summary of whatever runs there are.
#[must_use]
pub fn summarise(plan: &Plan, records: &[Record]) -> Summary {
    let of = |name: &str| -> Vec<&Record> { records.iter().filter(|record| record.arm == name).collect() };
    let key = Key::from_seed(RESAMPLING);
    let arms = plan.arms.iter().map(|arm| of(arm.name())).filter(|runs| !runs.is_empty()).map(|runs| of_arm(&runs, key));
    let mut contrasts = Vec::new();
    for b in &plan.against {
        for a in plan.arms.iter().map(PlannedArm::name).filter(|a| a != b) {
            // Seeds that both have.
            let (left, right) = (of(a), of(b));
            let pairs: Vec<_> =
                left.iter().filter_map(|l| Some((by_user(l), by_user(right.iter().find(|r| r.seed == l.seed)?)))).collect();
            for number in KS.iter().flat_map(|k| [format!("recall@{k}"), format!("ndcg@{k}")]) {
                let side = |pick: fn(&(BTreeMap<String, Vec<f64>>, BTreeMap<String, Vec<f64>>)) -> &BTreeMap<String, Vec<f64>>| {
                    pairs.iter().filter_map(|pair| pick(pair).get(&number).cloned()).collect::<Vec<_>>()
                };
                let (x, y) = (side(|pair| &pair.0), side(|pair| &pair.1));
                if !x.is_empty() {
                    contrasts.push(Contrast { a: a.into(), b: b.clone(), number, value: difference(&x, &y, key) });
                }
            }
        }
    }
    let (experiment, title) = (plan.name.clone(), plan.title.clone());
    let (runs, runs_planned) = (records.len(), plan.jobs().count());
    Summary { experiment, title, runs, runs_planned, arms: arms.collect(), contrasts }
}

fn of_arm(runs: &[&Record], key: Key) -> ArmSummary {
    let mut found = BTreeMap::new();
    let users: Vec<_> = runs.iter().map(|run| by_user(run)).collect();
    for name in users.first().map(|first| first.keys().cloned().collect::<Vec<_>>()).unwrap_or_default() {
        let values: Vec<Vec<f64>> = users.iter().filter_map(|run| run.get(&name).cloned()).collect();
        found.insert(name, interval(&values, key));
    }
    let curves: Vec<Vec<BTreeMap<String, f64>>> =
        runs.iter().map(|run| run.epochs.iter().map(numbers).collect()).collect();
    let mut single = |name: &str, values: Vec<f64>| {
        let values: Vec<Vec<f64>> = values.into_iter().map(|value| vec![value]).collect();
        found.insert(name.into(), interval(&values, key));
    };
    for name in curves[0].last().map(|last| last.keys().cloned().collect::<Vec<_>>()).unwrap_or_default() {
        single(&name, curves.iter().filter_map(|run| run.last()?.get(&name).copied()).collect());
    }
    single("seconds", runs.iter().map(|run| run.seconds).collect());
    let epochs = curves.iter().map(Vec::len).min().unwrap_or(0);
    let point = |epoch: usize| {
        let mean = |name: &String| {
            let values: Vec<f64> = curves.iter().filter_map(|run| run[epoch].get(name).copied()).collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        curves[0][epoch].keys().map(|name| (name.clone(), mean(name))).collect()
    };
    let (arm, seeds) = (runs[0].arm.clone(), runs.iter().map(|run| run.seed).collect());
    ArmSummary { arm, seeds, numbers: found, curve: (0..epochs).map(point).collect() }
}
