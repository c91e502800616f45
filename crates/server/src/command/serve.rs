//! `caliopen serve`.

use crate::config::Config;
use crate::time::SystemClock;
use anyhow::Result;
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Each option overrides what the configuration says.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The configuration; `caliopen.toml` in the data folder when it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the web application and the API listen.
    #[arg(long, value_name = "ADDRESS:PORT")]
    http: Option<SocketAddr>,
    /// Where mail from the network comes in; may be repeated.
    #[arg(long, value_name = "ADDRESS:PORT")]
    smtp: Vec<SocketAddr>,
    /// Where mail from a relay of this machine comes in; may be repeated.
    #[arg(long, value_name = "ADDRESS:PORT")]
    lmtp: Vec<SocketAddr>,
}

pub(super) async fn run(data: &Path, options: &Options) -> Result<ExitCode> {
    let config = configuration(data, options)?;
    let running = crate::start(&config, data, Arc::new(SystemClock)).await?;
    for address in &running.smtp {
        println!("mail from the network: {address}");
    }
    for address in &running.lmtp {
        println!("mail from a relay of this machine: {address}");
    }
    for address in &running.submission {
        println!("mail from people's programs: {address}");
    }
    for address in &running.submission_starttls {
        println!("mail from people's programs, after STARTTLS: {address}");
    }
    println!("open {}", running.url);
    let mut terminate = signal(SignalKind::terminate())?;
    let asked = async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    let was_asked = running.run_until(asked).await;
    Ok(if was_asked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn configuration(data: &Path, options: &Options) -> Result<Config> {
    let mut config = match &options.config {
        Some(path) => Config::read(path)?,
        None => Config::of_folder(data)?,
    };
    if let Some(address) = options.http {
        config.http.listen = address;
    }
    if !options.smtp.is_empty() {
        config.smtp.listen.clone_from(&options.smtp);
    }
    if !options.lmtp.is_empty() {
        config.lmtp.listen.clone_from(&options.lmtp);
    }
    config.check_whole()?;
    Ok(config)
}
