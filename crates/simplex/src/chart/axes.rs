//! The axes of the plane.

use crate::bounds;
use crate::color::{saturate, unsaturate};

/// Largest saturated coordinates shown.
pub(super) const H_END: f64 = 0.9;
pub(super) const V_END: f64 = 0.86;

/// What the axes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axes {
    /// The saturated coordinates of the colour map: everything fits, and near zero there is most room.
    Map,
    /// H and V themselves, up to these ends in bits and bits².
    Linear {
        /// End of the H axis, in bits.
        entropy_bits: f64,
        /// End of the V axis, in bits².
        varentropy_bits2: f64,
    },
}

impl Axes {
    /// Linear axes that hold everything that is possible for `outcomes`.
    pub fn fit(outcomes: u32) -> Self {
        Self::Linear {
            entropy_bits: f64::from(outcomes.max(2)).log2() * 1.04,
            varentropy_bits2: bounds::maximum(outcomes).varentropy_bits2 * 1.12,
        }
    }

    /// (H, V) as shares of the axes.
    #[inline(never)]
    pub fn share(self, entropy_bits: f64, varentropy_bits2: f64) -> (f64, f64) {
        match self {
            Self::Map => {
                let (h, v) = saturate(entropy_bits, varentropy_bits2);
                (h / H_END, v / V_END)
            }
            Self::Linear { entropy_bits: h, varentropy_bits2: v } => {
                (entropy_bits / h, varentropy_bits2 / v)
            }
        }
    }

    /// The pair (H, V) at these shares of the axes.
    #[inline(never)]
    pub(super) fn value(self, across: f64, up: f64) -> (f64, f64) {
        match self {
            Self::Map => unsaturate(across * H_END, up * V_END),
            Self::Linear { entropy_bits, varentropy_bits2 } => {
                (across.max(0.0) * entropy_bits, up.max(0.0) * varentropy_bits2)
            }
        }
    }
}
