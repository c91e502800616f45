//! zip (APPNOTE 6.3), read from its beginning: local headers and what stands behind them, stored or deflated. The
//! directory at the end is not needed, and not waited for.

use super::leaf::Leaf;
use super::{Found, days_of};
use crate::limits::ARCHIVE_NAME_BYTES_MAX;
use caliopen_model::{Spot, Timestamp, UnpackReason};
use flate2::{Decompress, FlushDecompress, Status};

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
/// Bytes that may stand between a deflated file and the next header (a data descriptor with 64-bit sizes).
const BETWEEN_BYTES_MAX: usize = 28;
const UNFOLDED_BYTES: usize = 64 * 1024;

/// A zip that is being read.
pub(super) struct Zip {
    offset: u64,
    entry_at: u64,
    state: State,
}

enum State {
    /// Reading a local header with its name.
    Header(Vec<u8>),
    Stored {
        left: u64,
        leaf: Option<Box<Leaf>>,
    },
    Deflated(Box<Deflated>),
    Over,
}

/// A compressed file: its end is where its own stream says.
struct Deflated {
    stream: Decompress,
    leaf: Leaf,
    /// More may come out without more going in.
    is_waiting: bool,
}

/// What a local header says.
struct Header {
    path: String,
    at: Option<Timestamp>,
    method: u16,
    size: Option<u64>,
    is_encrypted: bool,
}

impl Zip {
    pub(super) const fn new(begun: u64) -> Self {
        Self { offset: begun, entry_at: begun, state: State::Header(Vec::new()) }
    }

    pub(super) const fn resume_at(&self) -> u64 {
        self.entry_at
    }

    /// Takes bytes; fewer than there are when they unfold to much.
    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) -> usize {
        let used = match &mut self.state {
            State::Header(head) => {
                let wanted = wanted(head).saturating_sub(head.len()).min(bytes.len());
                head.extend_from_slice(bytes.get(..wanted).unwrap_or_default());
                wanted
            }
            State::Stored { left, leaf } => {
                let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                if let Some(leaf) = leaf {
                    leaf.feed(bytes.get(..used).unwrap_or_default(), found);
                }
                *left -= used as u64;
                used
            }
            State::Deflated(deflated) => match deflated.step(bytes, found) {
                Step::Used(used) => used,
                Step::Over(used) => {
                    self.offset += used as u64;
                    self.close(found);
                    return used;
                }
                Step::Broken => return self.fail(UnpackReason::Damaged, bytes.len(), found),
            },
            State::Over => bytes.len(),
        };
        self.offset += used as u64;
        self.advance(found);
        used
    }

    /// Goes on with what the bytes that were taken unfold to. False when nothing more comes.
    pub(super) fn unfold(&mut self, found: &mut Found) -> bool {
        let State::Deflated(deflated) = &mut self.state else { return false };
        if !deflated.is_waiting {
            return false;
        }
        match deflated.step(&[], found) {
            Step::Used(_) => {}
            Step::Over(_) => self.close(found),
            Step::Broken => _ = self.fail(UnpackReason::Damaged, 0, found),
        }
        true
    }

    fn advance(&mut self, found: &mut Found) {
        match &self.state {
            State::Header(head) if head.len() >= wanted(head) => {
                let head = match &mut self.state {
                    State::Header(head) => std::mem::take(head),
                    _ => return,
                };
                self.begin(&head, found);
            }
            State::Stored { left: 0, .. } => self.close(found),
            _ => {}
        }
    }

    /// Begins a file. What stands before its header is the descriptor of the one before.
    fn begin(&mut self, head: &[u8], found: &mut Found) {
        let Some(start) = find_local(head) else {
            // The directory begins here, or what is no zip.
            let is_directory = head.windows(4).any(|four| four == b"PK\x01\x02" || four == b"PK\x05\x06");
            if !is_directory {
                self.fail(UnpackReason::Damaged, 0, found);
            }
            self.entry_at = self.offset;
            self.state = State::Over;
            return;
        };
        let Some(header) = Header::read(head.get(start..).unwrap_or_default()) else {
            self.fail(UnpackReason::Damaged, 0, found);
            return;
        };
        self.entry_at = self.offset - (head.len() - start) as u64;
        let spot = Spot { path: header.path.clone(), ..Spot::default() };
        let leaf = Leaf::of_entry(header.path, header.at);
        self.state = match (header.method, header.size) {
            (_, Some(left)) if header.is_encrypted => {
                found.fault(spot, UnpackReason::Encrypted);
                State::Stored { left, leaf: None }
            }
            (8, _) if !header.is_encrypted => State::Deflated(Box::new(Deflated {
                stream: Decompress::new(false),
                leaf,
                is_waiting: false,
            })),
            (0, Some(left)) => State::Stored { left, leaf: Some(Box::new(leaf)) },
            (_, Some(left)) => {
                found.fault(spot, UnpackReason::Unsupported);
                State::Stored { left, leaf: None }
            }
            // Nothing says where it ends.
            (_, None) => {
                found.fault(spot, UnpackReason::Unsupported);
                State::Over
            }
        };
        self.advance(found);
    }

    fn close(&mut self, found: &mut Found) {
        match std::mem::replace(&mut self.state, State::Header(Vec::new())) {
            State::Stored { leaf: Some(leaf), .. } => leaf.end(found),
            State::Deflated(deflated) => deflated.leaf.end(found),
            _ => {}
        }
        self.entry_at = self.offset;
    }

    fn fail(&mut self, reason: UnpackReason, passed: usize, found: &mut Found) -> usize {
        if let State::Deflated(deflated) = std::mem::replace(&mut self.state, State::Over) {
            deflated.leaf.cut_off(found);
        }
        found.fault(Spot { offset: self.entry_at, ..Spot::default() }, reason);
        self.offset += passed as u64;
        passed
    }

    pub(super) fn end(mut self, found: &mut Found) {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Over => {}
            State::Header(head) if head.is_empty() => {}
            State::Header(head) if head.windows(4).any(|four| four == b"PK\x05\x06") => {}
            State::Stored { leaf: Some(leaf), .. } => leaf.cut_off(found),
            State::Deflated(deflated) => deflated.leaf.cut_off(found),
            State::Header(_) | State::Stored { leaf: None, .. } => {
                found.fault(Spot { offset: self.entry_at, ..Spot::default() }, UnpackReason::Truncated);
            }
        }
    }
}

enum Step {
    Used(usize),
    Over(usize),
    Broken,
}

impl Deflated {
    fn step(&mut self, bytes: &[u8], found: &mut Found) -> Step {
        let mut unfolded = vec![0; UNFOLDED_BYTES];
        let (before_in, before_out) = (self.stream.total_in(), self.stream.total_out());
        let Ok(status) = self.stream.decompress(bytes, &mut unfolded, FlushDecompress::None) else {
            return Step::Broken;
        };
        let used = (self.stream.total_in() - before_in) as usize;
        let out = (self.stream.total_out() - before_out) as usize;
        self.leaf.feed(unfolded.get(..out).unwrap_or_default(), found);
        self.is_waiting = out == UNFOLDED_BYTES;
        match status {
            Status::StreamEnd => Step::Over(used),
            _ if used == 0 && out == 0 && !bytes.is_empty() => Step::Broken,
            _ => Step::Used(used),
        }
    }
}

/// How many bytes a header has, as far as it was read: the fixed part, then the name and what follows it.
fn wanted(head: &[u8]) -> usize {
    match find_local(head) {
        Some(start) => {
            let end = start + LOCAL_BYTES;
            match (word(head, start + 26), word(head, start + 28)) {
                (Some(name), Some(extra)) if head.len() >= end => {
                    end + usize::from(name) + usize::from(extra)
                }
                _ => end,
            }
        }
        // Up to a signature, or to where none can come any more.
        None => (head.len() + 1).min(BETWEEN_BYTES_MAX),
    }
}

fn find_local(head: &[u8]) -> Option<usize> {
    head.windows(4).take(BETWEEN_BYTES_MAX).position(|four| four == LOCAL)
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl Header {
    fn read(head: &[u8]) -> Option<Self> {
        let flags = word(head, 6)?;
        let (method, time, date) = (word(head, 8)?, word(head, 10)?, word(head, 12)?);
        let packed = long(head, 18)?;
        let name_end = LOCAL_BYTES + usize::from(word(head, 26)?);
        let name = head.get(LOCAL_BYTES..name_end)?;
        let extra = head.get(name_end..)?;
        let path: String = String::from_utf8_lossy(name).chars().take(ARCHIVE_NAME_BYTES_MAX).collect();
        let size = match packed {
            u32::MAX => long_size(extra),
            // Bit 3: the size stands behind the file.
            0 if flags & 8 != 0 => None,
            packed => Some(u64::from(packed)),
        };
        Some(Self { path, at: dos_time(date, time), method, size, is_encrypted: flags & 1 != 0 })
    }
}

/// The packed size of the zip64 field (APPNOTE 4.5.3): the second of its numbers.
fn long_size(extra: &[u8]) -> Option<u64> {
    let mut rest = extra;
    while let (Some(tag), Some(length)) = (word(rest, 0), word(rest, 2)) {
        let field = rest.get(4..4 + usize::from(length))?;
        if tag == 1 {
            return Some(u64::from_le_bytes(*field.get(8..)?.first_chunk()?));
        }
        rest = rest.get(4 + usize::from(length)..)?;
    }
    None
}

/// Local time of the machine that packed it, taken as UTC: nothing says which zone it was.
fn dos_time(date: u16, time: u16) -> Option<Timestamp> {
    let (year, month, day) = (1980 + i64::from(date >> 9), i64::from(date >> 5 & 15), i64::from(date & 31));
    ((1..=12).contains(&month) && day > 0).then_some(())?;
    let (hours, minutes) = (i64::from(time >> 11), i64::from(time >> 5 & 63));
    let seconds = ((days_of(year, month, day) * 24 + hours) * 60 + minutes) * 60 + 2 * i64::from(time & 31);
    Some(Timestamp::from_unix_ms(seconds * 1_000))
}
