//! What the user does with a contact: makes, edits, deletes it, and takes that back.

use super::handles::{self, Added};
use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::limits::{CARD_FIELDS_MAX, CONTACT_UNDO_MS, CONTACTS_MAX, FIELD_CHARS_MAX, HANDLES_MAX};
use crate::owner::Plan;
use crate::records::{
    CardRecord, ContactRecord, FieldRecord, HandleRecord, LinkRecord, PutAway, PutAwayRecord,
    StoredContactState, StoredLinkEvidence, read,
};
use crate::resolve::cut;
use crate::views::ContactPatch;
use caliopen_model::{CardField, ChangeKind, ContactId, FieldKind, Handle};
use std::collections::HashSet;

/// Why a contact was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// There is no such contact.
    #[error("there is no such contact")]
    NotFound,
    /// The handle is somebody else's.
    #[error("this address belongs to another contact; put the two together instead")]
    Taken(ContactId),
    /// The handle is the user's own.
    #[error("this is an address of yours")]
    Own,
    /// More than [`HANDLES_MAX`], [`CARD_FIELDS_MAX`] or [`CONTACTS_MAX`].
    #[error("there are too many {0}")]
    TooMany(&'static str),
    /// A birthday that is no day.
    #[error("a birthday is a day such as 1985-04-12, or --04-12 without its year")]
    Birthday,
    /// Neither name nor handle nor anything else.
    #[error("a contact has a name, an address or a field")]
    Empty,
    /// Storage, or a damaged record.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Hub {
    /// Makes a contact of what the user says of somebody.
    ///
    /// # Errors
    ///
    /// See [`ContactError`]: nothing was made.
    pub async fn create_contact(
        &self,
        access: &Access,
        patch: &ContactPatch,
    ) -> Result<ContactId, ContactError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        if plan.head.contacts >= CONTACTS_MAX {
            return Err(ContactError::TooMany("contacts"));
        }
        let id = ContactId::from_bytes(self.core.ids.next());
        let mut card = CardRecord::default();
        write_words(&mut card, patch)?;
        let handles = patch.handles.as_deref().unwrap_or_default();
        if card == CardRecord::default() && handles.is_empty() {
            return Err(ContactError::Empty);
        }
        let sealed = plan.seal("contact", id.as_bytes(), &card)?;
        let mut record =
            ContactRecord { state: StoredContactState::Confirmed, links: Vec::new(), card: sealed };
        handles::list(&mut plan, id, &record);
        self.set_handles(access, &mut plan, (id, &mut record, &mut card), handles).await?;
        record.card = plan.seal("contact", id.as_bytes(), &card)?;
        plan.put(keys::contact(id), &record);
        if patch.blocked == Some(true) {
            mark_handles(&mut plan, &card, |record| HandleRecord { blocked: true, ..record }).await?;
        }
        self.commit(plan).await?;
        Ok(id)
    }

    /// Changes a contact. Naming or editing somebody confirms them, and the handles of their own card.
    ///
    /// # Errors
    ///
    /// See [`ContactError`]: nothing was changed.
    pub async fn update_contact(
        &self,
        access: &Access,
        id: ContactId,
        patch: &ContactPatch,
    ) -> Result<(), ContactError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let Some(mut record) = plan.get::<ContactRecord>(&keys::contact(id)).await? else {
            return Err(ContactError::NotFound);
        };
        let mut card = self.open_card(access, &plan, id, &record).await?;
        if patch.says_something() {
            self.speak_for_links(access, &plan, (id, &mut record, &mut card)).await?;
        }
        write_words(&mut card, patch)?;
        if let Some(wanted) = &patch.handles {
            self.set_handles(access, &mut plan, (id, &mut record, &mut card), wanted).await?;
        }
        let says = card.name.is_some() || card.note.is_some() || !card.fields.is_empty();
        if !says && card.handles.is_empty() && record.links.is_empty() {
            return Err(ContactError::Empty);
        }
        if !patch.is_of_pictures_alone() {
            record.state = StoredContactState::Confirmed;
            mark_handles(&mut plan, &card, |record| HandleRecord { confirmed: true, ..record }).await?;
        }
        record.card = plan.seal("contact", id.as_bytes(), &card)?;
        plan.put(keys::contact(id), &record);
        self.mark_ways(access, &mut plan, (id, record), patch).await?;
        plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(())
    }

    /// Opens the contact's own card.
    pub(crate) async fn open_card(
        &self,
        access: &Access,
        plan: &Plan<'_>,
        id: ContactId,
        record: &ContactRecord,
    ) -> Result<CardRecord, HubError> {
        access.open_planned(plan, std::iter::once(record.card.as_slice())).await?;
        access.open(&Sealed { kind: "contact", key: id.as_bytes(), bytes: &record.card })
    }

    /// Takes what linked cards say into the contact's own: from now on it is the one that the user edits.
    async fn speak_for_links(
        &self,
        access: &Access,
        plan: &Plan<'_>,
        (id, record, card): (ContactId, &mut ContactRecord, &mut CardRecord),
    ) -> Result<(), HubError> {
        if record.links.iter().all(|link| link.is_spoken_for) {
            return Ok(());
        }
        let whole = self.open_whole(access, plan, id, record.clone()).await?.contact();
        card.fields = whole.fields.iter().map(FieldRecord::from).collect();
        (card.name, card.note) = (whole.name, whole.note);
        record.links.iter_mut().for_each(|link| link.is_spoken_for = true);
        Ok(())
    }

    /// Adds and removes handles until the contact has the wanted ones, and shows its conversations by them.
    async fn set_handles(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        (id, record, card): (ContactId, &mut ContactRecord, &mut CardRecord),
        wanted: &[Handle],
    ) -> Result<(), ContactError> {
        let wanted_names: HashSet<String> = wanted.iter().map(Handle::canonical).collect();
        let whole = self.open_whole(access, plan, id, record.clone()).await?;
        let present: Vec<(Handle, Option<LinkRecord>)> = whole.handles().collect();
        let fresh: Vec<&Handle> =
            wanted.iter().filter(|handle| !present.iter().any(|(known, _)| known == *handle)).collect();
        let mut touched = vec![id];
        for handle in &fresh {
            touched.extend(handles::owner(plan, handle).await?);
        }
        for owner in &touched {
            restore(plan, *owner).await?;
        }
        let regroup = self.look_at(access, plan, &touched).await?;
        for (handle, link) in present.iter().filter(|(handle, _)| !wanted_names.contains(&handle.canonical()))
        {
            match link {
                None => handles::remove(&self.core, plan, card, handle).await?,
                // Those that came together leave together.
                Some(link) if record.links.iter().any(|known| known.contact == link.contact) => {
                    self.unlink(access, plan, record, ContactId::from_bytes(link.contact)).await?;
                }
                Some(_) => {}
            }
        }
        for handle in fresh {
            self.add_handle(access, plan, (id, record, card), handle).await?;
        }
        Ok(regroup.finish(&self.core, plan).await?)
    }

    async fn add_handle(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        (id, record, card): (ContactId, &mut ContactRecord, &mut CardRecord),
        handle: &Handle,
    ) -> Result<(), ContactError> {
        if card.handles.len() >= HANDLES_MAX {
            return Err(ContactError::TooMany("addresses"));
        }
        match handles::add(&self.core, plan, (id, card), handle, true).await? {
            Added::New | Added::Already => Ok(()),
            Added::Own => Err(ContactError::Own),
            Added::Of(other) => match plan.get::<ContactRecord>(&keys::contact(other)).await? {
                // Nobody has said anything of them yet: the user says now who they are.
                Some(row) if row.state == StoredContactState::Suggested && row.links.is_empty() => {
                    self.link(access, plan, (id, record), other, StoredLinkEvidence::ByHand).await
                }
                _ => Err(ContactError::Taken(other)),
            },
        }
    }

    /// Marks handles of the contact, those of linked ones among them: blocked all together, or what is said of each.
    async fn mark_ways(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        (id, record): (ContactId, ContactRecord),
        patch: &ContactPatch,
    ) -> Result<(), HubError> {
        if patch.blocked.is_none() && patch.ways.is_empty() {
            return Ok(());
        }
        let handles: Vec<Handle> =
            self.open_whole(access, plan, id, record).await?.handles().map(|(handle, _)| handle).collect();
        for handle in handles {
            let key = handles::row(plan, &handle);
            let Some(mut row) = plan.get::<HandleRecord>(&key).await? else { continue };
            row.blocked = patch.blocked.unwrap_or(row.blocked);
            if let Some(way) = patch.ways.iter().find(|way| way.handle == handle) {
                row.blocked = way.blocked.unwrap_or(row.blocked);
                row.confirmed = way.confirmed.unwrap_or(row.confirmed);
            }
            plan.put(key, &row);
        }
        Ok(())
    }

    /// Deletes a contact: name, note and fields are gone from every list, and mail from its handles suggests nobody
    /// anew. For 30 days it can be taken back; it comes back by itself when the user writes to it. False: there is none.
    pub async fn destroy_contact(&self, access: &Access, id: ContactId) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let Some(record) = plan.get::<ContactRecord>(&keys::contact(id)).await? else { return Ok(false) };
        handles::unlist(&mut plan, id);
        let because = PutAway::Deleted(self.core.clock.now().unix_ms());
        plan.put(keys::put_away(id), &PutAwayRecord { because, record });
        self.commit(plan).await?;
        Ok(true)
    }

    /// Takes a deletion back: the contact is as it was. False: there is none that was deleted.
    pub async fn restore_contact(&self, access: &Access, id: ContactId) -> Result<bool, HubError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let restored = restore(&mut plan, id).await?;
        if restored {
            self.commit(plan).await?;
        }
        Ok(restored)
    }

    /// Forgets the cards of contacts that were deleted 30 days ago. Gives their number.
    pub(crate) async fn purge_contacts(&self, plan: &mut Plan<'_>) -> Result<usize, HubError> {
        let due = self.core.clock.now().plus_ms(-CONTACT_UNDO_MS).unix_ms();
        let mut purged = 0;
        for (key, row) in self.core.scan_all(plan.owner().partition(), keys::all_put_away()).await? {
            let record: PutAwayRecord = read(&row)?;
            if matches!(record.because, PutAway::Deleted(at) if at <= due) {
                for link in &record.record.links {
                    let linked = ContactId::from_bytes(link.contact);
                    plan.delete(keys::put_away(linked));
                    forget_beside(plan, linked);
                }
                if let Some(id) = key.last_chunk() {
                    forget_beside(plan, ContactId::from_bytes(*id));
                }
                plan.delete(key);
                purged += 1;
            }
        }
        Ok(purged)
    }
}

/// Forgets what stands beside a contact's card.
fn forget_beside(plan: &mut Plan<'_>, id: ContactId) {
    plan.delete(keys::kept_card(id));
    plan.delete(keys::ways(id));
    plan.delete(keys::history_of_contact(id));
    plan.delete(keys::sent_to(id));
}

/// Puts a deleted contact back on the list, as it was. False: it was not deleted.
pub(crate) async fn restore(plan: &mut Plan<'_>, id: ContactId) -> Result<bool, HubError> {
    match plan.get::<PutAwayRecord>(&keys::put_away(id)).await? {
        Some(PutAwayRecord { because: PutAway::Deleted(_), record }) => {
            handles::list(plan, id, &record);
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Writes name, note and fields.
fn write_words(card: &mut CardRecord, patch: &ContactPatch) -> Result<(), ContactError> {
    if let Some(name) = &patch.name {
        card.name = name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(cut);
    }
    if let Some(note) = &patch.note {
        card.note = note.clone().filter(|note| !note.is_empty());
    }
    card.shows_pictures = patch.shows_pictures.unwrap_or(card.shows_pictures);
    if let Some(fields) = &patch.fields {
        if fields.len() > CARD_FIELDS_MAX {
            return Err(ContactError::TooMany("fields"));
        }
        card.fields = fields.iter().map(field).collect::<Result<_, _>>()?;
        card.fields.retain(|field| !field.value.is_empty());
    }
    Ok(())
}

fn field(field: &CardField) -> Result<FieldRecord, ContactError> {
    let value: String =
        field.value.trim().chars().filter(|c| !c.is_control()).take(FIELD_CHARS_MAX).collect();
    if field.kind == FieldKind::Birthday && !value.is_empty() && !caliopen_cards::is_day(&value) {
        return Err(ContactError::Birthday);
    }
    Ok(FieldRecord { value, ..FieldRecord::from(field) })
}

/// Changes what stands on the rows of a card's handles.
async fn mark_handles(
    plan: &mut Plan<'_>,
    card: &CardRecord,
    mark: impl Fn(HandleRecord) -> HandleRecord,
) -> Result<(), HubError> {
    for (protocol, address) in &card.handles {
        let key = handles::row(plan, &Handle::literal((*protocol).into(), address.as_str()));
        if let Some(record) = plan.get::<HandleRecord>(&key).await? {
            plan.put(key, &mark(record));
        }
    }
    Ok(())
}
