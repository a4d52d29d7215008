//! One answer out of several.

use super::tally::{Answer, fingerprint};
use crate::arms::Method;
use crate::expected::Said;
use crate::item::Item;
use crate::outcome::Outcome;

/// What came of an arm's answers to an item; `None` without any.
pub(super) fn outcome(
    item: &Item,
    method: &Method,
    one_line: bool,
    answers: Vec<Answer>,
) -> Option<Outcome> {
    let made = answers.iter().map(|answer| answer.made).sum();
    let with_said = |answer: Answer| {
        let said = if one_line {
            item.expected.said_at_last(&item.question, &answer.own)
        } else {
            item.expected.concluded(&item.question, &answer.own.join("\n"))
        };
        (answer, said)
    };
    let mut answers: Vec<(Answer, Said)> = answers.into_iter().map(with_said).collect();
    let taken = match method {
        Method::Sampler(_) | Method::Gated { .. } => 0,
        Method::Vote { .. } => most_agreed(&answers),
        Method::BestOf { .. } => most_probable(&answers),
        Method::FirstTokens { .. } => surest(&answers),
    };
    if taken >= answers.len() {
        return None;
    }
    let (answer, said) = answers.swap_remove(taken);
    Some(Outcome {
        verdict: said.verdict,
        claim: said.claim,
        tokens: answer.ids.len() as u32,
        made,
        log_probability: answer.log_probability,
        acts: answer.acts,
        end: answer.end,
        repeated: answer.repeated,
        first: answer.first,
        mean: answer.mean,
        ids: fingerprint(&answer.ids),
        text: answer.text,
    })
}

/// The first of those whose claim most have; an answer that claims nothing has no vote, unless none claims anything.
fn most_agreed(answers: &[(Answer, Said)]) -> usize {
    let votes = |claim: &str| answers.iter().filter(|(_, said)| said.claim == claim).count();
    let mut best = (0, 0);
    for (at, (_, said)) in answers.iter().enumerate() {
        let count = if said.claim.is_empty() { 0 } else { votes(&said.claim) };
        if count > best.1 {
            best = (at, count);
        }
    }
    best.0
}

/// Of the claim whose answers have the largest sum of mean margins, the answer with the largest; one that claims nothing
/// counts only by itself.
fn surest(answers: &[(Answer, Said)]) -> usize {
    let sum = |at: usize, claim: &str| -> f64 {
        let same = answers
            .iter()
            .enumerate()
            .filter(|(other, (_, said))| *other == at || !claim.is_empty() && said.claim == claim);
        same.map(|(_, (answer, _))| answer.mean.margin).sum()
    };
    let mut best = (0, (f64::MIN, f64::MIN));
    for (at, (answer, said)) in answers.iter().enumerate() {
        let score = (sum(at, &said.claim), answer.mean.margin);
        if score.0 > best.1.0 || score.0.total_cmp(&best.1.0).is_eq() && score.1 > best.1.1 {
            best = (at, score);
        }
    }
    best.0
}

/// The first of those with the highest mean log-probability.
fn most_probable(answers: &[(Answer, Said)]) -> usize {
    let mut best = 0;
    for (at, (answer, _)) in answers.iter().enumerate() {
        let is_better =
            |(other, _): &(Answer, Said)| answer.log_probability > other.log_probability;
        if answers.get(best).is_some_and(is_better) {
            best = at;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expected;
    use crate::arms::Answers;
    use crate::expected::Pick;
    use crate::outcome::{Acts, End, Signals};
    use entropix::PlainConfig;

    /// Its margin is its probability.
    fn answer(text: &str, log_probability: f64) -> Answer {
        Answer {
            ids: vec![1, 2],
            text: format!("... wait. {text}"),
            own: vec![text.to_owned()],
            made: 2,
            end: End::Model,
            log_probability,
            acts: Acts::default(),
            repeated: 0,
            first: Signals::default(),
            mean: Signals { margin: log_probability.exp(), ..Signals::default() },
        }
    }

    fn taken(method: &Method, texts: &[(&str, f64)]) -> Option<(String, u32)> {
        let item = Item {
            family: "sums".to_owned(),
            number: 0,
            fact: 0,
            level: 1,
            examples: [].into(),
            question: "What is 5 + 7?".to_owned(),
            expected: Expected::Number { value: 12.0, terms: vec![5.0, 7.0], pick: Pick::Last },
        };
        let answers = texts.iter().map(|&(text, p)| answer(text, p)).collect();
        let taken = outcome(&item, method, true, answers)?;
        let text = taken.text.strip_prefix("... wait. ").unwrap().to_owned();
        Some((text, taken.made))
    }

    #[test]
    fn one_is_taken_and_all_are_paid_for() {
        let of = PlainConfig::default();
        let vote = Method::Vote { answers: Answers::default(), of: of.clone() };
        let best = Method::BestOf { answers: Answers::default(), of };
        let first = Method::FirstTokens { answers: 3 };
        for (method, texts, text) in [
            (&vote, &[("13", -1.0), ("It is 12.", -3.0), ("12", -2.0)][..], "It is 12."),
            (&vote, &[("13", -1.0), ("12", -3.0), ("11", -2.0)], "13"),
            (&vote, &[("no", -1.0), ("hm", -3.0), ("11", -2.0)], "11"),
            (&vote, &[("no", -1.0), ("hm", -3.0)], "no"),
            (&best, &[("13", -1.5), ("12", -1.0), ("11", -1.0)], "12"),
            (&first, &[("13", -0.5), ("12", -1.0), ("It is 12", -0.9)], "It is 12"),
            (&first, &[("13", -0.1), ("12", -1.0), ("It is 12", -0.9)], "13"),
            (&first, &[("no", -0.7), ("hm", -0.6), ("12", -0.65)], "hm"),
            (&best, &[("13", f64::NAN), ("12", -1.0)], "13"),
        ] {
            let made = 2 * texts.len() as u32;
            assert_eq!(taken(method, texts), Some((text.to_owned(), made)), "{texts:?}");
        }
        assert_eq!(taken(&vote, &[]), None);
    }
}
