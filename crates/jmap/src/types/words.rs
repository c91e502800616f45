//! The words of `model` as docs/api spells them.

use crate::rfc8620::error::SetError;
use caliopen_hub::Fate;
use caliopen_model::{
    Cause, CertificateStanding, ConversationKind, Direction, Disposition, HopProof, HopSecurity,
    ImportanceReason, LabelColour, Place, Protection, Timestamp, UnpackReason, Warning,
};
pub(crate) use caliopen_privacy::explanation::Index as Privacy;
use serde_json::Value;

/// A `UTCDate` (RFC 8620 §1.4) with milliseconds. Instants that no calendar date names become the nearest that has one.
pub(crate) fn utc_date(at: Timestamp) -> String {
    let (first, last) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
    let nearest = if at.unix_ms() < 0 { first } else { last };
    let at = jiff::Timestamp::from_millisecond(at.unix_ms()).unwrap_or(nearest);
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// An instant as RFC 3339 writes it, whatever its offset.
fn read_date(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_unix_ms(at.as_millisecond()))
}

/// A changed property that is a `UTCDate`; null is none.
pub(super) fn optional_date(name: &str, value: &Value) -> Result<Option<Timestamp>, SetError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => read_date(text)
            .map(Some)
            .ok_or_else(|| SetError::invalid(name, "it is a date such as 2026-11-22T10:00:00Z")),
        _ => Err(SetError::invalid(name, "it is a date or null")),
    }
}

/// `kind` of a Conversation.
pub const fn kind(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::List => "list",
        ConversationKind::Room => "room",
        ConversationKind::Automated => "automated",
        ConversationKind::Group => "group",
        ConversationKind::Direct => "direct",
    }
}

const KINDS: [ConversationKind; 5] = [
    ConversationKind::List,
    ConversationKind::Room,
    ConversationKind::Automated,
    ConversationKind::Group,
    ConversationKind::Direct,
];

pub(super) fn read_kind(word: &str) -> Option<ConversationKind> {
    KINDS.into_iter().find(|known| kind(*known) == word)
}

pub(super) const fn place(place: Place) -> &'static str {
    match place {
        Place::Inbox => "inbox",
        Place::Archive => "archive",
        Place::Bin => "bin",
        Place::Snoozed => "snoozed",
        Place::NewSenders => "new-senders",
        Place::Spam => "spam",
    }
}

pub(super) fn read_place(word: &str) -> Option<Place> {
    Place::ALL.into_iter().find(|known| place(*known) == word)
}

/// `colour` of a Label.
pub(super) const fn colour(colour: LabelColour) -> &'static str {
    match colour {
        LabelColour::Grey => "grey",
        LabelColour::Red => "red",
        LabelColour::Orange => "orange",
        LabelColour::Yellow => "yellow",
        LabelColour::Green => "green",
        LabelColour::Teal => "teal",
        LabelColour::Blue => "blue",
        LabelColour::Purple => "purple",
    }
}

pub(super) fn read_colour(word: &str) -> Option<LabelColour> {
    LabelColour::ALL.into_iter().find(|known| colour(*known) == word)
}

/// A changed colour; null is the default.
pub(super) fn optional_colour(value: &Value) -> Result<LabelColour, SetError> {
    match value {
        Value::Null => Ok(LabelColour::default()),
        Value::String(word) => {
            read_colour(word).ok_or_else(|| SetError::invalid("colour", "it is no colour of ours"))
        }
        _ => Err(SetError::invalid("colour", "it is a text or null")),
    }
}

pub(super) const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Received => "received",
        Direction::Sent => "sent",
    }
}

/// `reason` of a Transfer's fault.
pub const fn unpack_reason(reason: UnpackReason) -> &'static str {
    match reason {
        UnpackReason::NotRecognised => "not-recognised",
        UnpackReason::NoHeader => "no-header",
        UnpackReason::Empty => "empty",
        UnpackReason::TooLarge => "too-large",
        UnpackReason::Truncated => "truncated",
        UnpackReason::Damaged => "damaged",
        UnpackReason::Encrypted => "encrypted",
        UnpackReason::Unsupported => "unsupported",
        UnpackReason::Draft => "draft",
        UnpackReason::Deleted => "deleted",
    }
}

/// `disposition` of an attachment.
pub const fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Inline => "inline",
        Disposition::Attachment => "attachment",
    }
}

/// `protection` of a Message.
pub const fn protection(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "none",
        Protection::PgpSigned => "pgp-signed",
        Protection::PgpEncrypted => "pgp-encrypted",
        Protection::PgpInlineSigned => "pgp-inline-signed",
        Protection::PgpInlineEncrypted => "pgp-inline-encrypted",
        Protection::SmimeSigned => "smime-signed",
        Protection::SmimeEncrypted => "smime-encrypted",
    }
}

/// One of the `warnings` of a Message.
pub const fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::SeveralFrom => "severalFrom",
        Warning::NoFrom => "noFrom",
        Warning::NameLooksLikeAddress => "nameLooksLikeAddress",
        Warning::ReplyGoesElsewhere => "replyGoesElsewhere",
        Warning::LookAlikeAddress => "lookAlikeAddress",
        Warning::DuplicateHeader => "duplicateHeader",
    }
}

pub(super) const fn importance_reason(reason: ImportanceReason) -> &'static str {
    match reason {
        ImportanceReason::KnownPerson => "knownPerson",
        ImportanceReason::UserWrote => "userWrote",
        ImportanceReason::Direct => "direct",
        ImportanceReason::Group => "group",
        ImportanceReason::List => "list",
        ImportanceReason::Automated => "automated",
        ImportanceReason::Reply => "reply",
        ImportanceReason::FirstTimeSender => "firstTimeSender",
        ImportanceReason::NamedInText => "namedInText",
        ImportanceReason::Attachment => "attachment",
        ImportanceReason::Suspicious => "suspicious",
        ImportanceReason::Encrypted => "encrypted",
    }
}

/// What became of a sent message.
pub(super) const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Delivered => "delivered",
        Fate::Waiting => "waiting",
        Fate::Deferred => "deferred",
        Fate::Failed => "failed",
    }
}

/// Why a message did not leave.
pub(super) const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NoSuchDomain => "no-such-domain",
        Cause::NoSuchRecipient => "no-such-recipient",
        Cause::MailboxFull => "mailbox-full",
        Cause::TooLarge => "too-large",
        Cause::Refused => "refused",
        Cause::Unreachable => "unreachable",
        Cause::Busy => "busy",
        Cause::AnswerLost => "answer-lost",
        Cause::NotPrivate => "not-private",
        Cause::NotCapable => "not-capable",
        Cause::LookupFailed => "lookup-failed",
        Cause::Expired => "expired",
        Cause::Garbled => "garbled",
    }
}

/// What protected a hop; none when nobody saw it.
pub(super) const fn security(security: HopSecurity) -> Option<&'static str> {
    match security {
        HopSecurity::Unknown => None,
        HopSecurity::Clear => Some("clear"),
        HopSecurity::Opportunistic => Some("opportunistic"),
        HopSecurity::Authenticated => Some("authenticated"),
        HopSecurity::SameServer => Some("same-server"),
    }
}

/// What proved who answered on a hop.
pub(super) const fn proof(proof: HopProof) -> &'static str {
    match proof {
        HopProof::Dane => "dane",
        HopProof::MtaSts => "mta-sts",
        HopProof::Configured => "configured",
    }
}

/// What checking a certificate found.
pub(super) const fn standing(standing: CertificateStanding) -> &'static str {
    match standing {
        CertificateStanding::Vouched => "vouched",
        CertificateStanding::OtherName => "other-name",
        CertificateStanding::OutOfDate => "out-of-date",
        CertificateStanding::UnknownAuthority => "unknown-authority",
        CertificateStanding::Broken => "broken",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_rfc_8620_wants_them() {
        for (unix_ms, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_341_600_001, "2026-11-22T10:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (i64::MIN, "1970-01-01T00:00:00.000Z"),
            (i64::MAX, "9999-12-30T22:00:00.999Z"),
        ] {
            assert_eq!(utc_date(Timestamp::from_unix_ms(unix_ms)), expected);
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        assert!(KINDS.into_iter().all(|one| read_kind(kind(one)) == Some(one)));
        assert!(Place::ALL.into_iter().all(|one| read_place(place(one)) == Some(one)));
        assert!(LabelColour::ALL.into_iter().all(|one| read_colour(colour(one)) == Some(one)));
        assert_eq!((read_kind("Direct"), read_place("")), (None, None));
    }
}
