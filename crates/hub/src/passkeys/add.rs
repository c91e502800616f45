//! Adding a passkey: asked for by whoever knows the password or just stepped up, then kept with the master key under its
//! secret, which the session that asked has at hand.

use super::{KIND, PasskeyError, PasskeyView, checked_name};
use crate::Hub;
use crate::access::Access;
use crate::challenges::{Challenge, Purpose};
use crate::context::DIRECTORY;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::PASSKEYS_MAX;
use crate::owner::Plan;
use crate::passwords::SignInError;
use crate::records::{PasskeyOwnerRecord, PasskeyRecord, SessionRecord, write};
use caliopen_factors::webauthn::{self, Credential, Registration, RelyingParty};
use caliopen_model::{ChangeKind, PasskeyId, Timestamp};
use caliopen_store::{Batch, Expect, StoreError};
use caliopen_vault::{MasterKey, PasskeySecret, SessionToken};

/// What a browser asks a new authenticator for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// What it is to answer.
    pub challenge: Challenge,
    /// Whose passkey it will be, for the authenticator and for the browser that shows it: the account's id, as text.
    pub user_id: String,
    /// Whose it will be, for its person.
    pub address: String,
    /// Credentials that its person has already.
    pub known: Vec<Vec<u8>>,
}

/// A passkey that a browser made.
pub struct NewPasskey<'a> {
    /// What its person calls it.
    pub name: &'a str,
    /// What the browser and the authenticator say.
    pub registration: Registration<'a>,
    /// What it gives beside its signature; none when it gives nothing.
    pub secret: Option<PasskeySecret>,
}

impl Hub {
    /// Begins to add a passkey, for whoever knows the password, or stepped up a moment ago.
    ///
    /// # Errors
    ///
    /// When it is neither, or the account has as many as it may.
    pub async fn ask_for_passkey(
        &self,
        access: &Access,
        password: Option<&str>,
        party: &RelyingParty,
    ) -> Result<Creation, PasskeyError> {
        self.ask_for_person(access, password).await?;
        let known = self.passkey_records(access.partition()).await?;
        if known.len() >= PASSKEYS_MAX {
            return Err(PasskeyError::TooMany);
        }
        let known = known.into_iter().filter(|(_, record)| record.party == party.id);
        Ok(Creation {
            challenge: self.challenges.ask(&self.core, Purpose::Add(access.session), party),
            user_id: access.account().to_string(),
            address: self.profile(access).await?.address,
            known: known.map(|(_, record)| record.credential_id).collect(),
        })
    }

    /// Adds what the browser made of it. `token` is that of the session: the master key is under it.
    ///
    /// # Errors
    ///
    /// When it answers another question, is known already or has no name.
    pub async fn add_passkey(
        &self,
        access: &Access,
        token: &str,
        party: &RelyingParty,
        new: &NewPasskey<'_>,
    ) -> Result<PasskeyView, PasskeyError> {
        let name = checked_name(new.name)?;
        self.attempts
            .allow_inside(*access.account().as_bytes(), self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })?;
        let credential = self.new_credential(access, party, &new.registration)?;
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        if self.passkey_records(access.partition()).await?.len() >= PASSKEYS_MAX {
            return Err(PasskeyError::TooMany);
        }
        let wrap = match &new.secret {
            Some(secret) => Some(self.wrap_for_passkey(access, token, secret, &plan).await?),
            None => None,
        };
        let (id, now) = (PasskeyId::from_bytes(self.core.ids.next()), plan.now());
        let record = PasskeyRecord {
            credential_id: credential.id,
            key: credential.key,
            party: party.id.clone(),
            counter: credential.counter,
            wrap,
            name: plan.seal(KIND, id.as_bytes(), &name)?,
            created_at: now.unix_ms(),
            used_at: None,
            is_synced: credential.is_synced,
            is_copied: false,
        };
        self.take_passkey(access, id, &record).await?;
        plan.put(keys::passkey(id), &record);
        plan.changed(ObjectType::Passkey, id.as_bytes(), ChangeKind::Created);
        self.commit(plan).await?;
        Ok(created(id, name.to_owned(), now, &record))
    }

    fn new_credential(
        &self,
        access: &Access,
        party: &RelyingParty,
        registration: &Registration<'_>,
    ) -> Result<Credential, PasskeyError> {
        let challenge =
            webauthn::challenge_of(registration.client_data).map_err(|_| PasskeyError::Refused)?;
        if !self.challenges.take(&self.core, Purpose::Add(access.session), party, &challenge) {
            return Err(PasskeyError::Refused);
        }
        webauthn::register(party, &challenge, registration).map_err(|_| PasskeyError::Refused)
    }

    async fn wrap_for_passkey(
        &self,
        access: &Access,
        token: &str,
        secret: &PasskeySecret,
        plan: &Plan<'_>,
    ) -> Result<Vec<u8>, PasskeyError> {
        let master = master_of_session(access, token, plan).await?.ok_or(PasskeyError::Refused)?;
        let mut random = |bytes: &mut [u8]| (self.core.entropy)(bytes);
        Ok(secret.wrap(&master, access.account().as_bytes(), &mut random))
    }

    /// Says in the directory whose credential it is, before the account says so: a row that leads nowhere opens nothing,
    /// and a passkey that nobody finds would.
    async fn take_passkey(
        &self,
        access: &Access,
        id: PasskeyId,
        record: &PasskeyRecord,
    ) -> Result<(), PasskeyError> {
        let key = self.passkey_key(&record.credential_id);
        let owner = PasskeyOwnerRecord { account: *access.account().as_bytes(), passkey: *id.as_bytes() };
        let batch = Batch {
            expect: vec![(key.clone(), Expect::Absent)],
            puts: vec![(key, write(&owner).into())],
            ..Batch::default()
        };
        match self.core.store.commit(DIRECTORY, batch).await {
            Ok(()) => Ok(()),
            Err(StoreError::Expectation) => Err(PasskeyError::Known),
            Err(error) => Err(error.into()),
        }
    }
}

/// The master key, from a session's own wrap of it.
async fn master_of_session(
    access: &Access,
    token: &str,
    plan: &Plan<'_>,
) -> Result<Option<MasterKey>, HubError> {
    let session: Option<SessionRecord> = plan.get(&keys::session(access.session)).await?;
    let (Some(session), Some(token)) = (session, SessionToken::parse(token)) else { return Ok(None) };
    Ok(token.open(&session.wrap, access.account().as_bytes()).ok())
}

fn created(id: PasskeyId, name: String, at: Timestamp, record: &PasskeyRecord) -> PasskeyView {
    PasskeyView {
        id,
        name,
        created_at: at,
        used_at: None,
        can_sign_in: record.wrap.is_some(),
        is_synced: record.is_synced,
        is_copied: false,
    }
}
