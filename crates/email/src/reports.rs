//! Delivery status notifications in the words of the use cases (RFC 3464, causes by RFC 3463).

use caliopen_connect::{Reported, ReportedFate};
use caliopen_mime::{Action, DeliveryReport, RecipientReport};
use caliopen_model::{Cause, Handle, Protocol, Trouble};

/// What a report says, recipient by recipient.
pub(crate) fn reported(report: DeliveryReport) -> Vec<Reported> {
    let host = Some(report.reporting_host).filter(|host| !host.is_empty());
    report.recipients.into_iter().map(|recipient| one(recipient, host.as_deref())).collect()
}

fn one(report: RecipientReport, reporting_host: Option<&str>) -> Reported {
    let trouble = Trouble {
        cause: cause(&report.status),
        host: report.remote_host.or_else(|| reporting_host.map(str::to_owned)),
        status: report.status,
        said: report.said,
    };
    // The address that we gave is the one that the sender knows.
    let address = report.original_recipient.unwrap_or(report.final_recipient);
    Reported {
        recipient: Handle::literal(Protocol::Email, address),
        fate: match report.action {
            Action::Failed => ReportedFate::Failed(trouble),
            Action::Delayed => ReportedFate::Delayed(trouble),
            Action::Delivered | Action::Relayed | Action::Expanded => ReportedFate::Arrived,
        },
    }
}

/// What a person would do about a status (RFC 3463 §3).
fn cause(status: &str) -> Cause {
    let mut numbers = status.split('.').skip(1);
    match (numbers.next(), numbers.next()) {
        (Some("1"), Some("2" | "10")) => Cause::NoSuchDomain,
        (Some("1"), _) | (Some("2"), Some("1")) => Cause::NoSuchRecipient,
        (Some("2"), Some("2")) => Cause::MailboxFull,
        (Some("2"), Some("3")) | (Some("3"), Some("4")) => Cause::TooLarge,
        (Some("4"), Some("7")) => Cause::Expired,
        (Some("4"), _) => Cause::Unreachable,
        (Some("3"), _) => Cause::Busy,
        (Some("6"), _) => Cause::NotCapable,
        _ => Cause::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_something_that_a_person_can_act_upon() {
        for (status, expected) in [
            ("5.1.1", Cause::NoSuchRecipient),
            ("5.1.2", Cause::NoSuchDomain),
            ("5.2.2", Cause::MailboxFull),
            ("5.3.4", Cause::TooLarge),
            ("4.4.1", Cause::Unreachable),
            ("5.4.7", Cause::Expired),
            ("5.7.1", Cause::Refused),
            ("", Cause::Refused),
        ] {
            assert_eq!(cause(status), expected, "{status}");
        }
    }
}
