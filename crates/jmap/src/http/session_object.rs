//! `GET /.well-known/jmap`: the Session object (RFC 8620 §2).

use super::caller::caller;
use super::json_response;
use super::problem::Problem;
use crate::limits::Limits;
use crate::rfc8620::request::{CORE, CORRESPONDENCE};
use crate::{Api, Shared};
use axum::extract::{Request, State};
use axum::response::Response;
use caliopen_hub::ProfileView;
use caliopen_model::{FORMULA_VERSION, Language, Level};
use caliopen_privacy::level_word;
use serde_json::{Map, Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) async fn get(State(shared): State<Shared>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let profile = shared.api.hub.profile(&access).await?;
    Ok(json_response(&session(&shared.api, &profile)))
}

/// The Session object of an account.
pub(super) fn session(api: &Api, profile: &ProfileView) -> Value {
    let (account, url) = (profile.account.to_string(), &api.public_url);
    let correspondence = correspondence(api, profile);
    json!({
        "capabilities": { CORE: core(&api.limits), CORRESPONDENCE: correspondence },
        "accounts": {
            &account: {
                "name": profile.address,
                "isPersonal": true,
                "isReadOnly": false,
                "accountCapabilities": { CORE: {}, CORRESPONDENCE: correspondence },
            },
        },
        "primaryAccounts": { CORE: account, CORRESPONDENCE: account },
        "username": profile.address,
        "apiUrl": format!("{url}/jmap/api"),
        "downloadUrl": format!("{url}/jmap/download/{{accountId}}/{{blobId}}/{{name}}?type={{type}}"),
        "uploadUrl": format!("{url}/jmap/upload/{{accountId}}"),
        "eventSourceUrl": format!("{url}/jmap/events?types={{types}}&closeafter={{closeafter}}&ping={{ping}}"),
        "state": session_state(profile, api),
    })
}

fn core(limits: &Limits) -> Value {
    json!({
        "maxSizeUpload": limits.upload_bytes_max,
        "maxConcurrentUpload": limits.uploads_at_once_max,
        "maxSizeRequest": limits.request_bytes_max,
        "maxConcurrentRequests": limits.requests_at_once_max,
        "maxCallsInRequest": limits.calls_max,
        "maxObjectsInGet": limits.get_objects_max,
        "maxObjectsInSet": limits.set_objects_max,
        "collationAlgorithms": [],
    })
}

fn correspondence(api: &Api, profile: &ProfileView) -> Value {
    let url = &api.public_url;
    let levels: Map<String, Value> =
        Language::ALL.into_iter().map(|language| (language.tag().to_owned(), levels(language))).collect();
    json!({
        "address": profile.address,
        "language": profile.language.tag(),
        "formula": FORMULA_VERSION,
        "levels": levels,
        "submission": api.submission.as_ref().map(|server| json!({
            "host": server.host,
            "port": server.port,
            "starttlsPort": server.starttls_port,
        })),
        "importUrl": format!("{url}/jmap/import/{{accountId}}/{{transferId}}?offset={{offset}}"),
        "exportUrl": format!("{url}/jmap/export/{{accountId}}?as={{as}}"),
    })
}

/// What people see of an index, in one language: each level with its word and the scores that it goes over.
fn levels(language: Language) -> Value {
    let scores_of = |level: Level| (0..=100u8).filter(move |score| Level::of(*score) == level);
    let level = |level: Level| {
        json!({
            "level": level.number(),
            "word": level_word(level, language),
            "from": scores_of(level).min(),
            "to": scores_of(level).max(),
        })
    };
    Level::ALL.into_iter().map(level).collect()
}

/// Changes when the Session object does: then a client fetches it again.
pub(super) fn session_state(profile: &ProfileView, api: &Api) -> String {
    let mut digest = DefaultHasher::new();
    (profile.account, &profile.address, profile.language, FORMULA_VERSION).hash(&mut digest);
    core(&api.limits).to_string().hash(&mut digest);
    api.submission.hash(&mut digest);
    format!("{:016x}", digest.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_cover_every_score_once() {
        let Value::Array(english) = levels(Language::English) else { panic!("an array") };
        let mut next = 0;
        for level in &english {
            assert_eq!(level["from"], json!(next));
            next = level["to"].as_u64().unwrap() + 1;
        }
        assert_eq!((english.len(), next), (5, 101));
        assert_eq!(levels(Language::French)[0]["word"], json!("Carte postale"));
    }
}
