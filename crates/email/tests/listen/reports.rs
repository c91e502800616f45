//! Who asks for it is told of a delivery (RFC 3461), when it is who it says.

use crate::Host;
use crate::client::Client;
use caliopen_email::listen::Reporting;
use caliopen_email::verify::{NameServers, Resolver, ResolverSettings, Validation};
use caliopen_mime::{Action, delivery_report};
use caliopen_testkit::dns::{Knot, Signing, Zone};
use std::sync::Arc;
use std::time::Duration;

/// Domains whose mail may and may not come from this machine.
fn knot() -> Knot {
    let zone = |name: &str, policy: &str| Zone::new(name, Signing::Unsigned).text("@", policy);
    Knot::start(&[zone("ana.test", "v=spf1 ip4:127.0.0.1 -all"), zone("victim.test", "v=spf1 -all")]).unwrap()
}

async fn host(knot: &Knot) -> Host {
    let settings = ResolverSettings {
        name_servers: NameServers::Given(vec![knot.address()]),
        validation: Validation::Off,
        query_timeout: Duration::from_millis(500),
    };
    let resolver = Resolver::new(&settings).unwrap();
    Host::smtp(|config| {
        let reporting = Reporting::new("mx.here.test", resolver, Arc::new(|bytes: &mut [u8]| bytes.fill(7)));
        config.reporting = Some(Arc::new(reporting));
    })
    .await
}

/// Sends a message from this path to recipients with their wishes.
async fn send(host: &Host, mail: &str, recipients: &[&str]) {
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.say(&format!("MAIL FROM:{mail}")).await;
    client.expect("250 ").await;
    for recipient in recipients {
        client.say(&format!("RCPT TO:{recipient}")).await;
        client.expect("250 ").await;
    }
    client.say("DATA").await;
    client.expect("354 ").await;
    client
        .say("From: Ana <ana@ana.test>\r\nMessage-ID: <1@ana.test>\r\nSubject: Ciao\r\n\r\nA secret.\r\n.")
        .await;
    client.expect("2").await;
}

#[tokio::test]
async fn a_delivery_is_reported_in_the_senders_own_words() {
    let knot = knot();
    let host = host(&knot).await;
    let recipients = [
        "<bob@here.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;rob+2Bx@ana.test",
        "<eve@here.test>",
        "<joe@here.test> NOTIFY=NEVER",
        "<max@here.test> NOTIFY=success",
    ];
    send(&host, "<ana@ana.test> RET=FULL ENVID=Q+2B1", &recipients).await;
    let notice = host.journal.notice();
    assert_eq!(notice.recipient.address(), "ana@ana.test");
    let report = delivery_report(&notice.raw).expect("a report");
    assert_eq!(
        (report.reporting_host.as_str(), report.envelope_id.as_deref()),
        ("mx.here.test", Some("Q+1"))
    );
    let told: Vec<_> =
        report.recipients.iter().map(|one| (one.final_recipient.as_str(), one.action)).collect();
    assert_eq!(told, [("bob@here.test", Action::Delivered), ("max@here.test", Action::Delivered)]);
    assert_eq!(report.recipients[0].original_recipient.as_deref(), Some("rob+x@ana.test"));
    assert_eq!(report.original_id.unwrap().0, "1@ana.test");
    let text = String::from_utf8(notice.raw.to_vec()).unwrap();
    assert!(text.contains("Auto-Submitted: auto-replied") && !text.contains("A secret"), "{text}");
}

#[tokio::test]
async fn nobody_is_told_who_did_not_ask_or_does_not_prove_who_it_is() {
    let knot = knot();
    let host = host(&knot).await;
    send(&host, "<ana@ana.test>", &["<bob@here.test>"]).await;
    send(&host, "<ana@ana.test>", &["<bob@here.test> NOTIFY=FAILURE,DELAY", "<eve@here.test> NOTIFY=NEVER"])
        .await;
    send(&host, "<ana@victim.test>", &["<bob@here.test> NOTIFY=SUCCESS"]).await;
    send(&host, "<ana@unknown.test>", &["<bob@here.test> NOTIFY=SUCCESS"]).await;
    send(&host, "<>", &["<bob@here.test> NOTIFY=SUCCESS"]).await;
    assert_eq!(host.journal.arrivals().len(), 5);
    assert_eq!(host.journal.notices(), []);
}

#[tokio::test]
async fn a_relay_of_ours_reports_itself() {
    let host = Host::lmtp().await;
    let mut client = Client::greeted(host.address, "LHLO").await;
    client.say("MAIL FROM:<ana@ana.test>").await;
    client.expect("250 ").await;
    client.say("RCPT TO:<bob@here.test> NOTIFY=SUCCESS").await;
    client.expect("555 ").await;
}
