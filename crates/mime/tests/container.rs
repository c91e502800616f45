//! Files of mail: what is written is read again byte for byte, in pieces of any size; what is broken is named.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it is wrong")]

use caliopen_mime::{Container, limits, pack};
use caliopen_model::{Packed, Timestamp, UnpackReason, Unpacked};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use std::io::Write;

const AT: Timestamp = Timestamp::from_unix_ms(1_709_294_400_000);

/// Everything in a file that comes in pieces of this size.
fn read(name: &str, file: &[u8], piece: usize) -> Vec<Unpacked> {
    let mut container = Container::new(name, 0, 1);
    let mut found = Vec::new();
    for part in file.chunks(piece.max(1)) {
        let mut rest = part;
        while !rest.is_empty() {
            rest = &rest[container.feed(rest)..];
            found.extend(std::iter::from_fn(|| container.take()));
        }
    }
    while !container.end() {
        found.extend(std::iter::from_fn(|| container.take()));
    }
    found.extend(std::iter::from_fn(|| container.take()));
    found
}

fn messages(found: &[Unpacked]) -> Vec<Vec<u8>> {
    let raw = |one: &Unpacked| match one {
        Unpacked::Message(message) => Some(message.raw.clone()),
        _ => None,
    };
    found.iter().filter_map(raw).collect()
}

fn faults(found: &[Unpacked]) -> Vec<(String, UnpackReason)> {
    let fault = |one: &Unpacked| match one {
        Unpacked::Fault { spot, reason } => Some((spot.path.clone(), *reason)),
        _ => None,
    };
    found.iter().filter_map(fault).collect()
}

fn mbox(messages: &[Vec<u8>]) -> Vec<u8> {
    messages.iter().flat_map(|raw| pack(Packed::Message { author: "ana@example.org", at: AT, raw })).collect()
}

fn tar(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out: Vec<u8> =
        files.iter().flat_map(|(path, bytes)| pack(Packed::File { path, at: AT, bytes })).collect();
    out.extend(pack(Packed::End));
    out
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip as programs write it that do not know the size before they wrote the file: descriptors behind it.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        let packed = deflated(bytes);
        out.extend_from_slice(b"PK\x03\x04\x14\0\x08\0\x08\0\0\x60\x61\x58");
        out.extend_from_slice(&[0; 12]);
        out.extend_from_slice(&(name.len() as u16).to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&packed);
        out.extend_from_slice(b"PK\x07\x08\0\0\0\0");
        out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    }
    out.extend_from_slice(b"PK\x01\x02the directory, which nobody waits for");
    out
}

fn letter(number: usize) -> Vec<u8> {
    format!("Subject: {number}\r\n\r\nFrom me\r\n\r\nFrom you\r\n>From us\r\n").into_bytes()
}

#[test]
fn an_archive_in_an_archive_is_named_and_not_opened() {
    let inner = tar(&[("a.eml", letter(1))]);
    let found = read("x.tar", &tar(&[("inner.tar", inner)]), 4_096);
    assert_eq!(faults(&found), [("inner.tar".to_owned(), UnpackReason::NotRecognised)]);
}

#[test]
fn a_maildir_in_a_tar_keeps_its_folders_and_marks() {
    let found = read("x.tar", &tar(&[("Maildir/.Work.Paris/cur/1.2.host:2,FS", letter(1))]), 100);
    let [Unpacked::Message(message)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(message.folder.as_deref(), Some("Work/Paris"));
    assert_eq!((message.marks.seen, message.marks.flagged), (Some(true), true));
    assert_eq!(message.at, Some(AT));
    assert_eq!(message.raw, letter(1));
}

#[test]
fn a_path_of_any_length_and_script_survives() {
    let path = format!("inbox/{}/1.eml", "é日".repeat(200));
    let found = read("x.tar", &tar(&[(&path, letter(1))]), 77);
    let [Unpacked::Message(message)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(message.spot.path, path);
}

#[test]
fn a_zip_is_read_while_it_streams() {
    let mailbox = mbox(&[letter(1), letter(2)]);
    let file = zip(&[("Takeout/Inbox.mbox", &mailbox), ("a.html", b"<html>"), ("b.eml", &letter(3))]);
    for piece in [1, 7, 1_000, 1_000_000] {
        let found = read("takeout.zip", &file, piece);
        assert_eq!(messages(&found), [letter(1), letter(2), letter(3)]);
        assert_eq!(faults(&found), [("a.html".to_owned(), UnpackReason::NotRecognised)]);
    }
}

#[test]
fn a_compressed_mbox_and_a_compressed_tar_are_read() {
    for (name, inner) in [("a.mbox.gz", mbox(&[letter(1)])), ("a.tgz", tar(&[("1.eml", letter(1))]))] {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&inner).unwrap();
        let file = encoder.finish().unwrap();
        assert_eq!(messages(&read(name, &file, 9)), [letter(1)], "{name}");
        let cut = read(name, &file[..file.len() - 10], 9);
        assert!(faults(&cut).iter().any(|(_, reason)| *reason == UnpackReason::Truncated), "{cut:?}");
    }
}

#[test]
fn a_message_that_is_too_large_is_named_and_the_next_is_read() {
    let mut large = b"Subject: large\n\n".to_vec();
    large.resize(limits::MESSAGE_BYTES_MAX + 10, b'x');
    let found = read("a.mbox", &mbox(&[letter(1), large, letter(3)]), 1 << 20);
    assert!(messages(&found) == [letter(1), letter(3)]);
    let Some(Unpacked::Fault { spot, reason }) = found.get(1) else { panic!("{:?}", found.len()) };
    assert_eq!((*reason, spot.number), (UnpackReason::TooLarge, 2));
}

#[test]
fn a_bomb_is_unfolded_piece_by_piece() {
    let bomb = vec![b'x'; 64 * 1024 * 1024];
    let mut container = Container::new("bomb.zip", 0, 1);
    let file = zip(&[("bomb.mbox", &mbox(&[bomb])), ("1.eml", &letter(1))]);
    let (mut rest, mut most, mut seen) = (file.as_slice(), 0, 0);
    while !rest.is_empty() {
        rest = &rest[container.feed(rest)..];
        let mut waiting = 0;
        while let Some(one) = container.take() {
            seen += 1;
            if let Unpacked::Message(message) = one {
                waiting += message.raw.len();
            }
        }
        most = most.max(waiting);
    }
    assert!(container.end());
    assert!(seen >= 2 && most <= limits::KEPT_BYTES_MAX + limits::MESSAGE_BYTES_MAX, "{seen} {most}");
}

#[test]
fn broken_files_have_a_verdict_each() {
    for (name, file, expected) in [
        ("noise.mbox", vec![0xFF; 3_000], UnpackReason::NotRecognised),
        ("a.exe", b"MZ\x90\0 a program".to_vec(), UnpackReason::NotRecognised),
        ("cut.tar", tar(&[("1.eml", letter(1))])[..1_600].to_vec(), UnpackReason::Truncated),
        ("cut.zip", zip(&[("1.eml", &letter(1))])[..50].to_vec(), UnpackReason::Truncated),
        ("1.eml", b"\n\nno header\n".to_vec(), UnpackReason::NoHeader),
    ] {
        let found = read(name, &file, 100);
        assert!(messages(&found).is_empty(), "{name}");
        assert_eq!(
            faults(&found).iter().map(|(_, reason)| *reason).collect::<Vec<_>>(),
            [expected],
            "{name}"
        );
    }
    assert!(read("empty.mbox", b"", 1).is_empty());
}

#[test]
fn reading_can_begin_anew_where_it_was_said() {
    let letters: Vec<Vec<u8>> = (0..40).map(letter).collect();
    let names: Vec<String> = (0..40).map(|number| format!("{number}.eml")).collect();
    let files: Vec<(&str, Vec<u8>)> = names.iter().map(String::as_str).zip(letters.clone()).collect();
    for (name, file) in [("a.mbox", mbox(&letters)), ("a.tar", tar(&files))] {
        for stop in (0..file.len()).step_by(333) {
            let mut container = Container::new(name, 0, 1);
            let mut found = Vec::new();
            let mut rest = &file[..stop];
            while !rest.is_empty() {
                rest = &rest[container.feed(rest)..];
                found.extend(std::iter::from_fn(|| container.take()));
            }
            let from = container.resume_at();
            let mut again = Container::new(name, from, 1);
            again.feed(&file[usize::try_from(from).unwrap()..]);
            assert!(again.end());
            found.extend(std::iter::from_fn(|| again.take()));
            assert_eq!(messages(&found), letters, "{name} at {stop}");
        }
    }
}

fn any_letter() -> impl Strategy<Value = Vec<u8>> {
    let line =
        prop_oneof!["[ -~é]{0,40}", ">{0,3}From [ -~]{0,30}", "From ana@x Fri Mar  1 12:00:00 2024", "\r?"];
    (proptest::collection::vec(line, 0..12), "[A-Z][a-z]{0,8}").prop_map(|(lines, name)| {
        let mut text = format!("{name}: x\n\n");
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        text.into_bytes()
    })
}

proptest! {
    #[test]
    fn what_is_packed_comes_out_byte_for_byte_in_pieces_of_any_size(
        letters in proptest::collection::vec(any_letter(), 1..8),
        piece in 1usize..900,
    ) {
        prop_assert_eq!(messages(&read("a.mbox", &mbox(&letters), piece)), letters.clone());
        let names: Vec<String> = (0..letters.len()).map(|number| format!("d/{number}.eml")).collect();
        let files: Vec<(&str, Vec<u8>)> = names.iter().map(String::as_str).zip(letters.clone()).collect();
        prop_assert_eq!(messages(&read("a.tar", &tar(&files), piece)), letters);
    }

    #[test]
    fn any_bytes_are_read_the_same_way_in_pieces_of_any_size(
        start in prop_oneof![
            Just(&b"From a Fri Mar  1 12:00:00 2024\nA: b\nContent-Length: 5\n\n"[..]),
            Just(&b"PK\x03\x04\x14\0\0\0\x08\0"[..]),
            Just(&b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..]),
            Just(&b"A: b\n\n"[..]),
            Just(&b""[..]),
        ],
        noise in proptest::collection::vec(
            prop_oneof![any::<u8>(), Just(b'\n'), Just(b'\n'), Just(b'F'), Just(b'P'), Just(0)], 0..3_000),
        piece in 1usize..700,
    ) {
        let file = [start, &noise].concat();
        prop_assert_eq!(read("noise", &file, piece), read("noise", &file, file.len()));
    }
}
