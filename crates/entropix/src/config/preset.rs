//! The dated generations of the original sampler.

use serde::{Deserialize, Serialize};

/// A generation of the original sampler, or a port of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Preset {
    /// 4 October 2024 (b030904): logits only.
    A,
    /// 5 October 2024 (9702669): the first with attention metrics.
    B0,
    /// 7–31 October 2024 (e55e9a3): what the October posts describe.
    B,
    /// 8 October 2024 (8084588): every rule also asks for attention metrics.
    #[serde(rename = "FROG")]
    Frog,
    /// The rules of FROG with the thresholds of a port to SmolLM2 (entropix-smollm b48dc7a).
    #[serde(rename = "SMOLLM-135M")]
    Smollm,
    /// 31 October 2024 (9d41be6): new thresholds, and an adaptive rule that is hotter the surer the model is.
    #[serde(rename = "OCT31")]
    Oct31,
}

/// Number of presets.
pub(super) const COUNT: usize = 6;

impl Preset {
    /// All of them, by date.
    pub const ALL: [Self; COUNT] =
        [Self::A, Self::B0, Self::B, Self::Frog, Self::Smollm, Self::Oct31];

    /// "A", "B0", "B", "FROG", "SMOLLM-135M" or "OCT31".
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B0 => "B0",
            Self::B => "B",
            Self::Frog => "FROG",
            Self::Smollm => "SMOLLM-135M",
            Self::Oct31 => "OCT31",
        }
    }

    /// One line about it.
    pub const fn about(self) -> &'static str {
        match self {
            Self::A => "4 October 2024: H and V alone decide, as coded.",
            Self::B0 => {
                "5 October 2024: attention joins in; 3.0 and 5.0 bits the other way round than in B."
            }
            Self::B => "7–31 October 2024: what both blog posts describe, as coded.",
            Self::Frog => "8 October 2024, branch “frog”: every rule also asks for attention.",
            Self::Smollm => {
                "A port to SmolLM2-135M: the rules of FROG with thresholds for this model."
            }
            Self::Oct31 => "31 October 2024: without a rule, the hotter the surer the model is.",
        }
    }

    /// The preset with this [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Whether it looks at attention. A never does.
    pub fn uses_attention(self) -> bool {
        self != Self::A
    }
}
