//! Drafts: sealed like everything else, on all devices, and never overwritten unseen.

use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::gate::hide_draft;
use crate::keys::{self, ObjectType};
use crate::limits::{
    DRAFT_BYTES_MAX, DRAFT_FILES_MAX, DRAFT_HTML_BYTES_MAX, DRAFT_TEXT_BYTES_MAX, DRAFTS_MAX, RECIPIENTS_MAX,
    SUBJECT_BYTES_MAX,
};
use crate::owner::Plan;
use crate::records::{AddressRecord, DraftFileRecord, DraftRecord, DraftTextRecord, UploadRecord, read};
use crate::resolve::cut;
use crate::views::DraftView;
use bytes::Bytes;
use caliopen_model::{
    BlobId, ChangeKind, ConversationId, Draft, DraftFile, DraftId, Handle, IdentityId, MessageId, PartId,
    Participant, Timestamp,
};
use std::collections::HashSet;

/// Why a draft was not kept. Each says what the person can do.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// Another device changed it meanwhile: this text becomes a draft of its own.
    #[error("another device changed this draft meanwhile")]
    Conflict,
    /// Beyond the limit of drafts.
    #[error("an account keeps at most {DRAFTS_MAX} drafts: send or throw away some")]
    TooMany,
    /// Beyond the limit of recipients.
    #[error("a message goes to at most {RECIPIENTS_MAX} people: send it in parts, or through a list")]
    TooManyRecipients,
    /// One of the limits of size; the name of the property says which.
    #[error("`{0}` is longer than a draft keeps")]
    TooLong(&'static str),
    /// A file is not there any more.
    #[error("the file `{0}` is not there any more: attach it again")]
    NoFile(String),
    /// The files are too large together.
    #[error("the files of a message are at most {} MB together: send a link instead", DRAFT_BYTES_MAX / 1_000_000)]
    TooLarge,
    /// Not an address that the user writes from.
    #[error("this is not an address of yours")]
    NotYourIdentity,
    /// It answers or passes on what is held back where it is asked for, and would be written over unseen.
    #[error("this draft quotes what is held back on this device: show that it is you first")]
    Hidden,
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// Every draft, newest first.
    pub async fn draft_ids(&self, access: &Access) -> Result<Vec<DraftId>, HubError> {
        let rows = self.core.scan_all(access.partition(), keys::drafts()).await?;
        let mut drafts: Vec<(i64, DraftId)> = Vec::with_capacity(rows.len());
        for (key, row) in &rows {
            let record: DraftRecord = read(row)?;
            drafts
                .push((record.updated_at, DraftId::from_bytes(*key.last_chunk().ok_or(HubError::Damaged)?)));
        }
        drafts.sort_unstable();
        Ok(drafts.into_iter().rev().map(|(_, id)| id).collect())
    }

    /// Drafts by id; none where there is none.
    pub async fn drafts(&self, access: &Access, ids: &[DraftId]) -> Result<Vec<Option<DraftView>>, HubError> {
        let records: Vec<Option<DraftRecord>> =
            access.rows(&self.core, ids.iter().copied().map(keys::draft).collect()).await?;
        access
            .open_epochs(&self.core, records.iter().flatten().map(|record| record.words.as_slice()))
            .await?;
        let mut opened: Vec<Option<(DraftRecord, DraftTextRecord)>> = Vec::with_capacity(ids.len());
        for (id, record) in ids.iter().zip(records) {
            let words = record.as_ref().map(|record| open_words(access, *id, record)).transpose()?;
            opened.push(record.zip(words));
        }
        let held = self.held_quotations(access, opened.iter().flatten().map(|(_, words)| words)).await?;
        let view = |(id, opened): (&DraftId, Option<(DraftRecord, DraftTextRecord)>)| {
            opened.map(|(record, mut words)| {
                let hidden = quoted(&words).any(|message| held.contains(&message));
                if hidden {
                    hide_draft(&mut words);
                }
                DraftView { hidden, ..draft_view(*id, &record, words) }
            })
        };
        let mut views: Vec<Option<DraftView>> = ids.iter().zip(opened).map(view).collect();
        // The conversation may be part of another since.
        let strands = views.iter().flatten().filter_map(|view| view.draft.conversation);
        let shown_in = self.shown_in(access, strands).await?;
        for conversation in views.iter_mut().flatten().filter_map(|view| view.draft.conversation.as_mut()) {
            *conversation = shown_in.get(conversation).copied().unwrap_or(*conversation);
        }
        Ok(views)
    }

    /// Keeps a new draft. Durable when this returns.
    ///
    /// # Errors
    ///
    /// See [`DraftError`]; nothing is kept then.
    pub async fn create_draft(&self, access: &Access, draft: Draft) -> Result<DraftView, DraftError> {
        let id = DraftId::from_bytes(self.core.ids.next());
        self.put_draft(access, id, None, draft).await?.ok_or(DraftError::Hub(HubError::Damaged))
    }

    /// Replaces what a draft says. None: there is no such draft. With `revision`, only if it is still that one.
    ///
    /// # Errors
    ///
    /// See [`DraftError`]; the draft stays as it was then.
    pub async fn update_draft(
        &self,
        access: &Access,
        id: DraftId,
        revision: Option<u32>,
        draft: Draft,
    ) -> Result<Option<DraftView>, DraftError> {
        self.put_draft(access, id, Some(revision), draft).await
    }

    /// Throws a draft away. False: there is no such draft.
    pub async fn destroy_draft(&self, access: &Access, id: DraftId) -> Result<bool, HubError> {
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let Some(before) = plan.get::<DraftRecord>(&keys::draft(id)).await? else { return Ok(false) };
        let words = self.open_draft(access, id, &before).await?;
        keep_uploads(&mut plan, &words.files, false).await?;
        remove_draft(&mut plan, id);
        self.commit(plan).await?;
        Ok(true)
    }

    /// The messages that are held back, of those that drafts quote. One look at the store, for all of them.
    async fn held_quotations(
        &self,
        access: &Access,
        drafts: impl Iterator<Item = &DraftTextRecord> + Send,
    ) -> Result<HashSet<MessageId>, HubError> {
        let quoted: Vec<MessageId> = drafts.flat_map(quoted).collect();
        let held = self.are_held(access, &quoted).await?;
        Ok(quoted.into_iter().zip(held).filter(|(_, held)| *held).map(|(message, _)| message).collect())
    }

    /// Refuses to touch what whoever asks cannot see: they would write over it.
    async fn refuse_held(&self, access: &Access, words: &DraftTextRecord) -> Result<(), DraftError> {
        let held = self.held_quotations(access, std::iter::once(words)).await?;
        if held.is_empty() { Ok(()) } else { Err(DraftError::Hidden) }
    }

    pub(crate) async fn open_draft(
        &self,
        access: &Access,
        id: DraftId,
        record: &DraftRecord,
    ) -> Result<DraftTextRecord, HubError> {
        access.open_epochs(&self.core, std::iter::once(record.words.as_slice())).await?;
        open_words(access, id, record)
    }

    async fn put_draft(
        &self,
        access: &Access,
        id: DraftId,
        replaces: Option<Option<u32>>,
        mut draft: Draft,
    ) -> Result<Option<DraftView>, DraftError> {
        check_sizes(&draft)?;
        if !self.identities(access).await?.iter().any(|own| own.id == draft.identity) {
            return Err(DraftError::NotYourIdentity);
        }
        self.measure_files(access, &mut draft).await?;
        let mut plan = Plan::open(&self.core, &access.owner).await?;
        let before: Option<DraftRecord> = plan.get(&keys::draft(id)).await?;
        match (&before, replaces) {
            (None, Some(_)) => return Ok(None),
            (Some(before), Some(Some(expected))) if before.revision != expected => {
                return Err(DraftError::Conflict);
            }
            (None, None) if plan.head.drafts >= DRAFTS_MAX => return Err(DraftError::TooMany),
            _ => {}
        }
        if let Some(before) = &before {
            let words = self.open_draft(access, id, before).await?;
            self.refuse_held(access, &words).await?;
            keep_uploads(&mut plan, &words.files, false).await?;
        }
        let words = DraftTextRecord::from(draft);
        self.refuse_held(access, &words).await?;
        keep_uploads(&mut plan, &words.files, true).await?;
        let record = DraftRecord {
            revision: before.as_ref().map_or(1, |before| before.revision.saturating_add(1)),
            updated_at: self.core.clock.now().unix_ms(),
            words: plan.seal("draft", id.as_bytes(), &words)?,
        };
        plan.put(keys::draft(id), &record);
        let kind = if before.is_some() { ChangeKind::Updated } else { ChangeKind::Created };
        plan.head.drafts = plan.head.drafts.saturating_add(u32::from(before.is_none()));
        plan.changed(ObjectType::Draft, id.as_bytes(), kind);
        self.commit(plan).await?;
        Ok(Some(draft_view(id, &record, words)))
    }

    /// Writes the sizes of the files, and refuses what is not there or is too large together.
    async fn measure_files(&self, access: &Access, draft: &mut Draft) -> Result<(), DraftError> {
        let mut sum: u64 = 0;
        for file in &mut draft.files {
            let size = self.file_bytes(access, file).await?;
            file.size_bytes =
                size.ok_or_else(|| DraftError::NoFile(file.name.clone().unwrap_or_default()))?;
            sum = sum.saturating_add(file.size_bytes);
        }
        if sum > DRAFT_BYTES_MAX { Err(DraftError::TooLarge) } else { Ok(()) }
    }

    async fn file_bytes(&self, access: &Access, file: &DraftFile) -> Result<Option<u64>, HubError> {
        if let Some(bytes) = self.upload_bytes(access, file.blob).await? {
            return Ok(Some(bytes).filter(|_| file.part.is_none()));
        }
        let message = MessageId::from_bytes(*file.blob.as_bytes());
        let found = self.messages(access, &[message]).await?.into_iter().next().flatten();
        Ok(found.and_then(|message| match file.part {
            None => Some(message.size_bytes),
            Some(part) => message.parts.iter().find(|known| known.id == part).map(|known| known.size_bytes),
        }))
    }
}

fn check_sizes(draft: &Draft) -> Result<(), DraftError> {
    if draft.recipients().count() > RECIPIENTS_MAX {
        return Err(DraftError::TooManyRecipients);
    }
    let lengths = [
        ("subject", draft.subject.len(), SUBJECT_BYTES_MAX),
        ("text", draft.text.len(), DRAFT_TEXT_BYTES_MAX),
        ("html", draft.html.as_ref().map_or(0, String::len), DRAFT_HTML_BYTES_MAX),
        ("attachments", draft.files.len(), DRAFT_FILES_MAX),
    ];
    match lengths.into_iter().find(|(_, length, most)| length > most) {
        Some((name, ..)) => Err(DraftError::TooLong(name)),
        None => Ok(()),
    }
}

/// Removes a draft's row, and says so in the log.
pub(crate) fn remove_draft(plan: &mut Plan<'_>, id: DraftId) {
    plan.delete(keys::draft(id));
    plan.head.drafts = plan.head.drafts.saturating_sub(1);
    plan.changed(ObjectType::Draft, id.as_bytes(), ChangeKind::Destroyed);
}

/// Keeps uploads beyond their day, or lets them go again: a day from now.
pub(crate) async fn keep_uploads(
    plan: &mut Plan<'_>,
    files: &[DraftFileRecord],
    kept: bool,
) -> Result<(), HubError> {
    let rows: Vec<Bytes> = files.iter().map(|file| keys::upload(BlobId::from_bytes(file.blob))).collect();
    for (key, row) in rows.iter().zip(plan.get_many(&rows).await?) {
        if let Some(row) = row {
            let record: UploadRecord = read(&row)?;
            plan.put(key.clone(), &UploadRecord { kept, ..record });
        }
    }
    Ok(())
}

/// The messages that a draft quotes.
fn quoted(words: &DraftTextRecord) -> impl Iterator<Item = MessageId> {
    [words.answers, words.forwards].into_iter().flatten().map(MessageId::from_bytes)
}

fn open_words(access: &Access, id: DraftId, record: &DraftRecord) -> Result<DraftTextRecord, HubError> {
    access.open(&Sealed { kind: "draft", key: id.as_bytes(), bytes: &record.words })
}

fn draft_view(id: DraftId, record: &DraftRecord, words: DraftTextRecord) -> DraftView {
    DraftView {
        id,
        revision: record.revision,
        updated_at: Timestamp::from_unix_ms(record.updated_at),
        draft: words.into(),
        hidden: false,
    }
}

impl From<&Participant> for AddressRecord {
    fn from(person: &Participant) -> Self {
        Self {
            name: person.name.as_deref().map(cut),
            protocol: person.handle.protocol().into(),
            address: person.handle.address().to_owned(),
        }
    }
}

impl From<&AddressRecord> for Participant {
    fn from(record: &AddressRecord) -> Self {
        Self {
            name: record.name.clone(),
            handle: Handle::literal(record.protocol.into(), record.address.as_str()),
        }
    }
}

impl From<Draft> for DraftTextRecord {
    fn from(draft: Draft) -> Self {
        let people = |people: &[Participant]| people.iter().map(AddressRecord::from).collect();
        Self {
            identity: *draft.identity.as_bytes(),
            conversation: draft.conversation.map(|id| *id.as_bytes()),
            answers: draft.answers.map(|id| *id.as_bytes()),
            forwards: draft.forwards.map(|id| *id.as_bytes()),
            to: people(&draft.to),
            cc: people(&draft.cc),
            bcc: people(&draft.bcc),
            subject: draft.subject,
            text: draft.text,
            html: draft.html,
            files: draft.files.into_iter().map(file_record).collect(),
            keep_metadata: draft.keep_metadata,
            requires_tls: draft.requires_tls,
            conflict_of: draft.conflict_of.map(|id| *id.as_bytes()),
        }
    }
}

impl From<DraftTextRecord> for Draft {
    fn from(words: DraftTextRecord) -> Self {
        let people = |people: &[AddressRecord]| people.iter().map(Participant::from).collect();
        Self {
            identity: IdentityId::from_bytes(words.identity),
            conversation: words.conversation.map(ConversationId::from_bytes),
            answers: words.answers.map(MessageId::from_bytes),
            forwards: words.forwards.map(MessageId::from_bytes),
            to: people(&words.to),
            cc: people(&words.cc),
            bcc: people(&words.bcc),
            subject: words.subject,
            text: words.text,
            html: words.html,
            files: words.files.into_iter().map(draft_file).collect(),
            keep_metadata: words.keep_metadata,
            requires_tls: words.requires_tls,
            conflict_of: words.conflict_of.map(DraftId::from_bytes),
        }
    }
}

fn file_record(file: DraftFile) -> DraftFileRecord {
    DraftFileRecord {
        blob: *file.blob.as_bytes(),
        part: file.part.map(|part| part.0),
        name: file.name.as_deref().map(cut),
        media_type: cut(&file.media_type),
        size_bytes: file.size_bytes,
        content_id: file.content_id.as_deref().map(cut),
    }
}

fn draft_file(record: DraftFileRecord) -> DraftFile {
    DraftFile {
        blob: BlobId::from_bytes(record.blob),
        part: record.part.map(PartId),
        name: record.name,
        media_type: record.media_type,
        size_bytes: record.size_bytes,
        content_id: record.content_id,
    }
}
