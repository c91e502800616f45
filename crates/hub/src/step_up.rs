//! Step-up: in an open session, its person shows that it is still them. What asks for it may be done for
//! [`STEP_UP_MS`](crate::limits::STEP_UP_MS) from then on, in this session alone.
//!
//! A password does not do: whoever looked over a shoulder at a sign-in knows it, and a browser fills it in.

use crate::Hub;
use crate::access::Access;
use crate::challenges::Purpose;
use crate::error::HubError;
use crate::gate;
use crate::indices::sent;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::passkeys::{Presented, Request};
use crate::passwords::SignInError;
use crate::records::{DeviceRecord, SessionRecord};
use caliopen_factors::webauthn::RelyingParty;
use caliopen_model::{ChangeKind, PersonCheck, Timestamp};

/// What will do for a step-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUpWays {
    /// One of these passkeys; none: the account has none on this host.
    pub passkeys: Option<Request>,
    /// A code of the app.
    pub codes: bool,
    /// The recovery code.
    pub recovery_code: bool,
}

impl Hub {
    /// How this session can step up.
    pub async fn step_up_ways(
        &self,
        access: &Access,
        party: Option<&RelyingParty>,
    ) -> Result<StepUpWays, HubError> {
        let second = self.second_factor(access).await?;
        let records = self.passkey_records(access.partition()).await?;
        let is_of = |host: &str| party.is_some_and(|party| party.id == host);
        let ours = records.into_iter().filter(|(_, record)| is_of(&record.party) && !record.is_copied);
        let credentials: Vec<Vec<u8>> = ours.map(|(_, record)| record.credential_id).collect();
        let request = |party: &RelyingParty| Request {
            challenge: self.challenges.ask(&self.core, Purpose::StepUp(access.session), party),
            credentials: credentials.clone(),
        };
        Ok(StepUpWays {
            passkeys: party.filter(|_| !credentials.is_empty()).map(request),
            codes: second.has_codes,
            recovery_code: self.profile(access).await?.recovery_confirmed,
        })
    }

    /// Steps up by a passkey of the account. Gives the instant that counts from now on.
    pub async fn step_up_by_passkey(
        &self,
        access: &Access,
        party: &RelyingParty,
        presented: &Presented<'_>,
    ) -> Result<Timestamp, SignInError> {
        self.count_inside(access)?;
        let purpose = Purpose::StepUp(access.session);
        let believed = self.believe(purpose, Some(access.account()), party, presented).await?;
        believed.ok_or(SignInError::Credentials)?;
        self.stepped_up(access, PersonCheck::Passkey).await
    }

    /// Steps up by a code of the app.
    pub async fn step_up_by_code(&self, access: &Access, code: &str) -> Result<Timestamp, SignInError> {
        self.count_inside(access)?;
        self.check_code(access, code).await.map_err(|error| match error {
            SignInError::WrongSecondFactor => SignInError::Credentials,
            other => other,
        })?;
        self.stepped_up(access, PersonCheck::Password).await
    }

    /// Steps up by the recovery code. It stays as it is.
    pub async fn step_up_by_recovery_code(
        &self,
        access: &Access,
        code: &str,
    ) -> Result<Timestamp, SignInError> {
        self.count_inside(access)?;
        self.open_by_code(access.account(), code, true).await?.ok_or(SignInError::Credentials)?;
        self.stepped_up(access, PersonCheck::Password).await
    }

    /// Ends what a step-up gave this session. One that had none stays as it is.
    pub async fn end_step_up(&self, access: &Access) -> Result<(), HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let key = keys::session(access.session);
        let session =
            plan.get::<SessionRecord>(&key).await?.filter(|session| session.stepped_up_at.is_some());
        let Some(session) = session else { return Ok(()) };
        plan.put(key, &SessionRecord { stepped_up_at: None, ..session });
        plan.changed(ObjectType::Session, access.session.as_bytes(), ChangeKind::Updated);
        gate::changed(&mut plan);
        self.commit(plan).await?;
        Ok(())
    }

    /// Asks for the person of a session: it stepped up a moment ago, or they know the password.
    pub(crate) async fn ask_for_person(
        &self,
        access: &Access,
        password: Option<&str>,
    ) -> Result<(), SignInError> {
        match password {
            _ if access.is_stepped_up(self.core.clock.now()) => Ok(()),
            Some(password) => self.check_password(access, password).await.map(|_| ()),
            None => Err(SignInError::Credentials),
        }
    }

    fn count_inside(&self, access: &Access) -> Result<(), SignInError> {
        self.attempts
            .allow_inside(*access.account().as_bytes(), self.core.clock.now())
            .map_err(|retry_after_s| SignInError::Rate { retry_after_s })
    }

    /// Writes down that the person of this session was just there, and how they showed it.
    async fn stepped_up(&self, access: &Access, person: PersonCheck) -> Result<Timestamp, SignInError> {
        self.attempts.forgive(*access.account().as_bytes());
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let (now, key) = (plan.now(), keys::session(access.session));
        // It may have been ended since it was read: then it stays ended.
        let session = plan.get::<SessionRecord>(&key).await?;
        let session = session.ok_or(SignInError::Credentials)?;
        plan.put(key, &SessionRecord { stepped_up_at: Some(now.unix_ms()), ..session });
        plan.changed(ObjectType::Session, access.session.as_bytes(), ChangeKind::Updated);
        gate::changed(&mut plan);
        if let Some(id) = access.device.filter(|_| person == PersonCheck::Passkey)
            && let Some(device) = plan.get::<DeviceRecord>(&keys::device(id)).await?
        {
            plan.put(keys::device(id), &DeviceRecord { passkey_at: Some(now.unix_ms()), ..device });
            plan.changed(ObjectType::Device, id.as_bytes(), ChangeKind::Updated);
            sent::changed(&mut plan);
        }
        self.commit(plan).await?;
        Ok(now)
    }
}
