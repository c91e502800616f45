//! tar: POSIX ustar with pax records, and the long names of GNU. Files are read as they stream by.

use super::leaf::Leaf;
use super::{Found, instant};
use crate::limits::ARCHIVE_NAME_BYTES_MAX;
use caliopen_model::{Spot, Timestamp, UnpackReason};

pub(super) const BLOCK: usize = 512;

/// A tar that is being read.
pub(super) struct Tar {
    /// Bytes of the file that were read.
    offset: u64,
    /// Where the entry that is being read begins, with the records before it.
    entry_at: u64,
    state: State,
    /// What the records before an entry say of it.
    said: Said,
}

enum State {
    /// Reading a header.
    Header(Vec<u8>),
    /// Reading what an entry holds, then what fills its last block.
    Body {
        left: u64,
        fill: u64,
        what: Body,
    },
    Over,
}

enum Body {
    File(Box<Leaf>),
    /// A record about the next entry: its kind, its bytes.
    Record(u8, Vec<u8>),
    Passed,
}

/// Values of pax records, and of GNU's long names.
#[derive(Default)]
struct Said {
    path: Option<String>,
    size: Option<u64>,
    at: Option<Timestamp>,
}

/// What a header says.
struct Header {
    path: String,
    size: u64,
    at: Option<Timestamp>,
    kind: u8,
}

impl Tar {
    pub(super) fn new(begun: u64) -> Self {
        Self {
            offset: begun,
            entry_at: begun,
            state: State::Header(Vec::with_capacity(BLOCK)),
            said: Said::default(),
        }
    }

    /// Where the entry begins that is not over yet.
    pub(super) const fn resume_at(&self) -> u64 {
        self.entry_at
    }

    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = self.step(rest, found);
            self.offset += used as u64;
            rest = rest.get(used..).unwrap_or_default();
            self.advance(found);
        }
    }

    /// Takes what the present state wants of the bytes.
    fn step(&mut self, bytes: &[u8], found: &mut Found) -> usize {
        match &mut self.state {
            State::Header(block) => {
                let used = (BLOCK - block.len()).min(bytes.len());
                block.extend_from_slice(bytes.get(..used).unwrap_or_default());
                used
            }
            State::Body { left, fill, what } => {
                let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                let part = bytes.get(..used).unwrap_or_default();
                match what {
                    Body::File(leaf) => leaf.feed(part, found),
                    Body::Record(_, record) if record.len() + used <= ARCHIVE_NAME_BYTES_MAX => {
                        record.extend_from_slice(part);
                    }
                    Body::Record(..) | Body::Passed => {}
                }
                *left -= used as u64;
                let filled = usize::try_from(*fill).unwrap_or(BLOCK).min(bytes.len() - used);
                let filled = if *left == 0 { filled } else { 0 };
                *fill -= filled as u64;
                used + filled
            }
            State::Over => bytes.len(),
        }
    }

    /// Goes on to the next state when the present one is done.
    fn advance(&mut self, found: &mut Found) {
        match &mut self.state {
            State::Header(block) if block.len() == BLOCK => {
                let block = std::mem::take(block);
                self.state = self.header(&block, found);
            }
            State::Body { left: 0, fill: 0, .. } => {
                let done = std::mem::replace(&mut self.state, State::Header(Vec::with_capacity(BLOCK)));
                let State::Body { what, .. } = done else { return };
                match what {
                    Body::File(leaf) => leaf.end(found),
                    Body::Record(kind, record) => return self.said.read(kind, &record),
                    Body::Passed => {}
                }
                self.said = Said::default();
                self.entry_at = self.offset;
            }
            _ => {}
        }
        // An entry of nothing is done at once.
        if matches!(self.state, State::Body { left: 0, fill: 0, .. }) {
            self.advance(found);
        }
    }

    fn header(&mut self, block: &[u8], found: &mut Found) -> State {
        if block.iter().all(|byte| *byte == 0) {
            self.entry_at = self.offset;
            return State::Over;
        }
        let Some(header) = Header::read(block) else {
            let offset = self.offset - BLOCK as u64;
            found.fault(Spot { offset, ..Spot::default() }, UnpackReason::Damaged);
            self.entry_at = self.offset;
            return State::Over;
        };
        let is_record = matches!(header.kind, b'x' | b'L' | b'g' | b'K');
        let size = self.said.size.filter(|_| !is_record).unwrap_or(header.size);
        let what = match header.kind {
            b'x' | b'L' => Body::Record(header.kind, Vec::new()),
            b'0' | 0 | b'7' => {
                let path = self.said.path.take().unwrap_or(header.path);
                Body::File(Box::new(Leaf::of_entry(path, self.said.at.or(header.at))))
            }
            _ => Body::Passed,
        };
        State::Body { left: size, fill: (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64, what }
    }

    pub(super) fn end(self, found: &mut Found) {
        match self.state {
            State::Over => {}
            State::Header(block) if block.is_empty() => {}
            State::Body { what: Body::File(leaf), .. } => leaf.cut_off(found),
            State::Header(_) | State::Body { .. } => {
                found.fault(Spot { offset: self.entry_at, ..Spot::default() }, UnpackReason::Truncated);
            }
        }
    }
}

impl Header {
    fn read(block: &[u8]) -> Option<Self> {
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        let own: u64 = block.get(148..156)?.iter().map(|byte| u64::from(*byte)).sum();
        (sum - own + 8 * u64::from(b' ') == number(block.get(148..156)?)?).then_some(())?;
        let is_ustar = block.get(257..263)? == b"ustar\0";
        let name = text(block.get(..100)?);
        let prefix = if is_ustar { text(block.get(345..500)?) } else { String::new() };
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        Some(Self {
            path,
            size: number(block.get(124..136)?)?,
            at: number(block.get(136..148)?).and_then(instant),
            kind: *block.get(156)?,
        })
    }
}

/// A field of octal digits, or of bytes when its first bit is set (GNU, for files of 8 GiB and more).
fn number(field: &[u8]) -> Option<u64> {
    if let Some((&first, rest)) = field.split_first().filter(|(first, _)| **first & 0x80 != 0) {
        let start = u64::from(first & 0x7F);
        return rest.iter().try_fold(start, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let digits = field.iter().copied().skip_while(|byte| *byte == b' ');
    digits.take_while(|byte| byte.is_ascii_digit()).try_fold(0u64, |sum, digit| {
        (digit < b'8').then_some(())?;
        sum.checked_mul(8)?.checked_add(u64::from(digit - b'0'))
    })
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

impl Said {
    fn read(&mut self, kind: u8, record: &[u8]) {
        if kind == b'L' {
            self.path = Some(text(record));
            return;
        }
        // `LENGTH KEY=VALUE\n`, the length counting all of it.
        let mut rest = record;
        while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
            let (digits, _) = rest.split_at(space);
            let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<usize>().ok());
            let Some(line) = length.and_then(|length| rest.get(space + 1..length)) else { return };
            rest = rest.get(space + 1 + line.len()..).unwrap_or_default();
            let line = String::from_utf8_lossy(line);
            match line.trim_end_matches('\n').split_once('=') {
                Some(("path", path)) => self.path = Some(path.to_owned()),
                Some(("size", size)) => self.size = size.parse().ok(),
                Some(("mtime", at)) => self.at = seconds(at),
                _ => {}
            }
        }
    }
}

/// `1700000000.25`
fn seconds(text: &str) -> Option<Timestamp> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let ms = format!("{part:0<3}").get(..3)?.parse::<i64>().ok()?;
    Some(instant(whole.parse().ok()?)?.plus_ms(ms))
}
