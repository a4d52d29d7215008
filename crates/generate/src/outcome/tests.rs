//! Tables of tricky cases.

use super::*;

fn come_to(question: &str, answer: &str) -> Option<String> {
    Some(Asked::of(question)?.outcome(answer)?.words())
}

#[test]
fn what_is_asked_for() {
    let options = |a, b| Some([a, b]);
    for (question, names) in [
        ("Which is larger, 9.9 or 9.11?", options("9.9", "9.11")),
        ("Which is larger: 9.9 or 9.11", options("9.9", "9.11")),
        ("Is the sky blue or green?", options("blue", "green")),
        ("Do you want a cat or a dog?", options("cat", "dog")),
        ("Which is bigger, New York or Los Angeles?", options("New York", "Los Angeles")),
        ("Hello there. Is it “red” or “blue”? Say why.", options("red", "blue")),
    ] {
        let Some(Asked::Options(found)) = Asked::of(question) else { panic!("{question}") };
        assert_eq!(Some(found.names().map(String::as_str)), names, "{question}");
    }
    for (question, asked) in [
        ("Is it true or not?", Some(Asked::Verdict)),
        ("Is 7 a prime number?", Some(Asked::Verdict)),
        ("I have a question. Can birds fly?", Some(Asked::Verdict)),
        ("Can you tell me how many legs a spider has?", Some(Asked::Number)),
        ("How many legs has a spider?", Some(Asked::Number)),
        ("What is 7 × 8?", Some(Asked::Number)),
        ("12 + 30 =", Some(Asked::Number)),
        ("What is the capital of France?", None),
        ("Write the first line of a story about a lighthouse.", None),
        ("Why is the sky blue?", None),
        ("", None),
    ] {
        assert_eq!(Asked::of(question), asked, "{question}");
    }
}

#[test]
fn numbers() {
    for (answer, outcome) in [
        ("It is 9.90", Some("9.90")),
        ("There are nine.", Some("nine")),
        ("There are twenty-one of them", Some("twenty-one")),
        ("There are twenty one", Some("twenty one")),
        ("There are twenty, one of them red", Some("twenty")),
        ("One hundred", Some("one hundred")),
        ("A hundred.", Some("hundred")),
        ("one hundred and five", Some("one hundred and five")),
        ("two hundred five", Some("two hundred five")),
        ("Nineteen ninety", Some("ninety")),
        ("five and six", Some("six")),
        (
            "two thousand three hundred and forty-five",
            Some("two thousand three hundred and forty-five"),
        ),
        ("one thousand", Some("one thousand")),
        ("one of them", None),
        ("7 × 8 = **56**.", Some("56")),
        ("The answer is 7 × 8", None),
        ("The answer is **7 × 8** or 7 ×", None),
        ("56 = 7 × 8", Some("56")),
        ("It is 7 times 8, which is fifty-six", Some("fifty-six")),
        ("7 * 8 is 56", Some("56")),
        ("It is minus 3 degrees", Some("3 degrees")),
        ("First 7, then 8, so 15", Some("15")),
        ("It has 1,234,567 people.", Some("1,234,567")),
        ("It costs $5.", Some("5 $")),
        ("It is −5°C outside", Some("−5 °c")),
        ("About 40 %", Some("40 %")),
        ("About 40% of it", Some("40 %")),
        ("It is 5 km away", Some("5 km")),
        ("It is 5km away.", Some("5 km")),
        ("It is 5 kilometers away", Some("5 km")),
        ("It is so:\n1. one thing\n2. another", None),
        ("It takes 8:\n1. legs\n2. eyes", Some("8")),
        ("Version 1.2.3", None),
        ("no one knows", None),
        ("B2 or not", None),
        ("", None),
    ] {
        assert_eq!(come_to("How many are there?", answer).as_deref(), outcome, "{answer}");
    }
    let number = |text: &str| Asked::Number.outcome(text).unwrap();
    for (one, other, same) in [
        ("9.90", "9.9", true),
        ("nine", "9", true),
        ("1,000", "1000", true),
        ("5 km", "5", true),
        ("5 km", "5 kilometres", true),
        ("5 km", "5 m", false),
        ("9.9", "9.11", false),
        ("−5", "5", false),
    ] {
        assert_eq!(number(one).is(&number(other)), same, "{one} and {other}");
    }
}

#[test]
fn verdicts() {
    for (answer, outcome) in [
        ("Yes, it is.", Some("yes")),
        ("**No.** It is not.", Some("no")),
        ("Well, that depends. No, it is not", Some("no")),
        ("The answer is no, because", Some("no")),
        ("Answer: yes", Some("yes")),
        ("No, it is not. Yes, it is.", None),
        ("No, I would say yes", Some("no")),
        ("No doubt, it is.", None),
        ("No one knows.", None),
        ("There is no way", None),
        ("No it is not", Some("no")),
        ("yes", Some("yes")),
        ("Yesterday it was", None),
        ("Not really", None),
        ("", None),
    ] {
        assert_eq!(come_to("Is it so?", answer).as_deref(), outcome, "{answer}");
    }
}

#[test]
fn options_of_the_question() {
    for (answer, outcome) in [
        ("9.11 is larger than 9.9.", Some("9.11")),
        ("9.9 is larger than 9.11", Some("9.9")),
        ("The larger number is 9.9.", Some("9.9")),
        ("The larger number is 9.90, of course", Some("9.9")),
        ("To compare 9.9 and 9.11 we subtract. The larger one is 9.11.", Some("9.11")),
        ("The larger one is 9.11. I hope that helps!", Some("9.11")),
        ("9.9 is greater than 9.11.", Some("9.9")),
        ("9.11 is smaller than 9.9", None),
        ("9.9 is larger than 9.11, and 9.11 is smaller than 9.9", None),
        ("9.9 is not larger than 9.11.", None),
        ("It is 9.9. But it is not 9.9.", None),
        ("9.9 and 9.11 are both numbers.", None),
        ("9.99 is larger", None),
        ("We compare 9.11", None),
        ("9.9 is a decimal and 9.1 is a fraction", None),
        ("The scale of 9.1 is 9.1, and the scale of 9.9 is 9.9", None),
        ("When you add 9.1 to 9.9, you get 9.0.", None),
        ("9.1 is 9.11. The answer is 1.", None),
        ("The answer is 9.9. It has 9.9 parts.", None),
        ("Answer: 9.9", Some("9.9")),
        ("**9.9**", Some("9.9")),
        ("9.11 is the bigger number of these", Some("9.11")),
        ("So, the answer is **9.11**.", Some("9.11")),
        ("", None),
    ] {
        let question = "Which is larger, 9.9 or 9.11?";
        assert_eq!(come_to(question, answer).as_deref(), outcome, "{answer}");
    }
    for (answer, outcome) in [
        ("A Cat is best.", Some("cat")),
        ("Concatenate them", None),
        ("The cat sat on my mat and slept", None),
        ("Dogs are nice; a dog it is", Some("dog")),
    ] {
        assert_eq!(come_to("Is it a cat or a dog?", answer).as_deref(), outcome, "{answer}");
    }
}
