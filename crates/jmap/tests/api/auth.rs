//! `/auth`: signing in and out, the cookie and the bearer token.

use crate::support::{ALICE, Answer, Client, Host, PASSWORD, header};
use axum::body::Body;
use axum::http::Method;
use caliopen_jmap::{Limits, PeerAddress};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

fn login(password: &str) -> Value {
    json!({ "address": ALICE, "password": password, "client": "Firefox" })
}

/// The token of `Set-Cookie`, with everything that makes it safe.
fn cookie(answer: &Answer) -> String {
    let line = header(&answer.headers, "set-cookie");
    let (pair, attributes) = line.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=7776000");
    pair.strip_prefix("__Host-caliopen=").unwrap().to_owned()
}

/// The account that a token opens; none when it opens nothing.
async fn opens(client: &Client, token: &str) -> bool {
    client.with_token(token).get("/.well-known/jmap").await.status == 200
}

#[tokio::test]
async fn a_login_gives_one_session_as_a_token_and_as_a_cookie() {
    let host = Host::new().await;
    let stranger = host.stranger();
    let answer = stranger.post("/auth/login", &login(PASSWORD)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer.headers, "cache-control"), "no-store");
    let signed_in = answer.json();
    assert_eq!(signed_in["address"], json!(ALICE));
    assert_eq!(signed_in["language"], json!("en"));
    assert_eq!(signed_in["recoveryCodeConfirmed"], json!(false));
    assert!(signed_in["accountId"].as_str().unwrap().starts_with('a'));
    assert_eq!(signed_in["token"], json!(cookie(&answer)));
    assert!(opens(&stranger, &cookie(&answer)).await);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let host = Host::new().await;
    let stranger = host.stranger();
    let wrong = stranger.post("/auth/login", &login("not the password")).await;
    assert_eq!(wrong.problem(), (401, "urn:caliopen:error:credentials".to_owned()));
    for address in ["nobody@example.org", "alice@elsewhere.example", "no address at all", ""] {
        let unknown =
            stranger.post("/auth/login", &json!({ "address": address, "password": PASSWORD })).await;
        assert_eq!((unknown.status, &unknown.body), (wrong.status, &wrong.body), "{address}");
        assert_eq!(unknown.headers, wrong.headers);
    }
}

#[tokio::test]
async fn tries_are_limited_by_account_and_the_answer_says_how_long() {
    let host = Host::new().await;
    let stranger = host.stranger();
    let try_from = |last: u8| {
        let mut request =
            stranger.request(Method::POST, "/auth/login", &[JSON], login("wrong wrong").to_string());
        request.extensions_mut().insert(PeerAddress(std::net::IpAddr::from([192, 0, last, 1])));
        request
    };
    let mut statuses = Vec::new();
    for number in 0..9 {
        statuses.push(stranger.send(try_from(number)).await.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 401, 401, 429]);
    let limited = stranger.send(try_from(100)).await;
    assert_eq!(limited.problem(), (429, "urn:caliopen:error:rate".to_owned()));
    let seconds: u32 = header(&limited.headers, "retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn forms_that_are_wrong_are_refused_with_a_sentence() {
    let host = Host::new().await;
    let stranger = host.stranger();
    let request = (400, "urn:caliopen:error:request".to_owned());
    for body in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"address":1,"password":"x"}"#,
        r#"{"address":"a","address":"b","password":"c"}"#,
    ] {
        assert_eq!(stranger.post_with("/auth/login", &[JSON], body).await.problem(), request, "{body}");
    }
    let form = "address=alice&password=x";
    let urlencoded = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(stranger.post_with("/auth/login", &[urlencoded], form).await.problem(), request);
    let huge = json!({ "address": "a".repeat(20_000), "password": "x" });
    assert_eq!(stranger.post("/auth/login", &huge).await.problem().0, 413);
    assert_eq!(stranger.get("/auth/login").await.status, 405);
}

#[tokio::test]
async fn with_the_cookie_a_change_needs_our_header() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let cookie = format!("theme=dark; __Host-caliopen={}", alice.token);
    let with_cookie = ("cookie", cookie.as_str());
    let browser = host.stranger();
    assert_eq!(browser.get_with("/.well-known/jmap", &[with_cookie]).await.status, 200);
    let request = json!({ "using": [], "methodCalls": [] }).to_string();
    for path in [
        "/jmap/api",
        "/auth/logout",
        "/auth/language",
        "/auth/device-key",
        &format!("/jmap/upload/{}", alice.account),
    ] {
        let forged = browser.post_with(path, &[JSON, with_cookie], request.clone()).await;
        assert_eq!(forged.problem(), (400, "urn:caliopen:error:request".to_owned()), "{path}");
        let other = browser.post_with(path, &[JSON, with_cookie, ("x-caliopen", "0")], request.clone()).await;
        assert_eq!(other.status, 400);
    }
    let own =
        browser.post_with("/jmap/api", &[JSON, with_cookie, ("x-caliopen", "1")], request.clone()).await;
    assert_eq!(own.status, 200);
    let bearer = alice.post_with("/jmap/api", &[JSON], request).await;
    assert_eq!(bearer.status, 200);
}

#[tokio::test]
async fn every_path_that_needs_a_session_says_so() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let unknown = host.stranger().with_token(&"x".repeat(43));
    for client in [host.stranger(), unknown] {
        for path in ["/.well-known/jmap", "/jmap/events", &format!("/jmap/download/{}/b/n", alice.account)] {
            assert_eq!(
                client.get(path).await.problem(),
                (401, "urn:caliopen:error:session".to_owned()),
                "{path}"
            );
        }
        let posts = [
            "/jmap/api",
            "/auth/logout",
            "/auth/password",
            "/auth/recovery-code",
            "/auth/language",
            "/auth/device-key",
        ];
        for path in posts {
            assert_eq!(
                client.post(path, &json!({})).await.problem().1,
                "urn:caliopen:error:session",
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn logging_out_ends_the_session_and_its_key() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let other = host.alice().await;
    let answer = alice.post("/auth/logout", &json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    assert!(header(&answer.headers, "set-cookie").starts_with("__Host-caliopen=; "));
    assert!(header(&answer.headers, "set-cookie").ends_with("Max-Age=0"));
    assert!(!opens(&alice, &alice.token).await);
    assert!(opens(&other, &other.token).await);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let host = Host::new().await;
    let (alice, other) = (host.alice().await, host.alice().await);
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let short = alice.post("/auth/password", &change(PASSWORD, "too short")).await;
    assert_eq!(short.problem(), (400, "urn:caliopen:error:password-weak".to_owned()));
    let wrong = alice.post("/auth/password", &change("not the password", "another horse battery")).await;
    assert_eq!(wrong.problem(), (401, "urn:caliopen:error:credentials".to_owned()));
    assert!(opens(&other, &other.token).await);
    assert_eq!(alice.post("/auth/password", &change(PASSWORD, "another horse battery")).await.status, 204);
    assert!(opens(&alice, &alice.token).await);
    assert!(!opens(&other, &other.token).await);
    assert_eq!(alice.post("/auth/login", &login(PASSWORD)).await.status, 401);
    assert_eq!(alice.post("/auth/login", &login("another horse battery")).await.status, 200);
}

#[tokio::test]
async fn a_recovery_code_counts_once_it_is_confirmed() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let wrong = alice.post("/auth/recovery-code", &json!({ "password": "not the password" })).await;
    assert_eq!(wrong.problem().1, "urn:caliopen:error:credentials");
    let code =
        alice.post("/auth/recovery-code", &json!({ "password": PASSWORD })).await.json()["code"].clone();
    let recover = |new: &str| json!({ "address": ALICE, "code": code, "new": new });
    let early = alice.post("/auth/recover", &recover("a third long password")).await;
    assert_eq!(early.problem().1, "urn:caliopen:error:credentials");
    let mistyped = alice.post("/auth/recovery-code/confirm", &json!({ "code": "nonsense" })).await;
    assert_eq!(mistyped.problem().1, "urn:caliopen:error:credentials");
    assert_eq!(alice.post("/auth/recovery-code/confirm", &json!({ "code": code })).await.status, 204);

    let weak = host.stranger().post("/auth/recover", &recover("short")).await;
    assert_eq!(weak.problem().1, "urn:caliopen:error:password-weak");
    let recovered = host.stranger().post("/auth/recover", &recover("a third long password")).await;
    assert_eq!(recovered.status, 200);
    assert_eq!(recovered.json()["recoveryCodeConfirmed"], json!(true));
    assert!(opens(&alice, &cookie(&recovered)).await);
    assert!(!opens(&alice, &alice.token).await);
}

#[tokio::test]
async fn the_first_start_happens_once() {
    let host = Host::empty(Limits::default());
    let stranger = host.stranger();
    let ask = [("accept-language", "fr-FR, fr;q=0.9, en;q=0.8")];
    let state = stranger.get_with("/auth/state", &ask).await.json();
    assert_eq!(state, json!({ "firstStart": true, "language": "fr", "languages": ["en", "fr", "it"] }));

    let token = host.hub.begin_first_start().await.unwrap().unwrap();
    let form = |token: &str, address: &str, password: &str| json!({ "token": token, "address": address, "password": password, "language": "it" });
    let over = (404, "urn:caliopen:error:first-start".to_owned());
    let path = "/auth/first-start";
    assert_eq!(stranger.post(path, &form("guessed", ALICE, PASSWORD)).await.problem(), over);
    let nowhere = stranger.post(path, &form(&token, "alice", PASSWORD)).await;
    assert_eq!(nowhere.problem(), (400, "urn:caliopen:error:address".to_owned()));
    let weak = stranger.post(path, &form(&token, ALICE, "short")).await;
    assert_eq!(weak.problem(), (400, "urn:caliopen:error:password-weak".to_owned()));
    let done = stranger.post(path, &form(&token, ALICE, PASSWORD)).await;
    assert_eq!((done.status.as_u16(), &done.json()["language"]), (200, &json!("it")));
    assert!(opens(&stranger, &cookie(&done)).await);
    assert_eq!(stranger.post(path, &form(&token, "eve@example.org", PASSWORD)).await.problem(), over);
    assert_eq!(stranger.get("/auth/state").await.json()["firstStart"], json!(false));
}

#[tokio::test]
async fn a_language_is_one_of_three() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let refused = alice.post("/auth/language", &json!({ "language": "tlh" })).await;
    assert_eq!(refused.problem(), (400, "urn:caliopen:error:request".to_owned()));
    assert_eq!(alice.post("/auth/language", &json!({ "language": "it" })).await.status, 204);
    let again = host.stranger().post("/auth/login", &login(PASSWORD)).await.json();
    assert_eq!(again["language"], json!("it"));
}

#[tokio::test]
async fn a_body_of_any_type_does_not_matter_where_none_is_read() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let answer = alice.send(alice.request(Method::POST, "/auth/logout", &[], Body::empty())).await;
    assert_eq!(answer.status, 204);
}

#[tokio::test]
async fn a_browser_is_told_the_key_of_what_it_keeps_while_it_has_a_session() {
    let host = Host::new().await;
    let (alice, other) = (host.alice().await, host.alice().await);
    let device = |name: &str| json!({ "device": name });
    let (one, two) = ("AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAQ==");
    let answer = alice.post("/auth/device-key", &device(one)).await;
    assert_eq!(header(&answer.headers, "cache-control"), "no-store");
    let key = answer.json()["key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 44, "32 bytes in base64");
    assert_eq!(other.post("/auth/device-key", &device(one)).await.json()["key"], json!(key), "any session");
    assert_ne!(alice.post("/auth/device-key", &device(two)).await.json()["key"], json!(key));
    for wrong in ["", "AAAA", "not base64 at all!"] {
        let refused = alice.post("/auth/device-key", &device(wrong)).await;
        assert_eq!(refused.problem(), (400, "urn:caliopen:error:request".to_owned()), "{wrong}");
    }
    assert_eq!(alice.post("/auth/logout", &json!({})).await.status, 204);
    assert_eq!(alice.post("/auth/device-key", &device(one)).await.status, 401);
}
