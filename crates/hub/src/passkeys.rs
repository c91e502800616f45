//! Passkeys: what opens an account by a touch. The server keeps a public key, and the master key under a secret that the
//! authenticator alone gives (vault); without that secret a passkey shows that it is its person, and opens nothing.
//!
//! The directory leads from the blind index of a credential's id to its account, so that nobody has to say who they are
//! before they sign in, and nobody learns from an address whether somebody has one.

mod add;
mod believe;

pub use add::{Creation, NewPasskey};
pub use believe::Presented;

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::challenges::Purpose;
use crate::context::DIRECTORY;
use crate::error::HubError;
use crate::indices::sent;
use crate::keys::{self, ObjectType};
use crate::limits::{PASSKEY_NAME_CHARS_MAX, PASSKEYS_MAX};
use crate::owner::Plan;
use crate::passwords::SignInError;
use crate::records::{DeviceRecord, PasskeyRecord, SecondFactorRecord, read};
use bytes::Bytes;
use caliopen_factors::webauthn::{CHALLENGE_BYTES, RelyingParty};
use caliopen_model::{ChangeKind, PasskeyId, Timestamp};
use caliopen_store::{Batch, Partition};

const KIND: &str = "passkey";

/// A passkey, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyView {
    /// Stable id.
    pub id: PasskeyId,
    /// What its person calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used; none before.
    pub used_at: Option<Timestamp>,
    /// Whether it opens the account by itself. One that does not shows that it is its person.
    pub can_sign_in: bool,
    /// Whether it is kept with other devices of its person, too.
    pub is_synced: bool,
    /// There are two of it: it is believed no more.
    pub is_copied: bool,
}

/// What a browser asks an authenticator for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What it is to sign.
    pub challenge: [u8; CHALLENGE_BYTES],
    /// The credentials that will do; none when it may choose among those of this host.
    pub credentials: Vec<Vec<u8>>,
}

/// Why nothing was done with a passkey.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The password, or none where one was needed.
    #[error(transparent)]
    NotProved(#[from] SignInError),
    /// What the browser sent is not believed.
    #[error("this is not an answer to the question that was asked here, or it came too late: try again")]
    Refused,
    /// It is in somebody's list already.
    #[error("this passkey is known already")]
    Known,
    /// Beyond the limit of one account.
    #[error("an account has at most {PASSKEYS_MAX} of them: remove one that you do not use")]
    TooMany,
    /// Without it nobody could sign in.
    #[error("signing in by the password asks for a passkey: turn that off first, or add another one")]
    Needed,
    /// No name, or too long a one.
    #[error("say what it is called, in at most {PASSKEY_NAME_CHARS_MAX} characters")]
    Name,
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl From<caliopen_store::StoreError> for PasskeyError {
    fn from(error: caliopen_store::StoreError) -> Self {
        Self::Hub(error.into())
    }
}

impl Hub {
    /// What a browser asks for before it is known who signs in. Says nothing of any account.
    pub fn ask_to_sign_in(&self, party: &RelyingParty) -> Request {
        let challenge = self.challenges.ask(&self.core, Purpose::SignIn, party);
        Request { challenge, credentials: Vec::new() }
    }

    /// The passkeys of the account, the oldest first.
    pub async fn passkeys(&self, access: &Access) -> Result<Vec<PasskeyView>, HubError> {
        let records = self.passkey_records(access.partition()).await?;
        access.open_epochs(&self.core, records.iter().map(|(_, record)| record.name.as_slice())).await?;
        records.iter().map(|(id, record)| view(access, *id, record)).collect()
    }

    /// Their rows.
    pub(crate) async fn passkey_records(
        &self,
        partition: Partition,
    ) -> Result<Vec<(PasskeyId, PasskeyRecord)>, HubError> {
        let mut records = Vec::new();
        for (key, row) in self.core.scan_all(partition, keys::passkeys()).await? {
            let id = key.last_chunk().copied().map(PasskeyId::from_bytes).ok_or(HubError::Damaged)?;
            records.push((id, read(&row)?));
        }
        Ok(records)
    }

    /// Calls one by another name. False: there is no such passkey.
    pub async fn rename_passkey(
        &self,
        access: &Access,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, PasskeyError> {
        let name = checked_name(name)?;
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let key = keys::passkey(id);
        let Some(mut record) = plan.get::<PasskeyRecord>(&key).await? else { return Ok(false) };
        record.name = plan.seal(KIND, id.as_bytes(), &name)?;
        plan.put(key, &record);
        plan.changed(ObjectType::Passkey, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(true)
    }

    /// Removes one: it opens nothing any more. Sessions that it began go on. False: there is no such passkey.
    ///
    /// # Errors
    ///
    /// When it is the last thing that a password is asked for beside it.
    pub async fn remove_passkey(&self, access: &Access, id: PasskeyId) -> Result<bool, PasskeyError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let key = keys::passkey(id);
        let Some(record) = plan.get::<PasskeyRecord>(&key).await? else { return Ok(false) };
        let records = self.passkey_records(access.partition()).await?;
        if !records.iter().any(|(other, record)| *other != id && !record.is_copied) {
            let second: SecondFactorRecord = plan.get(&keys::second_factor()).await?.unwrap_or_default();
            if second.is_on && second.secret.is_none() {
                return Err(PasskeyError::Needed);
            }
            self.forget_proofs(&mut plan).await?;
        }
        plan.delete(key);
        plan.changed(ObjectType::Passkey, id.as_bytes(), ChangeKind::Destroyed);
        self.commit(plan).await?;
        let deletes = vec![self.passkey_key(&record.credential_id)];
        self.core.store.commit(DIRECTORY, Batch { deletes, ..Batch::default() }).await?;
        Ok(true)
    }

    /// Without any passkey, no device is used by one.
    async fn forget_proofs(&self, plan: &mut Plan<'_>) -> Result<(), HubError> {
        for (key, row) in self.core.scan_all(plan.owner().partition(), keys::devices()).await? {
            let record: DeviceRecord = read(&row)?;
            if record.passkey_at.is_some() {
                if let Some(id) = key.last_chunk() {
                    plan.changed(ObjectType::Device, id, ChangeKind::Updated);
                }
                plan.put(key, &DeviceRecord { passkey_at: None, ..record });
                sent::changed(plan);
            }
        }
        Ok(())
    }

    /// Where the directory says whose credential this is.
    fn passkey_key(&self, credential_id: &[u8]) -> Bytes {
        keys::passkey_owner(&self.core.node.index("passkey", credential_id))
    }
}

/// A name that somebody can tell from others.
fn checked_name(name: &str) -> Result<&str, PasskeyError> {
    let name = name.trim();
    let is_name = !name.is_empty() && !name.chars().any(char::is_control);
    let is_short = name.chars().count() <= PASSKEY_NAME_CHARS_MAX;
    if is_name && is_short { Ok(name) } else { Err(PasskeyError::Name) }
}

fn view(access: &Access, id: PasskeyId, record: &PasskeyRecord) -> Result<PasskeyView, HubError> {
    let name = Sealed { kind: KIND, key: id.as_bytes(), bytes: &record.name };
    Ok(PasskeyView {
        id,
        name: access.open(&name)?,
        created_at: Timestamp::from_unix_ms(record.created_at),
        used_at: record.used_at.map(Timestamp::from_unix_ms),
        can_sign_in: record.wrap.is_some() && !record.is_copied,
        is_synced: record.is_synced,
        is_copied: record.is_copied,
    })
}
