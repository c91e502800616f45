//! MIME entities under construction (RFC 2045, 2046): headers, and bytes or further parts.

use super::encode;

/// Width that mail programs wrap plain text at.
const WRAP_CHARS: usize = 72;

/// One entity. Line ends are LF in here; the whole message gets CRLF at the end, once.
#[derive(Debug, Clone)]
pub struct Part {
    /// `Name: value`, folded where needed.
    pub headers: Vec<String>,
    /// What follows the empty line.
    pub body: Vec<u8>,
}

/// How a text is written into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// UTF-8, 8bit (RFC 6152).
    Utf8,
    /// UTF-8, quoted-printable.
    Utf8Quoted,
    /// UTF-8, base64.
    Utf8Base64,
    /// ISO 8859-1, quoted-printable.
    Latin1Quoted,
    /// ISO 8859-1, 8bit.
    Latin1,
    /// UTF-8 with soft line breaks (RFC 3676).
    Flowed,
}

impl Coding {
    /// The word of the scripts.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "utf8-8bit" => Self::Utf8,
            "utf8-qp" => Self::Utf8Quoted,
            "utf8-base64" => Self::Utf8Base64,
            "latin1-qp" => Self::Latin1Quoted,
            "latin1-8bit" => Self::Latin1,
            "flowed" => Self::Flowed,
            _ => return None,
        })
    }

    /// The program of that person writes Latin-1.
    pub fn is_latin1(self) -> bool {
        matches!(self, Self::Latin1 | Self::Latin1Quoted)
    }
}

impl Part {
    /// A part from its headers and bytes.
    pub fn new(headers: &[&str], body: Vec<u8>) -> Self {
        Self { headers: headers.iter().map(|&header| header.to_owned()).collect(), body }
    }

    /// A text of some subtype. Text that its charset cannot hold is written in UTF-8.
    pub fn text(subtype: &str, text: &str, coding: Coding) -> Self {
        let latin = encode::latin1(text).filter(|_| coding.is_latin1());
        let charset = if latin.is_some() { "iso-8859-1" } else { "utf-8" };
        let bytes = latin.unwrap_or_else(|| text.as_bytes().to_vec());
        let flowed = if coding == Coding::Flowed { "; format=flowed" } else { "" };
        let kind = format!("Content-Type: text/{subtype}; charset={charset}{flowed}");
        let (transfer, body) = match coding {
            Coding::Utf8Base64 => ("base64", encode::base64_lines(&bytes).into_bytes()),
            Coding::Utf8Quoted | Coding::Latin1Quoted => {
                ("quoted-printable", encode::quoted_printable(&bytes).into_bytes())
            }
            Coding::Utf8 | Coding::Latin1 | Coding::Flowed if bytes.is_ascii() => ("7bit", bytes),
            Coding::Utf8 | Coding::Latin1 | Coding::Flowed => ("8bit", bytes),
        };
        Self::new(&[&kind, &format!("Content-Transfer-Encoding: {transfer}")], body)
    }

    /// A file. The name goes by RFC 2231 when it is not ASCII.
    pub fn file(kind: &str, name: &str, bytes: &[u8], disposition: &str) -> Self {
        let shown = if name.is_ascii() {
            format!("filename=\"{name}\"")
        } else {
            let encoded: String = name.bytes().map(percent).collect();
            format!("filename*=utf-8''{encoded}")
        };
        Self::new(
            &[
                &format!("Content-Type: {kind}"),
                "Content-Transfer-Encoding: base64",
                &format!("Content-Disposition: {disposition};\n {shown}"),
            ],
            encode::base64_lines(bytes).into_bytes(),
        )
    }

    /// Several parts in one. `kind` is the subtype with its parameters; the seed makes the boundary its own.
    pub fn multipart(kind: &str, seed: &str, parts: &[Self]) -> Self {
        let boundary = format!("=_{:016x}", hash(&[kind, seed]));
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(format!("--{boundary}\n").as_bytes());
            body.extend_from_slice(&part.bytes());
            if !body.ends_with(b"\n") {
                body.push(b'\n');
            }
        }
        body.extend_from_slice(format!("--{boundary}--\n").as_bytes());
        Self::new(&[&format!("Content-Type: multipart/{kind};\n boundary=\"{boundary}\"")], body)
    }

    /// Headers, an empty line, the body; LF.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.headers.join("\n").into_bytes();
        bytes.extend_from_slice(b"\n\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// A number that looks like chance and is not: FNV-1a over the words.
pub fn hash(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Every LF that is not after a CR becomes CRLF (RFC 5322 §2.1).
pub fn crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    for &byte in bytes {
        if byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

/// A script's paragraphs, one on a line, as a program would break them. Soft breaks end in a space (RFC 3676 §4.2).
pub fn wrap(text: &str, flowed: bool) -> String {
    text.lines().map(|line| wrap_line(line, flowed)).collect::<Vec<_>>().join("\n") + "\n"
}

fn wrap_line(line: &str, flowed: bool) -> String {
    if line.starts_with("    ") || line.chars().count() <= WRAP_CHARS {
        return line.to_owned();
    }
    let (mark, words) = line.strip_prefix("> ").map_or(("", line), |rest| ("> ", rest));
    let mut lines = vec![mark.to_owned()];
    for word in words.split(' ') {
        let Some(last) = lines.last_mut() else { continue };
        if last.chars().count() > mark.len() && last.chars().count() + word.chars().count() >= WRAP_CHARS {
            if flowed {
                last.push(' ');
            }
            lines.push(format!("{mark}{word}"));
        } else {
            if last.chars().count() > mark.len() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join("\n")
}

/// A script's paragraphs as HTML that a mail program would write.
pub fn html(text: &str) -> String {
    let escape = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraph = |line: &str| match line.strip_prefix("> ") {
        Some(quoted) => format!("<blockquote type=\"cite\">{}</blockquote>", escape(quoted)),
        None => format!("<p>{}</p>", escape(line)),
    };
    text.lines().filter(|line| !line.is_empty()).map(paragraph).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_the_standard_says() {
        assert_eq!(crlf(b"a\nb\r\nc"), b"a\r\nb\r\nc");
    }

    #[test]
    fn long_paragraphs_are_broken_where_words_end() {
        let line = "parola ".repeat(40);
        let plain = wrap(line.trim_end(), false);
        assert!(plain.lines().all(|line| line.chars().count() <= WRAP_CHARS && !line.ends_with(' ')));
        let flowed = wrap(line.trim_end(), true);
        let soft = flowed.lines().filter(|line| line.ends_with(' ')).count();
        assert_eq!(soft + 1, flowed.lines().count());
        let quoted = wrap(&format!("> {}", line.trim_end()), false);
        assert!(quoted.lines().all(|line| line.starts_with("> ")));
    }

    #[test]
    fn parts_carry_what_they_say() {
        let part = Part::text("plain", "œuf\n", Coding::Latin1Quoted);
        assert!(part.headers.iter().any(|header| header.contains("utf-8")), "no œ in Latin-1: {part:?}");
        let name = Part::file("image/png", "été.png", b"x", "attachment");
        assert!(name.headers.iter().any(|header| header.contains("filename*=utf-8''%C3%A9t%C3%A9.png")));
        let both = Part::multipart("mixed", "seed", &[part, name]);
        let text = String::from_utf8(both.bytes()).unwrap();
        assert_eq!(text.matches("\n--=_").count(), 3 - usize::from(text.starts_with("--")), "{text}");
    }
}
