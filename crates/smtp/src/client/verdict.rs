//! What became of a message for one recipient, or of a connection before it took one: who decided, at which
//! step, in which words.

use super::reply::ServerReply;
use crate::reply::EnhancedStatus;
use std::borrow::Cow;

/// The step of the dialogue at which something was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The server's greeting (RFC 5321 §3.1).
    Greeting,
    /// EHLO or HELO.
    Hello,
    /// STARTTLS and the handshake (RFC 3207).
    StartTls,
    /// MAIL.
    Mail,
    /// RCPT.
    Recipient,
    /// DATA, up to its 354.
    Data,
    /// The message on its way.
    Content,
    /// The answer after the message's last byte.
    End,
    /// RSET between two messages.
    Reset,
    /// QUIT.
    Quit,
}

impl Phase {
    /// Whether no message was spoken of yet.
    const fn is_before_mail(self) -> bool {
        matches!(self, Self::Greeting | Self::Hello | Self::StartTls | Self::Reset)
    }
}

/// What the sender does next about a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Nothing: the server answers for the message now (RFC 5321 §6.1).
    Accepted,
    /// Try again later.
    Deferred,
    /// Give up.
    Refused,
}

/// The dialogue failed. Always worth another try later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    /// The server went away.
    #[error("the server closed the connection")]
    ConnectionLost,
    /// The server said nothing, or took nothing, for too long.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The message was sent whole, and no answer was understood: the server may have it or not (RFC 1047).
    #[error("the message was sent but the server's answer did not arrive: it may have been delivered")]
    OutcomeUnknown,
    /// A reply exceeds the limits.
    #[error("the server's reply is too long")]
    ReplyTooLarge,
    /// Bytes that are no reply (RFC 5321 §4.2).
    #[error("the server's reply cannot be read")]
    ReplyMalformed,
    /// A reply whose code has no meaning at this step.
    #[error("the server's reply does not answer the command")]
    ReplyUnexpected,
    /// A reply to nothing. What follows cannot be matched with commands any more.
    #[error("the server answered without being asked")]
    ReplyUnasked,
    /// TLS is required, and STARTTLS is not offered.
    #[error("the server does not offer the encryption that is required")]
    TlsNotOffered,
    /// The handshake failed.
    #[error("the server offers encryption but it could not be established")]
    TlsFailed,
}

impl Fault {
    /// The enhanced status to report it with (RFC 3463).
    pub const fn status(self) -> EnhancedStatus {
        let (subject, detail) = match self {
            Self::ConnectionLost | Self::TimedOut | Self::OutcomeUnknown => (4, 2),
            Self::ReplyTooLarge | Self::ReplyMalformed | Self::ReplyUnexpected | Self::ReplyUnasked => (5, 0),
            Self::TlsNotOffered => (7, 4),
            Self::TlsFailed => (7, 5),
        };
        EnhancedStatus { class: 4, subject, detail }
    }
}

/// The message cannot be sent to this server, whoever tries. Found out before a byte of it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unable {
    /// A CR or an LF stands alone in it: two servers could disagree about where it ends.
    #[error("the message holds a CR or LF alone")]
    BareLineEnd,
    /// It is larger than the server announced to take (RFC 1870).
    #[error("the message is larger than the server takes")]
    TooLarge,
    /// It has bytes outside ASCII, and 8BITMIME is not offered (RFC 6152).
    #[error("the message has 8-bit content, which the server does not take")]
    NeedsEightBit,
    /// An address or a header field is not ASCII, and SMTPUTF8 is not offered (RFC 6531).
    #[error("an address or a header field is outside ASCII, which the server does not take")]
    NeedsSmtpUtf8,
    /// It may go over proven channels alone to its end, and the server does not promise that (RFC 8689 §4.2.1).
    #[error("the server does not promise to hand the message on over encrypted channels alone")]
    NeedsRequireTls,
    /// The sender's address has no form on the wire.
    #[error("the sender's address cannot be written")]
    BadSender,
    /// The recipient's address has no form on the wire.
    #[error("the recipient's address cannot be written")]
    BadRecipient,
}

impl Unable {
    /// The enhanced status to report it with (RFC 3463, RFC 6531 §3.5).
    pub const fn status(self) -> EnhancedStatus {
        let (subject, detail) = match self {
            Self::BareLineEnd => (6, 0),
            Self::TooLarge => (3, 4),
            Self::NeedsEightBit => (6, 3),
            Self::NeedsSmtpUtf8 => (6, 7),
            Self::NeedsRequireTls => (7, 30),
            Self::BadSender => (1, 7),
            Self::BadRecipient => (1, 3),
        };
        EnhancedStatus { class: 5, subject, detail }
    }
}

/// Why it was decided so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The server said so.
    Said(ServerReply),
    /// The dialogue failed.
    Fault(Fault),
    /// It was not tried.
    Unable(Unable),
}

/// What became of a message for one recipient, or of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What to do next.
    pub fate: Fate,
    /// When it was decided.
    pub phase: Phase,
    /// Why.
    pub cause: Cause,
}

impl Verdict {
    /// What a server said. `None` for a reply that decides nothing: 3xx.
    pub(super) fn of_reply(phase: Phase, reply: ServerReply) -> Option<Self> {
        let fate = match reply.code() / 100 {
            2 => Fate::Accepted,
            4 => Fate::Deferred,
            5 if phase == Phase::Recipient && reply.says_too_many_recipients() => Fate::Deferred,
            // RFC 7504: no mail is taken here at all. Another refusal of a connection is about us, or today.
            5 if phase.is_before_mail() && !matches!(reply.code(), 521 | 556) => Fate::Deferred,
            5 => Fate::Refused,
            _ => return None,
        };
        Some(Self { fate, phase, cause: Cause::Said(reply) })
    }

    pub(super) const fn of_fault(phase: Phase, fault: Fault) -> Self {
        // Once the whole message was sent, no failure can tell what became of it.
        let fault = if matches!(phase, Phase::End) { Fault::OutcomeUnknown } else { fault };
        Self { fate: Fate::Deferred, phase, cause: Cause::Fault(fault) }
    }

    pub(super) const fn of_unable(phase: Phase, unable: Unable) -> Self {
        Self { fate: Fate::Refused, phase, cause: Cause::Unable(unable) }
    }

    /// The reply's code, when a server decided.
    pub const fn code(&self) -> Option<u16> {
        match &self.cause {
            Cause::Said(reply) => Some(reply.code()),
            Cause::Fault(_) | Cause::Unable(_) => None,
        }
    }

    /// The enhanced status: the server's own, or the one that its code amounts to.
    pub fn status(&self) -> EnhancedStatus {
        let status = match &self.cause {
            Cause::Said(reply) => reply.status_or_class(),
            Cause::Fault(fault) => fault.status(),
            Cause::Unable(unable) => unable.status(),
        };
        let class = match self.fate {
            Fate::Accepted => 2,
            Fate::Deferred => 4,
            Fate::Refused => 5,
        };
        EnhancedStatus { class, ..status }
    }

    /// What can be shown: the server's words, bounded and without control characters, or ours.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.cause {
            Cause::Said(reply) => Cow::Borrowed(reply.text()),
            Cause::Fault(fault) => Cow::Owned(fault.to_string()),
            Cause::Unable(unable) => Cow::Owned(unable.to_string()),
        }
    }

    /// Whether the server may have taken the message although it did not say so (RFC 1047).
    pub const fn is_outcome_unknown(&self) -> bool {
        matches!(self.cause, Cause::Fault(Fault::OutcomeUnknown))
    }
}
