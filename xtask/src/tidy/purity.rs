//! Rooms that decide without acting: no clock, chance, file, network or waiting in them.

use super::arrows::names_word;
use super::documents::{self, cells};
use super::tree::Tree;

/// Words that only an act needs. Values such as `Duration` and `IpAddr` are free.
const ACTS: [&str; 17] = [
    "SystemTime",
    "Instant",
    "Zoned",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "tokio",
    "getrandom",
    "rand",
    "async",
    "println",
    "eprintln",
];

/// Acts in the rooms that ARCHITECTURE.md calls pure. A row `pure but for \`driver\`` excepts that module.
pub fn findings(tree: &Tree) -> Vec<String> {
    let map = tree.text("ARCHITECTURE.md").unwrap_or_default();
    documents::table(map, "Arrows").iter().flat_map(|row| of_room(tree, row)).collect()
}

fn of_room(tree: &Tree, row: &str) -> Vec<String> {
    let last = row.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
    let all = cells(row);
    let (Some(room), true) = (all.first(), last.trim_start().starts_with("pure")) else { return Vec::new() };
    let excepted = all.last().cloned().unwrap_or_default();
    let folder = format!("crates/{}/src/", room.join(""));
    tree.ending(&[".rs"])
        .filter_map(|(path, text)| Some((path, path.strip_prefix(&folder)?, text)))
        .filter(|(_, inner, _)| !excepted.iter().any(|module| is_of_module(inner, module)))
        .flat_map(|(path, _, text)| acts(path, text))
        .collect()
}

fn is_of_module(inner: &str, module: &str) -> bool {
    inner.trim_end_matches(".rs").split('/').any(|part| part == module)
}

/// What acts before the tests of a file begin.
fn acts(path: &str, text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut findings = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default();
        for word in ACTS.iter().filter(|word| names_word(line, word)) {
            findings.push(format!("{path}:{}: a pure room names `{word}`", number + 1));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, code: &str, expected: &[&str]) {
        let map = "## Arrows\n| room | uses | |\n|---|---|---|\n| `smtp` | – | pure but for `driver` |\n| `hub` | – | |\n";
        let tree = Tree::of(&[("ARCHITECTURE.md", map), (path, code)]);
        assert_eq!(findings(&tree), expected, "{path}: {code}");
    }

    #[test]
    fn a_pure_room_only_decides() {
        check("crates/smtp/src/lib.rs", "use std::time::Duration; // tokio waits elsewhere\n", &[]);
        let said = ["crates/smtp/src/lib.rs:2: a pure room names `SystemTime`"];
        check("crates/smtp/src/lib.rs", "\nlet now = SystemTime::now();\n", &said);
        check("crates/smtp/src/lib.rs", "#[cfg(test)]\nmod tests { use std::fs; }\n", &[]);
        check("crates/smtp/src/driver.rs", "use tokio::io;\n", &[]);
        check("crates/hub/src/lib.rs", "use tokio::io;\n", &[]);
    }
}
