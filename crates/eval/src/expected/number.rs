//! Numbers.

use entropix_generate::outcome::{Number, results};

use super::{Pick, Said};

/// What a line says, where `wanted` is right and the question has these terms.
pub(super) fn said(wanted: f64, terms: &[f64], pick: Pick, line: &str) -> Said {
    let line = apart(line);
    let mut numbers = results(&line);
    if numbers.is_empty() {
        // "470. This is the next number" is no line of a list.
        numbers = results(&line.replacen(". ", " ", 1));
    }
    let all = numbers.clone();
    // "7 comes after 6", "12 is the sum of 5 and 7".
    for &term in terms {
        if let Some(at) = numbers.iter().position(|number| is(number, term)) {
            numbers.remove(at);
        }
    }
    // An answer that only repeats the question says what it repeats.
    let left = if numbers.is_empty() { all } else { numbers };
    let said = match pick {
        Pick::First => left.first(),
        Pick::Last => left.last(),
    };
    match said {
        Some(number) => Said::new(number.value().to_string(), is(number, wanted)),
        None => Said::nothing(),
    }
}

fn is(number: &Number, value: f64) -> bool {
    (number.value() - value).abs() <= 1e-9 * value.abs().max(1.0)
}

/// With blanks between what is written together: "12×4=48", and "470,471,472", which is no number but three.
fn apart(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let digit =
        |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let mut apart = String::with_capacity(line.len() + 8);
    let commas = |at: usize| {
        // Those of the number that this comma is in.
        let inside = |letter: &&char| letter.is_ascii_digit() || **letter == ',';
        let before = letters.iter().take(at).rev().take_while(inside);
        let after = letters.iter().skip(at).take_while(inside);
        before.chain(after).filter(|letter| **letter == ',').count()
    };
    for (at, &letter) in letters.iter().enumerate() {
        let between = digit(at.checked_sub(1)) && digit(Some(at + 1));
        match letter {
            '=' => apart.push_str(" = "),
            '+' | '×' | '*' | '·' if between => apart.extend([' ', letter, ' ']),
            ',' if between && commas(at) > 1 => apart.push_str(", "),
            _ => apart.push(letter),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        let last = Pick::Last;
        for (wanted, terms, answer, verdict, claim) in [
            (12.0, &[5.0, 7.0][..], "12", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "12.", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "**12**", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "5 + 7 = 12", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "5+7=12", Verdict::Right, "12"),
            (48.0, &[12.0, 4.0], "12×4=48", Verdict::Right, "48"),
            (48.0, &[12.0, 4.0], "12*4=48", Verdict::Right, "48"),
            (12.0, &[5.0, 7.0], "The sum of 5 and 7 is 12.", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "12 is the sum of 5 and 7.", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "twelve", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "It is twelve apples", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "12 apples", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "12.0", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "13", Verdict::Wrong, "13"),
            (12.0, &[5.0, 7.0], "5 + 7", Verdict::Nothing, ""),
            (12.0, &[5.0, 7.0], "5 and 7", Verdict::Wrong, "7"),
            // The last of two.
            (12.0, &[5.0, 7.0], "13, or rather 12", Verdict::Right, "12"),
            (12.0, &[5.0, 7.0], "12, no, 13", Verdict::Wrong, "13"),
            // A step on the way.
            (15.0, &[5.0, 7.0, 3.0], "5 + 7 = 12 and 12 + 3 = 15", Verdict::Right, "15"),
            // A term that is said again.
            (10.0, &[5.0, 5.0], "5 + 5 is 10", Verdict::Right, "10"),
            (100.0, &[99.0], "One hundred", Verdict::Right, "100"),
            (1000.0, &[999.0], "1,000.", Verdict::Right, "1000"),
            (9.9, &[], "9.90", Verdict::Right, "9.9"),
            (9.9, &[], "9.90 kg", Verdict::Right, "9.9"),
            (-3.0, &[], "−3", Verdict::Right, "-3"),
            (12.0, &[], "I don't know.", Verdict::Nothing, ""),
            (12.0, &[], "", Verdict::Nothing, ""),
        ] {
            let said = said(wanted, terms, last, answer);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }

    #[test]
    fn who_counts_on_says_the_first_one() {
        for (answer, verdict, claim) in [
            ("470", Verdict::Right, "470"),
            ("470, 471, 472, 473", Verdict::Right, "470"),
            ("470,471,472", Verdict::Right, "470"),
            ("469, 470, 471", Verdict::Right, "470"),
            ("The number after 469 is 470.", Verdict::Right, "470"),
            ("470 comes after 469", Verdict::Right, "470"),
            ("470. This is the next number", Verdict::Right, "470"),
            ("469", Verdict::Wrong, "469"),
            ("471", Verdict::Wrong, "471"),
            ("four hundred and seventy", Verdict::Right, "470"),
            ("the next one", Verdict::Nothing, ""),
        ] {
            let said = said(470.0, &[469.0], Pick::First, answer);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }
}
