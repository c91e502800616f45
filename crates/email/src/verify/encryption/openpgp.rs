//! Whether bytes are an OpenPGP encrypted message: packet tags and versions, without any key.

use super::super::limits;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const HEAD: &str = "-----BEGIN PGP MESSAGE-----";
const TAIL: &str = "-----END PGP MESSAGE-----";

/// Packet types (RFC 9580 §5), and the one that GnuPG writes for its own authenticated mode.
mod tag {
    pub(super) const PUBLIC_KEY_SESSION_KEY: u8 = 1;
    pub(super) const SYMMETRIC_SESSION_KEY: u8 = 3;
    pub(super) const MARKER: u8 = 10;
    pub(super) const PROTECTED_DATA: u8 = 18;
    pub(super) const AEAD_DATA: u8 = 20;
    pub(super) const PADDING: u8 = 21;
}

/// Armoured, with nothing but white space around it, or binary: session keys for at least one public key, then
/// data with integrity protection (RFC 9580 §10.3). Data without protection is not accepted: it can be turned
/// into a way out for its content (RFC 9580 §13.7).
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes).ok().map(str::trim) {
        Some(text) if text.starts_with(HEAD) => dearmour(text).is_some_and(|packets| is_sequence(&packets)),
        _ => is_sequence(bytes),
    }
}

/// The first bytes under the armour (RFC 9580 §6.2). `None` unless the text is one block and no more.
fn dearmour(text: &str) -> Option<Vec<u8>> {
    let inside = text.strip_prefix(HEAD)?.strip_suffix(TAIL)?;
    if inside.contains("-----") {
        return None;
    }
    let mut lines = inside.lines().map(str::trim_end);
    // Armour headers end at the first empty line; the line of the head itself is the first one.
    lines.next().filter(|rest| rest.is_empty())?;
    lines.by_ref().find(|line| line.is_empty())?;
    let mut digits = String::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('=')) {
        digits.push_str(line);
        if digits.len() > limits::STRUCTURE_BYTES_MAX {
            break;
        }
    }
    // Whole groups only, in case the text was cut.
    let whole = digits.len() - digits.len() % 4;
    STANDARD.decode(digits.get(..whole)?).ok()
}

fn is_sequence(packets: &[u8]) -> bool {
    let mut rest = packets;
    let mut keys = 0;
    // Each turn takes at least two bytes off, and the input is bounded.
    while let Some((tag, body, after)) = packet(rest) {
        match (tag, body.first()) {
            (tag::MARKER | tag::PADDING, _) => {}
            (tag::PUBLIC_KEY_SESSION_KEY, Some(3 | 6)) => keys += 1,
            (tag::SYMMETRIC_SESSION_KEY, Some(4 | 6)) => {}
            (tag::PROTECTED_DATA, Some(1 | 2)) | (tag::AEAD_DATA, Some(1)) => {
                return keys > 0 && body.len() > 1;
            }
            _ => return false,
        }
        rest = after;
    }
    false
}

/// Type, body and what follows (RFC 9580 §4.2). The body of the last packet may be cut or in pieces.
fn packet(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (head, rest) = bytes.split_first()?;
    if head & 0x80 == 0 {
        return None;
    }
    let (tag, length, rest) = if head & 0x40 != 0 {
        let (length, rest) = new_length(rest)?;
        (head & 0x3f, length, rest)
    } else {
        let (length, rest) = old_length(head & 3, rest)?;
        ((head >> 2) & 0x0f, length, rest)
    };
    let end = length.unwrap_or(rest.len()).min(rest.len());
    let (body, after) = rest.split_at_checked(end)?;
    Some((tag, body, after))
}

/// A partial length says nothing of the end: `None` inside.
fn new_length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    match bytes {
        [first @ 0..=191, rest @ ..] => Some((Some(usize::from(*first)), rest)),
        [first @ 192..=223, second, rest @ ..] => {
            Some((Some((usize::from(*first) - 192) * 256 + usize::from(*second) + 192), rest))
        }
        [224..=254, rest @ ..] => Some((None, rest)),
        [255, a, b, c, d, rest @ ..] => Some((Some(big_endian(&[*a, *b, *c, *d])), rest)),
        _ => None,
    }
}

fn old_length(kind: u8, bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let width = match kind {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => return Some((None, bytes)),
    };
    let (length, rest) = bytes.split_at_checked(width)?;
    Some((Some(big_endian(length)), rest))
}

fn big_endian(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value: usize, byte| (value << 8) | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session key packet for an X25519 key, then protected data of version 2.
    fn message() -> Vec<u8> {
        let mut bytes = vec![0xc1, 12, 3, 1, 2, 3, 4, 5, 6, 7, 8, 25, 0xaa, 0xbb];
        bytes.extend([0xd2, 6, 2, 9, 2, 6, 0xcc, 0xdd]);
        bytes
    }

    fn armour(bytes: &[u8]) -> String {
        format!("{HEAD}\nVersion: none\n\n{}\n=AAAA\n{TAIL}\n", STANDARD.encode(bytes))
    }

    #[test]
    fn an_encrypted_message_is_recognised_in_each_form() {
        assert!(is_encrypted(&message()));
        assert!(is_encrypted(armour(&message()).as_bytes()));
        assert!(is_encrypted(armour(&message()).replace('\n', "\r\n").as_bytes()));
        let old_format = [0x84, 4, 3, 1, 2, 3, 0xd2, 0xe1, 1, 2, 3];
        assert!(is_encrypted(&old_format));
    }

    #[test]
    fn what_only_looks_encrypted_is_not() {
        let key_alone = &message()[..14];
        let data_alone = &message()[14..];
        let unprotected = [&message()[..14], &[0xc9, 3, 1, 2, 3]].concat();
        for bytes in [&b""[..], b"Ciao", key_alone, data_alone, &unprotected, &[0xcb, 6, b'b', 0, 0, 0, 0, 0]]
        {
            assert!(!is_encrypted(bytes), "{bytes:?}");
            assert!(!is_encrypted(armour(bytes).as_bytes()), "{bytes:?}");
        }
        let text = armour(&message());
        assert!(!is_encrypted(format!("Ciao!\n{text}").as_bytes()));
        assert!(!is_encrypted(format!("{text}\nCiao!").as_bytes()));
        assert!(!is_encrypted(format!("{text}{text}").as_bytes()));
        assert!(!is_encrypted(format!("{HEAD}\n\nnot base 64\n{TAIL}").as_bytes()));
    }

    #[test]
    fn no_bytes_panic() {
        for head in 0..=255u8 {
            for second in [0, 1, 191, 192, 223, 224, 254, 255] {
                for tail in 0..8 {
                    let mut bytes = vec![head, second];
                    bytes.resize(2 + tail, 0xff);
                    is_encrypted(&bytes);
                }
            }
        }
    }
}
