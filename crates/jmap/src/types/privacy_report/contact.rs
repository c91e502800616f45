//! The report of a contact: that of a message over the way that would be taken now, with all ways and what would raise
//! the contact's index.

use crate::rfc8620::resource::Object;
use crate::types::explanation::{Explanation, Raise, raises};
use crate::types::history::{Day, days};
use crate::types::object;
use crate::types::words::{Privacy, utc_date};
use caliopen_hub::ContactWays;
use caliopen_model::{ContactId, Language};
use caliopen_privacy::contact::{Ranked, assess};
use serde::Serialize;
use serde_json::Value;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    privacy: Option<Privacy>,
    raises: Vec<Raise>,
    assessed_at: Option<String>,
    ways: Vec<Way>,
    history: Vec<Day>,
}

/// One of the ways, the one that would be taken first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Way {
    handle: String,
    /// `best`, `usable`, `not-proven`, `not-seen` or `nowhere`.
    standing: &'static str,
    reason: String,
    privacy: Option<Privacy>,
    looked_at: Option<String>,
}

/// The report. Where no way was looked at there is no number, and every row says that it is not checked yet.
pub(super) fn report(id: ContactId, ways: &ContactWays, language: Language) -> Object {
    let assessed = assess(&ways.routes);
    let taken = assessed.taken();
    let evidence = taken.and_then(|place| ways.routes.get(place)).map(|route| route.evidence.as_slice());
    let looked_at = |place: usize| ways.looked_at.get(place).copied().flatten().map(utc_date);
    let way = |ranked: &Ranked| {
        Some(Way {
            handle: ways.routes.get(ranked.place)?.handle.to_string(),
            standing: ranked.standing.key(),
            reason: caliopen_privacy::Phrase::say(ranked.standing, &[], language),
            privacy: ranked.index.map(Privacy::current),
            looked_at: looked_at(ranked.place),
        })
    };
    let record = Record {
        id: id.to_string(),
        privacy: assessed.index.map(Privacy::current),
        raises: raises(&assessed.raises, language),
        assessed_at: taken.and_then(looked_at),
        ways: assessed.ranked.iter().filter_map(way).collect(),
        history: days(&ways.history),
    };
    let mut report = object(&Explanation::new(evidence.unwrap_or_default(), language));
    report.extend(object(&record));
    if assessed.index.is_none() {
        report.insert("levelWord".to_owned(), Value::Null);
    }
    report
}
