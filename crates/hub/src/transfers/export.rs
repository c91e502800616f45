//! An export: everything of an account as one file, written while it is sent. Memory holds a page of summaries and one
//! message.

use super::archive::{self, Beside, Manifest, Saying};
use super::{Turn, put_transfer};
use crate::Hub;
use crate::access::{Access, Sealed};
use crate::contacts::ExportOf;
use crate::context::successor;
use crate::error::HubError;
use crate::keys;
use crate::limits::EXPORT_PAGE;
use crate::owner::Plan;
use crate::records::{ConversationRecord, StoredTransferKind, StoredTransferState, TransferRecord, read};
use crate::views::MessageView;
use bytes::Bytes;
use caliopen_connect::Format;
use caliopen_model::{ContactId, ConversationId, Handle, MessageId, Packed, Place, Protocol, TransferId};
use caliopen_store::Direction;
use std::collections::VecDeque;
use std::sync::Arc;

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// A tar with each message as a file, and what is known of it beside it: another Caliopen reads all of it.
    Archive,
    /// An mbox with the messages alone, for other programs.
    Mailbox,
}

/// An export that goes on.
pub struct Export {
    kind: ExportKind,
    id: TransferId,
    _turn: Turn,
    format: Arc<dyn Format>,
    address: String,
    stage: Stage,
    conversation: Option<Current>,
    /// The conversations after this key are still to come.
    after: Option<Bytes>,
    conversations: u64,
    messages: u64,
    /// Messages that are too private for whoever asks: they are told so, and how many.
    held_back: u64,
    pages_of_contacts: u64,
    bytes: u64,
}

enum Stage {
    Begin,
    Messages,
    /// The contacts after this one are still to come.
    Contacts(Option<ContactId>),
    End,
    Over,
}

/// The conversation that is written now.
struct Current {
    id: ConversationId,
    place: Place,
    title: Option<String>,
    labels: Vec<String>,
    pinned: bool,
    muted: bool,
    identity: String,
    number: u64,
    written: u64,
    /// Its messages after this key are still to come.
    after: Option<Bytes>,
    page: VecDeque<MessageView>,
}

impl Hub {
    /// Begins an export. None: another transfer of the account runs.
    pub async fn export(&self, access: &Access, kind: ExportKind) -> Result<Option<Export>, HubError> {
        let profile = self.profile(access).await?;
        let format = self.core.format(Protocol::Email).cloned().ok_or(HubError::Damaged)?;
        let name = match kind {
            ExportKind::Archive => format!("{}.tar", profile.address),
            ExportKind::Mailbox => format!("{}.mbox", profile.address),
        };
        let id = self.begin_transfer(access, StoredTransferKind::Export, &name, Place::Inbox, None).await?;
        let Some(turn) = self.transfers.enter(access.account(), id) else {
            self.forget_transfer(access, id).await?;
            return Ok(None);
        };
        Ok(Some(Export {
            kind,
            id,
            _turn: turn,
            format,
            address: profile.address,
            stage: Stage::Begin,
            conversation: None,
            after: None,
            conversations: 0,
            messages: 0,
            held_back: 0,
            pages_of_contacts: 0,
            bytes: 0,
        }))
    }
}

impl Export {
    /// What the file is to be called.
    pub fn file_name(&self) -> String {
        let ending = if self.kind == ExportKind::Archive { "tar" } else { "mbox" };
        format!("caliopen-{}.{ending}", self.address.replace('@', "-at-"))
    }

    /// How many messages were left out so far: too private for whoever asks.
    pub fn held_back(&self) -> u64 {
        self.held_back
    }

    /// The next bytes of the file; none at its end.
    pub async fn next(&mut self, hub: &Hub, access: &Access) -> Result<Option<Bytes>, HubError> {
        loop {
            let bytes = match self.stage {
                Stage::Begin => self.begin(hub)?,
                Stage::Messages => match self.message(hub, access).await? {
                    Some(bytes) => bytes,
                    None => {
                        self.stage = match self.kind {
                            ExportKind::Archive => Stage::Contacts(None),
                            ExportKind::Mailbox => Stage::End,
                        };
                        continue;
                    }
                },
                Stage::Contacts(after) => self.contacts(hub, access, after).await?,
                Stage::End => {
                    self.finish(hub, access).await?;
                    self.stage = Stage::Over;
                    if self.kind == ExportKind::Archive { self.format.pack(Packed::End) } else { Vec::new() }
                }
                Stage::Over => return Ok(None),
            };
            if !bytes.is_empty() {
                self.bytes += bytes.len() as u64;
                return Ok(Some(bytes.into()));
            }
        }
    }

    fn begin(&mut self, hub: &Hub) -> Result<Vec<u8>, HubError> {
        self.stage = Stage::Messages;
        if self.kind == ExportKind::Mailbox {
            return Ok(Vec::new());
        }
        let at = hub.core.clock.now();
        let manifest = archive::json(&Manifest::new(&self.address, at.unix_ms()))?;
        Ok(self.format.pack(Packed::File { path: archive::MANIFEST_PATH, at, bytes: &manifest }))
    }

    /// The next message, with what stands beside it.
    async fn message(&mut self, hub: &Hub, access: &Access) -> Result<Option<Vec<u8>>, HubError> {
        loop {
            let Some(current) = &mut self.conversation else {
                match self.next_conversation(hub, access).await? {
                    Some(current) => self.conversation = Some(current),
                    None => return Ok(None),
                }
                continue;
            };
            if let Some(view) = current.page.pop_front() {
                if view.hidden {
                    self.held_back += 1;
                    continue;
                }
                current.written += 1;
                // A message that was removed meanwhile has no bytes any more.
                let Some(raw) = hub.raw(access, view.blob).await? else { continue };
                self.messages += 1;
                return Ok(Some(self.pack(&view, &raw)?));
            }
            if !current.next_page(hub, access).await? {
                self.conversation = None;
            }
        }
    }

    /// The next page of those whom the user made, named or wrote to.
    async fn contacts(
        &mut self,
        hub: &Hub,
        access: &Access,
        after: Option<ContactId>,
    ) -> Result<Vec<u8>, HubError> {
        let page = hub.export_vcards(access, ExportOf::Known, false, after).await?;
        self.stage = page.next.map_or(Stage::End, |next| Stage::Contacts(Some(next)));
        if page.text.is_empty() {
            return Ok(Vec::new());
        }
        self.pages_of_contacts += 1;
        let (path, at) = (archive::cards_path(self.pages_of_contacts), hub.core.clock.now());
        Ok(self.format.pack(Packed::File { path: &path, at, bytes: page.text.as_bytes() }))
    }

    fn pack(&self, view: &MessageView, raw: &[u8]) -> Result<Vec<u8>, HubError> {
        let at = view.received_at;
        let Some(current) = self.conversation.as_ref().filter(|_| self.kind == ExportKind::Archive) else {
            let author = view.from.first().map_or("", |author| author.handle.address());
            return Ok(self.format.pack(Packed::Message { author, at, raw }));
        };
        let stem = format!("{}/{:05}/{:05}", folder(current.place), current.number, current.written);
        let beside = archive::json(&current.beside(view))?;
        let mut out = self.format.pack(Packed::File { path: &format!("{stem}.json"), at, bytes: &beside });
        out.extend(self.format.pack(Packed::File { path: &format!("{stem}.eml"), at, bytes: raw }));
        Ok(out)
    }

    async fn next_conversation(&mut self, hub: &Hub, access: &Access) -> Result<Option<Current>, HubError> {
        let mut range = keys::conversations();
        if let Some(after) = &self.after {
            range.start = successor(after);
        }
        let rows = hub.core.store.scan(access.partition(), range, 1, Direction::Forward).await?;
        let Some((key, row)) = rows.into_iter().next() else { return Ok(None) };
        let id = ConversationId::from_bytes(key.last_chunk().copied().ok_or(HubError::Damaged)?);
        let record: ConversationRecord = read(&row)?;
        let title = match &record.title {
            Some(sealed) => {
                let sealed = Sealed { kind: "title", key: id.as_bytes(), bytes: sealed };
                Some(access.open_one::<String>(&hub.core, &sealed).await?)
            }
            None => None,
        };
        let mut labels = Vec::new();
        if !record.labels.is_empty() {
            let all = hub.labels(access).await?.into_iter();
            labels.extend(all.filter(|one| record.labels.contains(one.id.as_bytes())).map(|one| one.name));
        }
        let identities = hub.identities(access).await?;
        let identity = identities.into_iter().find(|identity| *identity.id.as_bytes() == record.identity);
        self.after = Some(key);
        self.conversations += 1;
        Ok(Some(Current {
            id,
            place: record.place.into(),
            title,
            labels,
            pinned: record.pinned,
            muted: record.muted,
            identity: identity.map(|identity| identity.address).unwrap_or_default(),
            number: self.conversations,
            written: 0,
            after: None,
            page: VecDeque::new(),
        }))
    }

    /// Writes down that all of it was given out.
    async fn finish(&self, hub: &Hub, access: &Access) -> Result<(), HubError> {
        let mut plan = Plan::open(&hub.core, &access.owner).await?;
        if let Some(mut record) = plan.get::<TransferRecord>(&keys::transfer(self.id)).await? {
            record.state = StoredTransferState::Done;
            record.changed_at = hub.core.clock.now().unix_ms();
            record.counts.stored = self.messages;
            record.counts.passed = self.held_back;
            record.bytes = self.bytes;
            put_transfer(&mut plan, self.id, &record);
            hub.commit(plan).await?;
        }
        Ok(())
    }
}

impl Current {
    /// Reads the next summaries. False when there are none.
    async fn next_page(&mut self, hub: &Hub, access: &Access) -> Result<bool, HubError> {
        let mut range = keys::of_conversation(self.id);
        if let Some(after) = &self.after {
            range.start = successor(after);
        }
        let rows = hub.core.store.scan(access.partition(), range, EXPORT_PAGE, Direction::Forward).await?;
        let Some((last, _)) = rows.last() else { return Ok(false) };
        self.after = Some(last.clone());
        let ids: Vec<MessageId> = rows.iter().filter_map(|(key, _)| keys::message_of_row(key)).collect();
        self.page = hub.messages(access, &ids).await?.into_iter().flatten().collect();
        Ok(true)
    }

    fn beside(&self, view: &MessageView) -> Beside {
        let hidden = |handle: &Handle, name: &str| {
            let name = (name != handle.address()).then(|| name.to_owned());
            (name, handle.address().to_owned())
        };
        Beside::new(Saying {
            place: self.place,
            direction: view.direction,
            title: self.title.clone(),
            labels: self.labels.clone(),
            pinned: self.pinned,
            muted: self.muted,
            seen: view.seen,
            flagged: view.flagged,
            received_at: view.received_at.unix_ms(),
            identity: self.identity.clone(),
            bcc: view.bcc.iter().map(|person| hidden(&person.handle, &person.name)).collect(),
            evidence: view.evidence.clone(),
        })
    }
}

const fn folder(place: Place) -> &'static str {
    match place {
        Place::Inbox => "inbox",
        Place::Archive => "archive",
        Place::Bin => "bin",
        Place::Snoozed => "snoozed",
        Place::NewSenders => "new-senders",
        Place::Spam => "spam",
    }
}
