//! What became of a message for one recipient, as evidence of our own end.

use crate::{HopProof, HopSecurity, Timestamp, TlsFacts};

/// The fate of one attempt to deliver, for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The next host has it: from here on it is theirs.
    Delivered(Delivery),
    /// Not now. It is tried again.
    Deferred(Trouble),
    /// Never. The person is told.
    Failed(Trouble),
}

/// How a message was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The host that took it, by the name that was looked up; this server's own for a person here.
    pub host: String,
    /// What protected the hop.
    pub security: HopSecurity,
    /// What proved who answered, when something did.
    pub proof: Option<HopProof>,
    /// The TLS session, when there was one.
    pub tls: Option<TlsFacts>,
    /// The host's certificate, as it was checked, when there was a TLS session.
    pub certificate: Option<CertificateFacts>,
}

/// A host's certificate, as it was checked when a message was handed over. It proves a name; whether that is the right one
/// is for [`Delivery::proof`] to say (RFC 7672 §1.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// What the check found.
    pub standing: CertificateStanding,
    /// SHA-256 of its public key, as a TLSA record names it (RFC 6698 §2.1.2); none when it cannot be read.
    pub key: Option<[u8; 32]>,
    /// Who issued it, by its own words: an organisation, else a name. At most 100 characters of text; none when it says
    /// neither. Only as true as [`CertificateFacts::standing`] is good.
    pub issuer: Option<String>,
    /// From when and until when it is meant to be used; none when it cannot be read.
    pub validity: Option<(Timestamp, Timestamp)>,
}

/// What checking a certificate against the known authorities found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStanding {
    /// An authority vouches for the host's name.
    Vouched,
    /// It is of another name.
    OtherName,
    /// Its time is over, or has not come.
    OutOfDate,
    /// No known authority vouches for it.
    UnknownAuthority,
    /// It cannot be read, or says what a certificate must not.
    Broken,
}

/// Why a message did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What a person needs to know.
    pub cause: Cause,
    /// The host that said no, or did not answer, when there was one.
    pub host: Option<String>,
    /// The enhanced status (RFC 3463), for example `5.1.1`: the peer's, or ours for what we found.
    pub status: String,
    /// The peer's own words: one line, cleaned of control characters, at most 500 bytes. Never trusted.
    pub said: Option<String>,
}

/// The kinds of trouble that a person would do something different about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The domain does not exist, or says that it takes no mail (RFC 7505).
    NoSuchDomain,
    /// The host says that there is no such person.
    NoSuchRecipient,
    /// The person's mailbox is full.
    MailboxFull,
    /// The message is larger than the host takes.
    TooLarge,
    /// The host refuses it for what it is, or for where it comes from.
    Refused,
    /// No host of the domain answers.
    Unreachable,
    /// The host is busy, or asks to come back later.
    Busy,
    /// The connection ended after the message and before the answer: it may have arrived.
    AnswerLost,
    /// The channel could not be protected as it should be; nothing was sent.
    NotPrivate,
    /// The host cannot take what this message needs: an international address, or 8-bit content.
    NotCapable,
    /// Looking up the domain failed.
    LookupFailed,
    /// It was tried for as long as the host tries.
    Expired,
    /// The host said something that is not its protocol.
    Garbled,
}
