use super::*;

fn uncertainty(entropy_bits: f64, varentropy_bits2: f64) -> Uncertainty {
    Uncertainty { entropy_bits, varentropy_bits2 }
}

fn config() -> PromisedConfig {
    PromisedConfig { entropy_cut: 2.0, varentropy_cut: 3.0, ..PromisedConfig::default() }
}

fn look(tokens: usize, in_branch: bool, h: f64, v: f64) -> Look {
    let uncertainty = uncertainty(h, v);
    let rule = promised::rule(&uncertainty, &config()).0;
    Look { tokens, in_branch, uncertainty, margin: 1.0 / (1.0 + h), rule }
}

fn place(tokens: usize, in_branch: bool, h: f64, v: f64) -> Place<'static> {
    let uncertainty = uncertainty(h, v);
    Place { logits: &[1.0, 0.0], uncertainty, tokens, in_branch, again: false }
}

#[test]
fn a_recorder_says_what_the_cuts_say() {
    let looks = Looks::default();
    let mut recorder = Recorder::new(config(), looks.clone());
    for (h, v, rule) in [
        (2.0, 3.0, Rule::Lelv),
        (2.1, 3.0, Rule::Helv),
        (2.0, 3.1, Rule::Lehv),
        (2.1, 3.1, Rule::Hehv),
    ] {
        assert_eq!(recorder.rule(&place(4, true, h, v)), rule);
        let [seen] = looks.take()[..] else { panic!() };
        assert_eq!((seen.tokens, seen.in_branch, seen.rule), (4, true, rule));
        assert_eq!(seen.uncertainty, uncertainty(h, v));
        // Of logits 1 and 0: (e − 1) ÷ (e + 1).
        assert!((seen.margin - 0.462_117_157).abs() < 1e-8);
    }
    // What was asked about before is not seen again.
    recorder.rule(&Place { again: true, ..place(0, false, 9.0, 9.0) });
    assert!(looks.take().is_empty());
    // A copy shares what was seen.
    recorder.boxed().rule(&place(0, false, 1.0, 1.0));
    assert_eq!(looks.take().len(), 1);
}

const NAMES: &[&str] = &["tests"];

fn donors(items: &[(u32, Vec<Look>)]) -> Arc<Donors> {
    let items = items.iter().map(|(fact, looks)| (*fact, looks.as_slice()));
    Arc::new(Donors::of(items, NAMES).unwrap())
}

fn sham(donors: &Arc<Donors>, item: usize, acts_only: bool) -> Sham {
    Sham::new(config(), Arc::clone(donors), item, NAMES, acts_only)
}

/// H and V of a quadrant.
fn at(rule: Rule) -> (f64, f64) {
    match rule {
        Rule::Helv => (9.0, 0.0),
        Rule::Lehv => (0.0, 9.0),
        Rule::Hehv => (9.0, 9.0),
        Rule::Lelv | Rule::Adaptive => (0.0, 0.0),
    }
}

fn looks(rules: &[Rule], in_branch: bool) -> Vec<Look> {
    let look = |(tokens, &rule)| {
        let (h, v) = at(rule);
        look(tokens, in_branch, h, v)
    };
    rules.iter().enumerate().map(look).collect()
}

#[test]
fn a_sham_repeats_the_decisions_of_another_item() {
    use Rule::{Hehv, Helv, Lehv, Lelv};
    let all = [vec![Helv, Lehv, Lelv], vec![Hehv, Hehv, Lehv], vec![Lelv, Lelv, Helv]];
    let items: Vec<_> = (0..).zip(&all).map(|(fact, rules)| (fact, looks(rules, false))).collect();
    let donors = donors(&items);
    let mut seen = Vec::new();
    for (item, own) in all.iter().enumerate() {
        let mut sham = sham(&donors, item, false);
        let rules: Vec<_> =
            (0..3).map(|tokens| sham.rule(&place(tokens, false, 0.0, 0.0))).collect();
        assert_ne!(rules, *own);
        seen.push(rules);
    }
    // Each is repeated once.
    assert!(all.iter().all(|rules| seen.iter().filter(|other| *other == rules).count() == 1));
}

#[test]
fn a_sham_never_takes_from_its_own_fact() {
    // Three wordings of each of eight facts; the quadrant tells the fact's parity.
    let items: Vec<_> = (0..24)
        .map(|item| {
            (item / 3, looks(&[if item / 3 == 0 { Rule::Helv } else { Rule::Lehv }], false))
        })
        .collect();
    let donors = donors(&items);
    let rules: Vec<_> =
        (0..24).map(|item| sham(&donors, item, false).rule(&place(0, false, 0.0, 0.0))).collect();
    assert!(rules[..3].iter().all(|rule| *rule == Rule::Lehv), "{rules:?}");
    assert_eq!(rules.iter().filter(|rule| **rule == Rule::Helv).count(), 3);
    // Beyond the end of what it repeats, too.
    for item in 0..3 {
        let mut sham = sham(&donors, item, false);
        for tokens in 0..30 {
            assert_eq!(sham.rule(&place(tokens, false, 0.0, 0.0)), Rule::Lehv);
        }
    }
    // Of one fact alone there is nothing to repeat.
    let one = looks(&[Rule::Helv], false);
    assert!(Donors::of([(7, one.as_slice()), (7, one.as_slice())], NAMES).is_none());
    assert!(Donors::of([], NAMES).is_none());
}

#[test]
fn a_sham_draws_where_there_is_nothing_to_repeat() {
    // Inside branches, and after the end: at the same position or the nearest one.
    let other =
        [looks(&[Rule::Lelv], false), vec![look(8, true, 9.0, 9.0), look(1, true, 9.0, 0.0)]];
    let donors = donors(&[(0, looks(&[Rule::Helv], false)), (1, other.concat())]);
    let mut first = sham(&donors, 0, false);
    assert_eq!(first.rule(&place(30, true, 0.0, 0.0)), Rule::Hehv);
    assert_eq!(first.rule(&place(1, true, 0.0, 0.0)), Rule::Helv);
    assert_eq!(first.rule(&place(0, false, 9.0, 9.0)), Rule::Lelv);
    assert_eq!(first.rule(&place(9, false, 9.0, 9.0)), Rule::Lelv);
    // No other item was in a branch: what is its own.
    let mut second = sham(&donors, 1, false);
    assert_eq!(second.rule(&place(5, true, 0.0, 9.0)), Rule::Lehv);
    // A place to which tokens were taken back is drawn at, and no decision.
    let again = Place { again: true, ..place(0, false, 0.0, 0.0) };
    assert_eq!((second.rule(&again), second.decisions), (Rule::Hehv, 0));
}

#[test]
fn a_sham_of_acts_keeps_the_most_probable_token() {
    use Rule::{Hehv, Helv, Lelv};
    let donors =
        donors(&[(0, looks(&[Lelv], false)), (1, looks(&[Lelv, Helv, Lelv, Hehv], false))]);
    let mut sham = sham(&donors, 0, true);
    assert_eq!(sham.rule(&place(0, false, 0.0, 0.0)), Lelv);
    assert_eq!(sham.rule(&place(1, false, 0.0, 9.0)), Helv);
    assert_eq!(sham.rule(&place(2, false, 0.0, 0.0)), Lelv);
    assert_eq!(sham.rule(&place(3, false, 9.0, 0.0)), Hehv);
}

#[test]
fn bands_bring_each_quadrant_as_often_as_it_was() {
    let mut random = Random::of(&["bands"]);
    let mut number = || random.below(1_000_000) as f64 / 200_000.0;
    let looks: Vec<_> = (0..5000).map(|_| look(0, false, number(), number())).collect();
    for signal in Signal::ALL {
        let bands = Bands::fitted(signal, &looks).unwrap();
        assert!(bands.cuts.is_sorted(), "{bands:?}");
        for rule in signal.order() {
            let was = looks.iter().filter(|look| look.rule == rule).count();
            let value = |look: &Look| signal.of(&look.uncertainty, || look.margin);
            let is = looks.iter().filter(|look| bands.rule(value(look)) == rule).count();
            assert!(is.abs_diff(was) <= 2, "{signal:?} {rule:?}: {was}, {is}");
        }
    }
    assert_eq!(Bands::fitted(Signal::Entropy, &[]), None);
    // Where a quadrant never came up, it has no band.
    let calm = [look(0, false, 0.0, 0.0), look(0, false, 1.0, 0.0), look(0, true, 9.0, 9.0)];
    let bands = Bands::fitted(Signal::Entropy, &calm).unwrap();
    assert_eq!((bands.rule(0.5), bands.rule(1.0)), (Rule::Lelv, Rule::Lelv));
}

#[test]
fn bands_look_at_one_number() {
    let mut bands = Bands { signal: Signal::Margin, cuts: [0.1, 0.2, 0.6] };
    // 1 − 0.46 lies between the second and the third.
    assert_eq!(Gate::rule(&mut bands, &place(0, false, 0.0, 0.0)), Rule::Helv);
    let mut bands = Bands { signal: Signal::Varentropy, cuts: [1.0, 2.0, 3.0] };
    assert_eq!(Gate::rule(&mut bands, &place(0, false, 0.0, 1.5)), Rule::Helv);
    assert_eq!(Gate::rule(&mut bands, &place(0, false, 9.0, 2.5)), Rule::Lehv);
    let mut bands = Bands { signal: Signal::Entropy, cuts: [1.0, 2.0, 3.0] };
    assert_eq!(Gate::rule(&mut bands, &place(0, false, 1.5, 9.0)), Rule::Lehv);
}
