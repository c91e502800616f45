//! A mail server that brings mail: SMTP (RFC 5321) and LMTP (RFC 2033), line by line.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any reply takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
pub struct Wire {
    stream: BufReader<TcpStream>,
    replies_per_recipient: bool,
}

impl Wire {
    /// Connects, is greeted, and greets by `EHLO` or `LHLO`.
    pub fn greeted(server: SocketAddr, hello: &str) -> Self {
        Self::try_greeted(server, hello).unwrap()
    }

    /// The same with a server that may go away.
    pub fn try_greeted(server: SocketAddr, hello: &str) -> Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut wire = Self { stream: BufReader::new(stream), replies_per_recipient: hello == "LHLO" };
        wire.reply()?;
        wire.ask(&format!("{hello} mx.elsewhere.test"))?;
        Ok(wire)
    }

    /// The last line of the next reply. A server that leaves is an error.
    pub fn reply(&mut self) -> Result<String> {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line.trim_end().to_owned());
            }
        }
    }

    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Says a line and gives the reply.
    pub fn ask(&mut self, line: &str) -> Result<String> {
        self.send(format!("{line}\r\n").as_bytes())?;
        self.reply()
    }

    /// Sender, recipients and DATA, all of which must be taken: the message may come.
    pub fn begin(&mut self, from: &str, recipients: &[&str]) -> Result<()> {
        self.envelope(from, recipients)?;
        let reply = self.ask("DATA")?;
        assert!(reply.starts_with("354 "), "{reply}");
        Ok(())
    }

    fn envelope(&mut self, from: &str, recipients: &[&str]) -> Result<()> {
        let mut lines = vec![format!("MAIL FROM:<{from}>")];
        lines.extend(recipients.iter().map(|recipient| format!("RCPT TO:<{recipient}>")));
        for line in lines {
            let reply = self.ask(&line)?;
            assert!(reply.starts_with("250 "), "{line}: {reply}");
        }
        Ok(())
    }

    /// The whole of a message by DATA, and the replies: one, or one for each recipient by LMTP.
    pub fn try_deliver(&mut self, from: &str, recipients: &[&str], message: &[u8]) -> Result<Vec<String>> {
        self.begin(from, recipients)?;
        self.send(&stuffed(message))?;
        self.replies(recipients.len())
    }

    /// The same with a server that stays.
    pub fn deliver(&mut self, from: &str, recipients: &[&str], message: &[u8]) -> Vec<String> {
        self.try_deliver(from, recipients, message).unwrap()
    }

    /// The whole of a message by BDAT (RFC 3030), whatever its bytes are.
    pub fn deliver_chunk(&mut self, from: &str, recipients: &[&str], message: &[u8]) -> Result<Vec<String>> {
        self.envelope(from, recipients)?;
        self.send(format!("BDAT {} LAST\r\n", message.len()).as_bytes())?;
        self.send(message)?;
        self.replies(recipients.len())
    }

    fn replies(&mut self, recipients: usize) -> Result<Vec<String>> {
        (0..if self.replies_per_recipient { recipients } else { 1 }).map(|_| self.reply()).collect()
    }
}

/// A message as DATA carries it: a dot before each line that starts with one, and the dot that ends it.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(message.len() + 16);
    let mut starts_line = true;
    for byte in message {
        if starts_line && *byte == b'.' {
            bytes.push(b'.');
        }
        starts_line = *byte == b'\n';
        bytes.push(*byte);
    }
    bytes.extend_from_slice(if starts_line { b".\r\n" } else { b"\r\n.\r\n" });
    bytes
}
