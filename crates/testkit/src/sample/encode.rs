//! Transfer encodings and charsets, written on their own: the sample must not be made by the code that reads it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Longest line of an encoded body (RFC 2045 §6.7, §6.8).
const LINE_BYTES_MAX: usize = 76;
/// Bytes in one encoded word, so that it stays under 75 characters (RFC 2047 §2).
const WORD_BYTES_MAX: usize = 39;

/// Base64 without line breaks.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| chunk.get(index).copied().map_or(0, u32::from);
        let bits = (at(0) << 16) | (at(1) << 8) | at(2);
        for place in 0..4_usize {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(digit as usize).copied().map_or('=', char::from);
            text.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    text
}

/// Base64 in lines of 76, each ended by LF.
pub fn base64_lines(bytes: &[u8]) -> String {
    let text = base64(bytes);
    let mut lines = String::new();
    for (index, letter) in text.chars().enumerate() {
        if index > 0 && index % LINE_BYTES_MAX == 0 {
            lines.push('\n');
        }
        lines.push(letter);
    }
    lines.push('\n');
    lines
}

/// Quoted-printable; LF stays a line end (RFC 2045 §6.7).
pub fn quoted_printable(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut column = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' {
            out.push('\n');
            column = 0;
            continue;
        }
        let ends_line = matches!(bytes.get(index + 1), None | Some(b'\n'));
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && !ends_line);
        let piece = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
        if column + piece.len() >= LINE_BYTES_MAX {
            out.push_str("=\n");
            column = 0;
        }
        column += piece.len();
        out.push_str(&piece);
    }
    out
}

/// ISO 8859-1, when every character is in it.
pub fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

/// A header's text: as it is in ASCII, else encoded words in the charset that a mail program would pick.
pub fn header_text(text: &str, latin: bool) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words: Vec<String> = vec![String::new()];
    for letter in text.chars() {
        if let Some(last) = words.last_mut() {
            if last.len() + letter.len_utf8() > WORD_BYTES_MAX {
                words.push(letter.to_string());
            } else {
                last.push(letter);
            }
        }
    }
    let encoded = words.iter().map(|word| match latin1(word).filter(|_| latin) {
        Some(bytes) => format!("=?iso-8859-1?Q?{}?=", q(&bytes)),
        None => format!("=?utf-8?B?{}?=", base64(word.as_bytes())),
    });
    encoded.collect::<Vec<_>>().join("\n ")
}

/// The Q encoding of RFC 2047 §4.2, strict enough for a display name.
fn q(bytes: &[u8]) -> String {
    let letter = |&byte: &u8| match byte {
        b' ' => "_".to_owned(),
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        _ => format!("={byte:02X}"),
    };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), expected);
        }
        assert!(base64_lines(&[7; 200]).lines().all(|line| line.len() <= LINE_BYTES_MAX));
    }

    #[test]
    fn quoted_printable_keeps_lines_short_and_ends_visible() {
        assert_eq!(quoted_printable("été = \n".as_bytes()), "=C3=A9t=C3=A9 =3D=20\n");
        let long = quoted_printable("é".repeat(200).as_bytes());
        assert!(long.lines().all(|line| line.len() <= LINE_BYTES_MAX), "{long}");
    }

    #[test]
    fn headers_are_encoded_only_when_they_must_be() {
        assert_eq!(header_text("Soup, Thursday?", true), "Soup, Thursday?");
        assert_eq!(header_text("Théo", true), "=?iso-8859-1?Q?Th=E9o?=");
        assert_eq!(header_text("Théo", false), "=?utf-8?B?VGjDqW8=?=");
        assert!(header_text(&"é€".repeat(60), true).lines().all(|line| line.len() <= 76));
    }
}
