//! What would happen to a message: which hosts would get it, and what would be demanded of them. For whoever writes it.

use super::carry::address;
use super::channel::Policy;
use super::demand::{Demand, Demanded, Domain};
use super::limits::{OUTLOOK_AGE_MAX, OUTLOOK_TIME_MAX, OUTLOOKS_MAX};
use super::targets::{self, Origin, Target};
use super::{Deliverer, outcomes};
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_model::{Handle, Outcome};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::{Instant, timeout};

/// Outlooks of domains that were asked for lately.
#[derive(Default)]
pub(super) struct Outlooks(Mutex<HashMap<String, (Instant, Outlook)>>);

impl Outlooks {
    fn of(&self, domain: &str) -> Option<Outlook> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, outlook) = known.get(domain)?;
        (since.elapsed() < OUTLOOK_AGE_MAX).then(|| outlook.clone())
    }

    fn keep(&self, domain: String, outlook: Outlook) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= OUTLOOKS_MAX {
            known.retain(|_, (since, _)| since.elapsed() < OUTLOOK_AGE_MAX);
        }
        // When it is full of others, a domain is looked up once more than needed.
        if known.len() < OUTLOOKS_MAX {
            known.insert(domain, (Instant::now(), outlook));
        }
    }
}

impl Deliverer {
    /// From memory, else looked up within [`OUTLOOK_TIME_MAX`]. None for an address that is none.
    pub(super) async fn look_ahead(&self, recipient: &Handle) -> Option<Outlook> {
        let domain = address(recipient)?.domain().to_ascii_lowercase();
        if let Some(known) = self.outlooks.of(&domain) {
            return Some(known);
        }
        let service = ServiceFacts { domain: domain.clone(), ..ServiceFacts::default() };
        let mut outlook = Outlook { complete: false, hosts: Vec::new(), service, trouble: None };
        outlook.complete = timeout(OUTLOOK_TIME_MAX, self.foresee(&domain, &mut outlook)).await.is_ok();
        // What was not finished is begun anew when it is asked for again: the resolver remembers what it found.
        if outlook.complete {
            self.outlooks.keep(domain, outlook.clone());
        }
        Some(outlook)
    }

    async fn foresee(&self, name: &str, outlook: &mut Outlook) {
        let found = targets::find(&self.resolver, &self.routes, &self.host_name, name, &self.chance).await;
        let hosts = match found {
            Ok(hosts) => hosts,
            Err(no_way) => {
                outlook.trouble = trouble(outcomes::of_no_way(no_way));
                return;
            }
        };
        let named = hosts.iter().filter(|target| target.origin != Origin::Route);
        outlook.service.mx_hosts = named.map(|target| target.host.clone()).collect();
        let mut domain = Domain::new(name.to_owned());
        for target in hosts {
            let channel = self.expect(&target, &mut domain).await;
            outlook.hosts.push(ExpectedHost { host: target.host, channel });
        }
    }

    async fn expect(&self, target: &Target, domain: &mut Domain) -> ExpectedChannel {
        match self.demand(target, domain).await {
            Ok(Demanded { demand, .. }) => expected(&demand),
            Err(_) => ExpectedChannel::Withheld,
        }
    }
}

fn expected(demand: &Demand) -> ExpectedChannel {
    match (demand.proof(), demand.policy()) {
        (Some(proof), _) => ExpectedChannel::Proven(proof),
        (None, Policy::Clear) => ExpectedChannel::Clear,
        (None, Policy::Opportunistic) => ExpectedChannel::AsItCan,
        (None, Policy::Encrypted | Policy::Authenticated) => ExpectedChannel::Encrypted,
    }
}

fn trouble(outcome: Outcome) -> Option<caliopen_model::Trouble> {
    match outcome {
        Outcome::Deferred(trouble) | Outcome::Failed(trouble) => Some(trouble),
        Outcome::Delivered(_) => None,
    }
}
