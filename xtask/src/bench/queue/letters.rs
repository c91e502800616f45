//! What is sent: letters of 4 KB, by the API to Caliopen and by SMTP to Postfix.

use super::super::corpus;
use super::super::http::Api;
use super::super::ingest::{Client, in_turns};
use super::DOMAINS;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bytes of a letter's words: with its header it is a message of 4 KB.
const TEXT_BYTES: usize = 3_500;
/// Letters of one request to the API.
const BATCH: u32 = 10;
/// The domain whose host looks at what it gets.
pub(super) const WITNESS: &str = "witness.test";

/// The domain with this number.
pub(super) fn domain(number: usize) -> String {
    format!("d{number}.test")
}

fn recipient(number: u32) -> String {
    format!("bench@{}", domain(number as usize % DOMAINS))
}

/// Somebody's program: what it sends in requests, and as whom.
pub(super) struct Sender {
    api: Api,
    identity: String,
}

/// As many programs, of so many people.
pub(super) fn senders(
    server: SocketAddr,
    people: u32,
    programs: usize,
    password: &str,
) -> Result<Vec<Sender>> {
    let sender = |number: usize| {
        let address = format!("p{}@example.org", number as u32 % people);
        let mut api = Api::sign_in(server, &address, password)?;
        let identity = api.call("Identity/get", "\"ids\":null")?.field("id")?;
        Ok(Sender { identity, api })
    };
    (0..programs).map(sender).collect()
}

impl Sender {
    /// Writes letters to these recipients and sends them, in one request.
    fn send(&mut self, letters: &[(u32, String)]) -> Result<()> {
        let (account, identity) = (&self.api.account, &self.identity);
        let (mut drafts, mut submissions) = (String::new(), String::new());
        for (number, recipient) in letters {
            let text = corpus::text(*number, TEXT_BYTES).replace("\r\n", "\\n");
            // Writing into a string does not fail.
            let _ = write!(
                drafts,
                "{}\"d{number}\":{{\"identityId\":\"{identity}\",\"to\":[{{\"name\":null,\"handle\":\"email:{recipient}\"}}],\
                 \"subject\":\"Letter {number}\",\"text\":\"{text}\"}}",
                if drafts.is_empty() { "" } else { "," }
            );
            let comma = if submissions.is_empty() { "" } else { "," };
            let _ = write!(submissions, "{comma}\"s{number}\":{{\"draftId\":\"#d{number}\"}}");
        }
        let create = |what: &str| format!("{{\"accountId\":\"{account}\",\"create\":{{{what}}}}}");
        let (drafts, submissions) = (create(&drafts), create(&submissions));
        let calls = format!("[\"Draft/set\",{drafts},\"d\"],[\"Submission/set\",{submissions},\"s\"]");
        let answer = self.api.calls(&calls)?;
        let sent = answer.matches("\"messageId\"").count();
        if sent != letters.len() {
            bail!(
                "{sent} of {} letters were sent: {}",
                letters.len(),
                answer.chars().take(500).collect::<String>()
            );
        }
        Ok(())
    }
}

/// One letter to the witness.
pub(super) fn to_witness(senders: &mut [Sender]) -> Result<()> {
    let first = senders.first_mut().context("nobody sends")?;
    first.send(&[(u32::MAX, format!("bench@{WITNESS}"))])
}

/// All letters, from all senders at once.
pub(super) fn send_all(senders: &mut [Sender], messages: u32) -> Result<()> {
    let next = AtomicU32::new(0);
    std::thread::scope(|scope| {
        let next = &next;
        let work = move |sender: &mut Sender| -> Result<()> {
            loop {
                let first = next.fetch_add(BATCH, Ordering::Relaxed);
                if first >= messages {
                    return Ok(());
                }
                let letters: Vec<(u32, String)> =
                    (first..messages.min(first + BATCH)).map(|number| (number, recipient(number))).collect();
                sender.send(&letters)?;
            }
        };
        let working: Vec<_> = senders.iter_mut().map(|sender| scope.spawn(move || work(sender))).collect();
        working.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| bail!("a sender panicked")))
    })
}

/// The bytes of a letter, as a program would write them.
fn bytes(number: u32, recipient: &str) -> Vec<u8> {
    let text = corpus::text(number, TEXT_BYTES);
    format!(
        "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nFrom: <p{}@example.org>\r\nTo: <{recipient}>\r\nSubject: Letter \
         {number}\r\nMessage-ID: <{number}.bench@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; \
         charset=utf-8\r\n\r\n{text}\r\n",
        number % 16
    )
    .into_bytes()
}

/// One letter to the witness, by SMTP.
pub(super) fn bytes_to_witness(server: SocketAddr) -> Result<()> {
    let mut client = Client::connect(server, "EHLO")?;
    let recipient = format!("bench@{WITNESS}");
    client.send("p0@example.org", &recipient, &bytes(u32::MAX, &recipient))?;
    client.quit()
}

/// All letters by SMTP, over so many connections.
pub(super) fn send_bytes(server: SocketAddr, connections: usize, messages: u32) -> Result<()> {
    in_turns(connections, 0, messages, &|next| {
        let mut client = Client::connect(server, "EHLO")?;
        while let Some(number) = next() {
            let recipient = recipient(number);
            client.send("p0@example.org", &recipient, &bytes(number, &recipient))?;
        }
        client.quit()
    })
}
