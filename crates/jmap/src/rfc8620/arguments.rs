//! The arguments of one method call, taken one by one: what is left at the end was not known.

use super::error::MethodError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The greatest Int of RFC 8620 §1.3: 2^53 − 1.
const INT_MAX: i64 = (1 << 53) - 1;

/// Arguments that were not taken yet.
#[derive(Debug)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    pub(crate) fn new(arguments: Map<String, Value>) -> Self {
        Self(arguments)
    }

    /// An argument that may be left out or null.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, MethodError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                serde_json::from_value(value).map(Some).map_err(|_| wrong(name, "has the wrong type"))
            }
        }
    }

    /// Whether an argument is an object with some member.
    pub(crate) fn has_member(&self, name: &str, member: &str) -> bool {
        self.0.get(name).and_then(|value| value.get(member)).is_some_and(|value| !value.is_null())
    }

    /// An argument that must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, MethodError> {
        self.take(name)?.ok_or_else(|| wrong(name, "is missing"))
    }

    /// An Int (RFC 8620 §1.3).
    pub(crate) fn int(&mut self, name: &str) -> Result<Option<i64>, MethodError> {
        match self.take::<i64>(name)? {
            Some(number) if !(-INT_MAX..=INT_MAX).contains(&number) => Err(wrong(name, "is out of range")),
            number => Ok(number),
        }
    }

    /// An UnsignedInt (RFC 8620 §1.3).
    pub(crate) fn unsigned(&mut self, name: &str) -> Result<Option<usize>, MethodError> {
        match self.int(name)? {
            None => Ok(None),
            Some(number) => usize::try_from(number).map(Some).map_err(|_| wrong(name, "is negative")),
        }
    }

    /// Ends the reading: an argument that nobody took is an error (`invalidArguments`).
    pub(crate) fn finish(self) -> Result<(), MethodError> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => {
                let name: String = name.chars().take(100).collect();
                Err(wrong(&name, "is not known to this method"))
            }
        }
    }
}

/// `invalidArguments`, naming one.
pub(crate) fn wrong(name: &str, why: &str) -> MethodError {
    MethodError::InvalidArguments(format!("the argument {name:?} {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn arguments(value: Value) -> Arguments {
        let Value::Object(members) = value else { panic!("an object") };
        Arguments::new(members)
    }

    fn check<T: PartialEq + std::fmt::Debug>(found: Result<T, MethodError>, expected: Result<T, &str>) {
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn integers_keep_to_the_range_of_rfc_8620_section_1_3() {
        check(arguments(json!({"n": -5})).int("n"), Ok(Some(-5)));
        check(arguments(json!({"n": null})).int("n"), Ok(None));
        check(arguments(json!({})).int("n"), Ok(None));
        check(arguments(json!({"n": 9_007_199_254_740_991_i64})).int("n"), Ok(Some(INT_MAX)));
        check(
            arguments(json!({"n": 9_007_199_254_740_992_i64})).int("n"),
            Err("the argument \"n\" is out of range"),
        );
        check(arguments(json!({"n": 1.5})).int("n"), Err("the argument \"n\" has the wrong type"));
        check(arguments(json!({"n": "1"})).int("n"), Err("the argument \"n\" has the wrong type"));
        check(arguments(json!({"n": -1})).unsigned("n"), Err("the argument \"n\" is negative"));
        check(arguments(json!({"n": u64::MAX})).unsigned("n"), Err("the argument \"n\" has the wrong type"));
    }

    #[test]
    fn what_nobody_took_is_an_error() {
        let mut read = arguments(json!({"a": 1, "b": 2}));
        check(read.need::<i64>("a"), Ok(1));
        check(read.need::<i64>("c"), Err("the argument \"c\" is missing"));
        check(read.finish(), Err("the argument \"b\" is not known to this method"));
        check(arguments(json!({})).finish(), Ok(()));
    }
}
