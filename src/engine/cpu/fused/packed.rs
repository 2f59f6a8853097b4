//! [`super::product`] for one wasm thread: panels of 4 rows and of 8 columns, packed side by side and multiplied in registers.
//!
//! The `gemm` crate sums 12 × 4 there, for which the registers do not suffice (`benches/cpu.md`). Not here: shapes are not
//! checked again.

use std::cell::RefCell;

use super::lanes::F4;
use super::product::Matrix;
use super::slices::four_dots;

/// Rows of a register block.
const ROWS: usize = 4;
/// Columns of a register block: two vectors.
const COLUMNS: usize = 8;
/// Terms summed between two visits of the output: a panel of columns then takes 4 KB, all rows of 1000 512 KB.
const DEPTH: usize = 128;

thread_local! {
    /// Packed rows, kept between calls.
    static PACKED: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// As [`super::product::product`].
pub fn packed(out: &mut [f32], stride: usize, [m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, add: bool) {
    if m < ROWS && a.column == 1 && b.row == 1 {
        return dots(out, stride, [m, n, k], a, b, add);
    }
    PACKED.with_borrow_mut(|rows| {
        let mut columns = [0.0; DEPTH * COLUMNS];
        for start in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - start);
            let a = Matrix { data: &a.data[start * a.column..], ..a };
            let b = Matrix { data: &b.data[start * b.row..], ..b };
            rows.resize(m * depth, 0.0);
            pack_rows(rows, a, m, depth);
            for j in (0..n).step_by(COLUMNS) {
                let width = COLUMNS.min(n - j);
                let panel = &mut columns[..depth * COLUMNS];
                pack_columns(panel, Matrix { data: &b.data[j * b.column..], ..b }, width);
                let add = add || start > 0;
                let (mut i, mut rest) = (0, rows.as_slice());
                while i < m {
                    let (height, to) = (ROWS.min(m - i), &mut out[i * stride + j..]);
                    let (rows, after) = rest.split_at(height * depth);
                    match height {
                        4 => block::<4>(to, stride, width, rows, panel, add),
                        3 => block::<3>(to, stride, width, rows, panel, add),
                        2 => block::<2>(to, stride, width, rows, panel, add),
                        _ => block::<1>(to, stride, width, rows, panel, add),
                    }
                    rest = after;
                    i += height;
                }
            }
        }
    });
}

/// A product of few rows with stored rows, where packing would cost more than it saves: four sums at a time.
fn dots(out: &mut [f32], stride: usize, [m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, add: bool) {
    for i in 0..m {
        let row = &a.data[i * a.row..][..k];
        for (j, to) in out[i * stride..][..n].chunks_mut(4).enumerate() {
            // Past the last column the last one is summed again and dropped.
            let columns = [0, 1, 2, 3].map(|c| &b.data[(j * 4 + c).min(n - 1) * b.column..][..k]);
            for (to, sum) in to.iter_mut().zip(four_dots(row, columns)) {
                *to = if add { *to + sum } else { sum };
            }
        }
    }
}

/// Panels of `ROWS` rows (the last may be lower), each term by term.
fn pack_rows(packed: &mut [f32], matrix: Matrix<'_>, m: usize, depth: usize) {
    let mut rest = packed;
    for i in (0..m).step_by(ROWS) {
        let height = ROWS.min(m - i);
        let (panel, after) = rest.split_at_mut(height * depth);
        let a = &matrix.data[i * matrix.row..];
        if height == ROWS {
            pack::<ROWS>(panel.as_chunks_mut().0, Matrix { data: a, ..matrix });
        } else {
            for r in 0..height {
                let from = a[r * matrix.row..].iter().step_by(matrix.column);
                panel[r..].iter_mut().step_by(height).zip(from).for_each(|(to, value)| *to = *value);
            }
        }
        rest = after;
    }
}

/// One panel of `COLUMNS` columns, term by term; columns from `width` on are 0.
fn pack_columns(panel: &mut [f32], b: Matrix<'_>, width: usize) {
    if width == COLUMNS {
        return pack::<COLUMNS>(panel.as_chunks_mut().0, b.transposed());
    }
    panel.fill(0.0);
    for c in 0..width {
        let from = b.data[c * b.column..].iter().step_by(b.row);
        panel[c..].iter_mut().step_by(COLUMNS).zip(from).for_each(|(to, value)| *to = *value);
    }
}

/// `W` rows side by side, `W` a multiple of 4.
fn pack<const W: usize>(terms: &mut [[f32; W]], rows: Matrix<'_>) {
    if rows.row == 1 {
        for (p, term) in terms.iter_mut().enumerate() {
            *term = *rows.data[p * rows.column..].first_chunk().unwrap_or(&[0.0; W]);
        }
        return;
    }
    for four in (0..W).step_by(4) {
        let rows4 = [0, 1, 2, 3].map(|r| &rows.data[(four + r) * rows.row..]);
        let mut done = 0;
        if rows.column == 1 {
            let chunks = rows4.map(|row| row.as_chunks::<4>().0);
            for (index, terms) in terms.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let columns = F4::transpose(chunks.map(|row| F4::load(&row[index])));
                for (term, column) in terms.iter_mut().zip(columns) {
                    if let Some(to) = term[four..].first_chunk_mut() {
                        column.store(to);
                    }
                }
                done = index * 4 + 4;
            }
        }
        for (p, term) in terms.iter_mut().enumerate().skip(done) {
            let at = p * rows.column;
            term[four..four + 4].copy_from_slice(&rows4.map(|row| row[at]));
        }
    }
}

/// `R` × 8 sums over all terms of two panels, in registers. The loop stays rolled: LLVM would keep the operands of all unrolled
/// terms at once, and V8 would spill them.
#[inline(always)]
fn block<const R: usize>(out: &mut [f32], stride: usize, width: usize, rows: &[f32], columns: &[f32], add: bool) {
    let mut sums = [[F4::zero(); 2]; R];
    for (a, b) in rows.as_chunks::<R>().0.iter().zip(columns.as_chunks::<COLUMNS>().0) {
        let (b, _) = b.as_chunks::<4>();
        let (left, right) = (F4::load(&b[0]), F4::load(&b[1]));
        for (a, [sum_left, sum_right]) in a.iter().zip(&mut sums) {
            let a = F4::splat(*a);
            *sum_left = sum_left.plus_product(a, left);
            *sum_right = sum_right.plus_product(a, right);
        }
    }
    for (r, [left, right]) in sums.into_iter().enumerate() {
        let to = &mut out[r * stride..][..width];
        if let ([to_left, to_right], []) = to.as_chunks_mut::<4>() {
            put(to_left, left, add);
            put(to_right, right, add);
            continue;
        }
        let mut row = [[0.0; 4]; 2];
        put(&mut row[0], left, false);
        put(&mut row[1], right, false);
        for (to, sum) in to.iter_mut().zip(row.as_flattened()) {
            *to = if add { *to + sum } else { *sum };
        }
    }
}

#[inline(always)]
fn put(to: &mut [f32; 4], sum: F4, add: bool) {
    if add { F4::load(to).plus(sum).store(to) } else { sum.store(to) }
}

#[cfg(test)]
mod tests {
    use super::super::product::product;
    use super::*;

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 101) % 61) as f32 / 30.0 - 1.0).collect()
    }

    #[test]
    fn every_shape_and_stride_gives_the_plain_sum() {
        for (case, [m, n, k]) in [[1, 1, 1], [4, 8, 4], [5, 9, 3], [3, 17, 260], [7, 8, 512], [64, 24, 16], [2, 3, 700]]
            .into_iter()
            .enumerate()
        {
            let (a, b) = (numbers(m * k, case), numbers(k * n, case + 7));
            for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
                let left = if left { Matrix::rows(&a, m).transposed() } else { Matrix::rows(&a, k) };
                let right = if right { Matrix::rows(&b, k).transposed() } else { Matrix::rows(&b, n) };
                for add in [false, true] {
                    let stride = n + 2;
                    let before = numbers(m * stride, 3);
                    let (mut found, mut other) = (before.clone(), before.clone());
                    packed(&mut found, stride, [m, n, k], left, right, add);
                    product(&mut other, stride, [m, n, k], left, right, add);
                    for at in 0..m * stride {
                        let (i, j) = (at / stride, at % stride);
                        let terms = (0..k).map(|p| {
                            let (a, b) = (
                                left.data[i * left.row + p * left.column],
                                right.data[p * right.row + j.min(n - 1) * right.column],
                            );
                            f64::from(a) * f64::from(b)
                        });
                        let sum = terms.sum::<f64>() + if add { f64::from(before[at]) } else { 0.0 };
                        let expected = if j < n { sum } else { f64::from(before[at]) };
                        let tolerance = 1e-6 * (k as f64).sqrt().max(1.0) * 8.0; // f32 sums of k numbers of size 1
                        assert!((f64::from(found[at]) - expected).abs() <= tolerance, "{m}×{n}×{k} at {i}, {j}");
                        assert!(
                            (f64::from(other[at]) - expected).abs() <= tolerance,
                            "{m}×{n}×{k} at {i}, {j}, native"
                        );
                    }
                }
            }
        }
    }
}
