//! `/set` of every type that can be changed (RFC 8620 §5.3).

use super::arguments::Arguments;
use super::call::Call;
use super::error::{MethodError, SetError};
use super::patch;
use super::resource::{Object, Settable, Wanted};
use caliopen_hub::HubError;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What became of each object.
#[derive(Default)]
struct Outcome {
    created: Object,
    updated: Object,
    destroyed: Vec<String>,
    not_created: Object,
    not_updated: Object,
    not_destroyed: Object,
}

impl Outcome {
    /// A failure of ours ends the call; what was already done is said (`serverPartialFail`).
    fn failed(&self, error: MethodError) -> MethodError {
        match error {
            MethodError::Hub(cause) if self.is_begun() => halfway(cause),
            other => other,
        }
    }

    fn is_begun(&self) -> bool {
        !(self.created.is_empty() && self.updated.is_empty() && self.destroyed.is_empty())
    }
}

fn halfway(cause: HubError) -> MethodError {
    MethodError::HubHalfway(cause)
}

/// Answers `T/set`.
pub(crate) async fn set<T: Settable>(
    call: &Call<'_>,
    mut arguments: Arguments,
) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let if_in_state: Option<String> = arguments.take("ifInState")?;
    let create: Map<String, Value> = arguments.take("create")?.unwrap_or_default();
    let update: BTreeMap<String, Object> = arguments.take("update")?.unwrap_or_default();
    let destroy: Vec<String> = arguments.take("destroy")?.unwrap_or_default();
    arguments.finish()?;
    let objects = create.len().saturating_add(update.len()).saturating_add(destroy.len());
    if objects > call.limits.set_objects_max {
        return Err(MethodError::RequestTooLarge("more objects than maxObjectsInSet"));
    }

    let old_state = T::state(call).await?;
    if if_in_state.is_some_and(|expected| expected != old_state) {
        return Err(MethodError::StateMismatch);
    }
    let mut outcome = Outcome::default();
    create_each::<T>(call, create, &mut outcome).await?;
    let destroy: BTreeSet<String> = destroy.into_iter().map(|text| call.id_text(text)).collect();
    let update = update.into_iter().map(|(text, patch)| (call.id_text(text), patch)).collect();
    update_each::<T>(call, update, &destroy, &mut outcome).await?;
    destroy_each::<T>(call, destroy, &mut outcome).await?;
    let new_state = T::state(call).await.map_err(|error| outcome.failed(error))?;
    Ok(json!({
        "accountId": account,
        "oldState": old_state,
        "newState": new_state,
        "created": or_null(outcome.created),
        "updated": or_null(outcome.updated),
        "destroyed": if outcome.destroyed.is_empty() { Value::Null } else { json!(outcome.destroyed) },
        "notCreated": or_null(outcome.not_created),
        "notUpdated": or_null(outcome.not_updated),
        "notDestroyed": or_null(outcome.not_destroyed),
    }))
}

fn or_null(map: Object) -> Value {
    if map.is_empty() { Value::Null } else { Value::Object(map) }
}

/// Creates each object, and remembers its id for the calls after this one.
async fn create_each<T: Settable>(
    call: &Call<'_>,
    create: Map<String, Value>,
    outcome: &mut Outcome,
) -> Result<(), MethodError> {
    for (name, value) in create {
        let created = match read_new::<T>(value) {
            Ok(object) => T::create(call, &object).await.map_err(|error| outcome.failed(error))?,
            Err(error) => Err(error),
        };
        match created {
            Ok((id, object)) => {
                call.created_ids.remember(&name, &id.to_string());
                outcome.created.insert(name, Value::Object(object));
            }
            Err(error) => refuse(&mut outcome.not_created, name, &error),
        }
    }
    Ok(())
}

fn read_new<T: Settable>(value: Value) -> Result<Object, SetError> {
    let Value::Object(object) = value else {
        return Err(SetError::InvalidPatch("what is created is an object"));
    };
    let known = |name: &str| T::PROPERTIES.contains(&name) || T::WRITE_ONLY.contains(&name);
    let unknown: Vec<String> = object.keys().filter(|name| !known(name)).cloned().collect();
    if unknown.is_empty() {
        Ok(object)
    } else {
        Err(SetError::InvalidProperties { properties: unknown, why: "this type has no such property" })
    }
}

/// Updates each object that exists and is not to be destroyed, then says what the server changed beside the request.
async fn update_each<T: Settable>(
    call: &Call<'_>,
    update: BTreeMap<String, Object>,
    destroy: &BTreeSet<String>,
    outcome: &mut Outcome,
) -> Result<(), MethodError> {
    let mut asked = Vec::with_capacity(update.len());
    for (text, patch) in update {
        match text.parse::<T::Id>() {
            _ if destroy.contains(&text) => refuse(&mut outcome.not_updated, text, &SetError::WillDestroy),
            Err(_) => refuse(&mut outcome.not_updated, text, &SetError::NotFound),
            Ok(id) => asked.push((id, patch)),
        }
    }
    let ids: Vec<T::Id> = asked.iter().map(|(id, _)| *id).collect();
    let current = objects::<T>(call, &ids).await?;
    let mut patched = Vec::with_capacity(asked.len());
    for ((id, patch), current) in asked.into_iter().zip(current) {
        match update_one::<T>(call, id, &patch, current).await.map_err(|error| outcome.failed(error))? {
            Ok(object) => {
                outcome.updated.insert(id.to_string(), Value::Null);
                patched.push((id, object));
            }
            Err(error) => refuse(&mut outcome.not_updated, id.to_string(), &error),
        }
    }
    tell_side_effects::<T>(call, patched, outcome).await.map_err(|error| outcome.failed(error))
}

/// Changes one object, and returns it as its patch makes it.
async fn update_one<T: Settable>(
    call: &Call<'_>,
    id: T::Id,
    patch: &Object,
    current: Option<Object>,
) -> Result<Result<Object, SetError>, MethodError> {
    let Some(current) = current else { return Ok(Err(SetError::NotFound)) };
    let (patched, wanted) = match read_patch::<T>(&current, patch) {
        Ok(read) => read,
        Err(error) => return Ok(Err(error)),
    };
    let done = match wanted {
        Some(wanted) => T::update(call, id, &wanted).await?,
        None => Ok(()),
    };
    Ok(done.map(|()| patched))
}

/// The patched object, and what that means in the words of the use cases: nothing when all stays as it is, which
/// is how a client may send back properties that it cannot set.
fn read_patch<T: Settable>(current: &Object, patch: &Object) -> Result<(Object, Option<T::Patch>), SetError> {
    let patched = patch::apply(current, patch)?;
    let is_new = |name: &String, value: &Value| current.get(name) != Some(value);
    let changed: Object = patched
        .iter()
        .filter(|(name, value)| is_new(name, value))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    let known = |name: &str| T::PROPERTIES.contains(&name) || T::WRITE_ONLY.contains(&name);
    let unknown: Vec<String> = changed.keys().filter(|name| !known(name)).cloned().collect();
    if !unknown.is_empty() {
        return Err(SetError::InvalidProperties {
            properties: unknown,
            why: "this type has no such property",
        });
    }
    let wanted = if changed.is_empty() { None } else { Some(T::patch(current, &changed)?) };
    Ok((patched, wanted))
}

/// "The value is a Foo object containing any properties that changed in a way not explicitly requested".
async fn tell_side_effects<T: Settable>(
    call: &Call<'_>,
    patched: Vec<(T::Id, Object)>,
    outcome: &mut Outcome,
) -> Result<(), MethodError> {
    let ids: Vec<T::Id> = patched.iter().map(|(id, _)| *id).collect();
    let fresh = objects::<T>(call, &ids).await?;
    for ((id, expected), fresh) in patched.into_iter().zip(fresh) {
        let mut changed = fresh.unwrap_or_default();
        changed.retain(|name, value| expected.get(name) != Some(value));
        outcome.updated.insert(id.to_string(), or_null(changed));
    }
    Ok(())
}

async fn destroy_each<T: Settable>(
    call: &Call<'_>,
    destroy: BTreeSet<String>,
    outcome: &mut Outcome,
) -> Result<(), MethodError> {
    for text in destroy {
        let destroyed = match text.parse::<T::Id>() {
            Ok(id) => T::destroy(call, id).await.map_err(|error| outcome.failed(error))?,
            Err(_) => Err(SetError::NotFound),
        };
        match destroyed {
            Ok(()) => outcome.destroyed.push(text),
            Err(error) => refuse(&mut outcome.not_destroyed, text, &error),
        }
    }
    Ok(())
}

async fn objects<T: Settable>(call: &Call<'_>, ids: &[T::Id]) -> Result<Vec<Option<Object>>, MethodError> {
    if ids.is_empty() { Ok(Vec::new()) } else { T::objects(call, ids, &Wanted::Usual, &()).await }
}

fn refuse(errors: &mut Object, id: String, error: &SetError) {
    errors.insert(id, error.response());
}
