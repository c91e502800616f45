//! The way out of a connector.

use crate::notice::{GivenUp, Notice};
use crate::outbox::{CompleteError, Completed, Missing};
use crate::outlook::Outlook;
use bytes::Bytes;
use caliopen_model::{Attachment, Handle, Letter, Outcome, Protocol};
use futures_util::future::BoxFuture;

/// One message to some recipients of one destination.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// Where failures are reported; none for a report itself (RFC 5321 §4.5.5).
    pub reverse_path: Option<Handle>,
    /// The recipients, all of one destination.
    pub recipients: Vec<Handle>,
    /// The message as it leaves.
    pub raw: Bytes,
    /// Names the transaction to the peer, for its reports (RFC 3461 §4.4). Says nothing of the message.
    pub envelope_id: String,
    /// How its way has to be protected.
    pub protection: Protection,
}

/// How a message has to be protected on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// As the domain of its recipients and the configuration demand.
    AsDemanded,
    /// Proven at every host up to the last (RFC 8689): it is given back rather than handed to one that cannot promise it.
    EveryHost,
    /// As well as it can be: what says that a protection fails must not fail with it (RFC 8460 §3).
    BestEffort,
}

impl Protection {
    /// Of a message whose sender wants proven hosts alone, or has no such wish.
    pub const fn wished(requires_tls: bool) -> Self {
        if requires_tls { Self::EveryHost } else { Self::AsDemanded }
    }
}

/// Why a letter cannot become a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// An address holds what no header may hold.
    #[error("an address of the letter cannot be written in a header")]
    Address,
    /// The message would be larger than a message may be.
    #[error("the message is larger than {0} bytes")]
    TooLarge(usize),
}

/// What takes messages away. The queue asks it again for what it deferred; it keeps nothing itself.
pub trait Carrier: Send + Sync + 'static {
    /// Which protocol.
    fn protocol(&self) -> Protocol;

    /// A file as it leaves when the person did not ask to keep what devices write into it: where a picture was taken,
    /// and with what. Others stay as they are.
    fn without_metadata(&self, file: Attachment) -> Attachment;

    /// The bytes of a letter, signed by the identity's domain where the protocol signs.
    ///
    /// # Errors
    ///
    /// When the letter cannot be written. Nothing was sent.
    fn compose(&self, letter: &Letter) -> Result<Bytes, ComposeError>;

    /// A message that another program wrote, made fit to leave: with what it lacks, without what says too much.
    ///
    /// # Errors
    ///
    /// When it is not clear who it is from, or it cannot be read.
    fn complete(&self, _raw: &[u8], _missing: &Missing) -> Result<Completed, CompleteError> {
        Err(CompleteError::Unreadable)
    }

    /// The same bytes, signed by the author's domain where the protocol signs.
    fn sign(&self, _from: &Handle, raw: Bytes) -> Bytes {
        raw
    }

    /// Tells a program's sender by mail what was given up; none where the protocol has no such reports.
    fn failure(&self, _given_up: &GivenUp, _missing: &Missing) -> Option<Notice> {
        None
    }

    /// What recipients are put together by: those of one destination share connections and their troubles.
    fn destination(&self, recipient: &Handle) -> String;

    /// What would happen to a message for this recipient now, from memory where it is known, else looked up within
    /// the connector's own limits. Nobody's host is spoken to. None when the protocol cannot tell.
    fn outlook<'a>(&'a self, _recipient: &'a Handle) -> BoxFuture<'a, Option<Outlook>> {
        Box::pin(async { None })
    }

    /// Tries once. One outcome for each recipient, in their order; returns within the connector's own limits.
    fn carry(&self, dispatch: Dispatch) -> BoxFuture<'_, Vec<Outcome>>;
}
