//! Files of messages that other programs kept, read as they stream in.

use caliopen_model::Unpacked;

/// A file that is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened<'a> {
    /// What it is called: where its first bytes do not say what it is, its ending does.
    pub name: &'a str,
    /// Where reading begins: 0, or what [`Unpack::resume_at`] said before.
    pub from: u64,
    /// The number of the next message: 1 at the beginning.
    pub number: u64,
}

/// Reads a file in pieces of any size. Never fails: what cannot be read is found as a fault. Memory is bounded.
pub trait Unpack: Send + Sync {
    /// Takes bytes of the file. Gives how many it took: fewer when what was found is to be taken first.
    fn feed(&mut self, bytes: &[u8]) -> usize;

    /// The file is over. To be asked again, after taking what was found, until it answers true.
    fn end(&mut self) -> bool;

    /// The next thing that was found.
    fn take(&mut self) -> Option<Unpacked>;

    /// Where reading can begin anew without missing anything, once everything was taken.
    fn resume_at(&self) -> u64;
}
