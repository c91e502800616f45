//! What this host itself writes to a sender.

use bytes::Bytes;
use caliopen_model::{Handle, Protocol};

/// A report of a message that arrived, whole. It has no return path: nobody answers it (RFC 5321 §4.5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its protocol.
    pub protocol: Protocol,
    /// Who asked for it.
    pub recipient: Handle,
    /// The bytes.
    pub raw: Bytes,
}
