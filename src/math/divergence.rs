//! How different two distributions are, and two texts: for diagnostics, without derivatives.
//!
//! Not here: the divergence term of a loss (`kl.rs`).

/// Jensen–Shannon divergence of two distributions (V), in nats: 0 for equal ones, ln 2 for ones that share nothing.
///
/// Probabilities missing at the end of the shorter count as 0. Source: Lin 1991, equation 4.1 with equal weights.
#[must_use]
pub fn js_divergence(p: &[f64], q: &[f64]) -> f64 {
    let at = |values: &[f64], place: usize| values.get(place).copied().unwrap_or(0.0);
    let pull = |own: f64, middle: f64| if own == 0.0 { 0.0 } else { own * (own / middle).ln() };
    let term = |place: usize| {
        let (left, right) = (at(p, place), at(q, place));
        let middle = 0.5 * (left + right);
        0.5 * (pull(left, middle) + pull(right, middle))
    };
    let sum: f64 = (0..p.len().max(q.len())).map(term).sum();
    sum.clamp(0.0, std::f64::consts::LN_2)
}

/// Levenshtein distance: the fewest insertions, deletions and replacements of single tokens that turn `a` into `b`.
#[must_use]
pub fn edit_distance(a: &[u32], b: &[u32]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (above, token) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (place, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(token != other);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_distributions_do_not_differ_and_disjoint_ones_by_ln_2() {
        let p = [0.5, 0.25, 0.25];
        assert_eq!(js_divergence(&p, &p), 0.0);
        assert!((js_divergence(&[1.0], &[0.0, 1.0]) - 2f64.ln()).abs() <= 1e-15);
        let q = [0.1, 0.2, 0.7];
        assert_eq!(js_divergence(&p, &q), js_divergence(&q, &p));
        // ½ (KL(p ‖ m) + KL(q ‖ m)) with m = (.3, .225, .475), by hand.
        let wanted = 0.5
            * (0.5 * (0.5f64 / 0.3).ln()
                + 0.25 * (0.25f64 / 0.225).ln()
                + 0.25 * (0.25f64 / 0.475).ln()
                + 0.1 * (0.1f64 / 0.3).ln()
                + 0.2 * (0.2f64 / 0.225).ln()
                + 0.7 * (0.7f64 / 0.475).ln());
        assert!((js_divergence(&p, &q) - wanted).abs() <= 1e-15);
        assert!(js_divergence(&[f64::NAN], &[1.0]).is_nan());
    }

    #[test]
    fn distances_of_words() {
        let distance = |a: &str, b: &str| {
            let ids = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
            edit_distance(&ids(a), &ids(b))
        };
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "")), (3, 3, 3));
        assert_eq!((distance("flaw", "lawn"), distance("same", "same")), (2, 0));
    }
}
