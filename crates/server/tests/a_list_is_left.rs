//! A newsletter comes, and Alice leaves it by one click: its host is asked once, and hears nothing of her that it did not
//! write itself. What nobody signed is not asked.

use crate::support;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::https::{Answer, Https};
use serde_json::{Value, json};
use support::dkim::Signer;
use support::{ALICE, Api, Home, Wire, folder};

const LISTS: &str = "lists.news.test";
const SECRET: &str = "u=4f1c-of-alice";
const BARE: [&str; 4] = ["From", "To", "Subject", "Date"];
const WHOLE: [&str; 6] = ["From", "To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"];

fn newsletter(subject: &str, host: &str) -> Vec<u8> {
    format!(
        "From: News <news@news.test>\r\nTo: {ALICE}\r\nSubject: {subject}\r\n\
         Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n\
         List-Unsubscribe: <https://{host}/leave?{SECRET}>, <mailto:leave@news.test>\r\n\
         List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nBuy this!\r\n"
    )
    .into_bytes()
}

/// A server that asks this DNS, believes the list's host, and knows where it is.
fn home(knot: &Knot, lists: &Https) -> Home {
    let home = Home::with_people();
    let authorities = home.beside("authorities.pem");
    std::fs::write(&authorities, lists.certificate()).unwrap();
    home.configure(&format!(
        "host_name = \"mx.caliopen.test\"\n[dns]\nservers = [\"{}\"]\ndnssec = false\n\
         [fetch]\nauthorities = {authorities:?}\n[deliver.hosts]\n\"{LISTS}\" = \"{}\"\n",
        knot.address(),
        lists.address()
    ));
    home
}

fn message(alice: &Api, subject: &str) -> Value {
    let all = alice.messages(json!(["id", "subject", "keywords", "leftAt", "suspicious"]));
    all.into_iter().find(|message| message["subject"] == subject).unwrap()
}

#[test]
fn one_click_asks_the_lists_host_once_and_only_when_its_sender_signed_how() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let lists = runtime.block_on(Https::start(&[LISTS], Answer::text("bye")));
    let signer = Signer::new("news.test");
    let zone = Zone::new("news.test", Signing::Unsigned)
        .text("story._domainkey", &signer.record())
        .text("_dmarc", "v=DMARC1; p=reject");
    let knot = Knot::start(&[zone]).unwrap();
    let home = home(&knot, &lists);
    let server = home.start();

    let mut sender = Wire::greeted(server.smtp, "EHLO");
    let signed = signer.sign_fields(&WHOLE, &newsletter("Offers", LISTS));
    let forged = signer.sign_fields(&BARE, &newsletter("Bargains", LISTS));
    let loopback = signer.sign_fields(&WHOLE, &newsletter("Inside", "127.0.0.1"));
    for raw in [&signed, &forged, &loopback] {
        let replies = sender.deliver("bounce@news.test", &[ALICE], raw);
        assert!(replies.iter().all(|reply| reply.starts_with("250 ")), "{replies:?}");
    }

    let alice = server.alice();
    let unsubscribe = |message: &Value| alice.call("Message/unsubscribe", json!({ "id": message["id"] }));
    let bargains = message(&alice, "Bargains");
    assert_eq!((&bargains["keywords"], &bargains["suspicious"]), (&json!({}), &json!(false)));
    assert_eq!(unsubscribe(&bargains)["notLeft"]["type"], "notOffered");
    assert_eq!(unsubscribe(&message(&alice, "Inside"))["notLeft"]["type"], "unreachable");
    assert!(lists.requests().is_empty());

    let offers = message(&alice, "Offers");
    assert_eq!((&offers["keywords"], &offers["leftAt"]), (&json!({ "$canunsubscribe": true }), &Value::Null));
    for _ in 0..2 {
        assert!(unsubscribe(&offers)["leftAt"].is_string(), "{}", unsubscribe(&offers));
    }
    assert!(message(&alice, "Offers")["leftAt"].is_string());
    let [request] = &lists.requests()[..] else { panic!("{:?}", lists.requests()) };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with(&format!("POST /leave?{SECRET} HTTP/1.1\r\n")), "{head}");
    assert_eq!(body, "List-Unsubscribe=One-Click");
    let head = head.to_lowercase();
    assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
    for telltale in ["cookie", "authorization", "referer", "origin", "user-agent", ALICE, "caliopen"] {
        assert!(!head.contains(telltale), "{telltale}: {head}");
    }

    server.stop();
    let kept: Vec<u8> = folder::files(&home.data()).into_values().flatten().collect();
    let said = home.log();
    for word in [SECRET, LISTS] {
        assert!(!kept.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word} stands in clear");
        assert!(!said.contains(word), "{word} stands in the log");
    }
}
