//! Signing in and out. A session is a token whose hash finds it and whose key unwraps the master key: ending it
//! destroys the wrap, so that the token opens nothing any more. What a device began opens only for that device.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::context::DIRECTORY;
use crate::devices::{Asking, Client, device_id};
use crate::error::HubError;
use crate::indices::sent;
use crate::keys::{self, ObjectType};
use crate::limits::{
    SESSION_IDLE_MS_MAX, SESSION_TOUCH_MS, SESSIONS_MAX, SHARED_SESSION_IDLE_MS_MAX, SHARED_SESSION_TOUCH_MS,
    STEP_UP_MS,
};
use crate::owner::Plan;
use crate::records::{
    AccountRecord, DeviceRecord, SessionRecord, ThresholdsRecord, TokenRecord, read, write,
};
use crate::views::SessionView;
use caliopen_model::{AccountId, ChangeKind, DeviceId, PersonCheck, SessionId, Timestamp};
use caliopen_privacy::software::Software;
use caliopen_store::{Batch, Partition};
use caliopen_vault::{AccountKeys, BlindKey, DeviceKeys, MasterKey, SealedPrivateKey, SessionToken};
use zeroize::Zeroizing;

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// There is no such session, or it is over.
    NoSession,
    /// The request is not signed by the device that the session belongs to, or was signed too long ago.
    NotProved,
}

/// A session that a token opens.
struct Found {
    access: Access,
    session: SessionRecord,
    device: Option<DeviceRecord>,
}

impl Hub {
    /// Begins a session for whoever proved to know the master key, and how they did.
    pub(crate) async fn begin_session(
        &self,
        account: AccountId,
        master: &MasterKey,
        client: &Client,
        person: PersonCheck,
    ) -> Result<Zeroizing<String>, HubError> {
        let owner = self.core.owner(account).await?;
        let mut plan = Plan::open_settled(&self.core, &owner).await?;
        let mut random = |bytes: &mut [u8]| (self.core.entropy)(bytes);
        let token = SessionToken::generate(&mut random);
        let id = SessionId::from_bytes(self.core.ids.next());
        let now = self.core.clock.now().unix_ms();
        let mut ended = self.make_room(&mut plan).await?;
        let device = match &client.device {
            Some(enrolment) => {
                let account_row = plan.get::<AccountRecord>(&keys::account()).await?;
                let sealed = account_row.ok_or(HubError::NoAccount)?.blind_key_by_master;
                let id = device_id(&BlindKey::open(&sealed, master, account.as_bytes())?, &enrolment.keys);
                ended.extend(self.enrol(&mut plan, (id, enrolment), &client.name, person).await?);
                Some(*id.as_bytes())
            }
            None => None,
        };
        let record = SessionRecord {
            token_hash: token.lookup_hash(),
            wrap: token.wrap(master, account.as_bytes(), &mut random),
            client: plan.seal("session", id.as_bytes(), &crate::resolve::cut(&client.name))?,
            created_at: now,
            last_used_at: now,
            device,
            stepped_up_at: None,
        };
        plan.put(keys::session(id), &record);
        plan.changed(ObjectType::Session, id.as_bytes(), ChangeKind::Created);
        sent::changed(&mut plan);
        self.commit_end(plan, &ended).await?;
        let found_by = TokenRecord { account: *account.as_bytes(), session: *id.as_bytes(), device };
        let puts = vec![(keys::token(&record.token_hash), write(&found_by).into())];
        self.core.store.commit(DIRECTORY, Batch { puts, ..Batch::default() }).await?;
        Ok(token.text())
    }

    /// Ends the oldest sessions beyond the limit. Gives the hashes of their tokens.
    async fn make_room(&self, plan: &mut Plan<'_>) -> Result<Vec<[u8; 32]>, HubError> {
        let rows = self.core.scan_all(plan.owner().partition(), keys::sessions()).await?;
        let surplus = (rows.len() + 1).saturating_sub(SESSIONS_MAX);
        let mut ended = Vec::with_capacity(surplus);
        // Ids are ordered by time: the first rows are the oldest sessions.
        for (key, row) in rows.into_iter().take(surplus) {
            ended.push(read::<SessionRecord>(&row)?.token_hash);
            note_end(plan, &key);
            plan.delete(key);
        }
        Ok(ended)
    }

    async fn forget_tokens(&self, hashes: &[[u8; 32]]) -> Result<(), HubError> {
        if hashes.is_empty() {
            return Ok(());
        }
        let deletes = hashes.iter().map(keys::token).collect();
        Ok(self.core.store.commit(DIRECTORY, Batch { deletes, ..Batch::default() }).await?)
    }

    /// Unlocks an account by a session's token. A session that a device began opens only for what that device signed.
    pub async fn unlock(&self, token: &str, asking: &Asking<'_>) -> Result<Result<Access, Locked>, HubError> {
        let Some(found) = self.find_session(token, asking).await? else { return Ok(Err(Locked::NoSession)) };
        if let Some(device) = &found.device {
            let now = self.core.clock.now();
            let is_proved = match &asking.proof {
                Some(proof) => device.has_signed(proof, now)?,
                None => false,
            };
            if !is_proved {
                return Ok(Err(Locked::NotProved));
            }
        }
        self.touch(&found, asking.software).await?;
        Ok(Ok(found.access))
    }

    /// Unlocks an account for an answer to whoever shows the token, signed or not: with the keys of a device, it may
    /// leave only sealed to them. None: this token opens nothing.
    pub async fn unlock_to_seal(
        &self,
        token: &str,
        asking: &Asking<'_>,
    ) -> Result<Option<(Access, Option<DeviceKeys>)>, HubError> {
        let Some(found) = self.find_session(token, asking).await? else { return Ok(None) };
        let keys = found.device.as_ref().map(DeviceRecord::keys).transpose()?;
        Ok(Some((found.access, keys)))
    }

    async fn find_session(&self, token: &str, asking: &Asking<'_>) -> Result<Option<Found>, HubError> {
        let Some(token) = SessionToken::parse(token) else {
            return Ok(None);
        };
        let Some(row) = self.core.store.get(DIRECTORY, keys::token(&token.lookup_hash())).await? else {
            return Ok(None);
        };
        let found: TokenRecord = read(&row)?;
        let (account, id) = (AccountId::from_bytes(found.account), SessionId::from_bytes(found.session));
        let mut rows = vec![keys::session(id), keys::account(), keys::thresholds()];
        rows.extend(found.device.map(|device| keys::device(DeviceId::from_bytes(device))));
        let mut rows = self.core.store.get_many(Partition(found.account), rows).await?.into_iter();
        let (Some(session), Some(record)) = (rows.next().flatten(), rows.next().flatten()) else {
            return Ok(None);
        };
        let (session, record): (SessionRecord, AccountRecord) = (read(&session)?, read(&record)?);
        let thresholds = rows.next().flatten().map(|row| read::<ThresholdsRecord>(&row)).transpose()?;
        let mut device = rows.next().flatten().map(|row| read::<DeviceRecord>(&row)).transpose()?;
        if let Some(device) = &mut device {
            device.says(asking.software);
        }
        if device.is_some() != session.device.is_some() || self.is_over(&session, device.as_ref()) {
            return Ok(None);
        }
        let Ok(master) = token.open(&session.wrap, account.as_bytes()) else {
            return Ok(None);
        };
        let mut access = self.access(account, id, &master, &record).await?;
        access.device = session.device.map(DeviceId::from_bytes);
        access.from = asking.from.filter(|address| !address.is_unspecified());
        access.gate = self.open_gate(&access, device.as_ref(), (thresholds, session.stepped_up_at)).await?;
        access.stepped_up_at = session.stepped_up_at.map(Timestamp::from_unix_ms);
        Ok(Some(Found { access, session, device }))
    }

    fn is_over(&self, session: &SessionRecord, device: Option<&DeviceRecord>) -> bool {
        let is_shared = device.is_some_and(|device| device.is_shared);
        let idle_max = if is_shared { SHARED_SESSION_IDLE_MS_MAX } else { SESSION_IDLE_MS_MAX };
        self.core.clock.now().unix_ms().saturating_sub(session.last_used_at) > idle_max
    }

    pub(crate) async fn access(
        &self,
        account: AccountId,
        session: SessionId,
        master: &MasterKey,
        record: &AccountRecord,
    ) -> Result<Access, HubError> {
        let private = SealedPrivateKey(record.private_key.clone());
        let keys = AccountKeys::open(&private, master, account.as_bytes())?;
        let blind = BlindKey::open(&record.blind_key_by_master, master, account.as_bytes())?;
        Ok(Access::new(self.core.owner(account).await?, session, keys, blind))
    }

    /// Writes down, now and then, that a session and its device are in use.
    async fn touch(&self, found: &Found, software: Software) -> Result<(), HubError> {
        let (access, now) = (&found.access, self.core.clock.now().unix_ms());
        let is_shared = found.device.as_ref().is_some_and(|device| device.is_shared);
        let pause = if is_shared { SHARED_SESSION_TOUCH_MS } else { SESSION_TOUCH_MS };
        if now.saturating_sub(found.session.last_used_at) < pause {
            return Ok(());
        }
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        // It may have been ended since it was read: then it stays ended.
        let Some(mut session) = plan.get::<SessionRecord>(&keys::session(access.session)).await? else {
            return Ok(());
        };
        session.last_used_at = now;
        plan.put(keys::session(access.session), &session);
        plan.changed(ObjectType::Session, access.session.as_bytes(), ChangeKind::Updated);
        if let Some(id) = access.device
            && let Some(mut device) = plan.get::<DeviceRecord>(&keys::device(id)).await?
        {
            device.use_at(now);
            device.says(software);
            plan.put(keys::device(id), &device);
            plan.changed(ObjectType::Device, id.as_bytes(), ChangeKind::Updated);
        }
        self.commit(plan).await
    }

    /// Whether the session that opened this access is still one.
    pub async fn is_current(&self, access: &Access) -> Result<bool, HubError> {
        self.has_session(access.account(), access.session).await
    }

    /// Whether an account has this session: for whoever waits on one for long, and keeps no keys meanwhile.
    pub async fn has_session(&self, account: AccountId, session: SessionId) -> Result<bool, HubError> {
        let row = self.core.store.get(Partition(*account.as_bytes()), keys::session(session)).await?;
        Ok(row.is_some())
    }

    /// The sessions of the account, the oldest first.
    pub async fn sessions(&self, access: &Access) -> Result<Vec<SessionView>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::sessions()).await?;
        let mut records: Vec<(SessionId, SessionRecord)> = Vec::with_capacity(rows.len());
        for (key, row) in rows {
            let id = key.last_chunk().copied().map(SessionId::from_bytes).ok_or(HubError::Damaged)?;
            records.push((id, read(&row)?));
        }
        access.open_epochs(&self.core, records.iter().map(|(_, record)| record.client.as_slice())).await?;
        records.into_iter().map(|(id, record)| session_view(access, id, &record)).collect()
    }

    /// Ends a session: its token opens nothing from now on. False: there is no such session.
    pub async fn end_session(&self, access: &Access, id: SessionId) -> Result<bool, HubError> {
        let Some(record) = access.row::<SessionRecord>(&self.core, keys::session(id)).await? else {
            return Ok(false);
        };
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        note_end(&mut plan, id.as_bytes());
        plan.delete(keys::session(id));
        self.commit(plan).await?;
        self.forget_tokens(&[record.token_hash]).await?;
        Ok(true)
    }

    /// Ends the session that asks.
    pub async fn sign_out(&self, access: &Access) -> Result<(), HubError> {
        self.end_session(access, access.session).await.map(|_| ())
    }

    /// Puts the end of all sessions but one into a plan. Gives the hashes of their tokens, to be forgotten once
    /// the plan is durable.
    pub(crate) async fn end_others(
        &self,
        plan: &mut Plan<'_>,
        keep: Option<SessionId>,
    ) -> Result<Vec<[u8; 32]>, HubError> {
        self.end_sessions(plan, |id, _| Some(id) != keep).await
    }

    /// The same for those that are chosen.
    pub(crate) async fn end_sessions(
        &self,
        plan: &mut Plan<'_>,
        ends: impl Fn(SessionId, &SessionRecord) -> bool,
    ) -> Result<Vec<[u8; 32]>, HubError> {
        let mut ended = Vec::new();
        for (key, row) in self.core.scan_all(plan.owner().partition(), keys::sessions()).await? {
            let session: SessionRecord = read(&row)?;
            let id = key.last_chunk().copied().map(SessionId::from_bytes).ok_or(HubError::Damaged)?;
            if ends(id, &session) {
                ended.push(session.token_hash);
                note_end(plan, &key);
                plan.delete(key);
            }
        }
        Ok(ended)
    }

    /// Commits a plan that ends sessions, then forgets their tokens.
    pub(crate) async fn commit_end(&self, plan: Plan<'_>, ended: &[[u8; 32]]) -> Result<(), HubError> {
        self.commit(plan).await?;
        self.forget_tokens(ended).await
    }
}

fn note_end(plan: &mut Plan<'_>, key: &[u8]) {
    if let Some(id) = key.last_chunk() {
        plan.changed(ObjectType::Session, id, ChangeKind::Destroyed);
        sent::changed(plan);
    }
}

fn session_view(access: &Access, id: SessionId, record: &SessionRecord) -> Result<SessionView, HubError> {
    let client = Sealed { kind: "session", key: id.as_bytes(), bytes: &record.client };
    Ok(SessionView {
        id,
        client: access.open(&client)?,
        created_at: Timestamp::from_unix_ms(record.created_at),
        last_used_at: Timestamp::from_unix_ms(record.last_used_at),
        current: id == access.session,
        device: record.device.map(DeviceId::from_bytes),
        stepped_up_until: record.stepped_up_at.map(|at| Timestamp::from_unix_ms(at).plus_ms(STEP_UP_MS)),
    })
}
