//! What the browser may ask of the pure rooms, which are compiled to WebAssembly for it.
//!
//! One question so far: what the index of a message would be, from the evidence that the server gave for each of its
//! recipients. [`answer`] is the whole of it, bytes to bytes; [`doors`] is how a page comes in. The server uses the same
//! functions, so that the two never disagree. Nothing here knows a weight, a text or the network.

pub mod doors;

use caliopen_model::{Evidence, FORMULA_VERSION, Language};
use caliopen_privacy::{EvidenceRecord, Explanation, together};
use serde::{Deserialize, Serialize};

/// Largest question, in bytes: a draft has at most 1,000 recipients, with some kilobytes of evidence each.
pub const QUESTION_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Recipients of one message, as drafts have them.
pub const RECIPIENTS_MAX: usize = 1_000;

/// The evidence for each recipient, as `Outlook` of docs/api gives it, and the language of the answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Question {
    language: String,
    recipients: Vec<Vec<EvidenceRecord>>,
}

/// What `Outlook/get` says of the same: one message to all of them, and one to each.
#[derive(Debug, Serialize)]
struct Answer {
    formula: u16,
    message: Explanation,
    list: Vec<Explanation>,
}

/// Why there is no answer. The page asks the server instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Refusal {
    /// Not this question, or evidence that this version does not know.
    NotUnderstood,
    /// A language without texts.
    NoSuchLanguage,
    /// More recipients than a message has.
    TooMany,
}

#[derive(Debug, Serialize)]
struct Refused {
    formula: u16,
    refused: Refusal,
}

/// Answers a question in JSON with JSON. Any bytes are answered: what cannot be is `{ "refused": … }`.
pub fn answer(question: &[u8]) -> Vec<u8> {
    let written = match scored(question) {
        Ok(answer) => serde_json::to_vec(&answer),
        Err(refused) => serde_json::to_vec(&Refused { formula: FORMULA_VERSION, refused }),
    };
    // Only what serialises into maps with other keys than texts can fail, and nothing here does.
    written.unwrap_or_default()
}

fn scored(question: &[u8]) -> Result<Answer, Refusal> {
    let Question { language, recipients } =
        serde_json::from_slice(question).map_err(|_| Refusal::NotUnderstood)?;
    if recipients.len() > RECIPIENTS_MAX {
        return Err(Refusal::TooMany);
    }
    let language = Language::from_tag(&language).ok_or(Refusal::NoSuchLanguage)?;
    let evidence = |records: Vec<EvidenceRecord>| records.into_iter().map(|record| record.0).collect();
    let each: Vec<Vec<Evidence>> = recipients.into_iter().map(evidence).collect();
    Ok(Answer {
        formula: FORMULA_VERSION,
        message: Explanation::new(&together(each.iter()), language),
        list: each.iter().map(|evidence| Explanation::new(evidence, language)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn asked(question: &Value) -> Value {
        serde_json::from_slice(&answer(question.to_string().as_bytes())).expect("an answer is JSON")
    }

    fn handler(name: &str, class: &str) -> Value {
        json!({ "handler": { "name": name, "class": class, "sees": "content", "foundBy": "mx" } })
    }

    #[test]
    fn a_message_to_several_is_no_more_private_than_the_weakest_of_them() {
        let hop = json!({ "hop": { "peer": "mx.example.net", "security": "authenticated", "tls": null } });
        let good = json!([hop, handler("Posteo", "b")]);
        let answer = asked(&json!({ "language": "en", "recipients": [good, [hop, handler("Gmail", "e")]] }));
        let score = |of: &Value| of["privacy"]["score"].as_u64().expect("has a score");
        assert_eq!(answer["formula"], FORMULA_VERSION);
        assert!(score(&answer["list"][0]) > score(&answer["list"][1]));
        assert_eq!(score(&answer["message"]), score(&answer["list"][1]));
        assert_eq!(answer["message"]["sentence"], "Gmail and Posteo can read this.");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let found: Result<Value, _> = serde_json::from_slice(&answer(&bytes));
            proptest::prop_assert!(found.is_ok_and(|found| found.is_object()));
        }
    }

    #[test]
    fn it_speaks_three_languages() {
        let sentences: Vec<Value> = ["en", "fr", "it"]
            .map(|language| asked(&json!({ "language": language, "recipients": [["telephoneNetwork"]] })))
            .map(|answer| answer["message"]["sentence"].clone())
            .into();
        assert_eq!(
            sentences,
            [
                "The telephone operators can read this.",
                "Les opérateurs téléphoniques peuvent lire ce message.",
                "Gli operatori telefonici possono leggere questo messaggio."
            ]
        );
    }

    #[test]
    fn what_cannot_be_answered_is_refused_by_name() {
        for (question, refusal) in [
            (json!({}), "notUnderstood"),
            (json!({ "language": "en", "recipients": [["carrierPigeon"]] }), "notUnderstood"),
            (json!({ "language": "en", "recipients": [], "secret": 1 }), "notUnderstood"),
            (json!({ "language": "de", "recipients": [] }), "noSuchLanguage"),
            (json!({ "language": "en", "recipients": vec![json!([]); RECIPIENTS_MAX + 1] }), "tooMany"),
        ] {
            let answer = asked(&question);
            assert_eq!(
                (&answer["refused"], &answer["message"]),
                (&json!(refusal), &Value::Null),
                "{question}"
            );
            assert_eq!(answer["formula"], FORMULA_VERSION, "{question}");
        }
    }
}
