//! Strangers may send any bytes: each is answered in bounded time, kept as it is when it is taken, and costs bounded
//! memory; the server goes on.

use crate::support;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use support::caliopen::Caliopen;
use support::hostile::{self, KIB, MIB, Named};
use support::{ALICE, Api, Home, Stopwatch, Wire, letter};

/// Longest that one message may take to be answered, or to be shown, on a busy machine.
const ANSWER_MOST: Duration = Duration::from_secs(15);
/// Most memory of the whole process while all of this comes in, one message after another. One run takes 226 MiB, the next
/// 277: how many of the large ones are on their way to the disk at a time is chance.
const MEMORY_BYTES_MOST: u64 = 320 * 1024 * 1024;

/// Brings a message over a connection of its own; the reply must begin so, and in time.
fn check(server: &Caliopen, name: &str, content: &[u8], expected: &str) {
    let start = Stopwatch::start();
    let mut wire = Wire::greeted(server.smtp, "EHLO");
    // By chunks, so that nothing is added or escaped on the way.
    let replies = wire.deliver_chunk("ana@elsewhere.test", &[ALICE], content);
    let replies = replies.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(replies[0].starts_with(expected), "{name}: {replies:?}");
    start.check(ANSWER_MOST, name);
}

/// How many messages there are of each content.
fn counted<'a>(contents: impl Iterator<Item = &'a Vec<u8>>) -> BTreeMap<&'a Vec<u8>, u32> {
    let mut counts = BTreeMap::new();
    contents.for_each(|content| *counts.entry(content).or_default() += 1);
    counts
}

fn check_kept(alice: &Api, sent: &[Named]) {
    let messages = alice.messages(json!(["id", "blobId"]));
    let kept: Vec<Vec<u8>> = messages.iter().map(|one| alice.download(&one["blobId"])).collect();
    let same = counted(kept.iter()) == counted(sent.iter().map(|(_, content)| content));
    assert!(same, "{} were sent, {} are there, or not with the same bytes", sent.len(), kept.len());
    for (message, raw) in messages.iter().zip(&kept) {
        let (name, _) = sent.iter().find(|(_, content)| content == raw).unwrap();
        let start = Stopwatch::start();
        let properties = json!(["bodies", "headers", "attachments", "subject", "from", "warnings"]);
        let shown = alice.call("Message/get", json!({ "ids": [message["id"]], "properties": properties }));
        assert!(shown["list"][0]["bodies"].is_array(), "{name}: {shown}");
        alice.report(message);
        start.check(ANSWER_MOST, name);
    }
}

#[test]
fn any_message_is_answered_in_time_and_kept_as_it_is() {
    let home = Home::with_people();
    let server = home.start();
    let mut sent = hostile::readable();
    for (name, content) in &sent {
        check(&server, name, content, "250 2.0.0");
    }
    for ((name, content), expected) in hostile::refused() {
        check(&server, name, &content, expected);
    }
    check_kept(&server.alice(), &sent);
    let usual = letter("As usual", "after all of this");
    server.deliver(&usual);
    sent.push(("as usual", usual));
    assert_eq!(server.alice().messages(json!(["id"])).len(), sent.len());
    let most = server.memory_bytes_most();
    assert!(most < MEMORY_BYTES_MOST, "{} MiB of memory", most / MIB as u64);
    assert_eq!(server.stop(), Some(0));
    assert!(home.done(&["verify"], "").ends_with("nothing is wrong\n"));
}

#[test]
fn any_commands_are_answered_or_the_connection_ends() {
    let home = Home::with_people();
    let server = home.start();
    let lines: [&[u8]; 7] = [
        &hostile::noise(5, 64 * KIB),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"MAIL FROM:<a\0b@c>\r\n",
        &b"x".repeat(MIB),
        &b"NOOP\r\n".repeat(20_000),
        b"BDAT 99999999999999999999 LAST\r\n",
        &b"RCPT TO:<nobody@caliopen.test>\r\n".repeat(500),
    ];
    for (number, bytes) in lines.iter().enumerate() {
        let start = Stopwatch::start();
        let mut wire = Wire::greeted(server.smtp, "EHLO");
        // A server that has heard enough closes before all is said.
        let _cut_off = wire.send(bytes).and_then(|()| wire.send(b"\r\nQUIT\r\n"));
        let mut replies = 0;
        while let Ok(reply) = wire.reply() {
            assert!(reply.starts_with(['2', '4', '5']), "{number}: {reply}");
            replies += 1;
        }
        assert!(replies > 0, "{number}: nothing was said");
        start.check(ANSWER_MOST, "commands");
    }
    let announced =
        Wire::greeted(server.smtp, "EHLO").ask("MAIL FROM:<ana@elsewhere.test> SIZE=60000000").unwrap();
    assert!(announced.starts_with("552 5.3.4"), "{announced}");
    server.deliver(&letter("Still", "there"));
    assert_eq!(server.alice().only_message()["subject"], "Still");
}
