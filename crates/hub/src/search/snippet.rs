//! Where a question's words stand in a message (RFC 8621 §5).

use super::find::Question;
use super::index::Stored;
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::records::MessageRecord;
use caliopen_model::{ConversationId, MessageId};
use caliopen_search::{excerpt, marked, parse};

/// A message as a list of answers shows it. Texts are cut where marks begin and end: not marked and marked by turns,
/// beginning with a part that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The message.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// The subject; none when it has no mark.
    pub subject: Option<Vec<String>>,
    /// A piece of the text; none when it has no mark.
    pub preview: Option<Vec<String>>,
    /// The files whose name has a mark.
    pub files: Vec<Vec<String>>,
}

impl Hub {
    /// Snippets of messages, in their order; none where there is no such message, or it is held back.
    pub async fn snippets(
        &self,
        access: &Access,
        question: &Question,
        ids: &[MessageId],
    ) -> Result<Vec<Option<Snippet>>, HubError> {
        let mut query = parse(&question.text, question.utc_offset_minutes, question.is_typing);
        if let Stored::Index(index) = self.stored_index(access).await? {
            self.name_people(access, &index, &mut query).await?;
        }
        let opened = self.unseal_messages(access, ids).await?;
        let strand = |record: &MessageRecord| ConversationId::from_bytes(record.conversation);
        let shown_in =
            self.shown_in(access, opened.iter().flatten().map(|(record, _)| strand(record))).await?;
        let mut snippets = Vec::with_capacity(ids.len());
        for (id, opened) in ids.iter().zip(opened) {
            // What is held back is as little found as what is not there.
            let Some((record, summary)) = opened.filter(|(record, _)| access.shows(record.privacy.0)) else {
                snippets.push(None);
                continue;
            };
            let (format, raw) = self.unseal_blob(access, *id, &record, &summary).await?;
            let has_mark = |parts: &Vec<String>| parts.len() > 1;
            let whole = |text: &str| parts(text, &marked(&query, text));
            let names = summary.parts.iter().filter_map(|part| part.name.as_deref());
            snippets.push(Some(Snippet {
                message: *id,
                conversation: shown_in.get(&strand(&record)).copied().unwrap_or_else(|| strand(&record)),
                subject: summary.subject.as_deref().map(whole).filter(has_mark),
                preview: format.texts(&raw).iter().map(|text| excerpt(&query, text)).find(has_mark),
                files: names.map(whole).filter(has_mark).collect(),
            }));
        }
        Ok(snippets)
    }
}

/// A text cut at its marks.
fn parts(text: &str, marks: &[std::ops::Range<usize>]) -> Vec<String> {
    let mut parts = Vec::new();
    let mut at = 0;
    for mark in marks {
        parts.push(text.get(at..mark.start).unwrap_or_default().to_owned());
        parts.push(text.get(mark.clone()).unwrap_or_default().to_owned());
        at = mark.end;
    }
    parts.push(text.get(at..).unwrap_or_default().to_owned());
    parts
}
