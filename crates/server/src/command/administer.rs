//! `caliopen account`, `domain`, `queue`, `verify`: through the running server, or on the store itself when none runs.

use crate::config::{Config, Room};
use crate::control::{Answer, Command, ask, execute};
use crate::folder::DataFolder;
use anyhow::{Context, Result, bail};
use caliopen_hub::Allowance;
use clap::Subcommand;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use zeroize::Zeroizing;

#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// Makes an account. Asks for its password, or reads it from standard input.
    Add {
        /// Its address, in a domain of this host.
        address: String,
        /// en, fr or it.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Says how much of the disk the mail of an account takes and may take, or lets it take more or less.
    Storage {
        /// An address that the account has.
        address: String,
        /// A size such as `20 GB`; `unlimited`; or `host`, as much as everybody here.
        #[arg(long, value_parser = parse_allowance)]
        allow: Option<Allowance>,
    },
    /// Says which other addresses reach an account.
    #[command(subcommand)]
    Alias(Alias),
}

#[derive(Debug, Subcommand)]
pub(super) enum Alias {
    /// Gives an account another address: its mail arrives there, and can be written from it.
    Add {
        /// An address that the account has.
        address: String,
        /// The new one, in a domain of this host.
        alias: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Domain {
    /// Receives mail for a domain.
    Add {
        /// Its name.
        domain: String,
    },
    /// Lists the domains.
    List,
}

impl Account {
    pub(super) async fn run(self, data: &Path) -> Result<ExitCode> {
        let command = match self {
            Self::Add { address, language } => {
                let password = read_password(&address)?.to_string();
                Command::AddAccount { address, password, language }
            }
            Self::Storage { address, allow } => Command::Storage { address, allow },
            Self::Alias(Alias::Add { address, alias }) => Command::AddAlias { address, alias },
        };
        print(&perform(data, command).await?)
    }
}

impl Domain {
    pub(super) async fn run(self, data: &Path) -> Result<ExitCode> {
        let command = match self {
            Self::Add { domain } => Command::AddDomain { domain },
            Self::List => Command::ListDomains,
        };
        print(&perform(data, command).await?)
    }
}

/// `caliopen queue`.
pub(super) async fn queue(data: &Path) -> Result<ExitCode> {
    print(&perform(data, Command::Queue).await?)
}

/// `caliopen verify`.
pub(super) async fn verify(data: &Path) -> Result<ExitCode> {
    print(&perform(data, Command::Verify).await?)
}

async fn perform(data: &Path, command: Command) -> Result<Answer> {
    if !data.exists() && !matches!(command, Command::AddDomain { .. }) {
        bail!("there is no data folder {}; name it with --data", data.display());
    }
    let folder = DataFolder::at(data);
    if let Some(answer) = ask(&folder.control_socket(), &command).await? {
        return Ok(answer);
    }
    let opened = folder.open_hub_offline().await?;
    Config::of_folder(data)?.tell(&opened.hub);
    Ok(execute(&opened.hub, command).await)
}

fn print(answer: &Answer) -> Result<ExitCode> {
    for line in &answer.lines {
        if answer.ok { println!("{line}") } else { eprintln!("caliopen: {line}") }
    }
    Ok(if answer.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_password(address: &str) -> Result<Zeroizing<String>> {
    if std::io::stdin().is_terminal() {
        let password = Zeroizing::new(rpassword::prompt_password(format!("Password for {address}: "))?);
        let again = Zeroizing::new(rpassword::prompt_password("Again: ")?);
        if *password != *again {
            bail!("the two passwords differ");
        }
        return Ok(password);
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut line).context("no password on standard input")?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn parse_allowance(text: &str) -> Result<Allowance, &'static str> {
    match text {
        "host" => Ok(Allowance::Host),
        _ => text.parse::<Room>().map(|room| room.bytes().map_or(Allowance::Unlimited, Allowance::Bytes)),
    }
}
