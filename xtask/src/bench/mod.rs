//! `cargo xtask bench`: the numbers that Caliopen promises, measured on this machine, peers in the same run.
//!
//! The server is the release build, started as a host starts it. Each figure is printed with what it should reach; the
//! table is written to `docs/bench.md` with the machine that it ran on.

mod corpus;
mod dovecot;
mod http;
mod import;
mod indices;
mod ingest;
mod names;
mod page;
mod process;
mod queue;
mod report;
mod search;
mod speed;
mod weight;

use crate::run::web;
use crate::shell::Shell;
use anyhow::{Context, Result, bail};
use report::Report;
use std::process::ExitCode;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Messages of the large account.
    #[arg(long, default_value_t = 100_000)]
    messages: u32,
    /// Messages of the queue.
    #[arg(long, default_value_t = 10_000)]
    queued: u32,
    /// Rounds of each comparison with a peer; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Writes the table to docs/bench.md.
    #[arg(long, conflicts_with = "only")]
    write: bool,
    /// Measures one part alone.
    #[arg(long)]
    only: Option<Part>,
    /// Measures this program, instead of building one.
    #[arg(long, conflicts_with = "write", value_name = "FILE")]
    program: Option<std::path::PathBuf>,
}

/// What can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// What the browser loads.
    Weight,
    /// How fast it answers.
    Speed,
    /// The privacy index.
    Indices,
    /// Mail coming in.
    Ingest,
    /// Mail going out.
    Queue,
    /// A page of a large account, its memory and disk.
    Page,
    /// Search in a large account.
    Search,
    /// Old mail coming in.
    Import,
}

/// Measures everything and prints the table.
pub fn run(shell: &Shell, options: &Options) -> Result<ExitCode> {
    let server = match &options.program {
        Some(program) => program.clone(),
        None => build(shell)?,
    };
    let folder = scratch()?;
    let mut report = Report::default();
    let wanted = |part| options.only.is_none_or(|only| only == part);
    if wanted(Part::Weight) {
        weight::measure(shell, &mut report)?;
    }
    if wanted(Part::Speed) {
        speed::measure(shell, &server, &mut report)?;
    }
    if wanted(Part::Indices) {
        indices::measure(&server, &folder, &mut report)?;
    }
    if wanted(Part::Ingest) {
        ingest::measure(&server, &folder, options.rounds, &mut report)?;
    }
    if wanted(Part::Queue) {
        queue::measure(&server, &folder, options.queued, options.rounds, &mut report)?;
    }
    if wanted(Part::Import) {
        import::measure(&server, &folder, &mut report)?;
    }
    if wanted(Part::Page) {
        page::measure(&server, &folder, options.messages, &mut report)?;
    }
    if wanted(Part::Search) {
        search::measure(&server, &folder, options.messages, &mut report)?;
    }
    std::fs::remove_dir_all(&folder).context("the bench's folder cannot be removed")?;
    println!("{}", report.table());
    if options.write {
        report.write(&shell.root.join("docs/bench.md"))?;
    }
    Ok(if report.all_reached() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The release build, as a host runs it, with the application inside.
fn build(shell: &Shell) -> Result<std::path::PathBuf> {
    web::build(shell)?;
    let arguments = ["build", "--release", "--locked", "--package", "caliopen-server"];
    let finished = shell.finish("bench build", shell.command(".", "cargo", &arguments))?;
    if !finished.success {
        bail!("the release build failed: see {}", finished.log.display());
    }
    let programs = shell.programs.parent().context("the programs stand in a target folder")?;
    Ok(programs.join("release/caliopen"))
}

/// A new folder on a disk, which the user of a peer can reach too: a memory file system would flatter every fsync.
fn scratch() -> Result<std::path::PathBuf> {
    let folder = std::path::PathBuf::from(format!("/var/tmp/caliopen-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
