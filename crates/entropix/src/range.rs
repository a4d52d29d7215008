//! What a number may be.

use std::fmt;

/// The range of a number. What is not finite is in none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Any number.
    Finite,
    /// 0 and above.
    NotNegative,
    /// Above this.
    Above(f64),
    /// Below this.
    Below(f64),
    /// This and above.
    AtLeast(f64),
    /// From the first to the last of these, both included.
    Between(f64, f64),
}

impl Range {
    /// Whether a number is in range.
    pub fn contains(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::Finite => true,
                Self::NotNegative => value >= 0.0,
                Self::Above(least) => value > least,
                Self::Below(most) => value < most,
                Self::AtLeast(least) => value >= least,
                Self::Between(least, most) => (least..=most).contains(&value),
            }
    }

    /// The least number in range, or the number that all are above; `None` if there is none.
    pub fn least(self) -> Option<f64> {
        match self {
            Self::Finite | Self::Below(_) => None,
            Self::NotNegative => Some(0.0),
            Self::Above(least) | Self::AtLeast(least) | Self::Between(least, _) => Some(least),
        }
    }
}

/// What a number must be: "1 to 64", "finite and not negative".
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finite => f.write_str("finite"),
            Self::NotNegative => f.write_str("finite and not negative"),
            Self::Above(least) => write!(f, "finite and above {least}"),
            Self::Below(most) => write!(f, "finite and below {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::Between(least, most) => write!(f, "{least} to {most}"),
        }
    }
}
