//! One line in the terminal that says how far it came. Nothing where nobody looks.

use super::talk::Report;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::time::Instant;

/// How often the line is written anew.
const EVERY: Duration = Duration::from_millis(200);

/// The line.
pub(super) struct Progress {
    name: String,
    total: Option<u64>,
    begun: Instant,
    written: Option<Instant>,
    is_seen: bool,
}

impl Progress {
    pub(super) fn new(name: &str, total: Option<u64>) -> Self {
        let name = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
        let is_seen = std::io::stderr().is_terminal();
        Self { name, total, begun: Instant::now(), written: None, is_seen }
    }

    /// Says how far it came. Messages are said where they are counted.
    pub(super) fn show(&mut self, bytes: u64, report: Option<&Report>) {
        if !self.is_seen || self.written.is_some_and(|written| written.elapsed() < EVERY) {
            return;
        }
        self.written = Some(Instant::now());
        let share =
            self.total.map(|total| format!(" {:3} %", bytes * 100 / total.max(1))).unwrap_or_default();
        let said = report.map(|report| {
            let rate = report.stored as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
            format!("  {} messages, {rate:.0} a second", report.stored + report.known)
        });
        let said = said.unwrap_or_default();
        // The terminal's own code for "clear to the end of the line". A line that cannot be written is no loss.
        let _ = write!(std::io::stderr(), "\r{}{share}  {} MB{said}\x1b[K", self.name, bytes / 1_000_000);
        let _ = std::io::stderr().flush();
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        if self.written.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
