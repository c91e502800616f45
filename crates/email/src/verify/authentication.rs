//! SPF (RFC 7208), DKIM (RFC 6376), ARC (RFC 8617) and DMARC (RFC 9989) of one message.
//!
//! Only what we ask ourselves counts: an `Authentication-Results` header that came with the message is a
//! claim of its sender and is never read. A check that could not be finished is a temporary error.

use super::limits;
use super::lookups::Lookups;
use super::one_click;
use super::service::organisational_domain;
use super::signed::{SignedMessage, dkim_result, single_domain};
use crate::resolver::Resolver;
use caliopen_connect::{Arrival, Origin};
use caliopen_model::{ArcResult, Authentication, DkimResult, DkimVerdict, DmarcResult, Message, SpfResult};
use futures_util::FutureExt;
use futures_util::future::join3;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{DkimOutput, MessageAuthenticator, Parameters, SpfOutput};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use tokio::time::{Instant, timeout_at};

/// What the checks of one message work with.
pub(super) struct Checks<'a> {
    pub(super) resolver: &'a Resolver,
    pub(super) authenticator: &'a MessageAuthenticator,
    pub(super) arrival: &'a Arrival,
    pub(super) message: &'a Message,
    pub(super) deadline: Instant,
}

/// What the checks of one message said.
pub(super) struct Authenticated {
    pub(super) verdicts: Authentication,
    /// Whose signature covers how its list is left by one request (RFC 8058 §4).
    pub(super) one_click: Option<String>,
}

/// A check's parameters, with its own look-ups for a cache.
macro_rules! parameters {
    ($parameters:expr, $lookups:expr) => {
        Parameters::new($parameters)
            .with_txt_cache(&$lookups.txt)
            .with_mx_cache(&$lookups.mx)
            .with_ptr_cache(&$lookups.ptr)
            .with_ipv4_cache(&$lookups.ipv4)
            .with_ipv6_cache(&$lookups.ipv6)
    };
}

impl Checks<'_> {
    /// Runs all four.
    pub(super) async fn authenticate(&self) -> Authenticated {
        let signed = self.in_time(async { SignedMessage::parse(&self.arrival.raw) }).await.flatten();
        let signed = signed.as_ref();
        let keys = Lookups::with_budget(limits::DKIM_LOOKUPS_MAX);
        let (spf, dkim, arc) = join3(self.spf(), self.dkim(signed, &keys), self.arc(signed)).await;
        let from_domain = self.author_domain(signed);
        let (dmarc, dnssec) = match (&from_domain, signed) {
            (Some(domain), Some(signed)) => self.dmarc(domain, signed, &spf, &dkim).await,
            (Some(_), None) => (DmarcResult::Temperror, false),
            (None, _) => (DmarcResult::None, false),
        };
        let one_click = signed.and_then(|signed| one_click::signer(signed, &dkim, from_domain.as_deref()));
        let verdicts = Authentication {
            from_domain,
            spf: spf.result,
            spf_domain: spf.domain,
            dkim: verdicts(signed, &dkim),
            dmarc,
            arc,
            dnssec,
        };
        Authenticated { verdicts, one_click }
    }

    /// The domain that people see, when the two parsers agree on it: what is shown must be what was checked.
    fn author_domain(&self, signed: Option<&SignedMessage<'_>>) -> Option<String> {
        let shown = single_domain(self.message.from.iter().map(|author| author.handle.address()))?;
        match signed {
            Some(signed) => signed.author_domain().filter(|checked| *checked == shown),
            None => Some(shown),
        }
    }

    async fn spf(&self) -> Spf {
        let channel = &self.arrival.channel;
        // Behind a relay of our own the address of the stranger is unseen: there is nothing to check.
        let (Origin::Network, Some(peer)) = (channel.origin, channel.peer) else {
            return Spf::none();
        };
        let greeting = channel.greeting.as_deref().unwrap_or_default();
        let reverse_path = self.arrival.envelope.reverse_path.as_ref();
        let sender = reverse_path.map(|handle| handle.address().to_owned()).unwrap_or_default();
        let named = reverse_path.and_then(|handle| handle.domain());
        let domain = mail_auth::common::to_a_label(named.as_deref().unwrap_or(greeting)).into_owned();
        if domain.is_empty() {
            return Spf::none();
        }
        let lookups = Lookups::with_budget(limits::SPF_LOOKUPS_MAX);
        let asked = SpfParameters::new(peer, &domain, greeting, "unknown", &sender);
        let check = self.authenticator.check_host(parameters!(asked, lookups));
        let output = self.in_time(check).await;
        let output = output.filter(|_| !lookups.exhausted());
        let mut result = output.map_or(SpfResult::Temperror, |output| spf_result(output.result()));
        let found = !matches!(result, SpfResult::None | SpfResult::Temperror);
        if found && self.has_several(&domain, b"v=spf1").await {
            // RFC 7208 §4.5.
            result = SpfResult::Permerror;
        }
        Spf { result, domain: Some(domain), lookups: Some(lookups) }
    }

    async fn dkim<'x>(
        &self,
        signed: Option<&'x SignedMessage<'x>>,
        lookups: &'x Lookups,
    ) -> Vec<DkimOutput<'x>> {
        let Some(signed) = signed else {
            return Vec::new();
        };
        let check = self.authenticator.verify_dkim(parameters!(&signed.parsed, lookups));
        self.in_time(check).await.unwrap_or_else(|| {
            let late = || DkimOutput::temp_err(mail_auth::Error::Io("out of time".to_owned()));
            let signatures = signed.parsed.dkim_headers.iter();
            signatures.map(|header| late().with_signature(&header.header)).collect()
        })
    }

    async fn arc(&self, signed: Option<&SignedMessage<'_>>) -> ArcResult {
        let Some(signed) = signed else {
            return ArcResult::Temperror;
        };
        let sets = signed.parsed.as_headers.len().max(signed.parsed.ams_headers.len());
        if sets > limits::ARC_SETS_MAX {
            return ArcResult::Fail;
        }
        let lookups = Lookups::with_budget(limits::ARC_LOOKUPS_MAX);
        let check = self.authenticator.verify_arc(parameters!(&signed.parsed, lookups));
        match self.in_time(check).await.filter(|_| !lookups.exhausted()) {
            None => ArcResult::Temperror,
            Some(output) => match output.result() {
                mail_auth::DkimResult::None => ArcResult::None,
                mail_auth::DkimResult::Pass => ArcResult::Pass,
                mail_auth::DkimResult::TempError(_) => ArcResult::Temperror,
                // A chain is valid or it is not (RFC 8617 §5.2).
                _ => ArcResult::Fail,
            },
        }
    }

    /// The result, and whether a pass rests on validated answers alone.
    async fn dmarc(
        &self,
        author: &str,
        signed: &SignedMessage<'_>,
        spf: &Spf,
        dkim: &[DkimOutput<'_>],
    ) -> (DmarcResult, bool) {
        let lookups = Lookups::with_budget(limits::DMARC_LOOKUPS_MAX);
        let spf_domain = spf.domain.as_deref().unwrap_or_default();
        let spf_output = SpfOutput::new(spf_domain.to_owned()).with_result(vendor_spf(spf.result));
        let asked = DmarcParameters::new(&signed.parsed, dkim, spf_domain, &spf_output);
        let check = self.authenticator.verify_dmarc(parameters!(asked, lookups));
        let Some(output) = self.in_time(check).await.filter(|_| !lookups.exhausted()) else {
            return (DmarcResult::Temperror, false);
        };
        for name in lookups.text_names() {
            if self.has_several(&name, b"v=DMARC1").await {
                // RFC 9989 §4.10.1: of several records none can be told to be the policy.
                return (DmarcResult::Permerror, false);
            }
        }
        let result = match output.result() {
            mail_auth::DmarcResult::Pass => DmarcResult::Pass,
            mail_auth::DmarcResult::TempError(_) => DmarcResult::Temperror,
            mail_auth::DmarcResult::PermError(_) => DmarcResult::Permerror,
            mail_auth::DmarcResult::None => DmarcResult::None,
            // Half of the check could not be made: SPF may well have passed at the relay's own door.
            mail_auth::DmarcResult::Fail(_) if spf.lookups.is_none() && self.behind_relay() => {
                DmarcResult::Temperror
            }
            mail_auth::DmarcResult::Fail(_) => DmarcResult::Fail,
        };
        if result != DmarcResult::Pass || !lookups.all_secure(self.resolver).await {
            return (result, false);
        }
        let identity_secure = match (output.dkim_result(), &spf.lookups) {
            (mail_auth::DmarcResult::Pass, _) => self.keys_secure(author, dkim).await,
            (_, Some(lookups)) => lookups.all_secure(self.resolver).await,
            (_, None) => false,
        };
        (result, identity_secure)
    }

    /// The keys of the signatures that speak for the author were validated.
    async fn keys_secure(&self, author: &str, dkim: &[DkimOutput<'_>]) -> bool {
        let ours = organisational_domain(author);
        let mut found = false;
        let passed = dkim.iter().filter(|output| *output.result() == mail_auth::DkimResult::Pass);
        for signature in passed.filter_map(|output| output.signature()) {
            if organisational_domain(&signature.d) != ours {
                continue;
            }
            let key = format!("{}._domainkey.{}", signature.s, signature.d);
            if !self.resolver.texts(&key).await.is_ok_and(|answer| answer.secure) {
                return false;
            }
            found = true;
        }
        found
    }

    /// More than one text of this name begins with this version.
    async fn has_several(&self, name: &str, version: &[u8]) -> bool {
        let starts = |text: &Vec<u8>| {
            let (head, rest) = text.split_at_checked(version.len()).unwrap_or_default();
            let ends = rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b';');
            head.eq_ignore_ascii_case(version) && ends
        };
        let known = self.in_time(self.resolver.texts(name)).await;
        known.is_some_and(|answer| {
            answer.is_ok_and(|answer| answer.records.iter().filter(|text| starts(text)).count() > 1)
        })
    }

    fn behind_relay(&self) -> bool {
        self.arrival.channel.origin == Origin::LocalRelay
    }

    async fn in_time<T>(&self, check: impl Future<Output = T>) -> Option<T> {
        guarded(self.deadline, check).await
    }
}

/// The outcome of a check; `None` when it took too long, or when the code that we did not write panicked on
/// what a stranger sent. Either way nobody knows, and the message is still received.
pub(super) async fn guarded<T>(deadline: Instant, check: impl Future<Output = T>) -> Option<T> {
    let outcome = timeout_at(deadline, AssertUnwindSafe(check).catch_unwind()).await;
    match outcome {
        Ok(Ok(result)) => Some(result),
        Ok(Err(_)) => {
            tracing::error!("a check of an arriving message panicked");
            None
        }
        Err(_) => None,
    }
}

/// What SPF said, and what it asked; it asked nothing when there was nothing to check.
struct Spf {
    result: SpfResult,
    domain: Option<String>,
    lookups: Option<Lookups>,
}

impl Spf {
    fn none() -> Self {
        Self { result: SpfResult::None, domain: None, lookups: None }
    }
}

fn verdicts(signed: Option<&SignedMessage<'_>>, outputs: &[DkimOutput<'_>]) -> Vec<DkimVerdict> {
    let checked = outputs.iter().filter_map(|output| {
        let signature = output.signature()?;
        Some(DkimVerdict {
            domain: signature.d.clone(),
            selector: signature.s.clone(),
            result: dkim_result(output.result()),
            body_length_limited: false,
        })
    });
    let unchecked = |pairs: Option<&[(String, String)]>, result, body_length_limited| {
        let verdict = move |(domain, selector)| DkimVerdict { domain, selector, result, body_length_limited };
        pairs.unwrap_or_default().to_vec().into_iter().map(verdict)
    };
    // `policy`: acceptable to its signer, not to us; `permerror`: to nobody (RFC 8301 §3.1, RFC 8601 §2.7.1).
    let limited = unchecked(signed.map(|signed| &*signed.length_limited), DkimResult::Policy, true);
    let refused = unchecked(signed.map(|signed| &*signed.refused), DkimResult::Permerror, false);
    checked.chain(limited).chain(refused).collect()
}

fn spf_result(result: mail_auth::SpfResult) -> SpfResult {
    match result {
        mail_auth::SpfResult::Pass => SpfResult::Pass,
        mail_auth::SpfResult::Fail => SpfResult::Fail,
        mail_auth::SpfResult::SoftFail => SpfResult::Softfail,
        mail_auth::SpfResult::Neutral => SpfResult::Neutral,
        mail_auth::SpfResult::TempError => SpfResult::Temperror,
        mail_auth::SpfResult::PermError => SpfResult::Permerror,
        mail_auth::SpfResult::None => SpfResult::None,
    }
}

fn vendor_spf(result: SpfResult) -> mail_auth::SpfResult {
    match result {
        SpfResult::Pass => mail_auth::SpfResult::Pass,
        SpfResult::Fail => mail_auth::SpfResult::Fail,
        SpfResult::Softfail => mail_auth::SpfResult::SoftFail,
        SpfResult::Neutral => mail_auth::SpfResult::Neutral,
        SpfResult::Temperror => mail_auth::SpfResult::TempError,
        SpfResult::Permerror => mail_auth::SpfResult::PermError,
        SpfResult::None => mail_auth::SpfResult::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_check_that_hangs_or_panics_is_unknown() {
        let deadline = Instant::now() + Duration::from_secs(1);
        assert_eq!(guarded(deadline, async { 1 }).await, Some(1));
        assert_eq!(guarded(deadline, async { panic!("as a vendor's parser might") }).await, None::<u8>);
        assert_eq!(guarded(deadline, std::future::pending::<u8>()).await, None);
    }
}
