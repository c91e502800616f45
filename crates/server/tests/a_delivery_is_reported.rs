//! Ana, whose mail a real Postfix relays, asks to be told when her message is delivered, and is told once.

use crate::support;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use caliopen_testkit::second_opinion::SecondOpinion;
use serde_json::{Value, json};
use std::time::Duration;
use support::{ALICE, BOB, DOMAIN, Home, Stopwatch, Wire, letter};

/// How long a message may take through two queues on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_sender_who_asks_is_told_of_the_delivery_and_nobody_else_is() {
    let zone = Zone::new("ana.test", Signing::Unsigned).text("@", "v=spf1 ip4:127.0.0.1 -all");
    let knot = Knot::start(&[zone]).unwrap();
    let judge = SecondOpinion::start().unwrap();
    let home = Home::with_people();
    home.configure(&format!(
        "host_name = \"mx.caliopen.test\"\n[dns]\nservers = [\"{}\"]\ndnssec = false\n\
         [deliver.routes.\"ana.test\"]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        knot.address(),
        judge.address().port()
    ));
    let server = home.start();
    let route = Route { domain: DOMAIN.to_owned(), transport: Transport::Smtp, server: server.smtp };
    let options = PostfixOptions {
        host_name: "mail.ana.test".to_owned(),
        routes: vec![route],
        starttls: Starttls::Never,
    };
    let postfix = Postfix::start(&options).unwrap();

    // One message that asks for nothing, then one that asks about Alice alone.
    let mut ana = Wire::greeted(postfix.address(), "EHLO");
    ana.deliver("ana@ana.test", &[BOB], &letter("Quiet", "Do not answer."));
    let wishes = [
        "MAIL FROM:<ana@ana.test> RET=HDRS ENVID=Q1".to_owned(),
        format!("RCPT TO:<{ALICE}> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;{ALICE}"),
        format!("RCPT TO:<{BOB}> NOTIFY=NEVER"),
        "DATA".to_owned(),
    ];
    for line in wishes {
        let reply = ana.ask(&line).unwrap();
        assert!(reply.starts_with(['2', '3']), "{line}: {reply}");
    }
    ana.send(&letter("Dinner", "On Friday?")).unwrap();
    assert!(ana.ask(".").unwrap().starts_with("250 "));

    let watch = Stopwatch::start();
    while judge.taken().is_empty() {
        assert!(watch.elapsed() < PATIENCE, "{}{}", postfix.log(), home.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    let taken = judge.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    let report: Value = serde_json::from_str(&taken[0]).unwrap();
    assert_eq!(report["complaints"], json!([]), "{report}");
    assert_eq!((&report["from"], &report["to"]), (&json!("<>"), &json!(["ana@ana.test"])));
    let kind = report["headers"]["content-type"].as_str().unwrap();
    assert!(kind.starts_with("multipart/report") && kind.contains("delivery-status"), "{kind}");
    assert_eq!(report["headers"]["auto-submitted"], "auto-replied");
    assert!(taken[0].contains(ALICE) && !taken[0].contains(BOB), "{report}");
    assert!(taken[0].contains("Subject: Dinner") && !taken[0].contains("On Friday"), "{report}");
    server.stop();
}
