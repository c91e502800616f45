//! Identities: the addresses that the user writes from, each with the name that others see and a signature.
//!
//! The account's first address comes with it. An administrator adds others; a person chooses as many as quests brought
//! them (`chosen`).

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::accounts::AccountError;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::IDENTITIES_MAX;
use crate::owner::Plan;
use crate::records::{HandleOwner, HandleRecord, IdentityRecord, LoginRecord};
use crate::resolve::cut;
use caliopen_model::{AccountId, ChangeKind, EmailAddress, Handle, IdentityId, Protocol};

/// An address that the user writes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityView {
    /// Stable id.
    pub id: IdentityId,
    /// The address.
    pub address: String,
    /// The name shown to others.
    pub name: Option<String>,
    /// What stands below the messages from this address; empty for nothing.
    pub text_signature: String,
    /// The same with formatting, when the person used any.
    pub html_signature: Option<String>,
    /// Its person chose it.
    pub by_person: bool,
    /// They let it rest: it takes no mail, and writes none.
    pub rests: bool,
}

/// What to change of an identity; none leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentityPatch {
    /// The name shown to others.
    pub name: Option<Option<String>>,
    /// The signature in plain text.
    pub text_signature: Option<String>,
    /// The signature with formatting.
    pub html_signature: Option<Option<String>>,
}

impl Hub {
    /// The addresses that the user writes from, in the order in which they were made.
    pub async fn identities(&self, access: &Access) -> Result<Vec<IdentityView>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::identities()).await?;
        access.open_epochs(&self.core, rows.iter().map(|(_, row)| row.as_ref())).await?;
        let mut identities = Vec::with_capacity(rows.len());
        for (key, row) in rows {
            let mut view = identity(access, &key, &row)?;
            if view.by_person {
                let handle = Handle::literal(Protocol::Email, view.address.as_str());
                view.rests = self.core.login(&handle).await?.is_some_and(|login| login.rests);
            }
            identities.push(view);
        }
        Ok(identities)
    }

    /// Changes an identity. False: there is no such identity.
    pub async fn update_identity(
        &self,
        access: &Access,
        id: IdentityId,
        patch: &IdentityPatch,
    ) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let key = keys::identity(id);
        let Some(row) = plan.get_many(std::slice::from_ref(&key)).await?.into_iter().next().flatten() else {
            return Ok(false);
        };
        let mut record: IdentityRecord = access
            .open_one(&self.core, &Sealed { kind: "identity", key: id.as_bytes(), bytes: &row })
            .await?;
        if let Some(name) = &patch.name {
            record.name = name.as_deref().and_then(one_line);
        }
        if let Some(text) = &patch.text_signature {
            record.text_signature = text.trim_end().to_owned();
        }
        if let Some(html) = &patch.html_signature {
            record.html_signature = html.clone().filter(|html| !html.is_empty());
        }
        let sealed = plan.seal("identity", id.as_bytes(), &record)?;
        plan.put_bytes(key, sealed);
        plan.changed(ObjectType::Identity, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(true)
    }

    /// Gives an account another address of this host: its mail arrives there, and can be written from it. Giving it
    /// once more changes nothing.
    ///
    /// # Errors
    ///
    /// See [`AccountError`]; the address is free as before then.
    pub async fn add_alias(&self, account: &EmailAddress, alias: &EmailAddress) -> Result<(), AccountError> {
        if !self.core.has_domain(alias.domain()).await? {
            return Err(AccountError::NoDomain);
        }
        let login = self.core.login(&Handle::email(account)).await?.ok_or(AccountError::Unknown)?;
        self.give_address(AccountId::from_bytes(login.account), alias, false).await.map(|_| ())
    }

    /// Gives an account an address, which its person chose or the administrator.
    pub(crate) async fn give_address(
        &self,
        id: AccountId,
        alias: &EmailAddress,
        by_person: bool,
    ) -> Result<IdentityId, AccountError> {
        // The name is taken first: nobody can write from an address that somebody else may still take.
        let identity = self.take_alias(id, alias).await?;
        let owner = self.core.owner(id).await?;
        let mut plan = Plan::open_settled(&self.core, &owner).await?;
        let handle = keys::handle(&owner.blind.index("handle", Handle::email(alias).canonical().as_bytes()));
        if plan.get::<HandleRecord>(&handle).await?.is_some_and(|known| is_own(&known)) {
            return Ok(identity);
        }
        let record = IdentityRecord { by_person, ..IdentityRecord::new(alias) };
        let sealed = plan.seal("identity", identity.as_bytes(), &record)?;
        plan.put_bytes(keys::identity(identity), sealed);
        plan.put(handle, &own_handle(identity));
        plan.changed(ObjectType::Identity, identity.as_bytes(), ChangeKind::Created);
        self.commit(plan).await?;
        Ok(identity)
    }

    /// Takes an address for an account, or finds that it has it already. Gives the identity to make of it.
    async fn take_alias(&self, account: AccountId, alias: &EmailAddress) -> Result<IdentityId, AccountError> {
        let fresh = IdentityId::from_bytes(self.core.ids.next());
        let partition = caliopen_store::Partition(*account.as_bytes());
        let identities = self.core.scan_all(partition, keys::identities()).await?;
        let Some(LoginRecord { account: owner, identity, .. }) =
            self.core.login(&Handle::email(alias)).await?
        else {
            if identities.len() >= IDENTITIES_MAX {
                return Err(AccountError::TooManyAddresses);
            }
            self.take_login(account, fresh, alias).await?;
            return Ok(fresh);
        };
        if owner != *account.as_bytes() {
            return Err(AccountError::Taken);
        }
        // The postmaster's name leads to the first identity, and one that was interrupted leads to none yet.
        let known = identities.iter().any(|(key, _)| key.ends_with(&identity));
        Ok(if known { fresh } else { IdentityId::from_bytes(identity) })
    }
}

impl IdentityRecord {
    /// An address of which nothing else is known yet.
    pub(crate) fn new(address: &EmailAddress) -> Self {
        Self {
            address: address.to_string(),
            name: None,
            text_signature: String::new(),
            html_signature: None,
            by_person: false,
        }
    }
}

/// What an own address is found by.
pub(crate) const fn own_handle(identity: IdentityId) -> HandleRecord {
    HandleRecord {
        owner: HandleOwner::Own(*identity.as_bytes()),
        home: *identity.as_bytes(),
        blocked: false,
        wrote: true,
        written_to: true,
        waiting: false,
        confirmed: true,
        proven: true,
    }
}

const fn is_own(handle: &HandleRecord) -> bool {
    matches!(handle.owner, HandleOwner::Own(_))
}

/// A name as a header can hold it: no line ends, no control characters, not empty.
fn one_line(name: &str) -> Option<String> {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some(cut(name.trim())).filter(|name| !name.is_empty())
}

fn identity(access: &Access, key: &[u8], row: &[u8]) -> Result<IdentityView, HubError> {
    let id: [u8; 16] = key.last_chunk().copied().ok_or(HubError::Damaged)?;
    let record: IdentityRecord = access.open(&Sealed { kind: "identity", key: &id, bytes: row })?;
    Ok(IdentityView {
        id: IdentityId::from_bytes(id),
        address: record.address,
        name: record.name,
        text_signature: record.text_signature,
        html_signature: record.html_signature,
        by_person: record.by_person,
        rests: false,
    })
}
