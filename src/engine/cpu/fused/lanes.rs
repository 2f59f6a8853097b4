//! Four numbers at a time: simd128 in a browser build, plain arrays (which LLVM vectorises) everywhere else.
//!
//! Not here: what is computed with them. A product and a sum are two roundings on both, so that both give the same bits.

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
use std::arch::wasm32::{
    f32x4_add, f32x4_div, f32x4_extract_lane, f32x4_max, f32x4_mul, f32x4_splat, f32x4_sqrt, f32x4_sub, i32x4_add,
    i32x4_shl, i32x4_shuffle, i64x2_shuffle, v128, v128_load, v128_store,
};

/// Four f32.
#[derive(Clone, Copy)]
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
pub struct F4(v128);

/// Four f32.
#[derive(Clone, Copy)]
#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
#[repr(align(16))]
pub struct F4([f32; 4]);

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
#[expect(unsafe_code, reason = "simd128 has no safe load and store")]
impl F4 {
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

    #[inline(always)]
    pub fn load(from: &[f32; 4]) -> Self {
        // SAFETY: the reference covers the 16 bytes read; v128_load has no alignment of its own to keep.
        Self(unsafe { v128_load(from.as_ptr().cast()) })
    }

    #[inline(always)]
    pub fn store(self, to: &mut [f32; 4]) {
        // SAFETY: as in `load`, and the reference is the only one.
        unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    pub fn of_vector(vector: v128) -> Self {
        Self(vector)
    }

    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub fn minus(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }

    #[inline(always)]
    pub fn times(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }

    #[inline(always)]
    pub fn over(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }

    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(f32x4_max(self.0, other.0))
    }

    /// √ of each.
    #[inline(always)]
    pub fn root(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }

    #[inline(always)]
    pub fn first(self) -> f32 {
        f32x4_extract_lane::<0>(self.0)
    }

    /// Row r of the result holds number r of each argument.
    #[inline(always)]
    pub fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0), i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0));
        let (ab2, cd2) = (i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0), i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0));
        [
            Self(i64x2_shuffle::<0, 2>(ab, cd)),
            Self(i64x2_shuffle::<1, 3>(ab, cd)),
            Self(i64x2_shuffle::<0, 2>(ab2, cd2)),
            Self(i64x2_shuffle::<1, 3>(ab2, cd2)),
        ]
    }

    /// (a + b) + (c + d).
    #[inline(always)]
    pub fn sum(self) -> f32 {
        (f32x4_extract_lane::<0>(self.0) + f32x4_extract_lane::<1>(self.0))
            + (f32x4_extract_lane::<2>(self.0) + f32x4_extract_lane::<3>(self.0))
    }

    /// self · 2ⁿ, n in the low bits of `magic` (see `exp`).
    #[inline(always)]
    fn scale_by_low_bits(self, magic: Self) -> Self {
        Self(i32x4_add(self.0, i32x4_shl(magic.0, 23)))
    }
}

#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
impl F4 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let ([a, b, c, d], [e, g, h, i]) = (self.0, other.0);
        Self([f(a, e), f(b, g), f(c, h), f(d, i)])
    }

    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    pub fn load(from: &[f32; 4]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    pub fn store(self, to: &mut [f32; 4]) {
        *to = self.0;
    }

    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    #[inline(always)]
    pub fn minus(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    #[inline(always)]
    pub fn times(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }

    #[inline(always)]
    pub fn over(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }

    /// Keeps a NaN of the first argument, as simd128 does.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { b } else { a })
    }

    /// √ of each.
    #[inline(always)]
    pub fn root(self) -> Self {
        Self(self.0.map(f32::sqrt))
    }

    #[inline(always)]
    pub fn first(self) -> f32 {
        self.0[0]
    }

    /// Row r of the result holds number r of each argument.
    #[inline(always)]
    #[cfg(any(target_family = "wasm", test))]
    pub fn transpose(rows: [Self; 4]) -> [Self; 4] {
        [0, 1, 2, 3].map(|r| Self(rows.map(|row| row.0[r])))
    }

    /// (a + b) + (c + d).
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d] = self.0;
        (a + b) + (c + d)
    }

    /// self · 2ⁿ, n in the low bits of `magic` (see `exp`).
    #[inline(always)]
    fn scale_by_low_bits(self, magic: Self) -> Self {
        self.zip(magic, |value, magic| f32::from_bits(value.to_bits().wrapping_add(magic.to_bits() << 23)))
    }
}

impl F4 {
    #[inline(always)]
    pub fn zero() -> Self {
        Self::splat(0.0)
    }

    /// self + a · b.
    #[inline(always)]
    pub fn plus_product(self, a: Self, b: Self) -> Self {
        self.plus(a.times(b))
    }

    /// eˣ for x ≤ 88, within 2 ulp; below −87 it stops at e⁻⁸⁷ ≈ 1.6e-38 instead of fading to 0.
    ///
    /// Source: Cephes `expf` (range reduction by ln 2 in two parts, a polynomial of degree 5); the rounding to an integer is
    /// the addition of 1.5 · 2²³, whose low bits then hold it.
    #[inline(always)]
    pub fn exp(self) -> Self {
        let x = self.max(Self::splat(-87.0));
        let magic = Self::splat(12_582_912.0).plus_product(x, Self::splat(std::f32::consts::LOG2_E));
        let n = magic.minus(Self::splat(12_582_912.0));
        let r = x.minus(n.times(Self::splat(0.693_359_4))).minus(n.times(Self::splat(-2.121_944_4e-4)));
        let mut p = Self::splat(1.987_569_2e-4);
        for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5e-1] {
            p = Self::splat(coefficient).plus_product(p, r);
        }
        let value = r.plus(Self::splat(1.0)).plus_product(p, r.times(r));
        value.scale_by_low_bits(magic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_within_two_units_of_the_last_place() {
        for step in 0..=400_000 {
            let x = -87.0 + step as f32 * (175.0 / 400_000.0);
            let mut found = [x; 4];
            F4::load(&found).exp().store(&mut found);
            let expected = f64::from(x).exp();
            let error = (f64::from(found[0]) - expected).abs() / expected;
            assert!(error <= 2.0 * f64::from(f32::EPSILON), "exp({x}) is {} instead of {expected}", found[0]);
        }
    }

    #[test]
    fn exp_stays_small_and_positive_far_below() {
        let mut found = [-1e30, -200.0, -87.5, -f32::INFINITY];
        F4::load(&found).exp().store(&mut found);
        assert!(found.iter().all(|e| *e > 0.0 && *e < 2e-38), "{found:?}");
    }
}
