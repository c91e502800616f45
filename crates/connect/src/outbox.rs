//! The way in for what people's own programs send.

use crate::RecipientVerdict;
use crate::carrier::Protection;
use bytes::Bytes;
use caliopen_model::{AccountId, AppPasswordId, Handle, Timestamp};
use futures_util::future::BoxFuture;
use std::net::IpAddr;

/// What a program signed in with, and for whom. It opens nothing that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Whose messages it sends.
    pub account: AccountId,
    /// What it signed in with, which its person may revoke at any time.
    pub password: AppPasswordId,
}

/// What became of a wish to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramSignIn {
    /// It may send until its password is revoked.
    Accepted(Program),
    /// The name or the secret is wrong; which of them is not said.
    Refused,
    /// Too many tries.
    TooManyTries,
    /// It cannot be checked now.
    TryLater,
}

/// A message that a program hands in.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Who hands it in.
    pub program: Program,
    /// Whom it goes to, in the order in which they were named.
    pub recipients: Vec<Handle>,
    /// The bytes as they came, without transfer framing.
    pub raw: Bytes,
    /// How its way has to be protected.
    pub protection: Protection,
}

/// What became of a message that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostingVerdict {
    /// Durable, in its conversation and in the queue: it leaves.
    Taken,
    /// Its author is not one address of the account.
    NotYourFrom,
    /// Somebody beside its author is named as its sender.
    NotYourSender,
    /// Its header cannot be read.
    BadHeader,
    /// The account wrote to as many people as it may in an hour.
    AccountLimit,
    /// All accounts of the host together did.
    HostLimit,
    /// It goes to many people whom the account never wrote to.
    FanOut,
    /// The account takes nothing more, a copy of what it sends neither.
    MailboxFull,
    /// What the program signed in with was revoked.
    SignedOut,
    /// The disk is full; nothing was kept.
    StorageFull,
    /// Nothing was kept; the program tries again.
    TryLater,
}

/// The door of the use cases for programs that send. Implemented by `hub`, and by fakes that journal.
pub trait Outbox: Send + Sync + 'static {
    /// Lets a program in that knows an app password of the account with this address. Whoever does not is counted.
    fn let_in<'a>(&'a self, address: &'a str, secret: &'a str, from: IpAddr) -> BoxFuture<'a, ProgramSignIn>;

    /// Whether a message of this program may go to a recipient; none once the program was signed out.
    fn may_write<'a>(&'a self, program: Program, to: &'a Handle) -> BoxFuture<'a, Option<RecipientVerdict>>;

    /// Takes a message. `Taken` is said only once it is durable.
    fn post(&self, posting: Posting) -> BoxFuture<'_, PostingVerdict>;
}

/// What a message gets that has it not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What stands before the `@` of its id; its author's domain comes behind.
    pub id_left: String,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// A message of another program that can leave, and who is to answer for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// The message, not signed yet.
    pub raw: Bytes,
    /// Its only author.
    pub from: Handle,
    /// Whoever else is named as its sender.
    pub senders: Vec<Handle>,
}

/// Why a message of another program cannot leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompleteError {
    /// Its author is not exactly one address.
    #[error("the message does not name one author")]
    From,
    /// A sender beside the author is named who is none.
    #[error("the message names a sender who is none")]
    Sender,
    /// It cannot be read, or its protocol takes none.
    #[error("the message cannot be read")]
    Unreadable,
}
