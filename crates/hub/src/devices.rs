//! Devices: the browsers that signed in with keys of their own (security.md, "stolen device").
//!
//! A session that a device began is bound to it: what it asks for must be signed with a key that never left the
//! device, so that a stolen cookie opens nothing. A device is known by that key. It stays in the list when it signs out,
//! and whoever removes it ends all of its sessions.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::indices::day_of;
use crate::keys::{self, ObjectType};
use crate::limits::{DEVICE_NAME_CHARS_MAX, DEVICES_MAX, PROOF_MS_MAX};
use crate::networks;
use crate::owner::Plan;
use crate::records::{DeviceRecord, SessionRecord, read};
use bytes::Bytes;
use caliopen_model::{
    Basis, ChangeKind, DeviceEvidence, DeviceId, DeviceKey, DeviceUse, LocalStore, Network, PersonCheck,
    Timestamp,
};
use caliopen_privacy::software::Software;
use caliopen_vault::{BlindKey, DEVICE_SIGNATURE_BYTES, DeviceKeys};
use std::net::IpAddr;

const KIND: &str = "device";
/// Days over which the use of a device is counted.
const USE_DAYS: u32 = 30;

/// Who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// What it calls itself.
    pub name: String,
    /// The device that it is; none for a program without keys.
    pub device: Option<Enrolment>,
}

/// What a device enrols with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its public keys.
    pub keys: DeviceKeys,
    /// Other people use it too: its session is short, and it is trusted with less.
    pub is_shared: bool,
    /// Whether its system and its browser get corrections, as they say.
    pub software: Software,
}

/// Who sends a request, beside the token that it shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asking<'a> {
    /// What shows that it comes from a device.
    pub proof: Option<Proof<'a>>,
    /// Where it comes from; none where that is not known.
    pub from: Option<IpAddr>,
    /// What is said of the system and the browser there.
    pub software: Software,
}

/// What shows that a request comes from a device.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// What was signed: the request, and when.
    pub words: &'a [u8],
    /// When it was signed, by the device's clock.
    pub at: Timestamp,
    /// The signature.
    pub signature: &'a [u8; DEVICE_SIGNATURE_BYTES],
}

/// A device, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// Stable id.
    pub id: DeviceId,
    /// What its person calls it; else what it calls itself.
    pub name: String,
    /// When it signed in first.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Timestamp,
    /// On how many of the last 30 days it was used.
    pub days_used: u8,
    /// Other people use it too.
    pub is_shared: bool,
    /// Whether somebody is signed in there.
    pub is_signed_in: bool,
    /// The one that asks.
    pub is_current: bool,
    /// The network that it is on, of the one that asks.
    pub network: Option<Network>,
    /// What its index follows from.
    pub evidence: Vec<DeviceEvidence>,
}

/// What a person changes of a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DevicePatch {
    /// Its name; an empty one gives back what it calls itself.
    pub name: Option<String>,
    /// Whether other people use it too.
    pub is_shared: Option<bool>,
    /// What the network is that it is on now: of the device that asks alone.
    pub network: Option<Network>,
}

impl From<&str> for Client {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), device: None }
    }
}

/// The device of an enrolment in one account: blind, so that nobody sees that two accounts share a browser.
pub(crate) fn device_id(blind: &BlindKey, keys: &DeviceKeys) -> DeviceId {
    DeviceId::from_bytes(blind.index("device", &keys.to_bytes().0))
}

/// Midnights of UTC from one instant to a later one.
fn days_between(from: i64, to: i64) -> u32 {
    let day = |at| day_of(Timestamp::from_unix_ms(at));
    day(to).saturating_sub(day(from))
}

impl DeviceRecord {
    /// On how many of the last days it was used.
    fn days_used(&self, now: i64) -> u8 {
        (self.days_at(now) & ((1 << USE_DAYS) - 1)).count_ones() as u8
    }

    /// The days of its use, as seen from now: bit 0 is today.
    fn days_at(&self, now: i64) -> u32 {
        self.days.checked_shl(days_between(self.last_used_at, now)).unwrap_or(0)
    }

    /// What is known of it. Nothing is taken from what it says of itself.
    pub(crate) fn evidence(&self, now: i64) -> Vec<DeviceEvidence> {
        let usage = DeviceUse { days_known: self.days_in_all, days_used: self.days_used(now) };
        let person = if self.passkey_at.is_some() { PersonCheck::Passkey } else { PersonCheck::Password };
        let mut evidence = vec![
            DeviceEvidence::Key(DeviceKey::Enrolled),
            DeviceEvidence::Person(person),
            DeviceEvidence::Use(usage),
        ];
        evidence.extend(self.is_shared.then_some(DeviceEvidence::SharedComputer));
        let said = Basis::Declared;
        evidence.extend(self.system.map(|support| DeviceEvidence::System(support.into(), said)));
        evidence.extend(self.browser.map(|support| DeviceEvidence::Browser(support.into(), said)));
        let sealed = DeviceEvidence::LocalStore(LocalStore::Encrypted, said);
        evidence.extend(self.keeps_sealed.then_some(sealed));
        evidence
    }

    /// Writes down what its system and its browser say of themselves.
    pub(crate) fn says(&mut self, software: Software) {
        self.system = software.system.map(Into::into);
        self.browser = software.browser.map(Into::into);
    }

    /// The keys that its requests are signed with and its answers sealed to.
    pub(crate) fn keys(&self) -> Result<DeviceKeys, HubError> {
        DeviceKeys::from_bytes(&self.signing_key, &self.agreement_key).map_err(|_| HubError::Damaged)
    }

    /// Whether a request is this device's, and of now.
    pub(crate) fn has_signed(&self, proof: &Proof<'_>, now: Timestamp) -> Result<bool, HubError> {
        let apart = now.unix_ms().abs_diff(proof.at.unix_ms());
        Ok(apart <= PROOF_MS_MAX && self.keys()?.has_signed(proof.words, proof.signature))
    }

    /// Writes down that it is in use.
    pub(crate) fn use_at(&mut self, now: i64) {
        self.days = self.days_at(now) | 1;
        let is_another_day = days_between(self.last_used_at, now) > 0;
        self.days_in_all = self.days_in_all.saturating_add(u16::from(is_another_day));
        // A clock that jumps back makes no device younger.
        self.last_used_at = self.last_used_at.max(now);
    }
}

impl Hub {
    /// Puts a device that signs in into a plan: a new one, or one that is known by its key. Gives its id, and what the
    /// end of the devices beyond the limit has to forget.
    pub(crate) async fn enrol(
        &self,
        plan: &mut Plan<'_>,
        (id, enrolment): (DeviceId, &Enrolment),
        name: &str,
        person: PersonCheck,
    ) -> Result<Vec<[u8; 32]>, HubError> {
        let now = self.core.clock.now().unix_ms();
        let key = keys::device(id);
        let known = plan.get::<DeviceRecord>(&key).await?;
        let kind = if known.is_some() { ChangeKind::Updated } else { ChangeKind::Created };
        let ended = if known.is_some() { Vec::new() } else { self.make_room_for_device(plan).await? };
        let (signing_key, agreement_key) = enrolment.keys.to_bytes();
        let mut record = match known {
            Some(known) => known,
            None => DeviceRecord {
                signing_key: signing_key.clone(),
                agreement_key: agreement_key.clone(),
                client: Vec::new(),
                name: None,
                created_at: now,
                last_used_at: now,
                days: 1,
                days_in_all: 1,
                is_shared: false,
                keeps_sealed: false,
                system: None,
                browser: None,
                passkey_at: None,
            },
        };
        record.use_at(now);
        record.agreement_key = agreement_key;
        record.is_shared = enrolment.is_shared;
        if person == PersonCheck::Passkey {
            record.passkey_at = Some(now);
        }
        record.says(enrolment.software);
        record.client = plan.seal(KIND, id.as_bytes(), &crate::resolve::cut(name))?;
        plan.put(key, &record);
        plan.changed(ObjectType::Device, id.as_bytes(), kind);
        Ok(ended)
    }

    /// Removes the devices that were not used for longest, beyond the limit.
    async fn make_room_for_device(&self, plan: &mut Plan<'_>) -> Result<Vec<[u8; 32]>, HubError> {
        let mut known = Vec::new();
        for (key, row) in self.core.scan_all(plan.owner().partition(), keys::devices()).await? {
            known.push((read::<DeviceRecord>(&row)?.last_used_at, id_of(&key)?));
        }
        known.sort_unstable();
        let mut ended = Vec::new();
        for (_, id) in known.iter().take((known.len() + 1).saturating_sub(DEVICES_MAX)) {
            ended.extend(self.put_end_of_device(plan, *id).await?);
        }
        Ok(ended)
    }

    /// The devices of the account, the one that was used last first.
    pub async fn devices(&self, access: &Access) -> Result<Vec<DeviceView>, HubError> {
        let mut records = Vec::new();
        for (key, row) in self.core.scan_all(access.partition(), keys::devices()).await? {
            records.push((id_of(&key)?, read::<DeviceRecord>(&row)?));
        }
        let sessions = self.core.scan_all(access.partition(), keys::sessions()).await?;
        let mut signed_in = Vec::with_capacity(sessions.len());
        for (_, row) in sessions {
            signed_in.extend(read::<SessionRecord>(&row)?.device.map(DeviceId::from_bytes));
        }
        for (_, record) in &records {
            let sealed = [Some(&record.client), record.name.as_ref()];
            access.open_epochs(&self.core, sealed.into_iter().flatten().map(Vec::as_slice)).await?;
        }
        records.sort_by_key(|(id, record)| (std::cmp::Reverse(record.last_used_at), *id));
        let (now, network) = (self.core.clock.now().unix_ms(), self.network(access).await?);
        records.iter().map(|record| view(access, record, &signed_in, network, now)).collect()
    }

    /// Changes what a person says of a device. False: there is no such device.
    pub async fn change_device(
        &self,
        access: &Access,
        id: DeviceId,
        patch: &DevicePatch,
    ) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let key = keys::device(id);
        let Some(mut record) = plan.get::<DeviceRecord>(&key).await? else { return Ok(false) };
        if let Some(name) = &patch.name {
            let name: String = name.trim().chars().take(DEVICE_NAME_CHARS_MAX).collect();
            let sealed = plan.seal(KIND, id.as_bytes(), &name)?;
            record.name = Some(sealed).filter(|_| !name.is_empty());
        }
        record.is_shared = patch.is_shared.unwrap_or(record.is_shared);
        if let Some(network) = patch.network.filter(|_| access.device == Some(id)) {
            self.put_network(&mut plan, access, network).await?;
        }
        plan.put(key, &record);
        plan.changed(ObjectType::Device, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(true)
    }

    /// Writes down that the device which asks was given the key of what it keeps: what it keeps is sealed, as the
    /// application says that runs there.
    pub async fn note_sealed_store(&self, access: &Access) -> Result<(), HubError> {
        let Some(id) = access.device else { return Ok(()) };
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let Some(mut record) = plan.get::<DeviceRecord>(&keys::device(id)).await? else { return Ok(()) };
        if !record.keeps_sealed {
            record.keeps_sealed = true;
            plan.put(keys::device(id), &record);
            plan.changed(ObjectType::Device, id.as_bytes(), ChangeKind::Updated);
            self.commit(plan).await?;
        }
        Ok(())
    }

    /// Removes a device: all of its sessions end at once, and it is a stranger when it comes back. False: there is none.
    pub async fn remove_device(&self, access: &Access, id: DeviceId) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        if plan.get::<DeviceRecord>(&keys::device(id)).await?.is_none() {
            return Ok(false);
        }
        let ended = self.put_end_of_device(&mut plan, id).await?;
        self.commit_end(plan, &ended).await?;
        Ok(true)
    }

    /// Puts the end of a device and of its sessions into a plan. Gives the hashes of their tokens.
    async fn put_end_of_device(&self, plan: &mut Plan<'_>, id: DeviceId) -> Result<Vec<[u8; 32]>, HubError> {
        plan.delete(keys::device(id));
        plan.changed(ObjectType::Device, id.as_bytes(), ChangeKind::Destroyed);
        self.end_sessions(plan, |_, session| session.device == Some(*id.as_bytes())).await
    }

    /// Seals words that a device alone opens. They are bound to `purpose`.
    pub fn seal_to_device(
        &self,
        device: &DeviceKeys,
        purpose: &str,
        words: &[u8],
    ) -> Result<Vec<u8>, HubError> {
        let sealed = device.seal_to(purpose, words, &mut |bytes: &mut [u8]| (self.core.entropy)(bytes));
        sealed.map_err(|_| HubError::Damaged)
    }
}

/// What is known of a session without a device: it has no key of its own.
pub(crate) fn unenrolled() -> Vec<DeviceEvidence> {
    vec![DeviceEvidence::Key(DeviceKey::NotEnrolled), DeviceEvidence::Person(PersonCheck::Password)]
}

fn id_of(key: &Bytes) -> Result<DeviceId, HubError> {
    key.last_chunk().copied().map(DeviceId::from_bytes).ok_or(HubError::Damaged)
}

fn view(
    access: &Access,
    (id, record): &(DeviceId, DeviceRecord),
    signed_in: &[DeviceId],
    network: Option<Network>,
    now: i64,
) -> Result<DeviceView, HubError> {
    let words = record.name.as_ref().unwrap_or(&record.client);
    let is_current = access.device == Some(*id);
    let network = network.filter(|_| is_current);
    let mut evidence = record.evidence(now);
    evidence.extend(network.map(networks::evidence));
    Ok(DeviceView {
        id: *id,
        name: access.open(&Sealed { kind: KIND, key: id.as_bytes(), bytes: words })?,
        created_at: Timestamp::from_unix_ms(record.created_at),
        last_used_at: Timestamp::from_unix_ms(record.last_used_at),
        days_used: record.days_used(now),
        is_shared: record.is_shared,
        is_signed_in: signed_in.contains(id),
        is_current,
        network,
        evidence,
    })
}
