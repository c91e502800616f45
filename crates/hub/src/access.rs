//! An unlocked account, for the length of one request.

use crate::context::Context;
use crate::error::HubError;
use crate::gate::Gate;
use crate::keys;
use crate::limits::STEP_UP_MS;
use crate::owner::{Owner, Plan};
use crate::records;
use bytes::Bytes;
use caliopen_model::{AccountId, DeviceId, SessionId, Timestamp};
use caliopen_store::Partition;
use caliopen_vault::{
    AccountKeys, BlindKey, DeviceBytes, EpochId, EpochKey, RowName, SealedEpochKey, record_epoch,
};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// The keys of an account while a request is answered. Dropping it locks the account again.
pub struct Access {
    pub(crate) owner: Arc<Owner>,
    pub(crate) session: SessionId,
    pub(crate) device: Option<DeviceId>,
    /// Where the request comes from, as far as it is known.
    pub(crate) from: Option<IpAddr>,
    /// What of it whoever asks may see.
    pub(crate) gate: Gate,
    pub(crate) stepped_up_at: Option<Timestamp>,
    pub(crate) keys: AccountKeys,
    pub(crate) blind: BlindKey,
    /// Epochs that this request opened: a page has few.
    epochs: Mutex<HashMap<EpochId, Arc<EpochKey>>>,
}

/// A sealed record, and where it stands.
pub(crate) struct Sealed<'a> {
    pub(crate) kind: &'a str,
    pub(crate) key: &'a [u8],
    pub(crate) bytes: &'a [u8],
}

impl Access {
    pub(crate) fn new(owner: Arc<Owner>, session: SessionId, keys: AccountKeys, blind: BlindKey) -> Self {
        Self {
            owner,
            session,
            device: None,
            from: None,
            gate: Gate::default(),
            stepped_up_at: None,
            keys,
            blind,
            epochs: Mutex::default(),
        }
    }

    /// The account that is open.
    pub fn account(&self) -> AccountId {
        self.owner.account
    }

    /// The session that opened it.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The device that proved to be the one that asks; none for a program without keys.
    pub fn device(&self) -> Option<DeviceId> {
        self.device
    }

    /// When the person of this session last showed that it is them; none when they only signed in.
    pub fn stepped_up_at(&self) -> Option<Timestamp> {
        self.stepped_up_at
    }

    /// Whether that was less than [`STEP_UP_MS`] before this instant. A clock that jumped back makes nothing newer.
    pub fn is_stepped_up(&self, now: Timestamp) -> bool {
        let since = self.stepped_up_at.map(|at| now.unix_ms().saturating_sub(at.unix_ms()));
        since.is_some_and(|since| (0..STEP_UP_MS).contains(&since))
    }

    /// The key of what one browser keeps of this account on its own disk. It is told to an open session, and to be
    /// forgotten with it unless the person wants to read without a network.
    pub fn device_key(&self, device: &DeviceBytes) -> Zeroizing<[u8; 32]> {
        self.keys.device_key(device)
    }

    pub(crate) fn partition(&self) -> Partition {
        self.owner.partition()
    }

    /// Opens the epochs that these records were sealed in, with one look at the store.
    pub(crate) async fn open_epochs<'a>(
        &self,
        core: &Context,
        records: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), HubError> {
        let wanted = self.unknown(records)?;
        if wanted.is_empty() {
            return Ok(());
        }
        let rows = wanted.iter().map(|id| keys::epoch(&id.0)).collect();
        let found = core.store.get_many(self.partition(), rows).await?;
        self.learn(wanted, found)
    }

    /// The same for records as a plan leaves them: it may have begun their epoch itself.
    pub(crate) async fn open_planned<'a>(
        &self,
        plan: &Plan<'_>,
        records: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), HubError> {
        let wanted = self.unknown(records)?;
        let rows: Vec<Bytes> = wanted.iter().map(|id| keys::epoch(&id.0)).collect();
        let found = plan.get_many(&rows).await?;
        self.learn(wanted, found)
    }

    fn unknown<'a>(&self, records: impl Iterator<Item = &'a [u8]>) -> Result<Vec<EpochId>, HubError> {
        let mut wanted = Vec::new();
        for record in records {
            let id = record_epoch(record)?;
            if !wanted.contains(&id) && !self.known().contains_key(&id) {
                wanted.push(id);
            }
        }
        Ok(wanted)
    }

    fn learn(&self, wanted: Vec<EpochId>, found: Vec<Option<Bytes>>) -> Result<(), HubError> {
        for (id, row) in wanted.into_iter().zip(found) {
            let sealed = SealedEpochKey(row.ok_or(HubError::Damaged)?.to_vec());
            let key = EpochKey::open(&sealed, id, &self.keys, self.account().as_bytes())?;
            self.known().insert(id, Arc::new(key));
        }
        Ok(())
    }

    /// Opens one record whose epoch is open.
    pub(crate) fn open<T: DeserializeOwned>(&self, sealed: &Sealed<'_>) -> Result<T, HubError> {
        let epoch = self.known().get(&record_epoch(sealed.bytes)?).cloned().ok_or(HubError::Damaged)?;
        let account = self.account();
        let row = RowName { account: account.as_bytes(), kind: sealed.kind, key: sealed.key };
        Ok(records::read(&epoch.open_record(&row, sealed.bytes)?)?)
    }

    /// Opens one record, and its epoch before.
    pub(crate) async fn open_one<T: DeserializeOwned>(
        &self,
        core: &Context,
        sealed: &Sealed<'_>,
    ) -> Result<T, HubError> {
        self.open_epochs(core, std::iter::once(sealed.bytes)).await?;
        self.open(sealed)
    }

    /// A row of the account, read.
    pub(crate) async fn row<T: DeserializeOwned>(
        &self,
        core: &Context,
        key: Bytes,
    ) -> Result<Option<T>, HubError> {
        let row = core.store.get(self.partition(), key).await?;
        Ok(row.map(|row| records::read(&row)).transpose()?)
    }

    /// Rows of the account, read, in the order of their keys.
    pub(crate) async fn rows<T: DeserializeOwned>(
        &self,
        core: &Context,
        keys: Vec<Bytes>,
    ) -> Result<Vec<Option<T>>, HubError> {
        let rows = core.store.get_many(self.partition(), keys).await?;
        rows.into_iter().map(|row| Ok(row.map(|row| records::read(&row)).transpose()?)).collect()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<EpochId, Arc<EpochKey>>> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
