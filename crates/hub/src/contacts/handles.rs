//! Handles of contacts: given to one, taken from one. What arriving mail must know while the card is sealed stands on
//! their rows.

use crate::context::Context;
use crate::error::HubError;
use crate::indices::ways;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::records::{CardRecord, ContactRecord, HandleOwner, HandleRecord, StoredContactState};
use crate::resolve::handle_blind;
use caliopen_model::{ChangeKind, ContactId, Handle};

/// The row of a handle.
pub(crate) fn row(plan: &Plan<'_>, handle: &Handle) -> bytes::Bytes {
    keys::handle(&handle_blind(plan, &handle.canonical()))
}

/// The contact that a handle belongs to; none when nobody knows it, or when it is the user's own.
pub(crate) async fn owner(plan: &Plan<'_>, handle: &Handle) -> Result<Option<ContactId>, HubError> {
    let record = plan.get::<HandleRecord>(&row(plan, handle)).await?;
    Ok(record.and_then(|record| match record.owner {
        HandleOwner::Contact(bytes) => Some(ContactId::from_bytes(bytes)),
        HandleOwner::Own(_) => None,
    }))
}

/// Makes a contact the owner of a handle, and says so where messages look for it.
pub(crate) fn give(plan: &mut Plan<'_>, key: bytes::Bytes, record: HandleRecord, owner: ContactId) {
    let home = ContactId::from_bytes(record.home);
    plan.put(key, &HandleRecord { owner: HandleOwner::Contact(*owner.as_bytes()), ..record });
    if home == owner {
        plan.delete(keys::belongs(home));
    } else {
        plan.put(keys::belongs(home), owner.as_bytes());
    }
}

/// What adding a handle found.
pub(crate) enum Added {
    /// The handle belongs to the contact's own card now.
    New,
    /// It did already.
    Already,
    /// It is somebody else's.
    Of(ContactId),
    /// It is the user's own.
    Own,
}

/// Adds a handle to the card of a contact, unless it is known.
pub(crate) async fn add(
    core: &Context,
    plan: &mut Plan<'_>,
    (id, card): (ContactId, &mut CardRecord),
    handle: &Handle,
    confirmed: bool,
) -> Result<Added, HubError> {
    let key = row(plan, handle);
    match plan.get::<HandleRecord>(&key).await? {
        Some(HandleRecord { owner: HandleOwner::Own(_), .. }) => return Ok(Added::Own),
        Some(HandleRecord { owner: HandleOwner::Contact(owner), .. }) if owner == *id.as_bytes() => {
            return Ok(Added::Already);
        }
        Some(HandleRecord { owner: HandleOwner::Contact(owner), .. }) => {
            return Ok(Added::Of(ContactId::from_bytes(owner)));
        }
        None => {}
    }
    let home = core.ids.next();
    give(plan, key, HandleRecord::of(*id.as_bytes(), home, confirmed), id);
    card.handles.push((handle.protocol().into(), handle.address().to_owned()));
    Ok(Added::New)
}

/// Takes a handle off the card of a contact. One that was written from or to stays known, as a contact of its own.
pub(crate) async fn remove(
    core: &Context,
    plan: &mut Plan<'_>,
    card: &mut CardRecord,
    handle: &Handle,
) -> Result<(), HubError> {
    let canonical = handle.canonical();
    let is_it = |(protocol, address): &(_, String)| {
        Handle::literal(caliopen_model::Protocol::from(*protocol), address.as_str()).canonical() == canonical
    };
    card.handles.retain(|one| !is_it(one));
    let blind = handle_blind(plan, &canonical);
    let key = keys::handle(&blind);
    let Some(record) = plan.get::<HandleRecord>(&key).await? else { return Ok(()) };
    let HandleOwner::Contact(owner) = record.owner else { return Ok(()) };
    if !(record.wrote || record.written_to || record.blocked) {
        ways::forget(plan, ContactId::from_bytes(owner), blind).await?;
        plan.delete(keys::belongs(ContactId::from_bytes(record.home)));
        plan.delete(key);
        return Ok(());
    }
    let id = ContactId::from_bytes(core.ids.next());
    let alone = CardRecord {
        handles: vec![(handle.protocol().into(), handle.address().to_owned())],
        ..CardRecord::default()
    };
    let sealed = plan.seal("contact", id.as_bytes(), &alone)?;
    list(plan, id, &ContactRecord { state: StoredContactState::Suggested, links: Vec::new(), card: sealed });
    give(plan, key, record, id);
    ways::hand_over(plan, (ContactId::from_bytes(owner), id), &[blind]).await
}

/// Puts a contact on the list.
pub(crate) fn list(plan: &mut Plan<'_>, id: ContactId, record: &ContactRecord) {
    plan.put(keys::contact(id), record);
    plan.delete(keys::put_away(id));
    plan.head.contacts = plan.head.contacts.saturating_add(1);
    plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Created);
}

/// Takes a contact off the list.
pub(crate) fn unlist(plan: &mut Plan<'_>, id: ContactId) {
    plan.delete(keys::contact(id));
    plan.head.contacts = plan.head.contacts.saturating_sub(1);
    plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Destroyed);
}
