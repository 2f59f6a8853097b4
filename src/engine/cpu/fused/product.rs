//! The product of two matrices of any strides, which every linear layer and its backward are made of.
//!
//! In a browser by `packed.rs`; natively by the `gemm` crate, which knows AVX-512 and threads and is what Burn's flex uses.
//! Not here: what is multiplied.

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
    super::packed::packed(out, stride, [m, n, k], a, b, add);
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
