//! Reports of what this host gave up, to programs' senders (RFC 3464), as people read them and as programs do.
//!
//! A person who writes in the application sees the fate of each recipient there, and gets no such mail
//! (docs/decisions/0011-who-is-told-of-a-delivery.md). The account's language is sealed, so that the words stand in all
//! three.

use caliopen_connect::{GivenUp, Missing, Notice};
use caliopen_mime::{Action, DeliveryReport, RecipientReport, ReportLetter};
use caliopen_model::{Cause, Handle, Language, Participant, Protocol, Rfc5322MessageId, Trouble};
use std::fmt::Write as _;

/// How much of the message is looked at for its header, which is returned: enough to know the message again.
pub(crate) const ORIGINAL_BYTES_MAX: usize = 8 * 1024;
/// Recipients that are written out for people; programs read all of them.
const NAMED_MAX: usize = 50;

/// Who writes reports in a host's name.
pub(crate) fn mail_system(host_name: &str) -> Participant {
    let own = Handle::literal(Protocol::Email, format!("MAILER-DAEMON@{host_name}"));
    Participant { name: Some("Mail Delivery System".to_owned()), handle: own }
}

/// The report of what was given up; none when there is nothing to say, or it cannot be written.
pub(crate) fn notice(
    host_name: &str,
    given_up: &GivenUp,
    missing: &Missing,
    chance: [u8; 32],
) -> Option<Notice> {
    if given_up.recipients.is_empty() {
        return None;
    }
    let letter = ReportLetter {
        id: Rfc5322MessageId(format!("{}@{host_name}", missing.id_left)),
        sent_at: missing.sent_at,
        from: mail_system(host_name),
        to: given_up.sender.clone(),
        subject: "Not delivered / Non distribué / Non consegnato".to_owned(),
        text: text(given_up),
        report: DeliveryReport {
            reporting_host: host_name.to_owned(),
            envelope_id: Some(given_up.envelope_id.clone()),
            arrived_at: Some(given_up.posted_at),
            recipients: given_up.recipients.iter().map(report).collect(),
            original_id: None,
        },
        original: given_up.raw.get(..ORIGINAL_BYTES_MAX).unwrap_or(&given_up.raw).to_vec(),
        chance,
    };
    let raw = caliopen_mime::build_report(&letter).ok()?;
    let (recipient, protection) = (given_up.sender.clone(), given_up.protection);
    Some(Notice { protocol: Protocol::Email, recipient, raw: raw.into(), protection })
}

fn report((recipient, trouble): &(Handle, Trouble)) -> RecipientReport {
    // What was tried until it was too late is a failure for good, whatever the last answer said (RFC 3463 §2).
    let status = match trouble.status.split_once('.') {
        Some((_, rest)) => format!("5.{rest}"),
        None => "5.0.0".to_owned(),
    };
    RecipientReport {
        original_recipient: None,
        final_recipient: recipient.address().to_owned(),
        action: Action::Failed,
        status,
        remote_host: trouble.host.clone(),
        said: trouble.said.clone(),
        retried_until: None,
    }
}

fn text(given_up: &GivenUp) -> String {
    let mut text = String::new();
    for language in Language::ALL {
        if !text.is_empty() {
            text.push_str("\n---\n\n");
        }
        text.push_str(beginning(language));
        text.push_str("\n\n");
        for (recipient, trouble) in given_up.recipients.iter().take(NAMED_MAX) {
            line(&mut text, recipient, trouble, language);
        }
        if given_up.recipients.len() > NAMED_MAX {
            text.push_str("  …\n");
        }
    }
    text
}

/// A recipient, why, and the other host's own words.
fn line(text: &mut String, recipient: &Handle, trouble: &Trouble, language: Language) {
    // Writing into a string does not fail.
    let _ = writeln!(text, "  {}: {}", recipient.address(), reason(trouble.cause, language));
    if let Some(said) = &trouble.said {
        let host = trouble.host.as_deref().unwrap_or_default();
        let _ = writeln!(text, "    {host} {said}");
    }
}

fn beginning(language: Language) -> &'static str {
    match language {
        Language::English => {
            "Your message was not delivered to everybody. This server does not try again. It did not reach:"
        }
        Language::French => {
            "Votre message n’a pas été distribué à tout le monde. Ce serveur n’essaie plus. Il n’est pas parvenu à :"
        }
        Language::Italian => {
            "Il suo messaggio non è stato consegnato a tutti. Questo server non riprova più. Non ha raggiunto:"
        }
    }
}

/// Why, and what to do about it: a table, one cause after the other.
#[expect(clippy::too_many_lines, reason = "a table of sentences")]
fn reason(cause: Cause, language: Language) -> &'static str {
    let [english, french, italian] = match cause {
        Cause::NoSuchDomain => [
            "there is no such domain, or it takes no mail. Check what stands behind the @.",
            "ce domaine n’existe pas, ou ne reçoit pas de courrier. Vérifiez ce qui suit le @.",
            "questo dominio non esiste, o non riceve posta. Controlli ciò che segue la @.",
        ],
        Cause::NoSuchRecipient => [
            "there is no such person there. Check what stands before the @.",
            "cette personne n’y existe pas. Vérifiez ce qui précède le @.",
            "questa persona lì non esiste. Controlli ciò che precede la @.",
        ],
        Cause::MailboxFull => [
            "the mailbox is full. Reach them another way, or later.",
            "la boîte est pleine. Joignez cette personne autrement, ou plus tard.",
            "la casella è piena. La raggiunga in altro modo, o più tardi.",
        ],
        Cause::TooLarge => [
            "the message is larger than that host takes. Send less at a time.",
            "le message est plus grand que ce que ce serveur accepte. Envoyez-en moins à la fois.",
            "il messaggio è più grande di quanto quel server accetti. Invii meno alla volta.",
        ],
        Cause::Refused => [
            "that host refuses the message; its words say why.",
            "ce serveur refuse le message ; ses mots disent pourquoi.",
            "quel server rifiuta il messaggio; le sue parole dicono perché.",
        ],
        Cause::Unreachable | Cause::Busy | Cause::Expired => [
            "no host of that domain took it in the time that this server tries.",
            "aucun serveur de ce domaine ne l’a pris pendant le temps des essais.",
            "nessun server di quel dominio lo ha preso nel tempo dei tentativi.",
        ],
        Cause::AnswerLost => [
            "that host lost its answers: it may have arrived all the same. Ask before you send it again.",
            "ce serveur a perdu ses réponses : il est peut-être arrivé. Demandez avant de le renvoyer.",
            "quel server ha perso le sue risposte: forse è arrivato. Chieda prima di inviarlo di nuovo.",
        ],
        Cause::NotPrivate => [
            "the way there could not be protected as it should be. Nothing was sent.",
            "le chemin n’a pas pu être protégé comme il le faut. Rien n’a été envoyé.",
            "la via non ha potuto essere protetta come si deve. Nulla è stato inviato.",
        ],
        Cause::NotCapable => [
            "that host cannot take what this message needs, such as letters beyond ASCII in an address.",
            "ce serveur ne peut pas prendre ce que ce message demande, comme une adresse avec des lettres accentuées.",
            "quel server non può prendere ciò che il messaggio richiede, come lettere accentate in un indirizzo.",
        ],
        Cause::LookupFailed => [
            "the domain could not be looked up.",
            "la recherche du domaine a échoué.",
            "la ricerca del dominio non è riuscita.",
        ],
        Cause::Garbled => [
            "that host answers something that is not its protocol.",
            "ce serveur répond autre chose que son protocole.",
            "quel server risponde qualcosa che non è il suo protocollo.",
        ],
    };
    match language {
        Language::English => english,
        Language::French => french,
        Language::Italian => italian,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_connect::Protection;
    use caliopen_model::Timestamp;

    fn given_up(recipients: Vec<(Handle, Trouble)>) -> GivenUp {
        GivenUp {
            sender: Handle::literal(Protocol::Email, "script@example.org"),
            envelope_id: "01".to_owned(),
            posted_at: Timestamp::from_unix_ms(0),
            recipients,
            raw: b"From: script@example.org\r\nSubject: Nightly\r\n\r\nThe body stays here."
                .as_slice()
                .into(),
            protection: Protection::AsDemanded,
        }
    }

    fn missing() -> Missing {
        Missing { id_left: "abc".to_owned(), sent_at: Timestamp::from_unix_ms(1_000) }
    }

    #[test]
    fn a_report_says_whom_and_why_in_three_languages_and_returns_no_word_of_the_body() {
        let trouble = Trouble {
            cause: Cause::NoSuchRecipient,
            host: Some("mx.example.net".to_owned()),
            status: "5.1.1".to_owned(),
            said: Some("550 nobody here".to_owned()),
        };
        let lost = given_up(vec![(Handle::literal(Protocol::Email, "zoe@example.net"), trouble)]);
        let notice = notice("mail.example.org", &lost, &missing(), [7; 32]).expect("a report");
        assert_eq!(notice.recipient.address(), "script@example.org");
        let report = caliopen_mime::delivery_report(&notice.raw).expect("a report that programs read");
        let [recipient] = report.recipients.as_slice() else { panic!("one recipient") };
        assert_eq!((recipient.action, recipient.status.as_str()), (Action::Failed, "5.1.1"));
        assert_eq!(recipient.final_recipient, "zoe@example.net");
        let text = format!("{:?}", caliopen_mime::read(&notice.raw).bodies);
        for word in ["no such person", "n’y existe pas", "lì non esiste", "550 nobody here"] {
            assert!(text.contains(word), "{word} is not in {text}");
        }
        assert!(!String::from_utf8_lossy(&notice.raw).contains("The body stays here"));
    }

    #[test]
    fn what_was_put_off_for_too_long_has_failed() {
        let trouble = Trouble { cause: Cause::Expired, host: None, status: "4.4.1".to_owned(), said: None };
        let lost = (Handle::literal(Protocol::Email, "zoe@example.net"), trouble);
        assert_eq!(report(&lost).status, "5.4.1");
        assert!(notice("mail.example.org", &given_up(Vec::new()), &missing(), [7; 32]).is_none());
    }
}
