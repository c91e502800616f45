//! From bytes to the text of each card. A file may be cut off, be in Latin-1 or UTF-16, or hold other things.

use crate::{CARD_BYTES_MAX, CARDS_MAX};
use std::borrow::Cow;

/// What 0x80 to 0x9F mean in Windows-1252: where old programs say Latin-1 they mean this.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a file: UTF-16 where it says so, UTF-8 where each byte fits, Latin-1 otherwise.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [0xEF, 0xBB, 0xBF, rest @ ..] => text(rest),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.split_inclusive(|byte| *byte == b'\n').map(line).collect()),
        },
    }
}

/// One line whose bytes are not all UTF-8's: files that were joined from several sources mix both.
fn line(bytes: &[u8]) -> Cow<'_, str> {
    let latin = |byte: &u8| match byte {
        0x80..=0x9F => WINDOWS.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        other => char::from(*other),
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(latin).collect()),
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read));
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
}

/// The text of one card, or that it is too large.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chunk<'a> {
    Card(&'a str),
    TooLarge,
}

/// Every `BEGIN:VCARD` to its `END:VCARD`, to the next beginning where the end is missing, or to the end of the file.
pub(crate) fn cards(text: &str) -> (Vec<Chunk<'_>>, bool) {
    let mut chunks = Vec::new();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let (start, end) = (at, at + line.len());
        at = end;
        if is(line, "BEGIN:VCARD") {
            if let Some(from) = begun.replace(start) {
                push(&mut chunks, text, from, start);
            }
        } else if is(line, "END:VCARD")
            && let Some(from) = begun.take()
        {
            push(&mut chunks, text, from, end);
        }
        if chunks.len() > CARDS_MAX {
            break;
        }
    }
    if let Some(from) = begun {
        push(&mut chunks, text, from, text.len());
    }
    let is_cut = chunks.len() > CARDS_MAX;
    chunks.truncate(CARDS_MAX);
    (chunks, is_cut)
}

fn is(line: &str, word: &str) -> bool {
    let mut parts = line.trim().splitn(2, ':');
    let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    word.split_once(':').is_some_and(|(begin, card)| {
        name.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(begin)
            && value.trim().eq_ignore_ascii_case(card)
    })
}

fn push<'a>(chunks: &mut Vec<Chunk<'a>>, text: &'a str, from: usize, to: usize) {
    chunks.push(match text.get(from..to) {
        Some(card) if card.len() <= CARD_BYTES_MAX => Chunk::Card(card),
        _ => Chunk::TooLarge,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_found_among_anything_else_and_without_their_end() {
        let text = "junk\r\nBEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\nmore\nbegin : vcard\nFN:B\nBEGIN:VCARD\nFN:C";
        let (found, is_cut) = cards(text);
        let cards: Vec<&str> = found
            .iter()
            .map(|chunk| match chunk {
                Chunk::Card(card) => *card,
                Chunk::TooLarge => "",
            })
            .collect();
        assert_eq!(
            cards,
            ["BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r", "begin : vcard\nFN:B\n", "BEGIN:VCARD\nFN:C"]
        );
        assert!(!is_cut);
    }

    #[test]
    fn a_file_in_latin_1_or_utf_16_is_read_as_it_was_meant() {
        assert_eq!(text(b"FN:Jos\xe9 \x80"), "FN:José €");
        assert_eq!(text("FN:José".as_bytes()), "FN:José");
        assert_eq!(text(b"\xef\xbb\xbfFN:A"), "FN:A");
        assert_eq!(text(b"FN:Jos\xc3\xa9\nFN:Jos\xe9"), "FN:José\nFN:José");
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("é".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(text(&utf16), "é");
    }
}
