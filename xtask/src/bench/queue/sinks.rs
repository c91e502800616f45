//! Where the mail goes: Postfix' own `smtp-sink` for each domain, a hole that never answers, and a witness that looks
//! at one message to see that it is signed.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a witness waits for its message.
const WITNESS_TIMEOUT: Duration = Duration::from_secs(60);

/// A sink for each domain.
pub(super) struct Sinks(Vec<Sink>);

struct Sink {
    child: Child,
    port: u16,
    taken: Arc<AtomicU64>,
}

impl Sinks {
    pub(super) fn start() -> Result<Self> {
        Ok(Self((0..super::DOMAINS).map(|_| Sink::start()).collect::<Result<_>>()?))
    }

    pub(super) fn ports(&self) -> impl Iterator<Item = u16> {
        self.0.iter().map(|sink| sink.port)
    }

    /// Messages that came so far to the domains that count.
    pub(super) fn taken(&self, counts: &dyn Fn(usize) -> bool) -> u64 {
        let counted = self.0.iter().enumerate().filter(|(domain, _)| counts(*domain));
        counted.map(|(_, sink)| sink.taken.load(Ordering::Relaxed)).sum()
    }
}

impl Sink {
    fn start() -> Result<Self> {
        let port = free_port()?;
        let mut child = Command::new("/usr/sbin/smtp-sink")
            .args(["-c", "-u", "nobody", &format!("127.0.0.1:{port}"), "256"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start smtp-sink: install it with apt-get install postfix")?;
        let output = child.stdout.take().context("smtp-sink says nothing")?;
        let taken = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&taken);
        std::thread::spawn(move || count(output, &counter));
        let sink = Self { child, port, taken };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(sink);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("smtp-sink does not answer")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Follows `sess=1 quit=0 mesg=3`, which is written over itself.
fn count(output: impl Read, counter: &AtomicU64) {
    for line in BufReader::new(output).split(b'\r') {
        let Ok(line) = line else { return };
        let text = String::from_utf8_lossy(&line);
        let number = text.rsplit("mesg=").next().and_then(|number| number.trim().parse().ok());
        if let Some(number) = number {
            counter.store(number, Ordering::Relaxed);
        }
    }
}

pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A host that takes connections and never says anything.
pub(super) struct Dead(TcpListener);

impl Dead {
    pub(super) fn start() -> Result<Self> {
        Ok(Self(TcpListener::bind("127.0.0.1:0")?))
    }

    pub(super) fn port(&self) -> u16 {
        self.0.local_addr().map_or(0, |address| address.port())
    }
}

/// A host that takes one message and keeps it.
pub(super) struct Witness(TcpListener);

impl Witness {
    pub(super) fn start() -> Result<Self> {
        Ok(Self(TcpListener::bind("127.0.0.1:0")?))
    }

    pub(super) fn port(&self) -> u16 {
        self.0.local_addr().map_or(0, |address| address.port())
    }

    /// Takes the message, which must carry a DKIM signature.
    pub(super) fn check_signed(&self) -> Result<()> {
        let (stream, _) = self.0.accept()?;
        stream.set_read_timeout(Some(WITNESS_TIMEOUT))?;
        let mut stream = BufReader::new(stream);
        stream.get_mut().write_all(b"220 witness.test ESMTP\r\n")?;
        let (mut message, mut in_message) = (String::new(), false);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                bail!("the witness saw no message");
            }
            let reply: &[u8] = match (in_message, line.trim_end()) {
                (true, ".") => break,
                (true, text) => {
                    message.push_str(text);
                    message.push('\n');
                    continue;
                }
                (false, "DATA") => {
                    in_message = true;
                    b"354 go on\r\n"
                }
                (false, text) if text.starts_with("EHLO") => b"250-witness.test\r\n250 8BITMIME\r\n",
                (false, _) => b"250 fine\r\n",
            };
            stream.get_mut().write_all(reply)?;
        }
        stream.get_mut().write_all(b"250 fine\r\n")?;
        if message.to_ascii_lowercase().contains("dkim-signature:") {
            Ok(())
        } else {
            bail!("it is not signed")
        }
    }
}
