//! `/auth/passkey`, `/auth/passkeys`, `/auth/second-factor`, `/auth/step-up`, and the types Passkey and SecondFactor.

use crate::support::{ALICE, Answer, Client, Host, PASSWORD};
use axum::http::Method;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caliopen_testkit::authenticator::{Authenticator, Response};
use caliopen_testkit::code_app::CodeApp;
use serde_json::{Value, json};

const HOST: &str = "mail.example.org";
const ORIGIN: &str = "https://mail.example.org";

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

/// Asks as a page of the host does.
async fn ask(client: &Client, path: &str, body: &Value) -> Answer {
    ask_at(client, HOST, path, body).await
}

async fn ask_at(client: &Client, host: &str, path: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("host", host)];
    client.send(client.request(Method::POST, path, &headers, body.to_string())).await
}

/// A browser with an authenticator in it.
struct Browser(Authenticator);

impl Browser {
    fn new() -> Self {
        Self(Authenticator::new(HOST, ORIGIN).unwrap())
    }

    fn credential(&self, response: &Response) -> Value {
        json!({
            "id": text(&self.0.credential_id),
            "rawId": text(&self.0.credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": text(&response.client_data),
                "authenticatorData": text(&response.authenticator_data),
                "signature": text(&response.signature),
            },
        })
    }

    async fn add(&self, client: &Client, prf: Option<String>) -> Answer {
        let options = ask(client, "/auth/passkeys/options", &json!({ "password": PASSWORD })).await.json();
        let made = self.0.register(&bytes(&options["publicKey"]["challenge"]));
        let form = json!({ "name": "Laptop", "credential": self.credential(&made), "prf": prf });
        ask(client, "/auth/passkeys", &form).await
    }

    /// What is shown for these options.
    fn show(&mut self, options: &Value) -> Value {
        let response = self.0.assert(&bytes(&options["publicKey"]["challenge"])).unwrap();
        json!({ "credential": self.credential(&response), "prf": text(&self.0.prf()) })
    }

    async fn sign_in(&mut self, client: &Client) -> Answer {
        let options = ask(client, "/auth/passkey/options", &json!({})).await.json();
        ask(client, "/auth/passkey", &self.show(&options)).await
    }
}

#[tokio::test]
async fn a_passkey_is_added_and_opens_the_account_by_itself() {
    let host = Host::new().await;
    let (alice, mut browser) = (host.alice().await, Browser::new());
    let options = ask(&alice, "/auth/passkeys/options", &json!({ "password": PASSWORD })).await.json();
    let asked = &options["publicKey"];
    assert_eq!(asked["rp"], json!({ "id": HOST, "name": "Caliopen" }));
    assert_eq!(bytes(&asked["user"]["id"]), alice.account.as_bytes());
    assert_eq!(asked["user"]["name"], json!(ALICE));
    assert_eq!(asked["authenticatorSelection"]["userVerification"], json!("required"));
    assert_eq!(asked["authenticatorSelection"]["residentKey"], json!("required"));
    assert_eq!(bytes(&asked["extensions"]["prf"]["eval"]["first"]), b"caliopen passkey 1");
    let added = browser.add(&alice, Some(text(&browser.0.prf()))).await;
    assert_eq!((added.status.as_u16(), added.json()["canSignIn"].clone()), (200, json!(true)));
    let stranger = host.stranger();
    let options = ask(&stranger, "/auth/passkey/options", &json!({})).await.json();
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]), "nobody is told who has one");
    assert_eq!(options["publicKey"]["rpId"], json!(HOST));
    let signed_in = ask(&stranger, "/auth/passkey", &browser.show(&options)).await;
    assert_eq!(signed_in.status, 200);
    let token = signed_in.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(stranger.with_token(&token).get("/.well-known/jmap").await.status, 200);
}

#[tokio::test]
async fn passkeys_are_listed_renamed_and_removed() {
    let host = Host::new().await;
    let (alice, browser) = (host.alice().await, Browser::new());
    let id = browser.add(&alice, None).await.json()["id"].as_str().unwrap().to_owned();
    let (_, got) = alice.call("Passkey/get", json!({ "ids": null })).await;
    let one = &got["list"][0];
    assert_eq!((one["name"].clone(), one["canSignIn"].clone()), (json!("Laptop"), json!(false)));
    assert_eq!((one["isSynced"].clone(), one["lastUsedAt"].clone()), (json!(false), json!(null)));
    let state = got["state"].clone();
    let patch = json!({ "update": { &id: { "name": "Blue" } } });
    assert_eq!(alice.call("Passkey/set", patch).await.1["updated"], json!({ &id: null }));
    let (_, changes) = alice.call("Passkey/changes", json!({ "sinceState": state })).await;
    assert_eq!(changes["updated"], json!([id]));
    let wrong = json!({ "update": { &id: { "name": "" } }, "create": { "x": { "name": "made" } } });
    let (_, refused) = alice.call("Passkey/set", wrong).await;
    assert_eq!(refused["notUpdated"][&id]["type"], json!("invalidProperties"));
    assert_eq!(refused["notCreated"]["x"]["type"], json!("forbidden"));
    let (_, removed) = alice.call("Passkey/set", json!({ "destroy": [id, "y0"] })).await;
    assert_eq!(
        (removed["destroyed"].clone(), removed["notDestroyed"]["y0"]["type"].clone()),
        (json!([id]), json!("notFound"))
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_is_forged_is_answered_alike() {
    let host = Host::new().await;
    let (alice, stranger, mut browser) = (host.alice().await, host.stranger(), Browser::new());
    let added = browser.add(&alice, None).await;
    assert_eq!(added.status, 200);
    let check = |answer: &Answer, status: u16, kind: &str| {
        assert_eq!(answer.problem(), (status, format!("urn:caliopen:error:{kind}")));
    };
    check(&browser.sign_in(&stranger).await, 401, "passkey-only-confirms");
    check(&Browser::new().sign_in(&stranger).await, 401, "credentials");
    browser.0.origin = "https://evil.example".to_owned();
    check(&browser.sign_in(&stranger).await, 401, "credentials");
    browser.0.origin = ORIGIN.to_owned();
    check(&browser.add(&alice, None).await, 409, "passkey-known");
    let wrong = json!({ "password": "wrong wrong wrong" });
    check(&ask(&alice, "/auth/passkeys/options", &wrong).await, 401, "credentials");
    check(&ask(&alice, "/auth/passkeys/options", &json!({})).await, 401, "credentials");
    check(&ask_at(&alice, "127.0.0.1:8080", "/auth/passkey/options", &json!({})).await, 400, "passkey-name");
    check(&ask(&stranger, "/auth/passkeys/options", &wrong).await, 401, "session");
    let options = ask(&stranger, "/auth/passkey/options", &json!({})).await.json();
    let mut unreadable = browser.show(&options);
    unreadable["credential"]["rawId"] = json!("+/+");
    check(&ask(&stranger, "/auth/passkey", &unreadable).await, 400, "request");
    let mut short = browser.show(&options);
    short["prf"] = json!(text(&[1; 31]));
    check(&ask(&stranger, "/auth/passkey", &short).await, 400, "request");
    check(&ask(&stranger, "/auth/passkey", &json!({})).await, 400, "request");
    let answered = browser.0.register(&[7; 32]);
    let form = json!({ "name": "x", "credential": browser.credential(&answered) });
    check(&ask(&alice, "/auth/passkeys", &form).await, 400, "passkey");
}

#[tokio::test]
async fn the_password_asks_for_a_code_beside_it_once_an_app_is_set_up() {
    let host = Host::new().await;
    let (alice, stranger) = (host.alice().await, host.stranger());
    let made = ask(&alice, "/auth/second-factor/codes", &json!({ "password": PASSWORD })).await.json();
    assert!(
        made["uri"].as_str().unwrap().starts_with("otpauth://totp/mail.example.org:alice%40example.org?")
    );
    let app = CodeApp::new(made["secret"].as_str().unwrap()).unwrap();
    let now = || host.hub.now().unix_ms();
    let confirm =
        async |code: &str| ask(&alice, "/auth/second-factor/codes/confirm", &json!({ "code": code })).await;
    assert_eq!(confirm("12345").await.problem(), (401, "urn:caliopen:error:second-factor-wrong".to_owned()));
    assert_eq!(confirm(&app.code(now())).await.status, 204);
    let (_, got) = alice.call("SecondFactor/get", json!({ "ids": null })).await;
    assert_eq!(got["list"], json!([{ "id": "singleton", "isOn": true, "hasCodes": true }]));
    host.pass(30_000);
    let login = async |code: Option<String>| {
        ask(&stranger, "/auth/login", &json!({ "address": ALICE, "password": PASSWORD, "code": code })).await
    };
    let asked = login(None).await;
    assert_eq!(asked.problem(), (401, "urn:caliopen:error:second-factor".to_owned()));
    assert_eq!(
        (asked.json()["codes"].clone(), asked.json()["passkeys"].clone()),
        (json!(true), json!(false))
    );
    let code = app.code(now());
    assert_eq!(login(Some(code.clone())).await.status, 200);
    assert_eq!(login(Some(code)).await.problem(), (401, "urn:caliopen:error:second-factor-wrong".to_owned()));
    let off = json!({ "password": PASSWORD, "isOn": false });
    assert_eq!(ask(&alice, "/auth/second-factor", &off).await.status, 204);
    let signed_in = login(None).await;
    assert_eq!(
        (signed_in.status.as_u16(), signed_in.json()["secondFactorEnded"].clone()),
        (200, json!(false))
    );
    let on = json!({ "password": PASSWORD, "isOn": true });
    let none = ask(&alice, "/auth/second-factor", &on).await;
    assert_eq!(none.problem(), (409, "urn:caliopen:error:second-factor-none".to_owned()));
}

#[tokio::test]
async fn a_passkey_beside_the_password_will_do_and_the_last_one_stays_meanwhile() {
    let host = Host::new().await;
    let (alice, stranger, mut browser) = (host.alice().await, host.stranger(), Browser::new());
    let id = browser.add(&alice, None).await.json()["id"].as_str().unwrap().to_owned();
    let on = json!({ "password": PASSWORD, "isOn": true });
    assert_eq!(ask(&alice, "/auth/second-factor", &on).await.status, 204);
    let (_, removed) = alice.call("Passkey/set", json!({ "destroy": [id] })).await;
    assert_eq!(removed["notDestroyed"][&id]["type"], json!("forbidden"));
    let options = ask(&stranger, "/auth/passkey/options", &json!({})).await.json();
    let form = json!({ "address": ALICE, "password": PASSWORD, "passkey": browser.show(&options) });
    assert_eq!(ask(&stranger, "/auth/login", &form).await.status, 200);
    let replayed = ask(&stranger, "/auth/login", &form).await;
    assert_eq!(replayed.problem(), (401, "urn:caliopen:error:second-factor-wrong".to_owned()));
}

#[tokio::test]
async fn a_session_steps_up_by_each_of_its_ways() {
    let host = Host::new().await;
    let (alice, mut browser) = (host.alice().await, Browser::new());
    let ways = ask(&alice, "/auth/step-up/options", &json!({})).await.json();
    assert_eq!(ways, json!({ "publicKey": null, "codes": false, "recoveryCode": false }));
    browser.add(&alice, None).await;
    let ways = ask(&alice, "/auth/step-up/options", &json!({})).await.json();
    let allowed = json!([{ "type": "public-key", "id": text(&browser.0.credential_id) }]);
    assert_eq!(ways["publicKey"]["allowCredentials"], allowed);
    let stepped_up = ask(&alice, "/auth/step-up", &json!({ "passkey": browser.show(&ways) })).await;
    assert_eq!(stepped_up.status, 200);
    let (_, got) = alice.call("Session/get", json!({ "ids": null })).await;
    assert_eq!(got["list"][0]["steppedUpUntil"], stepped_up.json()["until"]);
    assert_eq!(
        ask(&alice, "/auth/passkeys/options", &json!({})).await.status,
        200,
        "no password is needed now"
    );
    let elsewhere = ask_at(&alice, "127.0.0.1", "/auth/step-up/options", &json!({})).await.json();
    assert_eq!(elsewhere["publicKey"], json!(null), "a number has no passkeys");
    let code = alice.post("/auth/recovery-code", &json!({ "password": PASSWORD })).await.json();
    assert_eq!(alice.post("/auth/recovery-code/confirm", &code).await.status, 204);
    let by_code = json!({ "recoveryCode": code["code"] });
    assert_eq!(alice.post("/auth/step-up", &by_code).await.status, 200);
    assert_eq!(alice.post("/auth/step-up/end", &json!({})).await.status, 204);
    let (_, got) = alice.call("Session/get", json!({ "ids": null })).await;
    assert_eq!(got["list"][0]["steppedUpUntil"], json!(null), "it is over when its person says so");
    let wrong = alice.post("/auth/step-up", &json!({ "code": "123456" })).await;
    assert_eq!(wrong.problem(), (401, "urn:caliopen:error:credentials".to_owned()));
    assert_eq!(alice.post("/auth/step-up", &json!({})).await.problem().0, 400);
}
