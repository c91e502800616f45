//! I-JSON (RFC 7493) in: what `serde_json` reads, without objects that name a member twice, without deep nesting.

use crate::limits::JSON_DEPTH_MAX;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The value of a text, or nothing when it is not I-JSON.
pub(crate) fn parse(text: &[u8]) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = Strict { depth_left: JSON_DEPTH_MAX }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

/// About how many bytes a value takes once it is written, without writing it.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len().saturating_add(2),
        Value::Array(items) => items.iter().map(weight).fold(2, |sum, item| sum.saturating_add(item + 1)),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| name.len().saturating_add(4).saturating_add(weight(member)))
            .fold(2, usize::saturating_add),
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
}

impl Strict {
    fn inner<E: Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("I-JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let member = members.next_value_seed(inner)?;
            if object.insert(name, member).is_some() {
                return Err(A::Error::custom("a member is named twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(text: &str, expected: Option<Value>) {
        assert_eq!(parse(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn only_i_json_is_read() {
        check(r#" {"a":[1,-2,3.5,null,true,"é"]} "#, Some(json!({"a": [1, -2, 3.5, null, true, "é"]})));
        check(r#"{"a":1,"a":1}"#, None);
        check(r#"{"a":{"b":1,"b":2}}"#, None);
        check(r#"{"a":1} {"b":2}"#, None);
        check(r#"{"a":"\ud800"}"#, None);
        check("[1e999]", None);
        check("{'a':1}", None);
        check("", None);
        assert_eq!(parse(b"\"\xff\""), None);
    }

    #[test]
    fn nesting_ends_at_its_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(JSON_DEPTH_MAX).as_bytes()).is_some());
        assert_eq!(parse(nested(JSON_DEPTH_MAX + 1).as_bytes()), None);
        assert_eq!(parse(nested(100_000).as_bytes()), None);
    }

    #[test]
    fn a_weight_is_near_the_written_size() {
        let value = json!({"list": [{"id": "m1", "subject": "x".repeat(500)}, null], "state": "7"});
        let written = value.to_string().len();
        assert!(weight(&value).abs_diff(written) < 20, "{} {written}", weight(&value));
    }
}
