//! How heavy the application is before a person can read: what the first page loads, compressed.

use super::report::{Report, Row};
use crate::shell::Shell;
use anyhow::{Context, Result, bail};

/// Asks the application's own budget table, which reads what the build wrote.
pub fn measure(shell: &Shell, report: &mut Report) -> Result<()> {
    let finished =
        shell.finish("bench web size", shell.command("web", "npm", &["run", "--silent", "size"]))?;
    if !finished.success {
        bail!("the application is over its budget: see {}", finished.log.display());
    }
    for line in finished.output.lines().filter_map(|line| line.strip_prefix("ok")) {
        // `name   found of most`: the name ends where two spaces follow it.
        let (name, rest) = line.trim().split_once("  ").context("a line of the budget has no figure")?;
        let (found, most) = rest.split_once(" of ").context("a line of the budget has no limit")?;
        report.add(Row::new(format!("web: {name}"), found.trim(), format!("≤ {}", most.trim()), true));
    }
    Ok(())
}
