//! The administrator's commands to a running server, over a socket in the data folder that only its owner can open.
//! One JSON line in, one out. The store has one process at a time: the command line speaks here when there is one.

mod queue;

use crate::serve::stop_asked;
use anyhow::{Context, Result};
use caliopen_hub::Hub;
use caliopen_model::{EmailAddress, Language};
use serde::{Deserialize, Serialize};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// Longest command, in bytes.
const COMMAND_BYTES_MAX: u64 = 64 * 1024;
/// How long a command may take to be written.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// What an administrator can ask.
#[derive(Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub(crate) enum Command {
    /// Receive mail for a domain.
    AddDomain {
        /// Its name.
        domain: String,
    },
    /// The domains.
    ListDomains,
    /// Make an account.
    AddAccount {
        /// Its first address.
        address: String,
        /// Its first password.
        password: String,
        /// A tag of BCP 47.
        language: String,
    },
    /// Give an account another address.
    AddAlias {
        /// An address that it has.
        address: String,
        /// The new one.
        alias: String,
    },
    /// Say what waits to leave.
    Queue,
    /// Read the whole store.
    Verify,
}

/// What came of it: lines for the administrator.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Whether it was done, or found in order.
    pub(crate) ok: bool,
    /// What to print.
    pub(crate) lines: Vec<String>,
}

impl Answer {
    fn done(line: impl Into<String>) -> Self {
        Self { ok: true, lines: vec![line.into()] }
    }

    fn refused(error: impl std::fmt::Display) -> Self {
        Self { ok: false, lines: vec![error.to_string()] }
    }
}

/// Does what was asked.
pub(crate) async fn execute(hub: &Hub, command: Command) -> Answer {
    match command {
        Command::AddDomain { domain } => match EmailAddress::parse(&format!("postmaster@{domain}")) {
            Ok(address) => match hub.add_domain(address.domain()).await {
                Ok(()) => Answer::done(format!("mail for {domain} is received now")),
                Err(error) => Answer::refused(error),
            },
            Err(error) => Answer::refused(error),
        },
        Command::ListDomains => match hub.domains().await {
            Ok(lines) => Answer { ok: true, lines },
            Err(error) => Answer::refused(error),
        },
        Command::AddAccount { address, password, language } => {
            add_account(hub, &address, &Zeroizing::new(password), &language).await
        }
        Command::AddAlias { address, alias } => add_alias(hub, &address, &alias).await,
        Command::Queue => queue::overview(hub).await,
        Command::Verify => verify(hub).await,
    }
}

async fn add_alias(hub: &Hub, address: &str, alias: &str) -> Answer {
    match (EmailAddress::parse(address), EmailAddress::parse(alias)) {
        (Ok(address), Ok(alias)) => match hub.add_alias(&address, &alias).await {
            Ok(()) => {
                Answer::done(format!("mail for {alias} reaches {address} now, and can be written from it"))
            }
            Err(error) => Answer::refused(error),
        },
        (Err(error), _) | (_, Err(error)) => Answer::refused(error),
    }
}

async fn add_account(hub: &Hub, address: &str, password: &str, language: &str) -> Answer {
    let Some(language) = Language::from_tag(language) else {
        return Answer::refused("the language is one of en, fr, it");
    };
    match EmailAddress::parse(address) {
        Ok(address) => match hub.add_account(&address, password, language).await {
            Ok(_) => Answer::done(format!("{address} can sign in now")),
            Err(error) => Answer::refused(error),
        },
        Err(error) => Answer::refused(error),
    }
}

async fn verify(hub: &Hub) -> Answer {
    match hub.verify().await {
        Ok(findings) => {
            let read = format!("{} accounts, {} messages read", findings.accounts, findings.messages);
            let ok = findings.faults.is_empty();
            let verdict =
                if ok { "nothing is wrong".to_owned() } else { format!("{} faults", findings.faults.len()) };
            let mut lines = findings.faults;
            lines.push(format!("{read}; {verdict}"));
            Answer { ok, lines }
        }
        Err(error) => Answer::refused(error),
    }
}

/// Takes commands until the server stops.
pub(crate) async fn serve(listener: UnixListener, hub: Arc<Hub>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stop_asked(&mut stop) => return,
            accepted = listener.accept() => {
                // One administrator at a time: what is asked here is rare.
                if let Ok((stream, _)) = accepted && let Err(error) = answer(stream, &hub).await {
                    tracing::warn!(%error, "a command was not answered");
                }
            }
        }
    }
}

async fn answer(mut stream: UnixStream, hub: &Hub) -> Result<()> {
    let (read, mut write) = stream.split();
    let mut line = Zeroizing::new(String::new());
    let mut reader = BufReader::new(read.take(COMMAND_BYTES_MAX));
    tokio::time::timeout(COMMAND_TIMEOUT, reader.read_line(&mut line)).await??;
    let answer = match serde_json::from_str(&line) {
        Ok(command) => execute(hub, command).await,
        Err(_) => Answer::refused("the server does not know this command; is it of the same version?"),
    };
    let mut text = serde_json::to_string(&answer)?;
    text.push('\n');
    write.write_all(text.as_bytes()).await?;
    Ok(())
}

/// Listens for commands. A socket that a killed server left behind is replaced.
pub(crate) fn listen(path: &Path) -> Result<UnixListener> {
    let _nothing_there = std::fs::remove_file(path);
    let listener = UnixListener::bind(path).with_context(|| format!("{} cannot be made", path.display()))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Asks the running server. None: no server is running.
pub(crate) async fn ask(path: &Path, command: &Command) -> Result<Option<Answer>> {
    let Ok(mut stream) = UnixStream::connect(path).await else {
        return Ok(None);
    };
    let mut text = Zeroizing::new(serde_json::to_string(command)?);
    text.push('\n');
    stream.write_all(text.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(Some(serde_json::from_str(&answer).context("the server ended before it answered")?))
}
