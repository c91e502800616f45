//! A device signs: what a session that is bound to one is answered, and Device/get, /changes and /set.

use crate::support::{Answer, Client, Host, PASSWORD};
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use caliopen_hub::DevicePair;
use serde_json::{Value, json};

/// A browser: its keys, and the session that it began.
struct Browser {
    pair: DevicePair,
    client: Client,
    device: String,
}

impl Browser {
    async fn sign_in(host: &Host, number: u8, is_shared: bool) -> (Self, Answer) {
        let mut next = number;
        let pair = DevicePair::generate(&mut |bytes: &mut [u8]| {
            bytes.fill(next);
            next = next.wrapping_add(1);
        });
        let (signing, agreement) = pair.keys().to_bytes();
        let device = json!({
            "signingKey": BASE64_STANDARD.encode(signing),
            "agreementKey": BASE64_STANDARD.encode(agreement),
            "isShared": is_shared,
        });
        let form = json!({ "address": "alice@example.org", "password": PASSWORD, "client": "Firefox", "device": device });
        let answer = host.stranger().post("/auth/login", &form).await;
        let told = answer.json();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let client = host.stranger().with_account(&text("token"), &text("accountId"));
        (Self { pair, client, device: text("deviceId") }, answer)
    }

    fn proof(&self, host: &Host, method: &str, path: &str) -> String {
        let seconds = host.hub.now().unix_ms() / 1000;
        let words = format!("caliopen request 1\n{method}\n{path}\n{seconds}");
        format!("{seconds}.{}", BASE64_URL_SAFE_NO_PAD.encode(self.pair.sign(words.as_bytes())))
    }

    /// Asks with a proof in the header.
    async fn ask(&self, host: &Host, method: Method, path: &str, body: &str) -> Answer {
        let proof = self.proof(host, method.as_str(), path);
        let headers = [("x-caliopen-proof", proof.as_str()), ("content-type", "application/json")];
        self.client.send(self.client.request(method, path, &headers, body.to_owned())).await
    }

    /// Calls one method.
    async fn call(&self, host: &Host, name: &str, mut arguments: Value) -> Value {
        arguments["accountId"] = json!(self.client.account);
        let using = ["urn:ietf:params:jmap:core", "urn:caliopen:params:jmap:correspondence"];
        let request = json!({ "using": using, "methodCalls": [[name, arguments, "c"]] });
        let answer = self.ask(host, Method::POST, "/jmap/api", &request.to_string()).await;
        answer.json()["methodResponses"][0][1].clone()
    }
}

fn kind(answer: &Answer) -> String {
    answer.json()["type"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_a_device_began_is_answered_for_what_it_signed_alone() {
    let host = Host::new().await;
    let (browser, _) = Browser::sign_in(&host, 1, false).await;
    let (thief, _) = Browser::sign_in(&host, 2, false).await;
    let session = "/.well-known/jmap";
    assert_eq!(browser.ask(&host, Method::GET, session, "").await.status, StatusCode::OK);
    let stolen = browser.client.get(session).await;
    assert_eq!(
        (stolen.status, kind(&stolen).as_str()),
        (StatusCode::UNAUTHORIZED, "urn:caliopen:error:proof")
    );
    for proof in [
        thief.proof(&host, "GET", session),
        browser.proof(&host, "GET", "/jmap/start"),
        browser.proof(&host, "POST", session),
    ] {
        let headers = [("x-caliopen-proof", proof.as_str())];
        let request = browser.client.request(Method::GET, session, &headers, "");
        assert_eq!(browser.client.send(request).await.status, StatusCode::UNAUTHORIZED, "{proof}");
    }
    let old = browser.proof(&host, "GET", session);
    host.pass(3 * 60 * 1000);
    let request = browser.client.request(Method::GET, session, &[("x-caliopen-proof", &old)], "");
    assert_eq!(browser.client.send(request).await.status, StatusCode::UNAUTHORIZED, "it is too old");
}

#[tokio::test]
async fn what_the_browser_asks_for_by_itself_is_signed_in_its_address() {
    let host = Host::new().await;
    let (browser, _) = Browser::sign_in(&host, 1, false).await;
    let path = "/jmap/events?types=*&closeafter=no&ping=0";
    let signed = format!("{path}&proof={}", browser.proof(&host, "GET", path));
    let open = async |path: &str| {
        let request = browser.client.request(Method::GET, path, &[], "");
        browser.client.open(request).await.status()
    };
    assert_eq!(open(&signed).await, StatusCode::OK);
    assert_eq!(open(path).await, StatusCode::UNAUTHORIZED);
    assert_eq!(open(&signed.replace("ping=0", "ping=9")).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_first_answer_opens_on_the_device_alone() {
    let host = Host::new().await;
    host.deliver("bo@example.net", "A secret plan", "words").await;
    let (browser, _) = Browser::sign_in(&host, 1, false).await;
    let answer = browser.client.get("/jmap/start").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/vnd.caliopen.sealed");
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret plan"));
    let opened = browser.pair.open("caliopen start 1", &answer.body).unwrap();
    let opened: Value = serde_json::from_slice(&opened).unwrap();
    assert_eq!(opened["inbox"]["methodResponses"][1][1]["list"][0]["subject"], json!("A secret plan"));
}

#[tokio::test]
async fn a_shared_device_keeps_its_cookie_no_longer_than_its_browser() {
    let host = Host::new().await;
    for (is_shared, number) in [(false, 1), (true, 2)] {
        let (browser, answer) = Browser::sign_in(&host, number, is_shared).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        assert_eq!(cookie.contains("Max-Age"), !is_shared, "{cookie}");
        let list =
            browser.call(&host, "Device/get", json!({ "ids": [browser.device] })).await["list"].clone();
        assert_eq!((&list[0]["isShared"], &list[0]["isCurrent"]), (&json!(is_shared), &json!(true)));
    }
}

#[tokio::test]
async fn devices_are_listed_named_and_removed() {
    let host = Host::new().await;
    let (mine, _) = Browser::sign_in(&host, 1, false).await;
    let (lost, _) = Browser::sign_in(&host, 2, false).await;
    let listed = mine.call(&host, "Device/get", json!({ "ids": null })).await;
    assert_eq!(listed["list"].as_array().unwrap().len(), 2);
    let state = &listed["state"];
    let patch = json!({ "update": { &lost.device: { "name": "the old phone" } } });
    mine.call(&host, "Device/set", patch).await;
    let shown = mine.call(&host, "Device/get", json!({ "ids": [lost.device] })).await["list"][0].clone();
    assert_eq!((&shown["name"], &shown["isSignedIn"]), (&json!("the old phone"), &json!(true)));
    let gone = mine.call(&host, "Device/set", json!({ "destroy": [lost.device] })).await;
    assert_eq!(gone["destroyed"], json!([lost.device]));
    assert_eq!(lost.ask(&host, Method::GET, "/.well-known/jmap", "").await.status, StatusCode::UNAUTHORIZED);
    let changes = mine.call(&host, "Device/changes", json!({ "sinceState": state })).await;
    assert_eq!(changes["destroyed"], json!([lost.device]));
    let refused =
        mine.call(&host, "Device/set", json!({ "update": { &mine.device: { "daysUsed": 9 } } })).await;
    assert_eq!(refused["notUpdated"][&mine.device]["type"], json!("invalidProperties"));
}

#[tokio::test]
async fn a_device_has_an_index_that_says_what_would_raise_it() {
    let host = Host::new().await;
    let (mine, _) = Browser::sign_in(&host, 1, false).await;
    let (shared, _) = Browser::sign_in(&host, 2, true).await;
    let report = async |browser: &Browser, language: &str| {
        let asked = json!({ "ids": [browser.device], "language": language });
        browser.call(&host, "PrivacyReport/get", asked).await["list"][0].clone()
    };
    let explained = report(&mine, "en").await;
    let points = explained["points"].as_array().unwrap();
    let key = points.iter().find(|row| row["component"] == "key").unwrap();
    assert_eq!((&key["points"], &key["known"]), (&json!(20), &json!(true)), "{key}");
    assert!(explained["raises"].as_array().is_some_and(|raises| !raises.is_empty()), "{explained}");
    let listed = mine.call(&host, "Device/get", json!({ "ids": [mine.device] })).await["list"][0].clone();
    assert_eq!(listed["privacy"], explained["privacy"]);
    let limited = report(&shared, "fr").await;
    assert_eq!(limited["caps"][0]["limit"], json!(25), "{limited}");
    assert!(limited["caps"][0]["reason"].as_str().is_some_and(|reason| reason.contains("d’autres")));
    assert!(limited["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()));
}

#[tokio::test]
async fn keys_that_are_none_are_refused() {
    let host = Host::new().await;
    for device in [json!({}), json!({ "signingKey": "AAAA", "agreementKey": "AAAA" }), json!("x")] {
        let form = json!({ "address": "alice@example.org", "password": PASSWORD, "device": device });
        assert_eq!(
            host.stranger().post("/auth/login", &form).await.status,
            StatusCode::BAD_REQUEST,
            "{device}"
        );
    }
}
