//! Durable LMTP ingest of 4 KB mail at 1, 8 and 64 connections, in turns with Dovecot on the same disk.

use super::corpus;
use super::dovecot::Dovecot;
use super::process::Caliopen;
use super::report::{Report, Row};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// People whose mail comes in.
const PEOPLE: u32 = 16;
/// Connections, and messages of one round.
const LOADS: [(usize, u32); 3] = [(1, 400), (8, 2_000), (64, 6_000)];
const PASSWORD: &str = "a password of the bench";
/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Measures both servers in turns.
pub fn measure(program: &Path, folder: &Path, rounds: usize, report: &mut Report) -> Result<()> {
    let caliopen = Caliopen::start(program, &folder.join("ingest"))?;
    for person in 0..PEOPLE {
        caliopen.add_account(&format!("p{person}"), PASSWORD)?;
    }
    let dovecot = Dovecot::start(&folder.join("dovecot"))?;
    let mut number = 0;
    for (connections, messages) in LOADS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            // Made before the clock starts: what the client does takes time from the server on the same machine.
            let mail: Vec<Mail> = (number..number + messages).map(|next| mail(next, &recipient)).collect();
            let made = |next: u32| mail.get((next - number) as usize).cloned().unwrap_or_default();
            ours.push(send_all(caliopen.lmtp, connections, number, messages, &made)?);
            theirs.push(send_all(dovecot.lmtp, connections, number, messages, &made)?);
            number += messages;
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ours / theirs;
        let reach = if connections == 64 { 3.0 } else { 1.0 };
        report.add(Row::new(
            format!("LMTP ingest, durable, {connections} connections"),
            format!("{ours:.0}/s; Dovecot {theirs:.0}/s: {ratio:.1} times"),
            if connections == 64 { "≥ 3 times Dovecot" } else { "ahead of Dovecot" },
            ratio > reach,
        ));
    }
    caliopen.stop()
}

fn recipient(number: u32) -> String {
    format!("p{}@example.org", number % PEOPLE)
}

pub fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

/// Delivers messages over so many connections; gives messages a second. Every one must be acknowledged.
pub fn deliver(
    server: SocketAddr,
    connections: usize,
    first: u32,
    messages: u32,
    recipient: &(impl Fn(u32) -> String + Sync),
) -> Result<f64> {
    send_all(server, connections, first, messages, &|number| mail(number, recipient))
}

/// A recipient, and a message.
type Mail = (String, Arc<[u8]>);

fn mail(number: u32, recipient: &impl Fn(u32) -> String) -> Mail {
    let recipient = recipient(number);
    let message = corpus::message(number, &recipient).into();
    (recipient, message)
}

fn send_all(
    server: SocketAddr,
    connections: usize,
    first: u32,
    messages: u32,
    mail: &(impl Fn(u32) -> Mail + Sync),
) -> Result<f64> {
    let begun = crate::shell::now();
    in_turns(connections, first, first + messages, &|next| {
        let mut client = Client::connect(server, "LHLO")?;
        while let Some(number) = next() {
            let (recipient, message) = mail(number);
            client.send("bench@d1.test", &recipient, &message)?;
        }
        client.quit()
    })?;
    Ok(f64::from(messages) / begun.elapsed().as_secs_f64())
}

/// Runs so many clients, who take the numbers from one pile.
pub fn in_turns(
    clients: usize,
    first: u32,
    end: u32,
    client: &(impl Fn(&dyn Fn() -> Option<u32>) -> Result<()> + Sync),
) -> Result<()> {
    let next = AtomicU32::new(first);
    let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < end);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..clients).map(|_| scope.spawn(|| client(&take))).collect();
        running
            .into_iter()
            .try_for_each(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
    })
}

/// One connection of LMTP (RFC 2033) or SMTP, with the commands of a message in one segment (RFC 2920).
pub struct Client {
    stream: TcpStream,
    answers: BufReader<TcpStream>,
}

impl Client {
    /// Connects and greets by `LHLO` or `EHLO`.
    pub fn connect(server: SocketAddr, hello: &str) -> Result<Self> {
        let stream = TcpStream::connect(server).context("the mail port does not answer")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        let mut client = Self { answers: BufReader::new(stream.try_clone()?), stream };
        client.expect("220")?;
        client.stream.write_all(format!("{hello} bench.test\r\n").as_bytes())?;
        client.expect("250")?;
        Ok(client)
    }

    /// Sends a message that ends with a line and holds no line of one dot.
    pub fn send(&mut self, sender: &str, recipient: &str, message: &[u8]) -> Result<()> {
        let commands = format!("MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n");
        self.stream.write_all(commands.as_bytes())?;
        self.expect("250")?;
        self.expect("250")?;
        self.expect("354")?;
        let mut bytes = message.to_vec();
        bytes.extend_from_slice(b".\r\n");
        self.stream.write_all(&bytes)?;
        self.expect("250")
    }

    /// Leaves.
    pub fn quit(mut self) -> Result<()> {
        self.stream.write_all(b"QUIT\r\n")?;
        self.expect("221")
    }

    fn expect(&mut self, code: &str) -> Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.answers.read_line(&mut line)?;
            if !line.starts_with(code) {
                bail!("expected {code}, got {line:?}");
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }
}
