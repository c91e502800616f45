//! What is said between the command line and the server: lines of JSON, and the bytes of a file.

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Longest line, in bytes: a report names at most 500 faults.
const LINE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A file that is to be brought in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) size: u64,
    /// Where messages go whose folder names no place: the archive, or the inbox.
    pub(crate) into_archive: bool,
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Exported {
    pub(crate) as_mbox: bool,
}

/// What the server says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Said {
    /// Send the file from this byte on, or: the file follows.
    Begin { at: u64 },
    /// How far it came.
    Progress(Report),
    /// All of it is there, or as much as came.
    End(Report),
    /// Why not.
    Refused { why: String },
}

/// What became of a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) is_done: bool,
    pub(super) bytes: u64,
    pub(super) stored: u64,
    pub(super) known: u64,
    pub(super) cards: u64,
    pub(super) passed: u64,
    /// The first of what could not be read, a sentence each.
    pub(super) faults: Vec<String>,
}

pub(super) async fn say(out: &mut (impl AsyncWrite + Unpin), said: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string(said)?;
    text.push('\n');
    out.write_all(text.as_bytes()).await?;
    Ok(out.flush().await?)
}

pub(super) async fn hear<T: DeserializeOwned>(input: &mut (impl AsyncBufRead + Unpin)) -> Result<T> {
    let mut line = String::new();
    input.take(LINE_BYTES_MAX).read_line(&mut line).await?;
    if line.is_empty() {
        bail!("the server ended before it answered");
    }
    serde_json::from_str(&line)
        .context("the server says what this program does not know; is it of the same version?")
}
