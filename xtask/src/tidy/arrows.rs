//! Which room uses which, and where a crate of others may be used: the tables of ARCHITECTURE.md are the law.

use super::documents::{self, cells};
use super::manifest::Manifest;
use super::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const MAP: &str = "ARCHITECTURE.md";
const OURS: &str = "caliopen-";

/// Arrows that differ from the table, and vendor crates outside their room.
pub fn findings(tree: &Tree) -> Vec<String> {
    let Some(map) = tree.text(MAP) else { return vec![format!("{MAP} is missing")] };
    let rooms = rooms(tree);
    let mut findings = arrows(&documents::table(map, "Arrows"), &rooms);
    findings.extend(vendors(&documents::table(map, "Vendor crates"), &rooms, tree));
    findings
}

/// Dependencies that nothing uses: of the workspace by no crate, of a crate in none of its sources.
pub fn unused(tree: &Tree) -> Vec<String> {
    let rooms = rooms(tree);
    let used: BTreeSet<&String> = rooms.values().flat_map(Manifest::all).collect();
    let workspace = Manifest::parse(tree.text("Cargo.toml").unwrap_or_default());
    let nowhere = workspace.workspace.iter().filter(|name| !used.contains(name));
    let mut findings: Vec<String> =
        nowhere.map(|name| format!("Cargo.toml: no crate uses the workspace's `{name}`")).collect();
    for (room, manifest) in &rooms {
        let folder = folder_of(room);
        let sources = || tree.ending(&[".rs"]).filter(|(path, _)| path.starts_with(&folder));
        let named = |name: &str| sources().any(|(_, text)| names_word(text, &name.replace('-', "_")));
        let idle = manifest.all().filter(|name| !named(name));
        findings.extend(idle.map(|name| format!("{folder}Cargo.toml: no source of `{room}` names `{name}`")));
    }
    findings
}

/// Every room by its name, with what it depends on.
fn rooms(tree: &Tree) -> BTreeMap<String, Manifest> {
    tree.ending(&["Cargo.toml"])
        .filter_map(|(path, text)| {
            let room = match path.strip_suffix("/Cargo.toml")? {
                "xtask" => "xtask",
                inner => inner.strip_prefix("crates/")?,
            };
            Some((room.to_owned(), Manifest::parse(text)))
        })
        .collect()
}

fn folder_of(room: &str) -> String {
    if room == "xtask" { "xtask/".to_owned() } else { format!("crates/{room}/") }
}

fn arrows(table: &[String], rooms: &BTreeMap<String, Manifest>) -> Vec<String> {
    let mut stated: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table {
        if let [from, to, ..] = cells(row).as_slice() {
            stated.entry(from.join(" ")).or_default().extend(to.iter().cloned());
        }
    }
    let mut findings = Vec::new();
    for (room, manifest) in rooms {
        let drawn: BTreeSet<String> =
            manifest.normal.iter().filter_map(|name| name.strip_prefix(OURS)).map(str::to_owned).collect();
        let Some(allowed) = stated.remove(room) else {
            findings.push(format!("{MAP}: the table of arrows has no row for `{room}`"));
            continue;
        };
        findings.extend(
            drawn.difference(&allowed).map(|to| {
                format!("{}Cargo.toml: the arrow `{room}` → `{to}` is not in {MAP}", folder_of(room))
            }),
        );
        findings.extend(
            allowed
                .difference(&drawn)
                .map(|to| format!("{MAP}: there is no arrow `{room}` → `{to}`, remove it")),
        );
    }
    findings.extend(
        stated.keys().map(|room| format!("{MAP}: the table of arrows names `{room}`, which is no room")),
    );
    findings
}

/// Each outside crate stands in the table, and is used in the rooms that its row names. Tests may use any.
fn vendors(table: &[String], rooms: &BTreeMap<String, Manifest>, tree: &Tree) -> Vec<String> {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in table {
        if let [crates, rooms, ..] = cells(row).as_slice() {
            crates.iter().for_each(|name| {
                homes.insert(name.clone(), rooms.clone());
            });
        }
    }
    let mut findings = Vec::new();
    for (room, manifest) in rooms {
        for name in manifest.normal.iter().filter(|name| !name.starts_with(OURS)) {
            let at_home =
                homes.get(name).is_some_and(|homes| homes.iter().any(|home| home == room || home == "any"));
            if !at_home && homes.contains_key(name) {
                findings.push(format!("{}Cargo.toml: {MAP} keeps `{name}` out of `{room}`", folder_of(room)));
            }
        }
    }
    let workspace = Manifest::parse(tree.text("Cargo.toml").unwrap_or_default());
    let outside = workspace.workspace.iter().filter(|name| !name.starts_with(OURS));
    findings.extend(
        outside
            .filter(|name| !homes.contains_key(*name))
            .map(|name| format!("{MAP}: the table of vendor crates has no row for `{name}`")),
    );
    let brought: BTreeSet<&String> = workspace.workspace.iter().collect();
    findings.extend(
        homes
            .keys()
            .filter(|name| !brought.contains(name))
            .map(|name| format!("{MAP}: the table of vendor crates names `{name}`, which nothing uses")),
    );
    findings
}

/// Whether a text names a word, not only as a part of a longer one.
pub fn names_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = "## Arrows\n\n| room | uses |\n|---|---|\n| `hub` | `model` |\n| `model` | – |\n\n\
                          ## Vendor crates\n\n| crates | rooms |\n|---|---|\n| `rusqlite` | `model` |\n";

    fn check(hub: &str, expected: &[&str]) {
        let tree = Tree::of(&[
            (MAP, TABLES),
            ("Cargo.toml", "[workspace.dependencies]\nrusqlite = \"1\"\n"),
            ("crates/hub/Cargo.toml", hub),
            ("crates/model/Cargo.toml", ""),
        ]);
        assert_eq!(findings(&tree), expected, "{hub}");
    }

    #[test]
    fn arrows_are_those_of_the_table() {
        check("[dependencies]\ncaliopen-model.workspace = true\n", &[]);
        check("", &["ARCHITECTURE.md: there is no arrow `hub` → `model`, remove it"]);
        check(
            "[dependencies]\ncaliopen-model.workspace = true\ncaliopen-jmap.workspace = true\n",
            &["crates/hub/Cargo.toml: the arrow `hub` → `jmap` is not in ARCHITECTURE.md"],
        );
        check(
            "[dependencies]\ncaliopen-model.workspace = true\nrusqlite.workspace = true\n",
            &["crates/hub/Cargo.toml: ARCHITECTURE.md keeps `rusqlite` out of `hub`"],
        );
    }

    #[test]
    fn a_dependency_that_no_source_names_is_said() {
        let tree = Tree::of(&[
            ("Cargo.toml", "[workspace.dependencies]\nbytes = \"1\"\nclap = \"4\"\n"),
            ("crates/hub/Cargo.toml", "[dependencies]\nbytes.workspace = true\n"),
            ("crates/hub/src/lib.rs", "let megabytes = bytes_max;\n"),
        ]);
        let said = unused(&tree);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().any(|line| line.contains("workspace's `clap`")));
    }

    #[test]
    fn a_word_is_whole() {
        assert!(names_word("use bytes::Bytes;", "bytes"));
        assert!(!names_word("let kilobytes = 1;", "bytes"));
        assert!(!names_word("bytes_max", "bytes"));
    }
}
