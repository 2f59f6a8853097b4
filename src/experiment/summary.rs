//! Tables of an experiment: pass@k with intervals, what arms differ by, learning curves, and comparisons at equal compute and reward.
//!
//! Not here: the runs (`arm.rs`), the formulas (`math/bootstrap.rs`, `math/pass_at_k.rs`).

use super::plan::Plan;
use super::record::{EvaluationRecord, OWN, RunRecord};
use super::tables::{ArmSummary, AtK, Contrast, CurvePoint, Known, Measured, Meeting, Summary, TaskSummary};
use crate::error::Result;
use crate::math::bootstrap::{difference, interval};
use crate::math::pass_at_k::{guessing_ceiling, pass_at_k};
use crate::math::threefry::Key;
use crate::tasks::Split;

/// The seed of all resampling: a summary is a function of its records.
const SEED: u64 = 0xb007;
/// Steps that a reward is smoothed over where arms are compared at equal reward.
const SMOOTH: usize = 5;

/// Summarises the records of a plan, in the plan's order; tasks and arms without a record are left out. Every arm is set against
/// `baselines` (names of arms) at the smallest and the largest k.
///
/// # Errors
/// `bad-input` for counts that make no sense.
pub fn summarise(plan: &Plan, records: &[RunRecord], baselines: &[&str]) -> Result<Summary> {
    let mut tasks = Vec::new();
    for planned in &plan.tasks {
        let own: Vec<&RunRecord> = records.iter().filter(|r| r.task == planned.task).collect();
        let Some(first) = own.first() else { continue };
        let mut arms = Vec::new();
        for arm in &plan.arms {
            let runs: Vec<&RunRecord> = own.iter().copied().filter(|r| r.arm == arm.name).collect();
            if !runs.is_empty() {
                arms.push(of_arm(&arm.title, &runs, &plan.evaluate.k)?);
            }
        }
        let (contrasts, meetings) = (contrasts(plan, &own, baselines)?, meetings(plan, &own, &arms)?);
        let guess = |k: &usize| (*k, guessing_ceiling(first.guess_space, *k));
        tasks.push(TaskSummary {
            task: planned.task.clone(),
            difficulty: first.difficulty,
            guess_space: first.guess_space,
            guessing: plan.evaluate.k.iter().map(guess).collect(),
            arms,
            contrasts,
            meetings,
        });
    }
    let (experiment, title) = (plan.name.clone(), plan.title.clone());
    Ok(Summary { experiment, title, runs: records.len(), runs_planned: plan.jobs().count(), tasks })
}

/// pass@k of every question (seeds, questions).
fn crossed(evaluations: &[&EvaluationRecord], k: usize) -> Result<Vec<Vec<f64>>> {
    let of = |e: &&EvaluationRecord| e.correct.iter().map(|c| pass_at_k(e.samples, *c, k)).collect::<Result<Vec<_>>>();
    evaluations.iter().map(of).collect()
}

fn at_each_k(evaluations: &[&EvaluationRecord], ks: &[usize]) -> Result<Vec<AtK>> {
    let at = |k: &usize| Ok(AtK { k: *k, value: interval(&crossed(evaluations, *k)?, Key::from_seed(SEED)) });
    ks.iter().map(at).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn of_arm(title: &str, runs: &[&RunRecord], ks: &[usize]) -> Result<ArmSummary> {
    let mut measured = Vec::new();
    for which in &runs[0].evaluations {
        let same = |e: &&EvaluationRecord| (e.step, e.split, &e.mode) == (which.step, which.split, &which.mode);
        let all: Vec<&EvaluationRecord> = runs.iter().filter_map(|run| run.evaluations.iter().find(same)).collect();
        let mean_of = |value: &dyn Fn(&EvaluationRecord) -> f64| mean(all.iter().map(|e| value(e))).unwrap_or(0.0);
        let longest = all.iter().map(|e| e.entropy_by_position.len()).max().unwrap_or(0);
        let at_position = |place| mean(all.iter().filter_map(|e| e.entropy_by_position.get(place).copied()));
        measured.push(Measured {
            step: which.step,
            split: which.split,
            mode: which.mode.clone(),
            pass_at_k: at_each_k(&all, ks)?,
            majority: mean_of(&|e| e.majority),
            mean_length: mean_of(&|e| e.mean_length),
            mean_thought_length: mean_of(&|e| e.mean_thought_length),
            mean_length_correct: mean(all.iter().filter_map(|e| e.mean_length_correct)),
            entropy: mean_of(&|e| e.entropy),
            entropy_by_position: (0..longest).filter_map(at_position).collect(),
            mixture_entropy: mean(all.iter().filter_map(|e| e.mixture_entropy)),
            near_one_hot: mean(all.iter().filter_map(|e| e.near_one_hot)),
        });
    }
    let steps: usize = runs.iter().map(|run| run.curve.len()).sum();
    Ok(ArmSummary {
        arm: runs[0].arm.clone(),
        title: title.into(),
        seeds: runs.iter().map(|run| run.seed).collect(),
        measured,
        curve: curve(runs),
        known: known(runs),
        seconds_per_step: (steps > 0).then(|| runs.iter().map(|run| run.train_seconds).sum::<f64>() / steps as f64),
        collapses: runs.iter().filter(|run| run.collapse.is_some()).count(),
    })
}

fn known(runs: &[&RunRecord]) -> Vec<Known> {
    let of = |place: usize| {
        let own = || runs.iter().filter_map(|run| run.known.get(place));
        let after: Vec<Vec<f64>> = own().map(|k| vec![k.after]).collect();
        let (task, before) = (runs[0].known[place].task.clone(), mean(own().map(|k| k.before)).unwrap_or(0.0));
        Known { task, before, after: interval(&after, Key::from_seed(SEED)) }
    };
    (0..runs[0].known.len()).map(of).collect()
}

/// A number of a training step.
fn number(run: &RunRecord, row: usize, key: &str) -> f64 {
    run.curve.get(row).and_then(|row| row.get(key)).and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN)
}

fn curve(runs: &[&RunRecord]) -> Vec<CurvePoint> {
    let rows = runs.iter().map(|run| run.curve.len()).min().unwrap_or(0);
    let mut seconds = 0.0;
    let point = |row: usize| {
        let of = |key: &str| runs.iter().map(|run| number(run, row, key)).collect::<Vec<f64>>();
        let average = |key: &str| mean(of(key).into_iter()).unwrap_or(f64::NAN);
        seconds += average("step_time");
        let rewards = of("reward");
        CurvePoint {
            step: row + 1,
            seconds,
            reward: average("reward"),
            reward_low: rewards.iter().copied().fold(f64::INFINITY, f64::min),
            reward_high: rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            entropy: average("entropy"),
            length: average("completions/mean_length"),
        }
    };
    (0..rows).map(point).collect()
}

/// The final own evaluations of an arm on a split, one per seed of `seeds`; nothing where one is missing.
fn finals<'a>(runs: &[&'a RunRecord], arm: &str, seeds: &[u64], split: Split) -> Option<Vec<&'a EvaluationRecord>> {
    let of = |seed: &u64| {
        let run = runs.iter().find(|run| run.arm == arm && run.seed == *seed)?;
        run.evaluations.iter().rfind(|e| e.split == split && e.mode == OWN)
    };
    seeds.iter().map(of).collect()
}

fn contrasts(plan: &Plan, runs: &[&RunRecord], baselines: &[&str]) -> Result<Vec<Contrast>> {
    let (ks, mut found) = (&plan.evaluate.k, Vec::new());
    let ends: Vec<usize> = [ks.iter().min(), ks.iter().max()].into_iter().flatten().copied().collect();
    for b in baselines {
        for a in plan.arms.iter().map(|arm| arm.name.as_str()).filter(|a| a != b) {
            for split in &plan.evaluate.splits {
                // Seeds that both have.
                let has = |arm: &str, seed: &u64| runs.iter().any(|run| run.arm == arm && run.seed == *seed);
                let seeds: Vec<u64> = plan.seeds.iter().copied().filter(|s| has(a, s) && has(b, s)).collect();
                let (Some(left), Some(right)) = (finals(runs, a, &seeds, *split), finals(runs, b, &seeds, *split))
                else {
                    continue;
                };
                for k in ends.iter().filter(|_| !seeds.is_empty()) {
                    let value = difference(&crossed(&left, *k)?, &crossed(&right, *k)?, Key::from_seed(SEED));
                    found.push(Contrast { a: a.into(), b: (*b).into(), split: *split, k: *k, value });
                }
            }
        }
    }
    Ok(found)
}

/// Arms that train, where the cheapest of them ended and where the least rewarded of them ever was. An arm that never earns what all the
/// others start with meets nobody: it would put the meeting before everybody's first step.
fn meetings(plan: &Plan, runs: &[&RunRecord], arms: &[ArmSummary]) -> Result<Vec<Meeting>> {
    let trained: Vec<&ArmSummary> = arms.iter().filter(|arm| !arm.curve.is_empty()).collect();
    let smooth = |arm: &ArmSummary, row: usize| {
        let from = (row + 1).saturating_sub(SMOOTH);
        mean(arm.curve[from..=row].iter().map(|p| p.reward)).unwrap_or(0.0)
    };
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let seconds = least(&mut trained.iter().map(|arm| arm.curve.last().map_or(0.0, |p| p.seconds)));
    let best = |arm: &ArmSummary| (0..arm.curve.len()).map(|row| smooth(arm, row)).fold(f64::NEG_INFINITY, f64::max);
    let others_start = |arm: &ArmSummary| {
        least(&mut trained.iter().filter(|other| other.arm != arm.arm).map(|other| other.curve[0].reward))
    };
    let comparable = |arm: &&&ArmSummary| trained.len() == 1 || best(arm) >= others_start(arm);
    let reward = least(&mut trained.iter().filter(comparable).map(|arm| best(arm)));
    let mut found = Vec::new();
    for arm in &trained {
        let in_time = arm.curve.iter().rposition(|p| p.seconds <= seconds * (1.0 + 1e-9));
        let rewarded = (0..arm.curve.len()).position(|row| smooth(arm, row) >= reward - 1e-9);
        for (equal, value, row) in [("compute", seconds, in_time), ("reward", reward, rewarded)] {
            let Some(row) = row else { continue };
            let steps = arm.measured.iter().filter(|m| m.mode == OWN && m.split == Split::HeldOut).map(|m| m.step);
            let Some(step) = steps.filter(|step| *step <= row + 1).max() else { continue };
            let own: Vec<&EvaluationRecord> = runs
                .iter()
                .filter(|run| run.arm == arm.arm)
                .filter_map(|run| {
                    run.evaluations.iter().find(|e| e.step == step && e.mode == OWN && e.split == Split::HeldOut)
                })
                .collect();
            let pass_at_k = at_each_k(&own, &plan.evaluate.k)?;
            found.push(Meeting { equal: equal.into(), value, arm: arm.arm.clone(), step, pass_at_k });
        }
    }
    Ok(found)
}
