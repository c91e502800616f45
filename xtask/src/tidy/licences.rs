//! What comes with us: every crate that is built in has a licence that goes with ours, and none is banned.
//!
//! The same lists stand in deny.toml for those who have cargo-deny, which sees sources and advisories too.

use crate::shell::Shell;

/// Licences that may be combined with AGPL-3.0-or-later.
const ACCEPTED: [&str; 15] = [
    "0BSD",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// One TLS and one provider of cryptography: a second one makes rustls choose at run time.
const BANNED: [&str; 4] = ["ring", "openssl-sys", "native-tls", "openssl"];
/// Enough lines to be the real tree of the whole workspace.
const PACKAGES_MIN: usize = 10;

/// Crates that must not be built in.
pub fn findings(shell: &Shell) -> Vec<String> {
    let arguments = [
        "tree",
        "--workspace",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--locked",
        "--format",
        "{p}|{l}",
    ];
    let finished = match shell.finish("licences", shell.command("", "cargo", &arguments)) {
        Ok(finished) if finished.success => finished,
        Ok(finished) => return vec![format!("`cargo tree` failed; see {}", finished.log.display())],
        Err(error) => return vec![format!("{error:#}")],
    };
    let mut findings: Vec<String> = finished.output.lines().filter_map(of_package).collect();
    findings.sort();
    findings.dedup();
    if finished.output.lines().count() < PACKAGES_MIN {
        findings.push("`cargo tree` names no packages: licences were not checked".to_owned());
    }
    findings
}

/// `name v1.2.3|LICENCE`, perhaps with a mark that the package stood before.
fn of_package(line: &str) -> Option<String> {
    let (package, licence) = line.split_once('|')?;
    let name = package.split(' ').next().unwrap_or_default();
    let licence = licence.trim_end_matches("(*)").trim();
    if BANNED.contains(&name) {
        return Some(format!("Cargo.lock: `{name}` is banned (one TLS, one provider of cryptography)"));
    }
    (!accepts(licence)).then(|| format!("Cargo.lock: `{name}` has the licence {licence:?}"))
}

/// An SPDX expression: each side of AND, one side of OR. `/` is an old way to write OR.
fn accepts(expression: &str) -> bool {
    let plain = expression.replace(" WITH LLVM-exception", "").replace('/', " OR ");
    split_outside(&plain, " AND ").iter().all(|part| {
        let inner = part.trim().trim_start_matches('(').trim_end_matches(')');
        match split_outside(part.trim(), " OR ").as_slice() {
            [_] if inner.len() < part.trim().len() => accepts(inner),
            [one] => ACCEPTED.contains(&one.trim()),
            several => several.iter().any(|choice| accepts(choice)),
        }
    })
}

/// Splits at a word that stands outside parentheses.
fn split_outside<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for (at, _) in text.match_indices(word) {
        let head = text.get(begin..at).unwrap_or_default();
        if head.matches('(').count() == head.matches(')').count() {
            parts.push(head);
            begin = at + word.len();
        }
    }
    parts.push(text.get(begin..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, accepted: bool) {
        assert_eq!(of_package(line).is_none(), accepted, "{line}");
    }

    #[test]
    fn licences_are_read_as_spdx_says() {
        check("a v1.0.0|MIT", true);
        check("a v1.0.0|MIT OR GPL-2.0-only", true);
        check("a v1.0.0|MIT/Apache-2.0 (*)", true);
        check("a v1.0.0|ISC AND (Apache-2.0 OR ISC)", true);
        check("a v1.0.0|(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("a v1.0.0|Apache-2.0 WITH LLVM-exception OR MIT", true);
        check("a v1.0.0|MIT AND GPL-2.0-only", false);
        check("a v1.0.0|GPL-3.0-only", false);
        check("a v1.0.0|", false);
        check("ring v0.17.0|Apache-2.0 AND ISC", false);
    }
}
