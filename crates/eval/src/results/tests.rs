use super::*;
use crate::arms::Method;
use crate::random::Random;
use crate::shard::{Asked, Header, Line, Plan};
use entropix::SamplerConfig;

fn arm(name: &str) -> Arm {
    Arm { name: name.to_owned(), method: Method::Sampler(SamplerConfig::Greedy) }
}

/// A log of two families in which "good" is right more often than the others.
fn log(items: u32) -> Log {
    let asked = |family: &str| Asked {
        family: family.to_owned(),
        facts: (0..items).map(|item| item / 3).collect(),
        levels: (0..items).map(|item| 1 + item % 3).collect(),
    };
    let header = Header {
        version: crate::shard::VERSION,
        generator: "entropix".to_owned(),
        model: "b179".to_owned(),
        part: Some(Part::Test),
        engine: "llama".to_owned(),
        seed: "7".to_owned(),
        draws: "8".to_owned(),
        max_tokens: 24,
        one_line: true,
        families: vec![asked("sums"), asked("facts")],
        questions: String::new(),
        block: 25,
        arms: vec![arm("greedy"), arm("good"), arm("sham")],
    };
    let mut random = Random::of(&["results"]);
    let mut outcome = |arm: usize| Outcome {
        verdict: match random.below(100) {
            n if n < 40 + 20 * usize::from(arm == 1) => Verdict::Right,
            n if n < 90 => Verdict::Wrong,
            _ => Verdict::Nothing,
        },
        claim: "12".to_owned(),
        text: "It is 12.".to_owned(),
        tokens: random.between(1, 24),
        made: random.between(24, 200),
        log_probability: -random.unit(),
        acts: Acts { branchings: random.between(0, 2), ..Acts::default() },
        end: End::Model,
        repeated: 0,
        first: Signals { entropy: random.unit(), varentropy: random.unit(), margin: random.unit() },
        mean: Signals { entropy: random.unit(), varentropy: random.unit(), margin: random.unit() },
        ids: "0123456789abcdef".to_owned(),
    };
    let mut item = || (0..3).map(&mut outcome).collect();
    let line = |block: crate::shard::Block| Line {
        block,
        outcomes: (block.from..block.to).map(|_| item()).collect(),
        seconds: 1.0,
    };
    let lines = Plan::of(&header).blocks().into_iter().map(line).collect();
    Log { header, lines, whole: 0 }
}

const NAMED: [(&str, &str); 2] = [("good", "greedy"), ("sham", "greedy")];

fn read_again(results: &Results) -> Results {
    serde_json::from_str(&serde_json::to_string(results).unwrap()).unwrap()
}

#[test]
fn every_number_can_be_computed_from_what_is_published() {
    let log = log(120);
    let results = Results::of(&log, Origin::default(), &NAMED).unwrap();
    let again = read_again(&results);
    assert_eq!(again, results);
    assert_eq!(again.compare(&NAMED).unwrap(), results.comparisons);
    let (before, after) = (Table::of(&log), again.table());
    for arm in 0..3 {
        for family in [None, Some(0), Some(1)] {
            assert_eq!(after.accuracy(arm, family), before.accuracy(arm, family));
            assert_eq!(after.difference(arm, 0, family), before.difference(arm, 0, family));
            let (before, after) = (before.means(arm, family), after.means(arm, family));
            assert_eq!((after.tokens, after.made), (before.tokens, before.made));
            assert_eq!((after.nothing, after.acts[2]), (before.nothing, before.acts[2]));
            assert!((after.acted - before.acted).abs() < 1e-12);
            assert!((after.log_probability - before.log_probability).abs() < 1e-3);
        }
    }
    for by in crate::analysis::Sureness::ALL {
        let (before, after) = (before.discrimination(0, by, 0), after.discrimination(0, by, 0));
        let (before, after) = (before.unwrap(), after.unwrap());
        // Three decimals may tie.
        assert!((before.value - after.value).abs() < 0.005, "{by:?}");
    }
    let levels = |table: &Table| table.families[1].levels.clone();
    assert_eq!(levels(&after), levels(&before));
}

#[test]
fn comparisons_are_corrected_for_each_other() {
    let results = Results::of(&log(300), Origin::default(), &NAMED).unwrap();
    let [good, sham] = &results.comparisons[..] else { panic!() };
    assert!(good.difference.low > 0.0 && good.corrected < 0.01, "{good:?}");
    assert!((good.corrected - 2.0 * good.p).abs() < 1e-12);
    assert!(sham.difference.low < 0.0 && sham.difference.high > 0.0, "{sham:?}");
}

#[test]
fn what_is_missing_is_told() {
    let mut log = log(60);
    let no_arm = Results::of(&log, Origin::default(), &[("magic", "greedy")]);
    assert_eq!(no_arm.unwrap_err(), ResultsError::NoArm("magic".to_owned()));
    log.lines.pop();
    assert_eq!(Results::of(&log, Origin::default(), &[]), Err(ResultsError::Missing(35)));
}

#[test]
fn a_full_run_is_below_a_megabyte() {
    // Ten families of 1,000 items and 8 arms are 80,000 outcomes; these are 6,000 of 3 arms.
    let results = Results::of(&log(1000), Origin::default(), &[]).unwrap();
    let text = serde_json::to_string(&results).unwrap();
    let arm = serde_json::to_string(&results.families[0].arms[0]).unwrap().len();
    let rest = (text.len() - 6 * arm) / 2;
    assert!(10 * (8 * arm + rest) < 1_000_000, "{arm} bytes an arm, {rest} a family");
}
