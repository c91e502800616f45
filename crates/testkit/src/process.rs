//! Servers that a test needs: started in the foreground, waited for, and stopped by their process id.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// Between two looks at whether a server answers. Its start is not ours to signal, so we have to look.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Looks before a server counts as broken: 20 seconds, for a busy machine.
const LOOKS_MAX: u32 = 1_000;
/// Looks before a server that was asked to stop is killed: 3 seconds.
const STOP_LOOKS_MAX: u32 = 150;

/// A running program. Dropping it stops it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program that stays in the foreground; what it prints goes to `log`.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let out = File::create(log).with_context(|| format!("creating the log of {name}"))?;
        let errors = out.try_clone()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("{name} does not start: is it installed?"))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned() })
    }

    /// Waits until `ready` says so. Fails, with what the program printed, when it ends first or takes too long.
    pub fn wait_until(&mut self, mut ready: impl FnMut() -> bool) -> Result<()> {
        for _ in 0..LOOKS_MAX {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended ({status}):\n{}", self.name, self.output());
            }
            if ready() {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        bail!("{} does not answer:\n{}", self.name, self.output())
    }

    /// What it printed so far.
    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop (SIGTERM), and waits until it did: how it ended.
    pub fn stop(mut self) -> Result<ExitStatus> {
        self.ask_to_stop()?;
        for _ in 0..LOOKS_MAX {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(LOOK_EVERY);
        }
        bail!("{} does not stop:\n{}", self.name, self.output())
    }

    /// Ends it in the middle of what it does (SIGKILL), as a crash would.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends SIGTERM, and does not wait.
    pub fn ask_to_stop(&self) -> Result<()> {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").arg("-TERM").arg(pid).status()?;
        if status.success() { Ok(()) } else { bail!("{} cannot be asked to stop", self.name) }
    }

    fn ends_by_itself(&mut self) -> bool {
        for _ in 0..STOP_LOOKS_MAX {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(LOOK_EVERY),
                Ok(Some(_)) => return true,
                Err(_) => return false,
            }
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // Asked first: a server with children of its own takes them along.
        if self.ask_to_stop().is_err() || !self.ends_by_itself() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// A port of 127.0.0.1 that was free a moment ago, for TCP and for UDP.
pub fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let tcp = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
        let port = tcp.local_addr()?.port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port of 127.0.0.1 is free for both TCP and UDP")
}

/// Runs a program to its end and gives what it printed; fails, with its errors, when it fails.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{program} does not start: is it installed?"))?;
    if !output.status.success() {
        bail!("{program} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_gone_once_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let mut process =
            Process::start("sleep", Command::new("sleep").arg("600"), &folder.path().join("log")).unwrap();
        process.wait_until(|| true).unwrap();
        let folder_of_process = PathBuf::from(format!("/proc/{}", process.id()));
        assert!(folder_of_process.exists());
        drop(process);
        assert!(!folder_of_process.exists());
    }

    #[test]
    fn a_process_says_how_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = Command::new("sh");
        command.args(["-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"]);
        let mut polite = Process::start("sh", &mut command, &log).unwrap();
        polite.wait_until(|| std::fs::read_to_string(&log).is_ok_and(|text| text == "ready\n")).unwrap();
        assert_eq!(polite.stop().unwrap().code(), Some(7));
        let killed = Process::start("sleep", Command::new("sleep").arg("600"), &log).unwrap();
        let folder_of_process = PathBuf::from(format!("/proc/{}", killed.id()));
        killed.kill().unwrap();
        assert!(!folder_of_process.exists());
    }

    #[test]
    fn a_program_that_ends_at_once_is_told_with_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo no such zone; exit 3"]);
        let mut process = Process::start("shell", &mut command, &folder.path().join("log")).unwrap();
        let error = process.wait_until(|| false).unwrap_err().to_string();
        assert!(error.contains("no such zone"), "{error}");
    }
}
