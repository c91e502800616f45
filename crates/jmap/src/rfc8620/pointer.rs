//! JSON pointers (RFC 6901), with the `*` that RFC 8620 §3.7 adds to back-references.

use serde_json::{Map, Value};

/// The parts of a pointer, its escapes undone. `None` for an escape that RFC 6901 §3 does not know.
pub(crate) fn tokens(pointer: &str) -> Option<Vec<String>> {
    pointer.split('/').map(unescape).collect()
}

fn unescape(token: &str) -> Option<String> {
    let mut text = String::with_capacity(token.len());
    let mut letters = token.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '~' => match letters.next()? {
                '0' => text.push('~'),
                '1' => text.push('/'),
                _ => return None,
            },
            plain => text.push(plain),
        }
    }
    Some(text)
}

/// What a back-reference's path finds in a result; `None` when it leads nowhere (RFC 8620 §3.7).
pub(crate) fn resolve(result: &Map<String, Value>, path: &str) -> Option<Value> {
    if path.is_empty() {
        return Some(Value::Object(result.clone()));
    }
    let path = tokens(path.strip_prefix('/')?)?;
    let (first, rest) = path.split_first()?;
    walk(result.get(first)?, rest)
}

fn walk(value: &Value, path: &[String]) -> Option<Value> {
    let Some((token, rest)) = path.split_first() else { return Some(value.clone()) };
    match value {
        Value::Object(members) => walk(members.get(token)?, rest),
        Value::Array(items) if token == "*" => flatten(items, rest),
        Value::Array(items) => walk(items.get(index(token)?)?, rest),
        _ => None,
    }
}

/// Applies the rest of the path to every item; "if the result of applying the rest of the pointer tokens to each
/// item was itself an array, the contents of this array are added to the output rather than the array itself".
fn flatten(items: &[Value], rest: &[String]) -> Option<Value> {
    let mut found = Vec::new();
    for item in items {
        match walk(item, rest)? {
            Value::Array(inner) => found.extend(inner),
            other => found.push(other),
        }
    }
    Some(Value::Array(found))
}

/// An array index has no sign and no leading zero (RFC 6901 §4).
fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = token == "0" || !token.starts_with('0');
    if digits && canonical { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(result: &Value, path: &str, expected: Option<Value>) {
        let Value::Object(result) = result else { panic!("a result is an object") };
        assert_eq!(resolve(result, path), expected, "{path:?}");
    }

    #[test]
    fn the_examples_of_rfc_8620_section_3_7() {
        let changes = json!({"accountId": "A1", "created": ["f1", "f4"], "updated": [], "destroyed": []});
        check(&changes, "/created", Some(json!(["f1", "f4"])));
        let emails = json!({"list": [{"id": "msg1023", "threadId": "trd194"}, {"id": "msg223", "threadId": "trd114"}]});
        check(&emails, "/list/*/threadId", Some(json!(["trd194", "trd114"])));
        let threads = json!({"list": [{"emailIds": ["a", "b"]}, {"emailIds": ["c"]}, {"emailIds": []}]});
        check(&threads, "/list/*/emailIds", Some(json!(["a", "b", "c"])));
    }

    #[test]
    fn the_examples_of_rfc_6901_section_5() {
        let document = json!({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, " ": 7, "m~n": 8});
        check(&document, "", Some(document.clone()));
        check(&document, "/foo", Some(json!(["bar", "baz"])));
        check(&document, "/foo/0", Some(json!("bar")));
        check(&document, "/", Some(json!(0)));
        check(&document, "/a~1b", Some(json!(1)));
        check(&document, "/c%d", Some(json!(2)));
        check(&document, "/ ", Some(json!(7)));
        check(&document, "/m~0n", Some(json!(8)));
    }

    #[test]
    fn a_path_that_leads_nowhere_finds_nothing() {
        let document = json!({"list": [{"id": 1}, {"name": 2}], "n": 3});
        for path in [
            "list",
            "/none",
            "/list/2",
            "/list/00",
            "/list/-1",
            "/list/+1",
            "/n/x",
            "/list/*/id",
            "/n/*",
            "/a~2",
            "/~",
        ] {
            check(&document, path, None);
        }
        check(&json!({"list": []}), "/list/*/id", Some(json!([])));
        check(&json!({"*": 1}), "/*", Some(json!(1)));
    }
}
