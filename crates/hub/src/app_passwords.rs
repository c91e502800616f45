//! Passwords of other programs: made here, shown once, revoked at once (docs/decisions names why they open nothing).
//!
//! A program that signed in is asked for its row again at each recipient and within the very commit that takes a
//! message: what was revoked sends nothing more, on a connection that is open as on a new one.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::context::DIRECTORY;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{APP_PASSWORD_NAME_CHARS_MAX, APP_PASSWORDS_MAX, SESSION_TOUCH_MS};
use crate::owner::Plan;
use crate::records::{AppPasswordRecord, read};
use bytes::Bytes;
use caliopen_connect::{Program, ProgramSignIn};
use caliopen_model::{AccountId, AppPasswordId, ChangeKind, EmailAddress, Handle, Protocol, Timestamp};
use caliopen_store::Partition;
use caliopen_vault::AppPassword;
use std::net::IpAddr;
use zeroize::Zeroizing;

/// The password of another program, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppPasswordView {
    /// Stable id.
    pub id: AppPasswordId,
    /// What the person calls the program.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the hour; none before.
    pub last_used_at: Option<Timestamp>,
}

/// A new password, and its letters: they are kept nowhere.
pub struct NewAppPassword {
    /// What the list shows.
    pub view: AppPasswordView,
    /// Six groups of four letters, to be shown once.
    pub secret: Zeroizing<String>,
}

/// Why no password was made.
#[derive(Debug, thiserror::Error)]
pub enum AppPasswordError {
    /// No name, or too long a one.
    #[error("say what it is for, in at most {APP_PASSWORD_NAME_CHARS_MAX} characters")]
    Name,
    /// Beyond the limit of one account.
    #[error("an account has at most {APP_PASSWORDS_MAX} of them: revoke one that you do not use")]
    TooMany,
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// Makes a password for a program of this name.
    ///
    /// # Errors
    ///
    /// When the name says nothing, or the account has as many as it may.
    pub async fn new_app_password(
        &self,
        access: &Access,
        name: &str,
    ) -> Result<NewAppPassword, AppPasswordError> {
        let name = name.trim();
        let is_name = !name.is_empty() && !name.chars().any(char::is_control);
        if !is_name || name.chars().count() > APP_PASSWORD_NAME_CHARS_MAX {
            return Err(AppPasswordError::Name);
        }
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        if self.core.scan_all(access.partition(), keys::app_passwords()).await?.len() >= APP_PASSWORDS_MAX {
            return Err(AppPasswordError::TooMany);
        }
        let id = AppPasswordId::from_bytes(self.core.ids.next());
        let password = AppPassword::generate(&mut |bytes: &mut [u8]| (self.core.entropy)(bytes));
        let created_at = self.core.clock.now();
        let record = AppPasswordRecord {
            check: password.check(&self.core.node, access.account().as_bytes()),
            name: plan.seal("app password", id.as_bytes(), &name)?,
            created_at: created_at.unix_ms(),
            last_used_at: None,
        };
        plan.put(keys::app_password(id), &record);
        plan.changed(ObjectType::AppPassword, id.as_bytes(), ChangeKind::Created);
        self.commit(plan).await?;
        let view = AppPasswordView { id, name: name.to_owned(), created_at, last_used_at: None };
        Ok(NewAppPassword { view, secret: password.text() })
    }

    /// The passwords of the account's programs, the oldest first.
    pub async fn app_passwords(&self, access: &Access) -> Result<Vec<AppPasswordView>, HubError> {
        let mut records = Vec::new();
        for (key, row) in self.core.scan_all(access.partition(), keys::app_passwords()).await? {
            records.push((id_of(&key)?, read::<AppPasswordRecord>(&row)?));
        }
        access.open_epochs(&self.core, records.iter().map(|(_, record)| record.name.as_slice())).await?;
        records.into_iter().map(|(id, record)| view(access, id, &record)).collect()
    }

    /// Revokes one: nothing signs in with it, and nothing is sent by what did. False: there is no such password.
    pub async fn revoke_app_password(&self, access: &Access, id: AppPasswordId) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let key = keys::app_password(id);
        if plan.get::<AppPasswordRecord>(&key).await?.is_none() {
            return Ok(false);
        }
        plan.delete(key);
        plan.changed(ObjectType::AppPassword, id.as_bytes(), ChangeKind::Destroyed);
        self.commit(plan).await?;
        Ok(true)
    }

    /// Lets a program in that knows one of them. The account's own password is none, so that nobody can try it here.
    /// An address that nobody has is counted and looked up like any other.
    pub(crate) async fn let_program_in(
        &self,
        address: &str,
        secret: &str,
        from: IpAddr,
    ) -> Result<ProgramSignIn, HubError> {
        let handle = match EmailAddress::parse(address.trim()) {
            Ok(address) => Handle::email(&address),
            Err(_) => Handle::literal(Protocol::Email, address.chars().take(320).collect::<String>()),
        };
        // Apart from the tries at the web: a program with an old password must not keep its person out.
        let attempt = self.core.node.index("program attempt", handle.canonical().as_bytes());
        if self.attempts.allow(attempt, from, self.core.clock.now()).is_err() {
            return Ok(ProgramSignIn::TooManyTries);
        }
        let login = self.core.login(&handle).await?;
        let partition = login.map_or(DIRECTORY, |login| Partition(login.account));
        let found = self.find_app_password(partition, secret).await?;
        let Some((password, record)) = found else { return Ok(ProgramSignIn::Refused) };
        self.attempts.give_back(attempt, from);
        let program = Program { account: AccountId::from_bytes(partition.0), password };
        self.note_use(program, record).await?;
        Ok(ProgramSignIn::Accepted(program))
    }

    async fn find_app_password(
        &self,
        partition: Partition,
        secret: &str,
    ) -> Result<Option<(AppPasswordId, AppPasswordRecord)>, HubError> {
        let rows = self.core.scan_all(partition, keys::app_passwords()).await?;
        let Some(password) = AppPassword::parse(secret) else { return Ok(None) };
        for (key, row) in rows {
            let record: AppPasswordRecord = read(&row)?;
            if password.matches(&record.check, &self.core.node, &partition.0) {
                return Ok(Some((id_of(&key)?, record)));
            }
        }
        Ok(None)
    }

    /// Writes down, at most once an hour, that a password is in use.
    async fn note_use(&self, program: Program, mut record: AppPasswordRecord) -> Result<(), HubError> {
        let now = self.core.clock.now().unix_ms();
        if record.last_used_at.is_some_and(|last| now.saturating_sub(last) < SESSION_TOUCH_MS) {
            return Ok(());
        }
        record.last_used_at = Some(now);
        let owner = self.core.owner(program.account).await?;
        let mut plan = Plan::open(&self.core, &owner).await?;
        if is_signed_in(&plan, program).await? {
            plan.put(keys::app_password(program.password), &record);
            plan.changed(ObjectType::AppPassword, program.password.as_bytes(), ChangeKind::Updated);
            self.commit(plan).await?;
        }
        Ok(())
    }
}

/// Whether what a program signed in with is still there, as a plan will find it.
pub(crate) async fn is_signed_in(plan: &Plan<'_>, program: Program) -> Result<bool, HubError> {
    Ok(plan.get::<AppPasswordRecord>(&keys::app_password(program.password)).await?.is_some())
}

fn id_of(key: &Bytes) -> Result<AppPasswordId, HubError> {
    key.last_chunk().copied().map(AppPasswordId::from_bytes).ok_or(HubError::Damaged)
}

fn view(access: &Access, id: AppPasswordId, record: &AppPasswordRecord) -> Result<AppPasswordView, HubError> {
    let name = Sealed { kind: "app password", key: id.as_bytes(), bytes: &record.name };
    Ok(AppPasswordView {
        id,
        name: access.open(&name)?,
        created_at: Timestamp::from_unix_ms(record.created_at),
        last_used_at: record.last_used_at.map(Timestamp::from_unix_ms),
    })
}
