//! `/get` of every type (RFC 8620 §5.1).

use super::arguments::{Arguments, wrong};
use super::call::Call;
use super::error::MethodError;
use super::resource::{Object, Resource, Wanted};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

/// Answers `T/get`.
pub(crate) async fn get<T: Resource>(
    call: &Call<'_>,
    mut arguments: Arguments,
) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let ids: Option<Vec<String>> = arguments.take("ids")?;
    let wanted = read_wanted::<T>(arguments.take("properties")?)?;
    let options = T::options(call, &mut arguments)?;
    arguments.finish()?;

    let (ids, mut not_found) = match ids {
        Some(texts) => sort_out::<T>(call, texts)?,
        None => (all::<T>(call).await?, Vec::new()),
    };
    // The state is read before the objects: what changes in between is told once more, never missed.
    let state = T::state(call).await?;
    let objects = T::objects(call, &ids, &wanted, &options).await?;
    let mut list = Vec::with_capacity(objects.len());
    for (id, object) in ids.iter().zip(objects) {
        match object {
            Some(object) => list.push(Value::Object(only(object, &wanted))),
            None => not_found.push(id.to_string()),
        }
    }
    Ok(json!({ "accountId": account, "state": state, "list": list, "notFound": not_found }))
}

/// The properties asked for, all of which must exist.
fn read_wanted<T: Resource>(properties: Option<Vec<String>>) -> Result<Wanted, MethodError> {
    let Some(properties) = properties else { return Ok(Wanted::Usual) };
    let mut names = BTreeSet::from(["id".to_owned()]);
    for name in properties {
        if !T::PROPERTIES.contains(&name.as_str()) {
            return Err(wrong("properties", "names a property that this type does not have"));
        }
        names.insert(name);
    }
    Ok(Wanted::Named(names))
}

/// Ids that may exist, each once, and the texts that cannot be ids of this type.
fn sort_out<T: Resource>(
    call: &Call<'_>,
    texts: Vec<String>,
) -> Result<(Vec<T::Id>, Vec<String>), MethodError> {
    if texts.len() > call.limits.get_objects_max {
        return Err(MethodError::RequestTooLarge("more ids than maxObjectsInGet"));
    }
    let (mut ids, mut not_found) = (Vec::with_capacity(texts.len()), Vec::new());
    let (mut seen, mut seen_texts) = (HashSet::new(), HashSet::new());
    for text in texts {
        let text = call.id_text(text);
        match text.parse::<T::Id>() {
            Ok(id) if seen.insert(id) => ids.push(id),
            Ok(_) => {}
            Err(_) if seen_texts.insert(text.clone()) => not_found.push(text),
            Err(_) => {}
        }
    }
    Ok((ids, not_found))
}

async fn all<T: Resource>(call: &Call<'_>) -> Result<Vec<T::Id>, MethodError> {
    let ids = T::all(call).await?.ok_or_else(|| wrong("ids", "is needed for this type"))?;
    if ids.len() > call.limits.get_objects_max {
        return Err(MethodError::RequestTooLarge("there are more objects than maxObjectsInGet"));
    }
    Ok(ids)
}

/// The properties asked for, and no other.
fn only(mut object: Object, wanted: &Wanted) -> Object {
    if let Wanted::Named(names) = wanted {
        object.retain(|name, _| names.contains(name));
    }
    object
}
