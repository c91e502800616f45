//! Somebody in a conversation or a header.

use caliopen_hub::PersonView;
use serde::Serialize;

/// `Person` of docs/api.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    contact_id: Option<String>,
    name: String,
    handle: String,
    is_me: bool,
}

/// Everybody of a list, in its order.
pub(super) fn people(views: &[PersonView]) -> Vec<Person> {
    views
        .iter()
        .map(|view| Person {
            contact_id: view.contact.map(|id| id.to_string()),
            name: view.name.clone(),
            handle: view.handle.to_string(),
            is_me: view.is_me,
        })
        .collect()
}
