//! Each message that was acknowledged is there exactly once, however often the server dies in the middle of its work.
//!
//! The oracle is the senders' journal: the token of a message and the reply that it got, fsynced before anything else
//! is sent. A token is sent once and never again, so that one without a reply is there once or not at all.

use crate::support;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use support::caliopen::Caliopen;
use support::{ALICE, Api, BOB, Home, PASSWORD, Wire};

const KILLS: u64 = 60;
/// Connections that deliver at a time: LMTP and SMTP by turns.
const SENDERS: u64 = 4;
/// Of so many messages one is larger than what the store keeps in its database.
const LARGE_EVERY: u64 = 9;
/// Larger than that, and of bytes that do not compress.
const LARGE_LINES: u64 = 2_000;

const PEOPLE: [&str; 2] = [ALICE, BOB];

/// What the senders know, on disk before they go on.
struct Journal {
    file: Mutex<File>,
}

impl Journal {
    fn new(path: &Path) -> Self {
        Self { file: Mutex::new(File::create(path).unwrap()) }
    }

    fn write(&self, token: &str, recipient: &str, reply: &str) {
        let mut file = self.file.lock().unwrap();
        writeln!(file, "{token} {recipient} {reply}").unwrap();
        file.sync_data().unwrap();
    }
}

/// What the journal says in the end: a token and a person, and whether they were acknowledged.
fn read_journal(path: &Path) -> BTreeMap<(String, String), bool> {
    let text = std::fs::read_to_string(path).unwrap();
    let entry = |line: &str| {
        let [token, recipient, reply] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        ((token.to_owned(), recipient.to_owned()), reply.starts_with("250 "))
    };
    text.lines().map(entry).collect()
}

fn letter(number: u64, token: &str) -> Vec<u8> {
    let mut text = format!(
        "From: Ana <ana@elsewhere.test>\r\nTo: {ALICE}, {BOB}\r\nSubject: Number {number}\r\n\
         Message-ID: <always@the.same>\r\n\r\nToken: {token}\r\n"
    );
    if number.is_multiple_of(LARGE_EVERY) {
        // A small generator (Knuth's MMIX constants): all that is asked of it is that nothing repeats.
        let mut state = number;
        for _ in 0..LARGE_LINES {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let next = state.rotate_left(32) ^ number;
            text.push_str(&format!("{state:016x}{next:016x}{:016x}\r\n", state ^ next.rotate_left(7)));
        }
    }
    text.into_bytes()
}

/// One connection: message after message until the server is gone.
fn send_until_it_dies(
    door: (SocketAddr, &str),
    numbers: &AtomicU64,
    journal: &Journal,
    acknowledged: &mpsc::Sender<()>,
) {
    let Ok(mut wire) = Wire::try_greeted(door.0, door.1) else { return };
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let token = format!("t{number:08}");
        let recipients = match number % 3 {
            0 => &PEOPLE[..],
            1 => &PEOPLE[..1],
            _ => &PEOPLE[1..],
        };
        let Ok(replies) = wire.try_deliver("ana@elsewhere.test", recipients, &letter(number, &token)) else {
            recipients.iter().for_each(|recipient| journal.write(&token, recipient, "none"));
            return;
        };
        for (place, recipient) in recipients.iter().enumerate() {
            // SMTP answers for all at once.
            journal.write(&token, recipient, replies.get(place).unwrap_or(&replies[0]));
        }
        if acknowledged.send(()).is_err() {
            return;
        }
    }
}

/// Lets all senders deliver, and kills the server after so many acknowledgements, wherever the rest stands.
fn deliver_and_kill(server: Caliopen, kill_after: u64, numbers: &AtomicU64, journal: &Journal) {
    let doors = [(server.lmtp, "LHLO"), (server.smtp, "EHLO")];
    let (acknowledged, heard) = mpsc::channel();
    thread::scope(|senders| {
        for sender in 0..SENDERS {
            let door = doors[usize::from(sender % 2 == 1)];
            let acknowledged = acknowledged.clone();
            senders.spawn(move || send_until_it_dies(door, numbers, journal, &acknowledged));
        }
        drop(acknowledged);
        assert_eq!(heard.iter().take(usize::try_from(kill_after).unwrap()).count() as u64, kill_after);
        server.kill();
    });
}

/// How often each token is in a person's mailbox, read from the bytes as they are kept.
fn tokens(person: &Api) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    for message in person.messages(json!(["blobId", "size"])) {
        let raw = person.download(&message["blobId"]);
        assert_eq!(message["size"], raw.len());
        let text = String::from_utf8(raw).unwrap();
        let (_, rest) = text.split_once("\r\nToken: ").unwrap();
        let token = rest.split("\r\n").next().unwrap();
        let number: u64 = token.strip_prefix('t').unwrap().parse().unwrap();
        assert!(text.as_bytes() == letter(number, token), "{token} is not what was sent");
        *found.entry(token.to_owned()).or_default() += 1;
    }
    found
}

#[test]
fn every_acknowledged_message_is_there_exactly_once() {
    let home = Home::with_people();
    let path = home.beside("journal");
    let journal = Journal::new(&path);
    let numbers = AtomicU64::new(0);
    for kill in 0..KILLS {
        // Sometimes before anything is acknowledged, sometimes after a while.
        deliver_and_kill(home.start(), (kill * 7) % 31, &numbers, &journal);
    }

    let server = home.start();
    let sent = read_journal(&path);
    let mut there = BTreeSet::new();
    for address in PEOPLE {
        let found = tokens(&Api::sign_in(server.http, address, PASSWORD));
        for (token, count) in found {
            assert_eq!(count, 1, "{token} is there {count} times for {address}");
            let entry = (token, address.to_owned());
            assert!(sent.contains_key(&entry), "{entry:?} was never sent");
            there.insert(entry);
        }
    }
    let acknowledged: Vec<_> = sent.iter().filter(|(_, is_acknowledged)| **is_acknowledged).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|(entry, _)| !there.contains(*entry)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged are lost: {lost:?}", lost.len(), acknowledged.len());
    // The kills hit something: some deliveries were cut off, and most were not.
    assert!(acknowledged.len() as u64 > KILLS && acknowledged.len() < sent.len());

    let verdict = home.done(&["verify"], "");
    assert!(verdict.ends_with("nothing is wrong\n"), "{verdict}");
    assert_eq!(server.stop(), Some(0));
    assert_eq!(home.done(&["verify"], ""), verdict);
}
