//! What this host itself writes to a sender.

use crate::carrier::Protection;
use bytes::Bytes;
use caliopen_model::{Handle, Protocol, Timestamp, Trouble};

/// What this host could not deliver of a message, and does not try again.
#[derive(Debug, Clone)]
pub struct GivenUp {
    /// Who sent it, and is told.
    pub sender: Handle,
    /// What the transaction was called (RFC 3461 §4.4).
    pub envelope_id: String,
    /// When the message was handed in.
    pub posted_at: Timestamp,
    /// Whom it did not reach, and why.
    pub recipients: Vec<(Handle, Trouble)>,
    /// The message.
    pub raw: Bytes,
    /// How the message had to be protected, and so what is told of it.
    pub protection: Protection,
}

/// A report that this host writes, whole. It has no return path: nobody answers it (RFC 5321 §4.5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its protocol.
    pub protocol: Protocol,
    /// Who asked for it.
    pub recipient: Handle,
    /// The bytes.
    pub raw: Bytes,
    /// How its way has to be protected.
    pub protection: Protection,
}
