//! Lists of conversations, and what the user does with them. A page costs O(page), whatever the history.

mod change;
mod many;
mod page;
mod purge;
mod related;
mod shown;
mod undo;

pub(crate) use change::put_label;
pub use purge::Emptied;

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::contacts::{Names, person};
use crate::error::HubError;
use crate::gate::hide_headline;
use crate::identities::IdentityView;
use crate::joint::Whole;
use crate::records::{ConversationRecord, HeadlineRecord};
use crate::views::ConversationView;
use caliopen_model::{ConversationId, IdentityId, LabelId, MessageId, PrivacyIndex, Timestamp};

impl Hub {
    /// Conversations by id; none where there is none.
    pub async fn conversations(
        &self,
        access: &Access,
        ids: &[ConversationId],
    ) -> Result<Vec<Option<ConversationView>>, HubError> {
        let shown = self.shown(access, ids).await?;
        // Collected: the compiler cannot show that a future which keeps this closure is Send.
        let sealed: Vec<&[u8]> = shown
            .iter()
            .flatten()
            .map(|whole| &whole.record)
            .flat_map(|record| std::iter::once(record.headline.as_slice()).chain(record.title.as_deref()))
            .collect();
        access.open_epochs(&self.core, sealed.into_iter()).await?;
        let opened = ids
            .iter()
            .zip(shown)
            .map(|(id, whole)| whole.map(|whole| Opened::open(access, *id, whole)).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        let people = opened.iter().flatten().flat_map(|opened| &opened.headline.people);
        let names = self.names(access, people).await?;
        let identities = self.identities(access).await?;
        Ok(opened.into_iter().map(|opened| opened.map(|opened| opened.view(&names, &identities))).collect())
    }
}

/// A conversation whose sealed parts are open.
struct Opened {
    id: ConversationId,
    record: ConversationRecord,
    title: Option<String>,
    headline: HeadlineRecord,
    hidden: bool,
}

impl Opened {
    fn open(access: &Access, id: ConversationId, whole: Whole) -> Result<Self, HubError> {
        let Whole { record, headline_of, title_of } = whole;
        let key = headline_of.as_bytes();
        let mut headline = access.open(&Sealed { kind: "headline", key, bytes: &record.headline })?;
        let hidden = !access.shows(record.privacy.0);
        if hidden {
            hide_headline(&mut headline);
        }
        let title = match &record.title {
            Some(bytes) => Some(access.open(&Sealed { kind: "title", key: title_of.as_bytes(), bytes })?),
            None => None,
        };
        Ok(Self { id, record, title, headline, hidden })
    }

    fn view(self, names: &Names, identities: &[IdentityView]) -> ConversationView {
        let record = self.record;
        let identity = IdentityId::from_bytes(record.identity);
        let identity =
            identities.iter().find(|known| known.id == identity).map(|known| known.address.clone());
        ConversationView {
            id: self.id,
            kind: record.kind.into(),
            place: record.place.into(),
            title: self.title.or(self.headline.name),
            people: self.headline.people.iter().map(|record| person(names, record)).collect(),
            protocol: record.protocol.into(),
            identity: identity.unwrap_or_default(),
            listed_at: Timestamp::from_unix_ms(record.listed_at),
            pinned: record.pinned,
            muted: record.muted,
            snoozed_until: record.snoozed_until.map(Timestamp::from_unix_ms),
            returned: record.returned,
            labels: record.labels.into_iter().map(LabelId::from_bytes).collect(),
            latest_at: Timestamp::from_unix_ms(record.latest_at),
            latest_message: MessageId::from_bytes(record.latest_message),
            latest_direction: record.latest_direction.into(),
            subject: self.headline.subject,
            excerpt: self.headline.excerpt,
            hidden: self.hidden,
            message_count: record.message_count,
            unread_count: record.unread_count,
            has_attachment: record.has_attachment,
            importance: record.importance,
            privacy: PrivacyIndex::new(record.privacy.0, record.privacy.1),
            suspicious: record.suspicious,
            protection: record.protection.into(),
        }
    }
}
