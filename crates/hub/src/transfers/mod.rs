//! An account's things come in as files, and go out as one: imports and exports, each with its state and its report.
//!
//! Keys are here only while a request carries them: a transfer works inside the request that streams its bytes. What
//! was committed stays, with the place where the next part of the file begins, so that a request that breaks off, or a
//! server that stops, costs nothing but the rest.

mod archive;
mod export;
mod folders;
mod import;
mod labelling;
mod prepare;
mod store;

pub use export::{Export, ExportKind};
pub use import::{Import, ImportError, ImportWish};

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::TRANSFERS_MAX;
use crate::owner::Plan;
use crate::records::{
    StoredPlace, StoredTransferKind, StoredTransferState, TransferCounts, TransferRecord, TransferWordsRecord,
};
use crate::resolve::cut;
use crate::views::{TransferState, TransferView};
use caliopen_model::{AccountId, ChangeKind, Place, Spot, Timestamp, TransferId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Transfers whose bytes stream now: one for each account.
#[derive(Default)]
pub(crate) struct Running(Arc<Mutex<HashMap<AccountId, TransferId>>>);

impl Running {
    /// Takes the account's place; none while another transfer of it runs.
    pub(crate) fn enter(&self, account: AccountId, id: TransferId) -> Option<Turn> {
        let mut running = self.lock();
        if running.contains_key(&account) {
            return None;
        }
        running.insert(account, id);
        Some(Turn { running: Self(Arc::clone(&self.0)), account })
    }

    fn is_running(&self, account: AccountId, id: TransferId) -> bool {
        self.lock().get(&account) == Some(&id)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, TransferId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a transfer that runs. Dropping it gives it back, also when a request breaks off.
pub(crate) struct Turn {
    running: Running,
    account: AccountId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.running.lock().remove(&self.account);
    }
}

impl Hub {
    /// Every transfer that the account remembers, newest first.
    pub async fn transfer_ids(&self, access: &Access) -> Result<Vec<TransferId>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::transfers()).await?;
        Ok(rows
            .iter()
            .rev()
            .filter_map(|(key, _)| key.last_chunk().copied().map(TransferId::from_bytes))
            .collect())
    }

    /// Transfers by id; none where there is none.
    pub async fn transfers(
        &self,
        access: &Access,
        ids: &[TransferId],
    ) -> Result<Vec<Option<TransferView>>, HubError> {
        let rows = ids.iter().copied().map(keys::transfer).collect();
        let records: Vec<Option<TransferRecord>> = access.rows(&self.core, rows).await?;
        let words = records.iter().flatten().map(|record| record.words.as_slice());
        access.open_epochs(&self.core, words).await?;
        let view = |(id, record): (&TransferId, Option<TransferRecord>)| {
            record.map(|record| self.transfer_view(access, *id, &record)).transpose()
        };
        ids.iter().zip(records).map(view).collect()
    }

    fn transfer_view(
        &self,
        access: &Access,
        id: TransferId,
        record: &TransferRecord,
    ) -> Result<TransferView, HubError> {
        let words: TransferWordsRecord = access.open(&sealed_words(&id, record))?;
        let is_export = record.kind == StoredTransferKind::Export;
        let state = match record.state {
            StoredTransferState::Done => TransferState::Done,
            StoredTransferState::Cancelled => TransferState::Cancelled,
            StoredTransferState::Open if self.transfers.is_running(access.account(), id) => {
                TransferState::Running
            }
            StoredTransferState::Open if is_export => TransferState::Broken,
            StoredTransferState::Open => TransferState::Paused,
        };
        let faults = words.faults.into_iter().map(|fault| {
            let spot = Spot { path: fault.path, number: fault.number, offset: fault.offset };
            (spot, fault.reason.into())
        });
        Ok(TransferView {
            id,
            is_export,
            state,
            name: words.name,
            place: record.place.into(),
            created_at: Timestamp::from_unix_ms(record.created_at),
            changed_at: Timestamp::from_unix_ms(record.changed_at),
            bytes: record.bytes,
            bytes_total: record.bytes_total,
            resume_at: record.resume_at,
            stored: record.counts.stored,
            known: record.counts.known,
            cards: record.counts.cards,
            passed: record.counts.passed,
            faults: faults.collect(),
        })
    }

    /// Writes down that a transfer begins. The oldest ones beyond the limit are forgotten.
    async fn begin_transfer(
        &self,
        access: &Access,
        kind: StoredTransferKind,
        name: &str,
        place: Place,
        bytes_total: Option<u64>,
    ) -> Result<TransferId, HubError> {
        let id = TransferId::from_bytes(self.core.ids.next());
        let now = self.core.clock.now().unix_ms();
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let rows = self.core.scan_all(access.partition(), keys::transfers()).await?;
        let surplus = (rows.len() + 1).saturating_sub(TRANSFERS_MAX);
        for (key, _) in rows.into_iter().take(surplus) {
            let old = key.last_chunk().ok_or(HubError::Damaged)?;
            plan.changed(ObjectType::Transfer, old, ChangeKind::Destroyed);
            plan.delete(key.clone());
        }
        let words = TransferWordsRecord { name: cut(name), faults: Vec::new() };
        let record = TransferRecord {
            kind,
            state: StoredTransferState::Open,
            created_at: now,
            changed_at: now,
            place: StoredPlace::from(place),
            bytes_total,
            bytes: 0,
            resume_at: 0,
            counts: TransferCounts::default(),
            words: plan.seal("transfer", id.as_bytes(), &words)?,
        };
        plan.put(keys::transfer(id), &record);
        plan.changed(ObjectType::Transfer, id.as_bytes(), ChangeKind::Created);
        self.commit(plan).await?;
        Ok(id)
    }

    /// Ends a transfer for good: what was stored by then stays. False: there is none, or it is over.
    pub async fn cancel_transfer(&self, access: &Access, id: TransferId) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let record: Option<TransferRecord> = plan.get(&keys::transfer(id)).await?;
        let Some(record) = record.filter(|record| record.state == StoredTransferState::Open) else {
            return Ok(false);
        };
        let state = StoredTransferState::Cancelled;
        let changed_at = self.core.clock.now().unix_ms();
        put_transfer(&mut plan, id, &TransferRecord { state, changed_at, ..record });
        self.commit(plan).await?;
        Ok(true)
    }

    /// Forgets a transfer and its report. One that runs is ended. False: there is none.
    pub async fn forget_transfer(&self, access: &Access, id: TransferId) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        if plan.get::<TransferRecord>(&keys::transfer(id)).await?.is_none() {
            return Ok(false);
        }
        plan.delete(keys::transfer(id));
        plan.changed(ObjectType::Transfer, id.as_bytes(), ChangeKind::Destroyed);
        self.commit(plan).await?;
        Ok(true)
    }
}

fn sealed_words<'a>(id: &'a TransferId, record: &'a TransferRecord) -> Sealed<'a> {
    Sealed { kind: "transfer", key: id.as_bytes(), bytes: &record.words }
}

fn put_transfer(plan: &mut Plan<'_>, id: TransferId, record: &TransferRecord) {
    plan.put(keys::transfer(id), record);
    plan.changed(ObjectType::Transfer, id.as_bytes(), ChangeKind::Updated);
}
