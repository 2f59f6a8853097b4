//! The product of two matrices of any strides, which every linear layer and its backward are made of.
//!
//! In a browser: panels of 4 rows and of 8 columns are packed side by side and multiplied in registers. Burn's flex (the `gemm`
//! crate) keeps 12 sums, 3 operands and a product there, more than the 15 registers V8 has. Natively `gemm` knows AVX-512 and
//! threads, so it does the work. Not here: what is multiplied.

use std::cell::RefCell;

use super::lanes::F4;
#[cfg(any(target_family = "wasm", test))]
use super::lanes::four_dots;

/// Rows of a register block.
const ROWS: usize = 4;
/// Columns of a register block: two vectors.
const COLUMNS: usize = 8;
/// Terms summed between two visits of the output: a panel of columns then takes 8 KB.
const DEPTH: usize = 256;

/// A matrix inside a slice: element (i, j) at `i · row + j · column`.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    pub data: &'a [f32],
    pub row: usize,
    pub column: usize,
}

impl<'a> Matrix<'a> {
    /// Rows of `width` numbers, one after the other.
    #[must_use]
    pub fn rows(data: &'a [f32], width: usize) -> Self {
        Self { data, row: width, column: 1 }
    }

    #[must_use]
    pub fn transposed(self) -> Self {
        Self { data: self.data, row: self.column, column: self.row }
    }
}

/// out (m × n, rows `stride` apart) = a (m × k) · b (k × n), added to what is there when `add` is true.
///
/// # Panics
/// When a slice is too short for its shape.
pub fn product(out: &mut [f32], stride: usize, [m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, add: bool) {
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    assert!((m - 1) * stride + n <= out.len(), "the output of a product is too short");
    assert!((m - 1) * a.row + (k - 1) * a.column < a.data.len(), "the left side of a product is too short");
    assert!((k - 1) * b.row + (n - 1) * b.column < b.data.len(), "the right side of a product is too short");
    #[cfg(target_family = "wasm")]
    if m < ROWS && a.column == 1 && b.row == 1 {
        dots(out, stride, [m, n, k], a, b, add);
    } else {
        packed(out, stride, [m, n, k], a, b, add);
    }
    #[cfg(not(target_family = "wasm"))]
    threaded(out, stride, [m, n, k], a, b, add);
}

/// [`product`] by the `gemm` crate, as Burn's flex calls it.
#[cfg(not(target_family = "wasm"))]
#[expect(unsafe_code, reason = "gemm takes pointers")]
fn threaded(out: &mut [f32], stride: usize, [m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, add: bool) {
    let threads = if m * n * k >= 192 * 192 * 192 { gemm::Parallelism::Rayon(0) } else { gemm::Parallelism::None };
    let (row, column) = ((a.row as isize, b.row as isize), (a.column as isize, b.column as isize));
    // SAFETY: `product` has checked that the last element of each matrix lies in its slice; `out` is borrowed alone.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            stride as isize,
            add,
            a.data.as_ptr(),
            column.0,
            row.0,
            b.data.as_ptr(),
            column.1,
            row.1,
            1.0,
            1.0,
            false,
            false,
            false,
            threads,
        );
    }
}

/// [`product`] of few rows with stored rows, where packing would cost more than it saves: four sums at a time.
#[cfg(any(target_family = "wasm", test))]
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

thread_local! {
    /// Packed rows, kept between calls.
    static PACKED: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// [`product`] in register blocks.
#[cfg(any(target_family = "wasm", test))]
fn packed(out: &mut [f32], stride: usize, [m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, add: bool) {
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

/// Panels of `ROWS` rows (the last may be lower), each term by term.
fn pack_rows(packed: &mut [f32], a: Matrix<'_>, m: usize, depth: usize) {
    let mut rest = packed;
    for i in (0..m).step_by(ROWS) {
        let height = ROWS.min(m - i);
        let (panel, after) = rest.split_at_mut(height * depth);
        if a.row == 1 {
            for (p, to) in panel.chunks_exact_mut(height).enumerate() {
                to.copy_from_slice(&a.data[i + p * a.column..][..height]);
            }
        } else {
            for r in 0..height {
                let from = a.data[(i + r) * a.row..].iter().step_by(a.column);
                for (to, value) in panel[r..].iter_mut().step_by(height).zip(from) {
                    *to = *value;
                }
            }
        }
        rest = after;
    }
}

/// One panel of `COLUMNS` columns, term by term; columns from `width` on are 0.
fn pack_columns(panel: &mut [f32], b: Matrix<'_>, width: usize) {
    if b.column == 1 && width == COLUMNS {
        for (p, to) in panel.as_chunks_mut::<COLUMNS>().0.iter_mut().enumerate() {
            to.copy_from_slice(&b.data[p * b.row..][..COLUMNS]);
        }
        return;
    }
    for c in 0..COLUMNS {
        let to = panel[c..].iter_mut().step_by(COLUMNS);
        if c < width {
            to.zip(b.data[c * b.column..].iter().step_by(b.row)).for_each(|(to, value)| *to = *value);
        } else {
            to.for_each(|to| *to = 0.0);
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
        let mut row = [[0.0; 4]; 2];
        left.store(&mut row[0]);
        right.store(&mut row[1]);
        let to = &mut out[r * stride..][..width];
        if add {
            to.iter_mut().zip(row.as_flattened()).for_each(|(to, sum)| *to += sum);
        } else {
            to.copy_from_slice(&row.as_flattened()[..width]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 101) % 61) as f32 / 30.0 - 1.0).collect()
    }

    #[test]
    fn every_shape_and_stride_gives_the_plain_sum() {
        for (case, [m, n, k]) in
            [[1, 1, 1], [4, 8, 4], [5, 9, 3], [3, 17, 260], [7, 8, 512], [64, 24, 16], [2, 3, 700]].into_iter().enumerate()
        {
            let (a, b) = (numbers(m * k, case), numbers(k * n, case + 7));
            for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
                let left = if left { Matrix::rows(&a, m).transposed() } else { Matrix::rows(&a, k) };
                let right = if right { Matrix::rows(&b, k).transposed() } else { Matrix::rows(&b, n) };
                for add in [false, true] {
                    let stride = n + 2;
                    let before = numbers(m * stride, 3);
                    let (mut found, mut other) = (before.clone(), before.clone());
                    if left.column == 1 && right.row == 1 && case % 2 == 0 {
                        dots(&mut found, stride, [m, n, k], left, right, add);
                    } else {
                        packed(&mut found, stride, [m, n, k], left, right, add);
                    }
                    product(&mut other, stride, [m, n, k], left, right, add);
                    for at in 0..m * stride {
                        let (i, j) = (at / stride, at % stride);
                        let terms = (0..k).map(|p| {
                            let (a, b) = (left.data[i * left.row + p * left.column], right.data[p * right.row + j.min(n - 1) * right.column]);
                            f64::from(a) * f64::from(b)
                        });
                        let sum = terms.sum::<f64>() + if add { f64::from(before[at]) } else { 0.0 };
                        let expected = if j < n { sum } else { f64::from(before[at]) };
                        let tolerance = 1e-6 * (k as f64).sqrt().max(1.0) * 8.0; // f32 sums of k numbers of size 1
                        assert!((f64::from(found[at]) - expected).abs() <= tolerance, "{m}×{n}×{k} at {i}, {j}");
                        assert!((f64::from(other[at]) - expected).abs() <= tolerance, "{m}×{n}×{k} at {i}, {j}, native");
                    }
                }
            }
        }
    }
}
