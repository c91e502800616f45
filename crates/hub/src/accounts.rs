//! Accounts and domains: made by the first start, or by the administrator on the command line.
//!
//! The directory holds no name in clear: an address or a domain is found by a blind index under the node's key, and
//! listed by opening rows that are sealed under it.

use crate::Hub;
use crate::context::{DIRECTORY, without_tag};
use crate::error::HubError;
use crate::identities::own_handle;
use crate::keys;
use crate::limits::{IDENTITIES_MAX, PASSWORD_CHARS_MIN};
use crate::owner::seal_new_account;
use crate::records::{AccountRecord, HeadRecord, IdentityRecord, LAYOUT, LoginRecord, ProfileRecord, write};
use bytes::Bytes;
use caliopen_model::{AccountId, EmailAddress, Handle, IdentityId, Language};
use caliopen_store::{Batch, Expect, Partition, StoreError};
use caliopen_vault::{AccountKeys, BlindKey, MasterKey, PASSWORD_BYTES_MAX, RowName};

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Somebody has this address.
    #[error("this address is taken")]
    Taken,
    /// The host does not receive mail for this domain.
    #[error("this host has no domain of that name; add it first")]
    NoDomain,
    /// Nobody here has the address that another one was to be added to.
    #[error("nobody has this address; add the account first")]
    Unknown,
    /// Beyond the limit of addresses.
    #[error("an account has at most {IDENTITIES_MAX} addresses")]
    TooManyAddresses,
    /// Fewer than 10 characters, or more than 1,024 bytes.
    #[error(
        "a password has at least {PASSWORD_CHARS_MIN} characters, and at most {PASSWORD_BYTES_MAX} bytes"
    )]
    Password,
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        Self::Hub(error.into())
    }
}

/// The keys of a new account, still unlocked.
struct NewAccount {
    id: AccountId,
    master: MasterKey,
    keys: AccountKeys,
    blind: BlindKey,
}

impl Hub {
    /// Adds a domain. Adding one that is there changes nothing.
    pub async fn add_domain(&self, domain: &str) -> Result<(), HubError> {
        let domain = domain.to_lowercase();
        let key = keys::domain(&self.core.node.index("domain", domain.as_bytes()));
        let row = RowName { account: &DIRECTORY.0, kind: "domain", key: &key };
        let sealed =
            self.core.node.seal_row(&row, domain.as_bytes(), &mut |bytes| (self.core.entropy)(bytes));
        // Nothing is in a store before its first domain: it says with which layout it was begun.
        let layout = (keys::layout(), Bytes::from_static(&[LAYOUT]));
        let batch = Batch { puts: vec![(key, sealed.into()), layout], ..Batch::default() };
        self.core.store.commit(DIRECTORY, batch).await?;
        self.core.domain_news.notify_one();
        Ok(())
    }

    /// The domains of this host, in alphabetical order.
    pub async fn domains(&self) -> Result<Vec<String>, HubError> {
        let rows = self.core.scan_all(DIRECTORY, keys::domains()).await?;
        let mut domains = Vec::with_capacity(rows.len());
        for (key, sealed) in rows {
            let row = RowName { account: &DIRECTORY.0, kind: "domain", key: &key };
            let domain = self.core.node.open_row(&row, &sealed)?;
            domains.push(String::from_utf8(domain).map_err(|_| HubError::Damaged)?);
        }
        domains.sort_unstable();
        Ok(domains)
    }

    /// Whether nobody has an account yet.
    pub async fn needs_first_start(&self) -> Result<bool, HubError> {
        let first =
            self.core.store.scan(DIRECTORY, keys::logins(), 1, caliopen_store::Direction::Forward).await?;
        Ok(first.is_empty())
    }

    /// The layout of the store's rows, when another version of this program wrote them: it would take them for damaged.
    /// 0 for those that came before there was a number.
    pub async fn other_layout(&self) -> Result<Option<u8>, HubError> {
        let forward = caliopen_store::Direction::Forward;
        if self.core.store.scan(DIRECTORY, keys::domains(), 1, forward).await?.is_empty() {
            return Ok(None);
        }
        let row = self.core.store.get(DIRECTORY, keys::layout()).await?;
        let layout = row.and_then(|row| row.first().copied()).unwrap_or(0);
        Ok((layout != LAYOUT).then_some(layout))
    }

    /// Makes an account in a domain of this host. Its keys are opened by this password alone until a recovery
    /// code is confirmed.
    pub async fn add_account(
        &self,
        address: &EmailAddress,
        password: &str,
        language: Language,
    ) -> Result<AccountId, AccountError> {
        if !is_long_enough(password) {
            return Err(AccountError::Password);
        }
        if !self.core.has_domain(address.domain()).await? {
            return Err(AccountError::NoDomain);
        }
        let new = self.new_keys();
        let identity = IdentityId::from_bytes(self.core.ids.next());
        let mut batch = self.account_rows(&new, identity, address, language)?;
        let (_, wrap) = self.wrap_password(new.master, new.id, password).await?;
        batch.puts.push((keys::password_wrap(), wrap.into()));
        let partition = Partition(*new.id.as_bytes());
        self.core.store.commit(partition, batch).await?;
        // The name is taken last and at once: an account that nobody can find is erased, never the other way round.
        match self.take_login(new.id, identity, address).await {
            Ok(()) => {
                self.take_postmaster(new.id, identity, address).await?;
                Ok(new.id)
            }
            Err(error) => {
                self.core.store.erase(partition).await?;
                Err(error)
            }
        }
    }

    fn new_keys(&self) -> NewAccount {
        let mut random = |bytes: &mut [u8]| (self.core.entropy)(bytes);
        NewAccount {
            id: AccountId::from_bytes(self.core.ids.next()),
            master: MasterKey::generate(&mut random),
            keys: AccountKeys::generate(&mut random),
            blind: BlindKey::generate(&mut random),
        }
    }

    fn account_rows(
        &self,
        new: &NewAccount,
        identity: IdentityId,
        address: &EmailAddress,
        language: Language,
    ) -> Result<Batch, HubError> {
        let mut random = |bytes: &mut [u8]| (self.core.entropy)(bytes);
        let (id, now) = (new.id, self.core.clock.now());
        let profile = ProfileRecord { address: address.to_string(), language: language.into() };
        let persona = IdentityRecord::new(address);
        let sealed = seal_new_account(
            id,
            &new.keys.public(),
            now,
            self.core.entropy.as_ref(),
            (("profile", id.as_bytes(), &profile), ("identity", identity.as_bytes(), &persona)),
        )?;
        let account = AccountRecord {
            created_at: now.unix_ms(),
            public_key: new.keys.public().0,
            private_key: new.keys.seal(&new.master, id.as_bytes(), &mut random).0,
            blind_key_by_master: new.blind.seal(&new.master, id.as_bytes(), &mut random),
            blind_key_by_node: new.blind.seal_for_node(&self.core.node, id.as_bytes(), &mut random),
            profile: sealed.first,
            recovery_confirmed: false,
        };
        let own = new.blind.index("handle", Handle::email(address).canonical().as_bytes());
        let puts = vec![
            (keys::account(), write(&account).into()),
            (keys::head(), write(&HeadRecord::default()).into()),
            (keys::epoch(&sealed.epoch.0), sealed.epoch.1.into()),
            (keys::identity(identity), sealed.second.into()),
            (keys::handle(&own), write(&own_handle(identity)).into()),
        ];
        Ok(Batch { puts, ..Batch::default() })
    }

    /// Mail to the postmaster of a domain reaches a person (RFC 5321 §4.5.1): its first account, unless another one
    /// took the name.
    async fn take_postmaster(
        &self,
        account: AccountId,
        identity: IdentityId,
        address: &EmailAddress,
    ) -> Result<(), AccountError> {
        let Ok(postmaster) = EmailAddress::parse(&format!("postmaster@{}", address.domain())) else {
            return Ok(());
        };
        match self.take_login(account, identity, &postmaster).await {
            Ok(()) | Err(AccountError::Taken) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn take_login(
        &self,
        account: AccountId,
        identity: IdentityId,
        address: &EmailAddress,
    ) -> Result<(), AccountError> {
        let canonical = without_tag(&Handle::email(address).canonical());
        let key = keys::login(&self.core.node.index("login", canonical.as_bytes()));
        let record =
            LoginRecord { account: *account.as_bytes(), identity: *identity.as_bytes(), rests: false };
        let batch = Batch {
            expect: vec![(key.clone(), Expect::Absent)],
            puts: vec![(key, write(&record).into())],
            ..Batch::default()
        };
        match self.core.store.commit(DIRECTORY, batch).await {
            Ok(()) => Ok(()),
            Err(StoreError::Expectation) => Err(AccountError::Taken),
            Err(error) => Err(error.into()),
        }
    }
}

/// Long enough to be worth guessing against, short enough to be hashed.
pub(crate) fn is_long_enough(password: &str) -> bool {
    password.chars().count() >= PASSWORD_CHARS_MIN && password.len() <= PASSWORD_BYTES_MAX
}
