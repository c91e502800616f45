//! The committed files, read once.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Folders that hold what was built, brought or found, never what was written here.
const SKIPPED: [&str; 10] = [
    ".git",
    ".svelte-kit",
    "artifacts",
    "corpus",
    "coverage",
    "dist",
    "node_modules",
    "paraglide",
    "proptest-regressions",
    "target",
];

/// One file: its path from the root, with `/`, and its text when it is text.
#[derive(Debug)]
pub struct Entry {
    pub path: String,
    pub text: Option<String>,
}

/// Every file of the project, in the order of their paths.
#[derive(Debug)]
pub struct Tree {
    pub entries: Vec<Entry>,
}

impl Tree {
    /// Reads everything under a root.
    pub fn read(root: &Path) -> Result<Self> {
        let mut entries = Vec::new();
        walk(root, "", &mut entries)?;
        entries.sort_by(|a: &Entry, b| a.path.cmp(&b.path));
        Ok(Self { entries })
    }

    /// A tree of texts, for the tests of the rules.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let entry =
            |(path, text): &(&str, &str)| Entry { path: (*path).to_owned(), text: Some((*text).to_owned()) };
        Self { entries: files.iter().map(entry).collect() }
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.path == path)?.text.as_deref()
    }

    /// Whether a file or folder is there.
    pub fn holds(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.entries.iter().any(|entry| entry.path == path || entry.path.starts_with(&folder))
    }

    /// Texts whose names end so, with their paths.
    pub fn ending<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.entries.iter().filter_map(move |entry| {
            let matches = endings.iter().any(|ending| entry.path.ends_with(ending));
            Some((entry.path.as_str(), entry.text.as_deref()?)).filter(|_| matches)
        })
    }
}

fn walk(folder: &Path, prefix: &str, entries: &mut Vec<Entry>) -> Result<()> {
    for item in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let item = item?;
        let name = item.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if item.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(&item.path(), &format!("{path}/"), entries)?;
            }
        } else {
            let bytes = fs::read(item.path()).with_context(|| format!("cannot read {path}"))?;
            entries.push(Entry { path, text: String::from_utf8(bytes).ok() });
        }
    }
    Ok(())
}
