//! Which methods there are: the table of RFC 8620 §3.2 for our capability and the core.

use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::changes::{changes, query_changes};
use crate::rfc8620::error::MethodError;
use crate::rfc8620::get::get;
use crate::rfc8620::query::query;
use crate::rfc8620::resource::{Queried, Settable};
use crate::rfc8620::set::set;
use crate::types::{
    Answers, AppPassword, Coaching, Contact, Conversation, Decision, Device, Draft, Gate, Identity, Label,
    Message, Passkey, PrivacyReport, Quota, SecondFactor, Session, Submission, Template, Transfer,
    UserPrivacy, empty, get_handlers, get_outlooks, get_routes, get_snippets, import_contacts,
    merge_contacts, screener, search, set_all, split_contact, undo_all, unsubscribe,
};
use serde_json::{Map, Value};

/// Every method that there is. One that is not named here is not answered.
pub const METHODS: &[&str] = &[
    "AppPassword/changes",
    "AppPassword/get",
    "AppPassword/set",
    "Coaching/changes",
    "Coaching/get",
    "Coaching/set",
    "Contact/changes",
    "Contact/get",
    "Contact/import",
    "Contact/merge",
    "Contact/query",
    "Contact/queryChanges",
    "Contact/set",
    "Contact/split",
    "Conversation/changes",
    "Conversation/empty",
    "Conversation/get",
    "Conversation/query",
    "Conversation/queryChanges",
    "Conversation/set",
    "Conversation/setAll",
    "Conversation/undoAll",
    "Core/echo",
    "Decision/changes",
    "Decision/get",
    "Decision/set",
    "Device/changes",
    "Device/get",
    "Device/set",
    "Draft/changes",
    "Draft/get",
    "Draft/query",
    "Draft/queryChanges",
    "Draft/set",
    "Gate/changes",
    "Gate/get",
    "Gate/set",
    "Handler/get",
    "Identity/changes",
    "Identity/get",
    "Identity/set",
    "Label/changes",
    "Label/get",
    "Label/set",
    "Message/changes",
    "Message/get",
    "Message/query",
    "Message/queryChanges",
    "Message/set",
    "Message/unsubscribe",
    "Outlook/get",
    "Passkey/changes",
    "Passkey/get",
    "Passkey/set",
    "PrivacyReport/get",
    "Quota/changes",
    "Quota/get",
    "Route/get",
    "Screener/decide",
    "Screener/get",
    "Screener/set",
    "SearchSnippet/get",
    "SecondFactor/changes",
    "SecondFactor/get",
    "Session/changes",
    "Session/get",
    "Session/set",
    "Submission/changes",
    "Submission/get",
    "Submission/query",
    "Submission/queryChanges",
    "Submission/set",
    "Template/changes",
    "Template/get",
    "Template/query",
    "Template/queryChanges",
    "Template/set",
    "Transfer/changes",
    "Transfer/get",
    "Transfer/set",
    "UserPrivacy/changes",
    "UserPrivacy/get",
];

/// Answers one call. `uses` says which capabilities the request named: the core, and ours.
pub(crate) async fn answer(
    call: &Call<'_>,
    uses: (bool, bool),
    method: &str,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let (core, correspondence) = uses;
    let answer = match method {
        "Core/echo" if core => return Ok(arguments),
        _ if !correspondence || !METHODS.contains(&method) => return Err(MethodError::UnknownMethod),
        _ => correspondence_method(call, method, Arguments::new(arguments)).await?,
    };
    match answer {
        Value::Object(members) => Ok(members),
        _ => Err(MethodError::UnknownMethod),
    }
}

async fn correspondence_method(
    call: &Call<'_>,
    method: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    let (name, verb) = method.split_once('/').ok_or(MethodError::UnknownMethod)?;
    let searches = verb == "query" && arguments.has_member("filter", "text");
    match name {
        "Conversation" if searches => search(call, arguments, Answers::Conversations).await,
        "Message" if searches => search(call, arguments, Answers::Messages).await,
        "SearchSnippet" if verb == "get" => get_snippets(call, arguments).await,
        "Conversation" => conversation_method(call, verb, arguments).await,
        "Message" => message_method(call, verb, arguments).await,
        "Contact" => contact_method(call, verb, arguments).await,
        "Draft" => whole::<Draft>(call, verb, arguments).await,
        "Submission" => whole::<Submission>(call, verb, arguments).await,
        "Transfer" => changeable::<Transfer>(call, verb, arguments).await,
        "Session" | "Device" | "AppPassword" | "Passkey" | "SecondFactor" => {
            entry_method(call, name, verb, arguments).await
        }
        "Quota" if verb == "get" => get::<Quota>(call, arguments).await,
        "Quota" if verb == "changes" => changes::<Quota>(call, arguments).await,
        "Screener" => screener(call, verb, arguments).await,
        "Decision" => changeable::<Decision>(call, verb, arguments).await,
        "Label" => changeable::<Label>(call, verb, arguments).await,
        "Identity" => changeable::<Identity>(call, verb, arguments).await,
        "Template" => whole::<Template>(call, verb, arguments).await,
        "UserPrivacy" | "PrivacyReport" | "Outlook" | "Route" | "Handler" | "Gate" | "Coaching" => {
            index_method(call, name, verb, arguments).await
        }
        _ => Err(MethodError::UnknownMethod),
    }
}

/// The methods of what opens an account.
async fn entry_method(
    call: &Call<'_>,
    name: &str,
    verb: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    match (name, verb) {
        ("SecondFactor", "get") => get::<SecondFactor>(call, arguments).await,
        ("SecondFactor", "changes") => changes::<SecondFactor>(call, arguments).await,
        ("SecondFactor", _) => Err(MethodError::UnknownMethod),
        ("Passkey", _) => changeable::<Passkey>(call, verb, arguments).await,
        ("Session", _) => changeable::<Session>(call, verb, arguments).await,
        ("Device", _) => changeable::<Device>(call, verb, arguments).await,
        _ => changeable::<AppPassword>(call, verb, arguments).await,
    }
}

/// What explains indices, and the services that they name.
async fn index_method(
    call: &Call<'_>,
    name: &str,
    verb: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    match (name, verb) {
        ("UserPrivacy", "get") => get::<UserPrivacy>(call, arguments).await,
        ("UserPrivacy", "changes") => changes::<UserPrivacy>(call, arguments).await,
        ("PrivacyReport", "get") => get::<PrivacyReport>(call, arguments).await,
        ("Outlook", "get") => get_outlooks(call, arguments).await,
        ("Coaching", _) => changeable::<Coaching>(call, verb, arguments).await,
        ("Gate", _) => changeable::<Gate>(call, verb, arguments).await,
        ("Route", "get") => get_routes(call, arguments).await,
        ("Handler", "get") => get_handlers(call, arguments),
        _ => Err(MethodError::UnknownMethod),
    }
}

/// The methods of conversations, which are also changed many at a time.
async fn conversation_method(
    call: &Call<'_>,
    verb: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    match verb {
        "empty" => empty(call, arguments).await,
        "setAll" => set_all(call, arguments).await,
        "undoAll" => undo_all(call, arguments).await,
        _ => whole::<Conversation>(call, verb, arguments).await,
    }
}

/// The methods of messages, whose lists are also left.
async fn message_method(call: &Call<'_>, verb: &str, arguments: Arguments) -> Result<Value, MethodError> {
    match verb {
        "unsubscribe" => unsubscribe(call, arguments).await,
        _ => whole::<Message>(call, verb, arguments).await,
    }
}

/// The methods of contacts, which are also put together, taken apart and brought.
async fn contact_method(call: &Call<'_>, verb: &str, arguments: Arguments) -> Result<Value, MethodError> {
    match verb {
        "import" => import_contacts(call, arguments).await,
        "merge" => merge_contacts(call, arguments).await,
        "split" => split_contact(call, arguments).await,
        _ => whole::<Contact>(call, verb, arguments).await,
    }
}

/// The methods of a type that has all of them.
async fn whole<T: Queried + Settable>(
    call: &Call<'_>,
    verb: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    match verb {
        "query" => query::<T>(call, arguments).await,
        "queryChanges" => query_changes(call, arguments),
        _ => changeable::<T>(call, verb, arguments).await,
    }
}

/// The methods of a type that is got, changed and followed, and not queried.
async fn changeable<T: Settable>(
    call: &Call<'_>,
    verb: &str,
    arguments: Arguments,
) -> Result<Value, MethodError> {
    match verb {
        "get" => get::<T>(call, arguments).await,
        "changes" => changes::<T>(call, arguments).await,
        "set" => set::<T>(call, arguments).await,
        _ => Err(MethodError::UnknownMethod),
    }
}
