//! The demo: alice, bob, and a year of mail, delivered by the real way in.

use super::server::Server;
use crate::shell::Shell;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A domain that nobody can own (RFC 2606).
const DOMAIN: &str = "caliopen.example";
/// Both accounts have it: it is printed, and the demo listens on this machine alone.
const PASSWORD: &str = "lanterne et papier";

/// Makes the accounts when the folder is new. Whether the sample is still to be delivered.
pub fn prepare(server: &Server, data: &Path) -> Result<bool> {
    if mark(data).exists() {
        println!("the sample is already there: remove {} to begin anew", data.display());
        return Ok(false);
    }
    if fs::read_dir(data)?.next().is_some() {
        bail!(
            "{} holds something else than a finished demo: name an empty folder with --data",
            data.display()
        );
    }
    server.add_domain(DOMAIN)?;
    for (name, language) in [("alice", "en"), ("bob", "en")] {
        server.add_account(&format!("{name}@{DOMAIN}"), language, PASSWORD)?;
    }
    Ok(true)
}

/// Delivers the sample to the running server.
pub fn fill(shell: &Shell, server: &Server, data: &Path) -> Result<()> {
    let status = Command::new(shell.programs.join("caliopen-sample"))
        .args(["--smtp", &server.smtp.to_string(), "--domain", DOMAIN])
        .stdin(Stdio::null())
        .status()
        .context("cannot start caliopen-sample")?;
    if !status.success() {
        bail!("the sample was not delivered in full");
    }
    fs::write(mark(data), "The demo's sample was delivered in full.\n").context("cannot mark the folder")
}

/// What a person needs to look around.
pub fn welcome() -> String {
    format!("sign in as alice@{DOMAIN} or bob@{DOMAIN}, password: {PASSWORD}")
}

/// Stands beside the store, not in it: the store refuses files that it does not know.
fn mark(data: &Path) -> PathBuf {
    data.with_extension("demo")
}
