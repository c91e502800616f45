//! Contact: get, changes, query; set in `contact/set.rs`; import in `contact/import.rs`,
//! merge and split in `contact/merge.rs`.

mod import;
mod merge;
mod record;
mod set;

pub(crate) use import::import;
pub(crate) use merge::{merge, split};

use super::{end_filter, object, state};
use crate::limits::{CONTACTS_SORTED_MAX, PAGE_MAX};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Logged, Object, Queried, Resource, Start, Wanted};
use caliopen_hub::{ObjectType, Page};
use caliopen_model::ContactId;
use record::Record;
use serde_json::Value;

/// The type.
pub(crate) struct Contact;

impl Resource for Contact {
    type Id = ContactId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "displayName",
        "name",
        "suggestedName",
        "note",
        "state",
        "handles",
        "blocked",
        "showsPictures",
        "fields",
        "ways",
        "privacy",
        "conversations",
    ];

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
        wanted: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let contacts = call.hub.contact_cards(call.access, ids).await?;
        let mut objects: Vec<Option<Object>> = contacts
            .into_iter()
            .map(|contact| contact.map(|contact| object(&Record::from(contact))))
            .collect();
        if wanted.names("conversations") {
            for (id, object) in ids.iter().zip(&mut objects) {
                let Some(object) = object else { continue };
                let found = call.hub.conversations_with(call.access, *id).await?;
                let found = found.iter().map(|id| Value::from(id.to_string())).collect();
                object.insert("conversations".to_owned(), Value::Array(found));
            }
        }
        Ok(objects)
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
