//! What can be changed of a conversation, read from what a client sends.

use crate::limits::NAME_CHARS_MAX;
use crate::rfc8620::error::SetError;
use crate::rfc8620::resource::Object;
use crate::types::words::{self, optional_date};
use crate::types::{not_settable, optional_text, yes_or_no};
use caliopen_hub::ConversationPatch;
use caliopen_model::{LabelId, Place};
use serde_json::{Map, Value};

/// Reads the properties of `changed`, which differ from `current`.
pub(super) fn read(current: &Object, changed: &Object) -> Result<ConversationPatch, SetError> {
    let mut patch = ConversationPatch::default();
    for (name, value) in changed {
        match name.as_str() {
            "place" => patch.place = Some(place(value)?),
            "title" => patch.title = Some(optional_text(name, value, NAME_CHARS_MAX)?),
            "unread" => patch.unread = Some(yes_or_no(name, value)?),
            "pinned" => patch.pinned = Some(yes_or_no(name, value)?),
            "muted" => patch.muted = Some(yes_or_no(name, value)?),
            "snoozedUntil" => patch.snoozed_until = optional_date(name, value)?,
            "labels" => patch.labels = labels(current.get("labels"), value)?,
            _ => return Err(not_settable(name)),
        }
    }
    let wakes = changed.get("snoozedUntil").is_some_and(Value::is_null);
    if wakes && patch.place.is_none() {
        patch.place = Some(Place::Inbox);
    }
    if patch.place == Some(Place::Snoozed) && patch.snoozed_until.is_none() {
        return Err(SetError::invalid("place", "what is snoozed has a time: set snoozedUntil"));
    }
    Ok(patch)
}

fn place(value: &Value) -> Result<Place, SetError> {
    let word = value.as_str().and_then(words::read_place);
    word.ok_or_else(|| SetError::invalid("place", "it is inbox, archive, bin, snoozed or new-senders"))
}

/// Only the labels that differ, so that what another device did to the others at the same time stands.
fn labels(current: Option<&Value>, wanted: &Value) -> Result<Vec<(LabelId, bool)>, SetError> {
    let empty = Map::new();
    let current = current.and_then(Value::as_object).unwrap_or(&empty);
    let wanted = match wanted {
        Value::Null => &empty,
        Value::Object(wanted) => wanted,
        _ => return Err(SetError::invalid("labels", "it is an object")),
    };
    if wanted.values().any(|value| value != &Value::Bool(true)) {
        return Err(SetError::invalid("labels", "a label is true, or it is not there"));
    }
    let put_on = wanted.keys().filter(|name| !current.contains_key(*name)).map(|name| (name, true));
    let taken_off = current.keys().filter(|name| !wanted.contains_key(*name)).map(|name| (name, false));
    put_on.chain(taken_off).map(|(name, on)| Ok((label(name)?, on))).collect()
}

pub(super) fn label(text: &str) -> Result<LabelId, SetError> {
    text.parse().map_err(|_| SetError::invalid("labels", "it names the ids of labels"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(changed: Value, expected: Option<ConversationPatch>) {
        let label = LabelId::from_bytes([1; 16]).to_string();
        let current = json!({ "labels": { label: true } });
        let (Value::Object(current), Value::Object(changed)) = (current, changed) else { panic!("objects") };
        assert_eq!(read(&current, &changed).ok(), expected, "{changed:?}");
    }

    #[test]
    fn only_labels_that_differ_are_put_on_or_taken_off() {
        let (one, two) = (LabelId::from_bytes([1; 16]), LabelId::from_bytes([2; 16]));
        let labels = |labels| Some(ConversationPatch { labels, ..ConversationPatch::default() });
        let both = json!({ one.to_string(): true, two.to_string(): true });
        check(json!({ "labels": both }), labels(vec![(two, true)]));
        check(json!({ "labels": {} }), labels(vec![(one, false)]));
        check(json!({ "labels": null }), labels(vec![(one, false)]));
        check(json!({ "labels": { "c1": true } }), None);
        check(json!({ "labels": { two.to_string(): false } }), None);
    }

    #[test]
    fn what_is_snoozed_has_a_time_and_wakes_into_the_inbox() {
        check(json!({ "place": "snoozed" }), None);
        check(json!({ "snoozedUntil": "tomorrow" }), None);
        let wakes = ConversationPatch { place: Some(Place::Inbox), ..ConversationPatch::default() };
        check(json!({ "snoozedUntil": null }), Some(wakes.clone()));
        let archived = ConversationPatch { place: Some(Place::Archive), ..wakes };
        check(json!({ "snoozedUntil": null, "place": "archive" }), Some(archived));
    }
}
