//! Any bytes as a file of mail, in pieces: the same is found, and nothing piles up.
#![no_main]

use caliopen_mime::{Container, limits};
use caliopen_model::Unpacked;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &[u8])| {
    let (piece, file) = input;
    let whole = read(file, file.len().max(1));
    assert_eq!(read(file, usize::from(piece).max(1)), whole);
});

fn read(file: &[u8], piece: usize) -> Vec<Unpacked> {
    let mut container = Container::new("file", 0, 1);
    let mut found = Vec::new();
    for mut rest in file.chunks(piece) {
        while !rest.is_empty() {
            rest = &rest[container.feed(rest)..];
            let before = found.len();
            found.extend(std::iter::from_fn(|| container.take()));
            let bytes: usize = found[before..].iter().map(bytes).sum();
            assert!(bytes <= limits::KEPT_BYTES_MAX + limits::MESSAGE_BYTES_MAX);
        }
        assert!(container.resume_at() <= file.len() as u64);
    }
    while !container.end() {
        found.extend(std::iter::from_fn(|| container.take()));
    }
    found.extend(std::iter::from_fn(|| container.take()));
    found
}

fn bytes(one: &Unpacked) -> usize {
    match one {
        Unpacked::Message(message) => message.raw.len(),
        Unpacked::Note { bytes, .. } => bytes.len(),
        Unpacked::Fault { .. } => 0,
    }
}
