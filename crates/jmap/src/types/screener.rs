//! The screener: whether new senders wait, what is decided about them (`Screener`), and what was (`Decision`).

use super::words::utc_date;
use super::{not_settable, object, state};
use crate::rfc8620::arguments::{Arguments, wrong};
use crate::rfc8620::call::Call;
use crate::rfc8620::error::{MethodError, SetError};
use crate::rfc8620::resource::{Logged, Object, Resource, Settable, Wanted, found};
use caliopen_hub::{DecideError, DecisionView, ObjectType};
use caliopen_model::{Admission, ConversationId, DecisionId, Scope};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// There is one of it in each account, as RFC 8621 §8 has it for `VacationResponse`.
const SINGLETON: &str = "singleton";

/// Answers `Screener/get`, `Screener/set` and `Screener/decide`.
pub(crate) async fn screener(
    call: &Call<'_>,
    verb: &str,
    mut arguments: Arguments,
) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    match verb {
        "get" => get(call, account, arguments).await,
        "set" => set(call, account, arguments).await,
        "decide" => decide(call, account, arguments).await,
        _ => Err(MethodError::UnknownMethod),
    }
}

async fn get(call: &Call<'_>, account: String, mut arguments: Arguments) -> Result<Value, MethodError> {
    let ids: Option<Vec<String>> = arguments.take("ids")?;
    arguments.finish()?;
    let (asked, not_found): (Vec<String>, Vec<String>) =
        ids.unwrap_or_else(|| vec![SINGLETON.to_owned()]).into_iter().partition(|id| id == SINGLETON);
    let view = call.hub.screener(call.access).await?;
    let one = json!({ "id": SINGLETON, "isOn": view.is_on, "hasBegun": view.has_begun });
    let list: Vec<Value> = asked.first().map(|_| one).into_iter().collect();
    let state = state(call, ObjectType::Decision).await?;
    Ok(json!({ "accountId": account, "state": state, "list": list, "notFound": not_found }))
}

async fn set(call: &Call<'_>, account: String, mut arguments: Arguments) -> Result<Value, MethodError> {
    let update: BTreeMap<String, Object> = arguments.take("update")?.unwrap_or_default();
    arguments.finish()?;
    let (mut updated, mut not_updated) = (Map::new(), Map::new());
    for (id, patch) in update {
        let wanted = match patch.get("isOn") {
            _ if id != SINGLETON => Err(SetError::NotFound),
            Some(Value::Bool(is_on)) if patch.len() == 1 => Ok(*is_on),
            _ => Err(SetError::invalid("isOn", "it alone can be set, to true or false")),
        };
        match wanted {
            Ok(is_on) => {
                call.hub.set_screener(call.access, is_on).await?;
                updated.insert(id, Value::Null);
            }
            Err(error) => _ = not_updated.insert(id, error.response()),
        }
    }
    Ok(json!({ "accountId": account, "updated": updated, "notUpdated": not_updated }))
}

async fn decide(call: &Call<'_>, account: String, mut arguments: Arguments) -> Result<Value, MethodError> {
    let conversation: ConversationId = call.need_id(&mut arguments, "conversationId")?;
    let scope = match arguments.need::<String>("scope")?.as_str() {
        "person" => Scope::Person,
        "domain" => Scope::Domain,
        "sender" => Scope::Sender,
        _ => return Err(wrong("scope", "is person, domain or sender")),
    };
    let admission = match arguments.need::<String>("decision")?.as_str() {
        "accept" => Some(Admission::Accepted),
        "refuse" => Some(Admission::Refused),
        "ask" => None,
        _ => return Err(wrong("decision", "is accept, refuse or ask")),
    };
    arguments.finish()?;
    let moved = call.hub.decide(call.access, conversation, scope, admission).await.map_err(refused)?;
    let moved: Vec<String> = moved.iter().map(ToString::to_string).collect();
    Ok(json!({ "accountId": account, "moved": moved }))
}

fn refused(error: DecideError) -> MethodError {
    match error {
        DecideError::Hub(cause) => cause.into(),
        said => MethodError::InvalidArguments(said.to_string()),
    }
}

/// The type.
pub(crate) struct Decision;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    scope: &'static str,
    name: String,
    decision: &'static str,
    decided_at: String,
}

impl From<DecisionView> for Record {
    fn from(view: DecisionView) -> Self {
        Self {
            id: view.id.to_string(),
            scope: match view.scope {
                Scope::Person => "person",
                Scope::Domain => "domain",
                Scope::Sender => "sender",
            },
            name: view.name,
            decision: match view.admission {
                Admission::Accepted => "accept",
                Admission::Refused => "refuse",
            },
            decided_at: utc_date(view.decided_at),
        }
    }
}

impl Resource for Decision {
    type Id = DecisionId;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = &["id", "scope", "name", "decision", "decidedAt"];

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, ObjectType::Decision).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<DecisionId>>, MethodError> {
        let most = call.limits.get_objects_max;
        let newest = call.hub.decisions(call.access).await?.into_iter().take(most);
        Ok(Some(newest.map(|decision| decision.id).collect()))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[DecisionId],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let decisions = call.hub.decisions(call.access).await?;
        let mut decisions: BTreeMap<DecisionId, DecisionView> =
            decisions.into_iter().map(|decision| (decision.id, decision)).collect();
        Ok(ids.iter().map(|id| decisions.remove(id).map(|view| object(&Record::from(view)))).collect())
    }
}

impl Logged for Decision {
    const OBJECT: ObjectType = ObjectType::Decision;
}

impl Settable for Decision {
    const WRITE_ONLY: &'static [&'static str] = &[];
    const NO_CREATE: &'static str = "Screener/decide makes decisions";
    type Patch = ();

    fn patch(_: &Object, changed: &Object) -> Result<(), SetError> {
        changed.keys().next().map_or(Ok(()), |name| Err(not_settable(name)))
    }

    async fn update(_: &Call<'_>, _: DecisionId, (): &()) -> Result<Result<(), SetError>, MethodError> {
        Ok(Ok(()))
    }

    async fn destroy(call: &Call<'_>, id: DecisionId) -> Result<Result<(), SetError>, MethodError> {
        Ok(found(call.hub.forget_decision(call.access, id).await?))
    }
}
