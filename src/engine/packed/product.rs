//! Products of a matrix's rows with a few vectors: whole numbers times whole numbers, scaled group by group.
//!
//! Not here: how a matrix lies in memory (`weights/rows.rs`), the instructions (`whole.rs`).
//!
//! The vectors are rounded to 16 bits, not to the 8 that llama.cpp takes: the instruction multiplies 16 bits anyway, and the error
//! falls from the third digit to the fifth.

use super::whole::S8;
use crate::engine::cpu::lanes::F4;
use crate::engine::cpu::slices::{dot, four_dots};
use crate::weights::rows::{Cells, GROUP, Rows};

/// Vectors to be multiplied, as they are and as whole numbers.
#[derive(Default)]
pub struct Activations {
    width: usize,
    values: Vec<f32>,
    /// Groups of 32 from −32 767 to 32 767.
    levels: Vec<[i16; GROUP]>,
    /// What each group is multiplied by.
    scales: Vec<f32>,
    /// The sum of each group.
    sums: Vec<f32>,
}

impl Activations {
    /// Takes on other vectors (N, `width`).
    pub fn set(&mut self, values: &[f32], width: usize) {
        self.width = width;
        self.values.clear();
        self.values.extend_from_slice(values);
        self.levels.clear();
        self.scales.clear();
        self.sums.clear();
        if !width.is_multiple_of(GROUP) {
            return; // then the matrix holds floats
        }
        for group in values.as_chunks::<GROUP>().0 {
            let largest = group.iter().fold(0.0f32, |most, x| if x.abs() > most { x.abs() } else { most });
            let scale = largest / 32_767.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            // Adding and taking away 1.5 · 2²³ rounds to a whole number without a call.
            let level = |x: f32| (x * inverse + 12_582_912.0 - 12_582_912.0) as i16;
            let levels = group.map(level);
            let sum: i32 = levels.iter().map(|l| i32::from(*l)).sum();
            self.levels.push(levels);
            self.scales.push(scale);
            self.sums.push(scale * sum as f32);
        }
    }

    fn rows(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    fn of(&self, row: usize) -> Vector<'_> {
        let blocks = self.width / GROUP;
        let range = if self.levels.is_empty() { 0..0 } else { row * blocks..(row + 1) * blocks };
        Vector {
            values: &self.values[row * self.width..][..self.width],
            levels: &self.levels[range.clone()],
            scales: &self.scales[range.clone()],
            sums: &self.sums[range],
        }
    }
}

/// One of the [`Activations`].
#[derive(Clone, Copy)]
struct Vector<'a> {
    values: &'a [f32],
    levels: &'a [[i16; GROUP]],
    scales: &'a [f32],
    sums: &'a [f32],
}

/// out[n · stride + r] = row r of the matrix · vector n.
///
/// # Panics
/// When the widths differ or `out` is too short.
pub fn multiply(matrix: &Rows, vectors: &Activations, out: &mut [f32], stride: usize) {
    assert_eq!(matrix.width, vectors.width, "a matrix and a vector of different widths");
    let (rows, count) = (matrix.len(), vectors.rows());
    let mut first = 0;
    while first < count {
        let from = first * stride;
        if count - first >= 4 {
            let four = [0, 1, 2, 3].map(|n| vectors.of(first + n));
            for r in 0..rows {
                let found = row_products(matrix, r, four);
                found.iter().enumerate().for_each(|(n, x)| out[from + n * stride + r] = *x);
            }
            first += 4;
        } else {
            let one = [vectors.of(first)];
            for (r, out) in out[from..from + rows].iter_mut().enumerate() {
                [*out] = row_products(matrix, r, one);
            }
            first += 1;
        }
    }
}

/// One row of the matrix times N vectors.
#[inline(always)]
fn row_products<const N: usize>(matrix: &Rows, row: usize, vectors: [Vector<'_>; N]) -> [f32; N] {
    let blocks = matrix.width / GROUP;
    let groups = matrix.width / matrix.group;
    let here = row * groups..(row + 1) * groups;
    match &matrix.cells {
        Cells::Floats(values) => float_products(&values[row * matrix.width..][..matrix.width], vectors),
        Cells::Nibbles(cells) => {
            let cells = &cells[row * blocks..(row + 1) * blocks];
            let scales = &matrix.scales[here.clone()];
            let sums = whole_products(cells, S8::nibbles, scales, vectors);
            std::array::from_fn(|n| sums[n] + dot(&matrix.lows[here.clone()], vectors[n].sums))
        }
        Cells::Bytes(cells) => {
            let cells = &cells[row * blocks..(row + 1) * blocks];
            let scales = &matrix.scales[here.clone()];
            if matrix.group < GROUP {
                return half_products(cells, scales.as_chunks::<2>().0, vectors);
            }
            let sums = whole_products(cells, S8::bytes, scales, vectors);
            if matrix.lows.is_empty() {
                return sums;
            }
            std::array::from_fn(|n| sums[n] + dot(&matrix.lows[here.clone()], vectors[n].sums))
        }
    }
}

/// Σ scale · Σ level · level, group by group of 32.
#[inline(always)]
fn whole_products<C, const N: usize>(
    cells: &[C],
    widen: impl Fn(&C) -> [S8; 4],
    scales: &[f32],
    vectors: [Vector<'_>; N],
) -> [f32; N] {
    let blocks = cells.len();
    let (scales, vectors) = (&scales[..blocks], vectors.map(|v| (&v.levels[..blocks], &v.scales[..blocks])));
    let mut sums = [F4::zero(); N];
    for (block, cell) in cells.iter().enumerate() {
        let [a, b, c, d] = widen(cell);
        for (sum, (levels, own)) in sums.iter_mut().zip(&vectors) {
            let (four, _) = levels[block].as_chunks::<8>();
            let left = a.dot(S8::load(&four[0])).plus(b.dot(S8::load(&four[1])));
            let right = c.dot(S8::load(&four[2])).plus(d.dot(S8::load(&four[3])));
            let scale = F4::splat(scales[block] * own[block]);
            *sum = sum.plus_product(left.plus(right).floats(), scale);
        }
    }
    sums.map(F4::sum)
}

/// The same where each half of a group has a scale of its own.
#[inline(always)]
fn half_products<const N: usize>(cells: &[[i8; 32]], scales: &[[f32; 2]], vectors: [Vector<'_>; N]) -> [f32; N] {
    let blocks = cells.len();
    let (scales, vectors) = (&scales[..blocks], vectors.map(|v| (&v.levels[..blocks], &v.scales[..blocks])));
    let mut sums = [F4::zero(); N];
    for (block, cell) in cells.iter().enumerate() {
        let [a, b, c, d] = S8::bytes(cell);
        for (sum, (levels, own)) in sums.iter_mut().zip(&vectors) {
            let (four, _) = levels[block].as_chunks::<8>();
            let left = a.dot(S8::load(&four[0])).plus(b.dot(S8::load(&four[1]))).floats();
            let right = c.dot(S8::load(&four[2])).plus(d.dot(S8::load(&four[3]))).floats();
            let halves = left.times(F4::splat(scales[block][0])).plus_product(right, F4::splat(scales[block][1]));
            *sum = sum.plus_product(halves, F4::splat(own[block]));
        }
    }
    sums.map(F4::sum)
}

fn float_products<const N: usize>(row: &[f32], vectors: [Vector<'_>; N]) -> [f32; N] {
    let mut found = [0.0; N];
    match vectors.first_chunk::<4>() {
        Some(four) => found[..4].copy_from_slice(&four_dots(row, four.map(|v| v.values))),
        None => found.iter_mut().zip(vectors).for_each(|(found, v)| *found = dot(row, v.values)),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::quant::{QuantKind, dequantise};

    /// Whole blocks of any kind, made of arbitrary bytes with small scales.
    fn block(kind: QuantKind, seed: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..kind.block_bytes()).map(|i| ((i + seed) * 151 % 253) as u8).collect();
        let halves: &[usize] = match kind {
            QuantKind::F32 => return (seed as f32 * 0.37).sin().to_le_bytes().into(),
            QuantKind::F16 => &[0],
            QuantKind::Bf16 => return half::bf16::from_f32((seed as f32).sin()).to_le_bytes().into(),
            QuantKind::Q6K => &[208],
            QuantKind::Q4_1 | QuantKind::Q5_1 | QuantKind::Q4K | QuantKind::Q5K => &[0, 2],
            _ => &[0],
        };
        for at in halves {
            let scale = half::f16::from_f32(0.01 * (seed as f32 + *at as f32).sin());
            bytes[*at..at + 2].copy_from_slice(&scale.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn every_kind_gives_the_product_of_its_values() {
        for kind in QuantKind::ALL {
            let (rows, width) = (3, 512);
            let bytes: Vec<u8> = (0..rows * width / kind.block_len()).flat_map(|i| block(kind, i)).collect();
            let mut values = vec![0.0; rows * width];
            dequantise(kind, &bytes, &mut values).unwrap();
            let mut matrix = Rows::new(kind, rows, width);
            bytes.chunks_exact(kind.bytes(width)).for_each(|row| matrix.push(kind, row).unwrap());
            for count in [1, 3, 4, 6] {
                let vectors: Vec<f32> = (0..count * width).map(|i| (i as f32 * 0.71).sin()).collect();
                let mut activations = Activations::default();
                activations.set(&vectors, width);
                let mut found = vec![0.0; count * (rows + 2)];
                multiply(&matrix, &activations, &mut found, rows + 2);
                for (n, vector) in vectors.chunks_exact(width).enumerate() {
                    for (r, row) in values.chunks_exact(width).enumerate() {
                        let terms = row.iter().zip(vector).map(|(a, b)| f64::from(*a) * f64::from(*b));
                        let size: f64 = terms.clone().map(f64::abs).sum();
                        let expected: f64 = terms.sum();
                        let error = (f64::from(found[n * (rows + 2) + r]) - expected).abs();
                        // Vectors are rounded to half of 1/32 767 of the largest of a group; the terms err independently.
                        assert!(error <= 1e-5 * size.max(1e-3), "{kind:?} {count}: {error} of {size}");
                    }
                }
            }
        }
    }
}
