//! bfloat16: the upper half of an f32.

/// The nearest bfloat16, of two the even one.
pub(super) fn round(x: f64) -> f64 {
    let single = x as f32;
    if !single.is_finite() {
        return single.into();
    }
    let bits = single.to_bits();
    let even = (bits >> 16) & 1;
    f32::from_bits(bits.wrapping_add(0x7fff + even) & 0xffff_0000).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_eight_bits() {
        assert_eq!(round(1.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(round(0.466).to_bits(), 0.466_796_875_f64.to_bits());
        // Half-way: to even.
        assert_eq!(round(1.0 + 1.0 / 256.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(round(1.0 + 3.0 / 256.0).to_bits(), (1.0 + 1.0 / 64.0_f64).to_bits());
        assert!(round(-1e300).is_infinite());
        assert!(round(f64::from(f32::MAX)).is_infinite());
        assert!(round(f64::NAN).is_nan());
    }
}
