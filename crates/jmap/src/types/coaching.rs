//! Coaching: get, changes and set of the one object that there is: quests that are done once, and what they unlock.

use super::words::utc_date;
use super::{Few, Singleton, not_settable, object, single, yes_or_no};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Object, Settable};
use caliopen_hub::{CoachingPatch, CoachingView, ObjectType, QuestState, Reward};
use caliopen_privacy::quests::Quest as Known;
use serde::Serialize;
use serde_json::Value;

/// The type.
pub(crate) struct Coaching;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: &'static str,
    is_muted: bool,
    yours: Option<u8>,
    quests: Vec<Quest>,
    aside: Vec<&'static str>,
    invite: Option<String>,
    unlocks: Vec<Unlock>,
    addresses_allowed: usize,
    addresses_chosen: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Quest {
    name: &'static str,
    state: &'static str,
    projected: Option<u8>,
    done_at: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Unlock {
    theme: Option<String>,
    bytes: Option<u64>,
    addresses: Option<usize>,
    quests: usize,
    is_unlocked: bool,
}

impl From<CoachingView> for Record {
    fn from(view: CoachingView) -> Self {
        let is_aside = |state: &QuestState| *state == QuestState::Aside;
        let aside = view.quests.iter().filter(|(_, state)| is_aside(state)).map(|(quest, _)| quest.key());
        Self {
            id: "singleton",
            is_muted: view.is_muted,
            yours: view.yours,
            aside: aside.collect(),
            quests: view.quests.into_iter().map(quest).collect(),
            invite: view.invite.map(|contact| contact.to_string()),
            unlocks: view.unlocks.into_iter().map(unlock).collect(),
            addresses_allowed: view.addresses.allowed,
            addresses_chosen: view.addresses.chosen,
        }
    }
}

fn quest((quest, state): (Known, QuestState)) -> Quest {
    let (word, projected, done_at) = match state {
        QuestState::Open { projected } => ("open", projected, None),
        QuestState::Aside => ("aside", None, None),
        QuestState::Done(at) => ("done", None, Some(utc_date(at))),
    };
    Quest { name: quest.key(), state: word, projected, done_at }
}

fn unlock((unlock, is_unlocked): (caliopen_hub::Unlock, bool)) -> Unlock {
    let mut told = Unlock { theme: None, bytes: None, addresses: None, quests: unlock.quests, is_unlocked };
    match unlock.reward {
        Reward::Theme(theme) => told.theme = Some(theme),
        Reward::Storage(bytes) => told.bytes = Some(bytes),
        Reward::Addresses(addresses) => told.addresses = Some(addresses),
    }
    told
}

impl Few for Coaching {
    type Id = Singleton;
    const OBJECT: ObjectType = ObjectType::Coaching;
    const PROPERTIES: &'static [&'static str] = &[
        "id",
        "isMuted",
        "yours",
        "quests",
        "aside",
        "invite",
        "unlocks",
        "addressesAllowed",
        "addressesChosen",
    ];

    async fn ids(_: &Call<'_>) -> Result<Vec<Singleton>, MethodError> {
        Ok(vec![Singleton])
    }

    async fn every(call: &Call<'_>) -> Result<Vec<(Singleton, Object)>, MethodError> {
        Ok(single(object(&Record::from(call.hub.coaching(call.access).await?))))
    }
}

impl Settable for Coaching {
    const WRITE_ONLY: &'static [&'static str] = &["invited"];
    const NO_CREATE: &'static str = "there is one coaching, and it is there";
    type Patch = CoachingPatch;

    fn patch(_: &Object, changed: &Object) -> Result<CoachingPatch, SetError> {
        let mut patch = CoachingPatch::default();
        for (name, value) in changed {
            match name.as_str() {
                "isMuted" => patch.is_muted = Some(yes_or_no(name, value)?),
                "aside" => patch.aside = Some(aside(value)?),
                "invited" => patch.invited = Some(invited(value)?),
                _ => return Err(not_settable(name)),
            }
        }
        Ok(patch)
    }

    async fn update(
        call: &Call<'_>,
        _: Singleton,
        patch: &CoachingPatch,
    ) -> Result<Result<(), SetError>, MethodError> {
        call.hub.change_coaching(call.access, patch).await?;
        Ok(Ok(()))
    }

    async fn destroy(_: &Call<'_>, _: Singleton) -> Result<Result<(), SetError>, MethodError> {
        Ok(Err(SetError::Forbidden("mute it instead: isMuted")))
    }
}

/// The quests of a list of names; null is none.
fn aside(value: &Value) -> Result<Vec<Known>, SetError> {
    let wrong = || SetError::invalid("aside", "a list of names of quests");
    if value.is_null() {
        return Ok(Vec::new());
    }
    let names = value.as_array().ok_or_else(wrong)?;
    names.iter().map(|name| name.as_str().and_then(Known::from_key).ok_or_else(wrong)).collect()
}

fn invited(value: &Value) -> Result<caliopen_model::ContactId, SetError> {
    let contact = value.as_str().and_then(|text| text.parse().ok());
    contact.ok_or_else(|| SetError::invalid("invited", "the id of a contact"))
}
