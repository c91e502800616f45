//! Another host tells how encryption with a domain went (RFC 8460): its report is read with its message, in plain facts.

use crate::support;
use serde_json::json;
use support::{ALICE, Home, Wire};

#[test]
fn a_report_stands_with_its_message_as_facts() {
    let home = Home::with_people();
    let server = home.start();
    let raw = std::fs::read_to_string("tests/fixtures/tls-report.eml").unwrap();
    let raw = raw.replace("alice@caliopen.test", ALICE);
    let replies =
        Wire::greeted(server.smtp, "EHLO").deliver("tlsrpt@company-x.example", &[ALICE], raw.as_bytes());
    assert!(replies.iter().all(|reply| reply.starts_with("250 ")), "{replies:?}");
    let message = server.alice().messages(json!(["encryptionReport"])).remove(0);
    let failures = json!([
        { "kind": "out-of-date", "host": "mx1.mail.example.org", "sessions": 100 },
        { "kind": "not-offered", "host": "mx2.mail.example.org", "sessions": 200 },
    ]);
    let expected = json!({
        "organisation": "Company-X",
        "from": "2026-11-25T00:00:00.000Z",
        "until": "2026-11-25T23:59:59.000Z",
        "policies": [
            { "kind": "mta-sts", "domain": "example.org", "met": 5326, "failed": 303, "failures": failures },
        ],
    });
    assert_eq!(message.get("encryptionReport"), Some(&expected));
    server.stop();
}
