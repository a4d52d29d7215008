//! e^x of numbers from 0 down: the same bits on every machine, unlike the system's, and in a form that
//! compilers turn into vector instructions. (For logarithms there is `libm`.)

/// Below this the result counts as 0 (it is less than 10⁻³⁰⁷).
pub(crate) const UNDERFLOW: f64 = -708.0;

/// Adding it rounds to a whole number, which is then in the lowest bits.
const ROUND: f64 = 1.5 * (1_u64 << 52) as f64;
/// ln 2 in two parts; the first has zeros at the end, so that a product with a small whole number is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// 1/n! from n = 13 down to 2: the Taylor series, whose rest is below 10⁻¹⁷ for |x| ≤ ½ ln 2.
const SERIES: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];
/// Sums are kept in so many lanes.
pub(crate) const LANES: usize = 8;

/// e^x, within 2 units of the last place; 0 below [`UNDERFLOW`]. For x ≤ 0; not for NaN.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    let whole = x * std::f64::consts::LOG2_E + ROUND;
    let k = whole - ROUND;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let mut series = SERIES[0];
    for coefficient in &SERIES[1..] {
        series = series * r + coefficient;
    }
    let fraction = 1.0 + (r + r * r * series);
    // 2ᵏ by adding k to the exponent.
    let scaled = f64::from_bits(fraction.to_bits().wrapping_add(whole.to_bits() << 52));
    if x < UNDERFLOW { 0.0 } else { scaled }
}

/// Calls `act` with each number and its lane, in a form that compilers turn into vector instructions.
#[inline]
pub(crate) fn in_lanes<T: Copy>(numbers: &[T], mut act: impl FnMut(usize, T)) {
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &number) in chunk.iter().enumerate() {
            act(lane, number);
        }
    }
    for (lane, &number) in rest.iter().enumerate() {
        act(lane, number);
    }
}

/// The sum of lanes, in a fixed order.
pub(crate) fn total(lanes: [f64; LANES]) -> f64 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends() {
        assert_eq!(exp(0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(exp(-0.0).to_bits(), 1.0_f64.to_bits());
        for x in [-708.1, -1e6, f64::MIN, f64::NEG_INFINITY] {
            assert_eq!(exp(x).to_bits(), 0.0_f64.to_bits());
        }
        assert!(exp(-707.9) > 0.0);
    }

    proptest! {
        #[test]
        fn is_the_systems(x in -708.0_f64..0.0) {
            let (ours, theirs) = (exp(x), x.exp());
            prop_assert!((ours - theirs).abs() <= 3.0 * f64::EPSILON * theirs, "{ours}, {theirs}");
        }
    }
}
