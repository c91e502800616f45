//! Whether bytes are a CMS message encrypted to somebody (RFC 5652 §6, RFC 5083): the outline of its DER or
//! BER, without any key.

/// `1.2.840.113549.1.7.3`.
const ENVELOPED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
/// `1.2.840.113549.1.9.16.1.23`.
const AUTH_ENVELOPED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const EXPLICIT_0: u8 = 0xa0;

/// `ContentInfo` of (authenticated) enveloped data with at least one recipient and some content.
pub(super) fn is_enveloped(bytes: &[u8]) -> bool {
    outline(bytes).unwrap_or(false)
}

fn outline(bytes: &[u8]) -> Option<bool> {
    let info = enter(bytes, SEQUENCE)?;
    let (kind, rest) = take(info, OBJECT_IDENTIFIER)?;
    if kind != ENVELOPED_DATA && kind != AUTH_ENVELOPED_DATA {
        return Some(false);
    }
    let data = enter(enter(rest, EXPLICIT_0)?, SEQUENCE)?;
    let (_version, mut rest) = take(data, INTEGER)?;
    if rest.first() == Some(&EXPLICIT_0) {
        // OriginatorInfo.
        (_, rest) = take(rest, EXPLICIT_0)?;
    }
    let (recipients, rest) = take(rest, SET)?;
    Some(!recipients.is_empty() && rest.first() == Some(&SEQUENCE))
}

/// The beginning of what is inside an element, whose end may be open (BER).
fn enter(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (_, content) = header(bytes, tag)?;
    Some(content)
}

/// The content of an element of known length, and what follows it.
fn take(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (length, content) = header(bytes, tag)?;
    content.split_at_checked(length?)
}

/// The length, `None` inside when it is open, and what follows the header.
fn header(bytes: &[u8], tag: u8) -> Option<(Option<usize>, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    if *first != tag {
        return None;
    }
    match length {
        0x80 => Some((None, rest)),
        0..=0x7f => Some((Some(usize::from(*length)), rest)),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let length = digits.iter().fold(0, |value: usize, byte| (value << 8) | usize::from(*byte));
            Some((Some(length), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![tag, 0x82];
        bytes.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(content);
        bytes
    }

    fn message(kind: &[u8], recipients: &[u8]) -> Vec<u8> {
        let inner =
            [element(INTEGER, &[0]), element(SET, recipients), element(SEQUENCE, b"content")].concat();
        let data = element(EXPLICIT_0, &element(SEQUENCE, &inner));
        element(SEQUENCE, &[element(OBJECT_IDENTIFIER, kind), data].concat())
    }

    #[test]
    fn enveloped_data_is_told_from_everything_else() {
        let signed: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
        assert!(is_enveloped(&message(ENVELOPED_DATA, b"somebody")));
        assert!(is_enveloped(&message(AUTH_ENVELOPED_DATA, b"somebody")));
        assert!(!is_enveloped(&message(signed, b"somebody")));
        assert!(!is_enveloped(&message(ENVELOPED_DATA, b"")));
        assert!(!is_enveloped(b""));
        assert!(!is_enveloped(b"Ciao"));
        let whole = message(ENVELOPED_DATA, b"somebody");
        let cuts: Vec<bool> = (0..whole.len()).map(|end| is_enveloped(&whole[..end])).collect();
        assert!(!cuts[..40].contains(&true), "{cuts:?}");
    }
}
