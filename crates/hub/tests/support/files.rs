//! Files of messages in the protocol of these stories: `=> path length time marks`, a line end, so many bytes, a line end.

use caliopen_connect::{Opened, Unpack};
use caliopen_model::{KeptMessage, Marks, Packed, Spot, Timestamp, UnpackReason, Unpacked};
use std::collections::VecDeque;

/// One file of an archive. Marks are letters: `S` seen, `U` unread, `F` flagged.
pub fn file(path: &str, at_ms: i64, marks: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("=> {path} {} {at_ms} {marks}\n", bytes.len());
    [head.as_bytes(), bytes, b"\n"].concat()
}

/// Writes what [`Reader`] reads.
pub fn pack(piece: Packed<'_>) -> Vec<u8> {
    match piece {
        Packed::File { path, at, bytes } => file(path, at.unix_ms(), "-", bytes),
        Packed::Message { at, raw, .. } => file("m.eml", at.unix_ms(), "-", raw),
        Packed::End => Vec::new(),
    }
}

/// Reads a file.
pub struct Reader {
    rest: Vec<u8>,
    offset: u64,
    number: u64,
    found: VecDeque<Unpacked>,
}

impl Reader {
    pub fn new(opened: &Opened<'_>) -> Self {
        Self { rest: Vec::new(), offset: opened.from, number: opened.number, found: VecDeque::new() }
    }

    fn read_one(&mut self) -> bool {
        let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') else { return false };
        let head = String::from_utf8_lossy(&self.rest[..end]).into_owned();
        let words: Vec<&str> = head.split(' ').collect();
        let length: usize = words[2].parse().unwrap();
        if self.rest.len() < end + length + 2 {
            return false;
        }
        let bytes = self.rest[end + 1..][..length].to_vec();
        let spot = Spot { path: words[1].to_owned(), number: self.number, offset: self.offset };
        self.found.push_back(match words[1].rsplit_once('.') {
            Some((_, "json" | "vcf")) => Unpacked::Note { path: spot.path, bytes },
            Some((_, "eml")) => {
                self.number += 1;
                Unpacked::Message(message(spot, &words, bytes))
            }
            _ => {
                self.number += 1;
                Unpacked::Fault { spot, reason: UnpackReason::Damaged }
            }
        });
        self.rest.drain(..end + length + 2);
        self.offset += (end + length + 2) as u64;
        true
    }
}

fn message(spot: Spot, words: &[&str], raw: Vec<u8>) -> KeptMessage {
    let marks = words[4];
    let seen = match (marks.contains('S'), marks.contains('U')) {
        (false, false) => None,
        (seen, _) => Some(seen),
    };
    KeptMessage {
        raw,
        folder: spot.path.split_once('/').map(|(folder, _)| folder.to_owned()),
        spot,
        at: Some(Timestamp::from_unix_ms(words[3].parse().unwrap())),
        marks: Marks { seen, flagged: marks.contains('F'), ..Marks::default() },
    }
}

impl Unpack for Reader {
    fn feed(&mut self, bytes: &[u8]) -> usize {
        self.rest.extend_from_slice(bytes);
        while self.read_one() {}
        bytes.len()
    }

    fn end(&mut self) -> bool {
        true
    }

    fn take(&mut self) -> Option<Unpacked> {
        self.found.pop_front()
    }

    fn resume_at(&self) -> u64 {
        self.offset
    }
}
