//! Arms × seeds on one kind of catalogue with one budget for all: the plan and a run's record.
//!
//! Not here: what came out of them together (`summary.rs`), files and resuming (`bin/lab/semantic_ids.rs`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::catalogue::{Catalogue, CatalogueConfig, Fold};
use super::config::SemanticConfig;
use super::epoch::{Epoch, Ranking};
use super::trainer::SemanticRun;
use crate::engine::Pulse;
use crate::error::{Error, Result};

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
            return Err(Error::bad_input(format!(
                "experiment {:?}: expected at least one arm and one seed",
                self.name
            )));
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
