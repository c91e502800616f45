//! Files one by one: size, name, opening words, and what must not be left in them.

use super::tree::Tree;
use std::collections::BTreeMap;

/// Most lines of a file, by its ending (docs/standards/style.md).
const LINES_MAX: [(&str, usize); 3] = [(".rs", 500), (".ts", 250), (".svelte", 250)];
/// Longer files that are tables or generated, with the lines that they may have. The list only shrinks.
const EXCEPTIONS: [(&str, usize); 1] = [("crates/privacy/src/handlers/table.rs", 571)];
/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 10] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager", "data", "info", "core"];
/// Folders where such a name is a standard's own: JMAP Core is the name of RFC 8620's first capability.
const NAMED_BY_OTHERS: [&str; 1] = ["crates/jmap/src/core"];

/// What is wrong with single files.
pub fn findings(tree: &Tree) -> Vec<String> {
    with_exceptions(tree, &BTreeMap::from(EXCEPTIONS))
}

fn with_exceptions(tree: &Tree, exceptions: &BTreeMap<&str, usize>) -> Vec<String> {
    let mut findings: Vec<String> = exceptions
        .keys()
        .filter(|path| tree.text(path).is_none())
        .map(|path| format!("{path}: excepted from the limit of lines, and not there"))
        .collect();
    for entry in &tree.entries {
        findings.extend(name(&entry.path));
        if let Some(text) = &entry.text {
            findings.extend(size(&entry.path, text, exceptions.get(entry.path.as_str()).copied()));
            findings.extend(opening(&entry.path, text));
            findings.extend(left_open(&entry.path, text));
        }
    }
    findings
}

fn is_source(path: &str) -> bool {
    LINES_MAX.iter().any(|(ending, _)| path.ends_with(ending))
}

fn size(path: &str, text: &str, excepted: Option<usize>) -> Option<String> {
    let (_, limit) = LINES_MAX.iter().find(|(ending, _)| path.ends_with(ending))?;
    let lines = text.lines().count();
    match excepted {
        Some(most) if lines < most => {
            Some(format!("{path}: has {lines} lines now, lower its exception from {most}"))
        }
        Some(most) if lines <= most => None,
        _ if lines > *limit => Some(format!("{path}: {lines} lines, at most {limit}: split it by idea")),
        _ => None,
    }
}

fn name(path: &str) -> Option<String> {
    let part = path.split('/').find(|part| {
        let stem = part.split('.').next().unwrap_or_default();
        EMPTY_NAMES.contains(&stem)
    })?;
    let excused = !(is_source(path)) || NAMED_BY_OTHERS.iter().any(|folder| path.starts_with(folder));
    (!excused).then(|| format!("{path}: `{part}` says nothing of what is inside"))
}

/// A source opens with a comment that says what it is for.
fn opening(path: &str, text: &str) -> Option<String> {
    if !is_source(path) || path.ends_with(".d.ts") {
        return None;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("#!["));
    let first = lines.next().unwrap_or_default();
    let opens = match path.rsplit('.').next() {
        Some("rs") => first.starts_with("//!"),
        // A component may put it right inside its script.
        Some("svelte") if first.starts_with("<script") => lines.next().is_some_and(is_comment),
        _ => is_comment(first),
    };
    (!opens).then(|| format!("{path}: opens without a comment that says what it is for"))
}

fn is_comment(line: &str) -> bool {
    ["//", "/*", "<!--"].iter().any(|mark| line.starts_with(mark))
}

/// Words of work that is not finished, and paths of somebody's machine. Written in halves: this file is read too.
fn left_open(path: &str, text: &str) -> Vec<String> {
    let words: [(&str, String); 7] = [
        ("unfinished work", ["to", "do!("].concat()),
        ("unfinished work", ["unimplem", "ented!("].concat()),
        ("unfinished work", ["FIX", "ME"].concat()),
        ("a test that does not run", ["#[ig", "nore"].concat()),
        ("a test that does not run", [".sk", "ip(\""].concat()),
        ("a test that hides the others", ["test.on", "ly("].concat()),
        ("a debugging aid", ["db", "g!("].concat()),
    ];
    let homes = [["/ho", "me/"].concat(), ["/Us", "ers/"].concat(), ["/ro", "ot/"].concat()];
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let place = || format!("{path}:{}", number + 1);
        if is_source(path) {
            let open = words.iter().filter(|(_, word)| line.contains(word.as_str()));
            findings.extend(open.map(|(what, _)| format!("{}: {what}", place())));
        }
        if homes.iter().any(|home| line.contains(home.as_str())) {
            findings.push(format!("{}: a path of somebody's home folder", place()));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(with_exceptions(&Tree::of(&[(path, text)]), &BTreeMap::new()), expected, "{path}");
    }

    #[test]
    fn the_list_of_exceptions_only_shrinks() {
        let text = format!("//! A table.\n{}", "\n".repeat(600));
        let check = |path: &str, most: usize, expected: &[&str]| {
            let tree = Tree::of(&[("crates/a/src/table.rs", text.as_str())]);
            assert_eq!(with_exceptions(&tree, &BTreeMap::from([(path, most)])), expected, "{path} {most}");
        };
        check("crates/a/src/table.rs", 601, &[]);
        check(
            "crates/a/src/table.rs",
            700,
            &["crates/a/src/table.rs: has 601 lines now, lower its exception from 700"],
        );
        check(
            "crates/a/src/table.rs",
            550,
            &["crates/a/src/table.rs: 601 lines, at most 500: split it by idea"],
        );
    }

    #[test]
    fn sources_are_short_and_say_what_they_are_for() {
        check("crates/a/src/lib.rs", "//! What.\n", &[]);
        let silent = "crates/a/src/lib.rs: opens without a comment that says what it is for";
        check("crates/a/src/lib.rs", "mod x;\n", &[silent]);
        check("web/src/A.svelte", "<script lang=\"ts\">\n  // What.\n</script>\n", &[]);
        let long = format!("//! What.\n{}", "\n".repeat(500));
        let split = "crates/a/src/lib.rs: 501 lines, at most 500: split it by idea";
        check("crates/a/src/lib.rs", &long, &[split]);
    }

    #[test]
    fn names_say_something() {
        let empty = "crates/a/src/utils.rs: `utils.rs` says nothing of what is inside";
        check("crates/a/src/utils.rs", "//! What.\n", &[empty]);
        check("crates/a/src/metadata.rs", "//! What.\n", &[]);
        check("docs/data.md", "", &[]);
    }

    #[test]
    fn nothing_is_left_open() {
        let source = ["//! What.\nfn f() { to", "do!() }\n"].concat();
        check("crates/a/src/lib.rs", &source, &["crates/a/src/lib.rs:2: unfinished work"]);
        let home = ["see /ho", "me/ana/x\n"].concat();
        check("docs/a.md", &home, &["docs/a.md:1: a path of somebody's home folder"]);
    }
}
