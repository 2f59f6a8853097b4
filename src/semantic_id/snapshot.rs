//! What a page draws of a run: items as points, their codes now, and how full every code is.
//!
//! Not here: colours and places on a screen (the page).

use serde::{Deserialize, Serialize};

use super::quantizer::Ids;
use super::trainer::SemanticRun;

/// What stays as it is through a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    pub items: usize,
    pub users: usize,
    pub levels: usize,
    pub codes: usize,
    /// Parameters of the recommender.
    pub parameters: usize,
    /// (N).
    pub names: Vec<String>,
    /// Vectors of the items on their two principal axes (N).
    pub points: Vec<[f32; 2]>,
    /// Of a synthetic catalogue, what nobody is told: each item's cluster, and its place on the behavioural axis, 0 to 1 around (N).
    pub clusters: Option<Vec<u32>>,
    pub places: Option<Vec<f32>>,
}

/// What changes from epoch to epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Epochs done.
    pub epoch: usize,
    /// The kept codes of each item (N, L), and its suffix (N).
    pub ids: Vec<u32>,
    pub suffix: Vec<u32>,
    /// The nearest codes (N, L), without the balance of the kept ones.
    pub nearest: Vec<u32>,
    /// Codewords on the axes of the items (L, K); of the first level around the mean of the items, deeper ones around 0, as they are
    /// steps from the word above.
    pub words: Vec<Vec<[f32; 2]>>,
}

impl SemanticRun {
    /// What stays: made once.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let catalogue = &self.catalogue;
        let axes = self.axes();
        let points = (0..catalogue.items() as u32).map(|item| axes.of(catalogue.vector(item), true)).collect();
        let truth = catalogue.truth.as_ref();
        Scene {
            items: catalogue.items(),
            users: catalogue.histories.len(),
            levels: self.tokens.levels,
            codes: self.tokens.codes,
            parameters: self.params.len(),
            names: catalogue.names.clone(),
            points,
            clusters: truth.map(|truth| truth.iter().map(|(cluster, _)| *cluster).collect()),
            places: truth.map(|truth| truth.iter().map(|(_, place)| *place).collect()),
        }
    }

    /// How things stand now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let axes = self.axes();
        let Ids { codes, suffix, .. } = self.ids.clone();
        let nearest = self.quantizer.nearest_ids(&self.catalogue.content).codes;
        let book = |level| self.quantizer.book(level).chunks_exact(self.catalogue.dim);
        let words = (0..self.tokens.levels).map(|level| book(level).map(|word| axes.of(word, level == 0)).collect());
        Snapshot { epoch: self.epoch, ids: codes, suffix, nearest, words: words.collect() }
    }

    fn axes(&self) -> Axes {
        Axes::principal(&self.catalogue.content, self.catalogue.dim)
    }
}

/// The two directions in which rows differ most, by power iteration.
#[derive(Clone, Debug)]
pub struct Axes {
    mean: Vec<f64>,
    directions: [Vec<f64>; 2],
}

impl Axes {
    /// Of `rows` (N, D).
    #[must_use]
    pub fn principal(rows: &[f32], dim: usize) -> Self {
        let count = (rows.len() / dim).max(1) as f64;
        let mut mean = vec![0.0; dim];
        rows.chunks_exact(dim).for_each(|row| mean.iter_mut().zip(row).for_each(|(m, x)| *m += f64::from(*x) / count));
        let mut directions = [vec![0.0; dim], vec![0.0; dim]];
        for axis in 0..2.min(dim) {
            // Any start that is not square to the answer; the same each time.
            let mut v: Vec<f64> = (0..dim).map(|i| 1.0 + 0.37 * (i as f64 * (axis + 1) as f64).sin()).collect();
            for _ in 0..40 {
                let mut next = vec![0.0; dim];
                for row in rows.chunks_exact(dim) {
                    let centred = || row.iter().zip(&mean).map(|(x, m)| f64::from(*x) - m);
                    let along: f64 = centred().zip(&v).map(|(x, v)| x * v).sum();
                    next.iter_mut().zip(centred()).for_each(|(sum, x)| *sum += along * x);
                }
                if axis == 1 {
                    let share: f64 = next.iter().zip(&directions[0]).map(|(a, b)| a * b).sum();
                    next.iter_mut().zip(&directions[0]).for_each(|(n, d)| *n -= share * d);
                }
                let norm = next.iter().map(|x| x * x).sum::<f64>().sqrt();
                v = if norm > 0.0 { next.into_iter().map(|x| x / norm).collect() } else { vec![0.0; dim] };
            }
            directions[axis] = v;
        }
        Self { mean, directions }
    }

    /// A row (D) on the axes, around the mean or around 0.
    #[must_use]
    pub fn of(&self, row: &[f32], around_mean: bool) -> [f32; 2] {
        let along = |direction: &Vec<f64>| {
            let parts = row.iter().zip(&self.mean).zip(direction);
            parts.map(|((x, m), d)| (f64::from(*x) - if around_mean { *m } else { 0.0 }) * d).sum::<f64>() as f32
        };
        [along(&self.directions[0]), along(&self.directions[1])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principal_axes_are_those_of_largest_spread() {
        // Spread 3 along (1, 1, 0), 1 along the third, none along (1, −1, 0); the middle lies at (5, 5, 5).
        let rows: Vec<f32> = [[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]
            .iter()
            .flat_map(|[a, b]: &[f32; 2]| [5.0 + a, 5.0 + a, 5.0 + b])
            .collect();
        let axes = Axes::principal(&rows, 3);
        let [along, across] = axes.of(&rows[..3], true);
        assert!((along.abs() - 3.0 * 2f32.sqrt()).abs() <= 1e-5 && across.abs() <= 1e-5, "{along}, {across}");
        let third = axes.of(&rows[6..9], true);
        assert!(third[0].abs() <= 1e-5 && (third[1].abs() - 1.0).abs() <= 1e-5);
        assert_eq!(axes.of(&[0.0; 3], false), [0.0, 0.0]);
    }
}
