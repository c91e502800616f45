//! An import: a file streams in, and what it holds is stored, many messages with each commit.
//!
//! A message that another program kept is stored byte for byte. Nobody here saw how it came, so nothing is known of it
//! and unknown counts as nothing; what its headers say of other people's checks proves nothing. It is no news: nothing
//! announces it, and where the file does not say whether it was read, it was.

use super::archive::{self, Beside};
use super::folders::{self, Home};
use super::labelling::Labels;
use super::prepare::{Own, Source};
use super::store::Waiting;
use super::{Turn, sealed_words};
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys::{self, Blind};
use crate::limits::{IMPORT_BYTES_MAX, IMPORT_MESSAGES_MAX, IMPORT_WAIT_MS};
use crate::owner::Commit;
use crate::records::{
    FaultRecord, StoredTransferKind, StoredTransferState, TransferRecord, TransferWordsRecord,
};
use crate::resolve::cut;
use caliopen_connect::{Format, Opened, Unpack};
use caliopen_model::{KeptMessage, Place, Protocol, Spot, Timestamp, TransferId, UnpackReason, Unpacked};
use std::collections::HashSet;
use std::sync::Arc;

/// Why an import does not go on. What was committed stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no import of this id.
    #[error("there is no such import")]
    Unknown,
    /// It is done, or was cancelled.
    #[error("this import is over: begin another one")]
    Over,
    /// Another transfer of the account runs.
    #[error("another import or export of this account runs: wait for its end, or cancel it")]
    Busy,
    /// The bytes are not those that come next.
    #[error("this import goes on at byte {0}: send the file from there")]
    Offset(u64),
    /// The session was ended meanwhile.
    #[error("the session was ended: sign in, then send the rest")]
    SignedOut,
    /// No protocol of this server keeps messages in files.
    #[error("this server reads no files of messages")]
    NoFormat,
    /// Storage or keys.
    #[error(transparent)]
    Hub(#[from] HubError),
}

/// What the user wants to bring in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportWish {
    /// What the file is called: where its first bytes do not say what it is, its ending does.
    pub name: String,
    /// Its bytes, where they are known.
    pub bytes_total: Option<u64>,
    /// Where messages go whose folder names no place.
    pub place: Place,
}

/// An import that runs. Dropping it pauses it.
pub struct Import<'a> {
    pub(super) hub: &'a Hub,
    pub(super) access: &'a Access,
    pub(super) id: TransferId,
    _turn: Turn,
    pub(super) format: Arc<dyn Format>,
    file: Box<dyn Unpack>,
    pub(super) own: Own,
    place: Place,
    bytes_total: Option<u64>,
    /// Bytes of the file that were read.
    pub(super) fed: u64,
    /// Where the next part begins, once what waits is stored.
    pub(super) resume_at: u64,
    pub(super) words: TransferWordsRecord,
    pub(super) waiting: Waiting,
    /// What an archive says of the message that comes next.
    beside: Option<(String, Beside)>,
    pub(super) stored_at: Timestamp,
    pub(super) on_its_way: Option<Commit>,
    /// Messages of the commit that is on its way.
    pub(super) recent: HashSet<Blind>,
    pub(super) labels: Labels,
    /// A commit failed.
    pub(super) is_broken: bool,
}

impl Hub {
    /// Begins an import, or finds the one of the same file that was interrupted.
    pub async fn begin_import(&self, access: &Access, wish: &ImportWish) -> Result<TransferId, HubError> {
        let ids = self.transfer_ids(access).await?;
        let name = cut(&wish.name);
        for view in self.transfers(access, &ids).await?.into_iter().flatten() {
            let is_same =
                view.name == name && view.bytes_total == wish.bytes_total && view.place == wish.place;
            if is_same && view.state == crate::views::TransferState::Paused {
                return Ok(view.id);
            }
        }
        let kind = StoredTransferKind::Import;
        self.begin_transfer(access, kind, &wish.name, wish.place, wish.bytes_total).await
    }

    /// Goes on with an import at this byte of its file.
    ///
    /// # Errors
    ///
    /// See [`ImportError`]: nothing is changed.
    pub async fn import<'a>(
        &'a self,
        access: &'a Access,
        id: TransferId,
        offset: u64,
    ) -> Result<Import<'a>, ImportError> {
        let record: Option<TransferRecord> = access.row(&self.core, keys::transfer(id)).await?;
        let record = record.filter(|record| record.kind == StoredTransferKind::Import);
        let record = record.ok_or(ImportError::Unknown)?;
        if record.state != StoredTransferState::Open {
            return Err(ImportError::Over);
        }
        if record.resume_at != offset {
            return Err(ImportError::Offset(record.resume_at));
        }
        let turn = self.transfers.enter(access.account(), id).ok_or(ImportError::Busy)?;
        let words: TransferWordsRecord = access.open_one(&self.core, &sealed_words(&id, &record)).await?;
        let format = self.core.format(Protocol::Email).cloned().ok_or(ImportError::NoFormat)?;
        let counts = record.counts;
        let number = counts.stored + counts.known + counts.passed + 1;
        let opened = Opened { name: &words.name, from: offset, number };
        let file = format.unpack(&opened).ok_or(ImportError::NoFormat)?;
        Ok(Import {
            hub: self,
            access,
            id,
            _turn: turn,
            file,
            format,
            own: Own::new(self.identities(access).await?),
            place: record.place.into(),
            bytes_total: record.bytes_total,
            fed: offset,
            resume_at: offset,
            words,
            waiting: Waiting::default(),
            beside: None,
            stored_at: self.core.clock.now(),
            on_its_way: None,
            recent: HashSet::new(),
            labels: Labels::default(),
            is_broken: false,
        })
    }
}

impl Import<'_> {
    /// Whether as many bytes were fed as the file has, where that is known.
    pub fn has_all(&self) -> bool {
        self.bytes_total.is_none_or(|total| self.fed >= total)
    }

    /// Takes the next bytes of the file. What came in is durable a little later, all of it after [`Import::end`].
    ///
    /// # Errors
    ///
    /// The import is paused, cancelled or cannot be stored: what was committed stays.
    pub async fn feed(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = self.file.feed(rest);
            rest = rest.get(used..).unwrap_or_default();
            self.fed += used as u64;
            self.collect();
            if self.is_due() {
                self.store(StoredTransferState::Open).await?;
            }
        }
        Ok(())
    }

    /// No bytes come any more: all of the file came in, or the rest comes later. Durable when this returns. One that could
    /// not store something goes on, later, where its last commit ended.
    ///
    /// # Errors
    ///
    /// As of [`Import::feed`].
    pub async fn end(mut self, is_whole: bool) -> Result<(), ImportError> {
        if self.is_broken {
            return Ok(());
        }
        if is_whole {
            while !self.file.end() {
                self.collect();
                self.store(StoredTransferState::Open).await?;
            }
            self.collect();
            self.resume_at = self.fed;
        }
        let state = if is_whole { StoredTransferState::Done } else { StoredTransferState::Open };
        self.store(state).await?;
        self.settle().await
    }

    fn is_due(&self) -> bool {
        let waiting = &self.waiting;
        let is_much = waiting.messages.len() >= IMPORT_MESSAGES_MAX || waiting.bytes >= IMPORT_BYTES_MAX;
        is_much || self.hub.core.clock.now() >= self.stored_at.plus_ms(IMPORT_WAIT_MS)
    }

    /// Takes what was found in the file.
    fn collect(&mut self) {
        while let Some(found) = self.file.take() {
            match found {
                Unpacked::Message(message) => self.keep(message),
                Unpacked::Note { path, bytes } => self.note(path, &bytes),
                Unpacked::Fault { spot, reason } => self.pass(spot, reason),
            }
        }
        if self.beside.is_none() {
            self.resume_at = self.file.resume_at();
        }
    }

    fn keep(&mut self, message: KeptMessage) {
        let beside = self.beside.take().filter(|(path, _)| is_beside(path, &message.spot.path));
        let home = message.folder.as_deref().map_or(Home::Own, folders::home);
        let labels = match (&beside, home) {
            (Some((_, beside)), _) => beside.labels.clone(),
            (None, Home::Own) => self.own_folder(&message).map(cut).into_iter().collect(),
            (None, _) => Vec::new(),
        };
        let place = match (&beside, home) {
            (Some((_, beside)), _) => beside.place(),
            (None, Home::Known(place)) => place,
            (None, Home::Own) => self.place,
            (None, Home::Drafts) => return self.pass(message.spot, UnpackReason::Draft),
        };
        self.waiting.bytes += message.raw.len();
        let beside = beside.map(|(_, beside)| beside);
        self.waiting.messages.push(Source { message, place, labels, beside });
    }

    /// The user's own folder that a message was kept in. The name of the file that is imported is none.
    fn own_folder<'m>(&self, message: &'m KeptMessage) -> Option<&'m str> {
        let folder = message.folder.as_deref()?;
        let is_file = message.spot.path.is_empty() && self.words.name.starts_with(folder);
        (!is_file).then_some(folder)
    }

    fn note(&mut self, path: String, bytes: &[u8]) {
        if archive::is_manifest(&path) {
            return;
        }
        if archive::is_cards(bytes) {
            self.waiting.bytes += bytes.len();
            return self.waiting.cards.push(bytes.to_vec());
        }
        match Beside::read(bytes) {
            Some(beside) => self.beside = Some((path, beside)),
            None => self.pass(Spot { path, number: 1, offset: 0 }, UnpackReason::NotRecognised),
        }
    }

    fn pass(&mut self, spot: Spot, reason: UnpackReason) {
        let path = cut(&spot.path);
        self.waiting.passed += 1;
        let fault = FaultRecord { path, number: spot.number, offset: spot.offset, reason: reason.into() };
        self.waiting.faults.push(fault);
    }
}

/// `inbox/1.json` stands beside `inbox/1.eml`.
fn is_beside(note: &str, message: &str) -> bool {
    note.strip_suffix(".json").is_some_and(|stem| message.strip_suffix(".eml") == Some(stem))
}
