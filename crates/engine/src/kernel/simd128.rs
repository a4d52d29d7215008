//! WebAssembly's 128-bit vectors, two at a time (every browser since 2023).

#[allow(clippy::wildcard_imports, reason = "the names are the instruction set's own")]
use core::arch::wasm32::*;

use super::Simd;

#[derive(Clone, Copy)]
pub(super) struct Simd128;

type Two = [v128; 2];

/// Loads and stores, whose intrinsics take pointers.
macro_rules! memory {
    ($($body:tt)*) => {
        // SAFETY: the pointer is a reference's, of an array as long as what is read or written, and
        // the intrinsic asks for no alignment.
        unsafe { $($body)* }
    };
}

#[inline(always)]
fn each([a, b]: Two, [c, d]: Two, f: impl Fn(v128, v128) -> v128) -> Two {
    [f(a, c), f(b, d)]
}

/// Four half-precision numbers, each extended by its sign.
#[inline(always)]
fn from_f16(x: v128) -> v128 {
    // Of the signs the highest stays. The exponent's bias is 15, not 127: 2¹¹² makes up for it, for subnormal numbers too.
    let shifted = v128_and(i32x4_shl(x, 13), u32x4_splat(0x8fff_e000));
    f32x4_mul(shifted, f32x4_splat(f32::from_bits((112 + 127) << 23)))
}

impl Simd for Simd128 {
    type F32 = Two;
    type I32 = Two;
    type I16 = Two;

    #[inline(always)]
    fn splat(x: f32) -> Two {
        [f32x4_splat(x); 2]
    }

    #[inline(always)]
    fn load(x: &[f32; 8]) -> Two {
        memory!([v128_load(x.as_ptr().cast()), v128_load(x.as_ptr().add(4).cast())])
    }

    #[inline(always)]
    fn store([a, b]: Two, to: &mut [f32; 8]) {
        memory!({
            v128_store(to.as_mut_ptr().cast(), a);
            v128_store(to.as_mut_ptr().add(4).cast(), b);
        });
    }

    #[inline(always)]
    fn add(a: Two, b: Two) -> Two {
        each(a, b, |a, b| f32x4_add(a, b))
    }

    #[inline(always)]
    fn sub(a: Two, b: Two) -> Two {
        each(a, b, |a, b| f32x4_sub(a, b))
    }

    #[inline(always)]
    fn mul(a: Two, b: Two) -> Two {
        each(a, b, |a, b| f32x4_mul(a, b))
    }

    #[inline(always)]
    fn div(a: Two, b: Two) -> Two {
        each(a, b, |a, b| f32x4_div(a, b))
    }

    #[inline(always)]
    fn max(a: Two, b: Two) -> Two {
        // `pmax(b, a)` is `if b < a { a } else { b }`.
        each(b, a, |a, b| f32x4_pmax(a, b))
    }

    #[inline(always)]
    fn min(a: Two, b: Two) -> Two {
        each(b, a, |a, b| f32x4_pmin(a, b))
    }

    #[inline(always)]
    fn abs(x: Two) -> Two {
        x.map(|x| f32x4_abs(x))
    }

    #[inline(always)]
    fn shift_to_exponent(x: Two) -> Two {
        x.map(|x| i32x4_shl(x, 23))
    }

    #[inline(always)]
    fn from_f16(x: &[u16; 8]) -> Two {
        let x = memory!(v128_load(x.as_ptr().cast()));
        [from_f16(i32x4_extend_low_i16x8(x)), from_f16(i32x4_extend_high_i16x8(x))]
    }

    #[inline(always)]
    fn from_bf16(x: &[u16; 8]) -> Two {
        let x = memory!(v128_load(x.as_ptr().cast()));
        [u32x4_extend_low_u16x8(x), u32x4_extend_high_u16x8(x)].map(|x| i32x4_shl(x, 16))
    }

    #[inline(always)]
    fn from_i8(x: &[i8; 8]) -> Two {
        let x = memory!(i16x8_load_extend_i8x8(x.as_ptr()));
        [i32x4_extend_low_i16x8(x), i32x4_extend_high_i16x8(x)].map(|x| f32x4_convert_i32x4(x))
    }

    #[inline(always)]
    fn zero() -> Two {
        [i32x4_splat(0); 2]
    }

    #[inline(always)]
    fn add_i32(a: Two, b: Two) -> Two {
        each(a, b, |a, b| i32x4_add(a, b))
    }

    #[inline(always)]
    fn to_f32(x: Two) -> Two {
        x.map(|x| f32x4_convert_i32x4(x))
    }

    #[inline(always)]
    fn load_i16(x: &[i16; 16]) -> Two {
        memory!([v128_load(x.as_ptr().cast()), v128_load(x.as_ptr().add(8).cast())])
    }

    #[inline(always)]
    fn store_i16([a, b]: Two, to: &mut [i16; 16]) {
        memory!({
            v128_store(to.as_mut_ptr().cast(), a);
            v128_store(to.as_mut_ptr().add(8).cast(), b);
        });
    }

    #[inline(always)]
    fn widen(x: &[i8; 16]) -> Two {
        memory!([i16x8_load_extend_i8x8(x.as_ptr()), i16x8_load_extend_i8x8(x.as_ptr().add(8))])
    }

    #[inline(always)]
    fn pairs(x: &[i16; 2]) -> Two {
        [memory!(v128_load32_splat(x.as_ptr().cast())); 2]
    }

    #[inline(always)]
    fn nibbles(x: Two) -> [Two; 4] {
        let low = i16x8_splat(15);
        [
            x.map(|x| v128_and(x, low)),
            x.map(|x| v128_and(u16x8_shr(x, 4), low)),
            x.map(|x| v128_and(u16x8_shr(x, 8), low)),
            x.map(|x| u16x8_shr(x, 12)),
        ]
    }

    #[inline(always)]
    fn look_up(table: &[i8; 16], x: Two) -> [Two; 4] {
        let table = memory!(v128_load(table.as_ptr().cast()));
        let low = i8x16_splat(15);
        // Bits 0–3 and 8–11, then the others: one in each byte.
        let even = x.map(|x| i8x16_swizzle(table, v128_and(x, low)));
        let odd = x.map(|x| i8x16_swizzle(table, v128_and(u16x8_shr(x, 4), low)));
        let first = |x: Two| x.map(|x| i16x8_shr(i16x8_shl(x, 8), 8));
        let second = |x: Two| x.map(|x| i16x8_shr(x, 8));
        [first(even), first(odd), second(even), second(odd)]
    }

    #[inline(always)]
    fn round_i16(low: Two, high: Two) -> Two {
        let round = |[a, b]: Two| {
            let [a, b] = [a, b].map(|x| i32x4_trunc_sat_f32x4(f32x4_nearest(x)));
            i16x8_narrow_i32x4(a, b)
        };
        [round(low), round(high)]
    }

    #[inline(always)]
    fn dot(a: Two, b: Two) -> Two {
        each(a, b, |a, b| i32x4_dot_i16x8(a, b))
    }

    #[inline(always)]
    fn sum([a, b]: Two) -> f32 {
        let four = f32x4_add(a, b);
        let two = f32x4_add(four, i32x4_shuffle::<2, 3, 2, 3>(four, four));
        f32x4_extract_lane::<0>(two) + f32x4_extract_lane::<1>(two)
    }

    #[inline(always)]
    fn scaled_sums(x: [Two; 4], scale: f32, to: &mut [f32; 4]) {
        let [a, b, c, d] = x.map(|[low, high]| f32x4_add(low, high));
        let two =
            |a, b| f32x4_add(i32x4_shuffle::<0, 1, 4, 5>(a, b), i32x4_shuffle::<2, 3, 6, 7>(a, b));
        let (ab, cd) = (two(a, b), two(c, d));
        let even = i32x4_shuffle::<0, 2, 4, 6>(ab, cd);
        let odd = i32x4_shuffle::<1, 3, 5, 7>(ab, cd);
        let sums = f32x4_mul(f32x4_splat(scale), f32x4_add(even, odd));
        memory!(v128_store(to.as_mut_ptr().cast(), sums));
    }
}
