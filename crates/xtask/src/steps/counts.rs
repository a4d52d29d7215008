//! Counting tests by what the runners print.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// One more test.
    pub(crate) fn record(&mut self, passed: bool) {
        self.add(Self { passed: passed.into(), failed: (!passed).into() });
    }

    /// A step is one more test, but a test that failed has failed its step: it counts once.
    pub(crate) fn record_step(&mut self, ok: bool, tests: Self) {
        if ok || tests.failed == 0 {
            self.record(ok);
        }
    }

    /// Takes a line of a runner's output: `test result: …` of cargo, wasm-bindgen and tests/reporter.mjs.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some((_, result)) = line.split_once("test result: ") {
            self.add(of_cargo(result));
        }
    }
}

/// `ok. 5 passed; 0 failed; 1 ignored; …`
fn of_cargo(result: &str) -> Counts {
    let words: Vec<_> = result.split_whitespace().collect();
    let before = |name: &str| {
        words.windows(2).find(|pair| pair[1] == name).and_then(|pair| pair[0].parse().ok())
    };
    Counts {
        passed: before("passed;").unwrap_or_default(),
        failed: before("failed;").unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::*;
    use crate::test::runner;
    use crate::tools::node::node;

    fn of(text: &str) -> (u32, u32) {
        let mut counts = Counts::default();
        text.lines().for_each(|line| counts.read(line));
        (counts.passed, counts.failed)
    }

    /// As cargo prints a crate with a failed test, its failure told twice, and a good documentation test.
    const CARGO: &str = include_str!("counts/cargo.txt");

    #[test]
    fn cargo() {
        assert_eq!(of(CARGO), (2, 1));
    }

    #[test]
    fn wasm_bindgen() {
        let text = "running 2 tests\ntest web::a ... ok\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.21s\n";
        assert_eq!(of(text), (2, 0));
        assert_eq!(of("\u{1b}[2Ktest result: FAILED. 0 passed; 1 failed; 0 ignored"), (0, 1));
    }

    /// Runs one file of tests as the browser tests are run.
    fn node_says(script: &str) -> (u32, u32) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.test.mjs");
        let imports = "import { before, describe, test } from 'node:test';\n";
        std::fs::write(&file, format!("{imports}{script}")).unwrap();
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
        let printed = Command::new(node().unwrap())
            .arg(runner(&tests))
            .arg(file)
            // Node sees by it that it runs inside a test, and then prints nothing for people.
            .env_remove("NODE_TEST_CONTEXT")
            .output()
            .unwrap();
        of(&String::from_utf8(printed.stdout).unwrap())
    }

    #[test]
    fn a_failed_test_of_node_counts_once() {
        let bad = "() => { throw new Error('bad'); }";
        for (script, passed, failed) in [
            (format!("test('good', () => {{}}); test('bad', {bad});"), 1, 1),
            // Node prints the suites and the outer test as failed, too.
            (format!("describe('a', () => describe('b', () => test('bad', {bad})));"), 0, 1),
            (format!("test('outer', (t) => t.test('inner', {bad}));"), 0, 1),
            ("test('outer', (t) => t.test('inner', () => {}));".into(), 2, 0),
            // What was never started has not passed.
            (format!("describe('a', () => {{ before({bad}); test('x'); test('y'); }});"), 0, 2),
            ("import './missing.mjs';".into(), 0, 1),
            ("test('a', { skip: true }); test('b', { todo: true });".into(), 0, 0),
        ] {
            assert_eq!(node_says(&script), (passed, failed), "{script}");
        }
    }

    #[test]
    fn a_step_counts_unless_its_tests_tell_of_the_failure() {
        let total = |ok, passed, failed| {
            let mut total = Counts { passed, failed };
            total.record_step(ok, total);
            (total.passed, total.failed)
        };
        assert_eq!(total(true, 3, 0), (4, 0));
        assert_eq!(total(false, 2, 1), (2, 1));
        // It could not even start, or broke off.
        assert_eq!(total(false, 0, 0), (0, 1));
        assert_eq!(total(false, 3, 0), (3, 1));
    }
}
