//! The types of docs/api: for each, how it looks, how it is asked for, and what of it can be changed.

mod app_password;
mod body;
mod coaching;
mod contact;
mod conversation;
mod device;
pub(crate) mod domain;
mod draft;
mod encryption_report;
mod explanation;
mod few;
mod gate;
mod handler;
mod history;
mod identity;
mod label;
mod message;
mod outlook;
mod passkey;
mod person;
mod privacy_report;
mod quota;
mod route;
mod screener;
mod search;
mod second_factor;
mod session;
mod submission;
mod template;
mod transfer;
mod user_privacy;
pub mod words;

pub(crate) use app_password::AppPassword;
pub use body::Body;
pub(crate) use coaching::Coaching;
pub(crate) use contact::{
    Contact, import as import_contacts, merge as merge_contacts, split as split_contact,
};
pub(crate) use conversation::{Conversation, empty, set_all, undo_all};
pub(crate) use device::Device;
pub(crate) use draft::Draft;
pub use explanation::Explanation;
use few::{Few, single};
pub(crate) use gate::Gate;
pub(crate) use handler::get_handlers;
pub(crate) use identity::Identity;
pub(crate) use label::Label;
pub(crate) use message::{Message, unsubscribe};
pub(crate) use outlook::get_outlooks;
pub(crate) use passkey::Passkey;
pub(crate) use privacy_report::PrivacyReport;
pub(crate) use quota::Quota;
pub(crate) use route::get_routes;
pub(crate) use screener::{Decision, screener};
pub(crate) use search::{Answers, get_snippets, search};
pub(crate) use second_factor::SecondFactor;
pub(crate) use session::Session;
pub(crate) use submission::Submission;
pub(crate) use template::Template;
pub(crate) use transfer::{Record as TransferRecord, Transfer};
pub(crate) use user_privacy::{Singleton, UserPrivacy};

use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::changes::write_state;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, ObjectId, Start};
use caliopen_hub::{ObjectType, Page};
use caliopen_model::Sequence;
use serde::Serialize;
use serde_json::{Map, Value};

/// The state of a type with a change log.
async fn state(call: &Call<'_>, object: ObjectType) -> Result<String, MethodError> {
    Ok(write_state(call.hub.states(call.access).await?.of(object)))
}

/// An object as JSON. All of ours serialise to one.
fn object(record: &impl Serialize) -> Object {
    match serde_json::to_value(record) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// A page of a list that is short enough to be read whole; none when the anchor is not in it.
fn listed<Id: ObjectId>(ids: Vec<Id>, start: Start<Id>, limit: usize, state: Sequence) -> Option<Page<Id>> {
    let position = match start {
        Start::Position(position) => position,
        Start::Anchor(id, offset) => {
            let at = ids.iter().position(|other| *other == id)?;
            (at as u64).saturating_add_signed(offset)
        }
    };
    let total = ids.len() as u64;
    let skipped = usize::try_from(position).unwrap_or(usize::MAX);
    let ids = ids.into_iter().skip(skipped).take(limit).collect();
    Some(Page { ids, position: Some(position), total: Some(total), state })
}

/// Ends the reading of a filter: a condition that nobody took is one that the type does not have.
fn end_filter(filter: Arguments) -> Result<(), MethodError> {
    filter.finish().map_err(|_| MethodError::UnsupportedFilter("this type has no such filter condition"))
}

/// A changed property as text of at most some characters; null is none.
fn optional_text(name: &str, value: &Value, chars_max: usize) -> Result<Option<String>, SetError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.chars().count() <= chars_max => Ok(Some(text.clone())),
        Value::String(_) => Err(SetError::invalid(name, "it is too long")),
        _ => Err(SetError::invalid(name, "it is a text or null")),
    }
}

/// A changed property as yes or no; null is the default, no.
fn yes_or_no(name: &str, value: &Value) -> Result<bool, SetError> {
    match value {
        Value::Null => Ok(false),
        Value::Bool(yes) => Ok(*yes),
        _ => Err(SetError::invalid(name, "it is true or false")),
    }
}

/// The error for properties that only the server sets.
fn not_settable(name: &str) -> SetError {
    SetError::invalid(name, "only the server sets it")
}
