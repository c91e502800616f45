//! The speed that a person sees, in the real browser: `npm run bench` measures it and prints a table like that of `weight`.

use super::report::{Report, Row};
use crate::shell::Shell;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Runs the application's own bench, with the server for what arrives.
pub fn measure(shell: &Shell, server: &Path, report: &mut Report) -> Result<()> {
    let mut command = shell.command("web", "npm", &["run", "--silent", "bench"]);
    command.env("CALIOPEN_PROGRAM", server);
    let finished = shell.finish("bench web speed", command)?;
    let lines: Vec<&str> = finished.output.lines().filter(|line| line.contains(" of ")).collect();
    if lines.is_empty() {
        bail!("the browser measured nothing: see {}", finished.log.display());
    }
    for line in lines {
        // `ok    name   found of most`: the name ends where two spaces follow it.
        let (verdict, rest) = line.split_once("  ").context("a line of the bench has no verdict")?;
        let (name, rest) = rest.trim().split_once("  ").context("a line of the bench has no figure")?;
        let (found, most) = rest.split_once(" of ").context("a line of the bench has no limit")?;
        report.add(Row::new(format!("web: {name}"), found.trim(), most.trim(), verdict == "ok"));
    }
    Ok(())
}
