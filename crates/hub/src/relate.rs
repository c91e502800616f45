//! Links between conversations: a reply to fewer or more people goes to the conversation of that set, and both show a
//! stub (conversations.md, "From a message to its conversation", 4).
//!
//! A link needs two proofs: the reply names a message of the other conversation, and the people of one are among the
//! people of the other. A stranger who quotes a Message-ID is in neither set. Whichever of the two comes first, the
//! same link stands in the end. Who is in a set stands here as blind indices that differ from message to message.

use crate::error::HubError;
use crate::joint;
use crate::keys::{self, Blind};
use crate::limits::{AWAITING_MAX, PEOPLE_MAX};
use crate::owner::Plan;
use crate::records::{AnchorRecord, MessageRecord, RelatedRecord, StoredDirection, StoredRelation};
use bytes::Bytes;
use caliopen_model::{
    ChangeKind, ContactId, ConversationId, ConversationKind, Message, MessageId, Timestamp,
};

/// A message that was placed, and the people of its conversation.
pub(crate) struct Here<'a> {
    pub(crate) kind: ConversationKind,
    pub(crate) conversation: ConversationId,
    pub(crate) message: MessageId,
    pub(crate) received_at: Timestamp,
    pub(crate) others: &'a [ContactId],
}

/// The rows that placing this message will read.
pub(crate) fn rows(plan: &Plan<'_>, message: &Message) -> Vec<Bytes> {
    let own = message.id.as_ref().map(|id| blind(plan, &id.0));
    let answered = answered(plan, message);
    let own = own.iter().flat_map(|own| [keys::anchor(own), keys::awaiting(own)]);
    own.chain(answered.iter().flat_map(|id| [keys::anchor(id), keys::awaiting(id)])).collect()
}

/// Remembers the message for its replies, and links it with what it answers and with what answered it already.
pub(crate) async fn relate(plan: &mut Plan<'_>, message: &Message, here: Here<'_>) -> Result<(), HubError> {
    let between_people = matches!(here.kind, ConversationKind::Direct | ConversationKind::Group);
    if !between_people || here.others.is_empty() || here.others.len() > PEOPLE_MAX {
        return Ok(());
    }
    let anchor = here.anchor(plan);
    if let Some(own) = message.id.as_ref().map(|id| blind(plan, &id.0)) {
        // The first message of an id is the one that replies mean, as far as anybody can know.
        if plan.get::<AnchorRecord>(&keys::anchor(&own)).await?.is_none() {
            plan.put(keys::anchor(&own), &anchor);
        }
        if let Some(early) = plan.get::<Vec<AnchorRecord>>(&keys::awaiting(&own)).await? {
            for reply in &early {
                link(plan, &here, reply, Reply::There).await?;
            }
            plan.delete(keys::awaiting(&own));
        }
    }
    let Some(answered) = answered(plan, message) else { return Ok(()) };
    match plan.get::<AnchorRecord>(&keys::anchor(&answered)).await? {
        Some(original) => link(plan, &here, &original, Reply::Here).await?,
        None => {
            let mut waiting: Vec<AnchorRecord> =
                plan.get(&keys::awaiting(&answered)).await?.unwrap_or_default();
            if waiting.len() < AWAITING_MAX {
                waiting.push(anchor);
                plan.put(keys::awaiting(&answered), &waiting);
            }
        }
    }
    Ok(())
}

/// Which of the two messages answers the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reply {
    Here,
    There,
}

impl Here<'_> {
    fn anchor(&self, plan: &Plan<'_>) -> AnchorRecord {
        AnchorRecord {
            conversation: *self.conversation.as_bytes(),
            message: *self.message.as_bytes(),
            received_at: self.received_at.unix_ms(),
            members: self.members_as_of(plan, self.message.as_bytes()),
        }
    }

    /// The people of this conversation as an anchor of that message would name them, in order.
    fn members_as_of(&self, plan: &Plan<'_>, message: &[u8; 16]) -> Vec<Blind> {
        let mut members: Vec<Blind> = self
            .others
            .iter()
            .map(|contact| plan.owner().blind.index("member", &[&message[..], contact.as_bytes()].concat()))
            .collect();
        members.sort_unstable();
        members
    }
}

/// Leaves a stub in both conversations when the people of one are among the people of the other.
async fn link(
    plan: &mut Plan<'_>,
    here: &Here<'_>,
    there: &AnchorRecord,
    reply: Reply,
) -> Result<(), HubError> {
    let ours = here.members_as_of(plan, &there.message);
    let Some(there_is) = relation(&ours, &there.members) else { return Ok(()) };
    let (here_conversation, there_conversation) =
        (here.conversation, ConversationId::from_bytes(there.conversation));
    let at = match reply {
        Reply::Here => here.received_at,
        Reply::There => Timestamp::from_unix_ms(there.received_at),
    };
    let there_message = MessageId::from_bytes(there.message);
    stub(plan, here_conversation, at, (there_conversation, there_message), there_is).await?;
    stub(plan, there_conversation, at, (here_conversation, here.message), there_is.reverse()).await
}

async fn stub(
    plan: &mut Plan<'_>,
    strand: ConversationId,
    at: Timestamp,
    (other, message): (ConversationId, MessageId),
    relation: StoredRelation,
) -> Result<(), HubError> {
    let record = RelatedRecord { conversation: *other.as_bytes(), relation };
    plan.put(keys::related(strand, at, message), &record);
    let shown = joint::shown_in(plan, strand).await?;
    plan.changed(keys::ObjectType::Conversation, shown.as_bytes(), ChangeKind::Updated);
    Ok(())
}

/// What the other set is to this one; none when neither is a part of the other. Both are in order.
fn relation(ours: &[Blind], theirs: &[Blind]) -> Option<StoredRelation> {
    let among = |few: &[Blind], many: &[Blind]| {
        few.len() < many.len() && few.iter().all(|one| many.binary_search(one).is_ok())
    };
    if among(theirs, ours) {
        Some(StoredRelation::Narrower)
    } else if among(ours, theirs) {
        Some(StoredRelation::Wider)
    } else {
        None
    }
}

/// Whether a message answers one that the user sent: whoever writes it was written to, by whatever address.
pub(crate) async fn answers_the_user(plan: &Plan<'_>, message: &Message) -> Result<bool, HubError> {
    let Some(answered) = answered(plan, message) else { return Ok(false) };
    let Some(original) = plan.get::<AnchorRecord>(&keys::anchor(&answered)).await? else { return Ok(false) };
    let id = MessageId::from_bytes(original.message);
    let original: Option<MessageRecord> = plan.get(&keys::message(id)).await?;
    Ok(original.is_some_and(|original| original.direction == StoredDirection::Sent))
}

/// The message that this one answers: the nearest of its references.
fn answered(plan: &Plan<'_>, message: &Message) -> Option<Blind> {
    message.references.last().map(|id| blind(plan, &id.0))
}

/// What a Message-ID is found by.
pub(crate) fn blind(plan: &Plan<'_>, id: &str) -> Blind {
    plan.owner().blind.index("message-id", id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_set_is_narrower_than_another_only_when_everybody_of_it_is_in_the_other() {
        let person = |number: u8| [number; 16];
        let (bo, both, others) = (vec![person(1)], vec![person(1), person(2)], vec![person(3)]);
        assert_eq!(relation(&both, &bo), Some(StoredRelation::Narrower));
        assert_eq!(relation(&bo, &both), Some(StoredRelation::Wider));
        assert_eq!(relation(&both, &others), None);
        assert_eq!(relation(&both, &both), None);
    }
}
