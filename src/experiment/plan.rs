//! What an experiment is made of: tasks with the models they start from, arms, seeds, one budget for all, one evaluation for all.
//!
//! Not here: running it (`arm.rs`), what came of it (`record.rs`, `summary.rs`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::decode::Policy;
use crate::error::{Error, Result};
use crate::tasks::{Split, Task, task};
use crate::train::TrainConfig;

/// A whole experiment. In a file it is TOML; unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub name: String,
    pub title: String,
    pub tasks: Vec<TaskPlan>,
    pub seeds: Vec<u64>,
    /// Settings of every arm that trains: the budget, the step size. They overrule the arms' presets.
    #[serde(default)]
    pub train: Map<String, Value>,
    #[serde(default)]
    pub evaluate: EvaluatePlan,
    pub arms: Vec<Arm>,
}

/// A task and the model every arm starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskPlan {
    pub task: String,
    #[serde(default)]
    pub difficulty: Option<u32>,
    /// The model's file, seen from the plan's folder.
    pub model: String,
    /// Tasks the model knew before, such as `reach`, or `reach/1` where it is not the default difficulty; how well it still knows them is
    /// measured after the run.
    #[serde(default)]
    pub known: Vec<String>,
}

/// How every arm is evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluatePlan {
    pub questions: usize,
    pub samples: usize,
    pub k: Vec<usize>,
    /// With which questions a run ends: held out, and out of distribution.
    pub splits: Vec<Split>,
    /// Also before and while training, every this many steps, on held-out questions; 0 for not.
    pub every: usize,
    /// Further ways to think that the trained model is evaluated in, by name.
    pub modes: Vec<String>,
    /// Held-out questions of each of these.
    pub mode_questions: usize,
    /// Held-out chains of each known task.
    pub known_questions: usize,
}

impl Default for EvaluatePlan {
    fn default() -> Self {
        Self {
            questions: 128,
            samples: 32,
            k: vec![1, 2, 4, 8, 16, 32],
            splits: vec![Split::HeldOut],
            every: 0,
            modes: Vec::new(),
            mode_questions: 64,
            known_questions: 64,
        }
    }
}

/// One way to treat a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    pub name: String,
    pub title: String,
    /// Settings of its training, over the plan's; absent: the model stays as it is.
    #[serde(default)]
    pub train: Option<Map<String, Value>>,
    /// How it thinks when evaluated; as it was trained when absent.
    #[serde(default)]
    pub policy: Option<Policy>,
}

/// One run of an experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job<'a> {
    pub plan: &'a Plan,
    pub task: &'a TaskPlan,
    pub arm: &'a Arm,
    pub seed: u64,
}

impl Plan {
    /// Checks everything that can be checked without a model.
    ///
    /// # Errors
    /// `bad-input` naming the arm, task or key at fault.
    pub fn validate(&self, vocabulary: usize) -> Result<()> {
        let wrong = |text: String| Err(Error::bad_input(format!("experiment \"{}\": {text}", self.name)));
        for (what, missing) in
            [("tasks", self.tasks.is_empty()), ("arms", self.arms.is_empty()), ("seeds", self.seeds.is_empty())]
        {
            if missing {
                return wrong(format!("`{what}` is empty"));
            }
        }
        for (index, arm) in self.arms.iter().enumerate() {
            if self.arms[..index].iter().any(|other| other.name == arm.name) {
                return wrong(format!("two arms are called \"{}\"", arm.name));
            }
            if !arm.name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) || arm.name.is_empty() {
                return wrong(format!("an arm's name is made of letters, digits, - and _; got \"{}\"", arm.name));
            }
            if arm.train.is_none() && arm.policy.is_none() {
                return wrong(format!("arm \"{}\" needs `train` or `policy`", arm.name));
            }
        }
        let e = &self.evaluate;
        if e.questions == 0 || e.mode_questions == 0 || e.samples == 0 || e.splits.is_empty() {
            return wrong("`evaluate` needs at least one question, one sample and one split".into());
        }
        if let Some(k) = e.k.iter().find(|k| **k == 0 || **k > e.samples) {
            return wrong(format!("`k` must be 1 to `samples` ({}); got {k}", e.samples));
        }
        for name in &e.modes {
            self.mode(name)?;
        }
        for job in self.jobs().filter(|job| job.seed == self.seeds[0]) {
            let named =
                |error: Error| Error::bad_input(format!("arm \"{}\" on \"{}\": {error}", job.arm.name, job.task.task));
            task(&job.task.task, job.task.difficulty).map_err(named)?;
            job.task.known_tasks().map_err(named)?;
            if let Some(config) = job.config().map_err(named)? {
                config.validate(vocabulary).map_err(named)?;
            }
            job.policy().map_err(named)?.validate(vocabulary).map_err(named)?;
        }
        Ok(())
    }

    /// Every run: task by task, seed by seed, arm by arm, so that an experiment that is cut short has compared something.
    pub fn jobs(&self) -> impl Iterator<Item = Job<'_>> {
        let of_task = move |task| {
            let of_seed = move |seed: &u64| {
                let seed = *seed;
                self.arms.iter().map(move |arm| Job { plan: self, task, arm, seed })
            };
            self.seeds.iter().flat_map(of_seed)
        };
        self.tasks.iter().flat_map(of_task)
    }

    /// A policy of `evaluate.modes`.
    ///
    /// # Errors
    /// `bad-input` for an unknown name.
    pub fn mode(&self, name: &str) -> Result<Policy> {
        serde_json::from_value(json!(name)).map_err(|e| Error::bad_input(format!("`modes`: {e}")))
    }
}

impl TaskPlan {
    /// The tasks of `known`, in its order.
    ///
    /// # Errors
    /// `bad-input` for an unknown task or difficulty.
    pub fn known_tasks(&self) -> Result<Vec<Box<dyn Task>>> {
        let open = |text: &String| match text.split_once('/') {
            None => task(text, None),
            Some((name, level)) => {
                let wrong = |_| Error::bad_input(format!("`known`: expected TASK or TASK/DIFFICULTY; got \"{text}\""));
                task(name, Some(level.parse().map_err(wrong)?))
            }
        };
        self.known.iter().map(open).collect()
    }
}

impl Job<'_> {
    /// A name for the run's file: task, arm and seed.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}-{}", self.task.task, self.arm.name, self.seed)
    }

    /// The settings it trains with; absent for an arm that does not train.
    ///
    /// # Errors
    /// `bad-input` naming the key.
    pub fn config(&self) -> Result<Option<TrainConfig>> {
        let Some(own) = &self.arm.train else { return Ok(None) };
        let mut all = self.plan.train.clone();
        all.extend(own.clone());
        all.insert("task".into(), json!(self.task.task));
        all.insert("difficulty".into(), json!(self.task.difficulty));
        all.insert("seed".into(), json!(self.seed));
        all.insert("eval_steps".into(), json!(0)); // the experiment evaluates
        TrainConfig::read(all).map(Some)
    }

    /// How it thinks when evaluated.
    ///
    /// # Errors
    /// As [`Job::config`].
    pub fn policy(&self) -> Result<Policy> {
        match (self.arm.policy, self.config()?) {
            (Some(policy), _) => Ok(policy),
            (None, Some(config)) => Ok(config.policy()),
            (None, None) => Err(Error::bad_input("an arm needs `train` or `policy`")),
        }
    }
}
