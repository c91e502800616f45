//! One attempt to deliver a message: host after host, until every recipient's fate is known for now.

use super::channel::Policy;
use super::connection::{Connection, OpenError};
use super::demand::{Demand, Demanded, Domain};
use super::limits::{ATTEMPT_TIME_MAX, CONNECTIONS_MAX, RECIPIENTS_MAX};
use super::notes::{Failure, Note, PolicyKind};
use super::pool::HostKey;
use super::targets::{self, Origin, Target};
use super::{Deliverer, outcomes};
use caliopen_connect::{Dispatch, Protection};
use caliopen_model::{CertificateStanding, EmailAddress, Handle, Outcome};
use caliopen_smtp::client::{
    Cause, Content, Fate, Fault, Notify, Outgoing, Phase, Recipient, Returned, Verdict,
};
use tokio::time::{Instant, sleep_until};

/// RFC 5321 §3.8: the server closes the connection.
const CLOSING: u16 = 421;

/// A message on its way to the hosts of one domain.
struct Attempt {
    reverse_path: Option<EmailAddress>,
    envelope_id: String,
    content: Content,
    recipients: Vec<Option<EmailAddress>>,
    protection: Protection,
    outcomes: Vec<Option<Outcome>>,
    /// What is said of those who are left in the end.
    last: Option<Outcome>,
    began: Instant,
    connections: usize,
    /// A host offered TLS and it failed: what lies behind is not sent in clear either.
    saw_tls_fail: bool,
}

/// How a message fared on one connection.
enum Sent {
    /// Everything that this host can do is done.
    Done,
    /// The connection was an old one, and gone.
    Stale,
}

impl Deliverer {
    pub(super) async fn attempt(&self, dispatch: Dispatch) -> Vec<Outcome> {
        let mut attempt = Attempt::new(dispatch);
        let Some(name) = attempt.domain() else { return attempt.finish() };
        let found = targets::find(&self.resolver, &self.routes, &self.host_name, &name, &self.chance).await;
        let mut domain = Domain::new(name.clone());
        match found {
            Err(no_way) => attempt.last = Some(outcomes::of_no_way(no_way)),
            Ok(mut hosts) => {
                if attempt.protection == Protection::BestEffort {
                    hosts.extend(in_clear(&hosts));
                }
                for host in hosts {
                    if attempt.is_done() {
                        break;
                    }
                    self.try_host(&mut attempt, host, &mut domain).await;
                }
            }
        }
        let outcomes = attempt.finish();
        self.outlooks.learn(&name, &outcomes);
        outcomes
    }

    async fn try_host(&self, attempt: &mut Attempt, mut target: Target, domain: &mut Domain) {
        if attempt.is_held_to_tls() && target.policy == Policy::Opportunistic {
            target.policy = Policy::Encrypted;
        }
        let Some(demanded) = self.demanded_for(attempt, &target, domain).await else { return };
        let key = HostKey::new(&target, demanded.demand.clone());
        let slots = self.pool.slots(&key);
        let Ok(_slot) = slots.acquire_owned().await else { return };
        if let Some(connection) = self.pool.take(&key)
            && matches!(self.send_over(attempt, connection, &key).await, Sent::Done)
        {
            return;
        }
        let addresses = match targets::addresses(&self.resolver, &self.places, &target).await {
            Ok(addresses) => addresses,
            Err(no_way) => {
                attempt.note(outcomes::of_no_way(no_way));
                return;
            }
        };
        for address in addresses {
            if attempt.is_done() {
                return;
            }
            if self.pool.is_dead(address) {
                attempt.note(outcomes::unreachable(&target.host));
                continue;
            }
            attempt.connections += 1;
            sleep_until(self.pool.turn(&key)).await;
            let opened = self.line.open(&target, &demanded.demand, address).await;
            if attempt.protection != Protection::BestEffort && target.origin != Origin::Route {
                self.watch(&demanded, domain, &target, &opened);
            }
            match opened {
                Ok(connection) => {
                    self.send_over(attempt, connection, &key).await;
                    return;
                }
                Err(OpenError::Unreachable) => {
                    self.pool.bury(address);
                    attempt.note(outcomes::unreachable(&target.host));
                }
                Err(OpenError::Failed(verdict) | OpenError::Unproven(verdict, _)) => {
                    if matches!(verdict.cause, Cause::Fault(Fault::TimedOut)) {
                        self.pool.bury(address);
                    }
                    attempt.refused_connection(&verdict, &target.host);
                }
            }
        }
    }

    /// What is demanded of a host for this message; none when nothing may be sent to it, which is written down.
    async fn demanded_for(
        &self,
        attempt: &mut Attempt,
        target: &Target,
        domain: &mut Domain,
    ) -> Option<Demanded> {
        let demanded = match attempt.protection {
            Protection::BestEffort => Demanded::best_effort(target),
            Protection::AsDemanded | Protection::EveryHost => match self.demand(target, domain).await {
                Ok(demanded) => demanded,
                Err(withheld) => {
                    withheld.note(domain, &target.host).iter().for_each(|note| (self.notes)(note));
                    attempt.refused_by_policy(withheld.outcome(&target.host));
                    return None;
                }
            },
        };
        demanded.note.iter().for_each(|note| (self.notes)(note));
        if attempt.protection == Protection::EveryHost && demanded.demand.proof().is_none() {
            attempt.refused_by_policy(outcomes::not_provable(&target.host));
            return None;
        }
        Some(demanded)
    }

    /// Counts a session, and notes what a policy kept back or would have kept back if it were enforced.
    fn watch(
        &self,
        demanded: &Demanded,
        domain: &Domain,
        target: &Target,
        opened: &Result<Connection, OpenError>,
    ) {
        let policy = match demanded.demand {
            Demand::Dane { .. } => Some(PolicyKind::Dane),
            Demand::MtaSts => Some(PolicyKind::MtaSts),
            Demand::Plain(_) if demanded.testing => Some(PolicyKind::MtaSts),
            Demand::Plain(_) => None,
        };
        let failure = match opened {
            Ok(connection) if demanded.testing => connection.shortfall(),
            Ok(connection) => (!connection.is_encrypted()).then_some(Failure::StartTls),
            Err(OpenError::Unproven(_, standing)) => of_policy(policy, *standing),
            Err(OpenError::Failed(verdict)) if verdict.phase == Phase::StartTls => Some(Failure::StartTls),
            // Nobody knows how it would have gone.
            Err(_) => return,
        };
        match failure {
            None => self.tally.met(&domain.name, policy, &target.host, (self.clock)()),
            Some(failure) => {
                let (domain, host) = (domain.name.clone(), Some(target.host.clone()));
                (self.notes)(&Note { domain, policy, host, failure, sent: opened.is_ok() });
            }
        }
    }

    /// Sends the message to everybody who is left, a hundred at a time.
    async fn send_over(&self, attempt: &mut Attempt, mut connection: Connection, key: &HostKey) -> Sent {
        let is_reused = connection.messages() > 0;
        let delivery = connection.delivery();
        let mut is_first = true;
        while connection.is_alive() {
            let waiting = attempt.waiting();
            if waiting.is_empty() {
                break;
            }
            let Some(verdicts) = connection.send(attempt.outgoing(&waiting), &self.line.timeouts).await
            else {
                break;
            };
            let goes_on = attempt.judge(&waiting, &verdicts, &delivery);
            if is_reused && is_first && verdicts.iter().any(is_stale) {
                return Sent::Stale;
            }
            is_first = false;
            if !goes_on {
                break;
            }
        }
        if connection.is_alive()
            && let Some(surplus) = self.pool.keep(key.clone(), connection)
        {
            surplus.quit(&self.line.timeouts).await;
        }
        Sent::Done
    }
}

impl Attempt {
    fn new(dispatch: Dispatch) -> Self {
        let recipients: Vec<Option<EmailAddress>> = dispatch.recipients.iter().map(address).collect();
        let outcomes =
            recipients.iter().map(|recipient| recipient.is_none().then(outcomes::bad_recipient)).collect();
        Self {
            reverse_path: dispatch.reverse_path.as_ref().and_then(address),
            envelope_id: dispatch.envelope_id,
            content: Content::new(dispatch.raw),
            recipients,
            protection: dispatch.protection,
            outcomes,
            last: None,
            began: Instant::now(),
            connections: 0,
            saw_tls_fail: false,
        }
    }

    /// The domain of the recipients, which is one.
    fn domain(&self) -> Option<String> {
        self.recipients.iter().flatten().next().map(|recipient| recipient.domain().to_ascii_lowercase())
    }

    /// Whether nothing is sent in clear any more where a host may choose.
    fn is_held_to_tls(&self) -> bool {
        self.saw_tls_fail && self.protection != Protection::BestEffort
    }

    fn is_done(&self) -> bool {
        self.outcomes.iter().all(Option::is_some)
            || self.connections >= CONNECTIONS_MAX
            || self.began.elapsed() >= ATTEMPT_TIME_MAX
    }

    /// The places of those whose fate is open, as many as one transaction takes.
    fn waiting(&self) -> Vec<usize> {
        let open = self.outcomes.iter().enumerate().filter(|(_, outcome)| outcome.is_none());
        open.map(|(at, _)| at).take(RECIPIENTS_MAX).collect()
    }

    fn outgoing(&self, waiting: &[usize]) -> Outgoing {
        let named = waiting.iter().filter_map(|at| self.recipients.get(*at)?.clone());
        // A report of a report would go nowhere.
        let is_report = self.reverse_path.is_none();
        Outgoing {
            reverse_path: self.reverse_path.clone(),
            recipients: named.map(|address| asking(address, is_report)).collect(),
            content: self.content.clone(),
            returned: (!is_report).then_some(Returned::Headers),
            envelope_id: (!is_report).then(|| self.envelope_id.clone()),
            requires_tls: self.protection == Protection::EveryHost,
        }
    }

    /// Writes down what one transaction decided. Whether it did, so that another on the same connection is
    /// worth its while.
    fn judge(
        &mut self,
        waiting: &[usize],
        verdicts: &[Verdict],
        delivery: &caliopen_model::Delivery,
    ) -> bool {
        let somebody_was_taken = verdicts.iter().any(|verdict| verdict.fate == Fate::Accepted);
        let mut decided = false;
        for (at, verdict) in waiting.iter().zip(verdicts) {
            let outcome = outcomes::of_verdict(verdict, delivery);
            let is_open = is_about_connection(verdict) || (somebody_was_taken && is_about_number(verdict));
            if is_open {
                self.last = Some(outcome);
            } else if let Some(own) = self.outcomes.get_mut(*at) {
                *own = Some(outcome);
                decided = true;
            }
        }
        decided
    }

    /// Nothing may be sent to a host. What lies behind it is not sent in clear either.
    fn refused_by_policy(&mut self, outcome: Outcome) {
        self.saw_tls_fail = true;
        self.note(outcome);
    }

    /// A host answered, but took no message.
    fn refused_connection(&mut self, verdict: &Verdict, host: &str) {
        self.saw_tls_fail |= verdict.phase == Phase::StartTls;
        let trouble = outcomes::trouble(verdict, host);
        self.note(match verdict.fate {
            Fate::Refused => Outcome::Failed(trouble),
            Fate::Accepted | Fate::Deferred => Outcome::Deferred(trouble),
        });
    }

    /// What is said of those who are left, unless something better is known: that a host does not answer says
    /// less than what another said, and one that may answer tomorrow outweighs one that never will.
    fn note(&mut self, outcome: Outcome) {
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Failed(_) => 0,
            Outcome::Deferred(trouble) => match trouble.cause {
                caliopen_model::Cause::Unreachable => 1,
                _ => 2,
            },
            Outcome::Delivered(_) => 3,
        };
        if self.last.as_ref().is_none_or(|last| rank(&outcome) >= rank(last)) {
            self.last = Some(outcome);
        }
    }

    /// One outcome for each recipient.
    fn finish(self) -> Vec<Outcome> {
        let last = self.last.unwrap_or_else(|| outcomes::of_no_way(targets::NoWay::LookupFailed));
        self.outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|| last.clone())).collect()
    }
}

/// What a certificate that was not taken falls short of. What DANE describes has no better word (RFC 8460 §4.3.2.1).
fn of_policy(policy: Option<PolicyKind>, standing: CertificateStanding) -> Option<Failure> {
    match policy {
        Some(PolicyKind::MtaSts) => Failure::of_certificate(standing),
        Some(PolicyKind::Dane) | None => Some(Failure::Certificate),
    }
}

/// The same hosts once more, without encryption, for what is to arrive even where encryption fails. The configuration's own
/// ways stay as it says.
fn in_clear(hosts: &[Target]) -> Vec<Target> {
    let public = hosts.iter().filter(|host| host.origin != Origin::Route);
    public.map(|host| Target { policy: Policy::Clear, ..host.clone() }).collect()
}

/// The address of a handle, with its domain in A-labels: that needs no SMTPUTF8 (RFC 6531 §3.2).
pub(super) fn address(handle: &Handle) -> Option<EmailAddress> {
    let address = EmailAddress::parse(handle.address()).ok()?;
    let domain = mail_auth::common::to_a_label(address.domain().trim_end_matches('.'));
    EmailAddress::parse(&format!("{}@{domain}", address.local_part())).ok()
}

/// A recipient, and what hosts further on are to report of it to the return path: trouble, under the address as we know
/// it, whatever they make of it. That it arrived is for its reader to say.
fn asking(address: EmailAddress, is_report: bool) -> Recipient {
    let trouble = Notify::On { success: false, failure: true, delay: true };
    let (notify, original) = if is_report { (Notify::Never, None) } else { (trouble, Some(address.clone())) };
    Recipient { notify: Some(notify), original, address }
}

/// The dialogue ended before the message was begun: another host may take it at once.
fn is_about_connection(verdict: &Verdict) -> bool {
    let before = matches!(verdict.phase, Phase::Reset | Phase::Mail | Phase::Recipient | Phase::Data);
    before && (matches!(verdict.cause, Cause::Fault(_)) || verdict.code() == Some(CLOSING))
}

/// Too many recipients for one message (RFC 5321 §4.5.3.1.10): the others come in the next.
fn is_about_number(verdict: &Verdict) -> bool {
    let status = verdict.status();
    verdict.phase == Phase::Recipient
        && verdict.fate == Fate::Deferred
        && ((status.subject, status.detail) == (5, 3)
            || (verdict.code() == Some(452) && (status.subject, status.detail) == (0, 0)))
}

/// The peer closed an idle connection, and nobody noticed until now.
fn is_stale(verdict: &Verdict) -> bool {
    matches!(verdict.phase, Phase::Reset | Phase::Mail)
        && (matches!(verdict.cause, Cause::Fault(Fault::ConnectionLost)) || verdict.code() == Some(CLOSING))
}
