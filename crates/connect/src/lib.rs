//! What a connector is.
//!
//! A connector speaks one protocol with the outside. It hands every message to an [`Inbox`] as an
//! [`Arrival`], with the facts of the channel that only it saw, and it tells the use cases how to read
//! its bytes through a [`Format`]. It knows no account, no store and no other connector.

mod carrier;
mod leaving;
mod notice;
mod outbox;
mod outlook;
mod returned;
mod unpack;

pub use carrier::{Carrier, ComposeError, Dispatch, Protection};
pub use leaving::LeavingRequest;
pub use notice::{GivenUp, Notice};
pub use outbox::{
    CompleteError, Completed, Missing, Outbox, Posting, PostingVerdict, Program, ProgramSignIn,
};
pub use outlook::{ExpectedChannel, ExpectedHost, Outlook};
pub use returned::{Reported, ReportedFate};
pub use unpack::{Opened, Unpack};

use bytes::Bytes;
use caliopen_model::{
    Body, Defect, Evidence, Handle, HopSecurity, Message, Packed, Part, PartId, Protocol, Reading, Timestamp,
    TlsFacts,
};
use futures_util::future::BoxFuture;
use std::net::IpAddr;

/// Who a message is from and for, as the channel said: never what its headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where failures are reported; none for a report itself (RFC 5321 §4.5.5).
    pub reverse_path: Option<Handle>,
    /// The accepted recipients, in the order in which they were named.
    pub recipients: Vec<Handle>,
}

/// How the message reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A stranger's server, straight from the network: its hop is ours to judge.
    Network,
    /// A relay of the same host (LMTP): the hop that mattered is behind it, unseen.
    LocalRelay,
    /// Another person of this server: it never left the process.
    Inside,
}

/// What our own end of the channel saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Which way it came.
    pub origin: Origin,
    /// The peer's address.
    pub peer: Option<IpAddr>,
    /// What the peer called itself (HELO, EHLO, LHLO). Unproven.
    pub greeting: Option<String>,
    /// What protected the hop.
    pub security: HopSecurity,
    /// The TLS session, when there was one.
    pub tls: Option<TlsFacts>,
}

/// One message at our door.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Its protocol.
    pub protocol: Protocol,
    /// Who it is from and for.
    pub envelope: Envelope,
    /// How it came.
    pub channel: Channel,
    /// The bytes as they came, without transfer framing.
    pub raw: Bytes,
    /// When the last byte came.
    pub received_at: Timestamp,
}

/// Whether a recipient is taken. Asked before the message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipientVerdict {
    /// An account here.
    Accepted,
    /// The domain is ours, the name is nobody's.
    NoSuchUser,
    /// An account here that takes nothing more, until its person makes room.
    MailboxFull,
    /// The domain is not ours; we do not relay.
    NotLocal,
    /// Not now: storage or memory is short.
    TryLater,
}

/// What became of a message for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryVerdict {
    /// Durable: it is ours now.
    Stored,
    /// The account went away since it was accepted.
    NoSuchUser,
    /// The account takes nothing more, until its person makes room.
    MailboxFull,
    /// The disk is full.
    StorageFull,
    /// Nothing was kept; the peer keeps it and tries again.
    TryLater,
}

/// The door of the use cases. Implemented by `hub`, and by fakes that journal.
pub trait Inbox: Send + Sync + 'static {
    /// Says whether this recipient has an account here.
    fn accepts<'a>(&'a self, recipient: &'a Handle) -> BoxFuture<'a, RecipientVerdict>;

    /// Stores the message for each recipient of its envelope. One verdict for each, in the envelope's order;
    /// `Stored` is said only once the message is durable.
    fn deliver(&self, arrival: Arrival) -> BoxFuture<'_, Vec<DeliveryVerdict>>;

    /// Sends a report of a delivery, in its own time. Returns once it is queued, or dropped because there are too
    /// many: it says nothing that its reader could not do without. An inbox that sends nothing drops them all.
    fn report(&self, _notice: Notice) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// A service on the other side, as raw facts. Which class it is of is for the use cases to say: a connector
/// knows no table of services.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ServiceFacts {
    /// The domain that the message is from, in lower-case ASCII.
    pub domain: String,
    /// The hosts that take the domain's mail, most preferred first, in lower case, without a final dot.
    pub mx_hosts: Vec<String>,
    /// The peer's own name, once its reverse and forward look-ups agreed.
    pub peer_host: Option<String>,
}

/// What the checks of a protocol found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// The facts.
    pub evidence: Vec<Evidence>,
    /// The services on the way, each to become a handler once it is classified.
    pub services: Vec<ServiceFacts>,
}

/// What a protocol knows of its own bytes. Reading never fails; it takes bounded time and memory.
pub trait Format: Send + Sync + 'static {
    /// Which protocol.
    fn protocol(&self) -> Protocol;

    /// Who, when, what, and which parts; and what is wrong with the bytes.
    fn parse(&self, raw: &[u8]) -> (Message, Vec<Defect>);

    /// The facts that only checks of our own can establish. A check that could not finish is `Temperror` or
    /// `Unknown`, never a pass.
    fn verify<'a>(&'a self, arrival: &'a Arrival, message: &'a Message) -> BoxFuture<'a, Verified>;

    /// Everything that is shown of the message, made safe.
    fn read(&self, raw: &[u8]) -> Reading;

    /// What is searched of the message: the text of each body. A protocol that reads more for showing than for
    /// searching says less here.
    fn texts(&self, raw: &[u8]) -> Vec<String> {
        let text = |body| match body {
            Body::Text { text, .. } | Body::Html { text, .. } => text,
        };
        self.read(raw).bodies.into_iter().map(text).collect()
    }

    /// What a report says of messages that were sent, for a protocol that sends them as messages. Empty for others.
    fn reported(&self, _raw: &[u8]) -> Vec<Reported> {
        Vec::new()
    }

    /// The request that takes its reader off the list that a message is of, as the message says. Whether it may be
    /// believed is evidence ([`Evidence::OneClickSigned`]). `None` for a protocol without such lists.
    fn leaving(&self, _raw: &[u8]) -> Option<LeavingRequest> {
        None
    }

    /// Reads a file of messages that another program kept. `None` for a protocol whose messages stand in no files.
    fn unpack(&self, _file: &Opened<'_>) -> Option<Box<dyn Unpack>> {
        None
    }

    /// Writes a piece of a file that [`Format::unpack`] reads. Empty for a protocol that has none.
    fn pack(&self, _piece: Packed<'_>) -> Vec<u8> {
        Vec::new()
    }

    /// One part, decoded. `None` when there is no such part.
    fn part(&self, raw: &[u8], part: PartId) -> Option<(Part, Vec<u8>)>;
}
