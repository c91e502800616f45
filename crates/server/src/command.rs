//! The command line.

mod administer;
mod assess;
mod dns;
mod inspect;
mod serve;
mod transfer;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Private correspondence for a host and its people: one program, one folder.
#[derive(Debug, Parser)]
#[command(name = "caliopen", version, about)]
struct Arguments {
    /// Where everything is kept.
    #[arg(
        long,
        global = true,
        env = "CALIOPEN_DATA",
        default_value = "caliopen-data",
        value_name = "FOLDER"
    )]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves mail, the API and the web application until it is told to stop.
    Serve(serve::Options),
    /// Makes accounts.
    #[command(subcommand)]
    Account(administer::Account),
    /// Says which domains mail is received for.
    #[command(subcommand)]
    Domain(administer::Domain),
    /// Prints the DNS records to publish for a domain.
    Dns(dns::Options),
    /// Says what waits to leave: how much, for which domains, and what they answered. No address is shown.
    Queue,
    /// Brings old mail into an account.
    Import(transfer::Import),
    /// Writes the whole account into a file, for another Caliopen or for other programs.
    Export(transfer::Export),
    /// Reads the whole store, checks every record, and says what is wrong.
    Verify,
    /// Prints, as JSON, everything that is found in the message on standard input.
    Inspect(inspect::Options),
    /// Prints, as JSON, the privacy index of the evidence on standard input, with its reasons.
    Assess(assess::Options),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    match execute(arguments) {
        Ok(code) => code,
        Err(error) => {
            // One sentence: what failed, and why, without a list of causes on lines of their own.
            eprintln!("caliopen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error what `CALIOPEN_LOG` asks for, `info` by default. Libraries that write down the names that
/// they look up, which are the domains of correspondents, never log.
fn start_log() {
    let mut filter = EnvFilter::try_from_env("CALIOPEN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    for silent in ["hickory_net=off", "hickory_proto=off", "hickory_resolver=off", "mail_auth=off"] {
        filter = filter.add_directive(silent.parse().expect("a directive that is written here is one"));
    }
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal)
        .init();
}

fn execute(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Command::Inspect(options) => runtime()?.block_on(inspect::run(&options)),
        Command::Assess(options) => assess::run(&options),
        Command::Dns(options) => dns::run(&arguments.data, &options),
        Command::Serve(options) => runtime()?.block_on(serve::run(&arguments.data, &options)),
        Command::Account(command) => runtime()?.block_on(command.run(&arguments.data)),
        Command::Domain(command) => runtime()?.block_on(command.run(&arguments.data)),
        Command::Queue => runtime()?.block_on(administer::queue(&arguments.data)),
        Command::Import(command) => runtime()?.block_on(command.run(&arguments.data)),
        Command::Export(command) => runtime()?.block_on(command.run(&arguments.data)),
        Command::Verify => runtime()?.block_on(administer::verify(&arguments.data)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime cannot start")
}
