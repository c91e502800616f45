//! The report whose message is the golden file `report.eml`.

use crate::letters::{id, person, plain};
use caliopen_mime::{Action, DeliveryReport, RecipientReport, ReportLetter};
use caliopen_model::Timestamp;

/// Two recipients failed, one is still tried.
pub fn report() -> ReportLetter {
    let failed = RecipientReport {
        original_recipient: Some("old@example.net".to_owned()),
        final_recipient: "bo@example.net".to_owned(),
        action: Action::Failed,
        status: "5.1.1".to_owned(),
        remote_host: Some("mx.example.net".to_owned()),
        said: Some(
            "550 5.1.1 <bo@example.net>: there is no such user here, and there has not been for years"
                .to_owned(),
        ),
        retried_until: None,
    };
    let delayed = RecipientReport {
        original_recipient: None,
        final_recipient: "josé@exämple.org".to_owned(),
        action: Action::Delayed,
        status: "4.4.1".to_owned(),
        remote_host: None,
        said: None,
        retried_until: Some(Timestamp::from_unix_ms(1_700_432_000_000)),
    };
    let original = "Received: from client\r\nFrom: \"Ana Example\" <ana@example.org>\r\nTo: <bo@example.net>\r\n\
                    Subject: The garden\r\nMessage-ID: <one@example.org>\r\n\r\nWhat nobody else shall read.\r\n";
    ReportLetter {
        id: id("report.f81d4fae@example.org"),
        sent_at: Timestamp::from_unix_ms(1_700_000_060_000),
        from: person("Mail of example.org", "postmaster@example.org"),
        to: person("", "ana@example.org").handle,
        subject: "Votre message n'est pas arrivé".to_owned(),
        text: "Votre message à bo@example.net n'est pas arrivé : cette adresse n'existe pas. Vérifiez-la."
            .to_owned(),
        report: DeliveryReport {
            reporting_host: "mail.example.org".to_owned(),
            envelope_id: Some("q42".to_owned()),
            arrived_at: Some(Timestamp::from_unix_ms(1_700_000_000_000)),
            recipients: vec![failed, delayed],
            original_id: Some(id("one@example.org")),
        },
        original: original.as_bytes().to_vec(),
        chance: plain().chance,
    }
}
