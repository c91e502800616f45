//! The sending side of one connection, as a state machine: bytes in, steps out.
//!
//! A driver writes what [`Client::output`] holds, puts what it reads into [`Client::input`], and does what
//! [`Client::step`] asks; [`drive`] is one. The machine reads no clock, opens no socket and awaits nothing. A
//! server is a stranger: its replies are read strictly and within [`Limits`], and one that answers what it was
//! not asked is not believed any more.
//!
//! Extensions, each used when it is offered and needed: SIZE (RFC 1870), PIPELINING (RFC 2920), CHUNKING
//! (RFC 3030), STARTTLS (RFC 3207), DSN (RFC 3461), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), REQUIRETLS (RFC 8689).

mod commands;
mod driver;
mod framing;
mod hello;
mod limits;
mod offers;
mod outgoing;
mod reply;
mod transaction;
mod verdict;

pub use crate::reports::{Notify, Returned};
pub use driver::{Event, Timeouts, drive};
pub use limits::Limits;
pub use offers::Offers;
pub use outgoing::{Content, Outgoing, Recipient};
pub use reply::ServerReply;
pub use verdict::{Cause, Fate, Fault, Phase, Unable, Verdict};

use crate::config::ConfigError;
use crate::path;
use bytes::BytesMut;
use reply::{Lines, ReplyReader};
use std::collections::VecDeque;
use std::sync::Arc;
use transaction::Transaction;

/// Output that is written before more is made.
const OUTPUT_BYTES_HIGH: usize = 32 * 1_024;
/// The room for a server's replies.
const INPUT_BYTES: usize = 4 * 1_024;
/// RFC 5321 §3.8: the server closes the connection.
const CLOSING: u16 = 421;

/// What all connections of one host share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    host_name: String,
    limits: Limits,
}

impl Config {
    /// A client that calls itself `host_name`.
    pub fn new(host_name: &str, limits: Limits) -> Result<Self, ConfigError> {
        if !host_name.is_ascii() || !path::is_domain_name(host_name) {
            return Err(ConfigError::HostName);
        }
        Ok(Self { host_name: host_name.to_owned(), limits })
    }
}

/// What is done about STARTTLS. Once it is offered, nothing goes in clear any more: neither a refusal nor a
/// failed handshake leads back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// Without it nothing is sent.
    Required,
    /// It is used when it is offered.
    Opportunistic,
    /// It is not used: TLS is there already, or the way is trusted.
    Never,
}

/// What the driver does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Write the output, then step again.
    Write,
    /// Write the output, then read into the input: the server owes a reply to this step.
    Read(Phase),
    /// Shake hands, then [`Client::tls_started`] or [`Client::tls_failed`].
    StartTls,
    /// Idle: [`Client::send`] a message, or [`Client::quit`].
    Ready,
    /// A message is done with: one verdict for each of its recipients, in their order.
    Sent(Vec<Verdict>),
    /// The connection is over: close it. [`Client::failure`] says why, when it was not asked for.
    Closed,
}

/// A reply that the server owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Greeting,
    Ehlo,
    Helo,
    StartTls,
    Reset,
    Mail,
    /// To RCPT of the recipient at this place.
    Recipient(usize),
    Data,
    /// To a chunk that is not the last.
    Chunk,
    End,
    Quit,
}

impl Awaited {
    const fn phase(self) -> Phase {
        match self {
            Self::Greeting => Phase::Greeting,
            Self::Ehlo | Self::Helo => Phase::Hello,
            Self::StartTls => Phase::StartTls,
            Self::Reset => Phase::Reset,
            Self::Mail => Phase::Mail,
            Self::Recipient(_) => Phase::Recipient,
            Self::Data => Phase::Data,
            Self::Chunk => Phase::Content,
            Self::End => Phase::End,
            Self::Quit => Phase::Quit,
        }
    }
}

/// What a connection is for at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The server owes something, or a message is on its way.
    Talking,
    /// Waits for the handshake.
    Handshake,
    /// Is over.
    Closed,
}

/// The sending side of one connection.
#[derive(Debug)]
pub struct Client {
    config: Arc<Config>,
    starttls: StartTls,
    state: State,
    input: BytesMut,
    output: BytesMut,
    reader: ReplyReader,
    /// The replies that the server owes, in order.
    awaited: VecDeque<Awaited>,
    offers: Offers,
    server_name: Option<String>,
    in_tls: bool,
    transaction: Option<Box<Transaction>>,
    /// A transaction that the server still has in mind must be reset first.
    needs_reset: bool,
    sent: Option<Vec<Verdict>>,
    failure: Option<Verdict>,
    replies: u64,
}

impl Client {
    /// A new connection, on which the server speaks first.
    pub fn new(config: Arc<Config>, starttls: StartTls) -> Self {
        Self {
            config,
            starttls,
            state: State::Talking,
            input: BytesMut::new(),
            output: BytesMut::new(),
            reader: ReplyReader::default(),
            awaited: VecDeque::from([Awaited::Greeting]),
            offers: Offers::default(),
            server_name: None,
            in_tls: false,
            transaction: None,
            needs_reset: false,
            sent: None,
            failure: None,
            replies: 0,
        }
    }

    /// Where bytes from the server go: appended, never changed. It has room for at least one more.
    pub fn input(&mut self) -> &mut BytesMut {
        self.input.reserve(INPUT_BYTES);
        &mut self.input
    }

    /// What is to be written to the server. The driver takes what it wrote.
    pub const fn output(&mut self) -> &mut BytesMut {
        &mut self.output
    }

    /// What the server offers now.
    pub const fn offers(&self) -> &Offers {
        &self.offers
    }

    /// What the server called itself in its greeting. Unproven.
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }

    /// Whether the handshake after STARTTLS is done.
    pub const fn is_in_tls(&self) -> bool {
        self.in_tls
    }

    /// Why the connection is over, when it was not asked for.
    pub const fn failure(&self) -> Option<&Verdict> {
        self.failure.as_ref()
    }

    /// How many replies were read. Grows when the server makes progress.
    pub const fn replies(&self) -> u64 {
        self.replies
    }

    /// What comes next.
    pub fn step(&mut self) -> Step {
        loop {
            if self.output.len() >= OUTPUT_BYTES_HIGH {
                return Step::Write;
            }
            if let Some(verdicts) = self.sent.take() {
                return Step::Sent(verdicts);
            }
            match self.state {
                State::Closed => return Step::Closed,
                State::Handshake => return Step::StartTls,
                State::Talking => {}
            }
            if !self.take_reply() && !self.speak() {
                return self.awaited.front().map_or(Step::Ready, |awaited| Step::Read(awaited.phase()));
            }
        }
    }

    /// Ends the connection politely once it is idle. Nothing depends on the answer.
    pub fn quit(&mut self) {
        if self.is_idle() {
            self.output.extend_from_slice(b"QUIT\r\n");
            self.awaited.push_back(Awaited::Quit);
        }
    }

    /// The connection broke, or the server ended it. What the server said last counts.
    pub fn lost(&mut self) {
        while self.state == State::Talking && self.take_reply() {}
        let last_words = self.last_words();
        self.fail(last_words.unwrap_or(Cause::Fault(Fault::ConnectionLost)));
    }

    /// The server took too long.
    pub fn time_out(&mut self) {
        self.fail(Cause::Fault(Fault::TimedOut));
    }

    fn is_idle(&self) -> bool {
        self.state == State::Talking
            && self.awaited.is_empty()
            && self.transaction.is_none()
            && self.sent.is_none()
    }

    /// Reads one reply that is owed. Whether there was one.
    fn take_reply(&mut self) -> bool {
        let Some(awaited) = self.awaited.front().copied() else { return false };
        match self.reader.next(&mut self.input, &self.config.limits) {
            Ok(None) => return false,
            Ok(Some(lines)) => {
                self.replies += 1;
                self.obey(awaited, lines);
            }
            Err(fault) => self.fail(Cause::Fault(fault)),
        }
        true
    }

    fn obey(&mut self, awaited: Awaited, lines: Lines) {
        if lines.code == CLOSING && awaited != Awaited::Quit {
            let reply = lines.into_reply(&self.config.limits);
            return self.fail(Cause::Said(reply));
        }
        self.awaited.pop_front();
        match awaited {
            Awaited::Greeting => self.greeted(lines),
            Awaited::Ehlo => self.extended_hello_answered(lines),
            Awaited::Helo => self.hello_answered(lines),
            Awaited::StartTls => self.starttls_answered(lines),
            Awaited::Quit => self.state = State::Closed,
            _ => self.transaction_answered(awaited, lines),
        }
    }

    /// Writes a command that the server owes a reply to.
    fn command(&mut self, awaited: Awaited, line: &str) {
        if self.is_unasked(awaited) {
            return;
        }
        self.output.extend_from_slice(line.as_bytes());
        self.awaited.push_back(awaited);
    }

    /// Whether the server has answered already what it was not asked: no later reply could be matched with
    /// its command, and the connection ends.
    fn is_unasked(&mut self, awaited: Awaited) -> bool {
        let unasked = self.awaited.is_empty() && (!self.input.is_empty() || self.reader.is_within_reply());
        if unasked {
            let cause = self.last_words().unwrap_or(Cause::Fault(Fault::ReplyUnasked));
            self.give_up(awaited, cause);
        }
        unasked
    }

    /// A reply to nothing that says why the connection ends: 421, or a refusal while the message goes out.
    fn last_words(&mut self) -> Option<Cause> {
        let in_content = self.transaction.as_ref().is_some_and(|transaction| transaction.is_in_content());
        let lines = self.reader.next(&mut self.input, &self.config.limits).ok().flatten()?;
        let says_why = lines.code == CLOSING || (in_content && lines.class() >= 4);
        says_why.then(|| Cause::Said(lines.into_reply(&self.config.limits)))
    }

    /// Ends the connection, with a verdict for each recipient who has none.
    fn fail(&mut self, cause: Cause) {
        if self.state == State::Closed {
            return;
        }
        let phase = self.phase();
        self.state = State::Closed;
        let quitting = self.awaited.front() == Some(&Awaited::Quit);
        self.awaited.clear();
        self.input.clear();
        if quitting {
            return;
        }
        let verdict = match cause {
            Cause::Said(reply) => Verdict::of_reply(phase, reply),
            Cause::Fault(fault) => Some(Verdict::of_fault(phase, fault)),
            Cause::Unable(unable) => Some(Verdict::of_unable(phase, unable)),
        };
        let verdict = verdict.unwrap_or_else(|| Verdict::of_fault(phase, Fault::ReplyUnexpected));
        self.output.clear();
        if let Some(transaction) = self.transaction.take() {
            self.sent = Some(transaction.finish(&verdict));
        }
        self.failure = Some(verdict);
    }

    /// The step that something is decided at now.
    fn phase(&self) -> Phase {
        let in_content = self.transaction.as_ref().is_some_and(|transaction| transaction.is_in_content());
        match self.awaited.front() {
            // While bytes of the message wait to be written, it was not sent whole.
            Some(Awaited::End) if !self.output.is_empty() => Phase::Content,
            Some(awaited) => awaited.phase(),
            None if in_content => Phase::Content,
            None if self.state == State::Handshake => Phase::StartTls,
            None => Phase::Mail,
        }
    }
}
