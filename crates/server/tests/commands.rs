//! `caliopen inspect` and `caliopen assess`: what they print is JSON, the same for the same input.

use crate::support;
use serde_json::{Value, json};
use std::process::{Command, Output};
use support::caliopen::finish;

const MESSAGE: &[u8] = include_bytes!("fixtures/dinner.eml");
const EVIDENCE: &str = include_str!("fixtures/evidence.json");

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caliopen"));
    finish(command.args(arguments).env_remove("CALIOPEN_LOG"), input)
}

fn printed(arguments: &[&str], input: &[u8]) -> Value {
    let output = run(arguments, input);
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && errors.is_empty(), "{arguments:?}: {errors}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What was printed must be what was reviewed.
fn check(found: &Value, reviewed: &str) {
    let expected: Value = serde_json::from_str(reviewed).unwrap();
    assert!(*found == expected, "printed now:\n{found:#}");
}

fn sentence(arguments: &[&str], input: &[u8]) -> String {
    let output = run(arguments, input);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{errors}");
    assert!(errors.starts_with("caliopen: ") && errors.lines().count() == 1, "{errors}");
    errors
}

#[test]
fn inspect_prints_everything_that_is_found_in_a_message() {
    check(&printed(&["inspect", "--offline"], MESSAGE), include_str!("fixtures/inspect.json"));
}

#[test]
fn assess_prints_the_index_with_its_reasons_in_three_languages() {
    for (language, reviewed) in [
        ("en", include_str!("fixtures/assess-en.json")),
        ("fr", include_str!("fixtures/assess-fr.json")),
        ("it", include_str!("fixtures/assess-it.json")),
    ] {
        check(&printed(&["assess", "--language", language], EVIDENCE.as_bytes()), reviewed);
    }
    let usual = printed(&["assess"], EVIDENCE.as_bytes());
    check(&usual, include_str!("fixtures/assess-en.json"));
}

#[test]
fn the_order_of_evidence_does_not_change_the_number() {
    let Value::Array(mut evidence) = serde_json::from_str(EVIDENCE).unwrap() else { panic!("a list") };
    let score = |evidence: &[Value]| {
        printed(&["assess"], json!(evidence).to_string().as_bytes())["privacy"]["score"].clone()
    };
    let expected = score(&evidence);
    evidence.reverse();
    assert_eq!(score(&evidence), expected);
    evidence.rotate_left(3);
    assert_eq!(score(&evidence), expected);
}

#[test]
fn the_evidence_that_inspect_prints_is_what_assess_reads() {
    let inspected = printed(&["inspect", "--offline"], MESSAGE);
    let again = printed(&["assess"], inspected["evidence"].to_string().as_bytes());
    assert_eq!(again, inspected["privacyReport"]);
}

#[test]
fn any_bytes_can_be_inspected() {
    for input in [&b""[..], b"\0\xff\r\n", b"no colon", &[0x80; 10_000], &b"\n".repeat(100_000)] {
        let found = printed(&["inspect", "--offline"], input);
        assert_eq!(found["bytes"], input.len());
    }
}

#[test]
fn wrong_input_is_said_in_one_sentence() {
    assert!(sentence(&["assess"], b"{}").contains("list of evidence"));
    assert!(sentence(&["assess"], b"[{ \"hop\": 5 }]").contains("line 1"));
    assert!(sentence(&["assess"], b"[{ \"smell\": {} }]").contains("smell"));
    assert!(sentence(&["assess"], b"\xff").contains("not text"));
    assert!(sentence(&["assess", "--language", "de"], b"[]").contains("en, fr, it"));
    assert!(
        sentence(&["inspect", "--config", "/nowhere/caliopen.toml"], b"").contains("/nowhere/caliopen.toml")
    );
}
