//! The ways to somebody, as they would be taken now.

use crate::{Evidence, Handle};

/// One way to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where it leads.
    pub handle: Handle,
    /// Whether a message would arrive.
    pub reach: Reach,
    /// What shows that the address is the person's.
    pub proof: AddressProof,
    /// What a message would rest on.
    pub evidence: Vec<Evidence>,
}

/// Whether a message would arrive, as far as is known before it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// It would not.
    Nowhere,
    /// Nobody looked yet, or the look did not end.
    NotSeen,
    /// Nothing speaks against it.
    Open,
}

/// What shows that an address is the person's, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressProof {
    /// Somebody wrote it down.
    Written,
    /// A message came from it that its domain proves.
    Received,
}
