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

    /// Takes a line of a runner's output: cargo's and wasm-bindgen's `test result: …`, or Node's
    /// `# pass 3` (TAP) and `ℹ pass 3` (spec).
    pub(crate) fn read(&mut self, line: &str) {
        if let Some((_, result)) = line.split_once("test result: ") {
            self.add(of_cargo(result));
        } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            self.add(of_node(rest));
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

/// `pass 3`. A cancelled test did not pass.
fn of_node(rest: &str) -> Counts {
    let Some((name, number)) = rest.split_once(' ') else { return Counts::default() };
    let Ok(number) = number.trim().parse() else { return Counts::default() };
    match name {
        "pass" => Counts { passed: number, failed: 0 },
        "fail" | "cancelled" => Counts { passed: 0, failed: number },
        _ => Counts::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (u32, u32) {
        let mut counts = Counts::default();
        text.lines().for_each(|line| counts.read(line));
        (counts.passed, counts.failed)
    }

    #[test]
    fn cargo() {
        let text = "running 3 tests\ntest a ... ok\n\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(of(text), (13, 2));
    }

    #[test]
    fn wasm_bindgen() {
        let text = "running 2 tests\ntest web::a ... ok\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.21s\n";
        assert_eq!(of(text), (2, 0));
        assert_eq!(of("\u{1b}[2Ktest result: FAILED. 0 passed; 1 failed; 0 ignored"), (0, 1));
    }

    #[test]
    fn node() {
        let tap = "ok 1 - chats\n1..1\n# tests 5\n# suites 0\n# pass 3\n# fail 1\n# cancelled 1\n# todo 0\n";
        assert_eq!(of(tap), (3, 2));
        let spec = "✔ chats (1.2ms)\nℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ duration_ms 61.2\n";
        assert_eq!(of(spec), (2, 0));
        assert_eq!(of("# pass the salt\n# passed 3\n"), (0, 0));
    }
}
