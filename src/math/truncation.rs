//! Which tokens may be sampled: temperature, top-k, top-p, min-p, in the reference's order, then the largest few.
//!
//! Not here: noise and mixtures (`gumbel.rs`), drawing a token (`decode/`).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Up to this many tokens are found by insertion in one pass over the vocabulary; more are selected, then sorted.
const INSERTION_LIMIT: usize = 32;

/// The settings of a truncation, under TRL's names.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truncation {
    /// Logits are divided by it. 0 means greedy: all mass on the largest logit.
    pub temperature: f64,
    /// Keep this many largest probabilities; 0 keeps all.
    pub top_k: usize,
    /// Keep the shortest head of the renormalised top-k whose mass exceeds it; 1 keeps all.
    pub top_p: f64,
    /// Drop what is less probable than this share of the most probable; 0 drops none.
    pub min_p: f64,
}

impl Truncation {
    /// Nothing cut, temperature 1: the policy itself, as discrete GRPO samples it.
    pub const NONE: Self = Self { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0 };
    /// SofT-GRPO's training and test settings. Source: paper Table 8; SofT-GRPO-deepscaler-8k.sh.
    pub const SOFT_GRPO: Self = Self { temperature: 1.0, top_k: 5, top_p: 0.95, min_p: 0.0 };

    /// Checks the ranges.
    ///
    /// # Errors
    /// `bad-input` naming the setting, its range and what came.
    pub fn validate(&self) -> Result<()> {
        let check = |name: &str, value: f64, usable: bool, range: &str| match usable {
            true => Ok(()),
            false => Err(Error::bad_input(format!("`{name}` must be {range}; it is {value}"))),
        };
        let Self { temperature, top_p, min_p, .. } = *self;
        check("temperature", temperature, (0.0..=100.0).contains(&temperature), "in [0, 100] (0 is greedy)")?;
        check("top_p", top_p, top_p > 0.0 && top_p <= 1.0, "in (0, 1] (1 keeps all)")?;
        check("min_p", min_p, (0.0..=1.0).contains(&min_p), "in [0, 1] (0 drops none)")
    }
}

/// The tokens left, most probable first, ties by the lower id. A token that was cut has probability exactly 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidates {
    /// Token ids (K).
    pub ids: Vec<u32>,
    /// Their probabilities, renormalised over these candidates (K).
    pub probs: Vec<f64>,
}

impl Candidates {
    /// How many candidates have mass.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.probs.iter().filter(|prob| **prob > 0.0).count()
    }
}

/// The candidates of one row of logits (V): softmax(logits / temperature); the top-k, renormalised; of those the nucleus top-p; min-p;
/// then the `keep` most probable, renormalised.
///
/// Returns min(keep, V) candidates; where fewer survive, the next most probable tokens fill up with mass 0 (in the reference these are
/// arbitrary ties among zero-probability tokens). No exponential is taken of a logit that cannot matter and nothing is sorted but the
/// candidates, since this runs for every row and token. Logits must be finite or -inf; the caller checks (a NaN ranks last).
///
/// Source: SofT-GRPO `sampler.py`, soft branch, steps 1-3; sglang's `top_p_normalize_probs_torch` (a token stays while the mass
/// before it is ≤ top-p).
#[must_use]
pub fn truncate<L: Copy + Into<f64>>(logits: &[L], truncation: &Truncation, keep: usize) -> Candidates {
    let keep = keep.min(logits.len());
    let pool = if truncation.top_k == 0 { logits.len() } else { truncation.top_k.min(logits.len()) };
    let in_pool_only = pool < logits.len();
    let needed = if in_pool_only { keep.max(pool) } else { keep };
    let mut largest = largest(logits, needed);
    let Some(&(_, top)) = largest.first() else {
        return Candidates { ids: Vec::new(), probs: Vec::new() };
    };
    let mass = |logit: f64| ((logit - top) / truncation.temperature).exp();
    let mut probs: Vec<f64> = if truncation.temperature == 0.0 {
        (0..largest.len()).map(|rank| if rank == 0 { 1.0 } else { 0.0 }).collect()
    } else {
        largest.iter().enumerate().map(|(rank, &(_, logit))| if rank < pool { mass(logit) } else { 0.0 }).collect()
    };
    let nucleus_of_all = !in_pool_only && truncation.top_p < 1.0 && truncation.temperature > 0.0 && keep < logits.len();
    let total: f64 =
        if nucleus_of_all { logits.iter().map(|&logit| mass(logit.into())).sum() } else { probs.iter().sum() };
    cut(&mut probs, total, truncation);
    largest.truncate(keep);
    probs.truncate(keep);
    let kept: f64 = probs.iter().sum();
    probs.iter_mut().for_each(|prob| *prob /= kept);
    Candidates { ids: largest.into_iter().map(|(id, _)| id).collect(), probs }
}

/// Sets to 0 what top-p and then min-p cut of descending masses whose whole pool weighs `total`.
fn cut(masses: &mut [f64], total: f64, truncation: &Truncation) {
    let threshold = truncation.min_p * masses.first().copied().unwrap_or(0.0);
    let mut before = 0.0;
    for mass in masses {
        let own = *mass;
        // top_p = 1 keeps all, whatever the rounding of the running sum.
        if (truncation.top_p < 1.0 && before / total > truncation.top_p) || own < threshold {
            *mass = 0.0;
        }
        before += own;
    }
}

/// Descending by logit, ties by the lower id; NaN last.
fn by_rank(left: &(u32, f64), right: &(u32, f64)) -> Ordering {
    right.1.total_cmp(&left.1).then(left.0.cmp(&right.0))
}

/// The `count` largest logits as (id, logit), descending.
fn largest<L: Copy + Into<f64>>(logits: &[L], count: usize) -> Vec<(u32, f64)> {
    let rows = logits.iter().zip(0u32..).map(|(&logit, id)| {
        let logit: f64 = logit.into();
        // Adding 0 makes -0 and 0 one tie.
        (id, if logit.is_nan() { f64::NEG_INFINITY } else { logit + 0.0 })
    });
    if count > INSERTION_LIMIT || count == 0 {
        let mut all: Vec<(u32, f64)> = rows.collect();
        if count > 0 && count < all.len() {
            all.select_nth_unstable_by(count - 1, by_rank);
        }
        all.truncate(count);
        all.sort_unstable_by(by_rank);
        return all;
    }
    let mut best: Vec<(u32, f64)> = Vec::with_capacity(count + 1);
    for row in rows {
        // Ids come in ascending order, so an equal logit never displaces an earlier one.
        if best.len() == count && best.last().is_some_and(|last| row.1 <= last.1) {
            continue;
        }
        let place = best.partition_point(|other| other.1 >= row.1);
        best.insert(place, row);
        best.truncate(count);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::softmax::softmax;
    use crate::math::stream::Stream;
    use crate::math::threefry::Key;

    /// The reference's order word by word, on the whole sorted vocabulary: slow and plain.
    fn by_the_book(logits: &[f64], truncation: &Truncation, keep: usize) -> Candidates {
        let probs = softmax(&logits.iter().map(|logit| logit / truncation.temperature).collect::<Vec<_>>());
        let mut ids: Vec<u32> = (0..logits.len() as u32).collect();
        ids.sort_by(|a, b| probs[*b as usize].total_cmp(&probs[*a as usize]).then(a.cmp(b)));
        let mut probs: Vec<f64> = ids.iter().map(|id| probs[*id as usize]).collect();
        let renormalise = |probs: &mut Vec<f64>| {
            let total: f64 = probs.iter().sum();
            probs.iter_mut().for_each(|prob| *prob /= total);
        };
        if truncation.top_k > 0 {
            probs.iter_mut().skip(truncation.top_k).for_each(|prob| *prob = 0.0);
            renormalise(&mut probs);
        }
        let mut before = 0.0;
        for prob in &mut probs {
            let own = *prob;
            *prob = if before > truncation.top_p { 0.0 } else { own };
            before += own;
        }
        renormalise(&mut probs);
        let threshold = truncation.min_p * probs[0];
        probs.iter_mut().filter(|prob| **prob < threshold).for_each(|prob| *prob = 0.0);
        let keep = keep.min(ids.len());
        ids.truncate(keep);
        probs.truncate(keep);
        renormalise(&mut probs);
        Candidates { ids, probs }
    }

    #[test]
    fn the_fast_way_agrees_with_the_book() {
        let mut draws = Stream::new(Key::from_seed(11));
        for case in 0..2000 {
            let vocabulary = draws.range(1..=90) as usize;
            let logits: Vec<f32> = (0..vocabulary).map(|_| (3.0 * draws.normal()) as f32).collect();
            let truncation = Truncation {
                temperature: *draws.choose(&[0.6, 1.0, 1.7]),
                top_k: *draws.choose(&[0, 1, 3, 5, 40]),
                top_p: *draws.choose(&[0.3, 0.7, 0.95, 1.0]),
                min_p: *draws.choose(&[0.0, 0.0, 0.1]),
            };
            let keep = *draws.choose(&[1, 2, 5, 50, usize::MAX]);
            let fast = truncate(&logits, &truncation, keep);
            let wide: Vec<f64> = logits.iter().map(|logit| f64::from(*logit)).collect();
            let book = by_the_book(&wide, &truncation, keep);
            assert_eq!(fast.ids, book.ids, "case {case}: {truncation:?}");
            for (left, right) in fast.probs.iter().zip(&book.probs) {
                // Rounding of a few dozen additions in f64.
                assert!((left - right).abs() <= 1e-13, "case {case}: {truncation:?} keep {keep}: {fast:?} {book:?}");
            }
        }
    }

    #[test]
    fn ties_go_to_the_lower_id_and_the_cut_keep_no_mass() {
        let found =
            truncate(&[0.0f32, 1.0, -0.0, 1.0, f32::NEG_INFINITY], &Truncation { top_k: 2, ..Truncation::NONE }, 4);
        assert_eq!(
            (found.ids.as_slice(), found.probs.as_slice()),
            ([1, 3, 0, 2].as_slice(), [0.5, 0.5, 0.0, 0.0].as_slice())
        );
        assert_eq!(found.kept(), 2);
        let greedy = truncate(&[1.0f64, 3.0, 2.0], &Truncation { temperature: 0.0, ..Truncation::SOFT_GRPO }, 2);
        assert_eq!((greedy.ids.as_slice(), greedy.probs.as_slice()), ([1, 2].as_slice(), [1.0, 0.0].as_slice()));
        assert!(truncate::<f32>(&[], &Truncation::NONE, 5).ids.is_empty());
        assert!(truncate(&[1.0f32], &Truncation::NONE, 0).ids.is_empty());
    }

    #[test]
    fn settings_out_of_range_are_named() {
        assert!(Truncation::SOFT_GRPO.validate().is_ok() && Truncation::NONE.validate().is_ok());
        let wrong = Truncation { top_p: f64::NAN, ..Truncation::NONE }.validate().unwrap_err();
        assert!(wrong.code() == "bad-input" && wrong.to_string().contains("top_p"), "{wrong}");
        assert!(Truncation { temperature: -1.0, ..Truncation::NONE }.validate().is_err());
    }
}
