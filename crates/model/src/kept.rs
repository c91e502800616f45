//! Messages that another program kept, as a file of mail holds them (RFC 4155, Maildir, single messages, archives).

use crate::Timestamp;

/// Where something stands in what was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// The file inside an archive; empty for the file itself.
    pub path: String,
    /// Which message of that file, counted from 1.
    pub number: u64,
    /// Bytes of that file before it.
    pub offset: u64,
}

/// What another program wrote down beside a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Whether it was read; none when the file does not say.
    pub seen: Option<bool>,
    /// Marked as important.
    pub flagged: bool,
    /// Not finished: it was never sent.
    pub draft: bool,
    /// Thrown away, and not cleared out yet.
    pub deleted: bool,
}

/// One message, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptMessage {
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Where it stood.
    pub spot: Spot,
    /// The folder that the other program kept it in.
    pub folder: Option<String>,
    /// When it came, by the file: the postmark of an mbox, the time of an archive's entry. Unproven.
    pub at: Option<Timestamp>,
    /// What was written beside it.
    pub marks: Marks,
}

/// Why something was not read as a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnpackReason {
    /// No file of mail that is known here.
    NotRecognised,
    /// It has no header, so it is no message.
    NoHeader,
    /// Nothing stands there.
    Empty,
    /// Larger than a message may be.
    TooLarge,
    /// The file ends in the middle.
    Truncated,
    /// The archive is damaged from here on.
    Damaged,
    /// Locked with a password.
    Encrypted,
    /// A way of packing that cannot be read as a stream.
    Unsupported,
    /// A draft: it was never sent.
    Draft,
    /// Thrown away in the other program.
    Deleted,
}

/// What a file of mail holds, piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unpacked {
    /// A message.
    Message(KeptMessage),
    /// A small file that is no message: a card file, or what an archive of ours says beside its messages.
    Note {
        /// Its path in the archive, or the file's own name.
        path: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Something that was passed over.
    Fault {
        /// Where.
        spot: Spot,
        /// Why.
        reason: UnpackReason,
    },
}

/// A piece of a file that is written for other programs, or for another Caliopen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed<'a> {
    /// A file of an archive.
    File {
        /// Its path, with `/` between folders.
        path: &'a str,
        /// Its time.
        at: Timestamp,
        /// Its bytes.
        bytes: &'a [u8],
    },
    /// The end of an archive.
    End,
    /// A message of a mailbox file.
    Message {
        /// Whom its postmark names: an address.
        author: &'a str,
        /// When it came.
        at: Timestamp,
        /// Its bytes.
        raw: &'a [u8],
    },
}
