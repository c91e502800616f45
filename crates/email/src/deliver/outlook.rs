//! What would happen to a message: which hosts would get it, and what would be demanded of them. For whoever writes it.

use super::carry::address;
use super::channel::Policy;
use super::demand::{Demand, Demanded, Domain};
use super::limits::{OUTLOOK_AGE_MAX, OUTLOOK_TIME_MAX, OUTLOOKS_MAX, WITHHELD_AGE_MAX};
use super::targets::{self, Origin, Target};
use super::{Deliverer, outcomes};
use caliopen_connect::{ExpectedChannel, ExpectedHost, Outlook, ServiceFacts};
use caliopen_model::{Cause, Handle, Outcome, Trouble};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// What is remembered of domains, for those who write next.
#[derive(Default)]
pub(super) struct Outlooks {
    /// Outlooks that were asked for lately.
    known: Mutex<HashMap<String, (Instant, Outlook)>>,
    /// Domains whose hosts did not prove who they are when a message was for them: no look at the DNS shows that.
    withheld: Mutex<HashMap<String, (Instant, Trouble)>>,
}

impl Outlooks {
    fn of(&self, domain: &str) -> Option<Outlook> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, outlook) = known.get(domain)?;
        (since.elapsed() < OUTLOOK_AGE_MAX).then(|| outlook.clone())
    }

    /// When it is full of others, a domain is looked up once more than needed.
    fn keep(&self, domain: String, outlook: Outlook) {
        put(&self.known, domain, outlook, OUTLOOK_AGE_MAX);
    }

    /// Why the last message to a domain was kept back, when nothing was heard of its hosts since.
    fn withheld(&self, domain: &str) -> Option<Trouble> {
        let withheld = self.withheld.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, trouble) = withheld.get(domain)?;
        (since.elapsed() < WITHHELD_AGE_MAX).then(|| trouble.clone())
    }

    /// Takes in what became of a message to a domain: the next one would fare alike.
    pub(super) fn learn(&self, domain: &str, outcomes: &[Outcome]) {
        if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Delivered(_))) {
            self.withheld.lock().unwrap_or_else(PoisonError::into_inner).remove(domain);
        }
        let kept_back = outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Deferred(trouble) if trouble.cause == Cause::NotPrivate => Some(trouble),
            _ => None,
        });
        if let Some(trouble) = kept_back {
            put(&self.withheld, domain.to_owned(), trouble.clone(), WITHHELD_AGE_MAX);
        }
    }
}

/// Remembers at most [`OUTLOOKS_MAX`], each for its time.
fn put<T>(memory: &Mutex<HashMap<String, (Instant, T)>>, domain: String, what: T, age_max: Duration) {
    let mut known = memory.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= OUTLOOKS_MAX {
        known.retain(|_, (since, _)| since.elapsed() < age_max);
    }
    if known.len() < OUTLOOKS_MAX || known.contains_key(&domain) {
        known.insert(domain, (Instant::now(), what));
    }
}

impl Deliverer {
    /// From memory, else looked up within [`OUTLOOK_TIME_MAX`]. None for an address that is none.
    pub(super) async fn look_ahead(&self, recipient: &Handle) -> Option<Outlook> {
        let domain = address(recipient)?.domain().to_ascii_lowercase();
        let mut outlook = match self.outlooks.of(&domain) {
            Some(known) => known,
            None => self.look_up(&domain).await,
        };
        if let Some(trouble) = self.outlooks.withheld(&domain) {
            outlook.hosts.iter_mut().for_each(|host| host.channel = ExpectedChannel::Withheld);
            outlook.trouble = Some(trouble);
        }
        Some(outlook)
    }

    async fn look_up(&self, domain: &str) -> Outlook {
        let service = ServiceFacts { domain: domain.to_owned(), ..ServiceFacts::default() };
        let mut outlook = Outlook { complete: false, hosts: Vec::new(), service, trouble: None };
        outlook.complete = timeout(OUTLOOK_TIME_MAX, self.foresee(domain, &mut outlook)).await.is_ok();
        // What was not finished is begun anew when it is asked for again: the resolver remembers what it found.
        if outlook.complete {
            self.outlooks.keep(domain.to_owned(), outlook.clone());
        }
        outlook
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
            let (channel, is_on_trial) = self.expect(&target, &mut domain).await;
            outlook.hosts.push(ExpectedHost { host: target.host, channel, is_on_trial });
        }
    }

    /// The channel, and whether a policy about it is only tried out.
    async fn expect(&self, target: &Target, domain: &mut Domain) -> (ExpectedChannel, bool) {
        match self.demand(target, domain).await {
            Ok(Demanded { demand, testing, .. }) => (expected(&demand), testing),
            Err(_) => (ExpectedChannel::Withheld, false),
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

fn trouble(outcome: Outcome) -> Option<Trouble> {
    match outcome {
        Outcome::Deferred(trouble) | Outcome::Failed(trouble) => Some(trouble),
        Outcome::Delivered(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{Delivery, HopSecurity};

    #[test]
    fn what_was_kept_back_is_expected_to_be_until_a_message_is_taken() {
        let outlooks = Outlooks::default();
        let kept_back = outcomes::not_private("mx.there.test");
        let busy = outcomes::unreachable("mx.there.test");
        let delivery = Delivery {
            host: "mx.there.test".to_owned(),
            security: HopSecurity::Authenticated,
            proof: None,
            tls: None,
            certificate: None,
        };
        outlooks.learn("there.test", std::slice::from_ref(&busy));
        assert_eq!(outlooks.withheld("there.test"), None, "a host that is down says nothing of who it is");
        outlooks.learn("there.test", std::slice::from_ref(&kept_back));
        outlooks.learn("there.test", &[busy]);
        assert_eq!(outlooks.withheld("there.test"), trouble(kept_back));
        assert_eq!(outlooks.withheld("elsewhere.test"), None);
        outlooks.learn("there.test", &[Outcome::Delivered(delivery)]);
        assert_eq!(outlooks.withheld("there.test"), None);
    }
}
