//! How a contact looks.

use crate::types::words::{Privacy, utc_date};
use caliopen_hub::{ContactView, WayView};
use caliopen_model::{CardField, ContactState, FieldKind, FieldUse};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    id: String,
    display_name: String,
    name: Option<String>,
    suggested_name: Option<String>,
    note: Option<String>,
    state: &'static str,
    handles: Vec<String>,
    blocked: bool,
    shows_pictures: bool,
    fields: Vec<Field>,
    ways: Vec<Way>,
    privacy: Option<Privacy>,
}

/// What else a card says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    kind: Kind,
    #[serde(rename = "use", default)]
    usage: Option<Usage>,
    value: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Phone,
    Address,
    Organisation,
    Title,
    Birthday,
    Url,
    Nickname,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Usage {
    Home,
    Work,
    Mobile,
    Fax,
}

/// What is known of one handle.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Way {
    handle: String,
    blocked: bool,
    confirmed: bool,
    proven: bool,
    linked_id: Option<String>,
    linked_at: Option<String>,
}

impl From<ContactView> for Record {
    fn from(view: ContactView) -> Self {
        let blocked = view.is_blocked();
        let contact = view.contact;
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
            blocked,
            shows_pictures: contact.shows_pictures,
            fields: contact.fields.into_iter().map(Field::from).collect(),
            ways: view.ways.into_iter().map(Way::from).collect(),
            privacy: view.index.map(|(index, formula)| Privacy::new(index, formula)),
        }
    }
}

impl From<WayView> for Way {
    fn from(way: WayView) -> Self {
        Self {
            handle: way.handle.to_string(),
            blocked: way.blocked,
            confirmed: way.confirmed,
            proven: way.proven,
            linked_id: way.linked.map(|(id, _)| id.to_string()),
            linked_at: way.linked.map(|(_, at)| utc_date(at)),
        }
    }
}

impl From<CardField> for Field {
    fn from(field: CardField) -> Self {
        Self { kind: field.kind.into(), usage: field.usage.map(Usage::from), value: field.value }
    }
}

impl From<Field> for CardField {
    fn from(field: Field) -> Self {
        Self { kind: field.kind.into(), usage: field.usage.map(FieldUse::from), value: field.value }
    }
}

macro_rules! word {
    ($here:ident = $there:ident { $($variant:ident),+ }) => {
        impl From<$there> for $here {
            fn from(word: $there) -> Self {
                match word { $($there::$variant => Self::$variant),+ }
            }
        }
        impl From<$here> for $there {
            fn from(word: $here) -> Self {
                match word { $($here::$variant => Self::$variant),+ }
            }
        }
    };
}

word!(Kind = FieldKind { Phone, Address, Organisation, Title, Birthday, Url, Nickname });
word!(Usage = FieldUse { Home, Work, Mobile, Fax });
