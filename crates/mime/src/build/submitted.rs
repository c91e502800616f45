//! A message that a person's own program wrote, made fit to leave (RFC 6409 §8).
//!
//! Whom it says to be from is read, and written anew from what was read: no reader finds another author there than the
//! one that is checked. What says too much is left out, what is missing is put in. Every other field, and the whole
//! body, stays bit for bit as it came.

use super::fields::Fields;
use crate::{
    address,
    defects::Defects,
    headers::Field,
    limits::{HEADER_BYTES_MAX, HEADER_FIELDS_MAX},
};
use caliopen_model::{Handle, Participant, Rfc5322MessageId, Timestamp};

/// Fields that do not leave: hidden recipients, the way to this server, and what the person writes with.
const LEFT_OUT: [&str; 10] = [
    "Bcc",
    "Resent-Bcc",
    "Return-Path",
    "Received",
    "User-Agent",
    "X-Mailer",
    "X-MimeOLE",
    "X-Originating-IP",
    "X-Originating-Client",
    "X-Sender-IP",
];
/// Fields that say who is behind a message beside its author (RFC 5322 §3.6.2, §3.6.6).
const SENDERS: [&str; 3] = ["Sender", "Resent-From", "Resent-Sender"];

/// Why a program's message cannot leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubmittedError {
    /// Its author is not exactly one address that can be written.
    #[error("the From field does not name one address")]
    From,
    /// A field of `SENDERS` names nobody whom a header may hold.
    #[error("the Sender or a Resent field names no address")]
    Sender,
    /// What begins it is no header section, or a larger one than `limits` allow.
    #[error("the message begins with a line that is no header field")]
    Header,
}

/// A message that can leave, and who is to answer for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// The message, not signed yet.
    pub raw: Vec<u8>,
    /// Its only author.
    pub from: Participant,
    /// Everybody whom its Sender and Resent fields name: they must be the same person.
    pub senders: Vec<Handle>,
}

/// Makes a message fit to leave. It gets this date when it has none, and an id with this before its `@`.
///
/// # Errors
///
/// When it is not clear who it is from, or what begins it is no header.
pub fn complete(raw: &[u8], id_left: &str, sent_at: Timestamp) -> Result<Submitted, SubmittedError> {
    let (header, body) = split(raw);
    let mut authors = Vec::new();
    let mut senders = Vec::new();
    let mut written = Vec::with_capacity(raw.len() + 200);
    let (mut has_id, mut has_date) = (false, false);
    for (field, lines) in fields(header)? {
        let is = |name: &&str| field.name.eq_ignore_ascii_case(name);
        if LEFT_OUT.iter().any(is) {
            continue;
        }
        if is(&"From") {
            let named = people(&field);
            written.extend_from_slice(&anew("From", &named).ok_or(SubmittedError::From)?);
            authors.extend(named);
        } else if let Some(name) = SENDERS.iter().find(|name| is(name)) {
            let named = people(&field);
            written.extend_from_slice(&anew(name, &named).ok_or(SubmittedError::Sender)?);
            senders.extend(named.into_iter().map(|person| person.handle));
        } else {
            has_id |= is(&"Message-ID");
            has_date |= is(&"Date");
            written.extend_from_slice(lines);
        }
    }
    let Ok([from]) = <[Participant; 1]>::try_from(authors) else { return Err(SubmittedError::From) };
    let mut missing = Fields::default();
    if !has_date {
        missing.date("Date", sent_at);
    }
    if !has_id {
        let id = format!("{id_left}@{}", from.handle.domain().unwrap_or_default());
        missing.own_id(&Rfc5322MessageId(id)).map_err(|_| SubmittedError::From)?;
    }
    written.extend_from_slice(&missing.into_bytes());
    written.extend_from_slice(b"\r\n");
    written.extend_from_slice(body);
    Ok(Submitted { raw: written, from, senders })
}

/// The header section with its last CRLF, and what stands behind the empty line.
fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    if let Some(body) = raw.strip_prefix(b"\r\n") {
        return (&[], body);
    }
    match raw.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
        Some(at) => (raw.get(..at + 2).unwrap_or_default(), raw.get(at + 4..).unwrap_or_default()),
        None => (raw, &[]),
    }
}

/// Every field, and its lines as they stand. Nothing is passed over: what one reader takes for a field and another for
/// text could hide an author.
fn fields(header: &[u8]) -> Result<Vec<(Field<'_>, &[u8])>, SubmittedError> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        if !is_whole(line) {
            return Err(SubmittedError::Header);
        }
        if !matches!(line, [b' ' | b'\t', ..]) {
            starts.push(at);
        } else if starts.is_empty() {
            return Err(SubmittedError::Header);
        }
        at += line.len();
    }
    if starts.len() > HEADER_FIELDS_MAX || header.len() > HEADER_BYTES_MAX {
        return Err(SubmittedError::Header);
    }
    let ends = starts.iter().skip(1).copied().chain([header.len()]);
    let spans = starts.iter().copied().zip(ends);
    spans
        .map(|(start, end)| {
            let lines = header.get(start..end).unwrap_or_default();
            Ok((Field::read(lines).ok_or(SubmittedError::Header)?, lines))
        })
        .collect()
}

/// Whether a line ends with CRLF, and holds nothing else that a reader may take for a line's end.
fn is_whole(line: &[u8]) -> bool {
    line.strip_suffix(b"\r\n").is_some_and(|text| !text.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)))
}

fn people(field: &Field<'_>) -> Vec<Participant> {
    address::list(&field.unfolded(), &mut Defects::default())
}

/// The field as this room writes it; none when it names nobody, or somebody whom no header may hold.
fn anew(name: &str, people: &[Participant]) -> Option<Vec<u8>> {
    let mut fields = Fields::default();
    fields.people(name, people).ok()?;
    Some(fields.into_bytes()).filter(|field| !field.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_unix_ms(1_795_341_600_000);
    const BODY: &[u8] = b"Content\r\n.\r\n\tand  more \r\n\xff\x00";

    fn completed(header: &str) -> Result<(String, Submitted), SubmittedError> {
        let raw = [header.replace('\n', "\r\n").as_bytes(), b"\r\n", BODY].concat();
        let done = complete(&raw, "new", AT)?;
        let head = done.raw.strip_suffix(BODY).expect("the body stays as it came");
        Ok((String::from_utf8(head.to_vec()).unwrap().replace("\r\n", "\n"), done))
    }

    fn check(header: &str, expected: &str) {
        let (head, done) = completed(header).expect("it can leave");
        assert_eq!(head, format!("{expected}\n"));
        assert_eq!(done.from.handle.address(), "ana@here.test");
    }

    #[test]
    fn what_is_missing_is_put_in_and_the_rest_stays() {
        check(
            "From: ana@here.test\nSubject:  two\n  lines \nX-Own: 1\n",
            "From: <ana@here.test>\nSubject:  two\n  lines \nX-Own: 1\n\
             Date: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <new@here.test>\n",
        );
        let whole = "Date: Mon, 23 Nov 2026 09:00:00 +0100\nMessage-Id: <1@x>\n";
        check(
            &format!("{whole}From: Ana <ana@here.test>\n"),
            &format!("{whole}From: \"Ana\" <ana@here.test>\n"),
        );
    }

    #[test]
    fn what_says_too_much_does_not_leave() {
        check(
            "Received: from [192.0.2.7]\n\tby x\nBCC : eve@x\nFrom: ana@here.test\nUser-Agent: Mutt\nx-mailer: A\n\
             X-Originating-IP: [192.0.2.7]\nDate: x\nMessage-ID: <1@x>\nReturn-Path: <a@b>\nResent-Bcc: eve@x\n",
            "From: <ana@here.test>\nDate: x\nMessage-ID: <1@x>\n",
        );
    }

    #[test]
    fn an_author_is_written_as_it_was_read() {
        for from in [
            "\"boss@bank.test\" <ana@here.test>",
            "boss@bank.test <ana@here.test>",
            "(boss@bank.test) ana@here.test",
            "=?utf-8?q?boss=40bank=2Etest?= <ana@here.test>",
            "Team: ana@here.test;",
        ] {
            let (head, done) = completed(&format!("From: {from}\nDate: x\nMessage-ID: <1@x>\n")).expect(from);
            assert_eq!(done.from.handle.address(), "ana@here.test", "{from}");
            let (message, _) = crate::parse(&done.raw);
            assert_eq!(message.from, [done.from], "{head}");
        }
    }

    #[test]
    fn a_message_has_one_author() {
        for wrong in [
            "",
            "Subject: x\n",
            "From: ana@here.test, bob@here.test\n",
            "From: ana@here.test\nFrom: bob@here.test\n",
            "From: nobody\n",
            "From:\n",
            "From: undisclosed:;\n",
        ] {
            assert_eq!(completed(wrong).err(), Some(SubmittedError::From), "{wrong}");
        }
    }

    #[test]
    fn whoever_sends_for_the_author_is_named() {
        let (head, done) =
            completed("From: ana@here.test\nsender: Bob <bob@here.test>\nResent-From: a@b, c@d\n").unwrap();
        let senders: Vec<&str> = done.senders.iter().map(Handle::address).collect();
        assert_eq!(senders, ["bob@here.test", "a@b", "c@d"], "{head}");
        assert_eq!(completed("From: ana@here.test\nSender: x\n").err(), Some(SubmittedError::Sender));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for wrong in
            ["hello\n", " folded: x\n", "From x Mon\nFrom: ana@here.test\n", "A: 1\nno field\n", "A\0: 1\n"]
        {
            assert_eq!(completed(wrong).err(), Some(SubmittedError::Header), "{wrong}");
        }
        let cut = complete(b"From: a@b\r\nA: 1", "x", AT);
        assert_eq!(cut, Err(SubmittedError::Header));
    }
}
