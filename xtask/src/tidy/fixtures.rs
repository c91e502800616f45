//! Files for tests are used by a test: one that no source names is dead.

use super::tree::Tree;

/// Folders that hold such files.
const FOLDERS: [&str; 3] = ["/fixtures/", "/texts/", "/golden/"];
const SOURCES: [&str; 5] = [".rs", ".ts", ".mjs", ".js", ".svelte"];

/// Fixtures that no source names, neither by their own name nor by the name of their inner folder.
pub fn findings(tree: &Tree) -> Vec<String> {
    tree.entries
        .iter()
        .map(|entry| entry.path.as_str())
        .filter(|path| FOLDERS.iter().any(|folder| path.contains(folder)) && !path.ends_with(".md"))
        .filter(|path| !is_named(tree, path))
        .map(|path| format!("{path}: no test uses it"))
        .collect()
}

/// `fixtures/hostile/a.eml` is named by a source that says `a.eml`, or `fixtures/hostile` and so reads all of it.
fn is_named(tree: &Tree, path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let inner = format!("{1}/{0}", parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let by_folder = format!("\"{inner}");
    let by_name = format!("{file}\"");
    let by_stem = format!("\"{stem}\"");
    tree.ending(&SOURCES).any(|(_, text)| {
        text.contains(&by_name)
            || text.contains(&by_stem)
            || text.contains(&by_folder)
            || text.contains(&format!("/{inner}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let tree = Tree::of(&[("crates/a/tests/fixtures/mail/one.eml", ""), ("crates/a/tests/a.rs", source)]);
        assert_eq!(findings(&tree), expected, "{source}");
    }

    #[test]
    fn a_fixture_is_named_somewhere() {
        check("include_bytes!(\"fixtures/mail/one.eml\")", &[]);
        check("read_dir(\"tests/fixtures/mail\")", &[]);
        check("check(\"one\")", &[]);
        check("check(\"two\")", &["crates/a/tests/fixtures/mail/one.eml: no test uses it"]);
    }
}
