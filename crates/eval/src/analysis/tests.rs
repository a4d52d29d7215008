use super::*;

fn outcome(verdict: Verdict, entropy: f64) -> Outcome {
    Outcome {
        verdict,
        claim: String::new(),
        text: String::new(),
        tokens: 4,
        made: 6,
        log_probability: -entropy,
        acts: Acts { decisions: 4, argmax: 3, branchings: 1, ..Acts::default() },
        end: End::Model,
        repeated: 0,
        first: Signals { entropy, varentropy: 1.0, margin: 1.0 / (1.0 + entropy) },
        mean: Signals::default(),
        ids: String::new(),
    }
}

/// Two families of which the first has more items; facts of two wordings.
fn table(right: impl Fn(usize, usize, usize) -> Verdict) -> Table {
    let family = |number: usize, items: usize| FamilyTable {
        name: number.to_string(),
        facts: (0..items as u32).map(|item| item / 2).collect(),
        levels: vec![1; items],
        outcomes: (0..items)
            .map(|item| (0..2).map(|arm| outcome(right(number, item, arm), item as f64)).collect())
            .collect(),
    };
    Table {
        arms: vec!["a".to_owned(), "b".to_owned()],
        families: vec![family(0, 80), family(1, 20)],
    }
}

fn verdict(right: bool) -> Verdict {
    if right { Verdict::Right } else { Verdict::Wrong }
}

#[test]
fn families_count_the_same_whatever_their_size() {
    // "a" is right in all of the first family, and in none of the second.
    let table = table(|family, _, arm| verdict(family == 0 && arm == 0));
    let value = |arm, family| table.accuracy(arm, family).unwrap().value;
    assert!((value(0, Some(0)) - 1.0).abs() < 1e-12 && value(0, Some(1)).abs() < 1e-12);
    assert!((value(0, None) - 0.5).abs() < 1e-12);
    let all = table.difference(0, 1, None).unwrap();
    assert!((all.difference - 0.5).abs() < 1e-12 && all.p < 0.001, "{all:?}");
    let none = table.difference(0, 1, Some(1)).unwrap();
    assert!(none.difference.abs() < 1e-12 && (none.p - 1.0).abs() < 1e-12, "{none:?}");
}

#[test]
fn an_answer_that_says_nothing_is_not_right() {
    let verdicts = [Verdict::Right, Verdict::Wrong, Verdict::Nothing, Verdict::Nothing];
    let table = table(|_, item, _| verdicts[item % 4]);
    assert!((table.accuracy(0, None).unwrap().value - 0.25).abs() < 1e-12);
    assert!((table.means(0, None).nothing - 0.5).abs() < 1e-12);
}

#[test]
fn wordings_of_a_fact_are_resampled_together() {
    // Both wordings agree, or do not: the same accuracy, another width.
    let together = table(|_, item, _| verdict(item / 2 % 2 == 0));
    let apart = table(|_, item, _| verdict(item % 2 == 0));
    let width = |table: &Table| {
        let Estimate { value, low, high } = table.accuracy(0, Some(0)).unwrap();
        assert!((value - 0.5).abs() < 1e-12);
        high - low
    };
    assert!(width(&together) > 0.2 && width(&apart) < 1e-9);
}

#[test]
fn sureness_tells_right_answers_apart() {
    // Right where H of the first token is low.
    let table = table(|_, item, _| verdict(item < 10));
    let area = |by| table.discrimination(0, by, 0).unwrap();
    assert!((area(Sureness::FirstEntropy).value - 1.0).abs() < 1e-12);
    assert!((area(Sureness::FirstMargin).value - 1.0).abs() < 1e-12);
    assert!((area(Sureness::LogProbability).value - 1.0).abs() < 1e-12);
    assert!((area(Sureness::FirstVarentropy).value - 0.5).abs() < 1e-12);
    assert_eq!(table.discrimination(0, Sureness::FirstEntropy, 9), None);
}

#[test]
fn means_are_over_answers() {
    let means = table(|_, _, _| Verdict::Right).means(1, Some(1));
    assert_eq!((means.answers, means.tokens, means.made), (20, 4.0, 6.0));
    assert_eq!((means.acts, means.acted), ([3.0, 0.0, 1.0, 0.0], 1.0));
    assert!((means.log_probability + 9.5).abs() < 1e-12);
}

#[test]
fn varentropy_adds_only_what_entropy_does_not_say() {
    let mut table = table(|_, _, _| Verdict::Right);
    let mut random = crate::random::Random::of(&["adds"]);
    let mut fill = |says: fn(f64, f64) -> f64| {
        for outcome in table.families[0].outcomes.iter_mut().map(|item| &mut item[0]) {
            let (h, v) = (random.unit(), random.unit());
            outcome.first = Signals { entropy: h, varentropy: v, margin: 0.0 };
            outcome.mean =
                Signals { entropy: random.unit(), varentropy: random.unit(), margin: 0.0 };
            outcome.verdict = verdict(random.unit() < says(h, v));
        }
        table.added_by_varentropy(0, 0).unwrap().gain
    };
    assert!(fill(|_, v| if v > 0.5 { 0.95 } else { 0.05 }).low > 0.0);
    assert!(fill(|h, _| if h > 0.5 { 0.95 } else { 0.05 }).low < 0.0);
}

#[test]
fn calibration_is_of_whole_answers() {
    // Two tokens of ln √½ each: the whole has a probability of ½, and half of them are right.
    let mut table = table(|_, item, _| verdict(item % 2 == 0));
    for outcome in table.families.iter_mut().flat_map(|family| &mut family.outcomes).flatten() {
        (outcome.tokens, outcome.log_probability) = (2, 0.5_f64.ln() / 2.0);
    }
    let calibration = table.calibration(0, None).unwrap();
    assert_eq!(calibration.bins.len(), 1);
    assert!((calibration.bins[0].prediction - 0.5).abs() < 1e-12);
    assert!(calibration.expected_calibration_error < 1e-12);
}

#[test]
fn a_level_is_its_items() {
    let mut table = table(|_, item, _| verdict(item < 10));
    table.families[0].levels = (0..80).map(|item| 1 + item / 40).collect();
    let easy = table.of_level(1);
    assert_eq!(easy.families.iter().map(|it| it.outcomes.len()).collect::<Vec<_>>(), [40, 20]);
    assert!((easy.accuracy(0, Some(0)).unwrap().value - 0.25).abs() < 1e-12);
    let hard = table.of_level(2);
    assert_eq!((hard.families.len(), hard.accuracy(0, None).unwrap().value), (1, 0.0));
    assert!(table.of_level(3).families.is_empty());
}
