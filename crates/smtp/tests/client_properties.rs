//! What holds whatever a server says: no panic, no growth, one verdict for each recipient, and nothing counts
//! as accepted that was not.

use bytes::Bytes;
use caliopen_model::EmailAddress;
use caliopen_smtp::client::{
    Client, Config, Content, Fate, Limits, Outgoing, Phase, Recipient, StartTls, Step, Verdict,
};
use proptest::prelude::*;
use std::sync::Arc;

const RECIPIENTS: usize = 3;
const LIMITS: Limits = Limits {
    reply_line_bytes_max: 60,
    reply_lines_max: 4,
    reply_bytes_max: 120,
    text_bytes_max: 30,
    pipelined_commands_max: 3,
    chunk_bytes_max: 7,
};

fn message() -> Outgoing {
    let address = |name: &str| EmailAddress::parse(&format!("{name}@there.test")).unwrap();
    Outgoing {
        reverse_path: None,
        recipients: ["a", "b", "c"].map(|name| Recipient::new(address(name))).to_vec(),
        content: Content::new(Bytes::from_static(b"Subject: x\r\n\r\n.\r\nbody\r\n")),
        returned: None,
        envelope_id: None,
        requires_tls: false,
    }
}

/// Everything that a client did.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    said: Vec<u8>,
    verdicts: Vec<Verdict>,
}

struct Play {
    client: Client,
    outcome: Outcome,
    /// Messages given to it.
    sent: usize,
    waits: bool,
    input_bytes_max: usize,
}

impl Play {
    fn new(starttls: StartTls) -> Self {
        let config = Arc::new(Config::new("mx.here.test", LIMITS).unwrap());
        let client = Client::new(config, starttls);
        let mut play = Self { client, outcome: Outcome::default(), sent: 0, waits: true, input_bytes_max: 0 };
        play.run();
        play
    }

    fn receive(&mut self, bytes: &[u8]) {
        if self.waits {
            self.client.input().extend_from_slice(bytes);
            self.run();
            self.input_bytes_max = self.input_bytes_max.max(self.client.input().len());
        }
    }

    /// Steps until the client waits for the server, with a message whenever it is idle.
    fn run(&mut self) {
        for _ in 0..1_000 {
            let step = self.client.step();
            self.outcome.said.extend_from_slice(self.client.output());
            self.client.output().clear();
            match step {
                Step::Write => {}
                Step::Read(_) => return,
                Step::StartTls => self.client.tls_started(),
                Step::Ready if self.sent < 4 => {
                    self.sent += 1;
                    self.client.send(message()).expect("the client is idle");
                }
                Step::Ready => self.client.quit(),
                Step::Sent(verdicts) => {
                    assert_eq!(verdicts.len(), RECIPIENTS);
                    self.outcome.verdicts.extend(verdicts);
                }
                Step::Closed => {
                    self.waits = false;
                    return;
                }
            }
        }
        unreachable!("a client that gets nothing comes to rest");
    }
}

/// Pieces of dialogues, sound and broken, so that deep states are reached.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        &b"220 mx.there.test\r\n"[..],
        b"250 ok\r\n",
        b"250 ok\r\n250 ok\r\n250 ok\r\n",
        b"250-mx\r\n250-PIPELINING\r\n250 CHUNKING\r\n",
        b"250-mx\r\n250-PIPELINING\r\n250 STARTTLS\r\n",
        b"354 go\r\n",
        b"250 ok\r\n354 go\r\n",
        b"421 4.3.2 bye\r\n",
        b"450 4.2.1 later\r\n",
        b"550 5.1.1 \x1b[31mno\xff\r\n",
        b"552 full\r\n",
        b"221 bye\r\n",
        b"250-a\r\n",
        b"250-",
        b"\r\n",
        b"\r",
        b"\n",
        b"999 x\r\n",
        b"a long piece of text that no line of a reply may hold, and more",
    ]);
    prop_oneof![8 => fixed.prop_map(<[u8]>::to_vec), 1 => prop::collection::vec(any::<u8>(), 0..50)]
}

fn starttls() -> impl Strategy<Value = StartTls> {
    prop::sample::select(vec![StartTls::Never, StartTls::Opportunistic, StartTls::Required])
}

fn check(play: &mut Play) -> Result<(), TestCaseError> {
    if play.waits {
        play.client.lost();
        play.run();
    }
    prop_assert!(!play.waits, "a connection that is lost is over");
    prop_assert_eq!(play.outcome.verdicts.len(), play.sent * RECIPIENTS);
    prop_assert!(play.input_bytes_max < LIMITS.reply_line_bytes_max + 64, "{}", play.input_bytes_max);
    for verdict in &play.outcome.verdicts {
        let text = verdict.text();
        let shown = text.len() <= 120 && !text.chars().any(char::is_control);
        prop_assert!(shown, "{}", text);
        let said_so = verdict.phase == Phase::End && verdict.code().is_some_and(|code| code / 100 == 2);
        prop_assert_eq!(verdict.fate == Fate::Accepted, said_so);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_a_server_says_is_survived(
        starttls in starttls(),
        pieces in prop::collection::vec(piece(), 0..40),
        sizes in prop::collection::vec(1_usize..60, 1..20),
    ) {
        let bytes = pieces.concat();
        let mut play = Play::new(starttls);
        let mut rest = &bytes[..];
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (read, later) = rest.split_at((*size).min(rest.len()));
            play.receive(read);
            rest = later;
        }
        check(&mut play)?;
    }

    #[test]
    fn the_split_into_reads_changes_nothing(
        starttls in starttls(),
        pieces in prop::collection::vec(piece(), 0..40),
    ) {
        // A server that waits for its turn: one piece a read, or each of its bytes.
        let mut whole = Play::new(starttls);
        let mut single = Play::new(starttls);
        for piece in &pieces {
            let replies = piece.windows(2).filter(|pair| pair == b"\r\n").count();
            if replies <= 1 || piece.starts_with(b"250-") {
                whole.receive(piece);
                piece.chunks(1).for_each(|byte| single.receive(byte));
            }
        }
        prop_assert_eq!(whole.waits, single.waits);
        prop_assert_eq!(&whole.outcome.said, &single.outcome.said);
        check(&mut whole)?;
        check(&mut single)?;
        prop_assert_eq!(&whole.outcome, &single.outcome);
    }
}
