//! Special functions that the standard library lacks: log Γ and its derivative.
//!
//! Not here: the densities that need them (`noises.rs`).

use std::f64::consts::TAU;

/// Below this the recurrence Γ(x + 1) = x Γ(x) is used first; above it the asymptotic series is exact to rounding.
const SERIES_FROM: f64 = 12.0;

/// log Γ(x) of a positive x: Stirling's series after shifting x above 12. Source: DLMF 5.11.1.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < SERIES_FROM {
        product *= x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * TAU.ln() + series - f64::ln(product)
}

/// ψ(x) = d log Γ(x) / dx of a positive x, by the same shift and series. Source: DLMF 5.11.2.
#[must_use]
pub fn digamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < SERIES_FROM {
        shift += 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * (1.0 / 240.0 - y / 132.0))));
    x.ln() - 0.5 / x - series - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Γ(1) = Γ(2) = 1, Γ(1/2) = √π, Γ(11) = 10!; ψ(1) = -γ, ψ(1/2) = -γ - 2 ln 2. Rounding of the shift: a few 1e-15.
        let euler = 0.577_215_664_901_532_9;
        let pairs = [
            (ln_gamma(1.0), 0.0),
            (ln_gamma(2.0), 0.0),
            (ln_gamma(0.5), 0.5 * std::f64::consts::PI.ln()),
            (ln_gamma(11.0), 3_628_800f64.ln()),
            (digamma(1.0), -euler),
            (digamma(0.5), -euler - 2.0 * 2f64.ln()),
        ];
        for (place, (got, wanted)) in pairs.into_iter().enumerate() {
            assert!((got - wanted).abs() <= 2e-14, "value {place}: {got} for {wanted}");
        }
    }
}
