//! Files of mail, read as they stream in: mbox, single messages, card files, and archives of any of these. Pure.
//!
//! Bytes are fed in pieces of any size; what they hold is taken out message by message. Reading never fails: what
//! cannot be read is named, with its place and the reason, and passed over. Memory is bounded by
//! [`crate::limits::KEPT_BYTES_MAX`] and one message, however much a compressed byte unfolds to.

mod gzip;
mod leaf;
mod marks;
mod mbox;
mod pack;
mod postmark;
mod sort;
mod tar;
mod zip;

pub use pack::{pack, tar_head};

use crate::limits::{KEPT_BYTES_MAX, SNIFFED_BYTES};
use caliopen_model::{Spot, Timestamp, UnpackReason, Unpacked};
use gzip::Gzip;
use leaf::Leaf;
use sort::Sort;
use std::collections::VecDeque;
use tar::Tar;
use zip::Zip;

/// Bytes that are looked at between two questions whether enough waits to be taken.
const STEP_BYTES: usize = 64 * 1024;

/// A file of mail that is being read.
pub struct Container {
    shape: Shape,
    found: Found,
    /// Bytes of the file that were fed.
    fed: u64,
}

/// What the file turned out to be.
enum Shape {
    /// Its first bytes, until there are enough to tell.
    Unknown {
        name: String,
        first: Vec<u8>,
        /// Of the next message.
        number: u64,
    },
    Leaf(Box<Leaf>),
    Tar(Box<Tar>),
    Zip(Box<Zip>),
    Gzip(Box<Gzip>),
    /// Nothing of it is read.
    Passed,
}

/// What was found and waits to be taken.
#[derive(Default)]
struct Found {
    waiting: VecDeque<Unpacked>,
    bytes: usize,
}

impl Found {
    fn add(&mut self, unpacked: Unpacked) {
        self.bytes += weight(&unpacked);
        self.waiting.push_back(unpacked);
    }

    fn fault(&mut self, spot: Spot, reason: UnpackReason) {
        self.add(Unpacked::Fault { spot, reason });
    }

    fn is_full(&self) -> bool {
        self.bytes >= KEPT_BYTES_MAX
    }
}

fn weight(unpacked: &Unpacked) -> usize {
    let bytes = match unpacked {
        Unpacked::Message(message) => message.raw.len() + message.spot.path.len(),
        Unpacked::Note { path, bytes } => path.len() + bytes.len(),
        Unpacked::Fault { spot, .. } => spot.path.len(),
    };
    bytes + size_of::<Unpacked>()
}

impl Container {
    /// A file of this name. `from` is where reading begins: 0, or what [`Container::resume_at`] said before; `number`
    /// is that of the next message, 1 at the beginning.
    #[must_use]
    pub fn new(name: &str, from: u64, number: u64) -> Self {
        let shape = Shape::Unknown { name: name.to_owned(), first: Vec::new(), number };
        Self { shape, found: Found::default(), fed: from }
    }

    /// Takes bytes of the file. Gives how many it took: fewer when what was found is to be taken first.
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
            if self.unfold() {
                break;
            }
            let step = rest.get(..rest.len().min(STEP_BYTES)).unwrap_or(rest);
            let fed = self.fed;
            let used = self.shape.feed(step, fed, &mut self.found);
            self.fed += used as u64;
            taken += used;
        }
        taken
    }

    /// Goes on with what compressed bytes that were taken still unfold to. True while enough waits to be taken.
    fn unfold(&mut self) -> bool {
        while !self.found.is_full() {
            if !self.shape.unfold(&mut self.found) {
                return false;
            }
        }
        true
    }

    /// The file is over. To be asked again, after taking what was found, until it answers true.
    pub fn end(&mut self) -> bool {
        if self.unfold() {
            return false;
        }
        let shape = std::mem::replace(&mut self.shape, Shape::Passed);
        shape.end(self.fed, &mut self.found);
        true
    }

    /// The next thing that was found.
    pub fn take(&mut self) -> Option<Unpacked> {
        let next = self.found.waiting.pop_front();
        self.found.bytes -= next.as_ref().map_or(0, weight);
        next
    }

    /// Where reading can begin anew without missing anything, once everything was taken.
    #[must_use]
    pub fn resume_at(&self) -> u64 {
        match &self.shape {
            Shape::Unknown { first, .. } => self.fed - first.len() as u64,
            Shape::Leaf(leaf) => leaf.resume_at(),
            Shape::Tar(tar) => tar.resume_at(),
            Shape::Zip(zip) => zip.resume_at(),
            Shape::Gzip(_) => 0,
            Shape::Passed => self.fed,
        }
    }
}

impl Shape {
    /// Feeds a step that begins at this offset of the file.
    fn feed(&mut self, step: &[u8], offset: u64, found: &mut Found) -> usize {
        if let Self::Unknown { name, first, number } = self {
            let wanted = SNIFFED_BYTES.saturating_sub(first.len()).min(step.len());
            let (head, _) = step.split_at(wanted);
            first.extend_from_slice(head);
            if first.len() >= SNIFFED_BYTES {
                let begun = offset + wanted as u64 - first.len() as u64;
                let (name, first) = (std::mem::take(name), std::mem::take(first));
                *self = Self::of(&name, &first, (begun, *number), found);
            }
            return wanted;
        }
        match self {
            Self::Unknown { .. } | Self::Passed => step.len(),
            Self::Leaf(leaf) => {
                leaf.feed(step, found);
                step.len()
            }
            Self::Tar(tar) => {
                tar.feed(step, found);
                step.len()
            }
            Self::Zip(zip) => zip.feed(step, found),
            Self::Gzip(gzip) => gzip.feed(step, found),
        }
    }

    /// What a file that begins with these bytes is; the bytes are read by it.
    fn of(name: &str, first: &[u8], (begun, number): (u64, u64), found: &mut Found) -> Self {
        let mut shape = match sort::of_file(name, first) {
            Sort::Tar => Self::Tar(Box::new(Tar::new(begun))),
            Sort::Zip => Self::Zip(Box::new(Zip::new(begun))),
            Sort::Gzip => Self::Gzip(Box::new(Gzip::new(name))),
            Sort::Leaf(kind) => Self::Leaf(Box::new(Leaf::of_file(kind, name, begun, number))),
            Sort::Nothing => Self::Passed,
            Sort::Strange => {
                found.fault(Spot { offset: begun, ..Spot::default() }, UnpackReason::NotRecognised);
                Self::Passed
            }
        };
        let mut rest = first;
        while !rest.is_empty() {
            // A few hundred bytes are taken whole, whatever they unfold to.
            let used = shape.feed(rest, begun, found);
            while shape.unfold(found) {}
            rest = rest.get(used..).unwrap_or_default();
        }
        shape
    }

    fn unfold(&mut self, found: &mut Found) -> bool {
        match self {
            Self::Zip(zip) => zip.unfold(found),
            _ => false,
        }
    }

    fn end(self, fed: u64, found: &mut Found) {
        match self {
            Self::Unknown { name, first, number } => {
                let begun = fed - first.len() as u64;
                if !first.is_empty() {
                    Self::of(&name, &first, (begun, number), found).end(fed, found);
                }
            }
            Self::Leaf(leaf) => leaf.end(found),
            Self::Tar(tar) => tar.end(found),
            Self::Zip(zip) => zip.end(found),
            Self::Gzip(gzip) => gzip.end(found),
            Self::Passed => {}
        }
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the day that some of them lack is the last one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// The date of a day since 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) =
        if month < 10 { (year + era * 400, month + 3) } else { (year + era * 400 + 1, month - 9) };
    (year, month, day)
}

/// An instant from seconds since 1970, as archives write them.
fn instant(seconds: u64) -> Option<Timestamp> {
    let ms = i64::try_from(seconds).ok()?.checked_mul(1_000)?;
    (ms > 0).then(|| Timestamp::from_unix_ms(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_each_others_way_back() {
        assert_eq!(days_of(1970, 1, 1), 0);
        assert_eq!(days_of(2024, 2, 29), 19_782);
        for day in (-200_000..200_000).step_by(37) {
            let (year, month, of_month) = date_of(day);
            assert_eq!(days_of(year, month, of_month), day);
        }
    }
}
