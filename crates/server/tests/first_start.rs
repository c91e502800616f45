//! A person installs Caliopen with one command and creates an account in a browser.

use crate::support;
use serde_json::json;
use support::caliopen::Caliopen;
use support::http::{self, Answer};
use support::{ALICE, Api, BOB, DOMAIN, Home, PASSWORD, api, letter};

/// The form of the first start, sent.
fn first_form(server: &Caliopen, token: &str, address: &str, password: &str) -> Answer {
    let form = json!({ "token": token, "address": address, "password": password, "language": "fr" });
    http::send(server.http, "POST", "/auth/first-start", &[], Some(&form))
}

fn needs_first_start(server: &Caliopen) -> bool {
    http::send(server.http, "GET", "/auth/state", &[], None).json()["firstStart"].as_bool().unwrap()
}

fn token_of(server: &Caliopen) -> String {
    server.url.split_once("/#first-start=").expect("the URL carries the token").1.to_owned()
}

#[test]
fn an_empty_folder_becomes_an_inbox() {
    let home = Home::empty();
    let server = home.start();
    let token = token_of(&server);
    assert!(needs_first_start(&server));

    let page = http::send(server.http, "GET", "/", &[], None);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));

    // Whoever has not the token makes nothing; a mistake in the form does not use it up.
    let forged = "0".repeat(token.len());
    let (status, kind) = first_form(&server, &forged, ALICE, PASSWORD).problem();
    assert_eq!((status, kind.as_str()), (404, "urn:caliopen:error:first-start"));
    let (status, kind) = first_form(&server, &token, ALICE, "short").problem();
    assert_eq!((status, kind.as_str()), (400, "urn:caliopen:error:password-weak"));
    let (status, kind) = first_form(&server, &token, "alice", PASSWORD).problem();
    assert_eq!((status, kind.as_str()), (400, "urn:caliopen:error:address"));

    let answer = first_form(&server, &token, ALICE, PASSWORD);
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.json()["address"], &answer.json()["language"]), (&json!(ALICE), &json!("fr")));
    let alice = Api::of(server.http, &answer);
    assert_eq!(alice.conversations().len(), 0);
    server.deliver(&letter("Benvenuta", "Ciao Alice!"));
    assert_eq!(alice.only_message()["subject"], "Benvenuta");

    let (status, kind) = first_form(&server, &token, BOB, PASSWORD).problem();
    assert_eq!((status, kind.as_str()), (404, "urn:caliopen:error:first-start"));
    assert!(!needs_first_start(&server));
}

#[test]
fn a_token_that_was_not_used_ends_with_its_server() {
    let home = Home::empty();
    let first = home.start();
    let old = token_of(&first);
    assert_eq!(first.stop(), Some(0));
    let second = home.start();
    assert_eq!(first_form(&second, &old, ALICE, PASSWORD).status, 404);
    assert_eq!(first_form(&second, &token_of(&second), ALICE, PASSWORD).status, 200);
}

#[test]
fn a_restart_keeps_everything() {
    let home = Home::empty();
    let server = home.start();
    let answer = first_form(&server, &token_of(&server), ALICE, PASSWORD);
    let session = Api::of(server.http, &answer);
    server.deliver(&letter("Before", "the restart"));
    let before = session.only_message();
    assert_eq!(server.stop(), Some(0));

    let server = home.start();
    assert!(!server.url.contains("first-start"), "{}", server.url);
    assert!(!needs_first_start(&server));
    // The session of before is still one, and so is the password.
    assert_eq!(Api { server: server.http, ..session }.only_message(), before);
    assert_eq!(server.alice().only_message(), before);
    server.deliver(&letter("After", "the restart"));
    assert_eq!(server.alice().messages(json!(["subject"])).len(), 2);
}

#[test]
fn accounts_and_domains_are_added_with_a_server_and_without_one() {
    let home = Home::empty();
    assert_eq!(home.done(&["domain", "add", DOMAIN], ""), format!("mail for {DOMAIN} is received now\n"));
    assert_eq!(home.done(&["account", "add", ALICE], PASSWORD), format!("{ALICE} can sign in now\n"));

    // Beside a running server, which knows them from then on.
    let server = home.start();
    assert!(!needs_first_start(&server));
    home.done(&["domain", "add", "second.test"], "");
    home.done(&["account", "add", "carla@second.test", "--language", "it"], PASSWORD);
    assert_eq!(home.done(&["domain", "list"], ""), format!("{DOMAIN}\nsecond.test\n"));
    for address in [ALICE, "carla@second.test"] {
        Api::sign_in(server.http, address, PASSWORD);
    }

    // Another address of the same person: its mail arrives, and it signs in.
    let alias = format!("choir@{DOMAIN}");
    let done = home.done(&["account", "alias", "add", ALICE, &alias], "");
    assert_eq!(done, format!("mail for {alias} reaches {ALICE} now, and can be written from it\n"));
    Api::sign_in(server.http, &alias, PASSWORD);

    // What the mail of an account takes and may, beside the server and, at the end, without it.
    let size = |allow: &[&str]| home.done(&[&["account", "storage", ALICE], allow].concat(), "");
    assert_eq!(size(&[]), format!("the mail of {ALICE} takes 0 B, of 10.0 GB\n"));
    assert_eq!(size(&["--allow", "20 MB"]), format!("the mail of {ALICE} takes 0 B, of 20.0 MB\n"));
    assert_eq!(size(&["--allow", "unlimited"]), format!("the mail of {ALICE} takes 0 B, no limit\n"));
    assert_eq!(home.run(&["account", "storage", ALICE, "--allow", "much"], "").status.code(), Some(2));

    // What cannot be done is said in one sentence.
    let output = home.run(&["account", "add", ALICE], PASSWORD);
    assert_eq!(output.status.code(), Some(1));
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(sentence.starts_with("caliopen: ") && sentence.lines().count() == 1, "{sentence}");
    for (address, password) in [("dora@elsewhere.test", PASSWORD), (BOB, "short"), ("nobody", PASSWORD)] {
        assert_eq!(home.run(&["account", "add", address], password).status.code(), Some(1), "{address}");
    }
    assert_eq!(api::log_in(server.http, BOB, "short").status, 401);

    let verdict = home.done(&["verify"], "");
    assert!(verdict.contains("2 accounts") && verdict.contains("nothing is wrong"), "{verdict}");
    assert_eq!(server.stop(), Some(0));
    assert_eq!(home.done(&["verify"], ""), verdict);
    assert_eq!(size(&["--allow", "host"]), format!("the mail of {ALICE} takes 0 B, of 10.0 GB\n"));
}
