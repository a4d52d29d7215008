use super::outcomes::short;
use super::*;
use crate::arms::{Answers, Control, Method};
use crate::outcome::{Acts, End, Outcome, Signals};
use crate::random::Random;
use crate::shard::{Asked, Header, Line, Plan};
use crate::{Arm, Part, Verdict};
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
    let conditions = Conditions {
        generator: "entropix".to_owned(),
        model: "b179".to_owned(),
        engine: "llama".to_owned(),
        part: Some(Part::Test),
        seed: "7".to_owned(),
        draws: "8".to_owned(),
        questions: String::new(),
        max_tokens: 24,
        one_line: true,
        block: 24,
        arms: vec![arm("greedy"), arm("good"), arm("sham")],
    };
    let families = vec![asked("sums"), asked("facts")];
    let header = Header { version: crate::shard::VERSION, conditions, families };
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
        seconds: vec![1.0, 2.0, 3.0],
    };
    let lines = Plan::of(&header).blocks().into_iter().map(line).collect();
    Log { header, lines, whole: 0 }
}

const NAMED: [(&str, &str); 2] = [("good", "greedy"), ("sham", "greedy")];

fn run(log: &Log, named: &[(&str, &str)]) -> Result<Run, ResultsError> {
    Run::of("1", log, Origin::default(), named, named)
}

fn read_again(run: &Run) -> Run {
    let results = Results { version: VERSION, runs: vec![run.clone()] };
    let text = serde_json::to_string(&results).unwrap();
    serde_json::from_str::<Results>(&text).unwrap().runs.remove(0)
}

#[test]
fn every_number_can_be_computed_from_what_is_published() {
    let log = log(120);
    let run = run(&log, &NAMED).unwrap();
    let again = read_again(&run);
    assert_eq!(again, run);
    assert_eq!(again.compare(&NAMED).unwrap(), run.comparisons);
    assert_eq!(again.differences(&NAMED).unwrap(), run.besides);
    assert_eq!(run.besides[0].difference, run.comparisons[0].difference);
    let (before, after) = (Table::of(&log), again.table().unwrap());
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
    let run = run(&log(300), &NAMED).unwrap();
    let [good, sham] = &run.comparisons[..] else { panic!() };
    assert!(good.difference.low > 0.0 && good.corrected < 0.01, "{good:?}");
    assert!((good.corrected - 2.0 * good.p).abs() < 1e-12);
    assert_eq!(good.finding, Finding::Helps);
    assert!(sham.difference.low < 0.0 && sham.difference.high > 0.0, "{sham:?}");
    assert_eq!(sham.finding, Finding::Unclear);
}

#[test]
fn what_may_be_said() {
    let difference = |value, low, high| Estimate { value, low, high };
    for (it, corrected, finding) in [
        (difference(0.03, 0.01, 0.05), 0.01, Finding::Helps),
        (difference(-0.03, -0.05, -0.01), 0.05, Finding::Hurts),
        (difference(0.0, -0.02, 0.02), 0.9, Finding::NoEffect),
        (difference(0.001, -0.01, 0.021), 0.9, Finding::Unclear),
        // However small a difference is, it is told when it is sure.
        (difference(0.01, 0.005, 0.015), 0.01, Finding::Helps),
    ] {
        assert_eq!(Finding::of(&it, corrected), finding, "{it:?}");
    }
}

#[test]
fn of_what_was_not_done_nothing_is_said() {
    let promised = || entropix::PromisedConfig::default();
    let gated = |by| Method::Gated { promised: promised(), by };
    let votes = |mean| Method::Vote {
        answers: Answers { usual: mean, ..Answers::default() },
        of: entropix::PlainConfig::default(),
    };
    // Branchings of an answer in the mean: those of the arm and of what it is compared with.
    let finding = |method: Method, against: Method, acts: [u32; 2]| {
        let mut log = log(120);
        log.header.conditions.arms[1].method = method;
        log.header.conditions.arms[2].method = against;
        for item in log.lines.iter_mut().flat_map(|line| &mut line.outcomes) {
            for (outcome, branchings) in item[1..].iter_mut().zip(acts) {
                outcome.acts = Acts { branchings, ..Acts::default() };
            }
        }
        run(&log, &[("good", "sham")]).unwrap().comparisons[0].finding
    };
    let own = || Method::Sampler(SamplerConfig::Promised(promised()));
    let greedy = || Method::Sampler(SamplerConfig::Greedy);
    assert_eq!(finding(own(), greedy(), [1, 0]), Finding::Helps);
    assert_eq!(finding(own(), greedy(), [0, 0]), Finding::Untested);
    assert_eq!(finding(greedy(), greedy(), [0, 0]), Finding::Helps);
    assert_eq!(finding(own(), gated(Control::Sham), [10, 9]), Finding::Helps);
    assert_eq!(finding(own(), gated(Control::Sham), [10, 8]), Finding::Unmatched);
    assert_eq!(finding(own(), votes(2.9), [1, 0]), Finding::Untested);
    assert_eq!(finding(own(), votes(3.0), [1, 0]), Finding::Helps);
}

#[test]
fn what_is_shown_is_what_is_published() {
    let run = run(&log(120), &NAMED).unwrap();
    let shown = run.shown().unwrap();
    let Summary { families, arms, knowing } = &shown.summary;
    assert_eq!((families.len(), arms.len(), knowing.len()), (2, 3, 2));
    let table = run.table().unwrap();
    for (arm, cells) in arms.iter().enumerate() {
        let [all, sums, _] = &cells[..] else { panic!() };
        let accuracy = table.accuracy(arm, None).unwrap();
        assert!((all.accuracy.value - accuracy.value).abs() < 1e-4);
        assert_eq!((all.levels.len(), sums.levels.len()), (0, 3));
        assert_eq!(all.difference.is_some(), arm > 0);
        let mean = sums.levels.iter().flatten().sum::<f64>() / 3.0;
        assert!((mean - sums.accuracy.value).abs() < 1e-3, "{sums:?}");
    }
    // What follows from the rest is published once.
    assert!(shown.families.is_empty() && run.summary.is_empty());
    assert_eq!(read_again(&shown), shown);
    assert_eq!(shown.shown().unwrap(), shown);
    let old = Run { summary: shown.summary, ..run.clone() };
    let mut results = Results { version: VERSION, runs: vec![Run { tier: "2".to_owned(), ..old }] };
    results.put(run);
    assert!(results.runs.iter().all(|run| run.summary.is_empty()));
}

#[test]
fn answers_can_be_recognised() {
    assert_eq!(short("0123456789abcdef"), 0x01234);
    assert_eq!((short("zz"), short("zzzzzz")), (0, 0));
    let run = run(&log(60), &[]).unwrap();
    assert_eq!(run.families[0].arms[0].ids.numbers(), [0x01234; 24]);
}

#[test]
fn what_is_missing_is_told() {
    let mut log = log(60);
    assert_eq!(run(&log, &[("magic", "greedy")]), Err(ResultsError::NoArm("magic".to_owned())));
    let mut damaged = run(&log, &[]).unwrap();
    damaged.families[1].arms[2].verdicts.pop();
    assert_eq!(damaged.table(), Err(ResultsError::Damaged("facts".to_owned())));
    damaged.families[1].arms[2].verdicts.push('é');
    assert_eq!(damaged.table(), Err(ResultsError::Damaged("facts".to_owned())));
    assert_eq!(damaged.compare(&NAMED), Err(ResultsError::Damaged("facts".to_owned())));
    log.lines.pop();
    assert_eq!(run(&log, &[]), Err(ResultsError::Missing(12)));
}

#[test]
fn a_full_run_is_below_a_megabyte() {
    // Ten families of 1,000 items and 8 arms are 80,000 outcomes; these are 6,000 of 3 arms.
    let run = run(&log(1000), &[]).unwrap();
    let text = serde_json::to_string(&run.families).unwrap();
    let arm = serde_json::to_string(&run.families[0].arms[0]).unwrap().len();
    let rest = (text.len() - 6 * arm) / 2;
    assert!(10 * (8 * arm + rest) < 1_000_000, "{arm} bytes an arm, {rest} a family");
}

#[test]
fn the_schema_follows_from_the_types() {
    const FILE: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/results/results.schema.json");
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<Results>();
    let written = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("ENTROPIX_WRITE").is_some() {
        std::fs::write(FILE, &written).unwrap();
    }
    assert!(
        std::fs::read_to_string(FILE).unwrap_or_default() == written,
        "run `ENTROPIX_WRITE=1 cargo test -p entropix-eval schema` and look at what changed"
    );
}
