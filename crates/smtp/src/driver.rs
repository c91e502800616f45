//! The thin side that awaits: one connection's bytes, deadlines and questions.
//!
//! It knows no TLS library: at STARTTLS it hands the stream back, and is called again with the encrypted one.

use crate::auth::{Credentials, SignInVerdict};
use crate::session::{Delivery, DeliveryVerdict, RecipientVerdict, Session, Step};
use bytes::{Buf, BytesMut};
use caliopen_model::EmailAddress;
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

/// How long the last bytes of a client are read away after the last reply, so that the reply is not lost to
/// a reset (RFC 1122 §4.2.2.13).
const LINGER: Duration = Duration::from_secs(1);
/// How much is read away then.
const LINGER_BYTES_MAX: usize = 64 * 1_024;

/// Where the answers come from.
pub trait Handler: Sync {
    /// Whether these words sign in. Asked in the submission dialect alone.
    fn sign_in(&self, _credentials: Credentials) -> impl Future<Output = SignInVerdict> + Send {
        async { SignInVerdict::Refused }
    }

    /// Whether the recipient is taken.
    fn accepts(&self, recipient: &EmailAddress) -> impl Future<Output = RecipientVerdict> + Send;

    /// Stores the message; one verdict for each recipient of the envelope.
    fn deliver(&self, delivery: Delivery) -> impl Future<Output = Vec<DeliveryVerdict>> + Send;
}

/// How long a client may take. RFC 5321 §4.5.3.2 gives the server 5 minutes for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// From one command to the end of the next.
    pub command: Duration,
    /// From one message to the beginning of the next, whatever is said in between.
    pub idle: Duration,
    /// From one block of a message to the next.
    pub block: Duration,
    /// For all of a message.
    pub message: Duration,
    /// What a message gets before its rate counts.
    pub rate_grace: Duration,
    /// The rate below which a message is given up.
    pub bytes_per_second_min: u32,
    /// For the client to take our replies.
    pub write: Duration,
    /// From a sign-in to its refusal, at least: whoever guesses waits, and learns nothing from how long.
    pub refused_sign_in: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            command: Duration::from_secs(5 * 60),
            idle: Duration::from_secs(15 * 60),
            block: Duration::from_secs(3 * 60),
            message: Duration::from_secs(60 * 60),
            rate_grace: Duration::from_secs(2 * 60),
            bytes_per_second_min: 256,
            write: Duration::from_secs(60),
            refused_sign_in: Duration::from_secs(1),
        }
    }
}

/// How driving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By our last reply.
    Closed,
    /// The client went away.
    ClientLeft,
    /// The client wants TLS: shake hands, tell the session, drive again.
    StartTls,
}

/// Serves a connection until it ends or wants TLS. When `shutdown` turns true, or its sender is gone, the
/// session ends as [`Session::shut_down`] says. Delivering is not timed: an answer after DATA is never
/// guessed (RFC 1047).
pub async fn drive<S, H>(
    stream: &mut S,
    session: &mut Session,
    handler: &H,
    timeouts: &Timeouts,
    shutdown: &mut watch::Receiver<bool>,
) -> io::Result<Ended>
where
    S: AsyncRead + AsyncWrite + Unpin,
    H: Handler,
{
    let mut deadlines = Deadlines::start(timeouts);
    loop {
        match session.step() {
            Step::Write => write_output(stream, session, timeouts).await?,
            Step::Read => {
                write_output(stream, session, timeouts).await?;
                if read_input(stream, session, &mut deadlines, shutdown).await? == 0 {
                    return Ok(Ended::ClientLeft);
                }
            }
            Step::SignIn(credentials) => {
                let refused_at = Instant::now() + timeouts.refused_sign_in;
                let verdict = handler.sign_in(*credentials).await;
                if verdict != SignInVerdict::Accepted {
                    sleep_until(refused_at).await;
                }
                session.answer_sign_in(verdict);
            }
            Step::AskRecipient(recipient) => {
                let verdict = handler.accepts(&recipient).await;
                session.answer_recipient(verdict);
            }
            Step::Deliver(delivery) => {
                let verdicts = handler.deliver(*delivery).await;
                session.answer_delivery(&verdicts);
            }
            Step::StartTls => {
                write_output(stream, session, timeouts).await?;
                return Ok(Ended::StartTls);
            }
            Step::Close => {
                write_output(stream, session, timeouts).await?;
                linger(stream).await;
                return Ok(Ended::Closed);
            }
        }
    }
}

/// Ends when `shutdown` turns true or its sender is gone.
pub async fn stop_asked(shutdown: &mut watch::Receiver<bool>) {
    // Both outcomes mean the same: there is nobody who wants this to go on.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// Every reply that waits, in one write.
async fn write_output<S>(stream: &mut S, session: &mut Session, timeouts: &Timeouts) -> io::Result<()>
where
    S: AsyncWrite + Unpin,
{
    let output = session.output();
    if output.is_empty() {
        return Ok(());
    }
    let written = async {
        while output.has_remaining() {
            stream.write_buf(output).await?;
        }
        stream.flush().await
    };
    timeout(timeouts.write, written).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    // An idle connection keeps no buffer for replies.
    *session.output() = BytesMut::new();
    Ok(())
}

/// Reads once. Gives 0 at the end of the stream; a deadline or the shutdown is told to the session instead,
/// and counts as something read.
async fn read_input<S>(
    stream: &mut S,
    session: &mut Session,
    deadlines: &mut Deadlines<'_>,
    shutdown: &mut watch::Receiver<bool>,
) -> io::Result<usize>
where
    S: AsyncRead + Unpin,
{
    let deadline = deadlines.next(session);
    let stopping = session.is_shutting_down();
    tokio::select! {
        biased;
        read = stream.read_buf(session.input()) => {
            let bytes = read?;
            deadlines.received(bytes);
            return Ok(bytes);
        }
        () = sleep_until(deadline) => session.time_out(),
        () = stop_asked(shutdown), if !stopping => session.shut_down(),
    }
    Ok(1)
}

/// Lets the client read the last reply: closing a socket with unread input would reset it.
async fn linger<S>(stream: &mut S)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let until = Instant::now() + LINGER;
    let drained = async {
        stream.shutdown().await?;
        let mut scratch = BytesMut::with_capacity(1_024);
        let mut total = 0;
        while total < LINGER_BYTES_MAX {
            scratch.clear();
            match stream.read_buf(&mut scratch).await? {
                0 => break,
                bytes => total += bytes,
            }
        }
        io::Result::Ok(())
    };
    // The connection is over either way; there is nobody left to tell.
    let _ = timeout_at(until, drained).await;
}

/// When the client must have sent something.
struct Deadlines<'a> {
    timeouts: &'a Timeouts,
    /// The last command or transaction seen, and since when.
    commands: u32,
    command_since: Instant,
    transactions: u32,
    idle_since: Instant,
    /// The message that is coming in: since when, and how much of it came.
    message: Option<(Instant, u64)>,
}

impl<'a> Deadlines<'a> {
    fn start(timeouts: &'a Timeouts) -> Self {
        let now = Instant::now();
        Self { timeouts, commands: 0, command_since: now, transactions: 0, idle_since: now, message: None }
    }

    /// The deadline of the read that begins now.
    fn next(&mut self, session: &Session) -> Instant {
        let now = Instant::now();
        if session.receives_message() {
            let (since, bytes) = *self.message.get_or_insert((now, 0));
            return self.of_content(now, since, bytes);
        }
        let message_ended = self.message.take().is_some();
        if message_ended || session.commands() != self.commands {
            self.commands = session.commands();
            self.command_since = now;
        }
        if message_ended || session.transactions() != self.transactions {
            self.transactions = session.transactions();
            self.idle_since = now;
        }
        (self.command_since + self.timeouts.command).min(self.idle_since + self.timeouts.idle)
    }

    /// A message earns time by its bytes: one byte a second does not keep a connection.
    fn of_content(&self, now: Instant, since: Instant, bytes: u64) -> Instant {
        let earned = Duration::from_secs(bytes / u64::from(self.timeouts.bytes_per_second_min.max(1)));
        let rate = since + self.timeouts.rate_grace + earned;
        (now + self.timeouts.block).min(since + self.timeouts.message).min(rate)
    }

    fn received(&mut self, bytes: usize) {
        if let Some((_, total)) = &mut self.message {
            *total += bytes as u64;
        }
    }
}
