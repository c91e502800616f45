//! PatchObject (RFC 8620 §5.3): changes named by pointers, applied to an object as it stands.

use super::error::SetError;
use super::pointer;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The object once patched. Which of its properties may change is not judged here.
pub(crate) fn apply(current: &Object, patch: &Object) -> Result<Object, SetError> {
    let mut changes = Vec::with_capacity(patch.len());
    for (pointer, value) in patch {
        let path =
            pointer::tokens(pointer).ok_or(SetError::InvalidPatch("a pointer has an unknown escape"))?;
        changes.push((path, value));
    }
    refuse_prefixes(&changes)?;
    let mut patched = current.clone();
    for (path, value) in changes {
        set(&mut patched, &path, value)?;
    }
    Ok(patched)
}

/// "There MUST NOT be two patches in the PatchObject where the pointer of one is the prefix of the other".
fn refuse_prefixes(changes: &[(Vec<String>, &Value)]) -> Result<(), SetError> {
    let mut paths: Vec<&[String]> = changes.iter().map(|(path, _)| path.as_slice()).collect();
    paths.sort_unstable();
    let clash = paths.iter().zip(paths.iter().skip(1)).any(|(one, next)| next.starts_with(one));
    if clash { Err(SetError::InvalidPatch("one pointer is the beginning of another")) } else { Ok(()) }
}

/// Sets what a path names. Null removes it from the map that holds it; a property of the object itself stays as
/// null, since only the type knows its default.
fn set(object: &mut Object, path: &[String], value: &Value) -> Result<(), SetError> {
    let [name, inner @ ..] = path else { return Err(SetError::InvalidPatch("a pointer names no property")) };
    let Some((last, between)) = inner.split_last() else {
        object.insert(name.clone(), value.clone());
        return Ok(());
    };
    let mut parent = into(object, name)?;
    for step in between {
        parent = into(parent, step)?;
    }
    if value.is_null() {
        parent.remove(last);
    } else {
        parent.insert(last.clone(), value.clone());
    }
    Ok(())
}

/// "All parts prior to the last MUST already exist on the object", and none may be an array.
fn into<'a>(object: &'a mut Object, name: &str) -> Result<&'a mut Object, SetError> {
    let inner = object.get_mut(name).ok_or(SetError::InvalidPatch("a pointer leads nowhere"))?;
    inner.as_object_mut().ok_or(SetError::InvalidPatch("a pointer leads into a value"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(patch: Value, expected: Result<Value, &str>) {
        let current = json!({"id": "m1", "keywords": {"$seen": true}, "list": [1], "title": null});
        let (Value::Object(current), Value::Object(patch)) = (current, patch) else { panic!("objects") };
        let found = match apply(&current, &patch) {
            Ok(object) => Ok(Value::Object(object)),
            Err(SetError::InvalidPatch(why)) => Err(why),
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(found, expected, "{patch:?}");
    }

    #[test]
    fn pointers_reach_into_objects() {
        check(
            json!({"keywords/$flagged": true, "keywords/$seen": null, "keywords/$none": null, "title": "Trip"}),
            Ok(json!({"id": "m1", "keywords": {"$flagged": true}, "list": [1], "title": "Trip"})),
        );
        check(
            json!({"keywords/a~1b": true}),
            Ok(json!({"id": "m1", "keywords": {"$seen": true, "a/b": true}, "list": [1], "title": null})),
        );
    }

    #[test]
    fn pointers_that_rfc_8620_forbids_are_refused() {
        check(json!({"list/0": 2}), Err("a pointer leads into a value"));
        check(json!({"title/x": 2}), Err("a pointer leads into a value"));
        check(json!({"none/x": 2}), Err("a pointer leads nowhere"));
        check(
            json!({"keywords": {}, "keywords/$seen": true}),
            Err("one pointer is the beginning of another"),
        );
        check(json!({"keywords/a~2": true}), Err("a pointer has an unknown escape"));
    }

    #[test]
    fn a_longer_name_is_no_prefix() {
        let found = apply(
            &Map::new(),
            &Map::from_iter([("a".into(), json!(1)), ("ab".into(), json!(2)), ("a!".into(), json!(3))]),
        );
        assert_eq!(found.map(|object| object.len()), Ok(3));
    }
}
