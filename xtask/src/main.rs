//! `cargo xtask run · test · bench · tidy`: everything that a contributor types.
//!
//! It starts other programs and reads the tree; no rule of the product lives here. Its dependencies are kept to
//! two, so that it compiles in seconds on a fresh clone.

mod bench;
mod formula;
mod run;
mod shell;
mod suite;
mod tidy;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, starts, tests and tidies Caliopen.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds the web application and the server, and starts it on an embedded store.
    Run(run::Options),
    /// Runs everything that CI runs, and says in one line how it went.
    Test(suite::Options),
    /// Measures what is promised, with peers in the same run. Takes about a quarter of an hour.
    Bench(bench::Options),
    /// Checks the rules of the tree: arrows, rooms, sizes, names, documents, licences.
    Tidy,
}

fn main() -> Result<ExitCode> {
    let shell = shell::Shell::new()?;
    match Arguments::parse().command {
        Command::Run(options) => run::run(&shell, &options),
        Command::Test(options) => suite::run(&shell, &options),
        Command::Bench(options) => bench::run(&shell, &options),
        Command::Tidy => tidy::run(&shell),
    }
}
