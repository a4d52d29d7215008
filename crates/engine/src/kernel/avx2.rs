//! x86-64 with AVX2 and F16C (2013 and later).
//!
//! The methods of [`Simd`] are safe and the intrinsics are not: they are called only through
//! [`run`], which is.

#[allow(clippy::wildcard_imports, reason = "the names are the instruction set's own")]
use std::arch::x86_64::*;

use super::{Op, Simd};

/// Whether this CPU has the instructions.
pub(super) fn available() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c")
}

/// Runs an operation compiled for AVX2.
///
/// # Safety
/// [`available`] was true.
#[target_feature(enable = "avx2,f16c")]
pub(super) unsafe fn run(op: impl Op) {
    op.run::<Avx2>();
}

#[derive(Clone, Copy)]
pub(super) struct Avx2;

/// Intrinsics without pointers.
macro_rules! pure {
    ($($body:tt)*) => {
        // SAFETY: `Avx2` is only used inside `run`, whose caller made sure of the CPU.
        unsafe { $($body)* }
    };
}

/// Intrinsics that read or write through a reference to an array of exactly their width.
macro_rules! memory {
    ($($body:tt)*) => {
        // SAFETY: as above; the pointer is a reference's, of an array as long as the vector, and
        // the intrinsic asks for no alignment.
        unsafe { $($body)* }
    };
}

impl Simd for Avx2 {
    type F32 = __m256;
    type I32 = __m256i;
    type I16 = __m256i;

    #[inline(always)]
    fn splat(x: f32) -> __m256 {
        pure!(_mm256_set1_ps(x))
    }

    #[inline(always)]
    fn load(x: &[f32; 8]) -> __m256 {
        memory!(_mm256_loadu_ps(x.as_ptr()))
    }

    #[inline(always)]
    fn store(x: __m256, to: &mut [f32; 8]) {
        memory!(_mm256_storeu_ps(to.as_mut_ptr(), x));
    }

    #[inline(always)]
    fn add(a: __m256, b: __m256) -> __m256 {
        pure!(_mm256_add_ps(a, b))
    }

    #[inline(always)]
    fn sub(a: __m256, b: __m256) -> __m256 {
        pure!(_mm256_sub_ps(a, b))
    }

    #[inline(always)]
    fn mul(a: __m256, b: __m256) -> __m256 {
        pure!(_mm256_mul_ps(a, b))
    }

    #[inline(always)]
    fn div(a: __m256, b: __m256) -> __m256 {
        pure!(_mm256_div_ps(a, b))
    }

    #[inline(always)]
    fn max(a: __m256, b: __m256) -> __m256 {
        pure!(_mm256_max_ps(a, b))
    }

    #[inline(always)]
    fn min(a: __m256, b: __m256) -> __m256 {
        pure!(_mm256_min_ps(a, b))
    }

    #[inline(always)]
    fn abs(x: __m256) -> __m256 {
        pure!(_mm256_andnot_ps(_mm256_set1_ps(-0.0), x))
    }

    #[inline(always)]
    fn shift_to_exponent(x: __m256) -> __m256 {
        pure!(_mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(x))))
    }

    #[inline(always)]
    fn from_f16(x: &[u16; 8]) -> __m256 {
        memory!(_mm256_cvtph_ps(_mm_loadu_si128(x.as_ptr().cast())))
    }

    #[inline(always)]
    fn from_bf16(x: &[u16; 8]) -> __m256 {
        memory!({
            let wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(x.as_ptr().cast()));
            _mm256_castsi256_ps(_mm256_slli_epi32::<16>(wide))
        })
    }

    #[inline(always)]
    fn from_i8(x: &[i8; 8]) -> __m256 {
        memory!(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(x.as_ptr().cast()))))
    }

    #[inline(always)]
    fn zero() -> __m256i {
        pure!(_mm256_setzero_si256())
    }

    #[inline(always)]
    fn add_i32(a: __m256i, b: __m256i) -> __m256i {
        pure!(_mm256_add_epi32(a, b))
    }

    #[inline(always)]
    fn to_f32(x: __m256i) -> __m256 {
        pure!(_mm256_cvtepi32_ps(x))
    }

    #[inline(always)]
    fn load_i16(x: &[i16; 16]) -> __m256i {
        memory!(_mm256_loadu_si256(x.as_ptr().cast()))
    }

    #[inline(always)]
    fn store_i16(x: __m256i, to: &mut [i16; 16]) {
        memory!(_mm256_storeu_si256(to.as_mut_ptr().cast(), x));
    }

    #[inline(always)]
    fn widen(x: &[i8; 16]) -> __m256i {
        memory!(_mm256_cvtepi8_epi16(_mm_loadu_si128(x.as_ptr().cast())))
    }

    #[inline(always)]
    fn pairs(x: &[i16; 2]) -> __m256i {
        memory!(_mm256_set1_epi32(x.as_ptr().cast::<i32>().read_unaligned()))
    }

    #[inline(always)]
    fn nibbles(x: __m256i) -> [__m256i; 4] {
        pure!({
            let low = _mm256_set1_epi16(15);
            [
                _mm256_and_si256(x, low),
                _mm256_and_si256(_mm256_srli_epi16::<4>(x), low),
                _mm256_and_si256(_mm256_srli_epi16::<8>(x), low),
                _mm256_srli_epi16::<12>(x),
            ]
        })
    }

    #[inline(always)]
    fn look_up(table: &[i8; 16], x: __m256i) -> [__m256i; 4] {
        memory!({
            let table = _mm256_broadcastsi128_si256(_mm_loadu_si128(table.as_ptr().cast()));
            let low = _mm256_set1_epi8(15);
            // Bits 0–3 and 8–11, then the others: one in each byte.
            let [even, odd] = [x, _mm256_srli_epi16::<4>(x)]
                .map(|x| _mm256_shuffle_epi8(table, _mm256_and_si256(x, low)));
            let first = |x| _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(x));
            [first(even), first(odd), _mm256_srai_epi16::<8>(even), _mm256_srai_epi16::<8>(odd)]
        })
    }

    #[inline(always)]
    fn round_i16(low: __m256, high: __m256) -> __m256i {
        pure!({
            let packed = _mm256_packs_epi32(_mm256_cvtps_epi32(low), _mm256_cvtps_epi32(high));
            // Packing works within halves: quarters 0 and 2 hold `low`.
            _mm256_permute4x64_epi64::<0b11_01_10_00>(packed)
        })
    }

    #[inline(always)]
    fn dot(a: __m256i, b: __m256i) -> __m256i {
        pure!(_mm256_madd_epi16(a, b))
    }

    #[inline(always)]
    fn sum(x: __m256) -> f32 {
        pure!({
            let four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        })
    }

    #[inline(always)]
    fn scaled_sums(x: [__m256; 4], scale: f32, to: &mut [f32; 4]) {
        let sums = pure!({
            let [a, b, c, d] =
                x.map(|x| _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x)));
            let two = |a, b| _mm_add_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
            let (ab, cd) = (two(a, b), two(c, d));
            // Lanes 0 and 2 of each, then 1 and 3.
            let even = _mm_shuffle_ps::<0b10_00_10_00>(ab, cd);
            let odd = _mm_shuffle_ps::<0b11_01_11_01>(ab, cd);
            _mm_mul_ps(_mm_set1_ps(scale), _mm_add_ps(even, odd))
        });
        memory!(_mm_storeu_ps(to.as_mut_ptr(), sums));
    }
}
