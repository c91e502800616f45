//! The gate: what leaves for a device on its network, by how private it is (privacy-index.md, "The gate").
//!
//! It is decided once for each request, and asked wherever words leave the account: the index of the device and its
//! network against what the user demands for each level. What is held back keeps its place and its people, and loses what
//! it says. Whoever showed lately that they are the account's person sees all of it, wherever they are.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::STEP_UP_MS;
use crate::owner::Plan;
use crate::records::{
    DeviceRecord, DraftTextRecord, HeadlineRecord, MessageRecord, SummaryRecord, ThresholdsRecord,
};
use bytes::Bytes;
use caliopen_model::{ChangeKind, DeviceEvidence, Level, MessageId, PrivacyIndex, Timestamp};
use caliopen_privacy::device;
use caliopen_privacy::gate::Thresholds;

/// The id that the log calls the only gate of an account by.
const ONLY: [u8; 16] = [0; 16];

/// What a request may see.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    thresholds: Thresholds,
    /// The index of the device on its network.
    device: PrivacyIndex,
    /// Until when its person is known to be there.
    open_until: Option<i64>,
}

/// The gate, as the user sees it from one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateView {
    /// The index of the device that asks, on the network that it is on.
    pub device: PrivacyIndex,
    /// What the user demands for each level.
    pub thresholds: Thresholds,
    /// Everything is shown until then: the user showed that it is them.
    pub open_until: Option<Timestamp>,
    /// The levels that are held back here and now.
    pub hides: Vec<Level>,
    /// What opens it.
    pub ways: Vec<WayBack>,
}

/// What shows that it is the account's person, and opens the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WayBack {
    /// A passkey.
    Passkey,
    /// A code of the second factor.
    Code,
    /// The recovery code, which was confirmed.
    RecoveryCode,
}

/// Why the gate stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Demanding less would show what is held back here.
    #[error(
        "something is held back on this device: show that it is you, or change this on a device that sees all of it"
    )]
    Held,
    /// Nothing would open the gate.
    #[error(
        "confirm your recovery code or add a passkey first: they open the gate where a device is not enough"
    )]
    NoWayBack,
}

impl Default for Gate {
    /// The gate of something that nothing is known of.
    fn default() -> Self {
        Self::of(&[], None, None, 0)
    }
}

impl Gate {
    /// The gate of a device, or of a program without one, now.
    pub(crate) fn of(
        evidence: &[DeviceEvidence],
        thresholds: Option<ThresholdsRecord>,
        stepped_up_at: Option<i64>,
        now: i64,
    ) -> Self {
        // A clock that jumped back makes no step-up newer.
        let is_fresh = |at: &i64| (0..STEP_UP_MS).contains(&now.saturating_sub(*at));
        let open_until = stepped_up_at.filter(is_fresh).map(|at| at.saturating_add(STEP_UP_MS));
        let thresholds = thresholds.map(ThresholdsRecord::read).unwrap_or_default();
        Self { thresholds, device: device::score(evidence), open_until }
    }

    /// Whether what has this score is shown.
    fn shows(&self, score: u8) -> bool {
        self.open_until.is_some()
            || self.thresholds.allows(PrivacyIndex::new(score, false), self.device.score())
    }

    fn hides(&self) -> impl Iterator<Item = Level> {
        let levels = self.thresholds.levels().into_iter();
        levels
            .filter(|(_, asked)| self.open_until.is_none() && self.device.score() < *asked)
            .map(|(level, _)| level)
    }
}

impl ThresholdsRecord {
    fn read(self) -> Thresholds {
        let [sealed, known, private] = self.0;
        Thresholds::wished(sealed, known, private)
    }
}

impl Access {
    /// Whether the words of what has this score leave for whoever asks.
    pub(crate) fn shows(&self, score: u8) -> bool {
        self.gate.shows(score)
    }

    /// Whether anything at all would be held back from whoever asks.
    pub(crate) fn hides_something(&self) -> bool {
        self.gate.hides().next().is_some()
    }
}

impl Hub {
    /// The gate as it stands for whoever asks.
    pub async fn gate(&self, access: &Access) -> Result<GateView, HubError> {
        Ok(GateView {
            device: access.gate.device,
            thresholds: self.thresholds(access).await?,
            open_until: access.gate.open_until.map(Timestamp::from_unix_ms),
            hides: access.gate.hides().collect(),
            ways: self.ways_back(access).await?,
        })
    }

    async fn ways_back(&self, access: &Access) -> Result<Vec<WayBack>, HubError> {
        let second = self.second_factor(access).await?;
        let ways = [
            (WayBack::Passkey, second.passkeys > 0),
            (WayBack::Code, second.has_codes),
            (WayBack::RecoveryCode, self.profile(access).await?.recovery_confirmed),
        ];
        Ok(ways.into_iter().filter(|(_, is_there)| *is_there).map(|(way, _)| way).collect())
    }

    /// Demands other indices of devices. More can be demanded from anywhere, as long as there is a way back; less only
    /// where nothing is held back.
    ///
    /// # Errors
    ///
    /// See [`GateError`]; storage in the outer result.
    pub async fn change_thresholds(
        &self,
        access: &Access,
        wished: Thresholds,
    ) -> Result<Result<(), GateError>, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let before = plan.get::<ThresholdsRecord>(&keys::thresholds()).await?.map(ThresholdsRecord::read);
        let before = before.unwrap_or_default().levels().map(|(_, asked)| asked);
        let after = wished.levels().map(|(_, asked)| asked);
        if before == after {
            return Ok(Ok(()));
        }
        let demands_less = before.iter().zip(after).any(|(before, after)| after < *before);
        if demands_less && access.hides_something() {
            return Ok(Err(GateError::Held));
        }
        if !demands_less && self.ways_back(access).await?.is_empty() {
            return Ok(Err(GateError::NoWayBack));
        }
        plan.put(keys::thresholds(), &ThresholdsRecord(after));
        changed(&mut plan);
        self.commit(plan).await?;
        Ok(Ok(()))
    }

    async fn thresholds(&self, access: &Access) -> Result<Thresholds, HubError> {
        let record = access.row::<ThresholdsRecord>(&self.core, keys::thresholds()).await?;
        Ok(record.map(ThresholdsRecord::read).unwrap_or_default())
    }

    /// The gate for a session of a device, or of a program without one.
    pub(crate) async fn open_gate(
        &self,
        access: &Access,
        device: Option<&DeviceRecord>,
        (thresholds, stepped_up_at): (Option<ThresholdsRecord>, Option<i64>),
    ) -> Result<Gate, HubError> {
        let now = self.core.clock.now().unix_ms();
        let mut evidence = device.map_or_else(crate::devices::unenrolled, |device| device.evidence(now));
        evidence.extend(self.network(access).await?.map(crate::networks::evidence));
        Ok(Gate::of(&evidence, thresholds, stepped_up_at, now))
    }

    /// Whether each of these messages is held back; one that is gone is not.
    pub(crate) async fn are_held(&self, access: &Access, ids: &[MessageId]) -> Result<Vec<bool>, HubError> {
        if !access.hides_something() {
            return Ok(vec![false; ids.len()]);
        }
        let rows: Vec<Bytes> = ids.iter().copied().map(keys::message).collect();
        let records: Vec<Option<MessageRecord>> = access.rows(&self.core, rows).await?;
        Ok(records
            .iter()
            .map(|record| record.as_ref().is_some_and(|record| !access.shows(record.privacy.0)))
            .collect())
    }
}

/// Says in a plan that the gate stands differently: for a session, or for all.
pub(crate) fn changed(plan: &mut Plan<'_>) {
    plan.changed(ObjectType::Gate, &ONLY, ChangeKind::Updated);
}

/// Takes away what a message says, its files among it. Who wrote it, to whom and when stays.
pub(crate) fn hide_summary(summary: &mut SummaryRecord) {
    summary.subject = None;
    summary.excerpt.clear();
    summary.parts.clear();
}

/// The same of what a list shows of it.
pub(crate) fn hide_headline(headline: &mut HeadlineRecord) {
    headline.subject = None;
    headline.excerpt.clear();
}

/// The same of a draft that quotes it.
pub(crate) fn hide_draft(words: &mut DraftTextRecord) {
    words.subject.clear();
    words.text.clear();
    words.html = None;
    words.files.clear();
}
