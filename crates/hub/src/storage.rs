//! How much of this host's disk the mail of an account takes, and how much it may.
//!
//! What counts are the originals of messages and uploaded files, as they lie on the disk: compressed and sealed. Rows and
//! the search index are the host's own affair. The tally stands in the account's head, so that keeping it costs nothing.
//!
//! An account that is full takes nothing more; one that is not takes a whole message, whatever its size. A message to
//! several people is answered once (RFC 5321 §6.1): a limit to the byte would make a sender repeat it to those who have it.

use crate::Hub;
use crate::access::Access;
use crate::accounts::AccountError;
use crate::context::Context;
use crate::error::HubError;
use crate::keys::ObjectType;
use crate::owner::{Owner, Plan};
use crate::records::{StorageRecord, StoredAllowance};
use caliopen_model::{AccountId, ChangeKind, EmailAddress, Handle};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The id that the log calls the only storage of an account by.
pub(crate) const ONLY: [u8; 16] = [0; 16];
/// How often somebody is told that their storage fills where there is no limit, in bytes.
const TOLD_BYTES: u64 = 100_000_000;

/// What the administrator says of the storage of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowance {
    /// As much as everybody here.
    Host,
    /// So many bytes, whatever others have.
    Bytes(u64),
    /// No limit.
    Unlimited,
}

/// The storage of an account, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageView {
    /// What its mail takes.
    pub used: u64,
    /// What it may take, with what quests brought; none without a limit.
    pub allowed: Option<u64>,
    /// What quests brought of it.
    pub earned: u64,
}

impl StorageRecord {
    /// Counts bytes in.
    pub(crate) fn add(&mut self, bytes: u64) {
        self.used = self.used.saturating_add(bytes);
    }

    /// Counts bytes out.
    pub(crate) fn remove(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}

impl Context {
    /// What an account may use and what it does.
    pub(crate) fn storage(&self, record: StorageRecord) -> StorageView {
        let limit = match record.allowance {
            StoredAllowance::Host => self.account_bytes_max(),
            StoredAllowance::Bytes(bytes) => Some(bytes),
            StoredAllowance::Unlimited => None,
        };
        let earned = self.given(record.quests).bytes;
        StorageView {
            used: record.used,
            allowed: limit.map(|limit| limit.saturating_add(earned)),
            earned: if limit.is_some() { earned } else { 0 },
        }
    }

    /// Refuses what an account that is full does not take.
    pub(crate) async fn room(&self, owner: &Arc<Owner>) -> Result<(), HubError> {
        if !self.storage(owner.storage()).is_full() {
            return Ok(());
        }
        // What a commit that failed would have added is counted until the account is read anew.
        let plan = Plan::open(self, owner).await?;
        if self.storage(plan.head.storage).is_full() { Err(HubError::MailboxFull) } else { Ok(()) }
    }

    /// How far an account is filled, in steps that are worth telling: hundredths of what it may use.
    pub(crate) fn storage_step(&self, record: StorageRecord) -> (u64, Option<u64>) {
        let StorageView { used, allowed, .. } = self.storage(record);
        let step = allowed.map_or(TOLD_BYTES, |allowed| allowed / 100).max(1);
        (used / step, allowed)
    }
}

impl StorageView {
    /// It takes nothing more.
    pub fn is_full(&self) -> bool {
        self.allowed.is_some_and(|allowed| self.used >= allowed)
    }
}

impl Hub {
    /// The storage of an account.
    pub async fn storage(&self, access: &Access) -> Result<StorageView, HubError> {
        let plan = Plan::open(&self.core, &access.owner).await?;
        Ok(self.core.storage(plan.head.storage))
    }

    /// What the account of an address uses and may use.
    pub async fn storage_of(&self, address: &EmailAddress) -> Result<StorageView, AccountError> {
        let owner = self.core.owner(self.account_of(address).await?).await?;
        Ok(self.core.storage(Plan::open(&self.core, &owner).await?.head.storage))
    }

    /// Lets the account of an address use so much. What is there beyond it stays; nothing more comes in.
    pub async fn allow_storage(
        &self,
        address: &EmailAddress,
        allowance: Allowance,
    ) -> Result<StorageView, AccountError> {
        let owner = self.core.owner(self.account_of(address).await?).await?;
        let mut plan = Plan::open(&self.core, &owner).await?;
        plan.head.storage.allowance = match allowance {
            Allowance::Host => StoredAllowance::Host,
            Allowance::Bytes(bytes) => StoredAllowance::Bytes(bytes),
            Allowance::Unlimited => StoredAllowance::Unlimited,
        };
        plan.changed(ObjectType::Quota, &ONLY, ChangeKind::Updated);
        let view = self.core.storage(plan.head.storage);
        self.commit(plan).await?;
        Ok(view)
    }

    async fn account_of(&self, address: &EmailAddress) -> Result<AccountId, AccountError> {
        let login = self.core.login(&Handle::email(address)).await?.ok_or(AccountError::Unknown)?;
        Ok(AccountId::from_bytes(login.account))
    }
}
