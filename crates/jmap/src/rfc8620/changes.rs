//! `/changes` (RFC 8620 §5.2) of every type with a change log, and `/queryChanges` (§5.6), which no type has yet.

use super::arguments::{Arguments, wrong};
use super::call::Call;
use super::error::MethodError;
use super::resource::{Logged, ObjectId, Resource};
use crate::limits::CHANGES_MAX;
use caliopen_model::Sequence;
use serde_json::{Value, json};

/// Answers `T/changes`.
pub(crate) async fn changes<T: Logged>(
    call: &Call<'_>,
    mut arguments: Arguments,
) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let since_text: String = arguments.need("sinceState")?;
    let max = match arguments.unsigned("maxChanges")? {
        Some(0) => return Err(wrong("maxChanges", "must be greater than 0")),
        asked => asked.unwrap_or(CHANGES_MAX).min(CHANGES_MAX),
    };
    arguments.finish()?;

    let since = read_state(&since_text).ok_or(MethodError::CannotCalculateChanges)?;
    let found = call.hub.changes(call.access, T::OBJECT, since, max).await?;
    let found = found.ok_or(MethodError::CannotCalculateChanges)?;
    Ok(json!({
        "accountId": account,
        "oldState": since_text,
        "newState": write_state(found.new_state),
        "hasMoreChanges": found.has_more,
        "created": ids::<T>(&found.created),
        "updated": ids::<T>(&found.updated),
        "destroyed": ids::<T>(&found.destroyed),
    }))
}

/// Answers `T/queryChanges`: always `cannotCalculateChanges`, once its arguments are right.
pub(crate) fn query_changes(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    call.account(&mut arguments)?;
    arguments.take::<Value>("filter")?;
    arguments.take::<Value>("sort")?;
    arguments.need::<String>("sinceQueryState")?;
    arguments.unsigned("maxChanges")?;
    arguments.take::<String>("upToId")?;
    arguments.take::<bool>("calculateTotal")?;
    arguments.finish()?;
    Err(MethodError::CannotCalculateChanges)
}

fn ids<T: Resource>(found: &[[u8; 16]]) -> Vec<String> {
    found.iter().map(|bytes| T::Id::of_bytes(*bytes).to_string()).collect()
}

/// A state as text.
pub(crate) fn write_state(sequence: Sequence) -> String {
    sequence.0.to_string()
}

/// A state that this room wrote; `None` for every other text.
fn read_state(text: &str) -> Option<Sequence> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(Sequence(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_states_that_were_given_out_are_read() {
        for (text, expected) in [
            ("0", Some(0)),
            ("42", Some(42)),
            ("+1", None),
            ("007", None),
            ("-1", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(read_state(text), expected.map(Sequence), "{text:?}");
        }
        assert_eq!(read_state(&write_state(Sequence(u64::MAX))), Some(Sequence(u64::MAX)));
    }
}
