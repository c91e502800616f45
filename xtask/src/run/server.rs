//! The server as a program: its command line and its life. The only place that spells its options.

use crate::shell::{self, Shell};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

/// Longest wait for the server to answer after its start.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// What the server says of a store that it does not read.
const OTHER_VERSION: &str = "another version of Caliopen";
/// Pause between two tries to reach it.
const START_PAUSE: Duration = Duration::from_millis(50);

/// A server that can be asked to do things, and started.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    data: PathBuf,
    http: SocketAddr,
    smtp: SocketAddr,
    /// A configuration other than the data folder's own.
    pub config: Option<PathBuf>,
}

/// A started server. It is stopped when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Server {
    /// The server that was built, on this data folder and these ports of the loopback.
    pub fn new(shell: &Shell, data: &Path, http_port: u16, smtp_port: u16) -> Self {
        let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let program = shell.programs.join("caliopen");
        Self { program, data: data.to_owned(), http: at(http_port), smtp: at(smtp_port), config: None }
    }

    /// Makes a domain ours. Before the start: one process owns the store.
    pub fn add_domain(&self, domain: &str) -> Result<()> {
        self.ask(&["domain", "add", domain], "")
    }

    /// Whether this version of the server reads what is in the folder.
    pub fn reads_folder(&self) -> Result<bool> {
        let asked = self.command(&["domain", "list"]).stdin(Stdio::null()).output();
        let asked = asked.with_context(|| format!("cannot start {}", self.program.display()))?;
        let said = String::from_utf8_lossy(&asked.stderr);
        if asked.status.success() || said.contains(OTHER_VERSION) {
            return Ok(asked.status.success());
        }
        bail!("{}", said.trim());
    }

    /// Makes an account. The password goes by standard input, so that no list of processes shows it.
    pub fn add_account(&self, address: &str, language: &str, password: &str) -> Result<()> {
        self.ask(&["account", "add", address, "--language", language], password)
    }

    fn ask(&self, arguments: &[&str], input: &str) -> Result<()> {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(format!("{input}\n").as_bytes()).context("the program does not read its input")?;
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`caliopen {}` failed", arguments.join(" "));
        }
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("--data").arg(&self.data);
        command
    }

    /// Starts serving, and returns once both ports answer.
    pub fn start(&self) -> Result<Running> {
        for (address, option) in [(self.http, "--port"), (self.smtp, "--smtp-port")] {
            if TcpStream::connect(address).is_ok() {
                bail!("something already listens on {address}: stop it, or name another port with {option}");
            }
        }
        let (http, smtp) = (self.http.to_string(), self.smtp.to_string());
        let mut command = self.command(&["serve", "--http", &http, "--smtp", &smtp]);
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let mut running = Running { child };
        running.await_ports(&[self.http, self.smtp])?;
        Ok(running)
    }
}

impl Running {
    fn await_ports(&mut self, addresses: &[SocketAddr]) -> Result<()> {
        let begun = shell::now();
        while !addresses.iter().all(|address| TcpStream::connect(address).is_ok()) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once ({status}); its own words stand above");
            }
            if begun.elapsed() > START_TIMEOUT {
                bail!("the server does not answer after {} s", START_TIMEOUT.as_secs());
            }
            thread::sleep(START_PAUSE);
        }
        Ok(())
    }

    /// Waits until the server ends by itself or by Ctrl-C, which reaches it too.
    pub fn wait(&mut self) -> Result<ExitCode> {
        let status = self.child.wait()?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Ends the server.
    pub fn stop(&mut self) -> Result<()> {
        self.child.kill().context("cannot stop the server")?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An ended child cannot be killed again; there is nobody left to tell.
        let _ended = self.child.kill();
    }
}
