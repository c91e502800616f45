//! A message of a person's own program leaves: the same way as a draft, without one.
//!
//! The account stays locked. Whose address a message is from is told by the blind index, the sent message is sealed by
//! the public half, and what the queue needs is sealed to the node. It leaves at once: a program that was answered 250
//! expects it to, and nobody sits before a button that takes it back.

use crate::Hub;
use crate::app_passwords::is_signed_in;
use crate::context::without_tag;
use crate::error::HubError;
use crate::keys;
use crate::letter::SubmitError;
use crate::owner::{Owner, Plan};
use crate::queue::Due;
use crate::rates::Spending;
use crate::records::{HandleOwner, HandleRecord, read};
use crate::submit::{Ready, Submitted};
use caliopen_connect::{
    Carrier, CompleteError, Completed, Missing, Outbox, Posting, PostingVerdict, Program, ProgramSignIn,
    Protection, RecipientVerdict,
};
use caliopen_model::{Draft, Handle, IdentityId, Message, MessageId, Participant, Protocol};
use caliopen_store::{Batch, Partition, StoreError};
use futures_util::future::BoxFuture;
use std::net::IpAddr;
use std::sync::Arc;

/// Why a message of a program was not taken.
#[derive(Debug, thiserror::Error)]
enum PostError {
    #[error(transparent)]
    Complete(#[from] CompleteError),
    #[error("what the program signed in with was revoked")]
    SignedOut,
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<HubError> for PostError {
    fn from(error: HubError) -> Self {
        Self::Submit(error.into())
    }
}

impl Outbox for Hub {
    fn let_in<'a>(&'a self, address: &'a str, secret: &'a str, from: IpAddr) -> BoxFuture<'a, ProgramSignIn> {
        Box::pin(async move {
            self.let_program_in(address, secret, from).await.unwrap_or_else(|error| {
                tracing::error!(%error, "a program could not be let in");
                ProgramSignIn::TryLater
            })
        })
    }

    fn may_write<'a>(&'a self, program: Program, to: &'a Handle) -> BoxFuture<'a, Option<RecipientVerdict>> {
        Box::pin(async move {
            match self.may_program_write(program, to).await {
                Ok(verdict) => verdict,
                Err(error) => {
                    tracing::error!(%error, "a recipient could not be looked up");
                    Some(RecipientVerdict::TryLater)
                }
            }
        })
    }

    fn post(&self, posting: Posting) -> BoxFuture<'_, PostingVerdict> {
        Box::pin(async move {
            match self.take_posting(posting).await {
                Ok(()) => PostingVerdict::Taken,
                Err(error) => verdict(&error),
            }
        })
    }
}

impl Hub {
    /// Anybody anywhere, but nobody here who does not exist: that is better said now than in a report.
    async fn may_program_write(
        &self,
        program: Program,
        to: &Handle,
    ) -> Result<Option<RecipientVerdict>, HubError> {
        let partition = Partition(*program.account.as_bytes());
        if self.core.store.get(partition, keys::app_password(program.password)).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(match self.recipient_verdict(to).await? {
            // One whose mailbox is full is written to: the queue tries again, and says so.
            RecipientVerdict::NotLocal | RecipientVerdict::MailboxFull => RecipientVerdict::Accepted,
            verdict => verdict,
        }))
    }

    /// Complete, check whose it is, count, sign, seal, place and queue.
    async fn take_posting(&self, posting: Posting) -> Result<(), PostError> {
        let owner = self.core.owner(posting.program.account).await?;
        self.core.room(&owner).await?;
        let protocol = posting.recipients.first().map_or(Protocol::Email, Handle::protocol);
        let carrier = self.core.carrier(protocol).ok_or(SubmitError::NoCarrier)?;
        let completed = carrier.complete(&posting.raw, &self.missing())?;
        let identity = self.author(&owner, &completed).await?;
        let strangers = self.strangers(&owner, &posting.recipients).await?;
        let spending = Spending { recipients: posting.recipients.len(), strangers };
        self.rates.spend(owner.account, spending, self.core.clock.now())?;
        let requires_tls = posting.protection == Protection::EveryHost;
        let wishes = (posting.recipients.as_slice(), requires_tls);
        let ready = self.ready_posting(&owner, carrier, completed, identity, wishes).await?;
        let blob = ready.blob.key;
        let accepted = self.accept_posting(&owner, posting.program, ready).await;
        if matches!(accepted, Err(PostError::SignedOut)) {
            let batch = Batch { blob_deletes: vec![blob], ..Batch::default() };
            self.core.store.commit(owner.partition(), batch).await.map_err(HubError::from)?;
        }
        let Submitted { submission, send_at: at, .. } = accepted?;
        self.core.queue_news.tell(Due { at, account: owner.account, submission });
        Ok(())
    }

    /// 128 random bits that name a message and tell nothing else, and the time.
    pub(crate) fn missing(&self) -> Missing {
        let mut bytes = [0; 16];
        (self.core.entropy)(&mut bytes);
        Missing { id_left: MessageId::from_bytes(bytes).to_string(), sent_at: self.core.clock.now() }
    }

    /// The identity that a message is from, when it and every other sender of it are addresses of the account.
    async fn author(&self, owner: &Owner, completed: &Completed) -> Result<IdentityId, PostError> {
        if self.core.login(&completed.from).await?.is_some_and(|login| login.rests) {
            return Err(CompleteError::From.into());
        }
        for sender in &completed.senders {
            self.own_identity(owner, sender).await?.ok_or(CompleteError::Sender)?;
        }
        Ok(self.own_identity(owner, &completed.from).await?.ok_or(CompleteError::From)?)
    }

    /// Whose an address is, as the account's own blind index tells. A tag behind a `+` makes it no other address.
    async fn own_identity(&self, owner: &Owner, address: &Handle) -> Result<Option<IdentityId>, HubError> {
        let row = |canonical: &str| keys::handle(&owner.blind.index("handle", canonical.as_bytes()));
        let canonical = address.canonical();
        let rows = vec![row(&canonical), row(&without_tag(&canonical))];
        for found in self.core.store.get_many(owner.partition(), rows).await?.into_iter().flatten() {
            if let HandleOwner::Own(identity) = read::<HandleRecord>(&found)?.owner {
                return Ok(Some(IdentityId::from_bytes(identity)));
            }
        }
        Ok(None)
    }

    /// How many of these people the account never wrote to.
    async fn strangers(&self, owner: &Owner, recipients: &[Handle]) -> Result<usize, HubError> {
        let row = |to: &Handle| keys::handle(&owner.blind.index("handle", to.canonical().as_bytes()));
        let rows = recipients.iter().map(row).collect();
        let mut strangers = 0;
        for found in self.core.store.get_many(owner.partition(), rows).await? {
            let known = found.map(|row| read::<HandleRecord>(&row)).transpose()?;
            strangers += usize::from(!known.is_some_and(|handle| handle.written_to));
        }
        Ok(strangers)
    }

    async fn ready_posting(
        &self,
        owner: &Owner,
        carrier: &Arc<dyn Carrier>,
        completed: Completed,
        identity: IdentityId,
        (recipients, requires_tls): (&[Handle], bool),
    ) -> Result<Ready, SubmitError> {
        let protocol = completed.from.protocol();
        let format = self.core.format(protocol).ok_or(SubmitError::NoCarrier)?;
        let raw = carrier.sign(&completed.from, completed.raw);
        let (message, _) = format.parse(&raw);
        let mut draft = addressed(&message, identity, recipients);
        draft.requires_tls = requires_tls;
        self.seal_sent(owner.partition(), (protocol, message, raw), (draft, self.core.clock.now())).await
    }

    /// The queue's row, then the account's batch, which holds only while the program may send.
    async fn accept_posting(
        &self,
        owner: &Arc<Owner>,
        program: Program,
        ready: Ready,
    ) -> Result<Submitted, PostError> {
        self.queue(owner.account, &ready).await?;
        let mut plan = Plan::open(&self.core, owner).await?;
        if !is_signed_in(&plan, program).await? {
            return Err(PostError::SignedOut);
        }
        let submitted = self.plan_sent(&mut plan, ready, None).await?;
        self.commit(plan).await?;
        Ok(submitted)
    }
}

/// The envelope as a draft would have it: whoever the message does not name is a hidden recipient.
fn addressed(message: &Message, identity: IdentityId, recipients: &[Handle]) -> Draft {
    let (mut to, mut cc, mut bcc) = (Vec::new(), Vec::new(), Vec::new());
    for recipient in recipients {
        let named =
            |people: &[Participant]| people.iter().find(|person| person.handle == *recipient).cloned();
        // Sent to the address of the envelope, called what the message calls it.
        let person = |name| Participant { name, handle: recipient.clone() };
        match (named(&message.to), named(&message.cc)) {
            (Some(found), _) => to.push(person(found.name)),
            (None, Some(found)) => cc.push(person(found.name)),
            (None, None) => bcc.push(person(None)),
        }
    }
    Draft {
        identity,
        conversation: None,
        answers: None,
        forwards: None,
        to,
        cc,
        bcc,
        subject: String::new(),
        text: String::new(),
        html: None,
        files: Vec::new(),
        keep_metadata: true,
        requires_tls: false,
        conflict_of: None,
    }
}

fn verdict(error: &PostError) -> PostingVerdict {
    match error {
        PostError::SignedOut => PostingVerdict::SignedOut,
        PostError::Complete(CompleteError::From) => PostingVerdict::NotYourFrom,
        PostError::Complete(CompleteError::Sender) => PostingVerdict::NotYourSender,
        PostError::Complete(CompleteError::Unreadable) => PostingVerdict::BadHeader,
        PostError::Submit(SubmitError::OverLimit(_)) => PostingVerdict::AccountLimit,
        PostError::Submit(SubmitError::HostOverLimit(_)) => PostingVerdict::HostLimit,
        PostError::Submit(SubmitError::FanOut(_)) => PostingVerdict::FanOut,
        PostError::Submit(SubmitError::Hub(HubError::MailboxFull)) => PostingVerdict::MailboxFull,
        PostError::Submit(SubmitError::Hub(HubError::Store(StoreError::Full))) => PostingVerdict::StorageFull,
        PostError::Submit(other) => {
            tracing::error!(error = %other, "a message of a program could not be taken");
            PostingVerdict::TryLater
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_the_message_does_not_name_is_hidden() {
        let handle = |name: &str| Handle::literal(Protocol::Email, format!("{name}@example.net"));
        let person = |name: &str| Participant { name: Some(name.to_uppercase()), handle: handle(name) };
        let message =
            Message { to: vec![person("ana"), person("eve")], cc: vec![person("bo")], ..Message::default() };
        let envelope = [handle("bo"), handle("ANA"), handle("zoe")];
        let draft = addressed(&message, IdentityId::from_bytes([1; 16]), &envelope);
        let names = |people: &[Participant]| {
            people.iter().map(|person| person.handle.address().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&draft.to), ["ANA@example.net"]);
        assert_eq!(draft.to.first().and_then(|ana| ana.name.as_deref()), Some("ANA"));
        assert_eq!(
            (names(&draft.cc), names(&draft.bcc)),
            (vec!["bo@example.net".to_owned()], vec!["zoe@example.net".to_owned()])
        );
    }
}
