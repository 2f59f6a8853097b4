//! The tables of an experiment: intervals over seeds and users, what arms differ by, curves.
//!
//! Not here: the runs (`experiment.rs`), the bootstrap (`math/bootstrap.rs`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::epoch::{Epoch, KS};
use super::experiment::{Plan, PlannedArm, Record};
use super::ranking::{ndcg_at_k, recall_at_k};
use crate::math::bootstrap::{Interval, difference, interval};
use crate::math::threefry::Key;

/// The seed of all resampling: a summary is a function of its records.
const RESAMPLING: u64 = 20_260_119;

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
    let arms =
        plan.arms.iter().map(|arm| of(arm.name())).filter(|runs| !runs.is_empty()).map(|runs| of_arm(&runs, key));
    let against = |b: &String| {
        let others = plan.arms.iter().map(PlannedArm::name).filter(|a| a != b).collect::<Vec<_>>();
        others.into_iter().flat_map(|a| contrast(a, b, &of(a), &of(b), key)).collect::<Vec<_>>()
    };
    let contrasts = plan.against.iter().flat_map(against).collect();
    let (experiment, title) = (plan.name.clone(), plan.title.clone());
    let (runs, runs_planned) = (records.len(), plan.jobs().count());
    Summary { experiment, title, runs, runs_planned, arms: arms.collect(), contrasts }
}

/// Of the seeds that both have.
fn contrast(a: &str, b: &str, left: &[&Record], right: &[&Record], key: Key) -> Vec<Contrast> {
    let pair = |l: &&Record| Some((by_user(l), by_user(right.iter().find(|r| r.seed == l.seed)?)));
    let (x, y): (Vec<_>, Vec<_>) = left.iter().filter_map(pair).unzip();
    let numbers = KS.iter().flat_map(|k| [format!("recall@{k}"), format!("ndcg@{k}")]);
    let of = |number: String| {
        let side = |side: &[BTreeMap<String, Vec<f64>>]| -> Vec<Vec<f64>> {
            side.iter().filter_map(|run| run.get(&number).cloned()).collect()
        };
        let value = difference(&side(&x), &side(&y), key);
        Contrast { a: a.into(), b: b.into(), number, value }
    };
    if x.is_empty() { Vec::new() } else { numbers.map(of).collect() }
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
