//! Other programs and their output.
//!
//! A command runs quietly into a log of its own; only the end of that log is shown, and only when it fails. So
//! what a person or CI reads stays short however much a compiler says.

use anyhow::{Context, Result};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Lines of a failed command's log that are shown.
const TAIL_LINES: usize = 60;
/// Characters of one such line that are shown.
const TAIL_LINE_CHARS: usize = 240;

/// Where the source, the built programs and the logs are.
#[derive(Debug)]
pub struct Shell {
    /// The workspace's root.
    pub root: PathBuf,
    /// The folder that cargo puts programs into: `xtask` itself stands there.
    pub programs: PathBuf,
    logs: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub struct Finished {
    /// It exited with 0.
    pub success: bool,
    /// Everything that it printed.
    pub output: String,
    /// Where that is kept.
    pub log: PathBuf,
    /// How long it took.
    pub took: Duration,
}

impl Shell {
    /// Finds the workspace by what cargo says when it runs `xtask`, and the programs by where it runs. Where it was
    /// compiled is no answer under cargo: two clones that share a target folder share the program.
    pub fn new() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?;
        let own = std::env::current_exe().context("this program does not know where it is")?;
        let programs = own.parent().context("this program stands in no folder")?;
        let logs = programs.join("xtask-logs");
        fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
        Ok(Self { root: root.to_owned(), programs: programs.to_owned(), logs })
    }

    /// A command in a folder of the workspace, without standard input and without colours.
    pub fn command(&self, folder: &str, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.root.join(folder))
            .stdin(Stdio::null())
            .env("CARGO_TERM_COLOR", "never")
            .env("NO_COLOR", "1")
            .env("npm_config_fund", "false")
            .env("npm_config_audit", "false")
            .env("npm_config_update_notifier", "false");
        command
    }

    /// Runs a command to its end. `name` names its log. An error when it cannot be started at all.
    pub fn finish(&self, name: &str, mut command: Command) -> Result<Finished> {
        let log = self.logs.join(format!("{}.log", name.replace([' ', '/'], "-")));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let begun = now();
        let status = command
            .stdout(file.try_clone()?)
            .stderr(file)
            .status()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let bytes = fs::read(&log).with_context(|| format!("cannot read {}", log.display()))?;
        let output = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Finished { success: status.success(), output, log, took: begun.elapsed() })
    }

    /// Runs a command that everything after it needs. On failure its end is in the error.
    pub fn require(&self, name: &str, command: Command) -> Result<Finished> {
        let finished = self.finish(name, command)?;
        if finished.success {
            return Ok(finished);
        }
        anyhow::bail!("{name} failed; the end of {}:\n{}", finished.log.display(), tail(&finished.output))
    }
}

/// The end of an output, short enough to be read.
pub fn tail(output: &str) -> String {
    let mut lines = VecDeque::new();
    for line in output.lines() {
        if lines.len() == TAIL_LINES {
            lines.pop_front();
        }
        lines.push_back(line.chars().take(TAIL_LINE_CHARS).collect::<String>());
    }
    Vec::from(lines).join("\n")
}

/// Whether a program can be found: on the path, or where Debian puts what only root needs.
pub fn has_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let administrators = ["/usr/sbin", "/sbin", "/usr/local/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(administrators).any(|folder| folder.join(name).is_file())
}

/// The time, to measure how long something took.
#[expect(clippy::disallowed_methods, reason = "a tool for people measures real time")]
pub fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_the_end_and_is_bounded() {
        let long: String = (0..500).map(|n| format!("line {n} {}\n", "x".repeat(400))).collect();
        let shown = tail(&long);
        assert_eq!(shown.lines().count(), TAIL_LINES);
        assert!(shown.lines().last().unwrap().starts_with("line 499 "));
        assert!(shown.lines().all(|line| line.chars().count() <= TAIL_LINE_CHARS));
        assert_eq!(tail("one\ntwo"), "one\ntwo");
    }
}
