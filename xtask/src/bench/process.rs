//! A server that is measured: started, watched, stopped by its process id.

use super::names::NameServer;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to say where it listens.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running Caliopen.
#[derive(Debug)]
pub struct Caliopen {
    child: Child,
    program: PathBuf,
    data: PathBuf,
    /// Where mail comes in.
    pub lmtp: SocketAddr,
    /// Where the API is.
    pub http: SocketAddr,
    /// From the start of the process to the line that says that it accepts connections.
    pub started_in: Duration,
    _names: NameServer,
}

impl Caliopen {
    /// Starts it on a folder, new or not.
    pub fn start(program: &Path, data: &Path) -> Result<Self> {
        Self::start_with(program, data, "")
    }

    /// The same with further lines of its configuration.
    pub fn start_with(program: &Path, data: &Path, more: &str) -> Result<Self> {
        let names = NameServer::start()?;
        let config = data.with_extension("toml");
        let dns = format!("[dns]\nservers = [\"{}\"]\ndnssec = false\n", names.address);
        std::fs::write(&config, dns + more)?;
        let begun = crate::shell::now();
        let mut child = Command::new(program)
            .arg("--data")
            .arg(data)
            .args([
                "serve",
                "--http",
                "127.0.0.1:0",
                "--smtp",
                "127.0.0.1:0",
                "--lmtp",
                "127.0.0.1:0",
                "--config",
            ])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let (lmtp, http, started_in) = match read_addresses(&mut child, begun) {
            Ok(found) => found,
            Err(error) => {
                let _ = child.kill();
                return Err(error);
            }
        };
        Ok(Self {
            child,
            program: program.to_owned(),
            data: data.to_owned(),
            lmtp,
            http,
            started_in,
            _names: names,
        })
    }

    /// Makes the domain, and an account of this name.
    pub fn add_account(&self, name: &str, password: &str) -> Result<()> {
        self.administer(&["domain", "add", "example.org"], "")?;
        self.administer(&["account", "add", &format!("{name}@example.org")], password)
    }

    /// Begins a command on its folder, with a line on its standard input.
    pub fn command(&self, arguments: &[&str], input: &str) -> Result<Child> {
        let mut child = Command::new(&self.program)
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut stdin = child.stdin.take().context("the command has no input")?;
        stdin.write_all(format!("{input}\n").as_bytes())?;
        Ok(child)
    }

    fn administer(&self, arguments: &[&str], input: &str) -> Result<()> {
        if !self.command(arguments, input)?.wait()?.success() {
            bail!("`caliopen {}` failed", arguments.join(" "));
        }
        Ok(())
    }

    /// Memory that belongs to the process now, in bytes (resident set).
    pub fn memory_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
        kib.map(|kib: u64| kib * 1024).context("the process has no resident set")
    }

    /// Ends it as a service manager does, and waits.
    pub fn stop(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().context("cannot send a signal")?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Caliopen {
    fn drop(&mut self) {
        // After `stop` there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_addresses(child: &mut Child, begun: Instant) -> Result<(SocketAddr, SocketAddr, Duration)> {
    let output = child.stdout.take().context("the server says nothing")?;
    let mut lmtp = None;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some(address) = line.strip_prefix("mail from a relay of this machine: ") {
            lmtp = Some(address.parse()?);
        }
        if let Some(url) = line.strip_prefix("open http://") {
            let address = url.split('/').next().unwrap_or_default().parse()?;
            return Ok((lmtp.context("the server has no LMTP")?, address, begun.elapsed()));
        }
        if begun.elapsed() > START_TIMEOUT {
            break;
        }
    }
    bail!("the server did not say where it listens")
}

/// Bytes of everything in a folder, as the file system counts them.
pub fn disk_bytes(folder: &Path) -> Result<u64> {
    use std::os::unix::fs::MetadataExt;
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { disk_bytes(&entry.path())? } else { metadata.blocks() * 512 };
    }
    Ok(bytes)
}
