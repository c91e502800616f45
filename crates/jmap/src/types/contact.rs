//! Contact: get, changes, query, set.

use super::{end_filter, not_settable, object, optional_text, state, yes_or_no};
use crate::limits::{CONTACTS_SORTED_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX, PAGE_MAX};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Settable, Start, Wanted, found};
use caliopen_hub::{ContactPatch, ObjectType, Page};
use caliopen_model::{ContactId, ContactState};
use serde::Serialize;

/// The type.
pub(crate) struct Contact;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    display_name: String,
    name: Option<String>,
    suggested_name: Option<String>,
    note: Option<String>,
    state: &'static str,
    handles: Vec<String>,
    blocked: bool,
}

impl From<caliopen_model::Contact> for Record {
    fn from(contact: caliopen_model::Contact) -> Self {
        Self {
            id: contact.id.to_string(),
            display_name: contact.display_name().to_owned(),
            name: contact.name,
            suggested_name: contact.suggested_name,
            note: contact.note,
            state: match contact.state {
                ContactState::Suggested => "suggested",
                ContactState::Confirmed => "confirmed",
            },
            handles: contact.handles.iter().map(ToString::to_string).collect(),
            blocked: contact.blocked,
        }
    }
}

impl Resource for Contact {
    type Id = ContactId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] =
        &["id", "displayName", "name", "suggestedName", "note", "state", "handles", "blocked"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Contact).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<ContactId>>, MethodError> {
        let limit = call.limits.get_objects_max;
        let (ids, _) =
            ids(call, limit, MethodError::RequestTooLarge("more contacts than maxObjectsInGet")).await?;
        Ok(Some(ids))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[ContactId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let contacts = call.hub.contacts(call.access, ids).await?;
        Ok(contacts
            .into_iter()
            .map(|contact| contact.map(|contact| object(&Record::from(contact))))
            .collect())
    }
}

impl Logged for Contact {
    const OBJECT: ObjectType = ObjectType::Contact;
}

/// How contacts are listed.
pub(crate) enum Order {
    /// By what they are called, whatever its case.
    Name,
    /// By id, which is the order in which they became known.
    Id,
}

impl Queried for Contact {
    type Query = Order;

    fn query(_: &Call<'_>, filter: Arguments, sort: &[(String, bool)]) -> Result<Order, MethodError> {
        end_filter(filter)?;
        match sort {
            [] => Ok(Order::Name),
            [(property, true)] if property == "name" || property == "displayName" => Ok(Order::Name),
            [(property, true)] if property == "id" => Ok(Order::Id),
            _ => Err(MethodError::UnsupportedSort("contacts sort by name or id, ascending")),
        }
    }

    async fn page(
        call: &Call<'_>,
        order: &Order,
        start: Start<ContactId>,
        limit: usize,
    ) -> Result<Option<Page<ContactId>>, MethodError> {
        if let (Order::Id, Start::Position(position)) = (order, start) {
            return Ok(Some(call.hub.contact_page(call.access, position, limit).await?));
        }
        let too_many =
            MethodError::UnsupportedSort("there are too many contacts for this: sort by id, by position");
        let (mut ids, mut page) = ids(call, CONTACTS_SORTED_MAX, too_many).await?;
        if matches!(order, Order::Name) {
            ids = by_name(call, ids).await?;
        }
        let position = match start {
            Start::Position(position) => position,
            Start::Anchor(id, offset) => match ids.iter().position(|other| *other == id) {
                Some(at) => (at as u64).saturating_add_signed(offset),
                None => return Ok(None),
            },
        };
        let skipped = usize::try_from(position).unwrap_or(usize::MAX);
        page.ids = ids.into_iter().skip(skipped).take(limit).collect();
        page.position = Some(position);
        Ok(Some(page))
    }
}

/// Every contact's id, with the first page that they came in; the error when there are more than `max`.
async fn ids(
    call: &Call<'_>,
    max: usize,
    too_many: MethodError,
) -> Result<(Vec<ContactId>, Page<ContactId>), MethodError> {
    let first = call.hub.contact_page(call.access, 0, PAGE_MAX).await?;
    if first.total.is_some_and(|total| total > max as u64) {
        return Err(too_many);
    }
    let mut ids = first.ids.clone();
    while ids.len() <= max {
        let next = call.hub.contact_page(call.access, ids.len() as u64, PAGE_MAX).await?;
        if next.ids.is_empty() {
            return Ok((ids, first));
        }
        ids.extend(next.ids);
    }
    Err(too_many)
}

async fn by_name(call: &Call<'_>, ids: Vec<ContactId>) -> Result<Vec<ContactId>, MethodError> {
    let mut named = Vec::with_capacity(ids.len());
    for some in ids.chunks(PAGE_MAX) {
        let contacts = call.hub.contacts(call.access, some).await?;
        named.extend(
            contacts.into_iter().flatten().map(|contact| (contact.display_name().to_lowercase(), contact.id)),
        );
    }
    named.sort_unstable();
    Ok(named.into_iter().map(|(_, id)| id).collect())
}

impl Settable for Contact {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "contacts are suggested from mail; adding them by hand is not yet here";
    type Patch = ContactPatch;

    fn patch(_: &Object, changed: &Object) -> Result<ContactPatch, SetError> {
        let mut patch = ContactPatch::default();
        for (name, value) in changed {
            match name.as_str() {
                "name" => patch.name = Some(optional_text(name, value, NAME_CHARS_MAX)?),
                "note" => patch.note = Some(optional_text(name, value, NOTE_CHARS_MAX)?),
                "blocked" => patch.blocked = Some(yes_or_no(name, value)?),
                _ => return Err(not_settable(name)),
            }
        }
        Ok(patch)
    }

    async fn update(
        call: &Call<'_>,
        id: ContactId,
        patch: &ContactPatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.update_contact(call.access, id, patch).await?))
    }

    async fn destroy(call: &Call<'_>, id: ContactId) -> Result<Result<(), SetError>, MethodError> {
        let there = call.hub.contacts(call.access, &[id]).await?.iter().any(Option::is_some);
        Ok(Err(if there { SetError::Forbidden("block a contact instead") } else { SetError::NotFound }))
    }
}
