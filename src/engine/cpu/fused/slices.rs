//! Sums, maxima and exponentials of slices, four numbers at a time. Not here: what they are of.

use super::lanes::F4;

/// Σ a · b over slices of one length.
#[inline]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a4, a_rest), (b4, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sum = F4::zero();
    for (a, b) in a4.iter().zip(b4) {
        sum = sum.plus_product(F4::load(a), F4::load(b));
    }
    sum.sum() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

/// Σ a · b for four slices b, all of the length of a.
#[inline]
pub fn four_dots(a: &[f32], b: [&[f32]; 4]) -> [f32; 4] {
    let (a4, a_rest) = a.as_chunks::<4>();
    let mut sums = [F4::zero(); 4];
    let [b0, b1, b2, b3] = b.map(|b| b.as_chunks::<4>().0);
    for ((((a, b0), b1), b2), b3) in a4.iter().zip(b0).zip(b1).zip(b2).zip(b3) {
        let a = F4::load(a);
        sums[0] = sums[0].plus_product(a, F4::load(b0));
        sums[1] = sums[1].plus_product(a, F4::load(b1));
        sums[2] = sums[2].plus_product(a, F4::load(b2));
        sums[3] = sums[3].plus_product(a, F4::load(b3));
    }
    let mut totals = sums.map(F4::sum);
    for (total, b) in totals.iter_mut().zip(b) {
        *total += a_rest.iter().zip(&b[a4.len() * 4..]).map(|(a, b)| a * b).sum::<f32>();
    }
    totals
}

/// sums += Σ scale · values over four slices of the length of `sums`.
#[inline]
pub fn add_four_scaled(sums: &mut [f32], values: [&[f32]; 4], scales: [f32; 4]) {
    let (sums4, sums_rest) = sums.as_chunks_mut::<4>();
    let [a, b, c, d] = values.map(|values| values.as_chunks::<4>().0);
    let wide = scales.map(F4::splat);
    let done = sums4.len() * 4;
    for ((((sum, a), b), c), d) in sums4.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        let left = F4::load(sum).plus_product(F4::load(a), wide[0]).plus_product(F4::load(b), wide[1]);
        left.plus_product(F4::load(c), wide[2]).plus_product(F4::load(d), wide[3]).store(sum);
    }
    for (i, sum) in sums_rest.iter_mut().enumerate() {
        *sum += values.iter().zip(scales).map(|(values, scale)| values[done + i] * scale).sum::<f32>();
    }
}

/// The largest of the numbers; −∞ for none.
#[inline]
pub fn largest(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<4>();
    let largest = chunks.iter().fold(F4::splat(f32::NEG_INFINITY), |largest, chunk| largest.max(F4::load(chunk)));
    let mut lanes = [0.0; 4];
    largest.store(&mut lanes);
    // Not f32::max, which is a call in wasm; like F4::max it keeps a NaN that comes first.
    lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |a, b| if a < *b { *b } else { a })
}

/// Replaces x by exp(x − `largest`) and returns the sum.
#[inline]
pub fn exp_and_sum(values: &mut [f32], largest: f32) -> f32 {
    let (chunks, rest) = values.as_chunks_mut::<4>();
    let (shift, mut sum) = (F4::splat(largest), F4::zero());
    for chunk in chunks {
        let e = F4::load(chunk).minus(shift).exp();
        e.store(chunk);
        sum = sum.plus(e);
    }
    let mut total = sum.sum();
    for value in rest {
        let mut lanes = [*value - largest; 4];
        F4::load(&lanes).exp().store(&mut lanes);
        *value = lanes[0];
        total += lanes[0];
    }
    total
}
