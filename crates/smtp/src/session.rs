//! The receiving side of one connection, as a state machine: bytes in, steps out.
//!
//! A driver writes what [`Session::output`] holds, puts what it reads into [`Session::input`], and does what
//! [`Session::step`] asks. The same bytes give the same steps and replies however they were split into reads.

mod content;
mod dialogue;
mod line;
mod sign_in;
mod transaction;

use crate::auth::{Credentials, Exchange, SignInVerdict};
use crate::budget::Reservation;
use crate::command::Chunk;
use crate::config::{Config, Dialect};
use crate::content::INPUT_BYTES;
use crate::replies as say;
use crate::reply::Reply;
use crate::reports::ReportsAsked;
use bytes::{Buf, Bytes, BytesMut};
use caliopen_model::EmailAddress;
use sign_in::SignIn;
use std::fmt;
use std::sync::Arc;
use transaction::Transaction;

/// Replies that wait to be written before more commands are read.
const OUTPUT_BYTES_HIGH: usize = 8 * 1_024;
/// The input buffer of a connection that waits for a command: thousands may.
const COMMAND_INPUT_BYTES: usize = 512;
/// The input buffer while a message comes in.
const CONTENT_INPUT_BYTES: usize = INPUT_BYTES as usize;

/// Who a message is from and for, as MAIL and RCPT said (RFC 5321 §2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where failures are reported; `None` for `<>`.
    pub reverse_path: Option<EmailAddress>,
    /// The accepted recipients, each once, in the order in which they were named.
    pub forward_paths: Vec<EmailAddress>,
    /// What the sender wants to be told of it.
    pub asked: ReportsAsked,
    /// It, and reports of it, may go on over proven channels alone (RFC 8689 §4.1).
    pub requires_tls: bool,
}

/// A whole message that waits to be stored.
#[derive(Debug)]
pub struct Delivery {
    /// Who it is from and for.
    pub envelope: Envelope,
    /// What the client called itself. Unproven.
    pub greeting: Option<String>,
    /// The content, without the framing of DATA or BDAT.
    pub message: Bytes,
    /// The message's share of the budget: to be dropped once the bytes are let go.
    pub reservation: Reservation,
}

/// Whether a recipient is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipientVerdict {
    /// 250.
    Accepted,
    /// 550 5.1.1.
    NoSuchUser,
    /// 452 4.2.2.
    MailboxFull,
    /// 550 5.7.1.
    NotLocal,
    /// 451 4.3.0.
    TryLater,
    /// 421 4.7.0: what the client signed in with was revoked.
    SignedOut,
}

/// What became of a message for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryVerdict {
    /// 250: it is durable.
    Stored,
    /// 550 5.1.1.
    NoSuchUser,
    /// 452 4.2.2.
    MailboxFull,
    /// 452 4.3.1.
    StorageFull,
    /// 451 4.3.0.
    TryLater,
    /// A message of a program that signed in is not taken.
    Refused(Refusal),
}

/// Why a message of a program that signed in is not taken (RFC 6409 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 550 5.7.1: its From is not one address of the account.
    NotYourFrom,
    /// 550 5.7.1: its Sender, or a field of a resent message, names somebody else.
    NotYourSender,
    /// 554 5.6.0: its header cannot be read.
    BadHeader,
    /// 451 4.7.1: the account wrote to as many people as it may.
    AccountLimit,
    /// 451 4.7.1: all accounts together did.
    HostLimit,
    /// 451 4.7.1: it goes to many people whom the account never wrote to.
    FanOut,
    /// 452 4.2.2: the account takes nothing more, a copy of what it sends neither.
    MailboxFull,
    /// 421 4.7.0: what the client signed in with was revoked.
    SignedOut,
}

/// What the driver does next.
#[derive(Debug)]
pub enum Step {
    /// Write the output, then step again.
    Write,
    /// Write the output, then read into the input.
    Read,
    /// Find out whether this signs in, then [`Session::answer_sign_in`].
    SignIn(Box<Credentials>),
    /// Find out whether the recipient is taken, then [`Session::answer_recipient`].
    AskRecipient(EmailAddress),
    /// Store the message, then [`Session::answer_delivery`].
    Deliver(Box<Delivery>),
    /// Write the output and shake hands, then [`Session::tls_started`] (RFC 3207).
    StartTls,
    /// Write the output and close the connection.
    Close,
}

/// What a session is doing.
enum Phase {
    /// Waits for a command.
    Command,
    /// Reads a line away that was too long, then gives the reply; holds how much it had.
    LongLine(usize, Reply),
    /// Waits for the client's next word of a sign-in.
    Response(Exchange),
    /// Waits for the verdict on a sign-in.
    SignIn,
    /// Waits for the verdict on a recipient.
    Recipient(EmailAddress),
    /// Receives a message until its dot.
    Data,
    /// Receives a chunk; `size_bytes` is what is missing of it.
    Chunk(Chunk),
    /// Reads a refused chunk away, then gives the reply.
    RefusedChunk(u64, Reply),
    /// Waits for the verdicts on a message.
    Delivery,
    /// Waits for the handshake.
    Handshake,
    /// Is over.
    Closed,
}

/// The name that the client gave.
#[derive(Debug)]
struct Greeting {
    name: String,
    /// EHLO or LHLO: extensions may be used.
    extended: bool,
}

/// The receiving side of one connection. What it holds is shown by no `Debug`: secrets pass through it.
pub struct Session {
    config: Arc<Config>,
    phase: Phase,
    input: BytesMut,
    output: BytesMut,
    /// The room that the input was given last.
    input_room: usize,
    /// How much of the input was searched for a line's end already.
    searched: usize,
    greeting: Option<Greeting>,
    transaction: Option<Box<Transaction>>,
    in_tls: bool,
    sign_in: SignIn,
    shutting_down: bool,
    commands: u32,
    errors: u32,
    refused_recipients: u32,
    transactions: u32,
}

impl Session {
    /// A new connection; the output holds the greeting of RFC 5321 §3.1.
    pub fn new(config: Arc<Config>) -> Self {
        let mut output = BytesMut::with_capacity(config.greeting.len());
        output.extend_from_slice(&config.greeting);
        Self {
            config,
            phase: Phase::Command,
            input: BytesMut::new(),
            output,
            input_room: 0,
            searched: 0,
            greeting: None,
            transaction: None,
            in_tls: false,
            sign_in: SignIn::default(),
            shutting_down: false,
            commands: 0,
            errors: 0,
            refused_recipients: 0,
            transactions: 0,
        }
    }

    /// A new connection that is encrypted from its first byte (RFC 8314 §3).
    pub fn new_in_tls(config: Arc<Config>) -> Self {
        Self { in_tls: true, ..Self::new(config) }
    }

    /// Where bytes from the client go: appended, never changed. It has room for at least one more.
    pub fn input(&mut self) -> &mut BytesMut {
        let room = if self.receives_message() { CONTENT_INPUT_BYTES } else { COMMAND_INPUT_BYTES };
        if self.input.is_empty() && self.input_room > room {
            self.input = BytesMut::with_capacity(room);
            self.input_room = room;
        }
        if self.input.capacity() - self.input.len() < room / 2 {
            self.input.reserve(room);
            self.input_room = self.input_room.max(room);
        }
        &mut self.input
    }

    /// What is to be written to the client. The driver takes what it wrote.
    pub const fn output(&mut self) -> &mut BytesMut {
        &mut self.output
    }

    /// Whether a message is on its way in: from DATA to its dot, or from the first chunk to the last.
    pub fn receives_message(&self) -> bool {
        matches!(self.phase, Phase::Data | Phase::Chunk(_) | Phase::RefusedChunk(..))
            || self.transaction.as_deref().is_some_and(|open| open.content.is_some())
    }

    /// How many commands were read. Grows when the client makes progress.
    pub const fn commands(&self) -> u32 {
        self.commands
    }

    /// How many messages were begun.
    pub const fn transactions(&self) -> u32 {
        self.transactions
    }

    /// What comes next. A question that was left unanswered counts as `TryLater`.
    pub fn step(&mut self) -> Step {
        loop {
            if self.output.len() >= OUTPUT_BYTES_HIGH {
                return Step::Write;
            }
            let next = match &self.phase {
                Phase::Command | Phase::Response(_) => self.take_command(),
                Phase::LongLine(..) => self.take_long_line(),
                Phase::SignIn => {
                    self.answer_sign_in(SignInVerdict::TryLater);
                    None
                }
                Phase::Recipient(_) => {
                    self.answer_recipient(RecipientVerdict::TryLater);
                    None
                }
                Phase::Delivery => {
                    self.answer_delivery(&[]);
                    None
                }
                Phase::Data => self.take_data(),
                Phase::Chunk(chunk) => {
                    let chunk = *chunk;
                    self.take_chunk(chunk)
                }
                Phase::RefusedChunk(missing, reply) => {
                    let (missing, reply) = (*missing, *reply);
                    self.take_refused_chunk(missing, reply)
                }
                Phase::Handshake => Some(Step::StartTls),
                Phase::Closed => Some(Step::Close),
            };
            if let Some(step) = next {
                return step;
            }
        }
    }

    /// The handshake is done: nothing that was said before it counts (RFC 3207 §4.2).
    pub fn tls_started(&mut self) {
        self.in_tls = true;
        self.forget_input();
        self.output.clear();
        self.greeting = None;
        self.transaction = None;
        self.phase = Phase::Command;
    }

    /// Ends the connection with 421 (RFC 5321 §3.8): at once between commands, after its reply when a message is on
    /// its way in. An envelope alone is not waited for: its sender still has the message, and tries again.
    pub const fn shut_down(&mut self) {
        self.shutting_down = true;
    }

    /// Whether [`Session::shut_down`] was called.
    pub const fn is_shutting_down(&self) -> bool {
        self.shutting_down
    }

    /// The client took too long: 421, and the connection ends.
    pub fn time_out(&mut self) {
        self.close(say::TIMED_OUT);
    }

    fn say(&mut self, reply: Reply) {
        reply.write_to(&mut self.output);
    }

    /// Answers a command that failed, and counts it unless the failure is ours.
    fn refuse(&mut self, reply: Reply) {
        self.say(reply);
        self.errors += u32::from(reply.code() >= 500);
        if self.errors > self.config.limits.errors_max {
            self.close(say::TOO_MANY_ERRORS);
        }
    }

    /// Says the last reply. What the client sent after it is not read.
    fn close(&mut self, reply: Reply) {
        if !matches!(self.phase, Phase::Closed) {
            self.say(reply);
        }
        self.phase = Phase::Closed;
        self.transaction = None;
        self.forget_input();
    }

    fn forget_input(&mut self) {
        self.input.clear();
        self.searched = 0;
    }

    /// Takes a line of this length, and the CRLF behind it, out of the input.
    fn split_line(&mut self, length: usize) -> BytesMut {
        let line = self.input.split_to(length.min(self.input.len()));
        self.input.advance(self.input.len().min(2));
        self.searched = 0;
        line
    }

    fn is_lmtp(&self) -> bool {
        self.config.dialect == Dialect::Lmtp
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("commands", &self.commands).finish_non_exhaustive()
    }
}
