//! What documents say of the tree: the paths that they name exist. Also reads their tables for other rules.

use super::tree::Tree;

/// First folders of a path of this project. Anything else in backticks is not taken for one.
const TOPS: [&str; 7] = ["crates/", "web/", "docs/", "xtask/", "fuzz/", ".ci/", ".cargo/"];
/// Marks a path that is agreed on and not there yet.
const PLANNED: &str = " (planned)";

/// Paths that documents name and that are not there, and plans that came true.
pub fn findings(tree: &Tree) -> Vec<String> {
    tree.ending(&[".md"])
        .flat_map(|(document, text)| text.lines().enumerate().map(move |line| (document, line)))
        .flat_map(|(document, (number, line))| {
            let place = format!("{document}:{}", number + 1);
            let mut findings = of_line(tree, &place, line);
            findings.extend(links(tree, document, &place, line));
            findings
        })
        .collect()
}

/// Pictures and pages of the tree that a line links to, from the document's folder.
fn links(tree: &Tree, document: &str, place: &str, line: &str) -> Vec<String> {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .map(|target| resolve(folder, target))
        .filter(|path| !tree.holds(path))
        .map(|path| format!("{place}: there is no `{path}` to link to"))
        .collect()
}

/// A path as seen from a folder: `../x` leaves it.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

fn of_line(tree: &Tree, place: &str, line: &str) -> Vec<String> {
    let parts: Vec<&str> = line.split('`').collect();
    let quoted = parts.iter().zip(parts.iter().skip(1)).skip(1).step_by(2);
    quoted
        .filter_map(|(path, after)| {
            let is_path =
                TOPS.iter().any(|top| path.starts_with(top)) && !path.contains([' ', '*', '<', '{', '…']);
            // A path may name a test in a file, or a line of it.
            let file = path.split(':').next().unwrap_or_default().split('#').next().unwrap_or_default();
            match (is_path, tree.holds(file), after.starts_with(PLANNED)) {
                (true, false, false) => Some(format!("{place}: there is no `{path}`")),
                (true, true, true) => Some(format!("{place}: `{path}` is there: it is not planned any more")),
                _ => None,
            }
        })
        .collect()
}

/// The rows of the first table under a heading, without its head.
pub fn table(document: &str, heading: &str) -> Vec<String> {
    document
        .lines()
        .skip_while(|line| !(line.starts_with("## ") && line.contains(heading)))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(str::to_owned)
        .collect()
}

/// The words in backticks of each cell of a row.
pub fn cells(row: &str) -> Vec<Vec<String>> {
    row.trim()
        .trim_matches('|')
        .split('|')
        .map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let tree = Tree::of(&[("README.md", line), ("docs/operate.md", "")]);
        assert_eq!(findings(&tree), expected, "{line}");
    }

    #[test]
    fn a_path_that_a_document_names_is_there_or_planned() {
        check("See `docs/operate.md`, `docs/` and `cargo xtask run`.", &[]);
        check("See `docs/absent.md`.", &["README.md:1: there is no `docs/absent.md`"]);
        check("See `docs/absent.md` (planned).", &[]);
        let true_now = "README.md:1: `docs/operate.md` is there: it is not planned any more";
        check("See `docs/operate.md` (planned).", &[true_now]);
        check("text/`web/x`", &["README.md:1: there is no `web/x`"]);
    }

    #[test]
    fn a_link_leads_somewhere() {
        check("![a picture](docs/absent.png)", &["README.md:1: there is no `docs/absent.png` to link to"]);
        check("[a page](docs/operate.md#backup), [elsewhere](https://example.org/x)", &[]);
        assert_eq!(resolve("docs/decisions", "../operate.md"), "docs/operate.md");
    }

    #[test]
    fn a_table_is_read_by_its_heading() {
        let text =
            "## One\n|a|\n|-|\n| `x` |\n## Two\n\nwords\n\n|a|b|\n|-|-|\n| `p` | `q` and `r` |\n\n| no |\n";
        let rows = table(text, "Two");
        assert_eq!(rows, ["| `p` | `q` and `r` |"]);
        assert_eq!(cells(&rows[0]), [vec!["p".to_owned()], vec!["q".to_owned(), "r".to_owned()]]);
    }
}
