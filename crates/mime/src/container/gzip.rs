//! gzip (RFC 1952): a file of mail, or a tar, that was compressed as a whole.

use super::{Found, Shape};
use caliopen_model::{Spot, UnpackReason};
use flate2::write::MultiGzDecoder;
use std::io::Write;

/// Compressed bytes that are unfolded at a time: at most a thousand times as many come out.
const STEP_BYTES: usize = 2 * 1024;

/// A compressed file that is being read.
pub(super) struct Gzip {
    decoder: MultiGzDecoder<Vec<u8>>,
    inner: Shape,
    /// Bytes that came out, and of these how many were read.
    offset: u64,
    is_damaged: bool,
}

impl Gzip {
    pub(super) fn new(name: &str) -> Self {
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".tgz")).unwrap_or(name).to_owned();
        let inner = Shape::Unknown { name, first: Vec::new(), number: 1 };
        Self { decoder: MultiGzDecoder::new(Vec::new()), inner, offset: 0, is_damaged: false }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) -> usize {
        if self.is_damaged {
            return bytes.len();
        }
        let step = bytes.get(..bytes.len().min(STEP_BYTES)).unwrap_or(bytes);
        if self.decoder.write_all(step).is_err() {
            self.is_damaged = true;
        }
        self.read(found);
        if self.is_damaged {
            found.fault(Spot { offset: self.offset, ..Spot::default() }, UnpackReason::Damaged);
        }
        step.len()
    }

    /// Reads what came out. An archive in a compressed file is read, one in that is not.
    fn read(&mut self, found: &mut Found) {
        let unfolded = std::mem::take(self.decoder.get_mut());
        let mut rest = unfolded.as_slice();
        while !rest.is_empty() {
            let used = match &self.inner {
                Shape::Zip(_) | Shape::Gzip(_) => {
                    self.inner = Shape::Passed;
                    found.fault(Spot::default(), UnpackReason::Unsupported);
                    rest.len()
                }
                _ => self.inner.feed(rest, self.offset, found),
            };
            self.offset += used as u64;
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    pub(super) fn end(mut self, found: &mut Found) {
        if !self.is_damaged && self.decoder.try_finish().is_err() {
            self.is_damaged = true;
            found.fault(Spot { offset: self.offset, ..Spot::default() }, UnpackReason::Truncated);
        }
        self.read(found);
        self.inner.end(self.offset, found);
    }
}
