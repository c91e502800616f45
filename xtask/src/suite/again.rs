//! Tests of the browser that failed, run once more and alone.
//!
//! A browser on a busy machine is late now and then, and a whole run then says nothing of the rest. What passes when it is
//! asked again is said by name all the same: each has a cause, in the test or in the product, that wants to be found.

/// Files of tests that are worth a second run; when more failed, it is no accident.
const FILES_MAX: usize = 3;

/// The files in which tests failed, as node's reporter lists them; none when there are too many.
pub fn files(output: &str) -> Option<Vec<String>> {
    let mut files: Vec<String> = failing(output).filter_map(place).collect();
    files.sort_unstable();
    files.dedup();
    (1..=FILES_MAX).contains(&files.len()).then_some(files)
}

/// The names of the tests that failed.
pub fn names(output: &str) -> Vec<String> {
    let named = failing(output).filter_map(|line| line.strip_prefix("✖ "));
    let without_time = |name: &str| name.rsplit_once(" (").map_or(name, |(name, _)| name).to_owned();
    named.map(without_time).collect()
}

/// The lines of the list at the end of what node prints.
fn failing(output: &str) -> impl Iterator<Item = &str> {
    output.lines().map(str::trim_end).skip_while(|line| *line != "✖ failing tests:").skip(1)
}

/// `test at tests/errors.test.mjs:73:5`.
fn place(line: &str) -> Option<String> {
    let (file, _) = line.strip_prefix("test at ")?.split_once(':')?;
    Some(file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "▶ what the browser keeps\n  ✖ is forgotten (12559.5ms)\nℹ fail 2\n\n✖ failing tests:\n\n\
        test at tests/gate.test.mjs:225:3\n✖ is forgotten (once) (12559.5ms)\n  AssertionError\n\n\
        test at tests/errors.test.mjs:73:5\n✖ devices: says so (8000ms)\n";

    #[test]
    fn what_failed_is_found_by_file_and_name() {
        assert_eq!(files(OUTPUT).unwrap(), ["tests/errors.test.mjs", "tests/gate.test.mjs"]);
        assert_eq!(names(OUTPUT), ["is forgotten (once)", "devices: says so"]);
    }

    #[test]
    fn what_is_no_accident_is_not_run_again() {
        let many: String = (0..4).map(|number| format!("test at tests/{number}.test.mjs:1:1\n")).collect();
        assert_eq!(files(&format!("✖ failing tests:\n{many}")), None);
        assert_eq!(files("npm: nothing is built"), None);
    }
}
