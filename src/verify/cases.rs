//! Golden cases of single formulas: files of `{ "what", "dtype", "cases": […] }`, compared with `math` in f64.
//!
//! Not here: folders with whole models (they need an engine).

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::GroupReport;
use super::blocks::{BlocksCase, blocks_case};
use super::groups::{Groups, SMALLEST_SCALE};
use crate::error::{Error, Result};
use crate::math::advantage::{EPSILON, ScaleRewards, group_advantages_by_id};
use crate::math::aggregation::Aggregation;
use crate::math::gumbel::{LOG_EPSILON, mixture, perturb, projection};
use crate::math::kl::{KlEstimator, kl};
use crate::math::noises::Noise;
use crate::math::pass_at_k::pass_at_k;
use crate::math::softmax::{entropy, log_prob, log_prob_backward, softmax};
use crate::math::surrogate::{Clip, PolicyBatch, policy_loss};
use crate::math::truncation::{Truncation, truncate};

/// What `math` may differ by, relative to the size of the expected numbers: rounding of f64, with room for another order of addition.
pub const MATH_TOLERANCE: f64 = 1e-9;
/// Compares every case of a golden file with `math`; one report per group, in the order of first appearance.
///
/// `name` is what reports and errors call the file; the schema is recognised by the fields of its first case.
///
/// # Errors
/// `bad-input` for what is not JSON, has no cases, is of an unknown schema, or has a case that lacks a field or contradicts itself.
pub fn verify_cases(name: &str, json: &str) -> Result<Vec<GroupReport>> {
    let file = parsed(name, json)?;
    let cases = cases_of(&file);
    let Some(first) = cases.first() else {
        return Err(Error::bad_input(format!("{name}: expected golden cases in a list `cases`; there are none")));
    };
    let has = |field: &str| first.get(field).is_some();
    let mut groups = Groups::new(name, MATH_TOLERANCE, SMALLEST_SCALE);
    if has("log_density") {
        each(name, cases, |case| log_density_case(&mut groups, &case))?;
    } else if has("entropy_before_truncation") {
        each(name, cases, |case| rollout_step_case(&mut groups, &case))?;
    } else if has("aggregation") {
        each(name, cases, |case| policy_loss_case(&mut groups, &case))?;
    } else if has("scale_rewards") {
        each(name, cases, |case| advantage_case(&mut groups, &case))?;
    } else if has("estimator") {
        each(name, cases, |case| kl_case(&mut groups, &case))?;
    } else if has("pass_at_k") {
        each(name, cases, |case| pass_at_k_case(&mut groups, &case))?;
    } else if has("bytes") {
        each(name, cases, |case: BlocksCase| blocks_case(&mut groups, &case))?;
    } else {
        let fields: Vec<&str> = first.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
        let what = file.get("what").and_then(Value::as_str).unwrap_or("without a description");
        return Err(Error::bad_input(format!(
            "{name}: cases of an unknown schema ({what}) with the fields {fields:?}; known are rollout_step, log_density, \
             policy_loss, advantage, kl, pass_at_k and blocks"
        )));
    }
    Ok(groups.reports)
}

/// A golden file's text as JSON.
pub(super) fn parsed(name: &str, json: &str) -> Result<Value> {
    serde_json::from_str(json)
        .map_err(|error| Error::bad_input(format!("{name}: expected a golden file as JSON: {error}")))
}

/// Its cases; none where it has no list of them.
pub(super) fn cases_of(file: &Value) -> &[Value] {
    file.get("cases").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Reads and checks every case; an error names the file and the case.
pub(super) fn each<C: DeserializeOwned>(
    name: &str,
    cases: &[Value],
    mut check: impl FnMut(C) -> Result<()>,
) -> Result<()> {
    for (place, case) in cases.iter().enumerate() {
        let wrong = |error: &dyn std::fmt::Display| Error::bad_input(format!("{name}: case {place}: {error}"));
        let case = C::deserialize(case).map_err(|error| wrong(&error))?;
        check(case).map_err(|error| wrong(&error))?;
    }
    Ok(())
}

/// Ends in `bad-input` unless the case keeps this promise.
fn promise(kept: bool, text: &str) -> Result<()> {
    if kept { Ok(()) } else { Err(Error::bad_input(text)) }
}

#[derive(Deserialize)]
pub struct RolloutStepCase {
    pub logits: Vec<f64>,
    #[serde(flatten)]
    pub truncation: Truncation,
    pub soft_top_k: usize,
    pub gumbel_temperature: f64,
    pub noise_scale: f64,
    pub noise: Vec<f64>,
    pub candidates: Vec<u32>,
    pub perturbed: Vec<f64>,
    pub mixture: Vec<f64>,
    pub projection: u32,
    pub entropy_before_truncation: f64,
}

/// The lists hold only the candidates that kept mass, most probable first; the cut ones still take part in the mixture.
fn rollout_step_case(groups: &mut Groups, case: &RolloutStepCase) -> Result<()> {
    case.truncation.validate()?;
    let found = truncate(&case.logits, &case.truncation, case.soft_top_k);
    promise(case.noise.len() == found.ids.len(), "`noise` must hold one number per candidate, cut ones included")?;
    let kept = found.kept();
    let perturbed = perturb(&found.probs, &case.noise, case.noise_scale, LOG_EPSILON);
    let weights = mixture(&perturbed, case.gumbel_temperature);
    let tempered: Vec<f64> = case.logits.iter().map(|logit| logit / case.truncation.temperature).collect();
    groups.exact("rollout_step/candidates", &found.ids[..kept], &case.candidates);
    groups.numbers("rollout_step/perturbed", &perturbed[..kept], &case.perturbed);
    groups.numbers("rollout_step/mixture", &weights[..kept], &case.mixture);
    groups.exact("rollout_step/projection", &[found.ids[projection(&weights)]], &[case.projection]);
    groups.numbers("rollout_step/entropy", &[entropy(&softmax(&tempered))], &[case.entropy_before_truncation]);
    Ok(())
}

#[derive(Clone, Deserialize)]
pub struct LogDensityCase {
    pub noise: Noise,
    pub discrete: bool,
    pub logits: Vec<f64>,
    pub candidates: Vec<usize>,
    pub perturbed: Vec<f64>,
    pub label: usize,
    pub log_density: f64,
    pub grad_logits: Vec<f64>,
}

impl LogDensityCase {
    /// The log density and its gradient by all logits (V).
    #[must_use]
    pub fn by_math(&self) -> (f64, Vec<f64>) {
        if self.discrete {
            return (log_prob(&self.logits, self.label), log_prob_backward(&self.logits, self.label, 1.0));
        }
        let logits: Vec<f64> = self.candidates.iter().map(|id| self.logits[*id]).collect();
        let mut gradient = vec![0.0; self.logits.len()];
        let of_candidates = self.noise.log_density_backward(&logits, &self.perturbed, 1.0);
        self.candidates.iter().zip(of_candidates).for_each(|(id, d)| gradient[*id] = d);
        (self.noise.log_density(&logits, &self.perturbed), gradient)
    }
}

/// The gradient is by all logits (V): on soft steps it is 0 outside the candidates.
fn log_density_case(groups: &mut Groups, case: &LogDensityCase) -> Result<()> {
    let vocabulary = case.logits.len();
    promise(case.label < vocabulary, "`label` must be a place in `logits`")?;
    promise(case.candidates.iter().all(|id| *id < vocabulary), "`candidates` must be places in `logits`")?;
    promise(case.candidates.len() == case.perturbed.len(), "`candidates` and `perturbed` must be equally long")?;
    let (value, gradient) = case.by_math();
    groups.numbers("log_density/value", &[value], &[case.log_density]);
    groups.numbers("log_density/gradient", &gradient, &case.grad_logits);
    Ok(())
}

#[derive(Deserialize)]
struct PolicyLossCase {
    old_log_probs: Vec<Vec<f64>>,
    log_probs: Vec<Vec<f64>>,
    advantages: Vec<Vec<f64>>,
    mask: Vec<Vec<f64>>,
    clip_low: f64,
    clip_high: f64,
    dual_clip: Option<f64>,
    aggregation: Aggregation,
    loss: f64,
    clip_fraction: f64,
    clip_fraction_lower: f64,
    approx_kl: f64,
    grad_log_probs: Vec<Vec<f64>>,
}

fn policy_loss_case(groups: &mut Groups, case: &PolicyLossCase) -> Result<()> {
    let width = case.mask.first().map_or(0, Vec::len);
    let same = |rows: &[Vec<f64>]| rows.len() == case.mask.len() && rows.iter().all(|row| row.len() == width);
    let all = [&case.old_log_probs, &case.log_probs, &case.advantages, &case.mask, &case.grad_log_probs];
    promise(width > 0 && all.iter().all(|rows| same(rows)), "all matrices must have the shape of `mask`")?;
    let clip = Clip { low: case.clip_low, high: case.clip_high, dual: case.dual_clip };
    clip.validate()?;
    let [old_log_probs, log_probs, advantages, mask, wanted] = all.map(|rows| rows.concat());
    let batch = PolicyBatch {
        log_probs: &log_probs,
        old_log_probs: &old_log_probs,
        advantages: &advantages,
        mask: &mask,
        width,
    };
    let got = policy_loss(&batch, &clip, case.aggregation);
    groups.numbers("policy_loss/loss", &[got.loss], &[case.loss]);
    groups.numbers("policy_loss/clip_fraction", &[got.clip_fraction], &[case.clip_fraction]);
    groups.numbers("policy_loss/clip_fraction_lower", &[got.clip_fraction_lower], &[case.clip_fraction_lower]);
    groups.numbers("policy_loss/approx_kl", &[got.approx_kl], &[case.approx_kl]);
    groups.numbers("policy_loss/gradient", &got.grad_log_probs, &wanted);
    Ok(())
}

#[derive(Deserialize)]
struct AdvantageCase {
    rewards: Vec<f64>,
    group: Vec<usize>,
    scale_rewards: ScaleRewards,
    advantages: Vec<f64>,
}

fn advantage_case(groups: &mut Groups, case: &AdvantageCase) -> Result<()> {
    promise(case.rewards.len() == case.group.len(), "`rewards` and `group` must be equally long")?;
    let got = group_advantages_by_id(&case.rewards, &case.group, case.scale_rewards, EPSILON);
    groups.numbers("advantage/value", &got, &case.advantages);
    Ok(())
}

#[derive(Deserialize)]
struct KlCase {
    estimator: KlEstimator,
    log_probs: Vec<f64>,
    reference_log_probs: Vec<f64>,
    kl: Vec<f64>,
    grad_log_probs: Vec<f64>,
}

fn kl_case(groups: &mut Groups, case: &KlCase) -> Result<()> {
    let pairs = case.log_probs.iter().zip(&case.reference_log_probs);
    let (values, slopes): (Vec<f64>, Vec<f64>) = pairs.map(|(own, other)| kl(case.estimator, *own, *other)).unzip();
    groups.numbers("kl/value", &values, &case.kl);
    groups.numbers("kl/gradient", &slopes, &case.grad_log_probs);
    Ok(())
}

#[derive(Deserialize)]
struct PassAtKCase {
    n: usize,
    correct: usize,
    k: usize,
    pass_at_k: f64,
}

fn pass_at_k_case(groups: &mut Groups, case: &PassAtKCase) -> Result<()> {
    groups.numbers("pass_at_k/value", &[pass_at_k(case.n, case.correct, case.k)?], &[case.pass_at_k]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_file_and_the_fault() {
        let message = |json: &str| {
            let error = verify_cases("x.json", json).unwrap_err();
            assert_eq!(error.code(), "bad-input");
            error.to_string()
        };
        assert!(message("{").starts_with("x.json"));
        assert!(message(r#"{"cases": []}"#).contains("none"));
        assert!(message(r#"{"what": "tides", "cases": [{"height": 1}]}"#).contains("tides"));
        assert!(
            message(r#"{"cases": [{"pass_at_k": 1.0, "n": 1, "k": 1}]}"#).contains("case 0: missing field `correct`")
        );
        assert!(message(r#"{"cases": [{"pass_at_k": 1.0, "n": 1, "k": 2, "correct": 1}]}"#).contains("`k` must be"));
    }

    #[test]
    fn a_wrong_number_or_none_does_not_pass() {
        let report = |value: f64| {
            let json = format!(r#"{{"cases": [{{"pass_at_k": {value}, "n": 1, "k": 1, "correct": 1}}]}}"#);
            verify_cases("x.json", &json).unwrap().remove(0)
        };
        assert!(report(1.0).passed() && !report(0.5).passed() && !GroupReport { cases: 0, ..report(1.0) }.passed());
        assert_eq!(super::super::groups::relative_error(&[1.0], &[1.0, 2.0], 1.0), f64::INFINITY);
        assert!(super::super::groups::relative_error(&[f64::NAN], &[1.0], 1.0).is_nan());
    }
}
