//! The administrator's commands to a running server, over a socket in the data folder that only its owner can open.
//! One JSON line in, one out. The store has one process at a time: the command line speaks here when there is one.

mod queue;

use crate::serve::stop_asked;
use crate::transfer::{self, Exported, Wish};
use anyhow::{Context, Result};
use bytesize::ByteSize;
use caliopen_hub::{Allowance, Hub, StorageView};
use caliopen_model::{EmailAddress, Language};
use serde::{Deserialize, Serialize};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

/// Longest command, in bytes.
const COMMAND_BYTES_MAX: u64 = 64 * 1024;
/// How long a command may take to be written.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);
/// Commands that are done at a time.
const COMMANDS_MAX: usize = 8;

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
    /// Say what the mail of an account takes and may take, and change what it may.
    Storage {
        /// An address that it has.
        address: String,
        /// What it may take from now on.
        allow: Option<Allowance>,
    },
    /// Say what waits to leave.
    Queue,
    /// Bring a file into an account. Its bytes follow.
    Import {
        /// Whose account.
        address: String,
        /// What opens it.
        password: String,
        /// Which file.
        wish: Wish,
    },
    /// Give out everything of an account.
    Export {
        /// Whose account.
        address: String,
        /// What opens it.
        password: String,
        /// As what.
        exported: Exported,
    },
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
        Command::Storage { address, allow } => storage(hub, &address, allow).await,
        Command::Queue => queue::overview(hub).await,
        Command::Verify => verify(hub).await,
        Command::Import { .. } | Command::Export { .. } => {
            Answer::refused("a file does not travel in a line of text")
        }
    }
}

/// Does what was asked when it is a file that travels, behind the command or back.
pub(crate) async fn transfer(
    hub: &Hub,
    command: &Command,
    input: &mut (impl AsyncBufRead + Unpin),
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    match command {
        Command::Import { address, password, wish } => {
            transfer::import(hub, (address, password), wish, input, out).await
        }
        Command::Export { address, password, exported } => {
            transfer::export(hub, (address, password), *exported, out).await
        }
        _ => Ok(()),
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

async fn storage(hub: &Hub, address: &str, allow: Option<Allowance>) -> Answer {
    let address = match EmailAddress::parse(address) {
        Ok(address) => address,
        Err(error) => return Answer::refused(error),
    };
    let found = match allow {
        None => hub.storage_of(&address).await,
        Some(allowance) => hub.allow_storage(&address, allowance).await,
    };
    match found {
        Ok(StorageView { used, allowed, earned }) => {
            let size = |bytes| ByteSize::b(bytes).display().si();
            let of = allowed.map_or_else(|| "no limit".to_owned(), |allowed| format!("of {}", size(allowed)));
            let quests =
                if earned > 0 { format!(", {} of them for quests", size(earned)) } else { String::new() };
            Answer::done(format!("the mail of {address} takes {}, {of}{quests}", size(used)))
        }
        Err(error) => Answer::refused(error),
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
    // What is asked here is rare, but a file may travel for an hour.
    let mut answers = JoinSet::new();
    loop {
        tokio::select! {
            () = stop_asked(&mut stop) => return answers.shutdown().await,
            Some(_ended) = answers.join_next() => {}
            accepted = listener.accept(), if answers.len() < COMMANDS_MAX => {
                let Ok((stream, _)) = accepted else { continue };
                let hub = Arc::clone(&hub);
                answers.spawn(async move {
                    if let Err(error) = answer(stream, &hub).await {
                        tracing::warn!(%error, "a command was not answered");
                    }
                });
            }
        }
    }
}

async fn answer(mut stream: UnixStream, hub: &Hub) -> Result<()> {
    let (read, mut write) = stream.split();
    let mut line = Zeroizing::new(String::new());
    let mut reader = BufReader::new(read);
    let mut bounded = (&mut reader).take(COMMAND_BYTES_MAX);
    tokio::time::timeout(COMMAND_TIMEOUT, bounded.read_line(&mut line)).await??;
    let answer = match serde_json::from_str(&line) {
        Ok(command @ (Command::Import { .. } | Command::Export { .. })) => {
            return transfer(hub, &command, &mut reader, &mut write).await;
        }
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

/// Says a command to the running server. None: no server is running.
pub(crate) async fn call(path: &Path, command: &Command) -> Result<Option<UnixStream>> {
    let Ok(mut stream) = UnixStream::connect(path).await else {
        return Ok(None);
    };
    let mut text = Zeroizing::new(serde_json::to_string(command)?);
    text.push('\n');
    stream.write_all(text.as_bytes()).await?;
    Ok(Some(stream))
}

/// Asks the running server. None: no server is running.
pub(crate) async fn ask(path: &Path, command: &Command) -> Result<Option<Answer>> {
    let Some(mut stream) = call(path, command).await? else {
        return Ok(None);
    };
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(Some(serde_json::from_str(&answer).context("the server ended before it answered")?))
}
