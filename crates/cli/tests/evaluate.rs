//! Evaluations that are stopped, shared, and go on.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;
#[path = "support/tiny.rs"]
mod tiny;

use std::path::{Path, PathBuf};
use std::process::Output;

use entropix_eval::results::Results;
use entropix_eval::shard::Log;
use support::entropix;

const TEMPLATE: &str = "{% for message in messages %}{{ message['content'] }}{% endfor %}";

/// A folder with a model and a log that is not there yet.
fn folder(name: &str) -> (PathBuf, PathBuf) {
    let folder = tiny::folder(&format!("evaluate-{name}"));
    let model = folder.join("tiny.gguf");
    tiny::write(&model, Some(TEMPLATE));
    // Every quadrant comes up, and the phrase is short in a vocabulary of bytes.
    let manifest = "[[model]]\nfile = \"tiny.gguf\"\n\
        promised = { entropy_cut = 7.56, varentropy_cut = 1.25, phrases = [\" hm\"] }\n";
    std::fs::write(folder.join("manifest.toml"), manifest).unwrap();
    let log = folder.join("log.jsonl");
    let _ = std::fs::remove_file(&log);
    (model, log)
}

fn evaluate(model: &Path, log: &Path, more: &[&str]) -> Output {
    let mut command = entropix();
    command.arg("evaluate").arg("--model").arg(model).arg("--log").arg(log);
    let usual = ["--families", "sums,facts", "--items", "14", "--block", "5", "--max-tokens", "6"];
    command.args(usual).args(more).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(log: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap();
    // How long it took differs.
    let timeless = |line: &str| line.split(",\"seconds\"").next().unwrap().to_owned();
    text.lines().map(timeless).collect()
}

#[test]
fn a_run_that_was_killed_goes_on() {
    let (model, log) = folder("killed");
    let output = evaluate(&model, &log, &[]);
    assert!(output.status.success(), "{}", said(&output));
    let whole = lines(&log);
    assert_eq!(whole.len(), 1 + 2 * 3);
    let text = std::fs::read(&log).unwrap();
    // Killed in the middle of a line, and before the first one was whole.
    for end in [text.len() - 30, text.len() / 2, 20, 0] {
        std::fs::write(&log, &text[..end]).unwrap();
        let output = evaluate(&model, &log, &[]);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(lines(&log), whole);
    }
    let again = evaluate(&model, &log, &[]);
    assert!(said(&again).contains("Nothing was left to do"), "{}", said(&again));
}

#[test]
fn shares_come_to_the_same() {
    let (model, log) = folder("shares");
    evaluate(&model, &log, &[]);
    let parts = ["1/2", "2/2"].map(|share| {
        let part = log.with_file_name(format!("part-{}.jsonl", &share[..1]));
        let _ = std::fs::remove_file(&part);
        let output = evaluate(&model, &part, &["--share", share]);
        assert!(output.status.success(), "{}", said(&output));
        part
    });
    let read = |path: &Path| Log::read(&std::fs::read(path).unwrap()).unwrap().unwrap();
    let merged = read(&parts[0]).merge(read(&parts[1])).unwrap();
    assert!(merged.missing().is_empty());
    for line in read(&log).lines {
        assert!(merged.lines.iter().any(|own| own.outcomes == line.outcomes));
    }
    let results = |logs: &[&Path]| {
        let output = entropix().arg("results").args(logs).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let both = results(&[&parts[0], &parts[1]]);
    assert_eq!(both, results(&[&log]));
    assert!(both.contains("Mean over 2 families") && both.contains("PROMISED sham"), "{both}");
    let sample = |logs: &[&Path]| {
        let output = entropix().arg("results").args(logs).args(["--sample", "9"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let nine = sample(&[&log]);
    assert_eq!((nine.lines().count(), &nine), (9, &sample(&[&parts[1], &parts[0]])));
    let first: serde_json::Value = serde_json::from_str(nine.lines().next().unwrap()).unwrap();
    assert!(first["question"].is_string() && first.get("arm").is_none(), "{first}");
    let other = entropix().arg("results").arg(&log).args(["--against", "magic"]).output().unwrap();
    assert!(said(&other).contains("there is no \"magic\" in this run, only greedy"));
    let half = entropix().arg("results").arg(&parts[0]).output().unwrap();
    assert!(said(&half).contains("items are still to be run"), "{}", said(&half));
    // One that is being written ends anywhere, also inside a letter.
    let mut unfinished = std::fs::read(&parts[0]).unwrap();
    unfinished.extend([b'{', 0xc3]);
    std::fs::write(&parts[0], unfinished).unwrap();
    assert_eq!(results(&[&parts[0], &parts[1]]), both);
}

#[test]
fn another_run_does_not_mix_in() {
    let (model, log) = folder("other");
    evaluate(&model, &log, &[]);
    let before = std::fs::read(&log).unwrap();
    for (more, what) in [
        (&["--seed", "1"][..], "not the same seed"),
        (&["--draws", "1"], "not the same draws"),
        (&["--kv", "f32"], "not the same engine"),
        (&["--arms", "greedy"], "not the same samplers"),
        (&["--part", "tuning"], "not the same part"),
        (&["--whole"], "not the same end of answers"),
    ] {
        let output = evaluate(&model, &log, more);
        assert!(!output.status.success());
        assert!(said(&output).contains(what), "{}", said(&output));
        assert_eq!(std::fs::read(&log).unwrap(), before);
    }
    for foreign in ["my diary", "{\"version\":1,\"origin\":{}}", "[]\n"] {
        std::fs::write(&log, foreign).unwrap();
        assert!(said(&evaluate(&model, &log, &[])).contains("no log of an evaluation"));
        assert_eq!(std::fs::read_to_string(&log).unwrap(), foreign);
    }
}

#[test]
fn questions_of_ones_own() {
    let (model, log) = folder("own");
    let data = log.with_file_name("questions.jsonl");
    let run = |text: &str| {
        std::fs::write(&data, text).unwrap();
        let mut command = entropix();
        command.arg("evaluate").arg("--model").arg(&model).arg("--log").arg(&log);
        command.arg("--data").arg(&data).args(["--arms", "greedy", "--max-tokens", "6"]);
        command.output().unwrap()
    };
    let output = run("{\"question\": \"What is 5 + 7?\", \"answer\": 12, \"family\": \"mine\"}\n");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("mine 0–0"), "{}", said(&output));
    // Nothing was left out silently.
    let broken = run("{\"question\": \"What is 5 + 7?\", \"answer\": 12}\nwhat?\n");
    assert!(!broken.status.success() && said(&broken).contains("line 2"), "{}", said(&broken));
    let long = run(&format!("{{\"question\": \"{}?\", \"answer\": 12}}\n", "long ".repeat(40)));
    assert!(said(&long).contains("shorten it"), "{}", said(&long));
    let empty = run("\n");
    assert!(said(&empty).contains("there is no question"), "{}", said(&empty));
    let other = run("{\"question\": \"What is 6 + 7?\", \"answer\": 13, \"family\": \"mine\"}\n");
    assert!(said(&other).contains("not the same questions"), "{}", said(&other));
}

#[test]
fn names_that_are_none_are_told() {
    let (model, log) = folder("names");
    for (more, what) in [
        (&["--arms", "greedy,magic"][..], "there is no \"magic\", only plain, greedy"),
        (&["--arms", "greedy,greedy"], "is there twice"),
        (&["--arms", "PROMISED sham"], "add PROMISED to --arms"),
        (&["--part", "train"], "there are pilot, tuning, test"),
        (&["--share", "3/2"], "a share is written as 1/4"),
        (&["--part", "test"], "is the commit that fixed the plan"),
        (&["--tier", "quick"], "cannot be used with"),
    ] {
        let output = evaluate(&model, &log, more);
        assert!(!output.status.success() && said(&output).contains(what), "{}", said(&output));
    }
    assert!(!log.exists(), "nothing was begun");
}

#[test]
fn a_tier_is_run_as_the_plan_says_it() {
    let (model, log) = folder("tier");
    let tier = |more: &[&str]| {
        let mut command = entropix();
        command.arg("evaluate").arg("--model").arg(&model).arg("--log").arg(&log);
        said(&command.args(more).output().unwrap())
    };
    assert!(tier(&["--tier", "9"]).contains("the plan has the tiers 1, 1b, 2"));
    for other in [["--seed", "1"], ["--draws", "1"], ["--block", "5"], ["--items", "5"]] {
        let said = tier(&[&["--tier", "1"], &other[..]].concat());
        assert!(said.contains("cannot be used with"), "{said}");
    }
    assert!(!log.exists(), "nothing was begun");
    let plan = entropix().arg("plan").output().unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    let first = &plan["tiers"][0];
    assert_eq!((&first["name"], &first["part"]), (&"1".into(), &"test".into()));
    assert!(first["families"].as_array().is_some_and(|families| families.len() >= 8));
}

#[test]
fn what_came_of_it_is_published() {
    let (model, log) = folder("publish");
    let mut command = entropix();
    command.args(["evaluate", "--tier", "quick", "--program", "abc"]).arg("--model").arg(&model);
    let traces = log.with_file_name("traces");
    command.arg("--traces").arg(&traces);
    let output = command.arg("--log").arg(&log).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let [file, shown] = ["results.json", "summary.json"].map(|name| log.with_file_name(name));
    let _ = std::fs::remove_file(&file);
    let publish = |log: &Path, tier: &str, shown: &Path| {
        let mut command = entropix();
        command.arg("results").arg(log).arg("--publish").arg(&file).arg("--shown").arg(shown);
        command.args(["--machine", "here", "--tier", tier]).output().unwrap()
    };
    let read = |path: &Path| -> Results {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    for _ in 0..2 {
        let output = publish(&log, "quick", &shown);
        assert!(output.status.success(), "{}", said(&output));
        let results = read(&file);
        let [run] = &results.runs[..] else { panic!("a tier stands there once") };
        assert_eq!((run.tier.as_str(), run.origin.machine.as_str()), ("quick", "here"));
        assert!(run.conditions.generator.ends_with(" at abc"), "{:?}", run.conditions.generator);
        assert_eq!((run.origin.logs.len(), run.comparisons.len(), run.families.len()), (1, 2, 4));
        let short = read(&shown);
        assert_eq!(short.runs[0].summary, run.summarised().unwrap());
        assert!(short.runs[0].families.is_empty());
    }
    // Every single answer of a first block can be replayed; of some questions they are shown.
    let answers = std::fs::read_dir(&traces).unwrap().count();
    assert_eq!(answers, 4 * 4 * 8, "items, families, samplers that answer once");
    let show = log.with_file_name("show");
    let mut command = entropix();
    command.arg("results").arg(&log).args(["--tier", "quick"]).arg("--publish").arg(&file);
    let output = command.arg("--traces").arg(&traces).arg("--show").arg(&show).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let index = std::fs::read_to_string(show.join("index.json")).unwrap();
    let index: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    for answer in index.iter().flat_map(|question| question["answers"].as_array().unwrap()) {
        let text = std::fs::read_to_string(show.join(answer["file"].as_str().unwrap())).unwrap();
        let trace: entropix_protocol::Trace = serde_json::from_str(&text).unwrap();
        trace.check().unwrap();
    }
    let before = std::fs::read_to_string(&file).unwrap();
    let other = log.with_file_name("other.jsonl");
    let _ = std::fs::remove_file(&other);
    evaluate(&model, &other, &[]);
    for (output, what) in [
        (publish(&log, "9", &shown), "the plan has the tiers"),
        (publish(&other, "quick", &shown), "these logs are not of tier quick"),
        (publish(&log, "1", &shown), "these logs are not of tier 1: not the same part"),
        (publish(&log, "quick", &file), "another file than --publish"),
    ] {
        assert!(!output.status.success() && said(&output).contains(what), "{}", said(&output));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    }
    // Never over something else.
    for (foreign, what) in [
        ("my diary", "holds no results of this program"),
        ("{\"version\":2,\"runs\":[],\"more\":1}", "has another version of the format than 1"),
    ] {
        std::fs::write(&file, foreign).unwrap();
        let output = publish(&log, "quick", &shown);
        assert!(!output.status.success() && said(&output).contains(what), "{}", said(&output));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), foreign);
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let (model, log) = folder("full");
    evaluate(&model, &log, &[]);
    let whole = lines(&log);
    let size = std::fs::metadata(&log).unwrap().len();
    std::fs::remove_file(&log).unwrap();
    // No file may have more than this many blocks of 512 bytes.
    let limited = format!(
        "ulimit -f {}; trap '' XFSZ; exec \"$0\" evaluate --model \"$1\" --log \"$2\" \
         --families sums,facts --items 14 --block 5 --max-tokens 6",
        size / 512 / 2
    );
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &limited, env!("CARGO_BIN_EXE_entropix")]).arg(&model).arg(&log);
    let output = shell.output().unwrap();
    assert!(!output.status.success());
    assert!(said(&output).contains("What is in it stays"), "{}", said(&output));
    let output = evaluate(&model, &log, &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(lines(&log), whole);
}
