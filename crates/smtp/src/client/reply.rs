//! A server's replies (RFC 5321 §4.2), read strictly and within limits. Their text is a stranger's: it is cut
//! and cleaned before anybody sees it.

use super::limits::Limits;
use super::verdict::Fault;
use crate::reply::EnhancedStatus;
use bytes::{Buf, BytesMut};
use memchr::memchr2;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerReply {
    code: u16,
    status: Option<EnhancedStatus>,
    text: String,
}

impl ServerReply {
    /// The three-digit code, 200 to 599.
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// The enhanced status (RFC 2034), when it has one that agrees with its code.
    pub const fn status(&self) -> Option<EnhancedStatus> {
        self.status
    }

    /// The text of all lines, without codes: bounded, without control characters.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn status_or_class(&self) -> EnhancedStatus {
        let class = u8::try_from(self.code / 100).unwrap_or(5);
        self.status.unwrap_or(EnhancedStatus { class, subject: 0, detail: 0 })
    }

    /// RFC 5321 §4.5.3.1.10: 552 to RCPT was once the code for too many recipients, which is a matter of time.
    pub(super) fn says_too_many_recipients(&self) -> bool {
        let told = |status: EnhancedStatus| (status.subject, status.detail) == (5, 3);
        self.code == 552 && self.status.is_none_or(told)
    }
}

/// A whole reply, with its lines apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) code: u16,
    /// The texts after the codes, cleaned.
    pub(super) texts: Vec<String>,
}

impl Lines {
    /// The first digit.
    pub(super) const fn class(&self) -> u16 {
        self.code / 100
    }

    /// One text to show, and the status that it begins with.
    pub(super) fn into_reply(self, limits: &Limits) -> ServerReply {
        let mut status = None;
        let mut text = String::new();
        for line in &self.texts {
            let (found, rest) = split_status(line, self.code);
            status = status.or(found);
            if !text.is_empty() && !rest.is_empty() {
                text.push(' ');
            }
            text.push_str(rest);
        }
        text.truncate(text.floor_char_boundary(limits.text_bytes_max));
        ServerReply { code: self.code, status, text }
    }
}

/// Takes the enhanced status off the beginning. One that contradicts its code is text (RFC 2034 §4).
fn split_status(line: &str, code: u16) -> (Option<EnhancedStatus>, &str) {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    match EnhancedStatus::parse(first) {
        Some(status) if u16::from(status.class) == code / 100 => (Some(status), rest.trim_start()),
        _ => (None, line),
    }
}

/// Puts lines together to replies.
#[derive(Debug, Default)]
pub(super) struct ReplyReader {
    code: Option<u16>,
    texts: Vec<String>,
    bytes: usize,
    /// How much of the input was searched for a line's end already.
    searched: usize,
}

impl ReplyReader {
    /// The next reply, or `None` when more bytes are needed. After a fault there is nothing more to read.
    pub(super) fn next(&mut self, input: &mut BytesMut, limits: &Limits) -> Result<Option<Lines>, Fault> {
        while let Some(length) = self.find_line(input, limits)? {
            let line = input.get(..length).unwrap_or_default();
            let (code, is_last, text) = split_line(line).ok_or(Fault::ReplyMalformed)?;
            // RFC 5321 §4.2.1: every line of a reply has the same code.
            if *self.code.get_or_insert(code) != code {
                return Err(Fault::ReplyMalformed);
            }
            self.texts.push(clean(text));
            self.bytes += length + 2;
            input.advance(length + 2);
            self.searched = 0;
            if self.bytes > limits.reply_bytes_max || self.texts.len() > limits.reply_lines_max {
                return Err(Fault::ReplyTooLarge);
            }
            if is_last {
                let texts = std::mem::take(&mut self.texts);
                *self = Self::default();
                return Ok(Some(Lines { code, texts }));
            }
        }
        Ok(None)
    }

    /// Forgets a reply that has begun.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether a reply has begun and not ended.
    pub(super) const fn is_within_reply(&self) -> bool {
        self.code.is_some()
    }

    /// The length of the line at the beginning of the input, without its CRLF.
    fn find_line(&mut self, input: &BytesMut, limits: &Limits) -> Result<Option<usize>, Fault> {
        let bytes_max = limits.reply_line_bytes_max;
        let window = input.get(..input.len().min(bytes_max)).unwrap_or_default();
        let found = memchr2(b'\r', b'\n', window.get(self.searched..).unwrap_or_default());
        let Some(at) = found.map(|offset| self.searched + offset) else {
            self.searched = window.len();
            return if window.len() == bytes_max { Err(Fault::ReplyTooLarge) } else { Ok(None) };
        };
        match window.get(at..) {
            Some([b'\r', b'\n', ..]) => Ok(Some(at)),
            Some([b'\r']) if window.len() == bytes_max => Err(Fault::ReplyTooLarge),
            Some([b'\r']) => Ok(None),
            _ => Err(Fault::ReplyMalformed),
        }
    }
}

/// Code, whether it is the last line, and text.
fn split_line(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok()?;
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let code: u16 = code.parse().ok().filter(|code| (200..600).contains(code))?;
    match rest {
        [] => Some((code, true, &[])),
        [b' ', text @ ..] => Some((code, true, text)),
        [b'-', text @ ..] => Some((code, false, text)),
        _ => None,
    }
}

/// Text that can be shown: what is not UTF-8, what controls a terminal and what turns the direction of
/// writing is replaced.
fn clean(text: &[u8]) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    String::from_utf8_lossy(text)
        .trim()
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .map(|c| if c.is_control() || turns(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<ServerReply>, Fault> {
        let limits =
            Limits { text_bytes_max: 20, reply_lines_max: 3, reply_bytes_max: 60, ..Limits::default() };
        let limits = Limits { reply_line_bytes_max: 40, ..limits };
        let mut input = BytesMut::from(bytes);
        let found = ReplyReader::default().next(&mut input, &limits)?;
        Ok(found.map(|lines| lines.into_reply(&limits)))
    }

    fn check(bytes: &str, expected: &str) {
        let found = match read(bytes.as_bytes()) {
            Ok(None) => "more".to_owned(),
            Ok(Some(reply)) => {
                let status = reply.status().map_or_else(|| "-".to_owned(), |status| status.to_string());
                format!("{} {status} {}", reply.code(), reply.text())
            }
            Err(fault) => format!("{fault:?}"),
        };
        assert_eq!(found, expected, "{bytes:?}");
    }

    #[test]
    fn replies_are_read_with_their_status() {
        check("250 2.1.5 Fine\r\n", "250 2.1.5 Fine");
        check("250\r\n", "250 - ");
        check("250 \r\n", "250 - ");
        check("550-5.1.1 No\r\n550 5.1.1 user\r\n", "550 5.1.1 No user");
        check("550 4.1.1 odd\r\n", "550 - 4.1.1 odd");
        check("550 5.1.1\r\n", "550 5.1.1 ");
        check("250-a\r\n250", "more");
        check("250 ok\r", "more");
    }

    #[test]
    fn texts_are_cut_and_cleaned() {
        check("250 a\u{7}b\u{202e}c\td\r\n", "250 - a\u{fffd}b\u{fffd}c d");
        check("250 ééééééééééééé\r\n", "250 - éééééééééé");
        assert_eq!(read(b"250 a\xffb\r\n").unwrap().unwrap().text(), "a\u{fffd}b");
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        check("25 ok\r\n", "ReplyMalformed");
        check("250ok\r\n", "ReplyMalformed");
        check("150 ok\r\n", "ReplyMalformed");
        check("600 ok\r\n", "ReplyMalformed");
        check("+50 ok\r\n", "ReplyMalformed");
        check("250 ok\n", "ReplyMalformed");
        check("250 o\rk\r\n", "ReplyMalformed");
        check("250-a\r\n550 b\r\n", "ReplyMalformed");
        check("\r\n", "ReplyMalformed");
    }

    #[test]
    fn replies_have_limits() {
        check(&"x".repeat(40), "ReplyTooLarge");
        check(&format!("250 {}\r\n", "x".repeat(34)), &format!("250 - {}", "x".repeat(20)));
        check(&format!("250 {}\r\n", "x".repeat(35)), "ReplyTooLarge");
        check("250-\r\n250-\r\n250 \r\n", "250 - ");
        check("250-\r\n250-\r\n250-\r\n250 \r\n", "ReplyTooLarge");
        check(&format!("250-{0}\r\n250 {0}\r\n", "x".repeat(30)), "ReplyTooLarge");
    }
}
