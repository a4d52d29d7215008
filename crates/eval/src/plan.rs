//! The runs of PLAN.md, as a program reads them.

use crate::families::Family;

/// A run of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its name in commands and files.
    pub name: &'static str,
    /// What is asked.
    pub families: &'static [Family],
    /// Items of a family.
    pub items: u32,
    /// What is compared.
    pub arms: &'static [&'static str],
    /// Most tokens of an answer.
    pub max_tokens: u32,
    /// Whether an answer ends with its first line.
    pub one_line: bool,
}

/// The comparisons of tier 1 that are corrected for each other (Holm): what, and with what.
pub const COMPARISONS: [(&str, &str); 6] = [
    ("PROMISED", "greedy"),
    ("PROMISED", "plain"),
    ("PROMISED", "PROMISED sham"),
    ("PROMISED", "PROMISED by H"),
    ("PROMISED", "self-consistency"),
    ("B", "plain"),
];

const MAIN: &[&str] = &[
    "greedy",
    "plain",
    "B",
    "PROMISED",
    "PROMISED by H",
    "PROMISED sham",
    "self-consistency",
];

/// Everything but what tier 1 has, and the donor of the shams.
const OTHERS: &[&str] = &[
    "greedy",
    "PROMISED",
    "PROMISED sham of acts",
    "PROMISED by V",
    "PROMISED by margin",
    "PROMISED argmax",
    "PROMISED argmax+insert",
    "PROMISED argmax+branch",
    "PROMISED argmax+resample",
    "A",
    "B0",
    "FROG",
    "SMOLLM-135M",
    "OCT31",
    "temperature 0.3",
    "temperature 0.7",
    "temperature 1",
    "temperature 1.5",
    "top-k 40",
    "top-p 0.9",
    "min-p 0.1",
    "typical 0.9",
    "p-less",
    "top-nσ 1",
    "top-H 0.4",
    "two temperatures",
    "best of several",
    "CoT-decoding",
    "cautious",
];

/// All of them.
pub const TIERS: [Tier; 3] = [
    Tier {
        name: "1",
        families: &Family::ALL,
        items: 1000,
        arms: MAIN,
        max_tokens: 24,
        one_line: true,
    },
    Tier {
        name: "1b",
        families: &[Family::Decimals, Family::Sums, Family::Facts],
        items: 400,
        arms: MAIN,
        max_tokens: 120,
        one_line: false,
    },
    Tier {
        name: "2",
        families: &Family::ALL,
        items: 200,
        arms: OTHERS,
        max_tokens: 24,
        one_line: true,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::{Tuned, all};
    use crate::gates::{Bands, Signal};
    use entropix::ModelDefaults;

    #[test]
    fn every_arm_of_the_plan_exists() {
        let bands = Signal::ALL.map(|signal| Bands { signal, cuts: [1.0, 2.0, 3.0] }).to_vec();
        let all = all(&ModelDefaults::default(), &Tuned { bands, ..Tuned::default() });
        for tier in TIERS {
            for name in tier.arms {
                assert!(all.iter().any(|arm| arm.name == *name), "{name}");
            }
        }
        for (arm, against) in COMPARISONS {
            assert!(MAIN.contains(&arm) && MAIN.contains(&against), "{arm}, {against}");
        }
    }
}
