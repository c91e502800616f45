//! A message that another program kept, read and sealed before the account is asked: everything that costs time happens
//! while nobody waits for the account's owner.

use super::archive::Beside;
use crate::IdentityView;
use crate::blobs::{self, SealedBlob};
use crate::classify::Known;
use crate::context::{Context, without_tag};
use crate::error::HubError;
use crate::receive::{Assessed, gather};
use crate::resolve::Resolved;
use crate::standing::Kept;
use bytes::Bytes;
use caliopen_connect::{Format, Verified};
use caliopen_model::{
    Direction, Handle, IdentityId, KeptMessage, Message, MessageId, Participant, Place, Protocol, Timestamp,
};
use caliopen_store::{BlobKey, Partition};

/// The first day of 1980: before it nobody sent mail that is still kept.
const EARLIEST_MS: i64 = 315_532_800_000;

/// A message, where it goes, and what an archive of ours says of it.
pub(super) struct Source {
    pub(super) message: KeptMessage,
    pub(super) place: Place,
    /// What the conversation is to be labelled with.
    pub(super) labels: Vec<String>,
    pub(super) beside: Option<Beside>,
}

/// The user's own addresses.
pub(super) struct Own(Vec<(String, IdentityId)>);

impl Own {
    pub(super) fn new(identities: Vec<IdentityView>) -> Self {
        let own = |identity: IdentityView| (canonical(&identity.address), identity.id);
        Self(identities.into_iter().map(own).collect())
    }

    fn find(&self, handle: &Handle) -> Option<IdentityId> {
        let canonical = without_tag(&handle.canonical());
        self.0.iter().find(|(own, _)| *own == canonical).map(|(_, id)| *id)
    }

    fn find_address(&self, address: &str) -> Option<IdentityId> {
        self.0.iter().find(|(own, _)| *own == canonical(address)).map(|(_, id)| *id)
    }

    /// The identity that a message came to, or left from: the first when it names none of them.
    fn of(&self, message: &Message) -> Option<IdentityId> {
        let people = message.from.iter().chain(&message.to).chain(&message.cc);
        people.into_iter().find_map(|person| self.find(&person.handle)).or(self.0.first().map(|(_, id)| *id))
    }
}

fn canonical(address: &str) -> String {
    without_tag(&Handle::literal(Protocol::Email, address).canonical())
}

/// A message that is ready to be placed.
pub(super) struct Ready {
    pub(super) id: MessageId,
    pub(super) assessed: Assessed,
    pub(super) blob: SealedBlob,
    pub(super) identity: IdentityId,
    pub(super) kept: Kept,
    pub(super) bcc: Vec<Participant>,
    /// The user's own name for the conversation.
    pub(super) title: Option<String>,
    pub(super) labels: Vec<String>,
    pub(super) pinned: bool,
    pub(super) muted: bool,
}

/// Reads and seals a message. A large blob is durable when this returns.
pub(super) async fn prepare(
    core: &Context,
    partition: Partition,
    format: &dyn Format,
    own: &Own,
    source: Source,
) -> Result<Ready, HubError> {
    let Source { message: kept, place, labels, beside } = source;
    let now = core.clock.now();
    let (message, _defects) = format.parse(&kept.raw);
    let sent = message.from.first().is_some_and(|author| own.find(&author.handle).is_some());
    let beside = beside.as_ref();
    let direction =
        beside.map_or(if sent { Direction::Sent } else { Direction::Received }, Beside::direction);
    let identity = beside.and_then(|beside| own.find_address(&beside.identity));
    let identity = identity.or_else(|| own.of(&message)).ok_or(HubError::Damaged)?;
    // Its evidence is what this host saw of it: nothing, but that it is sealed here. An archive of ours brings along
    // what its host saw.
    let evidence = beside.map_or_else(|| gather(Verified::default()), Beside::evidence);
    let assessment = caliopen_privacy::assess(&evidence);
    let at = beside.map_or_else(
        || received_at(&[message.sent_at, kept.at], now),
        |beside| Timestamp::from_unix_ms(beside.received_at).min(now),
    );
    let marks = Kept {
        seen: direction == Direction::Sent
            || beside.map_or(kept.marks.seen.unwrap_or(true), |beside| beside.seen),
        flagged: beside.map_or(kept.marks.flagged, |beside| beside.flagged),
        place: place.into(),
        now: now.unix_ms(),
    };
    let compressed = blobs::compress(&kept.raw);
    let id = MessageId::from_bytes(core.ids.next());
    let blob = blobs::seal(core, partition, BlobKey(*id.as_bytes()), &compressed).await?;
    let assessed = Assessed {
        protocol: format.protocol(),
        direction,
        at,
        size_bytes: kept.raw.len() as u64,
        index: assessment.index,
        suspicious: assessment.suspicious,
        message,
        evidence,
        returned: Vec::new(),
        reported: Vec::new(),
        is_own_report: false,
        inside: None,
        raw: Bytes::from(kept.raw),
        compressed: Vec::new(),
    };
    let bcc = beside.map_or_else(Vec::new, bcc);
    Ok(Ready {
        id,
        assessed,
        blob,
        identity,
        kept: marks,
        bcc,
        title: beside.and_then(|beside| beside.title.clone()),
        labels,
        pinned: beside.is_some_and(|beside| beside.pinned),
        muted: beside.is_some_and(|beside| beside.muted),
    })
}

fn bcc(beside: &Beside) -> Vec<Participant> {
    let person = |(name, address): &(Option<String>, String)| Participant {
        name: name.clone(),
        handle: Handle::literal(Protocol::Email, address.as_str()),
    };
    beside.bcc.iter().map(person).collect()
}

/// When a message came, as far as anybody says: its own date, else the file's, where they can be true.
fn received_at(said: &[Option<Timestamp>], now: Timestamp) -> Timestamp {
    let earliest = Timestamp::from_unix_ms(EARLIEST_MS);
    said.iter().flatten().copied().find(|at| (earliest..=now).contains(at)).unwrap_or(now)
}

/// What importance asks of an old message. It is never the first of its author: that would be news.
pub(super) fn known(message: &Message, author: Option<&Resolved>, suspicious: bool) -> Known {
    let author = author.filter(|_| !suspicious);
    Known {
        author_confirmed: author.is_some_and(|author| author.handle.confirmed),
        user_wrote: author.is_some_and(|author| author.handle.written_to),
        first_time: false,
        is_reply: !message.references.is_empty(),
        suspicious,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_counts_only_where_it_can_be_true() {
        let at = |ms| Some(Timestamp::from_unix_ms(ms));
        let now = Timestamp::from_unix_ms(1_700_000_000_000);
        let check = |said: &[Option<Timestamp>], expected: i64| {
            assert_eq!(received_at(said, now).unix_ms(), expected, "{said:?}");
        };
        check(&[at(1_600_000_000_000), at(1_650_000_000_000)], 1_600_000_000_000);
        check(&[at(1_900_000_000_000), at(1_650_000_000_000)], 1_650_000_000_000);
        check(&[at(0), None], 1_700_000_000_000);
        check(&[None, at(1_650_000_000_000)], 1_650_000_000_000);
    }
}
