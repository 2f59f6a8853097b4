//! Eight 16-bit whole numbers at a time: simd128 in a browser build, SSE2 on x86-64, plain arrays elsewhere.
//!
//! Not here: what is computed with them (`product.rs`). All three give the same bits.

use crate::engine::cpu::lanes::F4;

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
use std::arch::wasm32::{
    f32x4_convert_i32x4, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i16x8_splat, i32x4_add, i32x4_dot_i16x8,
    u16x8_shr, v128, v128_and, v128_load,
};
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_and_si128, _mm_cvtepi32_ps, _mm_loadu_si128, _mm_madd_epi16, _mm_set1_epi16,
    _mm_srai_epi16, _mm_srli_epi16, _mm_storeu_ps, _mm_unpackhi_epi8, _mm_unpacklo_epi8,
};

/// Eight i16.
#[derive(Clone, Copy)]
pub struct S8(Lanes);

/// Four i32.
#[derive(Clone, Copy)]
pub struct I4(Sums);

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
type Lanes = v128;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
type Sums = v128;

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
#[expect(unsafe_code, reason = "simd128 has no safe load")]
impl S8 {
    #[inline(always)]
    pub fn load(from: &[i16; 8]) -> Self {
        // SAFETY: the reference covers the 16 bytes read; v128_load has no alignment of its own to keep.
        Self(unsafe { v128_load(from.as_ptr().cast()) })
    }

    /// Eight words of four nibbles each → nibbles 0 of all, nibbles 1, 2 and 3.
    #[inline(always)]
    pub fn nibbles(from: &[u16; 8]) -> [Self; 4] {
        // SAFETY: as in `load`.
        let words = unsafe { v128_load(from.as_ptr().cast()) };
        let mask = i16x8_splat(15);
        [
            Self(v128_and(words, mask)),
            Self(v128_and(u16x8_shr(words, 4), mask)),
            Self(v128_and(u16x8_shr(words, 8), mask)),
            Self(u16x8_shr(words, 12)),
        ]
    }

    /// Thirty-two bytes, widened.
    #[inline(always)]
    pub fn bytes(from: &[i8; 32]) -> [Self; 4] {
        // SAFETY: the reference covers the two times 16 bytes read.
        let (low, high) = unsafe { (v128_load(from.as_ptr().cast()), v128_load(from.as_ptr().add(16).cast())) };
        [
            Self(i16x8_extend_low_i8x16(low)),
            Self(i16x8_extend_high_i8x16(low)),
            Self(i16x8_extend_low_i8x16(high)),
            Self(i16x8_extend_high_i8x16(high)),
        ]
    }

    /// Products, neighbours added.
    #[inline(always)]
    pub fn dot(self, other: Self) -> I4 {
        I4(i32x4_dot_i16x8(self.0, other.0))
    }
}

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
impl I4 {
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub fn floats(self) -> F4 {
        F4::of_vector(f32x4_convert_i32x4(self.0))
    }
}

#[cfg(target_arch = "x86_64")]
type Lanes = __m128i;
#[cfg(target_arch = "x86_64")]
type Sums = __m128i;

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "SSE2, which every x86-64 has, has no safe load")]
impl S8 {
    #[inline(always)]
    pub fn load(from: &[i16; 8]) -> Self {
        // SAFETY: the reference covers the 16 bytes read, of any alignment.
        Self(unsafe { _mm_loadu_si128(from.as_ptr().cast()) })
    }

    /// Eight words of four nibbles each → nibbles 0 of all, nibbles 1, 2 and 3.
    #[inline(always)]
    pub fn nibbles(from: &[u16; 8]) -> [Self; 4] {
        // SAFETY: as in `load`.
        unsafe {
            let (words, mask) = (_mm_loadu_si128(from.as_ptr().cast()), _mm_set1_epi16(15));
            [
                Self(_mm_and_si128(words, mask)),
                Self(_mm_and_si128(_mm_srli_epi16::<4>(words), mask)),
                Self(_mm_and_si128(_mm_srli_epi16::<8>(words), mask)),
                Self(_mm_srli_epi16::<12>(words)),
            ]
        }
    }

    /// Thirty-two bytes, widened.
    #[inline(always)]
    pub fn bytes(from: &[i8; 32]) -> [Self; 4] {
        // SAFETY: the reference covers the two times 16 bytes read.
        unsafe {
            let (low, high) = (_mm_loadu_si128(from.as_ptr().cast()), _mm_loadu_si128(from.as_ptr().add(16).cast()));
            // A byte twice, moved down as a signed number: its sign fills the upper half.
            [
                Self(_mm_srai_epi16::<8>(_mm_unpacklo_epi8(low, low))),
                Self(_mm_srai_epi16::<8>(_mm_unpackhi_epi8(low, low))),
                Self(_mm_srai_epi16::<8>(_mm_unpacklo_epi8(high, high))),
                Self(_mm_srai_epi16::<8>(_mm_unpackhi_epi8(high, high))),
            ]
        }
    }

    /// Products, neighbours added.
    #[inline(always)]
    pub fn dot(self, other: Self) -> I4 {
        // SAFETY: SSE2 is there.
        I4(unsafe { _mm_madd_epi16(self.0, other.0) })
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "SSE2, which every x86-64 has")]
impl I4 {
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        // SAFETY: SSE2 is there.
        Self(unsafe { _mm_add_epi32(self.0, other.0) })
    }

    #[inline(always)]
    pub fn floats(self) -> F4 {
        let mut four = [0.0; 4];
        // SAFETY: the reference covers the 16 bytes written.
        unsafe { _mm_storeu_ps(four.as_mut_ptr(), _mm_cvtepi32_ps(self.0)) };
        F4::load(&four)
    }
}

#[cfg(not(any(target_arch = "x86_64", all(target_family = "wasm", target_feature = "simd128"))))]
type Lanes = [i16; 8];
#[cfg(not(any(target_arch = "x86_64", all(target_family = "wasm", target_feature = "simd128"))))]
type Sums = [i32; 4];

#[cfg(not(any(target_arch = "x86_64", all(target_family = "wasm", target_feature = "simd128"))))]
impl S8 {
    #[inline(always)]
    pub fn load(from: &[i16; 8]) -> Self {
        Self(*from)
    }

    /// Eight words of four nibbles each → nibbles 0 of all, nibbles 1, 2 and 3.
    #[inline(always)]
    pub fn nibbles(from: &[u16; 8]) -> [Self; 4] {
        [0, 4, 8, 12].map(|shift| Self(from.map(|word| (word >> shift & 15) as i16)))
    }

    /// Thirty-two bytes, widened.
    #[inline(always)]
    pub fn bytes(from: &[i8; 32]) -> [Self; 4] {
        [0, 8, 16, 24].map(|at| Self(std::array::from_fn(|i| i16::from(from[at + i]))))
    }

    /// Products, neighbours added.
    #[inline(always)]
    pub fn dot(self, other: Self) -> I4 {
        let product = |i: usize| i32::from(self.0[i]) * i32::from(other.0[i]);
        I4(std::array::from_fn(|i| product(2 * i) + product(2 * i + 1)))
    }
}

#[cfg(not(any(target_arch = "x86_64", all(target_family = "wasm", target_feature = "simd128"))))]
impl I4 {
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }

    #[inline(always)]
    pub fn floats(self) -> F4 {
        F4::load(&self.0.map(|x| x as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_what_plain_numbers_are() {
        let numbers: [i16; 8] = [-32767, 32767, 5, -6, 7, 1000, -2, 0];
        let words: [u16; 8] = [0xfedc, 0x0123, 0x8421, 0xffff, 0, 0x1111, 0x7a5b, 0x9c0e];
        let bytes: [i8; 32] = std::array::from_fn(|i| (i as i32 * 73 % 256 - 128) as i8);
        let four = |sums: I4| {
            let mut four = [0.0; 4];
            sums.floats().store(&mut four);
            four
        };
        let expected = |other: &dyn Fn(usize) -> i32| -> [f32; 4] {
            std::array::from_fn(|i| {
                let product = |i: usize| i32::from(numbers[i]) * other(i);
                (product(2 * i) + product(2 * i + 1)) as f32
            })
        };
        for (quarter, found) in S8::nibbles(&words).into_iter().enumerate() {
            let nibble = |i: usize| i32::from(words[i] >> (4 * quarter) & 15);
            assert_eq!(four(found.dot(S8::load(&numbers))), expected(&nibble));
        }
        for (quarter, found) in S8::bytes(&bytes).into_iter().enumerate() {
            let byte = |i: usize| i32::from(bytes[quarter * 8 + i]);
            assert_eq!(four(found.dot(S8::load(&numbers))), expected(&byte));
            let doubled = found.dot(S8::load(&numbers)).plus(found.dot(S8::load(&numbers)));
            assert_eq!(four(doubled), expected(&byte).map(|x| 2.0 * x));
        }
    }
}
