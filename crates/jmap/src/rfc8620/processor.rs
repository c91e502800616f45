//! Runs the calls of a request one after the other (RFC 8620 §3.5): each sees the answers before it.

use super::call::Call;
use super::error::MethodError;
use super::json::weight;
use super::request::{Invocation, Request, resolve_references};
use crate::limits::{ANSWER_BYTES_MAX, REFERENCED_BYTES_MAX};
use crate::methods;
use serde_json::{Map, Value};

/// Answers every call, in order. An error of one leaves the others as they are.
pub(crate) async fn process(call: &Call<'_>, request: Request) -> Vec<Invocation> {
    let mut answers: Vec<Invocation> = Vec::with_capacity(request.calls.len());
    let (mut referenced_bytes_left, mut answer_bytes_left) = (REFERENCED_BYTES_MAX, ANSWER_BYTES_MAX);
    let uses = (request.uses_core, request.uses_correspondence);
    for Invocation { name, arguments, call_id } in request.calls {
        let answer = match resolve_references(arguments, &answers, &mut referenced_bytes_left) {
            Ok(arguments) => methods::answer(call, uses, &name, arguments).await,
            Err(error) => Err(error),
        };
        let answer = answer.and_then(|value| within(value, &mut answer_bytes_left));
        answers.push(match answer {
            Ok(arguments) => Invocation { name, arguments, call_id },
            Err(error) => Invocation { arguments: report(&name, &error), name: "error".to_owned(), call_id },
        });
    }
    answers
}

/// Refuses the answer that would make the response too large to hold.
fn within(answer: Map<String, Value>, bytes_left: &mut usize) -> Result<Map<String, Value>, MethodError> {
    let bytes = answer.values().map(weight).fold(0, usize::saturating_add);
    *bytes_left = bytes_left
        .checked_sub(bytes)
        .ok_or(MethodError::RequestTooLarge("the answer is too large: ask for less"))?;
    Ok(answer)
}

/// The arguments of an `error` answer. A failure of ours is logged here, once, and not told.
fn report(method: &str, error: &MethodError) -> Map<String, Value> {
    if let MethodError::Hub(cause) | MethodError::HubHalfway(cause) = error {
        tracing::error!(method, %cause, "a method call failed");
    }
    match error.response() {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
