//! What is demanded of the channel to a host: by the configuration, by DANE, else by MTA-STS (RFC 8461 §2).

use super::channel::Policy;
use super::dane::Associations;
use super::mta_sts::{self, Mode};
use super::notes::{Failure, Note, PolicyKind};
use super::targets::{NoWay, Origin, Target};
use super::{Deliverer, outcomes};
use crate::resolver::{Answer, Tlsa, Unavailable};
use caliopen_model::{HopProof, Outcome};
use std::sync::Arc;

/// How the channel to a host must be protected, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Demand {
    /// As the configuration says, or as well as it can be.
    Plain(Policy),
    /// A certificate that these records describe (RFC 7672).
    Dane {
        associations: Arc<Associations>,
        /// The domain that mail is for, where its name counts as well as the host's (RFC 7672 §3.2.2).
        domain: Option<String>,
    },
    /// A certificate of the host's name that a known authority has signed, because the domain says so (RFC 8461 §4).
    MtaSts,
}

impl Demand {
    /// What the dialogue is to do about STARTTLS.
    pub(super) const fn policy(&self) -> Policy {
        match self {
            Self::Plain(policy) => *policy,
            Self::Dane { .. } => Policy::Encrypted,
            Self::MtaSts => Policy::Authenticated,
        }
    }

    /// What a channel that meets it was proven by.
    pub(super) const fn proof(&self) -> Option<HopProof> {
        match self {
            Self::Dane { .. } => Some(HopProof::Dane),
            Self::MtaSts => Some(HopProof::MtaSts),
            Self::Plain(Policy::Authenticated) => Some(HopProof::Configured),
            Self::Plain(Policy::Clear | Policy::Opportunistic | Policy::Encrypted) => None,
        }
    }
}

/// What a domain says about its hosts. Its policy of MTA-STS is asked for when DANE leaves the question open.
pub(super) struct Domain {
    pub(super) name: String,
    sts: Option<Option<Arc<mta_sts::Policy>>>,
}

impl Domain {
    pub(super) const fn new(name: String) -> Self {
        Self { name, sts: None }
    }

    /// A note about this domain.
    pub(super) fn note(&self, policy: PolicyKind, host: &str, failure: Failure, sent: bool) -> Note {
        Note { domain: self.name.clone(), policy: Some(policy), host: Some(host.to_owned()), failure, sent }
    }
}

/// What TLSA records say.
enum Published {
    /// There are none to be believed.
    Nothing,
    /// There are, and none can be used: encryption is demanded all the same (RFC 7672 §2.2).
    Unusable,
    Usable(Associations),
}

/// What is demanded of a host, and how its policy is watched when it only tests.
pub(super) struct Demanded {
    pub(super) demand: Demand,
    /// The domain tests MTA-STS: what would have failed is noted (RFC 8461 §5).
    pub(super) testing: bool,
    /// What is to be noted when a message goes on.
    pub(super) note: Option<Note>,
}

impl Demanded {
    /// Of a message that nothing keeps back. What the configuration says of its own ways stays said.
    pub(super) fn best_effort(target: &Target) -> Self {
        Self { demand: Demand::Plain(target.policy), testing: false, note: None }
    }
}

/// Why nothing may be sent to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Withheld {
    /// Nobody knows at the moment what is demanded.
    Unknown,
    /// Somebody hides its TLSA records.
    Hidden,
    /// An enforced policy of MTA-STS does not name it.
    NotNamed,
}

impl Withheld {
    /// What becomes of the message at this host.
    pub(super) fn outcome(self, host: &str) -> Outcome {
        match self {
            Self::Unknown => outcomes::of_no_way(NoWay::LookupFailed),
            Self::Hidden | Self::NotNamed => outcomes::not_private(host),
        }
    }

    /// What is to be noted when there is a message.
    pub(super) fn note(self, domain: &Domain, host: &str) -> Option<Note> {
        match self {
            Self::Unknown => None,
            Self::Hidden => Some(domain.note(PolicyKind::Dane, host, Failure::Records, false)),
            Self::NotNamed => Some(domain.note(PolicyKind::MtaSts, host, Failure::HostNotNamed, false)),
        }
    }
}

impl Deliverer {
    /// What is demanded of a host of a domain.
    ///
    /// # Errors
    ///
    /// When nothing may be sent to it.
    pub(super) async fn demand(&self, target: &Target, domain: &mut Domain) -> Result<Demanded, Withheld> {
        let plain = |policy| Demanded { demand: Demand::Plain(policy), testing: false, note: None };
        if target.origin == Origin::Route {
            return Ok(plain(target.policy));
        }
        let least = match self.published(target).await {
            Ok(Published::Usable(associations)) => return Ok(by_dane(associations, domain)),
            Ok(Published::Unusable) => Policy::Encrypted,
            Ok(Published::Nothing) => target.policy,
            Err(withheld) => return Err(withheld),
        };
        match self.sts(domain).await {
            Some(policy) => by_sts(&policy, target, domain, least),
            None => Ok(plain(least)),
        }
    }

    /// The TLSA records of a host whose name DNSSEC vouches for. Records that cannot be had where the host's addresses
    /// are signed are hidden by somebody: nothing is sent (RFC 7672 §2.1.2, §2.2).
    async fn published(&self, target: &Target) -> Result<Published, Withheld> {
        if !target.is_vouched_for() {
            return Ok(Published::Nothing);
        }
        match self.resolver.certificate_associations(&target.host, target.port).await {
            Ok(Answer { records, secure }) => Ok(read(&records, secure)),
            Err(Unavailable) => match self.resolver.all_addresses(&target.host).await {
                Ok(Answer { records, secure: false }) if !records.is_empty() => Ok(Published::Nothing),
                Ok(_) => Err(Withheld::Hidden),
                Err(Unavailable) => Err(Withheld::Unknown),
            },
        }
    }

    async fn sts(&self, domain: &mut Domain) -> Option<Arc<mta_sts::Policy>> {
        if let Some(known) = &domain.sts {
            return known.clone();
        }
        let found = self.policies.of(&domain.name).await;
        domain.sts = Some(found.clone());
        found
    }
}

fn by_dane(associations: Associations, domain: &Domain) -> Demanded {
    let named = associations.look_at_names().then(|| domain.name.clone());
    let demand = Demand::Dane { associations: Arc::new(associations), domain: named };
    Demanded { demand, testing: false, note: None }
}

/// RFC 8461 §4, §5: a policy that is enforced holds the message back, one that tests is noted.
fn by_sts(
    policy: &mta_sts::Policy,
    target: &Target,
    domain: &Domain,
    least: Policy,
) -> Result<Demanded, Withheld> {
    let enforced = policy.mode() == Mode::Enforce;
    if policy.names(&target.host) {
        let demand = if enforced { Demand::MtaSts } else { Demand::Plain(least) };
        return Ok(Demanded { demand, testing: !enforced, note: None });
    }
    if enforced {
        return Err(Withheld::NotNamed);
    }
    let note = Some(domain.note(PolicyKind::MtaSts, &target.host, Failure::HostNotNamed, true));
    Ok(Demanded { demand: Demand::Plain(least), testing: false, note })
}

fn read(records: &[Tlsa], secure: bool) -> Published {
    if records.is_empty() || !secure {
        return Published::Nothing;
    }
    Associations::of(records).map_or(Published::Unusable, Published::Usable)
}
