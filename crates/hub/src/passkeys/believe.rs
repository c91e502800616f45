//! Whether an answer of an authenticator is believed: it answers our challenge with the key that we know.

use crate::Hub;
use crate::challenges::Purpose;
use crate::context::DIRECTORY;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::records::{PasskeyOwnerRecord, PasskeyRecord, read};
use caliopen_factors::webauthn::{self, Asserted, Assertion, CREDENTIAL_ID_BYTES_MAX, Refusal, RelyingParty};
use caliopen_model::{AccountId, ChangeKind, PasskeyId};
use caliopen_vault::PasskeySecret;

/// A passkey that somebody shows.
pub struct Presented<'a> {
    /// The id of its credential.
    pub credential_id: &'a [u8],
    /// Whose it says it is.
    pub user_id: Option<&'a [u8]>,
    /// What it signed.
    pub assertion: Assertion<'a>,
    /// What it gives beside its signature.
    pub secret: Option<PasskeySecret>,
}

/// A passkey that was believed.
pub(crate) struct Believed {
    pub(crate) account: AccountId,
    /// The master key under its secret.
    pub(crate) wrap: Option<Vec<u8>>,
}

impl Hub {
    /// Believes a passkey, or not, and writes down that it was used. Whoever asks limits how often. `of` is the account
    /// that it has to be of, where that is known.
    pub(crate) async fn believe(
        &self,
        purpose: Purpose,
        of: Option<AccountId>,
        party: &RelyingParty,
        presented: &Presented<'_>,
    ) -> Result<Option<Believed>, HubError> {
        let Some((account, id)) = self.passkey_owner(presented.credential_id).await? else { return Ok(None) };
        let is_theirs = presented.user_id.is_none_or(|user| user == account.to_string().as_bytes());
        if !is_theirs || of.is_some_and(|of| of != account) {
            return Ok(None);
        }
        let owner = self.core.owner(account).await?;
        let mut plan = Plan::open(&self.core, &owner).await?;
        let key = keys::passkey(id);
        let Some(mut record) = plan.get::<PasskeyRecord>(&key).await? else { return Ok(None) };
        let asserted = self.check(purpose, party, presented, &record);
        match asserted {
            Ok(Asserted { counter, is_synced }) => {
                (record.counter, record.is_synced) = (counter, is_synced);
                record.used_at = Some(plan.now().unix_ms());
            }
            Err(Refusal::Copied) => record.is_copied = true,
            Err(_) => return Ok(None),
        }
        plan.put(key, &record);
        plan.changed(ObjectType::Passkey, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(asserted.is_ok().then_some(Believed { account, wrap: record.wrap }))
    }

    async fn passkey_owner(&self, credential_id: &[u8]) -> Result<Option<(AccountId, PasskeyId)>, HubError> {
        if credential_id.len() > CREDENTIAL_ID_BYTES_MAX {
            return Ok(None);
        }
        let row = self.core.store.get(DIRECTORY, self.passkey_key(credential_id)).await?;
        let owner: Option<PasskeyOwnerRecord> = row.map(|row| read(&row)).transpose()?;
        Ok(owner.map(|owner| (AccountId::from_bytes(owner.account), PasskeyId::from_bytes(owner.passkey))))
    }

    fn check(
        &self,
        purpose: Purpose,
        party: &RelyingParty,
        presented: &Presented<'_>,
        record: &PasskeyRecord,
    ) -> Result<Asserted, Refusal> {
        let assertion = &presented.assertion;
        let challenge = webauthn::challenge_of(assertion.client_data)?;
        if record.party != party.id || record.is_copied {
            return Err(Refusal::RelyingParty);
        }
        if !self.challenges.take(&self.core, purpose, party, &challenge) {
            return Err(Refusal::Challenge);
        }
        webauthn::assert(party, &challenge, (&record.key, record.counter), assertion)
    }
}
