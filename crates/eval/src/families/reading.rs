//! Who is where, and who has what: questions whose answer stands in them.

use super::Fact;
use crate::Expected;
use crate::random::Random;

/// Levels of difficulty.
pub(super) const LEVELS: &[&str] = &["two people", "three people", "four people"];

const NAMES: [&str; 16] = [
    "Anna", "Ben", "Carla", "David", "Emma", "Frank", "Grace", "Henry", "Julia", "Karl", "Laura",
    "Martin", "Nina", "Oscar", "Peter", "Sara",
];
const PLACES: [&str; 14] = [
    "kitchen", "garden", "library", "school", "park", "office", "garage", "cellar", "market",
    "station", "hospital", "museum", "forest", "shop",
];
const THINGS: [&str; 14] = [
    "car", "bike", "hat", "coat", "bag", "ball", "kite", "boat", "lamp", "chair", "cup", "scarf",
    "piano", "camera",
];

/// People with a place or a thing each; one is asked for by name, and by what the name goes with.
pub(super) fn fact(random: &mut Random, level: u32) -> Option<Fact> {
    let people = random.some(&NAMES, 1 + level as usize);
    let are_somewhere = random.below(2) == 0;
    let with = random.some(if are_somewhere { &PLACES } else { &THINGS }, people.len());
    let sentence = |(name, other): (&&str, &&str)| {
        if are_somewhere {
            format!("{name} is in the {other}.")
        } else {
            format!("{name} has a {other}.")
        }
    };
    let story = people.iter().zip(&with).map(sentence).collect::<Vec<_>>().join(" ");
    let asked = random.below(people.len());
    let (name, other) = (people.get(asked)?, with.get(asked)?);
    let ask = |question: String, options: &[&str], right: &str| {
        let options = options.iter().map(|&option| option.to_owned()).collect();
        (format!("{story} {question}"), Expected::Named { options, right: right.to_owned() })
    };
    let wordings = if are_somewhere {
        vec![
            ask(format!("Where is {name}?"), &with, other),
            ask(format!("Who is in the {other}?"), &people, name),
        ]
    } else {
        vec![
            ask(format!("What does {name} have?"), &with, other),
            ask(format!("Who has the {other}?"), &people, name),
        ]
    };
    Some(Fact { key: format!("{story} {asked}"), level, wordings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_stands_beside_what_is_asked() {
        let mut random = Random::of(&["reading"]);
        for at in 0..500 {
            let Fact { wordings, level, .. } = fact(&mut random, 1 + at % 3).unwrap();
            for (question, expected) in wordings {
                let Expected::Named { options, right } = expected else { panic!("{question}") };
                assert_eq!(options.len(), 1 + level as usize);
                let (story, asked) = question.rsplit_once(". ").unwrap();
                let sentences: Vec<_> = story.split(". ").collect();
                // The only sentence with what is asked for and what is right.
                let word = asked.trim_end_matches('?').split(' ').find(|word| {
                    NAMES.contains(word) || PLACES.contains(word) || THINGS.contains(word)
                });
                let has = |sentence: &&&str| {
                    let mut words = sentence.split(' ');
                    words.any(|own| Some(own) == word)
                };
                let own: Vec<_> = sentences.iter().filter(has).collect();
                assert!(own.len() == 1 && own[0].contains(&right), "{question}: {right}");
            }
        }
    }
}
