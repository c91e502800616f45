//! What every use case of this room needs: storage, keys of the node, time, chance, and the owners in memory.

use crate::Parts;
use crate::clock::{Clock, Entropy};
use crate::coaching::Unlock;
use crate::error::HubError;
use crate::fetcher::Fetcher;
use crate::ids::Ids;
use crate::keys;
use crate::limits::{LOGINS_MAX, OWNERS_MAX};
use crate::owner::Owner;
use crate::push::Push;
use crate::queue::QueueNews;
use crate::records::{self, LoginRecord};
use crate::search::{Chunks, Desk};
use crate::views::States;
use bytes::Bytes;
use caliopen_connect::{Carrier, Format};
use caliopen_model::{AccountId, Evidence, Handle, Protocol};
use caliopen_privacy::handlers::{Lowered, lower};
use caliopen_store::{Batch, Direction, Expect, Partition, SCAN_LIMIT_MAX, Store};
use caliopen_vault::NodeKey;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::Notify;

/// The system partition that names accounts and domains. No account has this id.
pub(crate) const DIRECTORY: Partition = Partition([0; 16]);

/// The system partition that says what is to leave when. No account has this id.
pub(crate) const QUEUE: Partition = Partition([1; 16]);

/// Shared by all use cases.
pub(crate) struct Context {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) node: NodeKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<Entropy>,
    pub(crate) ids: Ids,
    pub(crate) push: Push,
    /// Accounts that are indexed as mail arrives.
    pub(crate) desk: Desk,
    /// Chunks of their indexes.
    pub(crate) chunks: Arc<Chunks>,
    /// Something was put into the queue.
    pub(crate) queue_news: QueueNews,
    /// Something was snoozed.
    pub(crate) reminder_news: Notify,
    /// A domain was added.
    pub(crate) domain_news: Notify,
    formats: Vec<Arc<dyn Format>>,
    carriers: Vec<Arc<dyn Carrier>>,
    pub(crate) fetcher: Option<Arc<dyn Fetcher>>,
    /// Services that the administrator knows to live worse than the table says.
    lowered: OnceLock<Vec<Lowered>>,
    /// What the host gives for quests.
    unlocks: OnceLock<Vec<Unlock>>,
    /// What the mail of one account may take, in bytes.
    account_bytes_max: OnceLock<u64>,
    owners: Mutex<HashMap<AccountId, Arc<Owner>>>,
    /// Addresses that were looked up: an address stays with its account, and whoever lets one rest says so here.
    logins: Mutex<HashMap<[u8; 16], LoginRecord>>,
}

impl Context {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { store, node_key, clock, entropy, formats, carriers, fetcher } = parts;
        let ids = Ids::new(Arc::clone(&clock), Arc::clone(&entropy));
        Self {
            store,
            node: NodeKey::from_file(&node_key),
            clock,
            entropy,
            ids,
            push: Push::default(),
            desk: Desk::default(),
            chunks: Arc::default(),
            queue_news: QueueNews::default(),
            reminder_news: Notify::new(),
            domain_news: Notify::new(),
            formats,
            carriers,
            fetcher,
            lowered: OnceLock::new(),
            unlocks: OnceLock::new(),
            account_bytes_max: OnceLock::new(),
            owners: Mutex::default(),
            logins: Mutex::default(),
        }
    }

    /// Lowers the class of services, once.
    pub(crate) fn lower(&self, services: Vec<Lowered>) {
        // The first word stands: what was assessed by it is stored.
        let _first = self.lowered.set(services);
    }

    /// Says, once, what is given for quests.
    pub(crate) fn give(&self, unlocks: Vec<Unlock>) {
        let _first = self.unlocks.set(unlocks);
    }

    /// Says, once, what the mail of one account may take.
    pub(crate) fn limit_storage(&self, bytes: u64) {
        let _first = self.account_bytes_max.set(bytes);
    }

    pub(crate) fn account_bytes_max(&self) -> Option<u64> {
        self.account_bytes_max.get().copied()
    }

    /// What is given for quests.
    pub(crate) fn unlocks(&self) -> &[Unlock] {
        self.unlocks.get().map_or(&[], Vec::as_slice)
    }

    /// The services whose class is lowered here.
    pub(crate) fn lowered(&self) -> &[Lowered] {
        self.lowered.get().map_or(&[], Vec::as_slice)
    }

    /// The same evidence, of services as the administrator knows them.
    pub(crate) fn as_known_here(&self, evidence: Vec<Evidence>) -> Vec<Evidence> {
        let known = |fact| match fact {
            Evidence::Handler(handler) => Evidence::Handler(lower(handler, self.lowered())),
            other => other,
        };
        evidence.into_iter().map(known).collect()
    }

    /// Tells whoever waits for news of an account that a change is durable.
    pub(crate) fn tell(&self, account: AccountId, states: States) {
        self.push.tell(account, states);
        self.desk.told(account);
    }

    /// Who knows the bytes of this protocol.
    pub(crate) fn format(&self, protocol: Protocol) -> Option<&Arc<dyn Format>> {
        self.formats.iter().find(|format| format.protocol() == protocol)
    }

    /// Who takes messages of this protocol away.
    pub(crate) fn carrier(&self, protocol: Protocol) -> Option<&Arc<dyn Carrier>> {
        self.carriers.iter().find(|carrier| carrier.protocol() == protocol)
    }

    /// The owner of an account: one for each account of this process.
    pub(crate) async fn owner(&self, account: AccountId) -> Result<Arc<Owner>, HubError> {
        if let Some(owner) = self.lock_owners().get(&account) {
            return Ok(Arc::clone(owner));
        }
        let opened = Arc::new(Owner::open(self.store.as_ref(), &self.node, account).await?);
        let mut owners = self.lock_owners();
        if owners.len() >= OWNERS_MAX {
            // Those that nobody uses now hold nothing that the store does not.
            owners.retain(|_, owner| Arc::strong_count(owner) > 1);
        }
        Ok(Arc::clone(owners.entry(account).or_insert(opened)))
    }

    /// The owners of accounts that somebody uses at the moment, or used a moment ago.
    pub(crate) fn owners_in_use(&self) -> Vec<Arc<Owner>> {
        self.lock_owners().values().cloned().collect()
    }

    fn lock_owners(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, Arc<Owner>>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every row of a range: for ranges that a limit of this room keeps short, and for `verify`.
    pub(crate) async fn scan_all(
        &self,
        partition: Partition,
        mut range: Range<Bytes>,
    ) -> Result<Vec<(Bytes, Bytes)>, HubError> {
        let mut rows: Vec<(Bytes, Bytes)> = Vec::new();
        loop {
            let page = self.store.scan(partition, range.clone(), SCAN_LIMIT_MAX, Direction::Forward).await?;
            let is_last = page.len() < SCAN_LIMIT_MAX;
            rows.extend(page);
            match rows.last() {
                Some((last, _)) if !is_last => range.start = successor(last),
                _ => return Ok(rows),
            }
        }
    }

    /// Rows of a range behind the first `skip` ones. Costs O(skip + limit).
    pub(crate) async fn scan_page(
        &self,
        partition: Partition,
        mut range: Range<Bytes>,
        mut skip: usize,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, HubError> {
        while skip > 0 {
            let wanted = skip.min(SCAN_LIMIT_MAX);
            let page = self.store.scan(partition, range.clone(), wanted, Direction::Forward).await?;
            match page.last() {
                Some((last, _)) if page.len() == wanted => range.start = successor(last),
                _ => return Ok(Vec::new()),
            }
            skip -= wanted;
        }
        Ok(self.store.scan(partition, range, limit.min(SCAN_LIMIT_MAX), Direction::Forward).await?)
    }

    /// Whose address this is, the part behind a `+` left out.
    pub(crate) async fn login(&self, handle: &Handle) -> Result<Option<LoginRecord>, HubError> {
        let blind = self.node.index("login", without_tag(&handle.canonical()).as_bytes());
        if let Some(known) = self.lock_logins().get(&blind) {
            return Ok(Some(*known));
        }
        let row = self.store.get(DIRECTORY, keys::login(&blind)).await?;
        let Some(login) = row.map(|row| records::read::<LoginRecord>(&row)).transpose()? else {
            // Not remembered: strangers could fill the memory with names that do not exist.
            return Ok(None);
        };
        let mut logins = self.lock_logins();
        if logins.len() >= LOGINS_MAX {
            logins.clear();
        }
        // Whoever changed it meanwhile knows better.
        Ok(Some(*logins.entry(blind).or_insert(login)))
    }

    /// Says something else of an address.
    pub(crate) async fn change_login(
        &self,
        handle: &Handle,
        before: LoginRecord,
        after: LoginRecord,
    ) -> Result<(), HubError> {
        let blind = self.node.index("login", without_tag(&handle.canonical()).as_bytes());
        let key = keys::login(&blind);
        let batch = Batch {
            expect: vec![(key.clone(), Expect::Value(records::write(&before).into()))],
            puts: vec![(key, records::write(&after).into())],
            ..Batch::default()
        };
        self.store.commit(DIRECTORY, batch).await?;
        self.lock_logins().insert(blind, after);
        Ok(())
    }

    fn lock_logins(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 16], LoginRecord>> {
        self.logins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether mail of this domain is for us.
    pub(crate) async fn has_domain(&self, domain: &str) -> Result<bool, HubError> {
        let blind = self.node.index("domain", domain.to_lowercase().as_bytes());
        Ok(self.store.get(DIRECTORY, keys::domain(&blind)).await?.is_some())
    }
}

/// The key right behind this one.
pub(crate) fn successor(key: &[u8]) -> Bytes {
    let mut next = key.to_vec();
    next.push(0);
    next.into()
}

/// `email:ana+lists@example.org` → `email:ana@example.org`: the account that a tagged address belongs to.
pub(crate) fn without_tag(canonical: &str) -> String {
    match canonical.rsplit_once('@') {
        Some((local_part, domain)) => {
            let name = local_part.split_once('+').map_or(local_part, |(name, _)| name);
            format!("{name}@{domain}")
        }
        None => canonical.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_tag;

    #[test]
    fn a_tagged_address_belongs_to_the_address_without_its_tag() {
        assert_eq!(without_tag("email:ana+lists@example.org"), "email:ana@example.org");
        assert_eq!(without_tag("email:ana@example.org"), "email:ana@example.org");
    }
}
