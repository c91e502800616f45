//! `caliopen inspect < message.eml`: everything that the pipeline finds in a message.

use crate::Config;
use crate::json::InspectionJson;
use crate::serve::resolver;
use crate::time::SystemClock;
use anyhow::{Context, Result};
use bytes::Bytes;
use caliopen_connect::{Arrival, Channel, Envelope, Format, Origin};
use caliopen_email::EmailFormat;
use caliopen_hub::{Clock, gather};
use caliopen_model::{HopSecurity, Protocol};
use clap::Args;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

/// Largest message, in bytes.
const INPUT_BYTES_MAX: u64 = 100 * 1024 * 1024;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Ask no name server: signatures and policies are not checked, and nothing is concluded from them.
    #[arg(long)]
    offline: bool,
    /// The configuration whose name servers are asked.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) async fn run(options: &Options) -> Result<ExitCode> {
    let mut raw = Vec::new();
    std::io::stdin().take(INPUT_BYTES_MAX).read_to_end(&mut raw).context("standard input cannot be read")?;
    let config = options.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let format = EmailFormat::new(resolver(&config.dns)?);
    let arrival = arrival(raw.into());
    let parsed = format.parse(&arrival.raw);
    let evidence = match options.offline {
        true => Vec::new(),
        false => gather(format.verify(&arrival, &parsed.0).await),
    };
    let inspection = InspectionJson::new(&arrival.raw, &parsed, &evidence);
    println!("{}", serde_json::to_string_pretty(&inspection)?);
    Ok(ExitCode::SUCCESS)
}

/// A message from a file: nothing is known of the way that it came.
fn arrival(raw: Bytes) -> Arrival {
    Arrival {
        protocol: Protocol::Email,
        envelope: Envelope { reverse_path: None, recipients: Vec::new() },
        channel: Channel {
            origin: Origin::LocalRelay,
            peer: None,
            greeting: None,
            security: HopSecurity::Unknown,
            tls: None,
        },
        raw,
        received_at: SystemClock.now(),
    }
}
