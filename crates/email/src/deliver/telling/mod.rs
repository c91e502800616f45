//! Telling other domains how encryption with them went (TLS reporting, RFC 8460): once a day, numbers of sessions alone.
//!
//! Only places that know already who wrote to the domain are told: those of its own organisation, or of the organisation
//! whose hosts take its mail (docs/decisions/0030-reports-of-encryption.md).

mod report;
mod tally;
mod wish;

pub(super) use tally::Tally;

use super::Deliverer;
use super::limits::{REPORT_AGE_DAYS_MAX, REPORT_BYTES_MAX, REPORT_TIME_MAX};
use super::notes::PolicyKind;
use super::targets::SMTP_PORT;
use crate::resolver::Answer;
use crate::verify::organisational_domain;
use bytes::Bytes;
use caliopen_connect::{Carrier, Inbox, Notice, Protection};
use caliopen_egress::Form;
use caliopen_model::{EmailAddress, Handle, Protocol};
use report::Published;
use std::sync::Arc;
use tally::{Lines, Subject, day};
use tokio::task::spawn_blocking;
use wish::Place;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It was handed over, or nobody wants it.
    Done,
    /// It could not be now.
    Later,
}

impl Deliverer {
    /// Tells every domain about the days that are over, in this host's name, and forgets what was told. `author` is who
    /// answers for it, an address of a domain that is signed by `signer`. What could not be told is tried again by the next
    /// call, for two days.
    pub async fn tell_domains(&self, author: &Handle, signer: &dyn Carrier, inbox: &dyn Inbox) {
        let now = (self.clock)().plus_ms(-self.telling_delay_ms);
        for subject in self.tally.over(now) {
            let is_too_old = day(now) - subject.day > REPORT_AGE_DAYS_MAX;
            if is_too_old || self.tell(&subject, author, signer, inbox).await == Told::Done {
                self.tally.forget(&subject);
            }
        }
    }

    /// Writes down what was counted, so that a restart does not forget it.
    pub async fn keep_tally(&self) {
        let tally = Arc::clone(&self.tally);
        if let Ok(Err(error)) = spawn_blocking(move || tally.keep()).await {
            tracing::warn!(%error, "how encryption with other domains went cannot be kept");
        }
    }

    async fn tell(
        &self,
        subject: &Subject,
        author: &Handle,
        signer: &dyn Carrier,
        inbox: &dyn Inbox,
    ) -> Told {
        let record = self.resolver.texts(&format!("_smtp._tls.{}", subject.domain)).await;
        let Ok(Answer { records, .. }) = record else { return Told::Later };
        let lines = self.tally.of(subject);
        let places = wish::places(&records).into_iter().filter(|place| knows_already(place, subject, &lines));
        let places: Vec<Place> = places.filter(|place| !self.tally.has_reached(subject, place)).collect();
        if places.is_empty() {
            return Told::Done;
        }
        let written =
            report::write(&self.host_name, author, subject, &lines, &self.policies_of(subject, &lines).await);
        if written.json.len() > REPORT_BYTES_MAX {
            return Told::Done;
        }
        let mut told = Told::Done;
        for place in places {
            let done = match &place {
                Place::Https(url) => self.post(url, &written.json).await,
                Place::Mail(to) => self.mail(to, author, &written, signer, inbox).await,
            };
            match done {
                true => self.tally.reached(subject, place),
                false => told = Told::Later,
            }
        }
        told
    }

    /// RFC 8460 §5.4.
    async fn post(&self, url: &str, json: &str) -> bool {
        let form = Form { media_type: "application/tlsrpt+json", body: json };
        match self.egress.post(url, form, REPORT_TIME_MAX).await {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!(%error, "a report of encryption was not taken");
                false
            }
        }
    }

    /// RFC 8460 §5.3. It goes however it can: it may be the encryption of this very host that fails (§3).
    async fn mail(
        &self,
        to: &str,
        author: &Handle,
        report: &report::Written,
        signer: &dyn Carrier,
        inbox: &dyn Inbox,
    ) -> bool {
        let Ok(address) = EmailAddress::parse(to) else { return true };
        let Some(raw) = report.message(author, &address) else { return true };
        let raw = signer.sign(author, Bytes::from(raw));
        let (recipient, protection) = (Handle::email(&address), Protection::BestEffort);
        inbox.report(Notice { protocol: Protocol::Email, recipient, raw, protection }).await;
        true
    }

    /// What the domain publishes now: the words of the policies that were applied.
    async fn policies_of(&self, subject: &Subject, lines: &Lines) -> Published {
        let mut published = Published { sts: self.policies.words(&subject.domain), ..Published::default() };
        let of_dane = lines.keys().filter(|line| line.policy == Some(PolicyKind::Dane));
        let mut hosts: Vec<&str> = of_dane.filter_map(|line| line.host.as_deref()).collect();
        hosts.dedup();
        for host in hosts {
            let found = self.resolver.certificate_associations(host, SMTP_PORT).await;
            if let Ok(Answer { records, secure: true }) = found {
                published.dane.extend(records);
            }
        }
        published
    }
}

/// Whether a place belongs to whoever took the domain's mail, or to the domain itself.
fn knows_already(place: &Place, subject: &Subject, lines: &Lines) -> bool {
    let Some(told) = place.domain().map(str::to_ascii_lowercase) else { return false };
    let of =
        |domain: &str| organisational_domain(&domain.to_ascii_lowercase()) == organisational_domain(&told);
    let mut hosts = lines.keys().filter_map(|line| line.host.as_deref());
    of(&subject.domain) || hosts.any(of)
}
