//! Coaching: quests that are done once, what was done, and what the host unlocks for it. Nobody else sees any of it, and it
//! is muted by one word.
//!
//! A quest is done when its evidence says so; that is found when somebody looks, written down with its date, and stays.

use crate::Hub;
use crate::access::Access;
use crate::chosen::AddressesView;
use crate::context::Context;
use crate::error::HubError;
use crate::indices::{day_of, sent};
use crate::keys::{self, ObjectType};
use crate::limits::INVITED_LOOKED_AT_MAX;
use crate::owner::Plan;
use crate::records::{CoachingRecord, NetworkRecord, SentToRecord, StoredNetwork, read};
use caliopen_model::{ChangeKind, ContactId, Level, PrivacyIndex, Timestamp};
use caliopen_privacy::quests::{Judged, Quest, Standing, judge};
use caliopen_privacy::user;
use caliopen_store::Direction;

/// The id that the log calls the only coaching of an account by.
const ONLY: [u8; 16] = [0; 16];

/// Something that the host gives for quests: never what protects anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlock {
    /// What is given.
    pub reward: Reward,
    /// How many quests it takes.
    pub quests: usize,
}

/// What a host gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reward {
    /// Colours of the application, by their name there.
    Theme(String),
    /// So many bytes more for the account's mail.
    Storage(u64),
    /// So many addresses more, which the person chooses.
    Addresses(usize),
}

/// What a number of quests brought, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Given {
    /// Bytes for mail.
    pub(crate) bytes: u64,
    /// Addresses to choose.
    pub(crate) addresses: usize,
}

impl Context {
    /// What the host gives for so many quests, but for colours, which a browser keeps to itself.
    pub(crate) fn given(&self, quests: u8) -> Given {
        let mut given = Given::default();
        for unlock in self.unlocks().iter().filter(|unlock| unlock.is_reached(quests.into())) {
            match unlock.reward {
                Reward::Storage(bytes) => given.bytes = given.bytes.saturating_add(bytes),
                Reward::Addresses(addresses) => given.addresses = given.addresses.saturating_add(addresses),
                Reward::Theme(_) => {}
            }
        }
        given
    }
}

impl Unlock {
    const fn is_reached(&self, quests: usize) -> bool {
        quests >= self.quests
    }
}

/// Where a quest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestState {
    /// It can be done; then what the user controls is this much, where that is more than now.
    Open {
        /// 0 to 100.
        projected: Option<u8>,
    },
    /// The user does not want to hear of it.
    Aside,
    /// It was done, and when that was found.
    Done(Timestamp),
}

/// The coaching of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoachingView {
    /// The user wants none.
    pub is_muted: bool,
    /// What the user controls now, 0 to 100; none while nothing is known of it.
    pub yours: Option<u8>,
    /// The quests that there are for this user: those that bring most first, what is done last.
    pub quests: Vec<(Quest, QuestState)>,
    /// Whom to invite: the person to whom most is written on postcards.
    pub invite: Option<ContactId>,
    /// What the host gives, and whether it is reached.
    pub unlocks: Vec<(Unlock, bool)>,
    /// Addresses that they may choose themself, and how many they chose.
    pub addresses: AddressesView,
}

/// What a user says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CoachingPatch {
    /// Whether they want none.
    pub is_muted: Option<bool>,
    /// The quests that they do not want to hear of, all of them.
    pub aside: Option<Vec<Quest>>,
    /// Whom they invited.
    pub invited: Option<ContactId>,
}

impl CoachingRecord {
    fn done(&self, quest: Quest) -> Option<Timestamp> {
        let found = self.done.iter().find(|(known, _)| Quest::from(*known) == quest);
        found.map(|(_, at)| Timestamp::from_unix_ms(*at))
    }

    fn is_aside(&self, quest: Quest) -> bool {
        self.aside.iter().any(|known| Quest::from(*known) == quest)
    }
}

impl Hub {
    /// The coaching as it stands. What was done since somebody looked is written down.
    pub async fn coaching(&self, access: &Access) -> Result<CoachingView, HubError> {
        let mut record: CoachingRecord = access.row(&self.core, keys::coaching()).await?.unwrap_or_default();
        let whole = self.user_privacy(access).await?;
        let invite = self.whom_to_invite(access).await?;
        let standing = Standing {
            evidence: &whole.evidence,
            has_network: self.has_own_network(access).await?,
            writes_postcards: invite.is_some(),
            invitation_helped: self.invitation_helped(access, &record).await?,
        };
        let judged = Quest::ALL.map(|quest| (quest, judge(quest, &standing)));
        let new: Vec<Quest> = judged
            .iter()
            .filter(|(quest, judged)| *judged == Judged::Met && record.done(*quest).is_none())
            .map(|(quest, _)| *quest)
            .collect();
        if !new.is_empty() {
            record = self.note_done(access, &new).await?;
        }
        let done = record.done.len();
        let unlocks = self.core.unlocks().iter().map(|unlock| (unlock.clone(), unlock.is_reached(done)));
        Ok(CoachingView {
            is_muted: record.is_muted,
            yours: user::assess(&whole.evidence).yours,
            quests: quests(&record, judged),
            invite,
            unlocks: unlocks.collect(),
            addresses: self.addresses(access).await?,
        })
    }

    /// Writes down what the user says of their coaching.
    pub async fn change_coaching(&self, access: &Access, patch: &CoachingPatch) -> Result<(), HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let mut record: CoachingRecord = plan.get(&keys::coaching()).await?.unwrap_or_default();
        record.is_muted = patch.is_muted.unwrap_or(record.is_muted);
        if let Some(aside) = &patch.aside {
            record.aside =
                Quest::ALL.into_iter().filter(|quest| aside.contains(quest)).map(Into::into).collect();
        }
        record.invited = patch.invited.map(|contact| *contact.as_bytes()).or(record.invited);
        put(&mut plan, &record);
        self.commit(plan).await
    }

    async fn note_done(&self, access: &Access, new: &[Quest]) -> Result<CoachingRecord, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let mut record: CoachingRecord = plan.get(&keys::coaching()).await?.unwrap_or_default();
        let now = plan.now().unix_ms();
        for quest in new {
            // Another device may have looked at the same time.
            if record.done(*quest).is_none() {
                record.done.push(((*quest).into(), now));
            }
        }
        put(&mut plan, &record);
        self.commit(plan).await?;
        Ok(record)
    }

    async fn has_own_network(&self, access: &Access) -> Result<bool, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::networks()).await?;
        for (_, row) in rows {
            if read::<NetworkRecord>(&row)?.network == StoredNetwork::Known {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The person to whom most was written lately, of those who are reached by postcards alone. A bounded number of people is
    /// looked at.
    async fn whom_to_invite(&self, access: &Access) -> Result<Option<ContactId>, HubError> {
        let first = sent::first_day(day_of(self.core.clock.now()));
        let rows = self
            .core
            .store
            .scan(access.partition(), keys::all_sent_to(), INVITED_LOOKED_AT_MAX, Direction::Forward)
            .await?;
        let mut most = None;
        for (key, row) in rows {
            let record: SentToRecord = read(&row)?;
            let lately = record.messages.iter().filter(|(day, _)| *day >= first);
            let messages: u32 = lately.map(|(_, messages)| u32::from(*messages)).sum();
            let contact = key.last_chunk().copied().map(ContactId::from_bytes).ok_or(HubError::Damaged)?;
            if messages > 0 && is_postcard(record.index) {
                most = most.max(Some((messages, contact)));
            }
        }
        Ok(most.map(|(_, contact)| contact))
    }

    async fn invitation_helped(&self, access: &Access, record: &CoachingRecord) -> Result<bool, HubError> {
        let Some(invited) = record.invited else { return Ok(false) };
        let key = keys::sent_to(ContactId::from_bytes(invited));
        let reached: Option<SentToRecord> = access.row(&self.core, key).await?;
        Ok(reached.is_some_and(|reached| !is_postcard(reached.index)))
    }
}

fn is_postcard(score: u8) -> bool {
    matches!(PrivacyIndex::new(score, false).level(), Level::Postcard)
}

fn put(plan: &mut Plan<'_>, record: &CoachingRecord) {
    plan.put(keys::coaching(), record);
    // What is given counts from here on, also while the person is away.
    plan.head.storage.quests = u8::try_from(record.done.len()).unwrap_or(u8::MAX);
    plan.changed(ObjectType::Coaching, &ONLY, ChangeKind::Updated);
}

/// The quests in order: what brings most, what brings nothing that is counted, what is aside, what is done.
fn quests(record: &CoachingRecord, judged: [(Quest, Judged); Quest::ALL.len()]) -> Vec<(Quest, QuestState)> {
    let state = |(quest, judged): (Quest, Judged)| {
        let state = match (record.done(quest), judged) {
            (Some(at), _) => QuestState::Done(at),
            (None, Judged::NotNow | Judged::Met) => return None,
            (None, Judged::Open { .. }) if record.is_aside(quest) => QuestState::Aside,
            (None, Judged::Open { projected }) => QuestState::Open { projected },
        };
        Some((quest, state))
    };
    let mut quests: Vec<(Quest, QuestState)> = judged.into_iter().filter_map(state).collect();
    quests.sort_by_key(|(_, state)| match state {
        QuestState::Open { projected } => (0, u8::MAX - projected.unwrap_or(0)),
        QuestState::Aside => (1, 0),
        QuestState::Done(_) => (2, 0),
    });
    quests
}
