//! Which items are for looking, for tuning and for the test.

use crate::random::seed;

/// A part of the items. Their facts differ: no fact of one is in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Part {
    /// For looking, before anything is decided.
    Pilot,
    /// For the choice of free numbers.
    Tuning,
    /// For the finding. Looked at once.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pilot, Self::Tuning, Self::Test];

    /// Its name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pilot => "pilot",
            Self::Tuning => "tuning",
            Self::Test => "test",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The part that a fact of a family belongs to, whatever the seed: a tenth of the facts are for looking, two are for
    /// tuning.
    pub fn of(family: &str, fact: &str) -> Self {
        match seed(&["part", family, fact]) % 10 {
            0 => Self::Pilot,
            1 | 2 => Self::Tuning,
            _ => Self::Test,
        }
    }
}

/// Items of one part, drawn with a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Which part.
    pub part: Part,
    /// What its items are drawn with. For the test it is the hash of the commit that fixed the plan.
    pub seed: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_their_shares() {
        let of = |part| {
            let facts = (0..10_000).map(|number| number.to_string());
            facts.filter(|fact| Part::of("family", fact) == part).count()
        };
        let counts = Part::ALL.map(of);
        // Five standard deviations: √(10,000 · 0.3 · 0.7) = 46.
        assert!(counts.iter().zip([1000, 2000, 7000]).all(|(&n, share)| n.abs_diff(share) < 230));
        assert_ne!(Part::of("a", "44"), Part::of("b", "44"));
        assert!(Part::ALL.iter().all(|part| Part::named(part.name()) == Some(*part)));
        assert_eq!(Part::named("train"), None);
    }
}
