//! Counting tests in what a test runner printed.

/// How many tests, or steps without tests of their own, went well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// A step counts as one test.
    pub fn of_step(success: bool) -> Self {
        if success { Self { passed: 1, failed: 0 } } else { Self { passed: 0, failed: 1 } }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The tests that cargo, nextest or node counted; without any, the step itself. A command that failed never
/// counts as all passed, whatever it printed.
pub fn read(output: &str, success: bool) -> Tally {
    let mut total = Tally::default();
    for line in output.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("test result:") {
            total.add(Tally { passed: before(rest, "passed"), failed: before(rest, "failed") });
        } else if line.starts_with("Summary [") && line.contains(" run:") {
            total.add(Tally {
                passed: before(line, "passed"),
                failed: before(line, "failed") + before(line, "timed out"),
            });
        } else if let Some(rest) = line.strip_prefix("# pass ").or_else(|| line.strip_prefix("ℹ pass ")) {
            total.passed += rest.trim().parse().unwrap_or(0);
        } else if let Some(rest) = line.strip_prefix("# fail ").or_else(|| line.strip_prefix("ℹ fail ")) {
            total.failed += rest.trim().parse().unwrap_or(0);
        }
    }
    if total == Tally::default() {
        return Tally::of_step(success);
    }
    if !success && total.failed == 0 {
        total.failed = 1;
    }
    total
}

/// The number that stands before a word: 12 in `12 passed`.
fn before(text: &str, word: &str) -> u64 {
    let Some((head, _)) = text.split_once(word) else { return 0 };
    let number = head.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    number.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, success: bool, passed: u64, failed: u64) {
        assert_eq!(read(output, success), Tally { passed, failed }, "{output:?}");
    }

    #[test]
    fn tests_are_counted_as_their_runner_says() {
        check("test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured", true, 5, 0);
        check("test result: ok. 5 passed; 0 failed;\ntest result: FAILED. 2 passed; 1 failed;", false, 7, 1);
        check("     Summary [   0.010s] 25 tests run: 25 passed, 0 skipped", true, 25, 0);
        check(
            "     Summary [   9.0s] 12/14 tests run: 11 passed (1 slow), 1 failed, 2 skipped",
            false,
            11,
            1,
        );
        check("# tests 9\n# pass 8\n# fail 1", false, 8, 1);
        check("ℹ pass 3\nℹ fail 0", true, 3, 0);
    }

    #[test]
    fn a_step_without_tests_counts_as_one() {
        check("", true, 1, 0);
        check("error: no", false, 0, 1);
        check("test result: ok. 5 passed; 0 failed;\nerror: linking failed", false, 5, 1);
    }
}
