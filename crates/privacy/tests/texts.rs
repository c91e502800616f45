//! Every text in every language, as a reviewed file, and the rules that all of them keep.
//!
//! When a text changes on purpose, the run leaves the new file under the target folder and says where;
//! reading the difference is the review.

use crate::support;
use caliopen_model::{
    AtRestState, Custody, DeviceStanding, EncryptionScheme, Evidence, HandlerClass, HandlerSees, HopProof,
    HopSecurity, KeyStanding, Language, Level, MetadataPath, PeerService, Side,
};
use caliopen_privacy::handlers::Why;
use caliopen_privacy::{
    Action, Axis, Component, Group, Party, Raise, Reason, ReasonCode, Sentence, Who, assess, describe,
    level_word,
};
use support::golden::{check, entry, is_set_as_its_language_asks, promises_no_more_than_was_checked};
use support::{
    at_rest, clear_mail, dmarc_fail, dmarc_none, dmarc_partly_signed, encryption, handler, hop, openpgp,
};

fn words_and_sentences() -> String {
    let mut page = String::from("# Levels\n");
    for level in Level::ALL {
        entry(&mut page, &level.number().to_string(), |_, language| level_word(level, language).to_owned());
    }
    page.push_str("\n# Sentences\n");
    for sentence in Sentence::ALL {
        entry(&mut page, sentence.key(), |names, language| sentence.text(names, language));
    }
    page
}

fn reasons_and_steps() -> String {
    let mut page = String::from("# Reasons\n");
    for code in ReasonCode::ALL {
        let reason =
            |names: &[String], language| Reason { code: *code, names: names.to_vec() }.text(language);
        entry(&mut page, code.key(), reason);
    }
    page.push_str("\n# Steps\n");
    for action in Action::ALL {
        let (who, axis, action) = (action.who(), action.axis(), *action);
        let key = format!("{} ({}, {})", action.key(), who.key(), axis.key());
        let step = |names: &[String], language| {
            Raise { who, axis, action, names: names.to_vec(), projected: 0 }.text(language)
        };
        entry(&mut page, &key, step);
    }
    page
}

fn labels() -> String {
    let mut page = String::from("# Readers\n");
    for group in Group::ALL {
        entry(&mut page, group.key(), |_, language| Party::Group(*group).text(language));
    }
    page.push_str("\n# Services\n");
    for why in Why::ALL {
        entry(&mut page, why.key(), |_, language| why.text(language).to_owned());
    }
    page.push_str("\n# Labels\n");
    for component in Component::ALL {
        entry(&mut page, component.key(), |_, language| component.label(language).to_owned());
    }
    for axis in [Axis::Technical, Axis::Behaviour, Axis::Context] {
        entry(&mut page, axis.key(), |_, language| axis.label(language).to_owned());
    }
    for who in Who::ALL {
        entry(&mut page, who.key(), |_, language| who.label(language).to_owned());
    }
    page
}

fn all_kinds_of_evidence() -> Vec<Evidence> {
    use HopSecurity as Hop;
    let mut all = vec![dmarc_fail(), dmarc_none(), dmarc_partly_signed()];
    all.extend([Hop::Unknown, Hop::Clear, Hop::Opportunistic, Hop::Authenticated, Hop::SameServer].map(hop));
    all.push(handler("Gmail", HandlerClass::E, HandlerSees::Content));
    all.push(handler("caliopen.example", HandlerClass::A, HandlerSees::Metadata));
    all.push(encryption(EncryptionScheme::OpenPgp, Custody::Unknown, Custody::Client, [false; 3]));
    all.push(encryption(EncryptionScheme::Smime, Custody::Client, Custody::Unknown, [false; 3]));
    all.push(encryption(EncryptionScheme::Megolm, Custody::Server, Custody::Server, [true; 3]));
    let keys = [
        KeyStanding::BadSignature,
        KeyStanding::ChangedAfterVerification,
        KeyStanding::FirstSeen,
        KeyStanding::Unchanged,
        KeyStanding::DirectoryConfirmed,
        KeyStanding::Verified,
    ];
    all.extend(keys.map(Evidence::Key));
    let paths = [MetadataPath::Bare, MetadataPath::DirectServerToServer, MetadataPath::IntraCaliopenSealed];
    all.extend(paths.map(Evidence::Metadata));
    let states = [AtRestState::Unknown, AtRestState::ManagedByServer, AtRestState::SealedToUser];
    all.extend(states.map(|state| at_rest(Side::Here, state)));
    all.push(at_rest(Side::There, AtRestState::SealedToUser));
    all.extend([DeviceStanding::Index(72), DeviceStanding::Unsafe].map(Evidence::Device));
    all.extend(
        [PeerService::Other, PeerService::Caliopen, PeerService::LabelledCaliopen].map(Evidence::Peer),
    );
    all.push(Evidence::DecryptedByBridge { operator: "bridge.example".into() });
    all.push(Evidence::PubliclyArchived { archive: "list.example".into() });
    all.push(Evidence::TelephoneNetwork);
    all.push(Evidence::ReadableByServices {
        operators: vec!["mastodon.example".into(), "piaille.example".into()],
    });
    let proofs = [HopProof::Dane, HopProof::MtaSts, HopProof::Configured];
    all.extend(proofs.map(|by| Evidence::HopProven { peer: "mx.example".into(), by }));
    all.push(Evidence::OneClickSigned { domain: "news.example".into() });
    all
}

fn facts() -> String {
    let mut page = String::from("# Evidence\n");
    for (number, fact) in all_kinds_of_evidence().iter().enumerate() {
        entry(&mut page, &(number + 1).to_string(), |_, language| describe(fact, language));
    }
    page
}

/// The why panel of a message, as text.
fn panel(page: &mut String, title: &str, evidence: &[Evidence], language: Language) {
    let assessment = assess(evidence);
    let index = assessment.index;
    let about = if index.approximate() { "~" } else { "" };
    let mut line = |text: String| page.push_str(&(text + "\n"));
    line(format!("# {title} ({})", language.tag()));
    line(format!("{about}{} {}", index.score(), level_word(index.level(), language)));
    line(assessment.sentence_text(language));
    line(format!("can read: {}", assessment.reader_names(language).join(" · ")));
    line(format!("see it pass: {}", assessment.watcher_names(language).join(" · ")));
    for cap in &assessment.caps {
        line(format!("cap {}: {}", cap.limit, cap.reason.text(language)));
    }
    for point in &assessment.points {
        let label = point.component.label(language);
        line(format!("{label} {}/{}: {}", point.points, point.most, point.reason.text(language)));
        for fact in point.evidence.iter().filter_map(|place| evidence.get(*place)) {
            line(format!("  {}", describe(fact, language)));
        }
    }
    for raise in &assessment.raises {
        line(format!("to {}, {}: {}", raise.projected, raise.who.label(language), raise.text(language)));
    }
    line(String::new());
}

fn panels() -> String {
    let mut page = String::new();
    let mut gmail = clear_mail(HopSecurity::Opportunistic, HandlerClass::C);
    gmail.push(handler("Gmail", HandlerClass::E, HandlerSees::Content));
    let unseen = clear_mail(HopSecurity::Unknown, HandlerClass::B);
    let pgp = vec![
        openpgp(Custody::Client),
        Evidence::Key(KeyStanding::FirstSeen),
        handler("Gmail", HandlerClass::E, HandlerSees::Metadata),
        at_rest(Side::Here, AtRestState::ManagedByServer),
        Evidence::Metadata(MetadataPath::Bare),
    ];
    for language in Language::ALL {
        panel(&mut page, "Mail from Gmail", &gmail, language);
        panel(&mut page, "Mail through a relay of the host", &unseen, language);
        panel(&mut page, "PGP with somebody on Gmail, new key", &pgp, language);
    }
    page
}

#[test]
fn words_and_sentences_are_as_reviewed() {
    check("sentences.txt", &words_and_sentences());
}

#[test]
fn reasons_and_steps_are_as_reviewed() {
    check("reasons.txt", &reasons_and_steps());
}

#[test]
fn labels_are_as_reviewed() {
    check("labels.txt", &labels());
}

#[test]
fn evidence_is_described_as_reviewed() {
    check("evidence.txt", &facts());
}

#[test]
fn why_panels_are_as_reviewed() {
    check("panels.txt", &panels());
}

fn pages() -> String {
    [words_and_sentences(), reasons_and_steps(), labels(), facts()].concat()
}

#[test]
fn no_text_promises_more_than_was_checked_or_blames() {
    promises_no_more_than_was_checked(&pages());
}

#[test]
fn every_text_is_set_as_its_language_asks() {
    is_set_as_its_language_asks(&pages(), 150);
}
