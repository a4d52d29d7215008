//! What the operations need of an instruction set.

/// Vectors of eight f32 or i32 lanes, or sixteen i16 lanes.
///
/// Arithmetic rounds as IEEE 754 says, lane by lane; nothing is fused. NaN and infinite inputs give
/// unspecified lanes, never a panic.
pub(crate) trait Simd: Copy {
    /// Eight f32.
    type F32: Copy;
    /// Eight i32.
    type I32: Copy;
    /// Sixteen i16.
    type I16: Copy;

    fn splat(x: f32) -> Self::F32;
    fn load(x: &[f32; 8]) -> Self::F32;
    fn store(x: Self::F32, to: &mut [f32; 8]);
    fn add(a: Self::F32, b: Self::F32) -> Self::F32;
    fn sub(a: Self::F32, b: Self::F32) -> Self::F32;
    fn mul(a: Self::F32, b: Self::F32) -> Self::F32;
    fn div(a: Self::F32, b: Self::F32) -> Self::F32;
    fn max(a: Self::F32, b: Self::F32) -> Self::F32;
    fn min(a: Self::F32, b: Self::F32) -> Self::F32;
    fn abs(x: Self::F32) -> Self::F32;
    /// The lanes' bits, 23 to the left: what was in the lowest nine becomes sign and exponent.
    fn shift_to_exponent(x: Self::F32) -> Self::F32;
    /// Eight IEEE half-precision numbers.
    fn from_f16(x: &[u16; 8]) -> Self::F32;
    /// Eight brain floats: the upper halves of f32.
    fn from_bf16(x: &[u16; 8]) -> Self::F32;
    /// Eight whole numbers.
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(clippy::trivially_copy_pass_by_ref, reason = "they are loaded and widened at once")
    )]
    fn from_i8(x: &[i8; 8]) -> Self::F32;

    fn zero() -> Self::I32;
    fn add_i32(a: Self::I32, b: Self::I32) -> Self::I32;
    /// The nearest f32.
    fn to_f32(x: Self::I32) -> Self::F32;

    fn load_i16(x: &[i16; 16]) -> Self::I16;
    fn store_i16(x: Self::I16, to: &mut [i16; 16]);
    fn widen(x: &[i8; 16]) -> Self::I16;
    /// The pair in each of the eight pairs of lanes.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "it is loaded and spread at once")]
    fn pairs(x: &[i16; 2]) -> Self::I16;
    /// Bits 0–3, 4–7, 8–11 and 12–15 of each lane.
    fn nibbles(x: Self::I16) -> [Self::I16; 4];
    /// What `table` has at each of them.
    fn look_up(table: &[i8; 16], x: Self::I16) -> [Self::I16; 4];
    /// Nearest whole numbers of `low`, then of `high`, ties to even; inside ±32767.
    fn round_i16(low: Self::F32, high: Self::F32) -> Self::I16;
    /// Lane i: `a[2i]·b[2i] + a[2i+1]·b[2i+1]`.
    fn dot(a: Self::I16, b: Self::I16) -> Self::I32;

    /// The sum of the lanes: each with the one four further, these with the one two further, these
    /// with the next.
    #[inline(always)]
    fn sum(x: Self::F32) -> f32 {
        let mut lanes = [0.0; 8];
        Self::store(x, &mut lanes);
        let [a, b, c, d, e, f, g, h] = lanes;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }

    /// `to[i] = scale · sum(x[i])`
    #[inline(always)]
    fn scaled_sums(x: [Self::F32; 4], scale: f32, to: &mut [f32; 4]) {
        *to = x.map(|x| scale * Self::sum(x));
    }

    /// The largest lane.
    #[inline(always)]
    fn largest(x: Self::F32) -> f32 {
        let mut lanes = [0.0; 8];
        Self::store(x, &mut lanes);
        let [first, rest @ ..] = lanes;
        rest.into_iter().fold(first, |most, lane| if lane > most { lane } else { most })
    }

    /// eˣ for x in −87…88, within 2 units in the last place; outside as at the nearer end.
    ///
    /// x = n·ln 2 + r, and eʳ by a polynomial. Coefficients: Cephes, `expf.c`.
    #[inline(always)]
    fn exp(x: Self::F32) -> Self::F32 {
        // Adding and taking away 1.5·2²³ rounds to a whole number.
        const ROUND: f32 = 12_582_912.0;
        let x = Self::min(Self::max(x, Self::splat(-87.0)), Self::splat(88.0));
        let n = Self::mul(x, Self::splat(std::f32::consts::LOG2_E));
        let n = Self::sub(Self::add(n, Self::splat(ROUND)), Self::splat(ROUND));
        let r = Self::sub(x, Self::mul(n, Self::splat(0.693_359_4)));
        let r = Self::sub(r, Self::mul(n, Self::splat(-2.121_944_4e-4)));
        let mut y = Self::splat(1.987_569_1e-4);
        for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
            y = Self::add(Self::mul(y, r), Self::splat(coefficient));
        }
        let y = Self::add(Self::add(Self::mul(y, Self::mul(r, r)), r), Self::splat(1.0));
        let power = Self::shift_to_exponent(Self::add(n, Self::splat(ROUND + 127.0)));
        Self::mul(y, power)
    }
}
