//! `cargo xtask test`: every check of the project, one step after the other. A step that fails stops
//! no other one; each counts as a test of its own, beside those it runs, unless one of those has failed already.

mod counts;
mod opcodes;
mod sizes;
mod steps;

use std::process::ExitCode;

use anyhow::{Result, bail};

use self::counts::Counts;
use self::steps::{STEPS, Scene, Step};
use crate::clock::Clock;
use crate::models::manifest::Manifest;
use crate::project::Project;

pub(crate) fn run(project: &Project, only: &[String]) -> Result<ExitCode> {
    let steps = choose(only)?;
    let mut scene = Scene::new(project, Manifest::read(project)?);
    let mut total = Counts::default();
    let mut report = Vec::new();
    for step in steps {
        println!("--- {}", step.name);
        let clock = Clock::start();
        let mut counts = Counts::default();
        let result = (step.run)(&mut scene, &mut counts);
        if let Err(error) = &result {
            println!("{}: {error:#}", step.name);
        }
        let ok = result.is_ok() && counts.failed == 0;
        report.push(line(step, ok, counts, clock.seconds()));
        total.add(counts);
        total.record_step(ok, counts);
    }
    println!("---");
    for line in report {
        println!("{line}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(step: &Step, ok: bool, counts: Counts, seconds: f64) -> String {
    let verdict = if ok { "ok" } else { "FAILED" };
    let tests = if counts == Counts::default() {
        String::new()
    } else {
        format!("  {} passed, {} failed", counts.passed, counts.failed)
    };
    format!("{:<14} {verdict:<6} {seconds:>7.1} s{tests}", step.name)
}

/// The steps whose names begin with one of these words; all for none.
fn choose(only: &[String]) -> Result<Vec<&'static Step>> {
    for word in only {
        if !STEPS.iter().any(|step| matches(step, word)) {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step {word:?}; there are: {}", names.join(", "));
        }
    }
    Ok(STEPS
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|word| matches(step, word)))
        .collect())
}

fn matches(step: &Step, word: &str) -> bool {
    let word = word.replace(['-', '_'], " ");
    !word.is_empty() && step.name.starts_with(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str]) -> Vec<&'static str> {
        let only: Vec<_> = only.iter().map(|&word| word.to_owned()).collect();
        choose(&only).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_are_chosen_by_the_start_of_their_names() {
        assert_eq!(names(&[]).len(), STEPS.len());
        assert_eq!(names(&["format"]), ["format"]);
        assert_eq!(names(&["size", "native-tests"]), ["native tests", "size budgets"]);
        let message = choose(&["x".to_owned()]).err().unwrap().to_string();
        assert!(message.contains("browser test"), "{message}");
        assert!(choose(&[String::new()]).is_err());
    }

    #[test]
    fn one_line_for_a_step() {
        let step = &STEPS[0];
        assert_eq!(line(step, true, Counts::default(), 1.25), "format         ok         1.2 s");
        assert_eq!(
            line(step, false, Counts { passed: 3, failed: 1 }, 61.0),
            "format         FAILED    61.0 s  3 passed, 1 failed"
        );
    }
}
