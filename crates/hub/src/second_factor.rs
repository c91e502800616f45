//! The second factor: what the password is asked for beside it when somebody signs in, a code of an app or a passkey.
//!
//! The app's secret is sealed in the account: the host cannot read it, and it is opened by the master key that the
//! right password opened, before a session begins. Passwords of programs are not asked for anything beside them.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::challenges::Purpose;
use crate::error::HubError;
use crate::indices::sent;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::passkeys::Presented;
use crate::passwords::SignInError;
use crate::records::{AccountRecord, SecondFactorRecord};
use caliopen_factors::totp::{SECRET_BYTES, Secret};
use caliopen_factors::webauthn::RelyingParty;
use caliopen_model::{AccountId, ChangeKind, PersonCheck, SessionId};
use caliopen_vault::MasterKey;
use zeroize::Zeroizing;

const KIND: &str = "second factor";
/// The only object of its type.
pub(crate) const SECOND_FACTOR: [u8; 16] = [0; 16];

/// What somebody shows beside the password.
pub enum Second<'a> {
    /// A code of their app.
    Code(&'a str),
    /// One of their passkeys, asked for by this host.
    Passkey(RelyingParty, Presented<'a>),
}

/// What the password is asked for beside it, as its person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactorView {
    /// Whether it is asked for anything.
    pub is_on: bool,
    /// Whether a code of an app will do.
    pub has_codes: bool,
    /// How many passkeys will do.
    pub passkeys: usize,
}

/// The secret for an app, to be shown once.
pub struct CodeSecret {
    /// As it is typed.
    pub text: Zeroizing<String>,
    /// As it is read from a picture.
    pub uri: Zeroizing<String>,
}

impl Hub {
    /// What the password is asked for beside it.
    pub async fn second_factor(&self, access: &Access) -> Result<SecondFactorView, HubError> {
        let record: Option<SecondFactorRecord> = access.row(&self.core, keys::second_factor()).await?;
        let record = record.unwrap_or_default();
        let passkeys = self.passkey_records(access.partition()).await?;
        Ok(SecondFactorView {
            is_on: record.is_on,
            has_codes: record.secret.is_some(),
            passkeys: passkeys.iter().filter(|(_, record)| !record.is_copied).count(),
        })
    }

    /// Makes a secret for an app. It counts once a code of it was typed back; until then an older one does.
    pub async fn new_code_secret(
        &self,
        access: &Access,
        password: Option<&str>,
        issuer: &str,
    ) -> Result<CodeSecret, SignInError> {
        self.ask_for_person(access, password).await?;
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        (self.core.entropy)(bytes.as_mut_slice());
        let secret = Secret::from_bytes(*bytes);
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let mut record: SecondFactorRecord = plan.get(&keys::second_factor()).await?.unwrap_or_default();
        record.pending = Some(plan.seal(KIND, &SECOND_FACTOR, secret.bytes())?);
        plan.put(keys::second_factor(), &record);
        self.commit(plan).await?;
        let address = self.profile(access).await?.address;
        Ok(CodeSecret { text: secret.text(), uri: secret.uri(issuer, &address) })
    }

    /// Makes the newest secret count, and asks for a code of it from now on. False: it is not a code of it.
    pub async fn confirm_codes(&self, access: &Access, code: &str) -> Result<bool, SignInError> {
        self.count_code(access.account())?;
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let mut record: SecondFactorRecord = plan.get(&keys::second_factor()).await?.unwrap_or_default();
        let Some(pending) = record.pending.take() else { return Ok(false) };
        let secret = open_secret(access, &plan, &pending).await?;
        let Some(step) = secret.step_of(code, plan.now().unix_ms(), None) else { return Ok(false) };
        record =
            SecondFactorRecord { is_on: true, secret: Some(pending), pending: None, last_step: Some(step) };
        put(&mut plan, &record);
        self.commit(plan).await?;
        self.code_attempts.forgive(*access.account().as_bytes());
        Ok(true)
    }

    /// Asks the password for a passkey beside it, or for nothing any more: then the secret of an app is forgotten. False:
    /// there is nothing that it could be asked for.
    pub async fn ask_for_second_factor(
        &self,
        access: &Access,
        password: &str,
        is_on: bool,
    ) -> Result<bool, SignInError> {
        self.check_password(access, password).await?;
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let record: SecondFactorRecord = plan.get(&keys::second_factor()).await?.unwrap_or_default();
        let passkeys = self.passkey_records(access.partition()).await?;
        let is_possible = record.secret.is_some() || passkeys.iter().any(|(_, record)| !record.is_copied);
        if is_on && !is_possible {
            return Ok(false);
        }
        let off = SecondFactorRecord::default();
        put(&mut plan, &if is_on { SecondFactorRecord { is_on, ..record } } else { off });
        self.commit(plan).await?;
        Ok(true)
    }

    /// Checks what stands beside the right password of somebody who signs in, and says how they showed who they are.
    pub(crate) async fn check_second(
        &self,
        account: AccountId,
        master: &MasterKey,
        second: Option<&Second<'_>>,
    ) -> Result<PersonCheck, SignInError> {
        let owner = self.core.owner(account).await.map_err(SignInError::Hub)?;
        let row =
            self.core.store.get(owner.partition(), keys::second_factor()).await.map_err(HubError::from)?;
        let record: Option<SecondFactorRecord> =
            row.map(|row| crate::records::read(&row)).transpose().map_err(HubError::from)?;
        let Some(record) = record.filter(|record| record.is_on) else { return Ok(PersonCheck::Password) };
        match second {
            None => {
                let passkeys = self.passkey_records(owner.partition()).await?;
                let passkeys = passkeys.iter().any(|(_, record)| !record.is_copied);
                Err(SignInError::SecondFactor { codes: record.secret.is_some(), passkeys })
            }
            Some(Second::Code(code)) => {
                let access = self.access_by_master(account, master).await?;
                self.check_code(&access, code).await?;
                Ok(PersonCheck::Password)
            }
            Some(Second::Passkey(party, presented)) => {
                let believed = self.believe(Purpose::SignIn, Some(account), party, presented).await?;
                believed.map(|_| PersonCheck::Passkey).ok_or(SignInError::WrongSecondFactor)
            }
        }
    }

    /// The account, open for as long as it is looked at: no session is begun.
    async fn access_by_master(&self, account: AccountId, master: &MasterKey) -> Result<Access, HubError> {
        let owner = self.core.owner(account).await?;
        let plan = Plan::open(&self.core, &owner).await?;
        let record: AccountRecord = plan.get(&keys::account()).await?.ok_or(HubError::NoAccount)?;
        drop(plan);
        self.access(account, SessionId::from_bytes(self.core.ids.next()), master, &record).await
    }

    /// Takes a code of the app, once.
    pub(crate) async fn check_code(&self, access: &Access, code: &str) -> Result<(), SignInError> {
        self.count_code(access.account())?;
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let mut record: SecondFactorRecord = plan.get(&keys::second_factor()).await?.unwrap_or_default();
        let sealed = record.secret.as_ref().ok_or(SignInError::WrongSecondFactor)?;
        let secret = open_secret(access, &plan, sealed).await?;
        let step = secret.step_of(code, plan.now().unix_ms(), record.last_step);
        record.last_step = Some(step.ok_or(SignInError::WrongSecondFactor)?);
        // Nothing that its person sees: which code was the last.
        plan.put(keys::second_factor(), &record);
        self.commit(plan).await?;
        self.code_attempts.forgive(*access.account().as_bytes());
        Ok(())
    }

    fn count_code(&self, account: AccountId) -> Result<(), SignInError> {
        self.code_attempts
            .allow_inside(*account.as_bytes(), self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })
    }
}

/// Asks for nothing any more, in a plan. True: something was asked for before.
pub(crate) async fn end(plan: &mut Plan<'_>) -> Result<bool, HubError> {
    let record: Option<SecondFactorRecord> = plan.get(&keys::second_factor()).await?;
    let was_on = record.as_ref().is_some_and(|record| record.is_on);
    if record.is_some() {
        put(plan, &SecondFactorRecord::default());
    }
    Ok(was_on)
}

fn put(plan: &mut Plan<'_>, record: &SecondFactorRecord) {
    plan.put(keys::second_factor(), record);
    plan.changed(ObjectType::SecondFactor, &SECOND_FACTOR, ChangeKind::Updated);
    sent::changed(plan);
}

async fn open_secret(access: &Access, plan: &Plan<'_>, sealed: &[u8]) -> Result<Secret, HubError> {
    access.open_planned(plan, std::iter::once(sealed)).await?;
    let sealed = Sealed { kind: KIND, key: &SECOND_FACTOR, bytes: sealed };
    Ok(Secret::from_bytes(access.open::<[u8; SECRET_BYTES]>(&sealed)?))
}
