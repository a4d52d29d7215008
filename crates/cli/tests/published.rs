//! The published evaluation: every number follows from its outcomes, and its answers come out again.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::path::PathBuf;

use entropix_eval::plan::{BLOCK, COMMIT, Tier};
use entropix_eval::results::{Results, Run};
use entropix_eval::shard::{Header, Log, Plan};
use entropix_eval::{Part, Verdict};
use support::{entropix, model, workspace};

fn folder() -> PathBuf {
    workspace().join("www/results")
}

fn published() -> Results {
    serde_json::from_slice(&std::fs::read(folder().join("results.json")).unwrap()).unwrap()
}

fn run(tier: &Tier) -> Run {
    published().runs.into_iter().find(|run| run.tier == tier.name).unwrap()
}

#[test]
fn every_interval_and_p_value_follows_from_the_outcomes() {
    let results = published();
    assert!(!results.runs.is_empty());
    for run in &results.runs {
        let tier = Tier::named(&run.tier).unwrap();
        assert_eq!(run.compare(tier.comparisons).unwrap(), run.comparisons, "tier {}", run.tier);
        assert_eq!(run.differences(tier.besides).unwrap(), run.besides, "tier {}", run.tier);
    }
    let shown: Results =
        serde_json::from_slice(&std::fs::read(folder().join("summary.json")).unwrap()).unwrap();
    assert_eq!(shown, results.shown().unwrap());
}

#[test]
fn runs_are_those_of_the_plan() {
    for run in published().runs {
        let tier = Tier::named(&run.tier).unwrap();
        let Run { conditions, families, .. } = &run;
        let seed = tier.seed().unwrap();
        assert_eq!((conditions.seed.as_str(), conditions.draws.as_str()), (seed, seed));
        assert!(seed == COMMIT || tier.part != Part::Test, "{}", run.tier);
        let names = conditions.arms.iter().map(|arm| arm.name.as_str());
        assert!(names.eq(tier.arms.iter().copied()));
        let asked = families.iter().map(|family| family.name.as_str());
        assert!(asked.eq(tier.families.iter().map(|family| family.name())));
        assert_eq!(conditions.max_tokens, tier.max_tokens);
        assert_eq!(conditions.one_line, tier.one_line);
    }
}

/// The share that is one block of a family alone: `85/336`.
fn first_block(run: &Run, family: usize) -> String {
    let asked = |own: &entropix_eval::results::Family| entropix_eval::shard::Asked {
        family: own.name.clone(),
        facts: own.facts.numbers(),
        levels: own.levels.numbers(),
    };
    let header = Header {
        version: entropix_eval::shard::VERSION,
        conditions: run.conditions.clone(),
        families: run.families.iter().map(asked).collect(),
    };
    let blocks = Plan::of(&header).blocks();
    let at = blocks.iter().position(|block| block.family as usize == family && block.from == 0);
    format!("{}/{}", at.unwrap() + 1, blocks.len())
}

#[test]
fn published_answers_come_out_again() {
    let run = run(Tier::named("1").unwrap());
    let family = run.families.iter().position(|family| family.name == "facts").unwrap();
    let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("published.jsonl");
    let _ = std::fs::remove_file(&log);
    let mut command = entropix();
    command.args(["evaluate", "--tier", "1", "--share", &first_block(&run, family)]);
    command.arg("--model").arg(model("q4_1")).arg("--log").arg(&log);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let again = Log::read(&std::fs::read(&log).unwrap()).unwrap().unwrap();
    let [line] = &again.lines[..] else { panic!("{} blocks", again.lines.len()) };
    assert_eq!(line.outcomes.len(), BLOCK as usize);
    for (at, arm) in run.families[family].arms.iter().enumerate() {
        let name = &run.conditions.arms[at].name;
        let own = |item: &Vec<entropix_eval::Outcome>| item[at].clone();
        let made: Vec<_> = line.outcomes.iter().map(own).collect();
        // The first five digits of the SHA-256 of the ids.
        let ids: Vec<u32> =
            made.iter().map(|it| u32::from_str_radix(&it.ids[..5], 16).unwrap()).collect();
        assert_eq!(ids, arm.ids.numbers(), "{name}: other tokens");
        let letters: String = made
            .iter()
            .map(|it| match it.verdict {
                Verdict::Right => 'r',
                Verdict::Wrong => 'w',
                Verdict::Nothing => 'n',
            })
            .collect();
        assert_eq!(letters, arm.verdicts[..letters.len()], "{name}");
    }
}
