//! Anybody's questions: one JSON object per line.
//!
//! Without `match`, it is `choice` where there are options, `letter` where the answer is a capital letter, `option` where the question
//! names it in "A or B?", `number` where it is a number, in quotes only if it is none of the question's, `contains` where the
//! question says all of its words, else `words`.
//!
//! | field | is |
//! |---|---|
//! | `question` | what is asked |
//! | `answer` | what is right: a number, a text, or a list of texts of which any is right; of a solution that ends with `#### 72`, as in GSM8K, what follows the signs |
//! | `match` | how it is looked for ([`Expected`]): `number`, `words`, `contains`, `sequence`, `option`, `choice` or `letter` |
//! | `options` | all that could be said, for `choice` |
//! | `family` | what it is counted with; "questions" |
//! | `fact` | the same for several wordings of one fact; each question is a fact of its own |
//! | `level` | difficulty from 1; 1 |
//! | `examples` | pairs of a question and its answer that are turns of the conversation before it; none |

use std::collections::HashMap;

use entropix_generate::outcome::{Options, results};
use serde::Deserialize;

use crate::expected::{Expected, Pick, Verdict};
use crate::item::Item;

/// Why questions can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionsError {
    /// A line that is no question.
    #[error(
        "line {line}: {problem}. A question is {{\"question\": \"What is 5 + 7?\", \"answer\": 12}}"
    )]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// There is none.
    #[error(
        "there is no question: put one on each line, such as {{\"question\": \"What is 5 + 7?\", \"answer\": 12}}"
    )]
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    question: String,
    answer: Answer,
    #[serde(default, rename = "match")]
    how: Option<How>,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default = "usual")]
    family: String,
    #[serde(default)]
    fact: Option<String>,
    #[serde(default = "first")]
    level: u32,
    #[serde(default)]
    examples: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`answer` must be a number, a text or a list of texts")]
enum Answer {
    Number(f64),
    Text(String),
    Any(Vec<String>),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Number,
    Words,
    Contains,
    Sequence,
    Option,
    Choice,
    Letter,
}

fn usual() -> String {
    "questions".to_owned()
}

fn first() -> u32 {
    1
}

/// Reads questions: families in the order in which they first come up. Empty lines are left out.
///
/// # Errors
/// There is none, or a line is broken; no line is left out silently.
pub fn read(text: &str) -> Result<Vec<(String, Vec<Item>)>, QuestionsError> {
    let mut families: Vec<(String, Vec<Item>)> = Vec::new();
    // Numbers of the facts of each family, by their names.
    let mut facts: HashMap<String, HashMap<String, u32>> = HashMap::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, content) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let refuse = |problem: String| QuestionsError::Line { line: number, problem };
        let line: Line =
            serde_json::from_str(content).map_err(|error| refuse(error.to_string()))?;
        if line.question.trim().is_empty() {
            return Err(refuse("the question is empty".to_owned()));
        }
        if line.level == 0 {
            return Err(refuse("levels begin with 1".to_owned()));
        }
        let expected = line.expected().map_err(|problem| refuse(problem.to_owned()))?;
        let known = families.iter().position(|(name, _)| *name == line.family);
        let at = known.unwrap_or(families.len());
        if known.is_none() {
            families.push((line.family.clone(), Vec::new()));
        }
        let Some((_, items)) = families.get_mut(at) else { continue };
        // A name of a fact is one of its family; without one it is by itself.
        let name =
            line.fact.map_or_else(|| format!("line {number}"), |fact| format!("fact {fact}"));
        let known = facts.entry(line.family.clone()).or_default();
        let next = known.len() as u32;
        let fact = *known.entry(name).or_insert(next);
        items.push(Item {
            family: line.family,
            number: items.len() as u32,
            fact,
            level: line.level,
            examples: line.examples.into(),
            question: line.question,
            expected,
        });
    }
    if families.is_empty() { Err(QuestionsError::Empty) } else { Ok(families) }
}

/// The capital letter that is all of a text.
fn letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|letter| letter.is_ascii_uppercase() && letters.next().is_none())
}

/// What a solution ends with, where it says so by four signs; else all of it.
fn conclusion(text: &str) -> &str {
    let end = text.rsplit_once("####").map(|(_, end)| end.trim());
    end.filter(|end| !end.is_empty()).unwrap_or(text)
}

/// The number that is all of a text but for signs around it: "1,319", "$.50", "-5", "20 %".
fn number(text: &str) -> Option<f64> {
    let bare = text.trim().replace(['$', '€', '£', '%', ',', ' '], "").replace('−', "-");
    let plain = bare.chars().all(|letter| letter.is_ascii_digit() || "+-.".contains(letter));
    bare.parse().ok().filter(|_| plain)
}

impl Line {
    /// How an answer is looked for, where the line does not say it.
    fn usual(&self, answers: &[String]) -> How {
        if !self.options.is_empty() {
            return How::Choice;
        }
        if matches!(answers, [answer] if letter(answer).is_some()) {
            return How::Letter;
        }
        // "Is it red or blue?"
        let options = Options::of(&self.question);
        let names = |options: Options| {
            answers.iter().all(|answer| options.names().into_iter().any(|name| name == answer))
        };
        if answers.len() == 1 && options.is_some_and(names) {
            return How::Option;
        }
        if matches!(self.answer, Answer::Number(_)) {
            return How::Number;
        }
        // What only repeats the question says nothing, as words.
        let said = Expected::Words { accepted: answers.to_vec() };
        let repeats =
            |answer: &String| said.said(&self.question, answer).verdict == Verdict::Nothing;
        if answers.iter().any(repeats) {
            return How::Contains;
        }
        // One that the question says may be the name of one of several: "Which of 3, 8 and 5 is smallest?"
        if matches!(answers, [answer] if number(answer).is_some()) {
            How::Number
        } else {
            How::Words
        }
    }

    fn expected(&self) -> Result<Expected, &'static str> {
        let mut answers: Vec<String> = match &self.answer {
            Answer::Number(number) => vec![number.to_string()],
            Answer::Text(text) => vec![conclusion(text).to_owned()],
            Answer::Any(texts) => texts.iter().map(|text| conclusion(text).to_owned()).collect(),
        };
        let how = self.how.unwrap_or_else(|| self.usual(&answers));
        if let (How::Number, [answer]) = (how, &mut answers[..])
            && let Some(value) = number(answer)
        {
            *answer = value.to_string();
        }
        let one = || match &answers[..] {
            [one] => Ok(one.clone()),
            _ => Err("this kind of answer is one, not a list"),
        };
        let expected = match how {
            How::Number => {
                let right = one()?;
                let value = results(&right).pop().ok_or("the answer is no number")?.value();
                let asked = self.question.lines().flat_map(entropix_generate::outcome::numbers);
                let terms = asked.map(|number| number.value()).collect();
                Expected::Number { value, terms, pick: Pick::Last }
            }
            How::Words => Expected::Words { accepted: answers.clone() },
            How::Contains => Expected::Contains { accepted: answers.clone() },
            How::Letter => match letter(&one()?) {
                Some(letter) => Expected::Letter(letter),
                None => return Err("the answer is no capital letter"),
            },
            How::Choice => {
                let right = one()?;
                if !self.options.contains(&right) {
                    return Err("the answer is none of the options");
                }
                Expected::Named { options: self.options.clone(), right }
            }
            How::Sequence => {
                Expected::Sequence(one()?.split_whitespace().map(str::to_owned).collect())
            }
            How::Option => {
                let right = one()?;
                let options = Options::of(&self.question)
                    .ok_or("the question names no two options: \"A or B?\"")?;
                if !options.names().into_iter().any(|name| *name == right) {
                    return Err("the answer is none of the question's two options");
                }
                Expected::Option { options, right }
            }
        };
        // What is said to be right must be found where it stands by itself.
        let found =
            |answer: &String| expected.said(&self.question, answer).verdict == Verdict::Right;
        if answers.is_empty() || !answers.iter().all(found) {
            return Err("the answer would not be found in an answer that is nothing else");
        }
        Ok(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Item {
        let mut families = read(line).unwrap();
        families[0].1.remove(0)
    }

    #[test]
    fn questions_are_matched_in_many_ways() {
        let verdict = |line: &str, answer: &str| {
            let item = one(line);
            item.expected.said(&item.question, answer).verdict
        };
        let sum = r#"{"question": "What is 5 + 7?", "answer": 12}"#;
        assert_eq!(verdict(sum, "7 + 5 = 12"), Verdict::Right);
        let text = r#"{"question": "What is 5 + 7?", "answer": "12.0", "match": "number"}"#;
        assert_eq!(verdict(text, "twelve"), Verdict::Right);
        for (question, right, answer, is) in [
            ("How many clips?", "72", "She sold 72 clips.", Verdict::Right),
            ("How many people?", "1,319", "There were 1319 of them", Verdict::Right),
            ("What is 20 % of $50?", "$10", "20% of $50 is $10.", Verdict::Right),
            ("How cold is it?", "-5", "It is −5 degrees.", Verdict::Right),
            ("How cold is it?", "-5", "It is 5 degrees.", Verdict::Wrong),
            (
                "Which of 4, 6, 7 and 9 is prime?",
                "7",
                "7 is prime: it has two divisors",
                Verdict::Right,
            ),
            ("Which?\\n1) iron\\n2) wood", "1", "1) iron", Verdict::Right),
            ("How much is half?", ".5", "It is 0.5.", Verdict::Right),
            ("How much is half a dollar?", "$.50", "$0.50", Verdict::Right),
            ("How much is owed?", "-$5", "-5", Verdict::Right),
            ("Which is larger, 9.9 or 9.11?", "9.9", "9.11 is larger than 9.9", Verdict::Wrong),
            ("How many clips?", "48 / 2 = <<48/2=24>>24.\\n#### 24", "24 clips", Verdict::Right),
            ("Is water wet?", "It is.\\n#### yes", "Yes, it is.", Verdict::Right),
        ] {
            let line = format!(r#"{{"question": "{question}", "answer": "{right}"}}"#);
            assert_eq!(verdict(&line, answer), is, "{line}: {answer}");
        }
        let capital = r#"{"question": "Capital of France?", "answer": ["Paris", "City of Light"]}"#;
        assert_eq!(verdict(capital, "The city of light!"), Verdict::Right);
        assert_eq!(verdict(capital, "Lyon"), Verdict::Wrong);
        let words = r#"{"question": "Say: a b c", "answer": "a b c", "match": "sequence"}"#;
        assert_eq!(verdict(words, "a, b and c"), Verdict::Right);
        let story = r#"{"question": "Tom has a red car. What is red?", "answer": "car"}"#;
        assert_eq!(verdict(story, "Tom's car is red"), Verdict::Right);
        let letter = r#"{"question": "What is it?\nA) a cat\nB) a dog", "answer": "A"}"#;
        assert_eq!(verdict(letter, "A) a cat"), Verdict::Right);
        assert_eq!(verdict(letter, "A dog"), Verdict::Nothing);
        let choice = r#"{"question": "A cat, a dog or a cow?", "answer": "cat", "options": ["cat", "dog", "cow"]}"#;
        assert_eq!(verdict(choice, "It is a cat."), Verdict::Right);
        assert_eq!(verdict(choice, "a cat or a dog"), Verdict::Nothing);
        let option =
            r#"{"question": "Which is larger, 9.9 or 9.11?", "answer": "9.9", "match": "option"}"#;
        assert_eq!(verdict(option, "9.11"), Verdict::Wrong);
        assert_eq!(verdict(option, "9.90"), Verdict::Right);
        let option = r#"{"question": "Which is larger, 9.9 or 9.11?", "answer": 9.9}"#;
        assert_eq!(verdict(option, "9.11 is larger than 9.9"), Verdict::Wrong);
        assert_eq!(verdict(option, "9.9 is larger than 9.11"), Verdict::Right);
    }

    #[test]
    fn families_and_facts_are_kept_together() {
        let text = "\u{feff}{\"question\": \"a?\", \"answer\": \"x\", \"family\": \"one\", \"fact\": \"1\"}\n\n\
            {\"question\": \"b?\", \"answer\": \"x\", \"family\": \"two\", \"fact\": \"1\", \"level\": 3}\r\n\
            {\"question\": \"c?\", \"answer\": \"x\", \"family\": \"one\"}\n\
            {\"question\": \"d?\", \"answer\": \"x\", \"family\": \"one\", \"fact\": \"1\"}";
        let families = read(text).unwrap();
        let facts = |at: usize| families[at].1.iter().map(|item| item.fact).collect::<Vec<_>>();
        let names: Vec<_> = families.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["one", "two"]);
        assert_eq!((facts(0), facts(1)), (vec![0, 1, 0], vec![0]));
        let numbers: Vec<_> = families[0].1.iter().map(|item| item.number).collect();
        assert_eq!((numbers, families[1].1[0].level), (vec![0, 1, 2], 3));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, problem) in [
            ("", "there is no question"),
            ("\n \n", "there is no question"),
            ("what?", "line 1: expected value"),
            ("\n{\"question\": \"a?\"}", "line 2: missing field `answer`"),
            (r#"{"question": "a?", "answer": 1, "weight": 2}"#, "unknown field `weight`"),
            (r#"{"question": " ", "answer": 1}"#, "the question is empty"),
            (r#"{"question": "a?", "answer": 1, "level": 0}"#, "levels begin with 1"),
            (r#"{"question": "a?", "answer": []}"#, "would not be found"),
            (
                r#"{"question": "a?", "answer": true}"#,
                "`answer` must be a number, a text or a list",
            ),
            (
                r#"{"question": "a?", "answer": [1, 2]}"#,
                "`answer` must be a number, a text or a list",
            ),
            (r#"{"question": "a?", "answer": "..."}"#, "would not be found"),
            (r#"{"question": "a?", "answer": "b", "match": "number"}"#, "no number"),
            (r#"{"question": "a?", "answer": ["1", "2"], "match": "number"}"#, "not a list"),
            (r#"{"question": "a?", "answer": "b", "match": "option"}"#, "no two options"),
            (
                r#"{"question": "Is it red or blue?", "answer": "green", "match": "option"}"#,
                "none of the question's",
            ),
            (r#"{"question": "a?", "answer": "b", "match": "letter"}"#, "no capital letter"),
            (r#"{"question": "a?", "answer": "b", "options": ["c"]}"#, "none of the options"),
            (r#"{"question": "a?", "answer": "b", "match": "regex"}"#, "unknown variant `regex`"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
