//! The real binary: its folder, its start, its end, its commands.

use super::nameless::NameServer;
use super::{ALICE, Api, BOB, DOMAIN, PASSWORD, Wire};
use caliopen_testkit::Process;
use std::cell::Cell;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder for one Caliopen: what it keeps, and beside it what it is told and what it says.
pub struct Home {
    folder: TempDir,
    names: NameServer,
    starts: Cell<u32>,
}

impl Home {
    /// Empty: the data folder is not even made.
    pub fn empty() -> Self {
        let home =
            Self { folder: tempfile::tempdir().unwrap(), names: NameServer::start(), starts: Cell::new(0) };
        home.configure(&format!("[dns]\nservers = [\"{}\"]\ndnssec = false\n", home.names.address()));
        home
    }

    /// With Alice and Bob.
    pub fn with_people() -> Self {
        let home = Self::empty();
        home.done(&["domain", "add", DOMAIN], "");
        for address in [ALICE, BOB] {
            home.done(&["account", "add", address], PASSWORD);
        }
        home
    }

    /// What is kept.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Room for what a story needs beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the configuration, which is not in the data folder.
    pub fn configure(&self, text: &str) {
        std::fs::write(self.configuration(), text).unwrap();
    }

    fn configuration(&self) -> PathBuf {
        self.beside("caliopen.toml")
    }

    /// The command line that serves on free ports of this machine.
    pub fn serve(&self) -> Command {
        let mut command = self.command(&["serve", "--config"]);
        command.arg(self.configuration());
        for door in ["--http", "--smtp", "--lmtp"] {
            command.args([door, "127.0.0.1:0"]);
        }
        command
    }

    pub fn start(&self) -> Caliopen {
        self.start_by(&mut self.serve())
    }

    /// Starts it by a command line of the story's own.
    pub fn start_by(&self, command: &mut Command) -> Caliopen {
        self.starts.set(self.starts.get() + 1);
        let log = self.beside(&format!("log-{}", self.starts.get()));
        Caliopen::start(command, &log)
    }

    /// Everything that it ever printed.
    pub fn log(&self) -> String {
        let read = |number| std::fs::read_to_string(self.beside(&format!("log-{number}"))).unwrap();
        (1..=self.starts.get()).map(read).collect()
    }

    /// A command on this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caliopen"));
        command.arg("--data").arg(self.data()).args(arguments).env_remove("CALIOPEN_LOG");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        finish(&mut self.command(arguments), input.as_bytes())
    }

    /// Runs a command that must succeed; what it printed.
    pub fn done(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must be refused, with the exit code 1: the one sentence that it says.
    pub fn refused(&self, command: &mut Command) -> String {
        let output = finish(command, b"");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert_eq!(errors.lines().count(), 1, "not one sentence: {errors}");
        let sentence = errors.trim_end().strip_prefix("caliopen: ");
        sentence.unwrap_or_else(|| panic!("not the program's own words: {errors}")).to_owned()
    }
}

/// Runs a command to its end, with this on its standard input.
pub fn finish(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    // A program that refuses before it reads leaves nobody to write to.
    let _unread = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// A server that runs. Dropping it asks it to stop.
pub struct Caliopen {
    process: Process,
    /// What it said to open.
    pub url: String,
    pub http: SocketAddr,
    pub smtp: SocketAddr,
    pub lmtp: SocketAddr,
    /// Where programs send, in TLS from the first byte, and after STARTTLS; none without a certificate.
    pub submission: Option<SocketAddr>,
    pub starttls: Option<SocketAddr>,
}

impl Caliopen {
    fn start(command: &mut Command, log: &Path) -> Self {
        let mut process = Process::start("caliopen", command, log).unwrap();
        let read = || std::fs::read_to_string(log).unwrap_or_default();
        let ready = || read().lines().any(|line| line.starts_with("open http"));
        process.wait_until(ready).unwrap();
        let text = read();
        let after = |start: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(start));
            line.unwrap_or_else(|| panic!("no line starts with {start}: {text}")).to_owned()
        };
        let url = after("open ");
        let http = url.split(['/', '#']).nth(2).unwrap().parse().unwrap();
        let smtp = after("mail from the network: ").parse().unwrap();
        let lmtp = after("mail from a relay of this machine: ").parse().unwrap();
        let door = |start: &str| text.lines().find_map(|line| line.strip_prefix(start)?.parse().ok());
        let submission = door("mail from people's programs: ");
        let starttls = door("mail from people's programs, after STARTTLS: ");
        Self { process, url, http, smtp, lmtp, submission, starttls }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks it to stop, and does not wait.
    pub fn ask_to_stop(&self) {
        self.process.ask_to_stop().unwrap();
    }

    /// Stops it as a system does, and waits: its exit code.
    pub fn stop(self) -> Option<i32> {
        self.process.stop().unwrap().code()
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(self) {
        self.process.kill().unwrap();
    }

    /// Alice's session.
    pub fn alice(&self) -> Api {
        Api::sign_in(self.http, ALICE, PASSWORD)
    }

    /// A relay of the same machine brings a message for Alice, which must be taken.
    pub fn deliver(&self, message: &[u8]) {
        let mut relay = Wire::greeted(self.lmtp, "LHLO");
        let replies = relay.deliver("ana@elsewhere.test", &[ALICE], message);
        assert!(replies.iter().all(|reply| reply.starts_with("250 ")), "{replies:?}");
    }

    /// The most memory that it has held so far, in bytes.
    pub fn memory_bytes_most(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().unwrap();
        kib * 1024
    }
}
