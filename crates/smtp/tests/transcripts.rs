//! Each file of `tests/transcripts` is one promise, as a dialogue.
//!
//! `C: ` is a line of the client, sent with CRLF; `R: ` are raw bytes with Rust's escapes and no CRLF; lines
//! of the client that follow each other go out in one read. `S: ` is a line that the server must have said by
//! then. `D: ` is a message that must have been delivered: sender, recipients, bytes. `TLS` shakes hands.
//! `END` means that the server has closed. A first line `= lmtp`, `= smtp`, `= submission`, `= submissions` (in TLS
//! from the first byte), and limits as `= errors_max 2`; with `= reports` DSN is offered, and `A: ` is what was asked for
//! with the message before.
//!
//! The inbox takes `<anything>@here.test`. `nobody` does not exist, `later` cannot be checked; `full`, `gone`
//! and `busy` fail when the message is stored. Every other domain is not local. `ana` signs in with `secret`; who
//! else signs in is refused, but that `often` tries too often and `unknown` cannot be checked now. Messages to
//! `foreign` and `many` are refused for their From and their number, and `revoked` signs the client out.

use crate::support;
use caliopen_smtp::{
    Budget, Config, Credentials, Delivery, DeliveryVerdict, Dialect, Limits, RecipientVerdict, Refusal,
    ReportsAsked, Session, SignInVerdict, Step,
};
use std::sync::Arc;
use support::unescape;

struct Play {
    session: Session,
    said: String,
    delivered: Vec<String>,
    asked: Vec<String>,
    closed: bool,
    wants_tls: bool,
}

impl Play {
    fn new(settings: &[&str]) -> Self {
        let mut dialect = Dialect::Smtp;
        let mut limits = Limits { message_bytes_max: 1_000_000, ..Limits::default() };
        let mut budget_bytes = 10_000_000;
        let (mut reports, mut required_tls, mut in_tls) = (false, false, false);
        for setting in settings {
            match setting.split_once(' ') {
                None if *setting == "lmtp" => dialect = Dialect::Lmtp,
                None if *setting == "reports" => reports = true,
                None if *setting == "required_tls" => required_tls = true,
                None if *setting == "submission" => dialect = Dialect::Submission,
                None if *setting == "submissions" => (dialect, in_tls) = (Dialect::Submission, true),
                None => assert_eq!(*setting, "smtp"),
                Some(("budget_bytes", value)) => budget_bytes = value.parse().unwrap(),
                Some((name, value)) => set(&mut limits, name, value.parse().unwrap()),
            }
        }
        let config = Config::new(dialect, "mx.here.test", limits, Budget::new(budget_bytes)).unwrap();
        let config = config.with_starttls();
        let config = if reports { config.with_reports() } else { config };
        let config = Arc::new(if required_tls { config.with_required_tls() } else { config });
        let session = if in_tls { Session::new_in_tls(config) } else { Session::new(config) };
        let mut play = Self {
            session,
            said: String::new(),
            delivered: Vec::new(),
            asked: Vec::new(),
            closed: false,
            wants_tls: false,
        };
        play.run();
        play
    }

    fn send(&mut self, bytes: &[u8]) {
        self.session.input().extend_from_slice(bytes);
        self.run();
    }

    /// Steps until the session waits for the client.
    fn run(&mut self) {
        loop {
            let step = self.session.step();
            self.said.push_str(std::str::from_utf8(self.session.output()).unwrap());
            self.session.output().clear();
            match step {
                Step::Write => {}
                Step::AskRecipient(recipient) => {
                    let verdict = match (recipient.local_part(), recipient.domain()) {
                        ("nobody", "here.test") => RecipientVerdict::NoSuchUser,
                        ("stuffed", "here.test") => RecipientVerdict::MailboxFull,
                        ("later", "here.test") => RecipientVerdict::TryLater,
                        ("nothere", "here.test") => RecipientVerdict::SignedOut,
                        (_, "here.test" | "mx.here.test") => RecipientVerdict::Accepted,
                        _ => RecipientVerdict::NotLocal,
                    };
                    self.session.answer_recipient(verdict);
                }
                Step::SignIn(credentials) => self.session.answer_sign_in(sign_in(&credentials)),
                Step::Deliver(delivery) => self.deliver(&delivery),
                Step::Read => return,
                Step::StartTls => {
                    self.wants_tls = true;
                    return;
                }
                Step::Close => {
                    self.closed = true;
                    return;
                }
            }
        }
    }

    fn deliver(&mut self, delivery: &Delivery) {
        let verdicts: Vec<DeliveryVerdict> = delivery
            .envelope
            .forward_paths
            .iter()
            .map(|recipient| match recipient.local_part() {
                "full" => DeliveryVerdict::StorageFull,
                "filled" => DeliveryVerdict::MailboxFull,
                "own" => DeliveryVerdict::Refused(Refusal::MailboxFull),
                "gone" => DeliveryVerdict::NoSuchUser,
                "busy" => DeliveryVerdict::TryLater,
                "foreign" => DeliveryVerdict::Refused(Refusal::NotYourFrom),
                "many" => DeliveryVerdict::Refused(Refusal::AccountLimit),
                "revoked" => DeliveryVerdict::Refused(Refusal::SignedOut),
                _ => DeliveryVerdict::Stored,
            })
            .collect();
        let sender =
            delivery.envelope.reverse_path.as_ref().map_or_else(|| "<>".to_owned(), ToString::to_string);
        let recipients: Vec<String> =
            delivery.envelope.forward_paths.iter().map(ToString::to_string).collect();
        let bytes = delivery.message.escape_ascii();
        self.asked.push(asked(&delivery.envelope.asked));
        self.delivered.push(format!("{sender} {} {bytes}", recipients.join(",")));
        self.session.answer_delivery(&verdicts);
    }
}

/// What is to be reported: RET, ENVID, and for each recipient NOTIFY and ORCPT.
fn asked(asked: &ReportsAsked) -> String {
    let mut text = format!("{:?} {}", asked.returned, asked.envelope_id.as_deref().unwrap_or("-"));
    for recipient in &asked.recipients {
        let original = recipient.original.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        text.push_str(&format!("; {:?} {original}", recipient.notify));
    }
    text
}

fn sign_in(credentials: &Credentials) -> SignInVerdict {
    match (credentials.name(), credentials.secret()) {
        ("ana", "secret") => SignInVerdict::Accepted,
        ("often", _) => SignInVerdict::TooManyTries,
        ("unknown", _) => SignInVerdict::TryLater,
        _ => SignInVerdict::Refused,
    }
}

fn set(limits: &mut Limits, name: &str, value: u32) {
    match name {
        "sign_in_bytes_max" => limits.sign_in_bytes_max = value as usize,
        "sign_ins_refused_max" => limits.sign_ins_refused_max = value,
        "commands_max" => limits.commands_max = value,
        "errors_max" => limits.errors_max = value,
        "refused_recipients_max" => limits.refused_recipients_max = value,
        "recipients_max" => limits.recipients_max = value as usize,
        "transactions_max" => limits.transactions_max = value,
        "message_bytes_max" => limits.message_bytes_max = value.into(),
        "discarded_message_bytes_max" => limits.discarded_message_bytes_max = value.into(),
        "header_bytes_max" => limits.header_bytes_max = value.into(),
        "header_fields_max" => limits.header_fields_max = value,
        "received_fields_max" => limits.received_fields_max = value,
        other => panic!("no limit is called {other}"),
    }
}

/// Plays a transcript. `split` sends the client's bytes one by one.
fn play(name: &str, text: &str, split: bool) {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let settings: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("= ")).collect();
    let mut play = Play::new(&settings);
    let mut pending: Vec<u8> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.starts_with("= ")) {
        let place = format!("{name}, line {at} ({line}), one byte a read: {split}");
        if let Some(line) = line.strip_prefix("C: ") {
            pending.extend(unescape(line));
            pending.extend(b"\r\n");
            continue;
        }
        if let Some(raw) = line.strip_prefix("R: ") {
            pending.extend(unescape(raw));
            continue;
        }
        let pieces = if split { pending.chunks(1) } else { pending.chunks(usize::MAX) };
        for piece in pieces {
            // A driver may have read on after STARTTLS; the session must not care.
            if play.wants_tls {
                play.session.input().extend_from_slice(piece);
            } else if !play.closed {
                play.send(piece);
            }
        }
        pending.clear();
        expect(&mut play, line, &place);
    }
    assert_eq!(play.said, "", "{name}: the server said more");
    assert!(play.delivered.is_empty(), "{name}: more was delivered: {:?}", play.delivered);
    assert!(pending.is_empty(), "{name}: the last lines are the client's, and promise nothing");
}

fn expect(play: &mut Play, line: &str, place: &str) {
    if let Some(reply) = line.strip_prefix("S: ") {
        let (said, rest) =
            play.said.split_once("\r\n").unwrap_or_else(|| panic!("nothing was said: {place}"));
        assert_eq!(said, reply, "{place}");
        play.said = rest.to_owned();
    } else if let Some(delivery) = line.strip_prefix("D: ") {
        assert!(!play.delivered.is_empty(), "nothing was delivered: {place}");
        assert_eq!(play.delivered.remove(0), delivery, "{place}");
    } else if let Some(asked) = line.strip_prefix("A: ") {
        assert_eq!(play.asked.pop().as_deref(), Some(asked), "{place}");
    } else if line == "TLS" {
        assert!(play.wants_tls, "{place}");
        play.wants_tls = false;
        play.session.tls_started();
        play.run();
    } else if line == "END" {
        assert!(play.closed, "{place}");
    } else {
        panic!("not a line of a transcript: {place}");
    }
}

macro_rules! promises {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        fn $name() {
            let text = include_str!(concat!("transcripts/", stringify!($name), ".txt"));
            play(stringify!($name), text, false);
            play(stringify!($name), text, true);
        })*
    };
}

promises! {
    a_message_is_delivered_with_its_dots
    a_pipelined_message_is_answered_in_order
    a_sender_may_be_nobody
    a_refused_recipient_does_not_stop_the_others
    one_failure_among_several_recipients_is_a_retry
    a_full_mailbox_waits_for_room
    lmtp_answers_for_each_recipient
    lmtp_knows_no_helo
    chunks_make_a_message
    chunks_that_fail_are_read_away
    a_chunk_of_unclear_size_ends_the_connection
    a_bare_line_end_in_a_command_ends_the_connection
    a_bare_line_end_in_a_message_refuses_it
    only_crlf_dot_crlf_ends_a_message
    what_came_before_tls_is_forgotten
    tls_starts_once
    tls_on_the_whole_way_is_asked_for_in_tls
    too_large_is_said_at_mail_and_at_the_end
    an_endless_message_ends_the_connection
    headers_are_counted_while_they_come
    a_long_line_is_refused_and_read_away
    commands_in_the_wrong_order_are_refused
    unknown_and_unoffered_commands_are_refused
    a_browser_is_sent_away
    errors_end_the_connection
    guessing_names_ends_the_connection
    recipients_are_limited
    transactions_are_limited
    a_spent_budget_refuses_before_the_message
    addresses_outside_ascii_need_smtputf8
    helo_has_no_extensions
    the_postmaster_needs_no_domain
    unoffered_parameters_are_refused
    reports_are_asked_for_by_parameters
    wishes_that_cannot_be_read_are_refused
    a_reset_forgets_the_transaction
    names_are_not_verified
    a_program_signs_in_and_sends
    a_program_signs_in_by_login
    a_secret_is_not_asked_for_in_clear
    nothing_is_sent_before_signing_in
    a_sign_in_can_be_broken_off
    a_sign_in_that_cannot_be_read_is_refused
    guessing_secrets_ends_the_connection
    a_long_line_of_a_sign_in_is_read_away
    a_pipelined_sign_in_is_answered_in_order
    what_a_program_may_not_send_is_refused
    a_revoked_password_ends_the_connection
    a_revoked_password_takes_no_recipient
}

#[test]
fn every_transcript_is_played() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".txt", ""))
        .collect();
    let mut names: Vec<&str> = NAMES.to_vec();
    files.sort();
    names.sort_unstable();
    assert_eq!(files, names);
}
