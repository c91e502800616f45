//! Seals records to the account while it is locked (docs/decisions/0001-sealing-epochs.md).

use crate::clock::Entropy;
use crate::error::HubError;
use crate::limits::{EPOCH_AGE_MS_MAX, EPOCH_RECORDS_MAX};
use crate::records;
use caliopen_model::{AccountId, Timestamp};
use caliopen_vault::{AccountPublicKey, EpochKey, PublicKeyError, RowName, SealedEpochKey};
use serde::Serialize;

/// The epoch key that is in memory now.
pub(super) struct ActiveEpoch {
    key: EpochKey,
    records_left: u32,
    ends_at: Timestamp,
}

impl ActiveEpoch {
    /// A new epoch, and its key sealed to the account: to be stored with its first record.
    pub(super) fn start(
        account: AccountId,
        recipient: &AccountPublicKey,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<(Self, SealedEpochKey), PublicKeyError> {
        let key = EpochKey::generate(&mut |bytes| entropy(bytes));
        let sealed = key.seal_to(recipient, account.as_bytes(), &mut |bytes| entropy(bytes))?;
        Ok((Self { key, records_left: EPOCH_RECORDS_MAX, ends_at: now.plus_ms(EPOCH_AGE_MS_MAX) }, sealed))
    }

    /// Whether it may seal one more record. A clock that went back ends it too.
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        self.records_left > 0 && now < self.ends_at && now.plus_ms(EPOCH_AGE_MS_MAX) >= self.ends_at
    }

    pub(super) fn id(&self) -> [u8; 8] {
        self.key.id().0
    }

    /// Seals a record for its row.
    pub(super) fn seal(&mut self, row: &RowName<'_>, plaintext: &[u8], entropy: &Entropy) -> Vec<u8> {
        self.records_left = self.records_left.saturating_sub(1);
        self.key.seal_record(row, plaintext, &mut |bytes| entropy(bytes))
    }
}

/// A record and where it will stand: its kind, its key, itself.
type Placed<'a, T> = (&'a str, &'a [u8], &'a T);

/// What a new account's first epoch sealed.
pub(crate) struct FirstSealed {
    /// The epoch's id, and its key sealed to the account.
    pub(crate) epoch: ([u8; 8], Vec<u8>),
    pub(crate) first: Vec<u8>,
    pub(crate) second: Vec<u8>,
}

/// Seals the first two records of an account that has no owner yet.
pub(crate) fn seal_new_account<A: Serialize, B: Serialize>(
    account: AccountId,
    recipient: &AccountPublicKey,
    now: Timestamp,
    entropy: &Entropy,
    (first, second): (Placed<'_, A>, Placed<'_, B>),
) -> Result<FirstSealed, HubError> {
    let (mut epoch, sealed_key) =
        ActiveEpoch::start(account, recipient, now, entropy).map_err(|_| HubError::Damaged)?;
    let row = |kind, key| RowName { account: account.as_bytes(), kind, key };
    let first = epoch.seal(&row(first.0, first.1), &records::write(first.2), entropy);
    let second = epoch.seal(&row(second.0, second.1), &records::write(second.2), entropy);
    Ok(FirstSealed { epoch: (epoch.id(), sealed_key.0), first, second })
}
