//! The runs of PLAN.md, as a program reads them: what is asked, who answers, and what is compared.

use std::sync::LazyLock;

use serde::Serialize;

use crate::arms::Tuned;
use crate::families::Family;
use crate::shard::Header;
use crate::split::Part;
use crate::statistics::PlannedTest;
use crate::tuning::Free;

/// The commit that fixed the plan, 40 digits: the items of the test follow from it. Empty before there is one.
pub const COMMIT: &str = "752fcdf474965138c095495f54167d2e7284fa2e";

/// Items of a block: no fact of two or three wordings is cut.
pub const BLOCK: u32 = 24;

/// A run of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// Its name in commands and files.
    pub name: &'static str,
    /// Which part of the items: all but the test's are for trying.
    pub part: Part,
    /// What is asked.
    pub families: &'static [Family],
    /// Items of a family.
    pub items: u32,
    /// What answers.
    pub arms: &'static [&'static str],
    /// Most tokens of an answer.
    pub max_tokens: u32,
    /// Whether an answer ends with its first line.
    pub one_line: bool,
    /// About how many tokens it makes, by the tuning part.
    pub tokens: u64,
    /// What is compared with what, corrected for each other (Holm).
    pub comparisons: &'static [(&'static str, &'static str)],
    /// What is shown besides, without a finding.
    pub besides: &'static [(&'static str, &'static str)],
}

/// Those of which greedy got 20 to 80 % right on the pilot part.
const FAMILIES: &[Family] = &[
    Family::Next,
    Family::Counting,
    Family::Facts,
    Family::Opposites,
    Family::Past,
    Family::Plurals,
    Family::Repeat,
    Family::Lists,
];

const MAIN: &[&str] = &[
    "greedy",
    "plain",
    "plain as B",
    "B",
    "PROMISED",
    "PROMISED by H",
    "PROMISED sham",
    "PROMISED sham of acts",
    "self-consistency",
    "best of several",
];

const COMPARISONS: &[(&str, &str)] = &[
    ("PROMISED", "greedy"),
    ("PROMISED", "plain"),
    ("PROMISED", "PROMISED sham"),
    ("PROMISED", "PROMISED by H"),
    ("PROMISED", "best of several"),
    ("B", "plain as B"),
];

/// Without which nothing may be said of where PROMISED acts.
const SHAM_OF_ACTS: (&str, &str) = ("PROMISED", "PROMISED sham of acts");

/// The same pairs where nothing is claimed.
const LONGER: &[(&str, &str)] = &[
    ("PROMISED", "greedy"),
    ("PROMISED", "plain"),
    ("PROMISED", "PROMISED sham"),
    SHAM_OF_ACTS,
    ("PROMISED", "PROMISED by H"),
    ("PROMISED", "best of several"),
    ("B", "plain as B"),
];

/// Everything but what tier 1 has, and those that it is compared with.
const OTHERS: &[&str] = &[
    "greedy",
    "PROMISED",
    "PROMISED by V",
    "PROMISED by margin",
    "PROMISED by H (tuned)",
    "PROMISED argmax",
    "PROMISED argmax+insert",
    "PROMISED argmax+branch",
    "PROMISED argmax+resample",
    "A",
    "B0",
    "FROG",
    "SMOLLM-135M",
    "OCT31",
    "DSLIDER",
    "temperature 0.3",
    "temperature 0.7",
    "temperature 1",
    "temperature 1.5",
    "top-k 40",
    "top-k (tuned)",
    "top-p 0.9",
    "top-p (tuned)",
    "min-p 0.1",
    "min-p (tuned)",
    "typical 0.9",
    "typical (tuned)",
    "p-less",
    "top-nσ 1",
    "top-nσ (tuned)",
    "top-H 0.4",
    "top-H (tuned)",
    "two temperatures",
    "two temperatures (tuned)",
    "CoT-decoding",
    "cautious",
];

/// One of each kind.
const KINDS: &[&str] = &[
    "greedy",
    "plain",
    "B",
    "PROMISED",
    "PROMISED by H",
    "PROMISED sham",
    "PROMISED sham of acts",
    "self-consistency",
    "best of several",
    "CoT-decoding",
    "cautious",
];

/// All of them.
pub const TIERS: [Tier; 5] = [
    Tier {
        name: "1",
        part: Part::Test,
        families: FAMILIES,
        items: 1000,
        arms: MAIN,
        max_tokens: 24,
        one_line: true,
        tokens: 1_800_000,
        comparisons: COMPARISONS,
        besides: &[SHAM_OF_ACTS],
    },
    Tier {
        name: "1b",
        part: Part::Test,
        families: &[Family::Next, Family::Facts, Family::Lists],
        items: 400,
        arms: MAIN,
        max_tokens: 120,
        one_line: false,
        tokens: 1_400_000,
        comparisons: &[],
        besides: LONGER,
    },
    Tier {
        name: "2",
        part: Part::Test,
        families: FAMILIES,
        items: 100,
        arms: OTHERS,
        max_tokens: 24,
        one_line: true,
        tokens: 650_000,
        comparisons: &[],
        besides: &[],
    },
    // How long an answer takes: to be run one at a time.
    Tier {
        name: "time",
        part: Part::Pilot,
        families: FAMILIES,
        items: 6,
        arms: MAIN,
        max_tokens: 24,
        one_line: true,
        tokens: 10_000,
        comparisons: &[],
        besides: &[],
    },
    // That all works, in a minute or two.
    Tier {
        name: "quick",
        part: Part::Pilot,
        families: &[Family::Counting, Family::Facts, Family::Past, Family::Lists],
        items: 4,
        arms: KINDS,
        max_tokens: 12,
        one_line: true,
        tokens: 5_000,
        comparisons: &[("PROMISED", "greedy"), ("PROMISED", "PROMISED sham")],
        besides: &[SHAM_OF_ACTS],
    },
];

/// What tier 1 can find: 80 % of all differences of three points, though six comparisons are corrected for each other.
pub const PLANNED: PlannedTest = PlannedTest {
    families: FAMILIES.len(),
    // Of three wordings each, the fewest.
    facts: 333,
    items: 3,
    accuracy: 0.35,
    discordant: 0.3,
    difference: 0.03,
    correlation: 0.5,
    level: 0.05 / COMPARISONS.len() as f64,
};

impl Tier {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TIERS.iter().find(|tier| tier.name == name)
    }

    /// What there is, for who named another.
    pub fn names() -> String {
        let names: Vec<_> = TIERS.iter().map(|tier| tier.name).collect();
        format!("the plan has the tiers {}", names.join(", "))
    }

    /// What its items and draws follow from; `None` for a test before there is a plan.
    pub fn seed(&self) -> Option<&'static str> {
        match self.part {
            Part::Test => (!COMMIT.is_empty()).then_some(COMMIT),
            Part::Pilot | Part::Tuning => Some("0"),
        }
    }

    /// The free numbers of its arms, as they were chosen on the tuning part under its conditions.
    pub fn tuned(&self) -> &'static Tuned {
        static SHORT: LazyLock<Tuned> = LazyLock::new(|| read(include_str!("../tuned/short.json")));
        static LONG: LazyLock<Tuned> = LazyLock::new(|| read(include_str!("../tuned/long.json")));
        if self.one_line { &SHORT } else { &LONG }
    }

    /// The methods with a free number among its arms.
    pub fn free(&self) -> &'static [Free] {
        if self.one_line {
            &Free::ALL
        } else {
            &[Free::Plain, Free::Promised, Free::Vote, Free::BestOf]
        }
    }

    /// Whether a run was this one, as far as its header tells.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn must_be_of(&self, header: &Header) -> Result<(), &'static str> {
        let own = &header.conditions;
        let names = own.arms.iter().map(|arm| arm.name.as_str());
        let families = header.families.iter().map(|asked| asked.family.as_str());
        let seed = self.seed().unwrap_or_default();
        let same = [
            ("part", own.part == Some(self.part)),
            ("seed", own.seed == seed),
            ("draws", own.draws == seed),
            ("samplers", names.eq(self.arms.iter().copied())),
            ("families", families.eq(self.families.iter().map(|family| family.name()))),
            ("items", header.families.iter().all(|it| it.facts.len() == self.items as usize)),
            ("most tokens", own.max_tokens == self.max_tokens),
            ("end of answers", own.one_line == self.one_line),
            ("size of blocks", own.block == BLOCK),
        ];
        same.into_iter().find(|(_, same)| !same).map_or(Ok(()), |(what, _)| Err(what))
    }
}

/// Those that stand beside the program.
fn read(text: &str) -> Tuned {
    let read = serde_json::from_str(text);
    debug_assert!(read.is_ok(), "{:?}", read.err());
    read.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arms::{Arm, all};
    use crate::statistics::power;
    use entropix::ModelDefaults;

    fn arms(tier: &Tier) -> Vec<Arm> {
        all(&ModelDefaults::default(), tier.tuned())
    }

    #[test]
    fn every_arm_of_the_plan_exists() {
        for tier in &TIERS {
            let all = arms(tier);
            for name in tier.arms {
                assert!(all.iter().any(|arm| arm.name == *name), "{} {name}", tier.name);
            }
            for (arm, against) in tier.comparisons.iter().chain(tier.besides) {
                assert!(tier.arms.contains(arm) && tier.arms.contains(against), "{arm}, {against}");
            }
        }
    }

    #[test]
    fn every_arm_is_in_the_plan() {
        for arm in TIERS.iter().flat_map(arms) {
            let planned = TIERS.iter().any(|tier| tier.arms.contains(&arm.name.as_str()));
            assert!(planned, "{}", arm.name);
        }
    }

    #[test]
    fn a_difference_that_is_none_is_rarely_found_and_the_planned_one_mostly() {
        let found = |test: &PlannedTest, resamples| power(test, 1000, resamples, 1).unwrap();
        let none = found(&PlannedTest { difference: 0.0, level: 0.05, ..PLANNED }, 199);
        assert!(none <= 0.06, "{none}");
        // As many as give the level exactly: 3 / 360.
        let planned = found(&PLANNED, 359);
        assert!(planned >= 0.8 - 0.025, "{planned}");
    }

    #[test]
    fn names_lead_back() {
        assert!(TIERS.iter().all(|tier| Tier::named(tier.name) == Some(tier)));
        assert_eq!(Tier::named("9"), None);
        let is_commit = COMMIT.len() == 40
            && COMMIT.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase());
        assert!(COMMIT.is_empty() || is_commit);
    }
}
