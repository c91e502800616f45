//! This host's own domains as everybody else sees them: who takes their mail, and what they demand of whoever brings it.
//! Looked up beside everything else, so that nobody who reads an index waits for it.

use crate::Hub;
use crate::context::DIRECTORY;
use crate::domains::anybody;
use crate::error::HubError;
use crate::indices::sent;
use crate::keys;
use crate::limits::{OWN_DOMAIN_KNOWN_MS, OWN_DOMAIN_LOOK_MS, OWN_DOMAINS_PAUSE_MS};
use crate::owner::Plan;
use crate::records::{OwnDomainRecord, read, write};
use bytes::Bytes;
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook};
use caliopen_model::{AccountEvidence, HandlerClass, HandlerSees, HopProof, TransportPolicy};
use caliopen_privacy::handlers::{classify, lower};
use caliopen_store::Batch;
use caliopen_vault::RowName;
use std::time::Duration;
use tokio::sync::watch;

impl Hub {
    /// Looks at the host's domains now and then, until it is asked to stop.
    pub async fn run_own_domains(&self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.look_at_own_domains().await {
                tracing::error!(%error, "the host's own domains could not be looked at");
            }
            tokio::select! {
                _ = stop.wait_for(|asked| *asked) => return,
                () = self.core.domain_news.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(OWN_DOMAINS_PAUSE_MS)) => {}
            }
        }
    }

    /// Looks at the domains that nobody looked at for a while. Where one demands something else than before, whoever
    /// uses this host at the moment is told that their index may be another.
    pub async fn look_at_own_domains(&self) -> Result<(), HubError> {
        let mut is_other = false;
        for domain in self.domains().await? {
            let before = self.own_domain(&domain).await?;
            if before.as_ref().is_some_and(|record| self.is_within(record, OWN_DOMAIN_LOOK_MS)) {
                continue;
            }
            let Some(after) = self.look_at_own(&domain).await else { continue };
            is_other |= before.is_none_or(|before| before.says_other_than(&after));
            self.put_own_domain(&domain, &after).await?;
        }
        if is_other { self.tell_everybody_here().await } else { Ok(()) }
    }

    /// What is known of the domain of an address of this host, as evidence of its account. Nothing, when nobody could
    /// look for a day.
    pub(crate) async fn own_domain_evidence(&self, address: &str) -> Result<Vec<AccountEvidence>, HubError> {
        let Some((_, domain)) = address.rsplit_once('@') else { return Ok(Vec::new()) };
        let record = self.own_domain(domain).await?;
        let Some(record) = record.filter(|record| self.is_within(record, OWN_DOMAIN_KNOWN_MS)) else {
            return Ok(Vec::new());
        };
        let demand = TransportPolicy::from(record.demand);
        Ok(vec![self.provider(domain, &record.hosts, demand), AccountEvidence::Transport(demand)])
    }

    /// Who takes the mail of a domain. Anybody can point a domain at a good service: it counts as one when what answers
    /// there is proven.
    fn provider(&self, domain: &str, hosts: &[String], demand: TransportPolicy) -> AccountEvidence {
        let found = classify(domain, hosts, None).handler(HandlerSees::Content);
        let handler = lower(found, self.core.lowered());
        let is_proven = demand == TransportPolicy::Enforced;
        let class = if is_proven { handler.class } else { handler.class.min(HandlerClass::C) };
        AccountEvidence::Provider { name: handler.name, class }
    }

    /// None when it could not be looked up: what is known stays until it is too old.
    async fn look_at_own(&self, domain: &str) -> Option<OwnDomainRecord> {
        let anybody = anybody(domain)?;
        let outlook = self.core.carrier(anybody.protocol())?.outlook(&anybody).await?;
        let demand = demand(&outlook)?.into();
        let looked_at = self.core.clock.now().unix_ms();
        Some(OwnDomainRecord { looked_at, hosts: outlook.service.mx_hosts, demand })
    }

    /// A clock that jumped back makes nothing younger.
    fn is_within(&self, record: &OwnDomainRecord, ms: i64) -> bool {
        let age = self.core.clock.now().unix_ms().saturating_sub(record.looked_at);
        (0..ms).contains(&age)
    }

    async fn own_domain(&self, domain: &str) -> Result<Option<OwnDomainRecord>, HubError> {
        let key = self.own_domain_key(domain);
        let Some(sealed) = self.core.store.get(DIRECTORY, key.clone()).await? else { return Ok(None) };
        Ok(Some(read(&self.core.node.open_row(&row(&key), &sealed)?)?))
    }

    async fn put_own_domain(&self, domain: &str, record: &OwnDomainRecord) -> Result<(), HubError> {
        let key = self.own_domain_key(domain);
        let sealed =
            self.core.node.seal_row(&row(&key), &write(record), &mut |bytes| (self.core.entropy)(bytes));
        let batch = Batch { puts: vec![(key, sealed.into())], ..Batch::default() };
        Ok(self.core.store.commit(DIRECTORY, batch).await?)
    }

    fn own_domain_key(&self, domain: &str) -> Bytes {
        keys::own_domain(&self.core.node.index("domain", domain.to_lowercase().as_bytes()))
    }

    /// Costs O(accounts in use): whoever comes later reads what is known then.
    async fn tell_everybody_here(&self) -> Result<(), HubError> {
        for owner in self.core.owners_in_use() {
            let mut plan = Plan::open(&self.core, &owner).await?;
            sent::changed(&mut plan);
            self.commit(plan).await?;
        }
        Ok(())
    }
}

fn row(key: &Bytes) -> RowName<'_> {
    RowName { account: &DIRECTORY.0, kind: "own-domain", key }
}

/// What the hosts of a domain have in common that is demanded of whoever brings mail: any of them may be the one that
/// answers. Nothing would be sent to those that a policy speaks against.
fn demand(outlook: &Outlook) -> Option<TransportPolicy> {
    if !outlook.complete || outlook.trouble.is_some() {
        return None;
    }
    let usable = outlook.hosts.iter().filter(|host| host.channel != ExpectedChannel::Withheld);
    usable.map(demand_of).min()
}

const fn demand_of(host: &ExpectedHost) -> TransportPolicy {
    match host.channel {
        ExpectedChannel::Proven(HopProof::Dane | HopProof::MtaSts) => TransportPolicy::Enforced,
        _ if host.is_on_trial => TransportPolicy::Testing,
        _ => TransportPolicy::None,
    }
}
