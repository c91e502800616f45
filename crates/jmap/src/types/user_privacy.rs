//! UserPrivacy: get and changes of the one object that there is, the user's own index: the two halves, what counts, what
//! would raise it, and what it was.

use super::explanation::{Point, Raise, is_possible_for_account, is_possible_for_device, points, raises};
use super::history::{Day, days};
use super::words::Privacy;
use super::{object, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Logged, Object, ObjectId, Resource, Wanted};
use caliopen_hub::{ObjectType, Subject, UserPrivacy as View};
use caliopen_model::{FORMULA_VERSION, Language, UserEvidence};
use caliopen_privacy::user::{Action, assess_among, describe};
use caliopen_privacy::{Phrase, account, device, level_word};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// The type.
pub(crate) struct UserPrivacy;

/// The id of the only object of a type, as RFC 8621 §8 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Singleton;

impl ObjectId for Singleton {
    fn of_bytes(_: [u8; 16]) -> Self {
        Self
    }
}

impl fmt::Display for Singleton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("singleton")
    }
}

impl FromStr for Singleton {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "singleton" { Ok(Self) } else { Err(()) }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: &'static str,
    privacy: Privacy,
    level_word: &'static str,
    summary: &'static str,
    sentence: String,
    yours: Option<u8>,
    others: Option<u8>,
    points: Vec<Point>,
    raises: Vec<Step>,
    accounts: Vec<Part>,
    devices: Vec<Part>,
    history: Vec<Day>,
    formula: u16,
}

/// A step, and the account or device that it is for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    #[serde(flatten)]
    raise: Raise,
    subject_id: Option<String>,
}

/// An account or a device, with its index.
#[derive(Debug, Serialize)]
struct Part {
    id: String,
    privacy: Privacy,
}

fn record(view: &View, language: Language) -> Record {
    let assessed = assess_among(&view.evidence, &is_possible);
    let explained = &assessed.explained;
    let subject = |place: Option<usize>| view.subjects.get(place?).and_then(subject_id);
    let step = |(raise, of): (Raise, Action)| {
        let place = match of {
            Action::Account(_) => assessed.weakest_account,
            Action::Device(_) => assessed.weakest_device,
        };
        Step { raise, subject_id: subject(place) }
    };
    let actions = explained.raises.iter().map(|raise| raise.action);
    Record {
        id: "singleton",
        privacy: Privacy::current(explained.index),
        level_word: level_word(explained.index.level(), language),
        summary: assessed.summary.key(),
        sentence: assessed.summary.say(&[], language),
        yours: assessed.yours,
        others: assessed.others,
        points: points(&explained.points, &view.evidence, describe, language),
        raises: raises(&explained.raises, language).into_iter().zip(actions).map(step).collect(),
        accounts: parts(view, |fact| match fact {
            UserEvidence::Account(of) => Some(Privacy::current(account::score(of))),
            _ => None,
        }),
        devices: parts(view, |fact| match fact {
            UserEvidence::Device(of) => Some(Privacy::current(device::score(of))),
            _ => None,
        }),
        history: days(&view.history),
        formula: FORMULA_VERSION,
    }
}

/// Whether a step can be taken here, and its taking is seen.
const fn is_possible(action: Action) -> bool {
    match action {
        Action::Account(step) => is_possible_for_account(step),
        Action::Device(step) => is_possible_for_device(step),
    }
}

fn subject_id(subject: &Subject) -> Option<String> {
    match subject {
        Subject::Everybody => None,
        Subject::Account(id) => Some(id.to_string()),
        Subject::Device(id) => Some(id.to_string()),
        Subject::Session(id) => Some(id.to_string()),
    }
}

fn parts(view: &View, index: impl Fn(&UserEvidence) -> Option<Privacy>) -> Vec<Part> {
    let both = view.evidence.iter().zip(&view.subjects);
    both.filter_map(|(fact, subject)| Some(Part { privacy: index(fact)?, id: subject_id(subject)? }))
        .collect()
}

impl Resource for UserPrivacy {
    type Id = Singleton;
    /// The language of its texts.
    type Options = Language;
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "privacy",
        "levelWord",
        "summary",
        "sentence",
        "yours",
        "others",
        "points",
        "raises",
        "accounts",
        "devices",
        "history",
        "formula",
    ];

    fn options(call: &Call<'_>, arguments: &mut Arguments) -> Result<Language, MethodError> {
        call.language(arguments)
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::UserPrivacy).await
    }

    async fn all(_: &Call<'_>) -> Result<Option<Vec<Singleton>>, MethodError> {
        Ok(Some(vec![Singleton]))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[Singleton],
        _: &Wanted,
        language: &Language,
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let view = call.hub.user_privacy(call.access).await?;
        Ok(ids.iter().map(|_| Some(object(&record(&view, *language)))).collect())
    }
}

impl Logged for UserPrivacy {
    const OBJECT: ObjectType = ObjectType::UserPrivacy;
}
