//! The change log: what JMAP's `/changes` answers from (RFC 8620 §5.2).

/// A place in an account's change log. Grows by one with each change; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sequence(pub u64);

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Created,
    /// One of its properties changed.
    Updated,
    /// It is gone.
    Destroyed,
}

/// One entry of the log: an object of some type, named by its id's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Where in the log.
    pub sequence: Sequence,
    /// What happened.
    pub kind: ChangeKind,
    /// The object.
    pub id: [u8; 16],
}
