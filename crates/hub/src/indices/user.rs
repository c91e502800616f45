//! The index of the user, and what it rests on: what they sent, how their contacts can be reached, their accounts and
//! their devices. Computed when it is read, from rows that events keep; whoever shows it is told of each event.

use super::history::{self, IndexOfDay};
use super::sent;
use crate::Hub;
use crate::access::Access;
use crate::devices;
use crate::error::HubError;
use crate::keys;
use crate::limits::HISTORY_SHOWN_DAYS;
use crate::owner::Plan;
use crate::records::{AccountRecord, HistoryRecord, SecondFactorRecord, SentDayRecord};
use caliopen_model::{
    AccountEvidence, DeviceId, EndToEnd, IdentityId, KeyHolder, PeerService, PrivacyIndex, Recovery,
    SessionId, SignIn, UserEvidence,
};
use caliopen_privacy::user;

/// What the index of a user rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPrivacy {
    /// The evidence, those of accounts and devices among it.
    pub evidence: Vec<UserEvidence>,
    /// For each piece of evidence, whose it is.
    pub subjects: Vec<Subject>,
    /// What the index was, oldest first, of the last 90 days.
    pub history: Vec<IndexOfDay>,
}

/// Whose a piece of evidence of a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Other people's as well.
    Everybody,
    /// An account that the user writes from.
    Account(IdentityId),
    /// A device that the user is signed in on.
    Device(DeviceId),
    /// A program that is signed in without a device of its own.
    Session(SessionId),
}

impl Hub {
    /// The user's index, with everything that it rests on. What it is today is written down where it is new.
    pub async fn user_privacy(&self, access: &Access) -> Result<UserPrivacy, HubError> {
        let today = history::day_of(self.core.clock.now());
        let days = (0..u32::from(user::WINDOW_DAYS)).map(keys::sent_day).collect();
        let days: Vec<Option<SentDayRecord>> = access.rows(&self.core, days).await?;
        let sent = sent::evidence(days.into_iter().flatten(), today);
        let mut all: Vec<(Subject, UserEvidence)> =
            sent.into_iter().map(|fact| (Subject::Everybody, fact)).collect();
        all.extend(self.own_accounts(access).await?);
        all.extend(self.own_devices(access).await?);
        let (subjects, evidence): (Vec<Subject>, Vec<UserEvidence>) = all.into_iter().unzip();
        let history = self.note_user(access, user::score(&evidence)).await?;
        let first = today.saturating_sub(HISTORY_SHOWN_DAYS);
        Ok(UserPrivacy { evidence, subjects, history: history::since(&history, first) })
    }

    async fn own_accounts(&self, access: &Access) -> Result<Vec<(Subject, UserEvidence)>, HubError> {
        let record: AccountRecord =
            access.row(&self.core, keys::account()).await?.ok_or(HubError::NoAccount)?;
        let identities = self.identities(access).await?;
        let second: Option<SecondFactorRecord> = access.row(&self.core, keys::second_factor()).await?;
        let sign_in = second.map_or(SignIn::Password, |second| sign_in(&second));
        let mut all = Vec::with_capacity(identities.len());
        for identity in identities {
            let mut evidence = account_evidence(&record, sign_in);
            evidence.extend(self.own_domain_evidence(&identity.address).await?);
            all.push((Subject::Account(identity.id), UserEvidence::Account(evidence)));
        }
        Ok(all)
    }

    /// Devices in use, and what is signed in without a device of its own.
    async fn own_devices(&self, access: &Access) -> Result<Vec<(Subject, UserEvidence)>, HubError> {
        let active = self.core.clock.now().plus_ms(-user::ACTIVE_MS);
        let devices = self.devices(access).await?.into_iter();
        let in_use = devices.filter(|device| device.is_signed_in && device.last_used_at >= active);
        let mut all: Vec<(Subject, UserEvidence)> = in_use
            .map(|device| (Subject::Device(device.id), UserEvidence::Device(device.evidence)))
            .collect();
        let sessions = self.sessions(access).await?.into_iter();
        let alone = sessions.filter(|session| session.device.is_none() && session.last_used_at >= active);
        all.extend(
            alone.map(|session| (Subject::Session(session.id), UserEvidence::Device(devices::unenrolled()))),
        );
        Ok(all)
    }

    async fn note_user(&self, access: &Access, index: PrivacyIndex) -> Result<HistoryRecord, HubError> {
        let key = keys::history_of_user();
        let record: HistoryRecord = access.row(&self.core, key.clone()).await?.unwrap_or_default();
        if !history::is_new(&record, Some(index)) {
            return Ok(record);
        }
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        history::note(&mut plan, key.clone(), Some(index)).await?;
        let record = plan.get(&key).await?.unwrap_or_default();
        if !plan.is_empty() {
            self.commit(plan).await?;
        }
        Ok(record)
    }
}

/// What is known of an account of this host by itself.
fn account_evidence(record: &AccountRecord, sign_in: SignIn) -> Vec<AccountEvidence> {
    let recovery = if record.recovery_confirmed { Recovery::OwnCode } else { Recovery::NoWay };
    vec![
        AccountEvidence::Service(PeerService::Caliopen),
        AccountEvidence::SignIn(sign_in),
        AccountEvidence::EndToEnd(EndToEnd::NoKey),
        AccountEvidence::Keys(KeyHolder::Server),
        AccountEvidence::Recovery(recovery),
    ]
}

/// The weakest way to sign in: there is always a password, so that a passkey alone makes no account stronger.
const fn sign_in(second: &SecondFactorRecord) -> SignIn {
    if second.is_on { SignIn::SecondFactor } else { SignIn::Password }
}
