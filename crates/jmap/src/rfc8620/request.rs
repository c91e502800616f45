//! The Request object (RFC 8620 §3.3), the errors of a whole request (§3.6.1), and back-references (§3.7).

use super::error::MethodError;
use super::json::weight;
use super::pointer;
use crate::limits::Limits;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The capability of RFC 8620 itself.
pub(crate) const CORE: &str = "urn:ietf:params:jmap:core";
/// Ours: docs/api.
pub(crate) const CORRESPONDENCE: &str = "urn:caliopen:params:jmap:correspondence";

/// A method call, or the answer to one (RFC 8620 §3.2).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Invocation {
    pub(crate) name: String,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) call_id: String,
}

/// What a client asks in one go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    /// It named RFC 8620.
    pub(crate) uses_core: bool,
    /// It named our capability.
    pub(crate) uses_correspondence: bool,
    pub(crate) calls: Vec<Invocation>,
    /// Ids of objects that the client created, by the names that it gave them.
    pub(crate) created_ids: Option<BTreeMap<String, String>>,
}

/// Why no call of a request was looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("the body is not I-JSON sent as application/json")]
    NotJson,
    #[error("the body is not a Request object: {0}")]
    NotRequest(&'static str),
    #[error("this server does not know the capability {0:?}")]
    UnknownCapability(String),
    #[error("this is more than the limit {0} of the Session object")]
    Limit(&'static str),
}

impl Request {
    /// Reads a Request object. Members that RFC 8620 does not know are passed over.
    pub(crate) fn read(value: Value, limits: &Limits) -> Result<Self, RequestError> {
        let Value::Object(mut members) = value else {
            return Err(RequestError::NotRequest("it is no object"));
        };
        let (uses_core, uses_correspondence) = read_using(members.remove("using"))?;
        let Some(Value::Array(calls)) = members.remove("methodCalls") else {
            return Err(RequestError::NotRequest("methodCalls is no array"));
        };
        if calls.len() > limits.calls_max {
            return Err(RequestError::Limit("maxCallsInRequest"));
        }
        let calls = calls.into_iter().map(read_call).collect::<Option<Vec<_>>>();
        let calls = calls.ok_or(RequestError::NotRequest("a call is not [name, arguments, id]"))?;
        let created_ids = match members.remove("createdIds") {
            None => None,
            Some(map) => Some(
                serde_json::from_value(map)
                    .map_err(|_| RequestError::NotRequest("createdIds is no map of ids"))?,
            ),
        };
        Ok(Self { uses_core, uses_correspondence, calls, created_ids })
    }
}

fn read_using(using: Option<Value>) -> Result<(bool, bool), RequestError> {
    let no_array = RequestError::NotRequest("using is no array of capabilities");
    let Some(Value::Array(names)) = using else { return Err(no_array) };
    let (mut core, mut correspondence) = (false, false);
    for name in names {
        match name.as_str() {
            Some(CORE) => core = true,
            Some(CORRESPONDENCE) => correspondence = true,
            Some(other) => return Err(RequestError::UnknownCapability(other.chars().take(100).collect())),
            None => return Err(no_array),
        }
    }
    Ok((core, correspondence))
}

fn read_call(value: Value) -> Option<Invocation> {
    let Value::Array(items) = value else { return None };
    let [name, arguments, call_id]: [Value; 3] = items.try_into().ok()?;
    match (name, arguments, call_id) {
        (Value::String(name), Value::Object(arguments), Value::String(call_id)) => {
            Some(Invocation { name, arguments, call_id })
        }
        _ => None,
    }
}

/// Puts the results that the `#` arguments name in their place. `bytes_left` is what the back-references of the
/// request may still copy.
pub(crate) fn resolve_references(
    arguments: Map<String, Value>,
    answers: &[Invocation],
    bytes_left: &mut usize,
) -> Result<Map<String, Value>, MethodError> {
    let mut resolved = Map::new();
    for (name, value) in arguments {
        let (name, value) = match name.strip_prefix('#') {
            Some(plain) => (plain.to_owned(), resolve_reference(&value, answers, bytes_left)?),
            None => (name, value),
        };
        if resolved.insert(name, value).is_some() {
            return Err(MethodError::InvalidArguments(
                "an argument stands both as itself and as a back-reference".to_owned(),
            ));
        }
    }
    Ok(resolved)
}

fn resolve_reference(
    reference: &Value,
    answers: &[Invocation],
    bytes_left: &mut usize,
) -> Result<Value, MethodError> {
    let member = |name: &str| reference.get(name).and_then(Value::as_str);
    let (Some(call_id), Some(name), Some(path)) = (member("resultOf"), member("name"), member("path")) else {
        return Err(MethodError::InvalidResultReference("a back-reference has resultOf, name and path"));
    };
    let answer = answers
        .iter()
        .find(|answer| answer.call_id == call_id)
        .filter(|answer| answer.name == name)
        .ok_or(MethodError::InvalidResultReference("no earlier answer has this id and name"))?;
    let value = pointer::resolve(&answer.arguments, path)
        .ok_or(MethodError::InvalidResultReference("the path leads nowhere in that answer"))?;
    *bytes_left = bytes_left
        .checked_sub(weight(&value))
        .ok_or(MethodError::RequestTooLarge("the back-references of this request copy too much"))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(value: Value, expected: Result<usize, RequestError>) {
        let found = Request::read(value, &Limits { calls_max: 2, ..Limits::default() });
        assert_eq!(found.map(|request| request.calls.len()), expected);
    }

    #[test]
    fn a_request_is_read_or_refused_as_rfc_8620_section_3_6_1_says() {
        let call = json!(["Core/echo", {}, "c1"]);
        check(json!({"using": [CORE], "methodCalls": [call, call], "unknown": 1}), Ok(2));
        check(json!({"using": [CORE], "methodCalls": []}), Ok(0));
        check(json!([1]), Err(RequestError::NotRequest("it is no object")));
        check(json!({"methodCalls": []}), Err(RequestError::NotRequest("using is no array of capabilities")));
        check(
            json!({"using": [7], "methodCalls": []}),
            Err(RequestError::NotRequest("using is no array of capabilities")),
        );
        check(
            json!({"using": ["urn:x"], "methodCalls": []}),
            Err(RequestError::UnknownCapability("urn:x".into())),
        );
        check(json!({"using": [CORE]}), Err(RequestError::NotRequest("methodCalls is no array")));
        check(
            json!({"using": [CORE], "methodCalls": [call, call, call]}),
            Err(RequestError::Limit("maxCallsInRequest")),
        );
        for wrong in [json!(["Core/echo", {}]), json!(["Core/echo", [], "c"]), json!([1, {}, "c"]), json!({})]
        {
            check(
                json!({"using": [CORE], "methodCalls": [wrong]}),
                Err(RequestError::NotRequest("a call is not [name, arguments, id]")),
            );
        }
        check(
            json!({"using": [CORE], "methodCalls": [], "createdIds": {"a": 1}}),
            Err(RequestError::NotRequest("createdIds is no map of ids")),
        );
    }

    fn answer(name: &str, call_id: &str, arguments: Value) -> Invocation {
        let Value::Object(arguments) = arguments else { panic!("an object") };
        Invocation { name: name.into(), arguments, call_id: call_id.into() }
    }

    fn check_reference(arguments: Value, expected: Result<Value, &str>) {
        let answers = [
            answer("error", "bad", json!({"type": "unknownMethod"})),
            answer("Foo/query", "q", json!({"ids": ["a", "b"], "list": [{"id": 1}, {"id": 2}]})),
        ];
        let Value::Object(arguments) = arguments else { panic!("an object") };
        let found = resolve_references(arguments, &answers, &mut 100);
        assert_eq!(found.map(Value::Object).map_err(|error| error.kind()), expected);
    }

    #[test]
    fn back_references_take_what_an_earlier_answer_holds() {
        let to =
            |id: &str, name: &str, path: &str| json!({"#ids": {"resultOf": id, "name": name, "path": path}});
        check_reference(to("q", "Foo/query", "/ids"), Ok(json!({"ids": ["a", "b"]})));
        check_reference(to("q", "Foo/query", "/list/*/id"), Ok(json!({"ids": [1, 2]})));
        check_reference(to("q", "Foo/get", "/ids"), Err("invalidResultReference"));
        check_reference(to("z", "Foo/query", "/ids"), Err("invalidResultReference"));
        check_reference(to("bad", "Foo/query", "/ids"), Err("invalidResultReference"));
        check_reference(to("q", "Foo/query", "ids"), Err("invalidResultReference"));
        check_reference(json!({"#ids": ["a"]}), Err("invalidResultReference"));
        let both = json!({"ids": [], "#ids": {"resultOf": "q", "name": "Foo/query", "path": "/ids"}});
        check_reference(both, Err("invalidArguments"));
    }

    #[test]
    fn back_references_copy_no_more_than_their_limit() {
        let copy = json!({"resultOf": "q", "name": "Foo/query", "path": "/ids"});
        let many: Map<String, Value> = (0..20).map(|at| (format!("#a{at}"), copy.clone())).collect();
        check_reference(Value::Object(many), Err("requestTooLarge"));
    }
}
