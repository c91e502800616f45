//! A mailbox that is full: a real Postfix keeps what comes meanwhile, and brings it once its person made room. Nobody else
//! waits, nobody gets anything twice, and a new address that a quest brought is reached by the network.

use crate::support;
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use serde_json::json;
use std::time::Duration;
use support::{ALICE, Api, BOB, DOMAIN, Home, PASSWORD, Stopwatch, Wire, letter};

/// How long a message may take through a queue on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Stopwatch::start();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_comes_to_a_full_mailbox_waits_at_its_sender_and_comes_once_there_is_room() {
    let home = Home::with_people();
    let server = home.start();
    server.deliver(&letter("Old", "Something that Alice does not need."));
    let full = home.done(&["account", "storage", ALICE, "--allow", "1 B"], "");
    assert!(full.ends_with("of 1 B\n"), "{full}");

    let mut wire = Wire::greeted(server.smtp, "EHLO");
    wire.ask("MAIL FROM:<ana@elsewhere.test>").unwrap();
    assert!(wire.ask(&format!("RCPT TO:<{ALICE}>")).unwrap().starts_with("452 4.2.2 "));
    assert!(wire.ask(&format!("RCPT TO:<{BOB}>")).unwrap().starts_with("250 "));

    let route = Route { domain: DOMAIN.to_owned(), transport: Transport::Smtp, server: server.smtp };
    let host_name = "mail.elsewhere.test".to_owned();
    let options = PostfixOptions { host_name, routes: vec![route], starttls: Starttls::Never };
    let postfix = Postfix::start(&options).unwrap();
    let mut user = Wire::greeted(postfix.address(), "EHLO");
    let replies = user.deliver("ana@elsewhere.test", &[ALICE, BOB], &letter("News", "For both."));
    assert!(replies[0].starts_with("250 "), "{replies:?}");
    wait_until("Bob gets it", || postfix.log().contains("status=sent"));
    wait_until("Alice's waits", || postfix.log().contains("452 4.2.2"));
    assert_eq!(postfix.queue_length().unwrap(), 1);

    let alice = server.alice();
    let old = alice.conversations().remove(0);
    let id = old["id"].as_str().unwrap();
    alice.call("Conversation/set", json!({ "destroy": [id] }));
    assert_eq!(alice.call("Quota/get", json!({ "ids": ["singleton"] }))["list"][0]["hardLimit"], json!(1));
    let emptied = alice.call("Conversation/empty", json!({ "place": "bin" }));
    assert_eq!((&emptied["removed"], &emptied["finished"]), (&json!(1), &json!(true)));
    wait_until("it comes", || postfix.queue_length().unwrap() == 0);
    let subjects = alice.messages(json!(["subject"]));
    assert_eq!(subjects.iter().map(|one| &one["subject"]).collect::<Vec<_>>(), ["News"]);
    let bob = Api::sign_in(server.http, BOB, PASSWORD);
    assert_eq!(bob.messages(json!(["subject"])).len(), 1, "nobody got it again while Alice had no room");
    let verdict = home.done(&["verify"], "");
    assert!(verdict.contains("nothing is wrong"), "{verdict}");
}

#[test]
fn an_address_that_a_quest_brought_is_reached_until_it_rests() {
    let home = Home::with_people();
    home.configure("[coaching]\naddresses = [{ quests = 1, more = 1 }]\n");
    let server = home.start();
    let alice = server.alice();
    let code = alice.post("/auth/recovery-code", &json!({ "password": PASSWORD })).json();
    alice.post("/auth/recovery-code/confirm", &json!({ "code": code["code"] }));
    let coaching = alice.call("Coaching/get", json!({ "ids": ["singleton"] }))["list"][0].clone();
    assert_eq!(coaching["addressesAllowed"], json!(1), "{coaching}");
    let chosen = format!("ana@{DOMAIN}");
    let made = alice.call("Identity/set", json!({ "create": { "a": { "address": chosen } } }));
    let id = made["created"]["a"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let reply = || {
        let mut wire = Wire::greeted(server.smtp, "EHLO");
        wire.ask("MAIL FROM:<bo@elsewhere.test>").unwrap();
        wire.ask(&format!("RCPT TO:<{chosen}>")).unwrap()
    };
    assert!(reply().starts_with("250 "));
    let rest = |rests: bool| alice.call("Identity/set", json!({ "update": { &id: { "rests": rests } } }));
    rest(true);
    assert!(reply().starts_with("550 5.1.1 "));
    let taken = home.run(&["account", "alias", "add", BOB, &chosen], "");
    assert_eq!(taken.status.code(), Some(1), "nobody else gets it");
    rest(false);
    assert!(reply().starts_with("250 "));
}
