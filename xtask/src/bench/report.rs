//! The table of a run.

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::Path;

/// One figure, what it should reach, and whether it does.
#[derive(Debug)]
pub struct Row {
    measure: String,
    found: String,
    reach: String,
    reached: bool,
}

impl Row {
    /// A figure.
    pub fn new(
        measure: impl Into<String>,
        found: impl Into<String>,
        reach: impl Into<String>,
        reached: bool,
    ) -> Self {
        Self { measure: measure.into(), found: found.into(), reach: reach.into(), reached }
    }
}

/// All figures of a run, in the order in which they were measured.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Prints a figure as soon as it is known, and keeps it.
    pub fn add(&mut self, row: Row) {
        println!("{:<58} {:<34} {:<28} {}", row.measure, row.found, row.reach, verdict(&row));
        self.rows.push(row);
    }

    /// Whether every figure reaches what it should.
    pub fn all_reached(&self) -> bool {
        self.rows.iter().all(|row| row.reached)
    }

    /// The table in Markdown.
    pub fn table(&self) -> String {
        let mut table = "| measure | found | reach | |\n|---|---|---|---|\n".to_owned();
        for row in &self.rows {
            // Writing into a string does not fail.
            let _ = writeln!(table, "| {} | {} | {} | {} |", row.measure, row.found, row.reach, verdict(row));
        }
        table
    }

    /// Writes the table with the machine that it was measured on.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = format!(
            "# Bench\n\nPrinted by `cargo xtask bench --write` with the release build, peers in the same run on the same \
             disk. Machine: {}.\n\n{}",
            machine(),
            self.table()
        );
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn verdict(row: &Row) -> &'static str {
    if row.reached { "reached" } else { "**missed**" }
}

fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let memory = read("/proc/meminfo");
    let kib: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    format!(
        "{cores} cores ({}), {} GiB of memory",
        model.trim_start_matches([' ', '\t', ':']),
        kib / 1024 / 1024
    )
}
