//! What is indexed of messages, of contacts and of titles.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::joint::Whole;
use crate::keys;
use crate::limits::INDEX_TEXT_BYTES_MAX;
use crate::records::{
    ConversationRecord, HeadlineRecord, MessageRecord, PersonRecord, StoredDirection, StoredDisposition,
    StoredKind, SummaryRecord,
};
use caliopen_model::{Contact, ContactId, ConversationId, MessageId};
use caliopen_search::{Document, Field, Key, Kind, Trait};

/// Messages that were read, and how many of those asked for that were.
pub(super) struct Gathered {
    pub(super) documents: Vec<Document>,
    /// So many of the ids were looked at, in their order.
    pub(super) looked_at: usize,
}

impl Hub {
    /// What is indexed of these messages, until there is enough for one step. Those that are gone are passed over, and
    /// those that cannot be read are found by nothing: `verify` names them.
    pub(super) async fn gather_messages(
        &self,
        access: &Access,
        ids: &[MessageId],
    ) -> Result<Gathered, HubError> {
        let mut gathered = Gathered { documents: Vec::new(), looked_at: 0 };
        let mut bytes = 0;
        for id in ids {
            if bytes > INDEX_TEXT_BYTES_MAX {
                break;
            }
            gathered.looked_at += 1;
            match self.gather_message(access, *id).await {
                Ok(Some(document)) => {
                    bytes += document.texts.iter().map(|(_, text)| text.len()).sum::<usize>();
                    gathered.documents.push(document);
                }
                Ok(None) => {}
                Err(HubError::Damaged) => tracing::warn!("a damaged message is not indexed"),
                Err(error) => return Err(error),
            }
            // Parsing takes a while: others have their turn between two messages.
            tokio::task::yield_now().await;
        }
        Ok(gathered)
    }

    async fn gather_message(&self, access: &Access, id: MessageId) -> Result<Option<Document>, HubError> {
        let Some((record, summary)) = self.unseal_messages(access, &[id]).await?.into_iter().next().flatten()
        else {
            return Ok(None);
        };
        let list = self.list_name(access, ConversationId::from_bytes(record.conversation)).await?;
        let (format, raw) = self.unseal_blob(access, id, &record, &summary).await?;
        let bodies = format.texts(&raw);
        Ok(Some(message_document(id, &record, summary, list, bodies)))
    }

    /// What the mailing list of a conversation is called.
    async fn list_name(&self, access: &Access, id: ConversationId) -> Result<Option<String>, HubError> {
        let record: Option<ConversationRecord> = access.row(&self.core, keys::conversation(id)).await?;
        let Some(record) = record.filter(|record| record.kind == StoredKind::List) else { return Ok(None) };
        let sealed = Sealed { kind: "headline", key: id.as_bytes(), bytes: &record.headline };
        Ok(access.open_one::<HeadlineRecord>(&self.core, &sealed).await?.name)
    }

    /// The names that the user gave to these contacts. The names that messages gave are found in the messages.
    pub(super) async fn gather_cards(
        &self,
        access: &Access,
        ids: &[ContactId],
    ) -> Result<Vec<Document>, HubError> {
        let contacts = self.contacts(access, ids).await?;
        Ok(contacts.iter().flatten().filter_map(card_document).collect())
    }

    /// The titles that the user gave to these conversations: the ids that have none are left out.
    pub(super) async fn gather_titles(
        &self,
        access: &Access,
        ids: &[ConversationId],
    ) -> Result<Vec<Document>, HubError> {
        let mut documents = Vec::new();
        for (id, whole) in ids.iter().zip(self.shown(access, ids).await?) {
            let Some(whole) = whole else { continue };
            if let Some(title) = self.open_title(access, &whole).await? {
                documents.push(title_document(*id, whole.record.latest_at, title));
            }
        }
        Ok(documents)
    }

    pub(super) async fn open_title(
        &self,
        access: &Access,
        whole: &Whole,
    ) -> Result<Option<String>, HubError> {
        let Some(bytes) = &whole.record.title else { return Ok(None) };
        let sealed = Sealed { kind: "title", key: whole.title_of.as_bytes(), bytes };
        access.open_one(&self.core, &sealed).await.map(Some)
    }
}

fn message_document(
    id: MessageId,
    record: &MessageRecord,
    summary: SummaryRecord,
    list: Option<String>,
    bodies: Vec<String>,
) -> Document {
    let mut texts: Vec<(Field, String)> = Vec::new();
    texts.extend(summary.subject.map(|subject| (Field::Subject, subject)));
    texts.extend(list.map(|name| (Field::Title, name)));
    texts.extend(summary.from.iter().flat_map(|person| names(Field::From, person)));
    let recipients = summary.to.iter().chain(&summary.cc).chain(&summary.bcc);
    texts.extend(recipients.flat_map(|person| names(Field::To, person)));
    texts.extend(summary.parts.iter().filter_map(|part| Some((Field::File, part.name.clone()?))));
    texts.extend(bodies.into_iter().map(|body| (Field::Body, body)));
    let carries = summary.parts.iter().any(|part| part.disposition == StoredDisposition::Attachment);
    let direction = match record.direction {
        StoredDirection::Sent => Trait::Sent,
        StoredDirection::Received => Trait::Received,
    };
    let mut traits = vec![direction, Trait::Email];
    traits.extend(carries.then_some(Trait::Attachment));
    let key = Key { kind: Kind::Message, id: *id.as_bytes() };
    Document { key, at_unix_ms: record.received_at, texts, traits }
}

/// What a message calls somebody, and their address: two texts, so that no phrase goes from one to the other.
fn names(field: Field, person: &PersonRecord) -> impl Iterator<Item = (Field, String)> {
    let name = person.name.clone().map(|name| (field, name));
    name.into_iter().chain([(field, person.address.clone())])
}

/// None for a contact whom the user gave no name.
pub(super) fn card_document(contact: &Contact) -> Option<Document> {
    let name = contact.name.clone()?;
    let key = Key { kind: Kind::Contact, id: *contact.id.as_bytes() };
    Some(Document { key, at_unix_ms: 0, texts: vec![(Field::Card, name)], traits: Vec::new() })
}

pub(super) fn title_document(id: ConversationId, latest_at: i64, title: String) -> Document {
    let key = Key { kind: Kind::Conversation, id: *id.as_bytes() };
    Document { key, at_unix_ms: latest_at, texts: vec![(Field::Title, title)], traits: Vec::new() }
}
