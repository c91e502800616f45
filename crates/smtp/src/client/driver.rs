//! The thin side that awaits: one connection's bytes and deadlines.
//!
//! It knows no TLS library: at STARTTLS it hands the stream back, and is called again with the encrypted one.

use super::{Client, Phase, Step, Verdict};
use bytes::Buf;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

/// How long a server that takes no more bytes is listened to: it may say why.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How much it may say then.
const LAST_WORDS_BYTES_MAX: usize = 4 * 1_024;

/// How long a server may take for each step (RFC 5321 §4.5.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// To greet.
    pub greeting: Duration,
    /// To answer EHLO, HELO, STARTTLS and RSET.
    pub hello: Duration,
    /// To answer MAIL.
    pub mail: Duration,
    /// To answer one RCPT.
    pub recipient: Duration,
    /// To answer DATA.
    pub data: Duration,
    /// To take a block of the message.
    pub block: Duration,
    /// To take all of the message.
    pub content: Duration,
    /// To answer for the message, or for a chunk of it.
    pub end: Duration,
    /// To answer QUIT. Nothing depends on it.
    pub quit: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self {
            greeting: minutes(5),
            hello: minutes(5),
            mail: minutes(5),
            recipient: minutes(5),
            data: minutes(2),
            block: minutes(3),
            content: minutes(60),
            end: minutes(10),
            quit: Duration::from_secs(10),
        }
    }
}

impl Timeouts {
    /// How long the reply to this step may take.
    const fn reply(&self, phase: Phase) -> Duration {
        match phase {
            Phase::Greeting => self.greeting,
            Phase::Hello | Phase::StartTls | Phase::Reset => self.hello,
            Phase::Mail => self.mail,
            Phase::Recipient => self.recipient,
            Phase::Data => self.data,
            Phase::Content | Phase::End => self.end,
            Phase::Quit => self.quit,
        }
    }
}

/// Why driving stopped.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// The connection is idle: send, or quit, then drive again.
    Ready,
    /// Shake hands, tell the client, drive again.
    StartTls,
    /// A message is done with: one verdict for each of its recipients, in their order.
    Sent(Vec<Verdict>),
    /// The connection is over: [`Client::failure`] says why.
    Closed,
}

/// Drives a connection until its caller has something to decide. What goes wrong with the stream becomes a
/// verdict of the client's.
pub async fn drive<S>(stream: &mut S, client: &mut Client, timeouts: &Timeouts) -> Event
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut waiting: Option<(Phase, u64, Instant)> = None;
    let mut content_began: Option<Instant> = None;
    loop {
        match client.step() {
            Step::Write => {
                let began = *content_began.get_or_insert_with(Instant::now);
                write_output(stream, client, timeouts, began).await;
            }
            Step::Read(phase) => {
                let began = *content_began.get_or_insert_with(Instant::now);
                content_began = None;
                if !write_output(stream, client, timeouts, began).await {
                    continue;
                }
                let replies = client.replies();
                let since = match waiting {
                    Some((of, count, since)) if of == phase && count == replies => since,
                    _ => Instant::now(),
                };
                waiting = Some((phase, replies, since));
                read_input(stream, client, since + timeouts.reply(phase)).await;
            }
            Step::StartTls => return Event::StartTls,
            Step::Ready => return Event::Ready,
            Step::Sent(verdicts) => return Event::Sent(verdicts),
            Step::Closed => {
                let until = Instant::now() + timeouts.quit;
                // The connection is over either way; there is nobody left to tell.
                let _ = timeout_at(until, stream.shutdown()).await;
                return Event::Closed;
            }
        }
    }
}

/// Writes all that waits. False when the client was told that it failed.
async fn write_output<S>(stream: &mut S, client: &mut Client, timeouts: &Timeouts, began: Instant) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while client.output().has_remaining() {
        let deadline = (Instant::now() + timeouts.block).min(began + timeouts.content);
        match timeout_at(deadline, stream.write_buf(client.output())).await {
            Ok(Ok(1..)) => {}
            Ok(Ok(0) | Err(_)) => {
                listen_once_more(stream, client).await;
                client.lost();
                return false;
            }
            Err(_) => {
                client.time_out();
                return false;
            }
        }
    }
    let deadline = (Instant::now() + timeouts.block).min(began + timeouts.content);
    match timeout_at(deadline, stream.flush()).await {
        Ok(Ok(())) => return true,
        Ok(Err(_)) => client.lost(),
        Err(_) => client.time_out(),
    }
    false
}

/// Reads once; the end of the stream and a deadline are told to the client.
async fn read_input<S>(stream: &mut S, client: &mut Client, deadline: Instant)
where
    S: AsyncRead + Unpin,
{
    match timeout_at(deadline, stream.read_buf(client.input())).await {
        Ok(Ok(1..)) => {}
        Ok(Ok(0) | Err(_)) => client.lost(),
        Err(_) => client.time_out(),
    }
}

/// A server that refuses a message half-way says why before it closes.
async fn listen_once_more<S>(stream: &mut S, client: &mut Client)
where
    S: AsyncRead + Unpin,
{
    let until = Instant::now() + LAST_WORDS;
    let heard = async {
        while client.input().len() < LAST_WORDS_BYTES_MAX && stream.read_buf(client.input()).await? > 0 {}
        io::Result::Ok(())
    };
    // Whatever was heard is in the input.
    let _ = timeout_at(until, heard).await;
}
