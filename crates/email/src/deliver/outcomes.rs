//! What a dialogue decided, in the words that the queue and the person act on.

use super::limits::SAID_BYTES_MAX;
use super::targets::NoWay;
use caliopen_model::{Cause, Outcome, Trouble};
use caliopen_smtp::client::{self, Fate, Fault, Phase, Unable, Verdict};

/// A verdict that is final for this attempt.
pub(super) fn of_verdict(verdict: &Verdict, delivery: &caliopen_model::Delivery) -> Outcome {
    match verdict.fate {
        Fate::Accepted => Outcome::Delivered(delivery.clone()),
        Fate::Deferred => Outcome::Deferred(trouble(verdict, &delivery.host)),
        Fate::Refused => Outcome::Failed(trouble(verdict, &delivery.host)),
    }
}

/// What a verdict says went wrong.
pub(super) fn trouble(verdict: &Verdict, host: &str) -> Trouble {
    let said = match &verdict.cause {
        client::Cause::Said(reply) if !reply.text().is_empty() => {
            let text = reply.text();
            text.get(..text.floor_char_boundary(SAID_BYTES_MAX)).map(str::to_owned)
        }
        _ => None,
    };
    Trouble { cause: cause(verdict), host: Some(host.to_owned()), status: verdict.status().to_string(), said }
}

/// A trouble before any host was spoken to.
pub(super) fn of_no_way(no_way: NoWay) -> Outcome {
    let trouble = |cause, status: &str| Trouble { cause, host: None, status: status.to_owned(), said: None };
    match no_way {
        NoWay::NullMx => Outcome::Failed(trouble(Cause::NoSuchDomain, "5.1.10")),
        NoWay::NoSuchDomain => Outcome::Failed(trouble(Cause::NoSuchDomain, "5.1.2")),
        NoWay::NoAddress => Outcome::Failed(trouble(Cause::Unreachable, "5.4.4")),
        NoWay::NotPublic => Outcome::Failed(trouble(Cause::Unreachable, "5.4.4")),
        NoWay::Loop => Outcome::Failed(trouble(Cause::Unreachable, "5.4.6")),
        NoWay::LookupFailed => Outcome::Deferred(trouble(Cause::LookupFailed, "4.4.3")),
    }
}

/// Nothing may be sent to a host, because a policy of the domain speaks against it.
pub(super) fn not_private(host: &str) -> Outcome {
    Outcome::Deferred(Trouble {
        cause: Cause::NotPrivate,
        host: Some(host.to_owned()),
        status: "4.7.5".to_owned(),
        said: None,
    })
}

/// A message that needs a proven host met one that nothing proves (RFC 8689 §4.2.1). Trying again changes nothing that its
/// person could wait for.
pub(super) fn not_provable(host: &str) -> Outcome {
    Outcome::Failed(Trouble {
        cause: Cause::NotPrivate,
        host: Some(host.to_owned()),
        status: "5.7.30".to_owned(),
        said: None,
    })
}

/// Nobody answers at any address of a host.
pub(super) fn unreachable(host: &str) -> Outcome {
    Outcome::Deferred(Trouble {
        cause: Cause::Unreachable,
        host: Some(host.to_owned()),
        status: "4.4.1".to_owned(),
        said: None,
    })
}

/// An address that is none.
pub(super) fn bad_recipient() -> Outcome {
    Outcome::Failed(Trouble {
        cause: Cause::NoSuchRecipient,
        host: None,
        status: "5.1.3".to_owned(),
        said: None,
    })
}

fn cause(verdict: &Verdict) -> Cause {
    match &verdict.cause {
        client::Cause::Said(_) => cause_of_reply(verdict),
        client::Cause::Fault(fault) => match fault {
            Fault::ConnectionLost | Fault::TimedOut => Cause::Unreachable,
            Fault::OutcomeUnknown => Cause::AnswerLost,
            Fault::TlsNotOffered | Fault::TlsFailed => Cause::NotPrivate,
            Fault::ReplyTooLarge | Fault::ReplyMalformed | Fault::ReplyUnexpected | Fault::ReplyUnasked => {
                Cause::Garbled
            }
        },
        client::Cause::Unable(unable) => match unable {
            Unable::TooLarge => Cause::TooLarge,
            Unable::NeedsEightBit | Unable::NeedsSmtpUtf8 => Cause::NotCapable,
            Unable::BadRecipient => Cause::NoSuchRecipient,
            Unable::NeedsRequireTls => Cause::NotPrivate,
            Unable::BareLineEnd | Unable::BadSender => Cause::Refused,
        },
    }
}

/// By the enhanced status (RFC 3463), and by the code when the peer gave none.
fn cause_of_reply(verdict: &Verdict) -> Cause {
    let status = verdict.status();
    let otherwise = match verdict.fate {
        _ if verdict.phase == Phase::StartTls => Cause::NotPrivate,
        Fate::Refused => Cause::Refused,
        Fate::Accepted | Fate::Deferred => Cause::Busy,
    };
    match (status.subject, status.detail) {
        (1, 1 | 3 | 6) => Cause::NoSuchRecipient,
        (1, 2 | 10) => Cause::NoSuchDomain,
        (2, 1) if verdict.fate == Fate::Refused => Cause::NoSuchRecipient,
        (2, 2) => Cause::MailboxFull,
        (2, 3) | (3, 4) => Cause::TooLarge,
        (6, 3 | 7) => Cause::NotCapable,
        (0, 0) => cause_of_code(verdict).unwrap_or(otherwise),
        _ => otherwise,
    }
}

/// RFC 5321 §4.2.2, for peers without enhanced statuses.
const fn cause_of_code(verdict: &Verdict) -> Option<Cause> {
    match (verdict.code(), verdict.phase) {
        (Some(550 | 551 | 553), Phase::Recipient) => Some(Cause::NoSuchRecipient),
        (Some(552), Phase::Recipient) => Some(Cause::MailboxFull),
        (Some(552), _) => Some(Cause::TooLarge),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_no_way(no_way: NoWay, expected: &str) {
        let found = match of_no_way(no_way) {
            Outcome::Deferred(trouble) => format!("deferred {:?} {}", trouble.cause, trouble.status),
            Outcome::Failed(trouble) => format!("failed {:?} {}", trouble.cause, trouble.status),
            Outcome::Delivered(_) => "delivered".to_owned(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn only_what_nobody_knows_is_tried_again() {
        check_no_way(NoWay::NullMx, "failed NoSuchDomain 5.1.10");
        check_no_way(NoWay::NoSuchDomain, "failed NoSuchDomain 5.1.2");
        check_no_way(NoWay::NotPublic, "failed Unreachable 5.4.4");
        check_no_way(NoWay::Loop, "failed Unreachable 5.4.6");
        check_no_way(NoWay::LookupFailed, "deferred LookupFailed 4.4.3");
    }
}
