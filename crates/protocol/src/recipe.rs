//! How an answer is made.

use entropix::SamplerConfig;
use entropix::knob::{Kind, Knob, Range};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Everything that makes an answer what it is, besides the model and the conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The sampler and its numbers.
    pub sampler: SamplerConfig,
    /// Seed of the random stream.
    pub seed: Seed,
    /// Most tokens to produce; 0 = as many as the context holds.
    #[serde(default)]
    pub max_tokens: u32,
    /// Whether to send each token's [`crate::AttentionEntropy`] along.
    #[serde(default)]
    pub attention: bool,
    /// Whether only the first line counts: a branch ends with its line. Whoever asks stops the answer there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_line: bool,
}

impl Recipe {
    /// What can be set about an answer besides its sampler, in the order shown. Controls, links and
    /// stored settings follow from it.
    pub const KNOBS: &[Knob] = &[
        Knob::new("seed", Kind::Whole, "The same seed repeats the same answer."),
        Knob::new("max_tokens", Kind::Whole, "Where an answer ends if it has not ended by itself.")
            .label("most tokens")
            .unit("0 = all that fit")
            .range(Range::Between(0.0, u32::MAX as f64))
            .in_links("tokens"),
    ];
}

/// Seed 1337 and 256 tokens, by the default sampler.
impl Default for Recipe {
    fn default() -> Self {
        Self {
            sampler: SamplerConfig::default(),
            seed: Seed(1337),
            max_tokens: 256,
            attention: false,
            one_line: false,
        }
    }
}

/// Seed of the random stream: 64 bits. It travels as a number where JavaScript holds it exactly, and as
/// decimal text above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

/// The largest whole number up to which a double holds all: 2⁵³ − 1.
const MAX_EXACT: u64 = (1 << 53) - 1;

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 > MAX_EXACT {
            serializer.collect_str(&self.0)
        } else {
            serializer.serialize_u64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeedVisitor).map(Self)
    }
}

struct SeedVisitor;

impl de::Visitor<'_> for SeedVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number from 0 to 18446744073709551615, as text above 9007199254740991")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    // Some formats give JavaScript's numbers as doubles.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<u64, E> {
        let exact = value >= 0.0 && value.fract() == 0.0 && value <= MAX_EXACT as f64;
        if exact {
            Ok(value as u64)
        } else {
            Err(E::invalid_value(de::Unexpected::Float(value), &self))
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

impl std::fmt::Display for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is no [`Seed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a seed is a whole number from 0 to {}", u64::MAX)]
pub struct NotASeed;

impl std::str::FromStr for Seed {
    type Err = NotASeed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| NotASeed)
    }
}

impl From<u64> for Seed {
    fn from(seed: u64) -> Self {
        Self(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_travels_as_text_where_a_double_would_round_it() {
        for (seed, json) in [
            (0, "0"),
            (MAX_EXACT, "9007199254740991"),
            (MAX_EXACT + 1, "\"9007199254740992\""),
            (u64::MAX, "\"18446744073709551615\""),
        ] {
            assert_eq!(serde_json::to_string(&Seed(seed)).unwrap(), json);
            assert_eq!(serde_json::from_str::<Seed>(json).unwrap(), Seed(seed));
        }
        // Traces of earlier schemas hold any number.
        assert_eq!(serde_json::from_str::<Seed>("18446744073709551615").unwrap(), Seed(u64::MAX));
        for bad in ["-1", "1.5", "1e300", "\"\"", "\"-1\"", "\"18446744073709551616\"", "null"] {
            assert!(serde_json::from_str::<Seed>(bad).is_err(), "{bad}");
        }
        assert_eq!("18446744073709551615".parse(), Ok(Seed(u64::MAX)));
        assert_eq!("-1".parse::<Seed>(), Err(NotASeed));
        assert!(NotASeed.to_string().ends_with(" 0 to 18446744073709551615"));
    }
}
