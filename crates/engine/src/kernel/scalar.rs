//! Plain Rust: what the others are tested against.

use half::{bf16, f16};

use super::Simd;

#[derive(Clone, Copy)]
pub(crate) struct Scalar;

fn each<T: Copy, R>(a: [T; 8], b: [T; 8], f: impl Fn(T, T) -> R) -> [R; 8] {
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

impl Simd for Scalar {
    type F32 = [f32; 8];
    type I32 = [i32; 8];
    type I16 = [i16; 16];

    #[inline(always)]
    fn splat(x: f32) -> [f32; 8] {
        [x; 8]
    }

    #[inline(always)]
    fn load(x: &[f32; 8]) -> [f32; 8] {
        *x
    }

    #[inline(always)]
    fn store(x: [f32; 8], to: &mut [f32; 8]) {
        *to = x;
    }

    #[inline(always)]
    fn add(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(a, b, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(a, b, |a, b| a * b)
    }

    #[inline(always)]
    fn div(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(a, b, |a, b| a / b)
    }

    #[inline(always)]
    fn max(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(a, b, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn min(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(a, b, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    fn abs(x: [f32; 8]) -> [f32; 8] {
        x.map(f32::abs)
    }

    #[inline(always)]
    fn shift_to_exponent(x: [f32; 8]) -> [f32; 8] {
        x.map(|x| f32::from_bits(x.to_bits() << 23))
    }

    #[inline(always)]
    fn from_f16(x: &[u16; 8]) -> [f32; 8] {
        x.map(|bits| f16::from_bits(bits).to_f32())
    }

    #[inline(always)]
    fn from_bf16(x: &[u16; 8]) -> [f32; 8] {
        x.map(|bits| bf16::from_bits(bits).to_f32())
    }

    #[inline(always)]
    fn from_i8(x: &[i8; 8]) -> [f32; 8] {
        x.map(f32::from)
    }

    #[inline(always)]
    fn zero() -> [i32; 8] {
        [0; 8]
    }

    #[inline(always)]
    fn add_i32(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(a, b, i32::wrapping_add)
    }

    #[inline(always)]
    fn to_f32(x: [i32; 8]) -> [f32; 8] {
        x.map(|x| x as f32)
    }

    #[inline(always)]
    fn load_i16(x: &[i16; 16]) -> [i16; 16] {
        *x
    }

    #[inline(always)]
    fn store_i16(x: [i16; 16], to: &mut [i16; 16]) {
        *to = x;
    }

    #[inline(always)]
    fn widen(x: &[i8; 16]) -> [i16; 16] {
        x.map(i16::from)
    }

    #[inline(always)]
    fn pairs(x: &[i16; 2]) -> [i16; 16] {
        std::array::from_fn(|lane| x[lane % 2])
    }

    #[inline(always)]
    fn nibbles(x: [i16; 16]) -> [[i16; 16]; 4] {
        [0, 4, 8, 12].map(|shift| x.map(|x| ((x as u16 >> shift) & 15) as i16))
    }

    #[inline(always)]
    fn look_up(table: &[i8; 16], x: [i16; 16]) -> [[i16; 16]; 4] {
        Self::nibbles(x).map(|codes| codes.map(|code| i16::from(table[(code & 15) as usize])))
    }

    #[inline(always)]
    fn round_i16(low: [f32; 8], high: [f32; 8]) -> [i16; 16] {
        std::array::from_fn(|lane| {
            let x = if lane < 8 { low[lane] } else { high[lane - 8] };
            x.round_ties_even() as i16
        })
    }

    #[inline(always)]
    fn dot(a: [i16; 16], b: [i16; 16]) -> [i32; 8] {
        std::array::from_fn(|lane| {
            let product = |i: usize| i32::from(a[i]) * i32::from(b[i]);
            product(2 * lane).wrapping_add(product(2 * lane + 1))
        })
    }
}
