//! Why mail to a domain has the index that it has: for whoever asks, an administrator of that domain above all. It says what
//! anybody can look up, and nothing of this host's people.

use crate::Hub;
use crate::error::HubError;
use crate::outlook::expected;
use crate::receive::inside;
use caliopen_connect::{ExpectedHost, RecipientVerdict};
use caliopen_model::{Evidence, Handle, Protocol, Trouble};
use std::net::IpAddr;

/// Everybody who asks: one bucket for all.
const EVERYBODY: [u8; 16] = [0; 16];
/// Who stands for a domain: nobody's mailbox is asked about.
const ANYBODY: &str = "postmaster";

/// What is known of the way to a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainView {
    /// What the index of a message would rest on.
    pub evidence: Vec<Evidence>,
    /// Everything could be looked up in time.
    pub complete: bool,
    /// Why nothing would arrive there, when that is known.
    pub trouble: Option<Trouble>,
    /// The hosts that take its mail, the best first. None for a domain of this host.
    pub hosts: Vec<ExpectedHost>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    /// Not the name of a domain.
    #[error("this is no domain that mail goes to")]
    NoDomain,
    /// Too many questions.
    #[error("too many questions: wait, then ask again")]
    Rate {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// Storage.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// What is known of the way of a message to a domain, for somebody who asks from an address.
    ///
    /// # Errors
    ///
    /// See [`DomainError`].
    pub async fn domain(&self, domain: &str, from: IpAddr) -> Result<DomainView, DomainError> {
        let anybody =
            anybody(domain).filter(|handle| handle.domain().is_some_and(|domain| domain.contains('.')));
        let anybody = anybody.ok_or(DomainError::NoDomain)?;
        let allowed = self.looks.allow(EVERYBODY, from, self.core.clock.now());
        allowed.map_err(|retry_after_s| DomainError::Rate { retry_after_s })?;
        if self.recipient_verdict(&anybody).await? != RecipientVerdict::NotLocal {
            return Ok(self.seen(inside().evidence, true, None, Vec::new()));
        }
        let found = match self.core.carrier(anybody.protocol()) {
            Some(carrier) => carrier.outlook(&anybody).await,
            None => None,
        };
        Ok(match found {
            Some(found) => self.seen(expected(&found), found.complete, found.trouble, found.hosts),
            None => self.seen(Vec::new(), false, None, Vec::new()),
        })
    }

    fn seen(
        &self,
        way: Vec<Evidence>,
        complete: bool,
        trouble: Option<Trouble>,
        hosts: Vec<ExpectedHost>,
    ) -> DomainView {
        let evidence = self.of(way, complete, None).evidence;
        DomainView { evidence, complete, trouble, hosts }
    }
}

/// An address of the domain.
pub(crate) fn anybody(domain: &str) -> Option<Handle> {
    Handle::parse(&format!("{}:{ANYBODY}@{domain}", Protocol::Email.name()))
}
