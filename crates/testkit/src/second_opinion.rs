//! A second opinion beside Postfix: aiosmtpd takes what is sent, and Python's `email` says what is malformed in it.
//!
//! OpenSMTPD and Exim would say the same in other words, but Debian installs one mail server at a time.

use crate::process::{Process, free_port, run};
use anyhow::{Context, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Debian's own Python has Debian's modules.
const PYTHON: &str = "/usr/bin/python3";
const JUDGE: &str = include_str!("second_opinion/judge.py");

/// A running judge. Dropping it stops it.
#[derive(Debug)]
pub struct SecondOpinion {
    address: SocketAddr,
    // Before the folder: the server goes first.
    process: Process,
    folder: TempDir,
}

impl SecondOpinion {
    /// Starts it on a free port, and waits until it greets.
    pub fn start() -> Result<Self> {
        Self::start_at(free_port()?)
    }

    /// The same on a port that was free a moment ago.
    pub fn start_at(port: u16) -> Result<Self> {
        run(Command::new(PYTHON).args(["-c", "import aiosmtpd, dkim, nacl"]))
            .context("apt-get install python3-aiosmtpd python3-dkim python3-nacl")?;
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(PYTHON);
        command.args(["-c", JUDGE, &port.to_string()]).arg(folder.path().join("keys"));
        let mut process = Process::start("judge.py", &mut command, &folder.path().join("taken"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        process.wait_until(|| TcpStream::connect(address).is_ok())?;
        Ok(Self { address, process, folder })
    }

    /// Where it takes mail, over SMTP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Has it check signatures by these keys: `name value` in each line, the name with its final dot.
    pub fn set_keys(&self, lines: &str) -> Result<()> {
        let path: PathBuf = self.folder.path().join("keys");
        std::fs::write(&path, lines).with_context(|| format!("writing {}", path.display()))
    }

    /// What it took, as one line of JSON for each message; the fields are those of `judge.py`.
    pub fn taken(&self) -> Vec<String> {
        self.process.output().lines().filter(|line| line.starts_with('{')).map(str::to_owned).collect()
    }

    /// Everything that it printed: its own faults too.
    pub fn log(&self) -> String {
        self.process.output()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};

    /// Says each of these, and waits for each reply.
    fn say(server: SocketAddr, lines: &[&str]) {
        let mut stream = BufReader::new(TcpStream::connect(server).unwrap());
        let mut reply = String::new();
        stream.read_line(&mut reply).unwrap();
        for line in lines {
            stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
            loop {
                reply.clear();
                stream.read_line(&mut reply).unwrap();
                assert!(reply.starts_with(['2', '3']), "{line}: {reply}");
                if reply.as_bytes()[3] == b' ' {
                    break;
                }
            }
        }
    }

    #[test]
    fn a_sound_message_is_taken_and_a_malformed_one_is_complained_of() {
        let judge = SecondOpinion::start().unwrap();
        let send = |message: &str| {
            let envelope = ["HELO a.test", "MAIL FROM:<ana@a.test>", "RCPT TO:<bob@b.test>", "DATA", message];
            say(judge.address(), &envelope);
        };
        let head = "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@a.test>";
        send(&format!("From: Ana <ana@a.test>\r\n{head}\r\n\r\nCiao\r\n."));
        send(&format!("From: Ana <ana@a.test\r\n{head}\r\nSubject no colon\r\n\r\nCi\u{e0}o\r\n."));
        let taken = judge.taken();
        assert_eq!(taken.len(), 2, "{}", judge.log());
        assert!(taken[0].contains("\"complaints\": []"), "{}", taken[0]);
        for complaint in ["InvalidHeaderDefect", "no field", "nobody announced"] {
            assert!(taken[1].contains(complaint), "{complaint}: {}", taken[1]);
        }
    }
}
