//! The content of one message as it streams in: DATA (RFC 5321 §4.5.2) and BDAT (RFC 3030 §2).
//!
//! Limits and line ends are checked while the bytes pass, before anything parses the message. At the first
//! fault the bytes are let go and the rest is read away, so that the sender hears the reason in its place.

use crate::budget::{Budget, Reservation};
use crate::limits::Limits;
use bytes::{Bytes, BytesMut};
use memchr::{memchr, memchr2};
use std::sync::Arc;

/// The input buffer of a session that receives a message, which counts as part of it.
pub(crate) const INPUT_BYTES: u64 = 16 * 1_024;
/// The memory that a message gets before its first byte comes, unless it announces less.
const FIRST_CAPACITY_BYTES: u64 = 8 * 1_024;
/// The most memory that a sender gets by announcing a size alone.
const ANNOUNCED_CAPACITY_BYTES_MAX: u64 = 64 * 1_024;

/// Why a message is refused at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A CR or an LF stood alone.
    BareLineEnd,
    /// More bytes than the limit.
    MessageTooLarge,
    /// A header section with more bytes than the limit.
    HeaderTooLarge,
    /// More header fields than the limit.
    TooManyFields,
    /// More `Received` fields than the limit.
    Loop,
    /// The budget of all connections is spent.
    BudgetSpent,
}

/// Where reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More bytes are needed.
    More,
    /// The dot on its own line came.
    End,
    /// The sender goes on past everything that we are willing to read away.
    Endless,
}

/// A message that is being received.
#[derive(Debug)]
pub(crate) struct Content {
    limits: Arc<Limits>,
    message: BytesMut,
    reservation: Reservation,
    fault: Option<Fault>,
    /// Everything that passed, kept or not.
    passed_bytes: u64,
    at_line_start: bool,
    /// A CR that waits for its LF.
    after_cr: bool,
    in_header: bool,
    line_start: usize,
    fields: u32,
    received_fields: u32,
}

impl Content {
    /// Room for a message of this announced size, 0 when it announces none. `None` when the budget does not
    /// have it. Only bytes that came are held: who announces much and sends nothing takes it from nobody.
    pub(crate) fn begin(limits: &Arc<Limits>, budget: &Arc<Budget>, announced_bytes: u64) -> Option<Self> {
        let capacity = match announced_bytes {
            0 => FIRST_CAPACITY_BYTES,
            announced => announced.min(ANNOUNCED_CAPACITY_BYTES_MAX),
        };
        if announced_bytes > budget.free_bytes() {
            return None;
        }
        let reservation = budget.reserve(capacity + INPUT_BYTES)?;
        Some(Self {
            limits: Arc::clone(limits),
            message: BytesMut::with_capacity(usize::try_from(capacity).unwrap_or_default()),
            reservation,
            fault: None,
            passed_bytes: 0,
            at_line_start: true,
            after_cr: false,
            in_header: true,
            line_start: 0,
            fields: 0,
            received_fields: 0,
        })
    }

    /// Takes what DATA sends: up to the dot on its own line, with the dots of RFC 5321 §4.5.2 removed. Gives
    /// how many bytes were used; the rest is needed again.
    pub(crate) fn take_data(&mut self, input: &[u8]) -> (usize, Progress) {
        let mut used = 0;
        loop {
            if self.is_endless() {
                return (used, Progress::Endless);
            }
            let rest = input.get(used..).unwrap_or_default();
            match rest {
                [] => return (used, Progress::More),
                [b'.'] | [b'.', b'\r'] if self.at_line_start => return (used, Progress::More),
                [b'.', b'\r', b'\n', ..] if self.at_line_start => return (used + 3, Progress::End),
                [b'.', ..] if self.at_line_start => {
                    self.at_line_start = false;
                    self.passed_bytes += 1;
                    used += 1;
                }
                _ => used += self.take_line(rest),
            }
        }
    }

    /// Takes bytes of a chunk, all of them.
    pub(crate) fn take_chunk(&mut self, input: &[u8]) {
        let mut rest = input;
        while !rest.is_empty() {
            let used = self.take_line(rest);
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    /// Whether more passed than a message may have and we are willing to read away.
    pub(crate) fn is_endless(&self) -> bool {
        let bytes_max = self.limits.message_bytes_max.saturating_add(self.limits.discarded_message_bytes_max);
        self.passed_bytes > bytes_max
    }

    /// What is wrong so far.
    pub(crate) const fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The whole message, with its share of the budget; or why it is refused.
    pub(crate) fn finish(mut self) -> Result<(Bytes, Reservation), Fault> {
        if self.after_cr {
            self.fail(Fault::BareLineEnd);
        }
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok((self.message.freeze(), self.reservation)),
        }
    }

    /// Takes bytes up to the end of their line, or all. Gives how many, at least one.
    fn take_line(&mut self, rest: &[u8]) -> usize {
        if self.after_cr {
            return self.take_after_cr(rest);
        }
        let Some(at) = memchr2(b'\r', b'\n', rest) else {
            self.append(rest);
            return rest.len();
        };
        let (text, line_end) = rest.split_at(at);
        match line_end {
            [b'\r', b'\n', ..] => {
                self.append(rest.get(..at + 2).unwrap_or_default());
                self.end_line();
                at + 2
            }
            [b'\r', ..] => {
                self.append(text);
                self.after_cr = true;
                self.at_line_start = false;
                at + 1
            }
            _ => {
                self.append(text);
                self.fail(Fault::BareLineEnd);
                self.pass(1);
                at + 1
            }
        }
    }

    /// The byte after a CR that ended its read or chunk: LF, or the CR stood alone.
    fn take_after_cr(&mut self, rest: &[u8]) -> usize {
        self.after_cr = false;
        if rest.first() == Some(&b'\n') {
            self.append(b"\r\n");
            self.end_line();
            return 1;
        }
        self.fail(Fault::BareLineEnd);
        self.pass(1);
        self.take_line(rest)
    }

    fn pass(&mut self, bytes: u64) {
        self.passed_bytes = self.passed_bytes.saturating_add(bytes);
        self.at_line_start = false;
    }

    /// Keeps bytes that lie in one line. Each limit is crossed at one byte, however the bytes were split
    /// into reads, so that a message always meets the same fault.
    fn append(&mut self, bytes: &[u8]) {
        self.pass(bytes.len() as u64);
        if self.fault.is_some() {
            return;
        }
        let length = (self.message.len() + bytes.len()) as u64;
        let header_bytes_max = self.limits.header_bytes_max.min(self.limits.message_bytes_max);
        if self.in_header && length > header_bytes_max {
            self.fail(Fault::HeaderTooLarge);
        } else if length > self.limits.message_bytes_max {
            self.fail(Fault::MessageTooLarge);
        } else if !self.hold(length) {
            self.fail(Fault::BudgetSpent);
        } else {
            self.message.extend_from_slice(bytes);
        }
    }

    /// Grows the share of the budget by doubling it, or to what is needed when there is no more.
    fn hold(&mut self, length: u64) -> bool {
        let bytes = length + INPUT_BYTES;
        bytes <= self.reservation.bytes()
            || self.reservation.grow_to(self.reservation.bytes().saturating_mul(2).max(bytes))
            || self.reservation.grow_to(bytes)
    }

    fn fail(&mut self, fault: Fault) {
        if self.fault.is_none() {
            self.fault = Some(fault);
            self.message = BytesMut::new();
            self.reservation.release();
        }
    }

    fn end_line(&mut self) {
        self.at_line_start = true;
        if self.in_header && self.fault.is_none() {
            self.count_field();
        }
        self.line_start = self.message.len();
    }

    /// Counts the field that the last line begins. A line that can be no field ends the header section, as
    /// lenient parsers have it.
    fn count_field(&mut self) {
        let line = self.message.get(self.line_start..).unwrap_or_default();
        if matches!(line, [b' ' | b'\t', ..]) {
            return;
        }
        let Some(colon) = memchr(b':', line) else {
            self.in_header = false;
            return;
        };
        let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
        self.received_fields += u32::from(name.eq_ignore_ascii_case(b"Received"));
        self.fields += 1;
        if self.received_fields > self.limits.received_fields_max {
            self.fail(Fault::Loop);
        } else if self.fields > self.limits.header_fields_max {
            self.fail(Fault::TooManyFields);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_came_is_held_of_what_was_announced() {
        let budget = Budget::new(10_000_000);
        let limits = Arc::new(Limits::default());
        let mut content = Content::begin(&limits, &budget, 9_000_000).expect("the budget is free");
        let held = || 10_000_000 - budget.free_bytes();
        assert_eq!(held(), ANNOUNCED_CAPACITY_BYTES_MAX + INPUT_BYTES);
        content.take_chunk(b"\r\n");
        for _ in 0..1_000 {
            content.take_chunk(&[b'x'; 1_000]);
        }
        assert!(held() >= 1_000_000 && held() <= 2_100_000, "held for a million bytes: {}", held());
        assert!(Content::begin(&limits, &budget, 9_000_000).is_none(), "so much is not free any more");
        assert!(Content::begin(&limits, &budget, 0).is_some());
        drop(content);
        assert_eq!(held(), 0);
    }

    #[test]
    fn a_fault_lets_the_bytes_go() {
        let budget = Budget::new(10_000_000);
        let mut content =
            Content::begin(&Arc::new(Limits::default()), &budget, 0).expect("the budget is free");
        content.take_chunk(&[b'x'; 100_000]);
        content.take_chunk(b"\n");
        assert_eq!(content.message.capacity(), 0);
        assert_eq!(budget.free_bytes(), 10_000_000);
        assert_eq!(content.finish().err(), Some(Fault::BareLineEnd));
    }
}
