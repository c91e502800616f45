//! Who is let in, and how access ends.

use crate::support;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;
use support::api::log_in;
use support::http::{self, Answer};
use support::{ALICE, Api, BOB, Home, PASSWORD, Stopwatch};

/// Tries of each kind whose times are compared; both together are within one account's and one network's burst.
const TRIES: usize = 7;
/// How far the medians may be apart on a busy machine. An answer without the stretching of the password takes a
/// hundredth.
const APART_MOST: f64 = 2.0;

const NEW_PASSWORD: &str = "another walk by the sea";

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// The parts of an answer by which it could be told from another.
fn shown(answer: &Answer) -> (u16, Vec<u8>, Vec<String>) {
    let names = answer.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    (answer.status, answer.body.clone(), names)
}

#[test]
fn a_wrong_password_and_an_unknown_account_are_alike() {
    let home = Home::with_people();
    let server = home.start();
    let timed = |address: &str| {
        let start = Stopwatch::start();
        let answer = log_in(server.http, address, "not the password");
        (start.elapsed(), answer)
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        // By turns, so that whatever else the machine does touches both.
        let (time, wrong) = timed(ALICE);
        known.push(time);
        let (time, nobody) = timed("nobody@caliopen.test");
        unknown.push(time);
        assert_eq!(shown(&wrong), shown(&nobody));
        assert_eq!(wrong.problem(), (401, "urn:caliopen:error:credentials".to_owned()));
    }
    let (known, unknown) = (median(known), median(unknown));
    let apart = (known / unknown).max(unknown / known);
    assert!(apart < APART_MOST, "known {known:.3} s, unknown {unknown:.3} s");
    // A domain that is not ours, and what is no address at all, say as little.
    for address in ["alice@elsewhere.test", "alice", "", "\u{0}@"] {
        assert_eq!(timed(address).1.problem().0, 401, "{address:?}");
    }
}

#[test]
fn tries_are_limited_and_the_wait_is_told() {
    let home = Home::with_people();
    let server = home.start();
    let refused = |address: &str| {
        let mut answers = (0..20).map(|_| log_in(server.http, address, "not the password"));
        answers.find(|answer| answer.status != 401).expect("twenty tries are too many")
    };
    let mut waits = Vec::new();
    for address in [ALICE, "nobody@caliopen.test"] {
        let answer = refused(address);
        assert_eq!(answer.problem(), (429, "urn:caliopen:error:rate".to_owned()));
        let seconds: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        waits.push(seconds);
    }
    // Not even the right password is looked at before the time is over; another account is not concerned.
    assert_eq!(log_in(server.http, ALICE, PASSWORD).status, 429);
    assert_eq!(log_in(server.http, &ALICE.to_uppercase(), PASSWORD).status, 429);
    assert_eq!(log_in(server.http, BOB, PASSWORD).status, 200);
}

fn opens(session: &Api) -> bool {
    match session.get("/.well-known/jmap").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

#[test]
fn logging_out_ends_this_session_alone() {
    let home = Home::with_people();
    let server = home.start();
    let (here, there) = (server.alice(), server.alice());
    assert!(opens(&here) && opens(&there));
    assert_eq!(here.post("/auth/logout", &json!({})).status, 204);
    assert!(!opens(&here) && opens(&there));
    assert_eq!(here.post("/jmap/api", &json!({})).status, 401);
    assert_eq!(here.get(&format!("/jmap/download/{}/b0/x", here.account)).status, 401);
}

#[test]
fn a_session_is_ended_from_another_one() {
    let home = Home::with_people();
    let server = home.start();
    let (lost, mine) = (server.alice(), server.alice());
    let sessions = mine.call("Session/get", json!({ "ids": null }));
    let listed = sessions["list"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    let other = listed.iter().find(|session| session["current"] == false).unwrap();
    assert_eq!(other["client"], "a story");
    mine.call("Session/set", json!({ "destroy": [other["id"]] }));
    assert!(!opens(&lost) && opens(&mine));
}

#[test]
fn a_new_password_ends_every_other_session() {
    let home = Home::with_people();
    let server = home.start();
    let (mine, other, bob) = (server.alice(), server.alice(), Api::sign_in(server.http, BOB, PASSWORD));
    let change =
        |current: &str, new: &str| mine.post("/auth/password", &json!({ "current": current, "new": new }));
    assert_eq!(change("not the password", NEW_PASSWORD).problem().0, 401);
    assert_eq!(change(PASSWORD, "short").problem().1, "urn:caliopen:error:password-weak");
    assert!(opens(&other));
    assert_eq!(change(PASSWORD, NEW_PASSWORD).status, 204);
    assert!(opens(&mine) && !opens(&other) && opens(&bob));
    assert_eq!(log_in(server.http, ALICE, PASSWORD).status, 401);
    Api::sign_in(server.http, ALICE, NEW_PASSWORD);
    // It stays so over a restart.
    assert_eq!(server.stop(), Some(0));
    let server = home.start();
    assert_eq!(log_in(server.http, ALICE, PASSWORD).status, 401);
    assert!(opens(&Api { server: server.http, ..mine }));
    assert!(!opens(&Api { server: server.http, ..other }));
}

#[test]
fn a_recovery_code_opens_what_a_forgotten_password_locked() {
    let home = Home::with_people();
    let server = home.start();
    server.deliver(&support::letter("Kept", "whatever the password"));
    let old = server.alice();
    let code = old.post("/auth/recovery-code", &json!({ "password": PASSWORD })).json()["code"].clone();
    let recover = || {
        let form = json!({ "address": ALICE, "code": code, "new": NEW_PASSWORD });
        http::send(server.http, "POST", "/auth/recover", &[], Some(&form))
    };
    // Shown is not yet written down: the code counts once it was typed back.
    assert_eq!(recover().problem().0, 401);
    assert_eq!(old.post("/auth/recovery-code/confirm", &json!({ "code": code })).status, 204);
    let answer = recover();
    assert_eq!(answer.status, 200);
    assert_eq!(Api::of(server.http, &answer).only_message()["subject"], "Kept");
    assert!(!opens(&old));
    assert_eq!(log_in(server.http, ALICE, PASSWORD).status, 401);
}

/// A request as a page in a browser sends it: with the cookie.
fn with_cookie(server: SocketAddr, cookie: &str, more: &[(&str, &str)], method: &str, path: &str) -> Answer {
    let headers = [&[("Cookie", cookie)], more].concat();
    let body = (method == "POST").then(|| json!({ "language": "it" }));
    http::send(server, method, path, &headers, body.as_ref())
}

#[test]
fn the_cookie_is_for_our_own_pages_alone() {
    let home = Home::with_people();
    let server = home.start();
    let answer = log_in(server.http, ALICE, PASSWORD);
    let line = answer.header("set-cookie").to_owned();
    let mut parts = line.split("; ");
    let cookie = parts.next().unwrap();
    assert!(cookie.starts_with("__Host-caliopen="), "{line}");
    let attributes: Vec<&str> = parts.collect();
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(attributes.contains(&attribute), "{line}");
    }
    assert!(!line.contains("Domain"), "{line}");

    let session = |more| with_cookie(server.http, cookie, more, "GET", "/.well-known/jmap").status;
    assert_eq!(session(&[]), 200);
    // A form of another site sends the cookie, and cannot send the header.
    let change = |more| with_cookie(server.http, cookie, more, "POST", "/auth/language");
    assert_eq!(change(&[]).problem(), (400, "urn:caliopen:error:request".to_owned()));
    assert_eq!(change(&[("X-Caliopen", "0")]).status, 400);
    assert_eq!(change(&[("X-Caliopen", "1")]).status, 204);
    let out = with_cookie(server.http, cookie, &[("X-Caliopen", "1")], "POST", "/auth/logout");
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{:?}", out.headers);
    assert_eq!(session(&[]), 401);
}
