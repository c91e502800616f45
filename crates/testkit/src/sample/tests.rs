//! What the sample promises to those who use it.

use super::*;
use std::collections::BTreeSet;

const DOMAIN: &str = "here.example";
/// 22 November 2026, 19:05 UTC.
const NOW: i64 = 1_795_374_342_000;

fn all() -> Vec<Sample> {
    sample(DOMAIN, NOW).unwrap()
}

fn texts() -> Vec<String> {
    all().into_iter().map(|sample| String::from_utf8_lossy(&sample.raw).into_owned()).collect()
}

#[test]
fn it_is_a_year_in_order_and_the_same_each_time() {
    let samples = all();
    assert!(samples.len() >= 300, "{}", samples.len());
    assert_eq!(samples, all());
    assert!(samples.windows(2).all(|pair| pair[0].sent_at <= pair[1].sent_at));
    let year = NOW - 366 * calendar::DAY_MS..NOW;
    assert!(samples.iter().all(|sample| year.contains(&sample.sent_at)));
    assert!(samples.last().unwrap().sent_at > NOW - calendar::DAY_MS, "something came today");
    let months: BTreeSet<_> = samples.iter().map(|sample| calendar::civil(sample.sent_at).1).collect();
    assert_eq!(months.len(), 12);
}

#[test]
fn envelopes_name_accounts_and_servers_of_the_sample() {
    for sample in all() {
        assert!(!sample.recipients.is_empty(), "{}", String::from_utf8_lossy(&sample.raw));
        for recipient in &sample.recipients {
            let known = ["alice", "bob", "alice+train", "alice+deals"];
            assert!(known.iter().any(|name| *recipient == format!("{name}@{DOMAIN}")), "{recipient}");
        }
        assert!(sample.source.is_loopback());
        assert!(sample.envelope_from.is_empty() || sample.envelope_from.contains("@"));
    }
}

#[test]
fn lines_are_those_of_the_standard() {
    for sample in all() {
        let text = String::from_utf8_lossy(&sample.raw);
        let bare = text.replace("\r\n", "");
        assert!(!bare.contains(['\r', '\n']), "a bare CR or LF in\n{text}");
        assert!(text.lines().all(|line| line.len() <= 998), "RFC 5322 §2.1.1:\n{text}");
        assert!(text.contains("\r\n\r\n") && text.ends_with("\r\n"), "{text}");
    }
}

#[test]
fn every_name_of_a_message_is_its_own() {
    let texts = texts();
    let ids: Vec<&str> =
        texts.iter().filter_map(|text| text.lines().find(|line| line.starts_with("Message-ID: "))).collect();
    let distinct: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len() + 1, texts.len(), "one message has none");
    assert_eq!(distinct.len(), ids.len());
}

#[test]
fn answers_name_what_they_answer() {
    let texts = texts();
    let parents: Vec<&str> = texts
        .iter()
        .filter_map(|text| text.lines().find_map(|line| line.strip_prefix("In-Reply-To: ")))
        .collect();
    assert!(parents.len() >= 80, "{}", parents.len());
    for parent in parents {
        assert!(texts.iter().any(|text| text.contains(&format!("Message-ID: {parent}"))), "{parent}");
    }
}

#[test]
fn every_kind_is_there() {
    let texts = texts();
    let kinds = [
        "List-Id: ",
        "List-Unsubscribe: <mailto:stop@",
        "Content-Type: text/html",
        "multipart/alternative",
        "multipart/related",
        "multipart/mixed",
        "multipart/report; report-type=delivery-status",
        "multipart/signed; micalg=pgp-sha256",
        "multipart/encrypted",
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "Auto-Submitted: auto-replied",
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/calendar; charset=utf-8; method=REQUEST",
        "message/rfc822",
        "format=flowed",
        "charset=iso-8859-1",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Transfer-Encoding: 8bit",
        "=?utf-8?B?",
        "=?iso-8859-1?Q?",
        "Subject: Drapeau 🦔",
        "filename*=utf-8''",
        "camille+jardin@lanterne.example",
        "<script",
        "securite@secure-acces.example",
    ];
    for kind in kinds {
        assert!(texts.iter().any(|text| text.contains(kind)), "{kind}");
    }
}

#[test]
fn three_languages_are_spoken_by_hand() {
    let count = |script: &str| script.lines().filter(|line| line.starts_with("@@ ")).count();
    let (french, english, italian) = (
        count(include_str!("texts/friends-fr.txt")) + count(include_str!("texts/garden-list.txt")),
        count(include_str!("texts/friends-en.txt")),
        count(include_str!("texts/family-it.txt")),
    );
    assert!(french >= 40 && english >= 20 && italian >= 20, "{french} {english} {italian}");
}

#[test]
fn signatures_cover_the_bytes_that_were_signed() {
    let signed: Vec<String> = texts().into_iter().filter(|text| text.contains("multipart/signed")).collect();
    assert_eq!(signed.len(), 2);
    let originals = [include_str!("pgp/signed-1.body"), include_str!("pgp/signed-2.body")];
    for text in signed {
        let boundary = text.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let covered = text.split(&format!("--{boundary}\r\n")).nth(1).unwrap();
        let covered = covered.strip_suffix("\r\n").unwrap().replace("\r\n", "\n");
        assert!(originals.contains(&covered.as_str()), "{covered:?}");
    }
}
