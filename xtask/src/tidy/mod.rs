//! `cargo xtask tidy`: the rules of the tree, as a test.
//!
//! What the compiler and clippy cannot see: which room may use which, what a document names, sizes, names, and
//! what must never be committed. Each rule is a function from the tree to findings, one sentence each.

mod arrows;
mod catalogues;
mod documents;
mod fixtures;
mod licences;
mod manifest;
mod purity;
mod sources;
mod tree;

use crate::shell::Shell;
use anyhow::Result;
use std::process::ExitCode;
use tree::Tree;

/// Findings that are shown at once.
pub const SHOWN_MAX: usize = 40;

/// Prints what is wrong.
pub fn run(shell: &Shell) -> Result<ExitCode> {
    let findings = findings(shell);
    for finding in findings.iter().take(SHOWN_MAX) {
        println!("{finding}");
    }
    println!("{} findings", findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything that breaks a rule. A rule that cannot be checked is a finding too.
pub fn findings(shell: &Shell) -> Vec<String> {
    match Tree::read(&shell.root) {
        Ok(tree) => of_tree(&tree).into_iter().chain(licences::findings(shell)).collect(),
        Err(error) => vec![format!("the tree cannot be read: {error:#}")],
    }
}

fn of_tree(tree: &Tree) -> Vec<String> {
    let rules: [fn(&Tree) -> Vec<String>; 7] = [
        arrows::findings,
        arrows::unused,
        purity::findings,
        sources::findings,
        documents::findings,
        fixtures::findings,
        catalogues::findings,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let findings = findings(&Shell::new().unwrap());
        assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
    }
}
