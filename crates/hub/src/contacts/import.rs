//! Cards that the user brings. The same address is the same person: fields are added, nothing is overwritten. Bringing
//! the same file again changes nothing, so that an import which was interrupted is simply done again.

use super::edit::{ContactError, restore};
use super::handles::{self, Added};
use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{CARD_FIELDS_MAX, CARDS_BATCH, CONTACTS_MAX, HANDLES_MAX, SKIPPED_NAMED_MAX};
use crate::owner::Plan;
use crate::records::{
    CardRecord, ContactRecord, FieldRecord, HandleOwner, HandleRecord, StoredContactState, StoredLinkEvidence,
};
use crate::resolve::cut;
use bytes::Bytes;
use caliopen_cards::{Card, Found};
use caliopen_model::{ChangeKind, ContactId, EmailAddress, FieldKind, Handle};

/// What became of the cards of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Contacts that were made.
    pub made: u32,
    /// Contacts that got something new.
    pub updated: u32,
    /// Cards that said nothing new.
    pub unchanged: u32,
    /// Cards that could not be used.
    pub skipped: u32,
    /// The first [`SKIPPED_NAMED_MAX`] of them.
    pub skipped_cards: Vec<SkippedCard>,
    /// Cards whose picture, or something else large, was left behind.
    pub left_out: u32,
    /// The file held more than 10,000 cards: the rest was not read.
    pub is_cut: bool,
}

/// A card that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedCard {
    /// Which one of the file, from 1.
    pub number: u32,
    /// What it calls the person.
    pub name: Option<String>,
    /// Why.
    pub why: SkipReason,
}

/// Why a card could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// More than a megabyte.
    TooLarge,
    /// It names nobody.
    Empty,
    /// It is the user's own.
    Own,
    /// The account has as many contacts as it can.
    TooMany,
}

/// What became of one card.
enum Done {
    Made,
    Updated,
    Unchanged,
    Skipped(SkipReason),
}

impl Hub {
    /// Takes in the cards of a file: vCard 2.1, 3.0 or 4.0, in any encoding. Never fails for what the file holds; what
    /// could not be used stands in the report.
    pub async fn import_vcards(&self, access: &Access, bytes: &[u8]) -> Result<ImportReport, HubError> {
        let reading = caliopen_cards::read(bytes);
        let mut report = ImportReport { is_cut: reading.is_cut, ..ImportReport::default() };
        for (batch, cards) in reading.found.chunks(CARDS_BATCH).enumerate() {
            let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
            plan.prefetch(handle_rows(&plan, cards)).await?;
            for (at, found) in cards.iter().enumerate() {
                let done = match found {
                    Found::Card { card, left_out } => {
                        report.left_out += u32::from(*left_out);
                        self.import_card(access, &mut plan, card).await?
                    }
                    Found::TooLarge => Done::Skipped(SkipReason::TooLarge),
                    Found::Empty => Done::Skipped(SkipReason::Empty),
                };
                report.count(&done, batch * CARDS_BATCH + at, found);
            }
            self.commit(plan).await?;
        }
        Ok(report)
    }

    async fn import_card(&self, access: &Access, plan: &mut Plan<'_>, card: &Card) -> Result<Done, HubError> {
        let handles = handles_of(card);
        let nameless_row = handles.is_empty().then(|| without_address(plan, card));
        let owner = match &nameless_row {
            Some(row) => plan.get::<[u8; 16]>(row).await?.map(ContactId::from_bytes),
            None => match first_owner(plan, &handles).await? {
                Some(HandleOwner::Own(_)) => return Ok(Done::Skipped(SkipReason::Own)),
                Some(HandleOwner::Contact(id)) => Some(ContactId::from_bytes(id)),
                None => None,
            },
        };
        if let Some(id) = owner {
            restore(plan, id).await?;
            if let Some(record) = plan.get::<ContactRecord>(&keys::contact(id)).await? {
                return self.add_to(access, plan, (id, record), card, &handles).await;
            }
        }
        if plan.head.contacts >= CONTACTS_MAX {
            return Ok(Done::Skipped(SkipReason::TooMany));
        }
        let id = ContactId::from_bytes(self.core.ids.next());
        if let Some(row) = nameless_row {
            plan.put(row, id.as_bytes());
        }
        let record =
            ContactRecord { state: StoredContactState::Confirmed, links: Vec::new(), card: Vec::new() };
        let mut known = CardRecord::default();
        add_words(&mut known, card);
        let others = self.add_handles(plan, (id, &mut known), &handles).await?;
        let sealed = plan.seal("contact", id.as_bytes(), &known)?;
        handles::list(plan, id, &ContactRecord { card: sealed, ..record });
        keep(plan, id, &card.kept)?;
        self.link_suggested(access, plan, id, &others).await?;
        Ok(Done::Made)
    }

    /// Adds to somebody who is known what the card says beyond.
    async fn add_to(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        (id, mut record): (ContactId, ContactRecord),
        card: &Card,
        handles: &[Handle],
    ) -> Result<Done, HubError> {
        let before = self.open_card(access, plan, id, &record).await?;
        let mut after = before.clone();
        add_words(&mut after, card);
        let others = self.add_handles(plan, (id, &mut after), handles).await?;
        let kept_before: Option<String> = self.kept_card(access, plan, id).await?;
        let kept = caliopen_cards::join(kept_before.as_deref().unwrap_or_default(), &card.kept);
        let is_new = record.state == StoredContactState::Suggested
            || after != before
            || kept_before.as_deref() != Some(kept.as_str());
        let is_linked = self.link_suggested(access, plan, id, &others).await?;
        if !is_new {
            return Ok(if is_linked { Done::Updated } else { Done::Unchanged });
        }
        if let Some(linked) = plan.get::<ContactRecord>(&keys::contact(id)).await? {
            record.links = linked.links;
        }
        keep(plan, id, &kept)?;
        record.state = StoredContactState::Confirmed;
        record.card = plan.seal("contact", id.as_bytes(), &after)?;
        plan.put(keys::contact(id), &record);
        plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Updated);
        Ok(Done::Updated)
    }

    /// The user's own card names these addresses: they are confirmed. Gives the others whom it names.
    async fn add_handles(
        &self,
        plan: &mut Plan<'_>,
        (id, card): (ContactId, &mut CardRecord),
        handles: &[Handle],
    ) -> Result<Vec<ContactId>, HubError> {
        let mut others = Vec::new();
        for handle in handles {
            if card.handles.len() >= HANDLES_MAX {
                break;
            }
            match handles::add(&self.core, plan, (id, card), handle, true).await? {
                Added::Already => confirm(plan, handle).await?,
                Added::Of(other) if !others.contains(&other) => others.push(other),
                Added::New | Added::Own | Added::Of(_) => {}
            }
        }
        Ok(others)
    }

    /// Two addresses on one card of the user's are one person's (conversations.md, "Who is one person"). Somebody whom
    /// the user has said something of stays as they are.
    async fn link_suggested(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        id: ContactId,
        others: &[ContactId],
    ) -> Result<bool, HubError> {
        let mut is_linked = false;
        for other in others {
            let row = plan.get::<ContactRecord>(&keys::contact(*other)).await?;
            let is_free = row.is_some_and(|row| row.state == StoredContactState::Suggested);
            let Some(mut record) = plan.get::<ContactRecord>(&keys::contact(id)).await?.filter(|_| is_free)
            else {
                continue;
            };
            let regroup = self.look_at(access, plan, &[id, *other]).await?;
            match self.link(access, plan, (id, &mut record), *other, StoredLinkEvidence::SameCard).await {
                Ok(()) => is_linked = true,
                Err(ContactError::Hub(error)) => return Err(error),
                // More addresses than one contact holds: they stay apart.
                Err(_) => {}
            }
            regroup.finish(&self.core, plan).await?;
            plan.put(keys::contact(id), &record);
            plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Updated);
        }
        Ok(is_linked)
    }

    /// The card that a contact came from.
    pub(crate) async fn kept_card(
        &self,
        access: &Access,
        plan: &Plan<'_>,
        id: ContactId,
    ) -> Result<Option<String>, HubError> {
        let key = keys::kept_card(id);
        let Some(row) = plan.get_many(std::slice::from_ref(&key)).await?.into_iter().next().flatten() else {
            return Ok(None);
        };
        access.open_planned(plan, std::iter::once(row.as_ref())).await?;
        Ok(Some(access.open(&Sealed { kind: "vcard", key: id.as_bytes(), bytes: &row })?))
    }
}

impl ImportReport {
    fn count(&mut self, done: &Done, at: usize, found: &Found) {
        match done {
            Done::Made => self.made += 1,
            Done::Updated => self.updated += 1,
            Done::Unchanged => self.unchanged += 1,
            Done::Skipped(why) => {
                self.skipped += 1;
                if self.skipped_cards.len() < SKIPPED_NAMED_MAX {
                    let name = match found {
                        Found::Card { card, .. } => card.name.clone(),
                        Found::TooLarge | Found::Empty => None,
                    };
                    let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
                    self.skipped_cards.push(SkippedCard { number, name, why: *why });
                }
            }
        }
    }
}

/// The addresses of a card that something can be sent to.
fn handles_of(card: &Card) -> Vec<Handle> {
    let addresses = card.addresses.iter().filter_map(|text| EmailAddress::parse(text).ok());
    addresses.map(|address| Handle::email(&address)).collect()
}

fn handle_rows(plan: &Plan<'_>, cards: &[Found]) -> Vec<Bytes> {
    let cards = cards.iter().filter_map(|found| match found {
        Found::Card { card, .. } => Some(card),
        Found::TooLarge | Found::Empty => None,
    });
    cards.flat_map(handles_of).map(|handle| handles::row(plan, &handle)).collect()
}

/// Whose the first known handle is: a contact's before the user's own, which cards of a family may share.
async fn first_owner(plan: &Plan<'_>, handles: &[Handle]) -> Result<Option<HandleOwner>, HubError> {
    let mut own = None;
    for handle in handles {
        match plan.get::<HandleRecord>(&handles::row(plan, handle)).await?.map(|record| record.owner) {
            Some(HandleOwner::Own(id)) => own = Some(HandleOwner::Own(id)),
            Some(owner) => return Ok(Some(owner)),
            None => {}
        }
    }
    Ok(own)
}

/// What somebody without any address is known by: their name and their telephone numbers.
fn without_address(plan: &Plan<'_>, card: &Card) -> Bytes {
    let mut names: Vec<String> = card
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Phone)
        .map(|field| digits(&field.value))
        .collect();
    names.sort_unstable();
    names.insert(0, card.name.as_deref().unwrap_or_default().to_lowercase());
    keys::without_address(&plan.owner().blind.index("without-address", names.join("\n").as_bytes()))
}

fn digits(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// Adds what the card says and the contact does not.
fn add_words(known: &mut CardRecord, card: &Card) {
    if known.name.is_none() {
        known.name = card.name.as_deref().map(cut);
    }
    if known.note.is_none() {
        known.note.clone_from(&card.note);
    }
    for field in card.fields.iter().map(FieldRecord::from) {
        let same = |other: &FieldRecord| other.kind == field.kind && same_value(&other.value, &field);
        let is_single = FieldKind::from(field.kind) == FieldKind::Birthday;
        let has_one = is_single && known.fields.iter().any(|other| other.kind == field.kind);
        if known.fields.len() < CARD_FIELDS_MAX && !has_one && !known.fields.iter().any(same) {
            known.fields.push(field);
        }
    }
}

fn same_value(value: &str, field: &FieldRecord) -> bool {
    match FieldKind::from(field.kind) {
        FieldKind::Phone => digits(value) == digits(&field.value),
        _ => value.to_lowercase() == field.value.to_lowercase(),
    }
}

async fn confirm(plan: &mut Plan<'_>, handle: &Handle) -> Result<(), HubError> {
    let key = handles::row(plan, handle);
    if let Some(record) = plan.get::<HandleRecord>(&key).await?.filter(|record| !record.confirmed) {
        plan.put(key, &HandleRecord { confirmed: true, ..record });
    }
    Ok(())
}

fn keep(plan: &mut Plan<'_>, id: ContactId, kept: &str) -> Result<(), HubError> {
    let sealed = plan.seal("vcard", id.as_bytes(), &kept)?;
    plan.put_bytes(keys::kept_card(id), sealed);
    Ok(())
}
