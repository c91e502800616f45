//! The golden scenarios that clear mail can make, from bytes on a socket to the number: a real DNS, hosts with good,
//! with unproven and without TLS, a policy host, and the whole pipeline in between. Each has the name that it has in
//! `crates/privacy/tests/scenarios.rs`.
//!
//! These stay golden in the pure crate, until something here can give their evidence:
//! - `an_sms_is_1`, `a_direct_message_on_x_is_3`, `a_mastodon_direct_message_is_5`, `what_a_bridge_decrypts_is_29`,
//!   `omemo_verified_and_self_hosted_is_75_to_79`: other channels;
//! - `pgp_…`, `between_caliopens_…`, `between_labelled_caliopens_…`, `a_verified_contact_whose_key_changed_is_19`,
//!   `a_service_that_opens_what_is_encrypted_…`, `a_key_of_which_nothing_is_known_…`: keys;
//! - `a_message_in_a_public_archive_is_0`: nobody declares an archive yet;
//! - `nothing_known_is_0_and_approximate`: of what comes here, something is always known.

use crate::support;
use caliopen_testkit::certificates::HostCertificate;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::https::{Answer, Https};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use support::caliopen::Caliopen;
use support::dkim::Signer;
use support::elsewhere::{Way, hand_over};
use support::{ALICE, Api, BOB, Home, PASSWORD, Stopwatch};

/// How long a message may take through a queue on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nobody takes what a host passes on: it keeps it.
const NOWHERE: &str = "127.0.0.1:9";
/// What Gmail demands of its host (RFC 8461 §3.2).
const POLICY: &str =
    "version: STSv1\r\nmode: enforce\r\nmx: gmail-smtp-in.l.google.com\r\nmax_age: 86400\r\n";

/// A domain whose mail comes from this machine, and which says so.
fn sender(name: &str, exchanger: &str) -> Zone {
    Zone::new(name, Signing::Unsigned)
        .text("@", "v=spf1 ip4:127.0.0.1 -all")
        .text("_dmarc", "v=DMARC1; p=reject")
        .record("@", "MX", &format!("10 {exchanger}."))
}

fn letter(from: &str, subject: &str) -> Vec<u8> {
    format!(
        "From: Ana <{from}>\r\nTo: {ALICE}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n\
         Message-ID: <{subject}@elsewhere.test>\r\n\r\nOn Friday?\r\n"
    )
    .into_bytes()
}

fn serve(home: &Home, knot: &Knot, more: &str) -> Caliopen {
    let anchors = home.beside("anchors");
    std::fs::write(&anchors, knot.anchors()).unwrap();
    home.configure(&format!(
        "host_name = \"mx.caliopen.test\"\n[dns]\nservers = [\"{}\"]\ntrust_anchors = {anchors:?}\n{more}",
        knot.address()
    ));
    home.start()
}

/// Alice, and what the API says of each of her messages, which are told apart by their subjects.
struct Reader {
    api: Api,
}

impl Reader {
    fn report(&self, subject: &str) -> Value {
        let all = self.api.messages(json!(["id", "subject"]));
        let message = all.iter().find(|message| message["subject"] == subject);
        self.api.report(message.unwrap_or_else(|| panic!("{subject} did not arrive: {all:?}")))
    }

    /// The number, whether it is exact, and the sentence.
    fn check(&self, scenario: &str, (score, approximate): (u64, bool), sentence: &str) -> Value {
        let report = self.report(scenario);
        let privacy = &report["privacy"];
        let found = (privacy["score"].as_u64().unwrap(), privacy["approximate"].as_bool().unwrap());
        assert_eq!(found, (score, approximate), "{scenario}: {report:#}");
        assert!(report["sentence"].as_str().unwrap().contains(sentence), "{scenario}: {report:#}");
        report
    }
}

fn point<'a>(report: &'a Value, component: &str) -> &'a Value {
    let points = report["points"].as_array().unwrap();
    points.iter().find(|point| point["component"] == component).unwrap()
}

#[test]
fn clear_mail_that_arrives_has_the_number_of_its_scenario() {
    let signer = Signer::new("partly.test");
    let knot = Knot::start(&[
        sender("ordinary.test", "mail.ordinary.test"),
        sender("gmail.com", "gmail-smtp-in.l.google.com"),
        sender("company.test", "aspmx.l.google.com"),
        Zone::new("victim.test", Signing::Unsigned)
            .text("@", "v=spf1 ip4:192.0.2.10 -all")
            .text("_dmarc", "v=DMARC1; p=reject"),
        Zone::new("partly.test", Signing::Unsigned).text("story._domainkey", &signer.record()),
        Zone::new("down.test", Signing::Unavailable),
    ])
    .unwrap();
    let home = Home::with_people();
    let server = serve(&home, &knot, "");
    let arrive = |scenario: &str, from: &str, way: Way| {
        hand_over(server.smtp, way, (from, ALICE), &letter(from, scenario));
    };
    arrive("gmail_in_clear_is_3_whatever_else_is_perfect", "ana@gmail.com", Way::Tls);
    arrive("a_company_on_a_large_service_is_found_by_its_mx", "ana@company.test", Way::Tls);
    arrive("clear_mail_over_opportunistic_tls_is_12_at_most", "ana@ordinary.test", Way::Tls);
    arrive("a_failed_check_of_the_sender_is_2_and_suspicious", "boss@victim.test", Way::Tls);
    arrive("a_hop_in_clear_is_1", "ana@ordinary.test", Way::Clear);
    arrive("a_check_of_the_sender_that_did_not_end_is_unknown", "ana@down.test", Way::Tls);
    let partly = signer.sign_part(4, &letter("ana@partly.test", "partly"));
    hand_over(server.smtp, Way::Tls, ("ana@partly.test", ALICE), &partly);
    server.deliver(&letter("ana@ordinary.test", "a_hop_that_was_not_seen_counts_as_not_proven"));

    let alice = Reader { api: server.alice() };
    let gmail = alice.check("gmail_in_clear_is_3_whatever_else_is_perfect", (3, false), "Gmail");
    assert_eq!((&gmail["levelWord"], &gmail["cap"]["limit"]), (&json!("Postcard"), &json!(3)));
    gmail_is_told_what_would_change_it(&gmail);
    alice.check("a_company_on_a_large_service_is_found_by_its_mx", (3, false), "Google Workspace");
    let ordinary =
        alice.check("clear_mail_over_opportunistic_tls_is_12_at_most", (12, false), "Protected on the way");
    an_ordinary_first_message_is_an_exact_number_in_transit(&ordinary);
    let forged = alice.check("a_failed_check_of_the_sender_is_2_and_suspicious", (2, false), "");
    assert_eq!((&forged["suspicious"], &forged["raises"]), (&json!(true), &json!([])));
    let clear = alice.check("a_hop_in_clear_is_1", (1, false), "");
    assert_eq!(clear["levelWord"], "Postcard");
    let unfinished = alice.report("a_check_of_the_sender_that_did_not_end_is_unknown");
    let identity = point(&unfinished, "identity");
    assert_eq!((&identity["known"], &identity["points"]), (&json!(false), &json!(0)), "{unfinished:#}");
    assert_eq!(unfinished["suspicious"], false);
    a_signature_of_part_of_the_message_proves_nothing(&alice.report("partly"));
    let behind = alice.report("a_hop_that_was_not_seen_counts_as_not_proven");
    let privacy = &behind["privacy"];
    assert!(privacy["score"].as_u64().unwrap() <= 12 && privacy["approximate"] == true, "{behind:#}");
    assert_eq!(behind["caps"][0]["limit"], 12, "{behind:#}");
    assert_eq!(point(&behind, "content")["known"], false);
}

fn gmail_is_told_what_would_change_it(report: &Value) {
    let raises = report["raises"].as_array().unwrap();
    let gains: Vec<u64> = raises.iter().map(|raise| raise["projected"].as_u64().unwrap()).collect();
    assert!(raises.len() == 3 && gains.is_sorted_by(|a, b| a >= b) && gains[2] > 3, "{raises:#?}");
    assert!(raises[2]["action"].as_str().unwrap().contains("instead of Gmail"), "{raises:#?}");
}

fn an_ordinary_first_message_is_an_exact_number_in_transit(report: &Value) {
    assert_eq!((&report["levelWord"], &report["privacy"]["level"]), (&json!("In transit"), &json!(2)));
    assert_eq!(point(report, "identity")["points"], 4);
    assert_eq!(point(report, "content")["points"], 4);
}

fn a_signature_of_part_of_the_message_proves_nothing(report: &Value) {
    let identity = point(report, "identity");
    assert_eq!(identity["points"], 0, "{report:#}");
    assert!(identity["evidence"].to_string().contains("partly.test"), "{report:#}");
}

/// A Postfix that takes the mail of these domains and keeps it; with a certificate in a folder of the home, or without.
fn host(home: &Home, name: &str, domains: &[&str], has_tls: bool) -> (Postfix, Option<HostCertificate>) {
    let folder = home.beside(name);
    std::fs::create_dir(&folder).unwrap();
    let certificate = has_tls.then(|| HostCertificate::make(&folder, name).unwrap());
    let route = |domain: &&str| Route {
        domain: (*domain).to_owned(),
        transport: Transport::Smtp,
        server: NOWHERE.parse::<SocketAddr>().unwrap(),
    };
    let options = PostfixOptions {
        host_name: name.to_owned(),
        routes: domains.iter().map(route).collect(),
        starttls: Starttls::Never,
    };
    let lines = certificate.as_ref().map(HostCertificate::postfix_lines).unwrap_or_default();
    (Postfix::start_with(&options, &lines).unwrap(), certificate)
}

/// Alice sends, and it is delivered.
fn send(alice: &Reader, to: &str, scenario: &str) {
    let to = json!([{ "name": null, "handle": format!("email:{to}") }]);
    let submission = alice.api.send_letter(json!({ "subject": scenario, "text": "On Friday?", "to": to }));
    let watch = Stopwatch::start();
    loop {
        let fates = alice.api.fates(&submission);
        if fates[0]["state"] == "delivered" {
            return;
        }
        assert!(watch.elapsed() < PATIENCE, "{scenario}: {fates:?}");
        std::thread::yield_now();
    }
}

#[test]
fn clear_mail_that_leaves_has_the_number_of_its_scenario() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let policies = runtime.block_on(Https::start(&["mta-sts.gmail.com"], Answer::text(POLICY)));
    let home = Home::with_people();
    let google = "gmail-smtp-in.l.google.com";
    let (google_host, google_certificate) = host(&home, google, &["gmail.com"], true);
    let (good_host, good) = host(&home, "mx01.posteo.de", &["posteo.de"], true);
    let (tls_host, _unproven) = host(&home, "mx.unproven.test", &["unproven.test"], true);
    let (clear_host, _) = host(&home, "mx.clear.test", &["clear.test"], false);
    let zone =
        |name: &str, host: &str| Zone::new(name, Signing::Signed).record("@", "MX", &format!("10 {host}."));
    let knot = Knot::start(&[
        zone("gmail.com", google).text("_mta-sts", "v=STSv1; id=1;").record("mta-sts", "A", "127.0.0.1"),
        Zone::new("google.com", Signing::Unsigned).record("gmail-smtp-in.l", "A", "1.1.1.1"),
        zone("posteo.de", "mx01.posteo.de").record("mx01", "A", "1.1.1.1").record(
            "_25._tcp.mx01",
            "TLSA",
            &good.unwrap().association(),
        ),
        zone("unproven.test", "mx.unproven.test").record("mx", "A", "1.1.1.1"),
        zone("clear.test", "mx.clear.test").record("mx", "A", "1.1.1.1"),
    ])
    .unwrap();
    let (for_hosts, for_policies) = (google_certificate.unwrap(), home.beside("policies.pem"));
    std::fs::write(&for_policies, policies.certificate()).unwrap();
    let server = serve(
        &home,
        &knot,
        &format!(
            "[fetch]\nauthorities = {for_policies:?}\n[deliver]\nauthorities = {:?}\n[deliver.hosts]\n\
             \"{google}\" = \"{}\"\n\"mx01.posteo.de\" = \"{}\"\n\"mx.unproven.test\" = \"{}\"\n\
             \"mx.clear.test\" = \"{}\"\n\"mta-sts.gmail.com\" = \"{}\"\n",
            for_hosts.file(),
            google_host.address(),
            good_host.address(),
            tls_host.address(),
            clear_host.address(),
            policies.address()
        ),
    );
    let alice = Reader { api: server.alice() };

    send(&alice, "ana@gmail.com", "gmail_in_clear_is_3_whatever_else_is_perfect");
    let gmail = alice.report("gmail_in_clear_is_3_whatever_else_is_perfect");
    assert_eq!(gmail["privacy"]["score"], 3, "{gmail:#}");
    assert_eq!(point(&gmail, "content")["points"], 8, "proven by MTA-STS, and still: {gmail:#}");

    send(&alice, "ana@posteo.de", "clear_mail_with_dane_and_good_hosts_is_19_at_most");
    let good = alice.report("clear_mail_with_dane_and_good_hosts_is_19_at_most");
    assert_eq!((&good["privacy"]["score"], &good["cap"]["limit"]), (&json!(19), &json!(19)), "{good:#}");
    assert!(good["points"].to_string().contains("DANE"), "{good:#}");

    send(&alice, "ana@unproven.test", "clear_mail_over_opportunistic_tls_is_12_at_most");
    let unproven = alice.report("clear_mail_over_opportunistic_tls_is_12_at_most");
    assert_eq!(unproven["privacy"]["score"], 12, "{unproven:#}");

    send(&alice, "ana@clear.test", "a_hop_in_clear_is_1");
    assert_eq!(alice.report("a_hop_in_clear_is_1")["privacy"]["score"], 1);

    send(&alice, BOB, "clear_mail_between_two_here_is_19_at_most");
    let inside = "clear_mail_between_two_here_is_19_at_most";
    assert_eq!(alice.report(inside)["privacy"]["score"], 19);
    let bob = Reader { api: Api::sign_in(server.http, BOB, PASSWORD) };
    assert_eq!(bob.report(inside)["privacy"]["score"], 19, "on both sides");
}
