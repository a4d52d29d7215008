use super::*;
use crate::Verdict;
use crate::arms::Method;
use crate::outcome::{Acts, End, Signals};
use entropix::SamplerConfig;

fn header() -> Header {
    let arm =
        |name: &str| Arm { name: name.to_owned(), method: Method::Sampler(SamplerConfig::Greedy) };
    let conditions = Conditions {
        generator: "entropix 0.1.0".to_owned(),
        model: "b179".to_owned(),
        engine: "llama".to_owned(),
        part: Some(Part::Pilot),
        seed: "7".to_owned(),
        draws: "8".to_owned(),
        questions: "ab12".to_owned(),
        max_tokens: 24,
        one_line: true,
        block: 2,
        arms: vec![arm("greedy"), arm("again")],
    };
    Header { version: VERSION, conditions, families: vec![asked("sums", 5), asked("facts", 2)] }
}

fn asked(family: &str, items: u32) -> Asked {
    let levels = vec![1; items as usize];
    Asked { family: family.to_owned(), facts: (0..items).collect(), levels }
}

fn outcome(text: &str) -> Outcome {
    Outcome {
        verdict: Verdict::Right,
        claim: text.to_owned(),
        text: text.to_owned(),
        tokens: 2,
        made: 3,
        log_probability: -0.1,
        acts: Acts::default(),
        end: End::Model,
        repeated: 0,
        first: Signals::default(),
        mean: Signals { entropy: 0.1, varentropy: 1.0 / 3.0, margin: 0.9 },
        ids: "00".to_owned(),
    }
}

fn line(block: Block, text: &str) -> Line {
    let items = (block.from..block.to).map(|_| vec![outcome(text), outcome(text)]);
    Line { block, outcomes: items.collect(), seconds: vec![1.5, 0.5] }
}

fn text(lines: &[Line]) -> String {
    let lines = lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n");
    header().line().unwrap() + &lines.collect::<String>()
}

fn blocks() -> Vec<Block> {
    Plan::of(&header()).blocks()
}

#[test]
fn a_log_is_read_as_it_was_written() {
    let lines: Vec<_> = blocks().into_iter().take(3).map(|block| line(block, "12")).collect();
    let text = text(&lines);
    let log = Log::read(text.as_bytes()).unwrap().unwrap();
    assert_eq!(log, Log { header: header(), lines, whole: text.len() });
    assert_eq!(log.missing(), [Block { family: 1, from: 0, to: 2 }]);
}

#[test]
fn a_run_may_be_killed_after_any_byte() {
    let lines: Vec<_> = blocks().into_iter().take(2).map(|block| line(block, "zwölf")).collect();
    let text = text(&lines);
    let first = header().line().unwrap().len();
    // In the middle of a letter, too.
    for end in 0..=text.len() {
        match Log::read(&text.as_bytes()[..end]).unwrap() {
            None => assert!(end < first),
            Some(log) => {
                assert!(text.as_bytes()[..log.whole].ends_with(b"\n") && log.whole <= end);
                assert_eq!(log.lines, lines[..log.lines.len()]);
                assert_eq!(log.missing().len(), blocks().len() - log.lines.len());
            }
        }
    }
}

#[test]
fn what_is_no_log_is_named() {
    let error = |text: &str| Log::read(text.as_bytes()).unwrap_err().to_string();
    assert!(error("shopping list\n").contains("no log of an evaluation"));
    assert!(error("{\"a\":1}\n").contains("no log of an evaluation"));
    let newer = header().line().unwrap().replacen("\"version\":1", "\"version\":2", 1);
    assert!(error(&newer).contains("has version 2 of the format, this program writes 1"));
    let broken = text(&[]) + "{\"block\":\n";
    assert!(error(&broken).starts_with("line 2 is broken"));
    let foreign = line(Block { family: 9, from: 0, to: 2 }, "12");
    assert!(error(&text(&[foreign])).contains("there is no such block"));
    let mut short = line(blocks()[0], "12");
    short.outcomes.pop();
    assert!(error(&text(&[short])).contains("too many or too few"));
    let mut narrow = line(blocks()[0], "12");
    narrow.outcomes[1].pop();
    assert!(error(&text(&[narrow])).contains("too many or too few"));
}

#[test]
fn shards_are_put_together() {
    let log = |lines: &[Line]| Log::read(text(lines).as_bytes()).unwrap().unwrap();
    let [a, b, c, d] = blocks()[..] else { panic!() };
    let one = log(&[line(a, "1"), line(c, "3")]);
    let two = log(&[line(b, "2"), line(c, "3"), line(d, "4")]);
    let both = one.clone().merge(two).unwrap();
    assert_eq!((both.lines.len(), both.missing().len()), (4, 0));
    // A block may take another time.
    let slower = Line { seconds: vec![9.0, 9.0], ..line(a, "1") };
    assert_eq!(one.clone().merge(log(&[slower])).unwrap(), one);
    let error = one.merge(log(&[line(a, "other")])).unwrap_err();
    assert!(error.to_string().contains("differ about items 0 and on of \"sums\""), "{error}");
}

#[test]
fn another_run_is_told_by_what_differs() {
    type Change = fn(&mut Header);
    let changes: [(Change, &str); 13] = [
        (|it| it.version = 2, "version"),
        (|it| it.conditions.generator.push('x'), "program version"),
        (|it| it.conditions.model.push('x'), "model"),
        (|it| it.conditions.part = None, "part"),
        (|it| it.conditions.engine.push('x'), "engine"),
        (|it| it.conditions.seed.push('x'), "seed"),
        (|it| it.conditions.draws.push('x'), "draws"),
        (|it| it.conditions.max_tokens = 1, "most tokens"),
        (|it| it.conditions.one_line = false, "end of answers"),
        (|it| it.families[0].facts.truncate(1), "families"),
        (|it| it.conditions.questions.push('x'), "questions"),
        (|it| it.conditions.block = 1, "size of blocks"),
        (|it| it.conditions.arms.truncate(1), "samplers"),
    ];
    for (change, what) in changes {
        let mut other = header();
        change(&mut other);
        let error = header().must_be(&other).unwrap_err();
        assert_eq!(error, LogError::Other(what));
    }
    assert_eq!(header().must_be(&header()), Ok(()));
}
