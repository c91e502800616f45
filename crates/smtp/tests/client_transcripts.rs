//! Each file of `tests/client_transcripts` is one promise of the sending side, as a dialogue.
//!
//! `S: ` is a line of the server, sent with CRLF; `R: ` are raw bytes of it with Rust's escapes and no CRLF;
//! lines of the server that follow each other come in one read. `C: ` is a line that the client must have said
//! by then. `SEND from to,to content` gives it a message; `V: ` is the verdict for the next recipient: fate,
//! phase, code, status, text. `F: ` is the same of the connection. `TLS` and `NO TLS` end the handshake, `QUIT`
//! asks for the end, `LOST` and `LATE` are what the network does, `READY` and `END` are states.
//!
//! Settings stand first: `= starttls required`, `= chunk_bytes_max 5`, `= reports` asks for all that RFC 3461
//! has, `= whole` is for a promise about what comes in one read.

use crate::support;
use bytes::Bytes;
use caliopen_model::EmailAddress;
use caliopen_smtp::client::{
    Client, Config, Content, Fate, Limits, Notify, Outgoing, Recipient, Returned, StartTls, Step, Verdict,
};
use std::collections::VecDeque;
use std::sync::Arc;
use support::unescape;

struct Play {
    client: Client,
    said: String,
    verdicts: VecDeque<String>,
    at: Step,
    reports: bool,
    requires_tls: bool,
}

impl Play {
    fn new(settings: &[&str]) -> Self {
        let mut limits = Limits::default();
        let mut starttls = StartTls::Never;
        for setting in settings {
            match setting.split_once(' ') {
                Some(("starttls", "required")) => starttls = StartTls::Required,
                Some(("starttls", "opportunistic")) => starttls = StartTls::Opportunistic,
                Some(("chunk_bytes_max", value)) => limits.chunk_bytes_max = value.parse().unwrap(),
                Some(("reply_lines_max", value)) => limits.reply_lines_max = value.parse().unwrap(),
                Some(("pipelined_commands_max", value)) => {
                    limits.pipelined_commands_max = value.parse().unwrap();
                }
                None if matches!(*setting, "whole" | "reports" | "requires_tls") => {}
                _ => panic!("no setting is called {setting}"),
            }
        }
        let config = Arc::new(Config::new("mx.here.test", limits).unwrap());
        let (reports, requires_tls) = (settings.contains(&"reports"), settings.contains(&"requires_tls"));
        let client = Client::new(config, starttls);
        let (said, verdicts, at) = (String::new(), VecDeque::new(), Step::Ready);
        let mut play = Self { client, said, verdicts, at, reports, requires_tls };
        play.run();
        play
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.client.input().extend_from_slice(bytes);
        self.run();
    }

    /// Steps until the client waits for somebody.
    fn run(&mut self) {
        loop {
            let step = self.client.step();
            self.said.push_str(&String::from_utf8_lossy(self.client.output()));
            self.client.output().clear();
            match step {
                Step::Write => {}
                Step::Sent(verdicts) => self.verdicts.extend(verdicts.iter().map(line_of)),
                other => {
                    self.at = other;
                    return;
                }
            }
        }
    }

    fn send(&mut self, text: &str) {
        let (sender, rest) = text.split_once(' ').unwrap();
        let (recipients, content) = rest.split_once(' ').unwrap();
        let address = |text: &str| EmailAddress::parse(text).unwrap();
        let recipient = |text: &str| Recipient {
            notify: self.reports.then_some(Notify::On { success: false, failure: true, delay: true }),
            original: self.reports.then(|| address("r+b@there.test")),
            ..Recipient::new(address(text))
        };
        let outgoing = Outgoing {
            reverse_path: (sender != "<>").then(|| address(sender)),
            recipients: recipients.split(',').map(recipient).collect(),
            content: Content::new(Bytes::from(unescape(content))),
            returned: self.reports.then_some(Returned::Headers),
            envelope_id: self.reports.then(|| "id=1".to_owned()),
            requires_tls: self.requires_tls,
        };
        self.client.send(outgoing).expect("the client is idle");
        self.run();
    }
}

fn line_of(verdict: &Verdict) -> String {
    let fate = match verdict.fate {
        Fate::Accepted => "accepted",
        Fate::Deferred => "deferred",
        Fate::Refused => "refused",
    };
    let code = verdict.code().map_or_else(|| "-".to_owned(), |code| code.to_string());
    format!("{fate} {:?} {code} {} {}", verdict.phase, verdict.status(), verdict.text()).trim_end().to_owned()
}

/// Plays a transcript. `split` sends the server's bytes one by one.
fn play(name: &str, text: &str, split: bool) {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let settings: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("= ")).collect();
    if split && settings.contains(&"whole") {
        return;
    }
    let mut play = Play::new(&settings);
    let mut pending: Vec<u8> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.starts_with("= ")) {
        let place = format!("{name}, line {at} ({line}), one byte a read: {split}");
        if let Some(line) = line.strip_prefix("S: ") {
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
            if play.at != Step::Closed {
                play.receive(piece);
            }
        }
        pending.clear();
        follow(&mut play, line, &place);
    }
    assert_eq!(play.said, "", "{name}: the client said more");
    assert!(play.verdicts.is_empty(), "{name}: there are more verdicts: {:?}", play.verdicts);
    assert!(pending.is_empty(), "{name}: the last lines are the server's, and promise nothing");
}

fn follow(play: &mut Play, line: &str, place: &str) {
    if let Some(command) = line.strip_prefix("C: ") {
        let (said, rest) =
            play.said.split_once("\r\n").unwrap_or_else(|| panic!("only {:?} was said: {place}", play.said));
        assert_eq!(said, command, "{place}");
        play.said = rest.to_owned();
    } else if let Some(verdict) = line.strip_prefix("V: ") {
        assert_eq!(play.verdicts.pop_front().as_deref(), Some(verdict), "{place}");
    } else if let Some(verdict) = line.strip_prefix("F: ") {
        assert_eq!(play.client.failure().map(line_of).as_deref(), Some(verdict), "{place}");
    } else if let Some(message) = line.strip_prefix("SEND ") {
        play.send(message);
    } else {
        match line {
            "QUIT" => play.client.quit(),
            "LOST" => play.client.lost(),
            "LATE" => play.client.time_out(),
            "TLS" | "NO TLS" => {
                assert_eq!(play.at, Step::StartTls, "{place}");
                if line == "TLS" { play.client.tls_started() } else { play.client.tls_failed() }
            }
            "READY" => assert_eq!(play.at, Step::Ready, "{place}"),
            "END" => assert_eq!(play.at, Step::Closed, "{place}"),
            _ => panic!("not a line of a transcript: {place}"),
        }
        play.run();
    }
}

macro_rules! promises {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        fn $name() {
            let text = include_str!(concat!("client_transcripts/", stringify!($name), ".txt"));
            play(stringify!($name), text, false);
            play(stringify!($name), text, true);
        })*
    };
}

promises! {
    a_message_is_sent_with_its_dots
    several_messages_share_a_connection
    commands_go_out_together_when_they_may
    chunks_need_no_dots
    a_refused_chunk_is_reset
    a_refused_recipient_does_not_stop_the_others
    a_message_for_nobody_is_not_sent
    a_refused_sender_ends_the_message
    too_many_recipients_is_a_matter_of_time
    helo_is_said_where_ehlo_is_unknown
    tls_forgets_what_came_before
    tls_that_is_required_is_not_done_without
    tls_on_the_whole_way_is_asked_for
    tls_on_the_whole_way_is_asked_for_or_nothing_is_sent
    there_is_no_way_back_from_starttls
    what_a_server_does_not_take_is_not_sent
    addresses_outside_ascii_need_smtputf8
    reports_are_asked_for_where_they_are_offered
    a_bare_line_end_is_never_sent
    an_address_cannot_end_its_command
    an_answer_that_is_lost_after_the_dot_is_unknown
    a_lost_connection_is_a_delay
    a_server_that_closes_is_believed
    a_refusal_in_the_middle_is_heard
    a_late_server_is_a_delay
    replies_have_limits
    replies_that_cannot_be_read_end_the_connection
    an_answer_to_nothing_is_not_believed
    an_answer_before_the_message_is_not_believed
    a_server_that_wants_no_mail_says_so
}

#[test]
fn every_transcript_is_played() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client_transcripts");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".txt", ""))
        .collect();
    let mut names: Vec<&str> = NAMES.to_vec();
    files.sort();
    names.sort_unstable();
    assert_eq!(files, names);
}
