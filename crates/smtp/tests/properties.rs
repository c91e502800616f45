//! What holds for any bytes: no panic, no growth without bound, and the same outcome in any split into reads.

use caliopen_smtp::{
    Budget, Config, DeliveryVerdict, Dialect, Limits, RecipientVerdict, Session, SignInVerdict, Step,
};
use proptest::prelude::*;
use std::sync::Arc;

const BUDGET_BYTES: u64 = 1_000_000;

fn limits(header_bytes_max: u64) -> Limits {
    Limits {
        command_bytes_max: 40,
        path_command_bytes_max: 80,
        sign_in_bytes_max: 70,
        discarded_line_bytes_max: 60,
        commands_max: 60,
        errors_max: 12,
        sign_ins_refused_max: 3,
        refused_recipients_max: 3,
        recipients_max: 2,
        transactions_max: 4,
        message_bytes_max: 60,
        header_bytes_max,
        header_fields_max: 3,
        received_fields_max: 1,
        discarded_message_bytes_max: 40,
    }
}

/// Everything that a session did: what it said, and what it asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    said: Vec<u8>,
    asked: Vec<String>,
}

struct Play {
    session: Session,
    outcome: Outcome,
    input_bytes_max: usize,
    over: bool,
}

impl Play {
    fn new(dialect: Dialect, header_bytes_max: u64, budget: &Arc<Budget>) -> Self {
        let config =
            Config::new(dialect, "mx.here.test", limits(header_bytes_max), Arc::clone(budget)).unwrap();
        let config = Arc::new(config.with_starttls().with_reports());
        let session = match dialect {
            Dialect::Submission => Session::new_in_tls(config),
            Dialect::Smtp | Dialect::Lmtp => Session::new(config),
        };
        let mut play = Self { session, outcome: Outcome::default(), input_bytes_max: 0, over: false };
        play.run();
        play
    }

    /// Gives bytes in one read. At STARTTLS and at the end, what follows would go elsewhere.
    fn read(&mut self, bytes: &[u8]) {
        if !self.over {
            self.session.input().extend_from_slice(bytes);
            self.run();
            let left = self.session.input().len();
            self.input_bytes_max = self.input_bytes_max.max(left);
        }
    }

    fn run(&mut self) {
        loop {
            let step = self.session.step();
            self.outcome.said.extend_from_slice(self.session.output());
            self.session.output().clear();
            match step {
                Step::Write => {}
                Step::Read => return,
                Step::SignIn(credentials) => {
                    self.outcome.asked.push(format!("{} {}", credentials.name(), credentials.secret()));
                    self.session.answer_sign_in(match credentials.secret().len() % 2 {
                        0 => SignInVerdict::Accepted,
                        _ => SignInVerdict::Refused,
                    });
                }
                Step::AskRecipient(recipient) => {
                    self.outcome.asked.push(recipient.to_string());
                    self.session.answer_recipient(match recipient.local_part().len() % 4 {
                        0 => RecipientVerdict::NoSuchUser,
                        _ => RecipientVerdict::Accepted,
                    });
                }
                Step::Deliver(delivery) => {
                    let text = format!("{:?} {:?}", delivery.envelope, delivery.message);
                    let bare = delivery
                        .message
                        .windows(2)
                        .any(|pair| pair.starts_with(b"\r") != pair.ends_with(b"\n"));
                    assert!(!bare, "a bare line end was delivered: {text}");
                    assert!(delivery.message.len() <= 60, "too large: {text}");
                    self.outcome.asked.push(text);
                    self.session.answer_delivery(&[DeliveryVerdict::Stored]);
                }
                Step::StartTls | Step::Close => {
                    self.over = true;
                    return;
                }
            }
        }
    }
}

/// Pieces of dialogues, sound and broken, so that deep states are reached.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        &b"EHLO a\r\n"[..],
        b"LHLO a\r\n",
        b"HELO a\r\n",
        b"MAIL FROM:<>\r\n",
        b"MAIL FROM:<a@b.test>\r\n",
        b"RCPT TO:<bob@b.test>\r\n",
        b"RCPT TO:<ana@b.test>\r\n",
        b"RCPT TO:<four@b.test>\r\n",
        b"DATA\r\n",
        b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.test>\r\nDATA\r\n",
        b"LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.test>\r\nRCPT TO:<ana@b.test>\r\nDATA\r\n",
        b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.test>\r\nBDAT 5\r\nabcde",
        b".\r\n",
        b"\r\n",
        b"\r\n.\r\n",
        b".",
        b"\r",
        b"\n",
        b"..\r\n",
        b"A: b\r\n",
        b"Received: x\r\n",
        b"text",
        b"BDAT 3\r\n",
        b"BDAT 4 LAST\r\n",
        b"BDAT 0 LAST\r\n",
        b"BDAT 90\r\n",
        b"BDAT x\r\n",
        b"RSET\r\n",
        b"NOOP\r\n",
        b"STARTTLS\r\n",
        b"QUIT\r\n",
        b"VRFY x\r\n",
        b"AUTH PLAIN\r\n",
        b"AUTH LOGIN\r\n",
        b"AUTH PLAIN AGFuYQBzZWNyZXQ=\r\n",
        b"EHLO a\r\nAUTH PLAIN AGFuYQBzZWNyZXQ=\r\nMAIL FROM:<>\r\n",
        b"YW5h\r\n",
        b"AGFuYQBzZWNyZXQx\r\n",
        b"*\r\n",
        b"GET / HTTP/1.1\r\n",
        b"a long piece of text that no line of a command may hold",
    ]);
    prop_oneof![6 => fixed.prop_map(<[u8]>::to_vec), 1 => prop::collection::vec(any::<u8>(), 0..50)]
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(vec![Dialect::Smtp, Dialect::Lmtp, Dialect::Submission])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_split_into_reads_changes_nothing(
        dialect in dialect(),
        // Below and above what the whole message may have.
        header_bytes_max in prop::sample::select(vec![40_u64, 80]),
        pieces in prop::collection::vec(piece(), 0..30),
        sizes in prop::collection::vec(1_usize..40, 1..20),
    ) {
        let bytes = pieces.concat();
        let budget = Budget::new(BUDGET_BYTES);

        let mut whole = Play::new(dialect, header_bytes_max, &budget);
        whole.read(&bytes);
        let mut single = Play::new(dialect, header_bytes_max, &budget);
        bytes.chunks(1).for_each(|byte| single.read(byte));
        let mut mixed = Play::new(dialect, header_bytes_max, &budget);
        let mut rest = &bytes[..];
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (read, later) = rest.split_at((*size).min(rest.len()));
            mixed.read(read);
            rest = later;
        }

        prop_assert_eq!(&whole.outcome, &single.outcome);
        prop_assert_eq!(&whole.outcome, &mixed.outcome);
        prop_assert_eq!(whole.over, single.over);
        // A session holds at most one unfinished line; everything else is used up or let go.
        prop_assert!(single.input_bytes_max <= limits(header_bytes_max).path_command_bytes_max);
        prop_assert!(whole.input_bytes_max <= limits(header_bytes_max).path_command_bytes_max);
        drop((whole, single, mixed));
        prop_assert_eq!(budget.free_bytes(), BUDGET_BYTES, "memory that was set aside came back");
    }

    #[test]
    fn every_reply_is_a_line_with_a_code(dialect in dialect(), pieces in prop::collection::vec(piece(), 0..30)) {
        let mut play = Play::new(dialect, 40, &Budget::new(BUDGET_BYTES));
        play.read(&pieces.concat());
        let said = String::from_utf8(play.outcome.said).expect("replies are text");
        for line in said.split_terminator("\r\n") {
            let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
            prop_assert!(code.is_some_and(|code| (200..600).contains(&code)), "{}", line);
            prop_assert!(line.len() <= 510 && line.is_ascii() && !line.contains(['\r', '\n']), "{}", line);
        }
        prop_assert!(said.ends_with("\r\n"));
    }
}
