//! Intervals of a mean over questions and seeds, and of the difference of two such means.
//!
//! Not here: what is averaged (`pass_at_k.rs`, `experiment/`).
//! Questions and seeds are crossed (every seed answers the same questions), so both are resampled: the pigeonhole bootstrap of
//! Owen 2007, "The pigeonhole bootstrap", arXiv 0712.1111, with percentile intervals. It errs on the wide side.

use serde::{Deserialize, Serialize};

use super::stream::Stream;
use super::threefry::Key;

/// Resamples of an interval.
pub const RESAMPLES: usize = 2000;

/// A mean with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

/// Numbers of one arm: one list per seed, each with one number per question, the same questions in the same order.
pub type Crossed<'a> = &'a [Vec<f64>];

/// The mean over seeds and questions and its interval. Without numbers: zeros.
#[must_use]
pub fn interval(values: Crossed<'_>, key: Key) -> Interval {
    resample(key, values, |seeds, questions| mean_of(values, seeds, questions))
}

/// The mean of `a` minus `b`, paired by question and by the place of the seed, and its interval.
///
/// # Panics
/// If the two differ in shape.
#[must_use]
pub fn difference(a: Crossed<'_>, b: Crossed<'_>, key: Key) -> Interval {
    let shape = |values: Crossed<'_>| values.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(shape(a), shape(b), "difference: both sides need the same seeds and questions");
    resample(key, a, |seeds, questions| mean_of(a, seeds, questions) - mean_of(b, seeds, questions))
}

fn mean_of(values: Crossed<'_>, seeds: &[usize], questions: &[usize]) -> f64 {
    let sum: f64 = seeds.iter().map(|seed| questions.iter().map(|q| values[*seed][*q]).sum::<f64>()).sum();
    sum / (seeds.len() * questions.len()).max(1) as f64
}

/// `statistic` on all seeds and questions, and its 2.5 % and 97.5 % quantiles over resamples of both.
fn resample(key: Key, shape: Crossed<'_>, statistic: impl Fn(&[usize], &[usize]) -> f64) -> Interval {
    let (seeds, questions) = (shape.len(), shape.first().map_or(0, Vec::len));
    if seeds == 0 || questions == 0 {
        return Interval::default();
    }
    let all = |count: usize| (0..count).collect::<Vec<usize>>();
    let mean = statistic(&all(seeds), &all(questions));
    let mut draws = Stream::new(key);
    let mut draw = |count: usize| (0..count).map(|_| draws.below(count as u32) as usize).collect::<Vec<usize>>();
    let mut found: Vec<f64> = (0..RESAMPLES).map(|_| statistic(&draw(seeds), &draw(questions))).collect();
    found.sort_by(f64::total_cmp);
    let at = |share: f64| found[((share * RESAMPLES as f64) as usize).min(RESAMPLES - 1)];
    Interval { mean, low: at(0.025), high: at(0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers with an effect of the seed and of the question, each normal with deviation 1, around `mean`.
    fn crossed(draws: &mut Stream, seeds: usize, questions: usize, mean: f64) -> Vec<Vec<f64>> {
        let of_question: Vec<f64> = (0..questions).map(|_| draws.normal()).collect();
        let mut row = |of_seed: f64| of_question.iter().map(|q| mean + of_seed + q + draws.normal()).collect();
        let of_seed: Vec<f64> = (0..seeds).map(|i| [-1.0, 1.0][i % 2] * 0.5).collect();
        of_seed.into_iter().map(&mut row).collect()
    }

    #[test]
    fn intervals_hold_the_truth_about_as_often_as_they_say() {
        let mut draws = Stream::new(Key::from_seed(8));
        let mut held = 0;
        for trial in 0..200 {
            let values = crossed(&mut draws, 8, 40, 2.0);
            let found = interval(&values, Key::from_seed(trial));
            held += usize::from((found.low..=found.high).contains(&2.0));
        }
        // 95 % of 200 is 190; the method errs on the wide side, and chance takes 6 of 200 twice in a hundred.
        assert!((183..=200).contains(&held), "{held} of 200");
    }

    #[test]
    fn a_paired_difference_is_sharper_than_its_sides() {
        let mut draws = Stream::new(Key::from_seed(9));
        let a = crossed(&mut draws, 5, 60, 1.0);
        let b: Vec<Vec<f64>> = a.iter().map(|row| row.iter().map(|x| x - 0.1).collect()).collect();
        let (own, between) = (interval(&a, Key::from_seed(1)), difference(&a, &b, Key::from_seed(1)));
        assert!((between.mean - 0.1).abs() <= 1e-9 && between.high - between.low <= 1e-9);
        assert!(own.high - own.low > 0.3);
    }

    #[test]
    fn nothing_has_no_interval_and_one_number_has_none_around_it() {
        assert_eq!(interval(&[], Key::from_seed(0)), Interval::default());
        let one = interval(&[vec![0.5]], Key::from_seed(0));
        assert_eq!((one.mean, one.low, one.high), (0.5, 0.5, 0.5));
    }
}
