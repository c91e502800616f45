//! `Conversation/setAll` and `Conversation/undoAll`: a deed for everything that a list shows, or for what was selected,
//! a bounded batch at a time. See docs/api.

use super::{patch, read_filter};
use crate::rfc8620::arguments::{Arguments, wrong};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::Object;
use crate::types::words;
use caliopen_hub::limits::DEED_CONVERSATIONS_MAX;
use caliopen_hub::{ConversationPatch, Emptied, Progress, Target};
use caliopen_model::{ConversationId, OperationId};
use serde_json::{Map, Value, json};

/// A label named in a patch: `labels/l…`.
const LABEL: &str = "labels/";

/// Answers `Conversation/setAll`.
pub(crate) async fn set_all(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let target = target(call, &mut arguments)?;
    let wanted: Option<Object> = arguments.take("patch")?;
    let operation: Option<String> = arguments.take("operationId")?;
    arguments.finish()?;
    let progress = match (operation, wanted) {
        (Some(operation), _) => {
            let operation = operation_id(&operation)?;
            call.hub.change_more(call.access, &target, operation).await?.ok_or_else(|| gone(operation))?
        }
        (None, Some(wanted)) => call.hub.change_many(call.access, &target, &read_patch(&wanted)?).await?,
        (None, None) => return Err(wrong("patch", "is missing")),
    };
    Ok(answer(&account, progress))
}

/// Answers `Conversation/undoAll`.
pub(crate) async fn undo_all(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let operation = operation_id(&arguments.need::<String>("operationId")?)?;
    arguments.finish()?;
    let progress = call.hub.undo_many(call.access, operation).await?.ok_or_else(|| gone(operation))?;
    Ok(answer(&account, progress))
}

/// Answers `Conversation/empty`.
pub(crate) async fn empty(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let named: String = arguments.need("place")?;
    arguments.finish()?;
    let place = words::read_place(&named).ok_or_else(|| wrong("place", "is not a place"))?;
    match call.hub.empty(call.access, place).await? {
        Some(Emptied { removed, finished }) => {
            Ok(json!({ "accountId": account, "removed": removed, "finished": finished }))
        }
        None => Err(wrong("place", "is not one that empties itself: bin or spam")),
    }
}

fn answer(account: &str, progress: Progress) -> Value {
    json!({
        "accountId": account,
        "operationId": progress.operation.to_string(),
        "changed": progress.changed,
        "finished": progress.finished,
    })
}

fn operation_id(text: &str) -> Result<OperationId, MethodError> {
    text.parse().map_err(|_| wrong("operationId", "is not the id of an operation"))
}

fn gone(operation: OperationId) -> MethodError {
    MethodError::InvalidArguments(format!(
        "the operation {operation} was undone, or ended more than a day ago"
    ))
}

/// `ids`, or else everything that passes `filter`.
fn target(call: &Call<'_>, arguments: &mut Arguments) -> Result<Target, MethodError> {
    let filter: Option<Object> = arguments.take("filter")?;
    let ids: Option<Vec<String>> = arguments.take("ids")?;
    match (filter, ids) {
        (Some(filter), None) => Ok(Target::All(read_filter(call, Arguments::new(filter))?)),
        (None, Some(ids)) if ids.len() > DEED_CONVERSATIONS_MAX => {
            Err(MethodError::RequestTooLarge("at most 500 ids at a time"))
        }
        // An id that names nothing any more changes nothing.
        (None, Some(ids)) => {
            let ids = ids.into_iter().filter_map(|text| call.id_text(text).parse::<ConversationId>().ok());
            Ok(Target::Some(ids.collect()))
        }
        _ => Err(wrong("filter", "stands alone, or `ids` does")),
    }
}

fn read_patch(wanted: &Object) -> Result<ConversationPatch, MethodError> {
    let mut changed = wanted.clone();
    let named: Vec<String> = wanted.keys().filter(|name| name.starts_with(LABEL)).cloned().collect();
    let mut labels = Vec::with_capacity(named.len());
    for name in named {
        let on = match changed.remove(&name) {
            Some(Value::Bool(true)) => true,
            Some(Value::Null) => false,
            _ => return Err(wrong("patch", "puts a label on with true, and takes it off with null")),
        };
        labels.push((patch::label(name.trim_start_matches(LABEL)).map_err(refused)?, on));
    }
    if changed.contains_key("title") || changed.contains_key("labels") {
        return Err(wrong("patch", "gives many no common title, and names labels one by one"));
    }
    let read = patch::read(&Map::new(), &changed).map_err(refused)?;
    Ok(ConversationPatch { labels, ..read })
}

fn refused(error: SetError) -> MethodError {
    let response = error.response();
    let why = response.get("description").and_then(Value::as_str).unwrap_or_default();
    MethodError::InvalidArguments(format!("the argument \"patch\" cannot be read: {why}"))
}
