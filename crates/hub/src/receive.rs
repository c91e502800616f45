//! A message arrives: listen, parse, verify, assess, classify, resolve, place, seal and commit, push.
//!
//! One message is parsed and checked once, and stored for each of its recipients under that person's own keys.

use crate::Hub;
use crate::blobs;
use crate::classify::{self, Known};
use crate::context::Context;
use crate::error::HubError;
use crate::indices::ways;
use crate::keys;
use crate::owner::{Owner, Plan, commit_each};
use crate::place::{self, Placed, Settled};
use crate::records::{HandleRecord, LoginRecord};
use crate::resolve::{self, Resolved};
use crate::returned;
use crate::screen;
use crate::shelve::{self, Shelved};
use crate::standing::News;
use bytes::Bytes;
use caliopen_connect::{
    Arrival, DeliveryVerdict, Inbox, Notice, Origin, RecipientVerdict, Reported, ServiceFacts, Verified,
};
use caliopen_model::{
    AccountId, AddressProof, AtRest, AtRestState, Direction, DmarcResult, Evidence, Handle, HandlerClass,
    HandlerSees, Hop, HopProof, HopSecurity, IdentityId, Message, MessageId, MetadataPath, PeerService,
    PrivacyIndex, Protocol, Side, SubmissionId, Timestamp,
};
use caliopen_privacy::contact::proof_of;
use caliopen_privacy::handlers;
use caliopen_store::{BlobKey, StoreError};
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that is known of a message before anybody's account is looked at.
pub(crate) struct Assessed {
    pub(crate) protocol: Protocol,
    pub(crate) direction: Direction,
    /// When it came, or left.
    pub(crate) at: Timestamp,
    pub(crate) size_bytes: u64,
    pub(crate) message: Message,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) index: PrivacyIndex,
    pub(crate) suspicious: bool,
    /// What it reports of, and what it says of it, when it is a report.
    pub(crate) returned: Vec<SubmissionId>,
    pub(crate) reported: Vec<Reported>,
    /// This host itself tells what became of something: nobody has to be let in for that.
    pub(crate) is_own_report: bool,
    /// The submission of another person here that it is.
    pub(crate) inside: Option<SubmissionId>,
    /// The bytes as they came.
    pub(crate) raw: Bytes,
    /// The same, compressed once for all recipients.
    pub(crate) compressed: Vec<u8>,
}

impl Inbox for Hub {
    fn accepts<'a>(&'a self, recipient: &'a Handle) -> BoxFuture<'a, RecipientVerdict> {
        Box::pin(async move {
            match self.recipient_verdict(recipient).await {
                Ok(verdict) => verdict,
                Err(error) => {
                    tracing::error!(%error, "a recipient could not be looked up");
                    RecipientVerdict::TryLater
                }
            }
        })
    }

    fn deliver(&self, arrival: Arrival) -> BoxFuture<'_, Vec<DeliveryVerdict>> {
        Box::pin(self.receive(arrival))
    }

    fn report(&self, notice: Notice) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(error) = self.queue_notice(notice).await {
                tracing::error!(%error, "a report of a delivery could not be queued");
            }
        })
    }
}

impl Hub {
    pub(crate) async fn recipient_verdict(&self, recipient: &Handle) -> Result<RecipientVerdict, HubError> {
        if let Some(login) = self.core.login(recipient).await? {
            return self.mailbox_verdict(login).await;
        }
        let ours = match recipient.domain() {
            Some(domain) => self.core.has_domain(&domain).await?,
            None => false,
        };
        Ok(if ours { RecipientVerdict::NoSuchUser } else { RecipientVerdict::NotLocal })
    }

    async fn mailbox_verdict(&self, login: LoginRecord) -> Result<RecipientVerdict, HubError> {
        if login.rests {
            return Ok(RecipientVerdict::NoSuchUser);
        }
        let owner = self.core.owner(AccountId::from_bytes(login.account)).await?;
        match self.core.room(&owner).await {
            Ok(()) => Ok(RecipientVerdict::Accepted),
            Err(HubError::MailboxFull) => Ok(RecipientVerdict::MailboxFull),
            Err(error) => Err(error),
        }
    }

    /// The whole way of a message, from our door to the screen.
    async fn receive(&self, arrival: Arrival) -> Vec<DeliveryVerdict> {
        self.take_in(arrival, None).await
    }

    /// The same for a message of another person here. Taken in twice for one submission, it is stored once.
    pub(crate) async fn receive_inside(
        &self,
        arrival: Arrival,
        submission: SubmissionId,
    ) -> Vec<DeliveryVerdict> {
        self.take_in(arrival, Some(submission)).await
    }

    async fn take_in(&self, arrival: Arrival, inside: Option<SubmissionId>) -> Vec<DeliveryVerdict> {
        let recipients = arrival.envelope.recipients.clone();
        let accounts = match self.recipient_accounts(&recipients).await {
            Ok(accounts) => accounts,
            Err(error) => return vec![refusal(&error); recipients.len()],
        };
        let returned = returned::submissions(&self.core, &arrival.envelope);
        let outcome = match self.assess(arrival, returned).await {
            Some(assessed) if inside.is_some() => {
                self.store_for_each(&Assessed { inside, ..assessed }, &accounts).await
            }
            Some(assessed) => self.store_for_each(&assessed, &accounts).await,
            None => BTreeMap::new(),
        };
        let verdict = |account: &Option<(AccountId, IdentityId)>| match account {
            Some((account, _)) => outcome.get(account).copied().unwrap_or(DeliveryVerdict::TryLater),
            None => DeliveryVerdict::NoSuchUser,
        };
        accounts.iter().map(verdict).collect()
    }

    async fn recipient_accounts(
        &self,
        recipients: &[Handle],
    ) -> Result<Vec<Option<(AccountId, IdentityId)>>, HubError> {
        let mut accounts = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let login = self.core.login(recipient).await?.filter(|login| !login.rests);
            accounts.push(
                login.map(|login| {
                    (AccountId::from_bytes(login.account), IdentityId::from_bytes(login.identity))
                }),
            );
        }
        Ok(accounts)
    }

    /// Parse, verify, assess. None when nobody here reads this protocol.
    async fn assess(&self, arrival: Arrival, returned: Vec<SubmissionId>) -> Option<Assessed> {
        let format = self.core.format(arrival.protocol)?;
        // Only what came to a return path of ours is read as a report.
        let reported = if returned.is_empty() { Vec::new() } else { format.reported(&arrival.raw) };
        let (message, _defects) = format.parse(&arrival.raw);
        let verified = match arrival.channel.origin {
            Origin::Inside => inside(),
            Origin::Network | Origin::LocalRelay => format.verify(&arrival, &message).await,
        };
        let is_own_report =
            arrival.channel.origin == Origin::Inside && arrival.envelope.reverse_path.is_none();
        let evidence = self.core.as_known_here(gather(verified));
        let assessment = caliopen_privacy::assess(&evidence);
        Some(Assessed {
            protocol: arrival.protocol,
            direction: Direction::Received,
            at: arrival.received_at,
            size_bytes: arrival.raw.len() as u64,
            index: assessment.index,
            suspicious: assessment.suspicious,
            message,
            evidence,
            returned,
            reported,
            is_own_report,
            inside: None,
            compressed: blobs::compress(&arrival.raw),
            raw: arrival.raw,
        })
    }

    /// Places and seals the message in each account, then commits all of them together.
    async fn store_for_each(
        &self,
        assessed: &Assessed,
        recipients: &[Option<(AccountId, IdentityId)>],
    ) -> BTreeMap<AccountId, DeliveryVerdict> {
        // In order of ids, so that two messages for the same people never wait for each other in a circle. An
        // account that is named twice receives once.
        let accounts: BTreeMap<AccountId, IdentityId> = recipients.iter().flatten().rev().copied().collect();
        let mut owners = Vec::with_capacity(accounts.len());
        let mut verdicts = BTreeMap::new();
        for (account, identity) in accounts {
            match self.core.owner(account).await {
                Ok(owner) => owners.push((owner, identity)),
                Err(error) => _ = verdicts.insert(account, refusal(&error)),
            }
        }
        let mut plans = Vec::with_capacity(owners.len());
        for (owner, identity) in &owners {
            match plan_arrival(&self.core, owner, *identity, assessed).await {
                Ok(plan) => plans.push(plan),
                Err(error) => _ = verdicts.insert(owner.account, refusal(&error)),
            }
        }
        for (account, result) in commit_each(&self.core, plans).await {
            match result {
                Ok(states) => {
                    self.core.tell(account, states);
                    verdicts.insert(account, DeliveryVerdict::Stored)
                }
                Err(error) => verdicts.insert(account, refusal(&error)),
            };
        }
        verdicts
    }
}

/// Resolve, classify, place, seal: one account's part, ready to be committed.
async fn plan_arrival<'a>(
    core: &'a Context,
    owner: &'a Arc<Owner>,
    identity: IdentityId,
    assessed: &Assessed,
) -> Result<Plan<'a>, HubError> {
    core.room(owner).await?;
    let id = MessageId::from_bytes(core.ids.next());
    let blob = blobs::seal(core, owner.partition(), BlobKey(*id.as_bytes()), &assessed.compressed).await?;
    let mut plan = Plan::open(core, owner).await?;
    if let Some(submission) = assessed.inside {
        let key = keys::taken_in(&owner.blind.index("inside", submission.as_bytes()));
        if plan.get_many(std::slice::from_ref(&key)).await?.iter().any(Option::is_some) {
            // The process ended between storing it and writing that down: it is here already.
            plan.delete_blob(blob.key);
            return Ok(plan);
        }
        plan.mark(key);
    }
    let Settled { people, kind, placed } =
        place::settle(core, &mut plan, assessed, id, (identity, &[])).await?;
    let message = &assessed.message;
    if !assessed.reported.is_empty() {
        for submission in &assessed.returned {
            returned::write_down(&mut plan, *submission, id, assessed.at, &assessed.reported).await?;
        }
    }
    let author = message.from.first().and_then(|author| people.find(&author.handle)).cloned();
    let known = known(author.as_ref(), &placed, assessed.suspicious);
    let (importance, reasons) = classify::importance(message, kind, known);
    let news = screen::news(&plan, assessed, kind, author.as_ref(), placed.conversation).await?;
    let shelved = Shelved { message: id, blob, identity, kind, importance, reasons, news, bcc: Vec::new() };
    shelve::shelve(&mut plan, assessed, &people, placed, shelved).await?;
    if let Some(author) = author {
        remember_author(&mut plan, author, news, proof_of(&assessed.evidence)).await?;
    }
    Ok(plan)
}

fn known(author: Option<&Resolved>, placed: &Placed, suspicious: bool) -> Known {
    // A forged From earns nothing from the person that it imitates.
    let author = author.filter(|_| !suspicious);
    Known {
        author_confirmed: author.is_some_and(|author| author.handle.confirmed),
        user_wrote: author.is_some_and(|author| author.handle.written_to),
        first_time: author.is_none_or(|author| !author.handle.wrote),
        is_reply: placed.before.is_some(),
        suspicious,
    }
}

/// Whoever wrote has written from now on; and where their domain proves it, their address is theirs.
pub(crate) async fn remember_author(
    plan: &mut Plan<'_>,
    author: Resolved,
    news: News,
    proof: AddressProof,
) -> Result<(), HubError> {
    let is_proof = proof == AddressProof::Received && !author.handle.proven;
    let Some(contact) = author.contact().filter(|_| is_proof || !author.handle.wrote) else { return Ok(()) };
    let blind = resolve::handle_blind(plan, &author.participant.handle.canonical());
    let waiting = if author.handle.wrote { author.handle.waiting } else { news == News::FirstTime };
    let proven = author.handle.proven || is_proof;
    plan.put(keys::handle(&blind), &HandleRecord { wrote: true, waiting, proven, ..author.handle });
    if is_proof {
        ways::prove(plan, contact, blind).await?;
    }
    Ok(())
}

/// What is known of a message that another person of this server wrote: it took no hop, and both copies are sealed.
pub(crate) fn inside() -> Verified {
    Verified {
        evidence: vec![
            Evidence::Hop(Hop {
                peer: "this server".to_owned(),
                security: HopSecurity::SameServer,
                tls: None,
            }),
            Evidence::Peer(PeerService::Caliopen),
            Evidence::Metadata(MetadataPath::IntraCaliopenSealed),
            Evidence::AtRest(AtRest { side: Side::There, state: AtRestState::SealedToUser }),
        ],
        services: Vec::new(),
    }
}

/// Evidence of the checks, with the services on the way classified, and what this host adds: at rest, the message
/// is sealed to the person's own key.
pub fn gather(verified: Verified) -> Vec<Evidence> {
    let mut evidence = verified.evidence;
    let is_authentic = evidence
        .iter()
        .any(|known| matches!(known, Evidence::Authentication(found) if found.dmarc == DmarcResult::Pass));
    let is_encrypted = evidence.iter().any(|known| matches!(known, Evidence::Encryption(_)));
    let sees = if is_encrypted { HandlerSees::Metadata } else { HandlerSees::Content };
    evidence.extend(verified.services.iter().map(|service| handler(service, sees, is_authentic)));
    evidence.push(Evidence::AtRest(AtRest { side: Side::Here, state: AtRestState::SealedToUser }));
    evidence
}

/// A service that lives well earns points only when the message is proved to come from it: anybody can write its
/// name. One that lives badly counts against a message that merely claims it.
fn handler(service: &ServiceFacts, sees: HandlerSees, is_authentic: bool) -> Evidence {
    let found = handlers::classify(&service.domain, &service.mx_hosts, service.peer_host.as_deref());
    let mut handler = found.handler(sees);
    if !is_authentic {
        handler.class = handler.class.min(HandlerClass::C);
    }
    Evidence::Handler(handler)
}

/// What the way of a message to another server says. A host whose name is not proved earns nothing by it.
pub(crate) fn way(hop: Hop, proof: Option<HopProof>, service: &ServiceFacts) -> Vec<Evidence> {
    let proven = proof.map(|by| Evidence::HopProven { peer: hop.peer.clone(), by });
    let is_authentic = hop.security == HopSecurity::Authenticated;
    let found = [
        Evidence::Hop(hop),
        Evidence::Metadata(MetadataPath::DirectServerToServer),
        Evidence::Peer(PeerService::Other),
        handler(service, HandlerSees::Content, is_authentic),
    ];
    found.into_iter().chain(proven).collect()
}

/// What the peer is told when an account could not take the message.
fn refusal(error: &HubError) -> DeliveryVerdict {
    match error {
        HubError::NoAccount => DeliveryVerdict::NoSuchUser,
        HubError::MailboxFull => DeliveryVerdict::MailboxFull,
        HubError::Store(StoreError::Full) => DeliveryVerdict::StorageFull,
        other => {
            tracing::error!(error = %other, "a message could not be stored");
            DeliveryVerdict::TryLater
        }
    }
}
