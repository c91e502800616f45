//! Rows of indices: how somebody can be reached, and what an index was on each day. Numbers stand in clear, as the
//! index of each message does; what they rest on is sealed.

use super::words::{StoredProof, StoredQuest, StoredTransport};
use serde::{Deserialize, Serialize};

/// An index as it was computed: score, approximate, the version of the formula.
pub(crate) type StoredIndex = (u8, bool, u16);

/// The ways to a contact that were looked at or taken, each by the blind index of its handle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct WaysRecord {
    pub(crate) ways: Vec<WayRecord>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WayRecord {
    pub(crate) handle: [u8; 16],
    /// A message came from it that its domain proves.
    pub(crate) proven: bool,
    /// None while nobody looked.
    pub(crate) seen: Option<SeenRecord>,
    /// What proved who answered, and the last day on which it did; none when the newest message went without.
    pub(crate) proof: Option<ProofRecord>,
}

/// What proved who answered on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProofRecord {
    pub(crate) by: StoredProof,
    pub(crate) at: i64,
}

/// What the last look showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenRecord {
    pub(crate) at: i64,
    /// A message would arrive.
    pub(crate) is_open: bool,
    /// What it would get.
    pub(crate) index: StoredIndex,
    /// Sealed: what that rests on, as [`super::EvidenceRecord`]s.
    pub(crate) evidence: Vec<u8>,
}

/// What the user sent on one day, as their index counts it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct SentDayRecord {
    /// Days since 1970-01-01.
    pub(crate) day: u32,
    /// Messages that count, and the sum of their indices.
    pub(crate) messages: u32,
    pub(crate) total: u32,
    /// Indices of people whose newest message this day was, and how many have each.
    pub(crate) people: Vec<(u8, u32)>,
}

/// What the user sent to one person lately.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct SentToRecord {
    /// The day of the newest message, 0 for none, and the index that they are counted with there.
    pub(crate) last_day: u32,
    pub(crate) index: u8,
    /// Messages that count, by day.
    pub(crate) messages: Vec<(u32, u8)>,
}

/// What an index was, day by day: the last one of each day on which it changed, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct HistoryRecord {
    /// Days since 1970-01-01, and none where there was no number any more.
    pub(crate) days: Vec<(u32, Option<(u8, bool)>)>,
}

/// What the user did of what they are coached to do, and what they say of it. It names nobody but whom they invited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct CoachingRecord {
    pub(crate) is_muted: bool,
    /// What was done, and when that was found.
    pub(crate) done: Vec<(StoredQuest, i64)>,
    /// What they do not want to hear of.
    pub(crate) aside: Vec<StoredQuest>,
    /// The contact whom they invited last.
    pub(crate) invited: Option<[u8; 16]>,
}

/// A domain of this host, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnDomainRecord {
    pub(crate) looked_at: i64,
    /// Who takes its mail.
    pub(crate) hosts: Vec<String>,
    /// What it demands of whoever brings mail.
    pub(crate) demand: StoredTransport,
}

impl OwnDomainRecord {
    pub(crate) fn says_other_than(&self, other: &Self) -> bool {
        (&self.hosts, self.demand) != (&other.hosts, other.demand)
    }
}
