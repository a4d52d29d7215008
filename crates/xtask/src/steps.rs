//! Running the checks and tests of the project, one step after the other. A step that fails stops no other
//! one; each counts as a test of its own, beside those it runs, unless one of those has failed already.

pub(crate) mod counts;

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Result, anyhow, bail};

use self::counts::Counts;
use crate::build;
use crate::clock::Clock;
use crate::project::Project;
use crate::tools::node::npm_packages;

/// Something that passes or fails.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Scene<'_>, &mut Counts) -> Result<()>,
}

/// What several steps need, done once.
pub(crate) struct Scene<'a> {
    pub(crate) project: &'a Project,
    /// Whether dist/ is up to date, or why not.
    built: Option<Result<(), String>>,
}

impl<'a> Scene<'a> {
    fn new(project: &'a Project) -> Self {
        Self { project, built: None }
    }

    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = self.project.command("cargo");
        cargo.arg(command);
        cargo
    }

    /// An old dist/ must not pass for the new one: the steps on it fail with the build.
    pub(crate) fn built(&mut self) -> Result<()> {
        let project = self.project;
        self.built
            .get_or_insert_with(|| {
                npm_packages(project, &project.tests(), &[])
                    .and_then(|()| build::page(project, false))
                    .map_err(|error| format!("{error:#}"))
            })
            .clone()
            .map_err(|error| anyhow!("the page could not be built: {error}"))
    }
}

/// Runs those of the steps that `only` names; all for none.
pub(crate) fn run(project: &Project, steps: &[Step], only: &[String]) -> Result<ExitCode> {
    let steps = choose(steps, only)?;
    let mut scene = Scene::new(project);
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

/// The steps whose names begin with one of these words.
fn choose<'a>(steps: &'a [Step], only: &[String]) -> Result<Vec<&'a Step>> {
    for word in only {
        if !steps.iter().any(|step| matches(step, word)) {
            let names: Vec<_> = steps.iter().map(|step| step.name).collect();
            bail!("there is no step {word:?}; there are: {}", names.join(", "));
        }
    }
    Ok(steps
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|word| matches(step, word)))
        .collect())
}

fn matches(step: &Step, word: &str) -> bool {
    let word = word.replace(['-', '_'], " ");
    !word.is_empty() && step.name.starts_with(&word)
}

/// `--package a --package b`
pub(crate) fn each<T: Into<OsString>>(
    option: &str,
    names: impl IntoIterator<Item = T>,
) -> Vec<OsString> {
    names.into_iter().flat_map(|name| [option.into(), name.into()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 3] = [
        Step { name: "format", run: |_, _| Ok(()) },
        Step { name: "native tests", run: |_, _| Ok(()) },
        Step { name: "size budgets", run: |_, _| Ok(()) },
    ];

    fn names(only: &[&str]) -> Vec<&'static str> {
        let only: Vec<_> = only.iter().map(|&word| word.to_owned()).collect();
        choose(&STEPS, &only).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_are_chosen_by_the_start_of_their_names() {
        assert_eq!(names(&[]).len(), STEPS.len());
        assert_eq!(names(&["format"]), ["format"]);
        assert_eq!(names(&["size", "native-tests"]), ["native tests", "size budgets"]);
        let message = choose(&STEPS, &["x".to_owned()]).err().unwrap().to_string();
        assert!(message.contains("size budgets"), "{message}");
        assert!(choose(&STEPS, &[String::new()]).is_err());
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

    #[test]
    fn options_are_repeated() {
        assert_eq!(each("-p", ["a", "b"]), ["-p", "a", "-p", "b"]);
    }
}
