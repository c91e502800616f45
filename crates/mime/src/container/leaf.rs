//! A file that holds mail itself: an mbox, one message, or a note. On its own, or in an archive.

use super::Found;
use super::marks;
use super::mbox::Mbox;
use super::sort::{self, Kind, Sort, folder_of};
use crate::limits::{MESSAGE_BYTES_MAX, NOTE_BYTES_MAX, SNIFFED_BYTES};
use caliopen_model::{KeptMessage, Marks, Spot, Timestamp, UnpackReason, Unpacked};

/// A file that is being read.
pub(super) enum Leaf {
    /// Of an archive: its first bytes, until there are enough to tell what it is.
    Unknown {
        path: String,
        at: Option<Timestamp>,
        first: Vec<u8>,
    },
    Mbox(Mbox),
    Whole(Whole),
    Passed,
}

/// A file that is taken as one piece.
pub(super) struct Whole {
    path: String,
    begun: u64,
    bytes: Vec<u8>,
    bytes_max: usize,
    is_too_large: bool,
    content: Content,
}

enum Content {
    Message { at: Option<Timestamp>, marks: Marks, folder: Option<String> },
    Note,
}

impl Leaf {
    /// A file on its own, read from this offset on, its next message being of this number.
    pub(super) fn of_file(kind: Kind, name: &str, begun: u64, number: u64) -> Self {
        let folder = folder_of(name, &kind);
        match kind {
            Kind::Mbox => Self::Mbox(Mbox::new(String::new(), folder, begun, number)),
            Kind::Message(marks) => {
                let content = Content::Message { at: None, marks, folder };
                Self::Whole(Whole::new(String::new(), begun, MESSAGE_BYTES_MAX, content))
            }
            Kind::Note => Self::Whole(Whole::new(name.to_owned(), begun, NOTE_BYTES_MAX, Content::Note)),
        }
    }

    /// A file of an archive, from its time.
    pub(super) const fn of_entry(path: String, at: Option<Timestamp>) -> Self {
        Self::Unknown { path, at, first: Vec::new() }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) {
        match self {
            Self::Unknown { path, at, first } => {
                let wanted = SNIFFED_BYTES.saturating_sub(first.len()).min(bytes.len());
                let (head, rest) = bytes.split_at(wanted);
                first.extend_from_slice(head);
                if first.len() >= SNIFFED_BYTES {
                    *self = Self::sorted(std::mem::take(path), *at, first, found);
                    self.feed(rest, found);
                }
            }
            Self::Mbox(mbox) => mbox.feed(bytes, found),
            Self::Whole(whole) => whole.feed(bytes),
            Self::Passed => {}
        }
    }

    fn sorted(path: String, at: Option<Timestamp>, first: &[u8], found: &mut Found) -> Self {
        let mut leaf = match sort::of_entry(&path, first) {
            Sort::Leaf(kind) => {
                let folder = folder_of(&path, &kind);
                match kind {
                    Kind::Mbox => Self::Mbox(Mbox::new(path, folder, 0, 1)),
                    Kind::Message(marks) => {
                        let content = Content::Message { at, marks, folder };
                        Self::Whole(Whole::new(path, 0, MESSAGE_BYTES_MAX, content))
                    }
                    Kind::Note => Self::Whole(Whole::new(path, 0, NOTE_BYTES_MAX, Content::Note)),
                }
            }
            Sort::Nothing => Self::Passed,
            Sort::Strange | Sort::Tar | Sort::Zip | Sort::Gzip => {
                if !first.is_empty() {
                    found.fault(Spot { path, ..Spot::default() }, UnpackReason::NotRecognised);
                }
                Self::Passed
            }
        };
        leaf.feed(first, found);
        leaf
    }

    /// The file is over, as it should be.
    pub(super) fn end(self, found: &mut Found) {
        match self {
            Self::Unknown { path, at, first } => match Self::sorted(path, at, &first, found) {
                Self::Unknown { .. } => {}
                leaf => leaf.end(found),
            },
            Self::Mbox(mbox) => mbox.end(found),
            Self::Whole(whole) => whole.end(found),
            Self::Passed => {}
        }
    }

    /// The archive ended in the middle of the file: its last message is not whole.
    pub(super) fn cut_off(self, found: &mut Found) {
        match self {
            Self::Unknown { path, .. } => {
                found.fault(Spot { path, ..Spot::default() }, UnpackReason::Truncated);
            }
            Self::Mbox(mbox) => mbox.cut_off(found),
            Self::Whole(whole) => found.fault(whole.spot(), UnpackReason::Truncated),
            Self::Passed => {}
        }
    }

    pub(super) const fn resume_at(&self) -> u64 {
        match self {
            Self::Mbox(mbox) => mbox.resume_at(),
            Self::Whole(whole) => whole.begun,
            Self::Unknown { .. } | Self::Passed => 0,
        }
    }
}

impl Whole {
    const fn new(path: String, begun: u64, bytes_max: usize, content: Content) -> Self {
        Self { path, begun, bytes: Vec::new(), bytes_max, is_too_large: false, content }
    }

    fn feed(&mut self, bytes: &[u8]) {
        if self.bytes.len() + bytes.len() > self.bytes_max {
            self.is_too_large = true;
            self.bytes = Vec::new();
        }
        if !self.is_too_large {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn spot(&self) -> Spot {
        Spot { path: self.path.clone(), number: 1, offset: 0 }
    }

    fn end(self, found: &mut Found) {
        let spot = self.spot();
        if self.is_too_large {
            return found.fault(spot, UnpackReason::TooLarge);
        }
        match self.content {
            Content::Note => found.add(Unpacked::Note { path: self.path, bytes: self.bytes }),
            Content::Message { at, marks, folder } => {
                let message = KeptMessage { raw: self.bytes, spot, folder, at, marks };
                give(message, found);
            }
        }
    }
}

/// Gives a message out, with what its header says of it; or says why it is none.
pub(super) fn give(mut message: KeptMessage, found: &mut Found) {
    let reason = if message.raw.is_empty() {
        Some(UnpackReason::Empty)
    } else if !sort::is_field(&message.raw) && !message.raw.starts_with(b"From ") {
        Some(UnpackReason::NoHeader)
    } else {
        let (said, folder) = marks::of_header(&message.raw);
        let known = message.marks;
        message.marks = Marks {
            seen: known.seen.or(said.seen),
            flagged: known.flagged || said.flagged,
            draft: known.draft || said.draft,
            deleted: known.deleted || said.deleted,
        };
        message.folder = folder.or(message.folder);
        match message.marks {
            Marks { deleted: true, .. } => Some(UnpackReason::Deleted),
            Marks { draft: true, .. } => Some(UnpackReason::Draft),
            _ => None,
        }
    };
    match reason {
        Some(reason) => found.fault(message.spot, reason),
        None => found.add(Unpacked::Message(message)),
    }
}
