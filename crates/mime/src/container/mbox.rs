//! mbox: messages one after the other, each behind a postmark (RFC 4155 and its dialects).
//!
//! A postmark begins a message where a line is empty before it, or at the start, and only when it holds a date: prose
//! that begins with "From" is not cut. `>From` loses one `>` (mboxrd, mboxo). `Content-Length` is believed where a
//! postmark or the end stands right behind it, until it is wrong once: then it is ignored for the rest of the file.

use super::Found;
use super::leaf::give;
use super::postmark::{self, POSTMARK_BYTES_MAX};
use crate::limits::MESSAGE_BYTES_MAX;
use caliopen_model::{KeptMessage, Marks, Spot, Timestamp, UnpackReason};
use memchr::memchr_iter;

/// An mbox that is being read.
pub(super) struct Mbox {
    path: String,
    folder: Option<String>,
    /// The message behind the last postmark, and the line that is not whole yet.
    buffer: Vec<u8>,
    /// Where that line begins.
    line_at: usize,
    /// Bytes of the file before the buffer.
    offset: u64,
    /// The postmark of the message; none before the first.
    mark: Option<Mark>,
    /// The line before was empty.
    after_blank: bool,
    /// The message grew too large: what follows of it is not kept.
    is_passing: bool,
    /// What stands before the first postmark was reported.
    is_strange: bool,
    number: u64,
    length: Length,
}

/// A line that begins a message.
#[derive(Clone, Copy)]
struct Mark {
    /// Of the file.
    offset: u64,
    at: Option<Timestamp>,
}

/// What `Content-Length` says of the message.
#[derive(Default)]
struct Length {
    /// It was wrong once.
    is_ignored: bool,
    /// Where the message should end in the buffer; none while it is not known.
    end: Option<usize>,
    /// The header is over.
    is_settled: bool,
    /// The first postmark inside: where the message ends when the length is wrong.
    doubt: Option<usize>,
}

impl Mbox {
    pub(super) fn new(path: String, folder: Option<String>, begun: u64, number: u64) -> Self {
        Self {
            path,
            folder,
            buffer: Vec::new(),
            line_at: 0,
            offset: begun,
            mark: None,
            after_blank: true,
            is_passing: false,
            is_strange: false,
            number,
            length: Length::default(),
        }
    }

    /// Reading again from the message that is not over yet misses nothing.
    pub(super) const fn resume_at(&self) -> u64 {
        match self.mark {
            Some(mark) => mark.offset,
            None => self.offset,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) {
        let mut begun = 0;
        for end in memchr_iter(b'\n', bytes) {
            self.buffer.extend_from_slice(bytes.get(begun..=end).unwrap_or_default());
            begun = end + 1;
            self.line(found);
        }
        self.buffer.extend_from_slice(bytes.get(begun..).unwrap_or_default());
        if self.is_passing && self.buffer.len() - self.line_at > POSTMARK_BYTES_MAX {
            // A line without an end, of a message that is not kept: its beginning tells what it is.
            let kept = self.line_at + POSTMARK_BYTES_MAX;
            self.offset += (self.buffer.len() - kept) as u64;
            self.buffer.truncate(kept);
        }
        self.bound(found);
    }

    /// Looks at the line that the buffer ends with.
    fn line(&mut self, found: &mut Found) {
        let start = std::mem::replace(&mut self.line_at, self.buffer.len());
        let line = without_end(self.buffer.get(start..).unwrap_or_default());
        let (is_blank, length) = (line.is_empty(), line.len());
        let is_first = self.mark.is_none() && start == 0 && !self.is_strange;
        let date = if self.after_blank && length <= POSTMARK_BYTES_MAX { postmark::read(line) } else { None };
        let is_postmark = date.is_some() || (is_first && line.starts_with(b"From "));
        self.after_blank = is_blank;
        if is_postmark {
            return self.postmark(start, date, found);
        }
        if self.mark.is_none() || self.is_passing {
            return self.pass_line(is_blank, found);
        }
        if is_blank && !self.length.is_settled {
            self.settle_length();
        }
        if self.length.doubt.is_some() && self.length.end.is_some_and(|end| start > end + 2) {
            self.distrust(found);
        }
    }

    /// A line that belongs to nothing that is kept.
    fn pass_line(&mut self, is_blank: bool, found: &mut Found) {
        if self.mark.is_none() && !is_blank && !std::mem::replace(&mut self.is_strange, true) {
            let spot = Spot { path: self.path.clone(), number: 0, offset: self.offset };
            found.fault(spot, UnpackReason::NotRecognised);
        }
        self.drop_before(self.line_at);
    }

    fn postmark(&mut self, start: usize, at: Option<Timestamp>, found: &mut Found) {
        let is_inside = self.length.end.is_some_and(|end| start < end);
        if self.mark.is_some() && !self.is_passing && is_inside {
            self.length.doubt.get_or_insert(start);
            return;
        }
        if self.length.doubt.is_some() && !self.ends_by_length(start) {
            return self.distrust(found);
        }
        let line_end = self.line_at;
        self.finish(start, found);
        let mark = Mark { offset: self.offset + start as u64, at };
        self.drop_before(line_end);
        self.mark = Some(mark);
        self.is_passing = false;
        self.after_blank = false;
        self.length = Length { is_ignored: self.length.is_ignored, ..Length::default() };
    }

    /// Gives out the message that ends here in the buffer.
    fn finish(&mut self, end: usize, found: &mut Found) {
        let Some(mark) = self.mark else { return };
        let spot = Spot { path: self.path.clone(), number: self.number, offset: mark.offset };
        self.number += 1;
        if self.is_passing || end > MESSAGE_BYTES_MAX {
            return found.fault(spot, UnpackReason::TooLarge);
        }
        let raw = unquoted(without_separator(self.buffer.get(..end).unwrap_or_default()));
        let folder = self.folder.clone();
        give(KeptMessage { raw, spot, folder, at: mark.at, marks: Marks::default() }, found);
    }

    fn drop_before(&mut self, end: usize) {
        let end = end.min(self.buffer.len());
        self.buffer.drain(..end);
        self.offset += end as u64;
        self.line_at = self.line_at.saturating_sub(end);
    }

    /// Stops keeping a message that is too large.
    fn bound(&mut self, found: &mut Found) {
        if self.buffer.len() <= MESSAGE_BYTES_MAX || self.is_passing {
            return;
        }
        if self.length.doubt.is_some() {
            return self.distrust(found);
        }
        self.is_passing = true;
        self.drop_before(self.line_at);
    }

    fn settle_length(&mut self) {
        self.length.is_settled = true;
        let said = content_length(&self.buffer).filter(|_| !self.length.is_ignored);
        let end = said.and_then(|length| self.line_at.checked_add(length));
        self.length.end = end.filter(|end| *end <= MESSAGE_BYTES_MAX);
    }

    /// Whether the message ends where its length says, but for the line end that stands between messages.
    fn ends_by_length(&self, end: usize) -> bool {
        self.length.end.is_some_and(|said| end >= said && end <= said + 2)
    }

    /// The length was wrong: the message ends at the first postmark inside it, and the rest is read anew.
    fn distrust(&mut self, found: &mut Found) {
        let Some(doubt) = self.length.doubt else { return };
        self.length = Length { is_ignored: true, ..Length::default() };
        let rest = self.buffer.split_off(doubt.min(self.buffer.len()));
        self.finish(doubt, found);
        self.offset += doubt as u64;
        self.buffer = Vec::new();
        self.line_at = 0;
        self.mark = None;
        self.after_blank = true;
        // Before its first postmark nothing is strange any more: the rest begins with one.
        self.feed(&rest, found);
    }

    /// The file is over.
    pub(super) fn end(mut self, found: &mut Found) {
        if self.line_at < self.buffer.len() {
            self.line(found);
        }
        if self.length.doubt.is_some() && !self.ends_by_length(self.buffer.len()) {
            self.distrust(found);
            return self.end(found);
        }
        self.finish(self.buffer.len(), found);
    }

    /// The archive that the file is in ended: the last message is not whole.
    pub(super) fn cut_off(self, found: &mut Found) {
        let offset = self.resume_at();
        found.fault(Spot { path: self.path, number: self.number, offset }, UnpackReason::Truncated);
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Without the empty line that stands between messages.
fn without_separator(raw: &[u8]) -> &[u8] {
    match raw.strip_suffix(b"\n") {
        Some(rest) if rest.ends_with(b"\n") || rest.is_empty() => rest,
        Some(rest) => match rest.strip_suffix(b"\r") {
            Some(rest) if rest.ends_with(b"\n") || rest.is_empty() => rest,
            _ => raw,
        },
        None => raw,
    }
}

/// `>From ` → `From `, `>>From ` → `>From `, at the start of lines.
fn unquoted(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut line_start = 0;
    for end in memchr_iter(b'\n', raw).map(|end| end + 1).chain(std::iter::once(raw.len())) {
        let line = raw.get(line_start..end).unwrap_or_default();
        out.extend_from_slice(if is_quoted(line) { line.get(1..).unwrap_or_default() } else { line });
        line_start = end;
    }
    out
}

fn is_quoted(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "))
}

fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"Content-Length:";
    head.split(|byte| *byte == b'\n').find_map(|line| {
        let name = line.get(..NAME.len())?;
        let value = std::str::from_utf8(line.get(NAME.len()..)?).ok()?;
        name.eq_ignore_ascii_case(NAME).then(|| value.trim().parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::Unpacked;

    const MARK: &str = "From ana@example.org Thu Jan  1 00:00:10 1970\n";

    /// What is in an mbox: messages as text, faults by their reason and offset.
    fn read(text: &str) -> Vec<String> {
        let mut found = Found::default();
        let mut mbox = Mbox::new(String::new(), None, 0, 1);
        mbox.feed(text.as_bytes(), &mut found);
        mbox.end(&mut found);
        let shown = |one| match one {
            Unpacked::Message(message) => String::from_utf8(message.raw).expect("text"),
            Unpacked::Fault { spot, reason } => format!("{reason:?} {} {}", spot.number, spot.offset),
            Unpacked::Note { .. } => "note".to_owned(),
        };
        found.waiting.into_iter().map(shown).collect()
    }

    #[test]
    fn messages_stand_between_postmarks() {
        let text = format!("{MARK}A: 1\n\nfirst\n\n{MARK}A: 2\n\nFrom here on.\n>From me\n>>From you\n\n");
        assert_eq!(read(&text), ["A: 1\n\nfirst\n", "A: 2\n\nFrom here on.\nFrom me\n>From you\n"]);
    }

    #[test]
    fn line_ends_stay_as_they_are() {
        let text = format!("{MARK}A: 1\r\n\r\nfirst\r\n\r\n{MARK}A: 2\r\n\r\nsecond");
        assert_eq!(read(&text), ["A: 1\r\n\r\nfirst\r\n", "A: 2\r\n\r\nsecond"]);
    }

    #[test]
    fn a_postmark_without_an_empty_line_before_it_is_text() {
        let text = format!("{MARK}A: 1\n\nfirst\n{MARK}still\n\n");
        assert_eq!(read(&text), [format!("A: 1\n\nfirst\n{MARK}still\n")]);
    }

    #[test]
    fn what_is_no_message_is_named_and_the_others_are_read() {
        let text = format!("garbage\n\n{MARK}no header here\n\n{MARK}A: 2\n\nsecond\n\n{MARK}\n");
        let expected = [
            "NotRecognised 0 0",
            "NoHeader 1 9",
            "A: 2\n\nsecond\n",
            &format!("Empty 3 {}", text.rfind("From").unwrap()),
        ];
        assert_eq!(read(&text), expected);
    }

    #[test]
    fn a_length_is_believed_only_where_it_is_right() {
        let inside = format!("one\n\n{MARK}B: 1\n\ninside\n");
        let right = format!("{MARK}A: 1\nContent-Length: {}\n\n{inside}\n{MARK}A: 2\n\nx\n", inside.len());
        assert_eq!(
            read(&right),
            [format!("A: 1\nContent-Length: {}\n\n{inside}", inside.len()), "A: 2\n\nx\n".to_owned()]
        );
        let wrong =
            format!("{MARK}A: 1\nContent-Length: 9999\n\none\n\n{MARK}A: 2\n\ntwo\n\n{MARK}A: 3\n\nx\n");
        assert_eq!(read(&wrong), ["A: 1\nContent-Length: 9999\n\none\n", "A: 2\n\ntwo\n", "A: 3\n\nx\n"]);
        let short = format!("{MARK}A: 1\nContent-Length: 1\n\none\n\n{MARK}A: 2\n\ntwo\n");
        assert_eq!(read(&short), ["A: 1\nContent-Length: 1\n\none\n", "A: 2\n\ntwo\n"]);
    }
}
