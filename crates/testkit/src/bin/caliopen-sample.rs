//! Delivers the demo's sample to a server on this machine, serves its DNS, or writes it down for a reader.
//!
//! Never part of an installation: `cargo xtask run --demo` starts it.

use anyhow::{Context, Result};
use caliopen_testkit::dns::Knot;
use caliopen_testkit::sample;
use clap::Parser;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::signal::unix::{SignalKind, signal};

/// A year of mail of alice and bob.
#[derive(Debug, Parser)]
struct Arguments {
    /// The domain that alice and bob have accounts in.
    #[arg(long)]
    domain: String,
    /// The SMTP port to deliver to, on this machine.
    #[arg(long, value_name = "ADDRESS:PORT")]
    smtp: Option<SocketAddr>,
    /// Writes each message as a file of this folder.
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
    /// Serves the DNS of the sending domains, and writes the key of its root into this file. Prints the address,
    /// and goes on until standard input ends.
    #[arg(long, value_name = "FILE")]
    dns: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let samples = sample::sample(&arguments.domain, now()?)?;
    if let Some(folder) = &arguments.write {
        for (index, message) in samples.iter().enumerate() {
            write(folder, &format!("{index:03}.eml"), &message.raw)?;
        }
    }
    if let Some(server) = arguments.smtp {
        let count = sample::deliver(&samples, server, |_| Ok(())).await?;
        println!("{count} messages delivered");
    }
    if let Some(anchors) = &arguments.dns {
        serve_dns(&arguments.domain, anchors).await?;
    }
    Ok(())
}

async fn serve_dns(domain: &str, anchors: &Path) -> Result<()> {
    let knot = Knot::start(&sample::zones(domain))?;
    fs::write(anchors, knot.anchors()).with_context(|| format!("cannot write {}", anchors.display()))?;
    println!("{}", knot.address());
    let ended = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = ended => { ended??; }
        asked = tokio::signal::ctrl_c() => asked?,
        _ = terminate.recv() => {}
    }
    drop(knot);
    // The thread that waits for the end of the input would keep the program alive.
    std::process::exit(0)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(name);
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the sample ends now; the program is its own clock")]
fn now() -> Result<i64> {
    let since =
        SystemTime::now().duration_since(UNIX_EPOCH).context("this machine's clock stands before 1970")?;
    Ok(i64::try_from(since.as_millis())?)
}
