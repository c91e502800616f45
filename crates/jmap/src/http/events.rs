//! `GET /jmap/events`: push by EventSource (RFC 8620 §7.3). Events say that something changed, never what.

use super::caller::caller;
use super::problem::Problem;
use super::turns::{Doing, Pass};
use crate::limits::{EVENT_GAP, EVENT_STREAMS_MAX, PING_SECONDS, SESSION_CHECK_INTERVAL};
use crate::rfc8620::changes::write_state;
use crate::rfc8620::request::RequestError;
use crate::{Api, Shared};
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::Response;
use caliopen_hub::{Indexing, ObjectType, States};
use caliopen_model::{AccountId, Sequence, SessionId};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Options {
    types: String,
    closeafter: String,
    ping: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { types: "*".to_owned(), closeafter: "no".to_owned(), ping: 0 }
    }
}

/// The state of each type, in the order of [`ObjectType::ALL`].
type Known = [Sequence; ObjectType::ALL.len()];

/// One listener. States need no key of the account; keeping the search index up to date does, so that the account stays
/// unlocked while somebody listens, and no longer than its session.
struct Listener {
    api: Arc<Api>,
    account: AccountId,
    session: SessionId,
    receiver: watch::Receiver<States>,
    types: Vec<ObjectType>,
    /// What the client knows.
    known: Known,
    closes_after_state: bool,
    ping: Option<Duration>,
    next_ping: Instant,
    next_check: Instant,
    /// No event before this.
    not_before: Instant,
    /// The client missed something while it was away.
    is_behind: bool,
    is_over: bool,
    _indexing: Indexing,
    _pass: Pass,
}

pub(super) async fn get(
    State(shared): State<Shared>,
    query: Result<Query<Options>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let access = caller(&shared.api, &parts).await?;
    let Query(options) = query.map_err(|_| Problem::Request("ping is a number of seconds."))?;
    let closes_after_state = match options.closeafter.as_str() {
        "no" => false,
        "state" => true,
        _ => return Err(Problem::Request("closeafter is state or no.")),
    };
    let pass = shared.turns.enter(Doing::Events, *access.session().as_bytes(), EVENT_STREAMS_MAX);
    let pass = pass.ok_or(RequestError::Limit("maxConcurrentRequests"))?;

    let mut receiver = shared.api.hub.watch(&access).await?;
    let present = known(&receiver.borrow_and_update());
    let last_seen = last_event(&parts.headers);
    let (now, ping) = (Instant::now(), ping(options.ping));
    let listener = Listener {
        api: Arc::clone(&shared.api),
        account: access.account(),
        session: access.session(),
        receiver,
        types: types(&options.types),
        known: last_seen.unwrap_or(present),
        closes_after_state,
        ping,
        next_ping: now + ping.unwrap_or_default(),
        next_check: now + SESSION_CHECK_INTERVAL,
        not_before: now,
        is_behind: last_seen.is_some_and(|seen| seen != present),
        is_over: false,
        _indexing: shared.api.hub.keep_indexed(access),
        _pass: pass,
    };
    Ok(response(listener))
}

fn response(listener: Listener) -> Response {
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // Proxies that collect answers before they pass them on would keep every event.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

impl Listener {
    /// The next event; `None` once the stream is over.
    async fn next(&mut self) -> Option<String> {
        while !self.is_over {
            if std::mem::take(&mut self.is_behind) {
                match self.state_event().await {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let tick =
                if self.ping.is_some() { self.next_ping.min(self.next_check) } else { self.next_check };
            let changed = tokio::select! {
                changed = self.receiver.changed() => Some(changed),
                () = sleep_until(tick) => None,
            };
            match changed {
                // Nobody tells any more: the server is going down.
                Some(Err(_)) => return None,
                Some(Ok(())) => self.is_behind = true,
                None => {
                    if !self.is_current().await {
                        return None;
                    }
                    if let Some(event) = self.ping_event() {
                        return Some(event);
                    }
                }
            }
        }
        None
    }

    /// The session is still one. A session that cannot be looked up is taken for over: the client comes back.
    async fn is_current(&mut self) -> bool {
        self.next_check = Instant::now() + SESSION_CHECK_INTERVAL;
        match self.api.hub.has_session(self.account, self.session).await {
            Ok(current) => current,
            Err(cause) => {
                tracing::error!(%cause, "an event stream ended");
                false
            }
        }
    }

    /// What changed of the types asked for, unless it is nothing. Ends the stream when the session is over.
    async fn state_event(&mut self) -> Option<String> {
        sleep_until(self.not_before).await;
        if !self.is_current().await {
            self.is_over = true;
            return None;
        }
        let present = known(&self.receiver.borrow_and_update());
        let changed = changed(&self.types, &self.known, &present);
        self.known = present;
        if changed.is_empty() {
            return None;
        }
        self.is_over = self.closes_after_state;
        self.not_before = Instant::now() + EVENT_GAP;
        let account = self.account.to_string();
        let data = json!({ "@type": "StateChange", "changed": { account: changed } });
        Some(format!("event: state\nid: {}\ndata: {data}\n\n", event_id(&present)))
    }

    /// A ping, once it is due.
    fn ping_event(&mut self) -> Option<String> {
        let interval = self.ping?;
        let now = Instant::now();
        if now < self.next_ping {
            return None;
        }
        self.next_ping = now + interval;
        Some(format!("event: ping\ndata: {}\n\n", json!({ "interval": interval.as_secs() })))
    }
}

/// The names of the types that push tells of.
const NAMES: [(&str, ObjectType); ObjectType::ALL.len()] = [
    ("Conversation", ObjectType::Conversation),
    ("Message", ObjectType::Message),
    ("Contact", ObjectType::Contact),
    ("Session", ObjectType::Session),
    ("Draft", ObjectType::Draft),
    ("Submission", ObjectType::Submission),
    ("Identity", ObjectType::Identity),
    ("Template", ObjectType::Template),
    ("Label", ObjectType::Label),
    ("AppPassword", ObjectType::AppPassword),
    ("Transfer", ObjectType::Transfer),
    ("Decision", ObjectType::Decision),
    ("Device", ObjectType::Device),
    ("UserPrivacy", ObjectType::UserPrivacy),
    ("Gate", ObjectType::Gate),
    ("Coaching", ObjectType::Coaching),
    ("Passkey", ObjectType::Passkey),
    ("SecondFactor", ObjectType::SecondFactor),
    ("Quota", ObjectType::Quota),
];

/// The types asked for: `*`, or names with commas. Names that we do not have never change.
fn types(asked: &str) -> Vec<ObjectType> {
    let names: Vec<&str> = asked.split(',').take(100).map(str::trim).collect();
    let wanted = |name: &str| asked == "*" || names.contains(&name);
    NAMES.into_iter().filter(|(name, _)| wanted(name)).map(|(_, object)| object).collect()
}

/// 0 is none. Others are brought into the range that we keep, and the ping says which it became.
fn ping(asked: u64) -> Option<Duration> {
    (asked > 0).then(|| Duration::from_secs(asked.clamp(*PING_SECONDS.start(), *PING_SECONDS.end())))
}

fn known(states: &States) -> Known {
    ObjectType::ALL.map(|object| states.of(object))
}

fn changed(types: &[ObjectType], before: &Known, after: &Known) -> Map<String, Value> {
    let moved = |object: ObjectType| {
        let at = ObjectType::ALL.iter().position(|other| *other == object)?;
        let (before, after) = (before.get(at)?, after.get(at)?);
        (before != after).then_some(*after)
    };
    let asked = NAMES.into_iter().filter(|(_, object)| types.contains(object));
    asked.filter_map(|(name, object)| Some((name.to_owned(), json!(write_state(moved(object)?))))).collect()
}

/// An id that encodes all states, so that a client that comes back is told what it missed.
fn event_id(states: &Known) -> String {
    states.map(write_state).join("-")
}

/// The states that a client had when it went away; all old when its `Last-Event-ID` is not one of ours.
fn last_event(headers: &HeaderMap) -> Option<Known> {
    let id = headers.get("last-event-id")?.to_str().unwrap_or_default();
    let numbers: Option<Vec<Sequence>> = id.split('-').map(|text| text.parse().ok().map(Sequence)).collect();
    Some(numbers.and_then(|numbers| numbers.try_into().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_all_or_those_that_are_named() {
        assert_eq!(types("*"), ObjectType::ALL.to_vec());
        assert_eq!(types("Message, Nothing,Contact"), vec![ObjectType::Message, ObjectType::Contact]);
        assert_eq!(types(""), vec![]);
    }

    #[test]
    fn pings_keep_to_their_range() {
        assert_eq!(ping(0), None);
        assert_eq!(ping(1), Some(Duration::from_secs(5)));
        assert_eq!(ping(30), Some(Duration::from_secs(30)));
        assert_eq!(ping(u64::MAX), Some(Duration::from_secs(900)));
    }

    #[test]
    fn a_client_that_comes_back_is_told_what_it_missed() {
        let states: Known = std::array::from_fn(|at| Sequence(at as u64 * 3));
        let mut headers = HeaderMap::new();
        assert_eq!(last_event(&headers), None);
        headers.insert("last-event-id", event_id(&states).parse().unwrap());
        assert_eq!(last_event(&headers), Some(states));
        headers.insert("last-event-id", "nonsense".parse().unwrap());
        assert_eq!(last_event(&headers), Some(Known::default()));
    }

    #[test]
    fn only_types_that_moved_are_told() {
        let before = Known::default();
        let stays = ObjectType::Contact as usize;
        let after: Known = std::array::from_fn(|at| Sequence(if at == stays { 0 } else { 9 }));
        let moved = changed(&types("Message,Contact"), &before, &after);
        assert_eq!(Value::Object(moved), json!({"Message": "9"}));
    }
}
