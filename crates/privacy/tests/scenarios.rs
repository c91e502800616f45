//! The promises of the privacy index: each scenario that the specification names, with its number.

use crate::support;
use caliopen_model::{
    AtRestState, Custody, DeviceStanding, EncryptionScheme, Evidence, HandlerClass, HandlerSees, HopSecurity,
    KeyStanding, Level, MetadataPath, PeerService, Side,
};
use caliopen_privacy::{ReasonCode, Sentence, assess, score};
use std::ops::RangeInclusive;
use support::{
    at_rest, caliopen, clear_mail, dmarc_fail, dmarc_partly_signed, dmarc_pass, dmarc_temperror, encryption,
    handler, hop, openpgp,
};

/// The index is in the range, and the same however it is asked for and in whatever order.
fn promise(evidence: &[Evidence], expected: RangeInclusive<u8>) {
    let assessment = assess(evidence);
    let found = assessment.index.score();
    assert!(expected.contains(&found), "{found} is not in {expected:?}: {assessment:#?}");
    assert_eq!(score(evidence), assessment.index);
    let backwards: Vec<Evidence> = evidence.iter().rev().cloned().collect();
    assert_eq!(score(&backwards), assessment.index);
}

fn with(mut base: Vec<Evidence>, more: impl IntoIterator<Item = Evidence>) -> Vec<Evidence> {
    base.extend(more);
    base
}

/// PGP between two people on well-configured machines, through a service of this class.
fn pgp(class: HandlerClass, key: KeyStanding, theirs: Custody) -> Vec<Evidence> {
    vec![
        hop(HopSecurity::Authenticated),
        dmarc_pass(),
        handler("host.example", class, HandlerSees::Metadata),
        openpgp(theirs),
        Evidence::Key(key),
        Evidence::Metadata(MetadataPath::DirectServerToServer),
        at_rest(Side::Here, AtRestState::SealedToUser),
    ]
}

#[test]
fn an_sms_is_1() {
    let sms = [Evidence::TelephoneNetwork, at_rest(Side::Here, AtRestState::SealedToUser)];
    promise(&sms, 1..=1);
    assert_eq!(assess(&sms).sentence, Sentence::TelephoneReads);
}

#[test]
fn a_direct_message_on_x_is_3() {
    promise(&[hop(HopSecurity::Authenticated), handler("X", HandlerClass::E, HandlerSees::Content)], 3..=3);
}

#[test]
fn gmail_in_clear_is_3_whatever_else_is_perfect() {
    let perfect = with(
        clear_mail(HopSecurity::Authenticated, HandlerClass::A),
        [
            handler("Gmail", HandlerClass::E, HandlerSees::Content),
            Evidence::Metadata(MetadataPath::DirectServerToServer),
            Evidence::Device(DeviceStanding::Index(100)),
            at_rest(Side::There, AtRestState::SealedToUser),
        ],
    );
    promise(&perfect, 3..=3);
    assert_eq!(
        assess(&perfect).sentence_text(caliopen_model::Language::English),
        "Gmail and host.example can read this."
    );
}

#[test]
fn a_mastodon_direct_message_is_5() {
    let operators = vec!["mastodon.example".to_owned(), "piaille.example".to_owned()];
    let direct = [hop(HopSecurity::Authenticated), Evidence::ReadableByServices { operators }];
    promise(&direct, 5..=5);
    assert_eq!(assess(&direct).index.level(), Level::InTransit);
}

#[test]
fn clear_mail_over_opportunistic_tls_is_12_at_most() {
    promise(&clear_mail(HopSecurity::Opportunistic, HandlerClass::C), 12..=12);
    promise(&clear_mail(HopSecurity::Opportunistic, HandlerClass::A), 12..=12);
    promise(&[hop(HopSecurity::Opportunistic)], 4..=4);
}

#[test]
fn clear_mail_with_dane_and_good_hosts_is_19_at_most() {
    promise(&clear_mail(HopSecurity::Authenticated, HandlerClass::A), 19..=19);
    let between_two_here = with(
        vec![hop(HopSecurity::SameServer), Evidence::Device(DeviceStanding::Index(100))],
        clear_mail(HopSecurity::SameServer, HandlerClass::A),
    );
    promise(&between_two_here, 19..=19);
}

#[test]
fn pgp_on_an_unsafe_device_is_24() {
    let message = pgp(HandlerClass::B, KeyStanding::Verified, Custody::Client);
    let exposed = with(message, [Evidence::Device(DeviceStanding::Unsafe)]);
    promise(&exposed, 24..=24);
    assert_eq!(assess(&exposed).sentence, Sentence::SealedDevice);
}

#[test]
fn what_a_bridge_decrypts_is_29() {
    let bridged = [
        encryption(EncryptionScheme::Megolm, Custody::Client, Custody::Client, [true, true, false]),
        Evidence::Key(KeyStanding::Unchanged),
        handler("host.example", HandlerClass::B, HandlerSees::Metadata),
        at_rest(Side::Here, AtRestState::SealedToUser),
        Evidence::DecryptedByBridge { operator: "bridge.example".into() },
    ];
    promise(&bridged, 29..=29);
    assert_eq!(assess(&bridged).sentence, Sentence::SealedBridge);
}

#[test]
fn pgp_with_a_gmail_correspondent_is_39() {
    let message = pgp(HandlerClass::A, KeyStanding::Unchanged, Custody::Client);
    let watched = with(message, [handler("Gmail", HandlerClass::E, HandlerSees::Metadata)]);
    promise(&watched, 39..=39);
    let sentence = assess(&watched).sentence_text(caliopen_model::Language::English);
    assert_eq!(sentence, "Only you two can read it. Gmail and host.example see that you write.");
}

#[test]
fn pgp_with_a_key_that_stayed_and_an_unknown_host_is_50_to_60() {
    let least = pgp(HandlerClass::C, KeyStanding::Unchanged, Custody::Client);
    promise(&least, 50..=60);
    let most = vec![
        encryption(EncryptionScheme::OpenPgp, Custody::Client, Custody::Client, [false, true, false]),
        Evidence::Key(KeyStanding::Unchanged),
        handler("host.example", HandlerClass::C, HandlerSees::Metadata),
        Evidence::Metadata(MetadataPath::DirectServerToServer),
        at_rest(Side::Here, AtRestState::SealedToUser),
        Evidence::Device(DeviceStanding::Index(100)),
    ];
    promise(&most, 60..=60);
}

#[test]
fn pgp_with_a_key_that_stayed_and_is_held_by_a_server_is_40_to_50() {
    promise(&pgp(HandlerClass::C, KeyStanding::Unchanged, Custody::Server), 40..=50);
    let most = vec![
        encryption(EncryptionScheme::OpenPgp, Custody::Server, Custody::Client, [false, true, false]),
        Evidence::Key(KeyStanding::Unchanged),
        handler("host.example", HandlerClass::C, HandlerSees::Metadata),
        Evidence::Metadata(MetadataPath::DirectServerToServer),
        at_rest(Side::Here, AtRestState::SealedToUser),
        Evidence::Device(DeviceStanding::Index(100)),
    ];
    promise(&most, 50..=50);
}

#[test]
fn pgp_verified_with_good_hosts_is_70_to_79() {
    let device = || Evidence::Device(DeviceStanding::Index(80));
    promise(&with(pgp(HandlerClass::B, KeyStanding::Verified, Custody::Client), [device()]), 70..=79);
    promise(&pgp(HandlerClass::A, KeyStanding::Verified, Custody::Client), 70..=79);
    promise(&with(pgp(HandlerClass::A, KeyStanding::Verified, Custody::Client), [device()]), 70..=79);
}

#[test]
fn omemo_verified_and_self_hosted_is_75_to_79() {
    let omemo = [
        hop(HopSecurity::Authenticated),
        encryption(EncryptionScheme::Omemo, Custody::Client, Custody::Client, [true, false, false]),
        Evidence::Key(KeyStanding::Verified),
        handler("xmpp.example", HandlerClass::A, HandlerSees::Metadata),
        Evidence::Metadata(MetadataPath::DirectServerToServer),
        Evidence::Peer(PeerService::Other),
    ];
    promise(&omemo, 75..=79);
    promise(&with(omemo.to_vec(), [at_rest(Side::Here, AtRestState::SealedToUser)]), 79..=79);
}

#[test]
fn between_caliopens_without_label_is_80_to_84() {
    let confirmed = caliopen(PeerService::Caliopen, KeyStanding::DirectoryConfirmed, false);
    promise(&confirmed, 80..=84);
    let mut sealed = confirmed;
    sealed.retain(|fact| !matches!(fact, Evidence::Encryption(_)));
    sealed.push(encryption(
        EncryptionScheme::Caliopen,
        Custody::Client,
        Custody::Client,
        [false, true, true],
    ));
    promise(&sealed, 80..=84);
    promise(&caliopen(PeerService::Caliopen, KeyStanding::Verified, true), 84..=84);
}

#[test]
fn between_labelled_caliopens_with_a_key_in_a_directory_is_85_to_95() {
    promise(&caliopen(PeerService::LabelledCaliopen, KeyStanding::DirectoryConfirmed, false), 85..=95);
    let attested = with(
        caliopen(PeerService::LabelledCaliopen, KeyStanding::DirectoryConfirmed, true),
        [at_rest(Side::There, AtRestState::SealedToUser)],
    );
    promise(&attested, 85..=95);
}

#[test]
fn between_labelled_caliopens_verified_and_post_quantum_is_100() {
    let best = with(
        caliopen(PeerService::LabelledCaliopen, KeyStanding::Verified, true),
        [at_rest(Side::There, AtRestState::SealedToUser)],
    );
    promise(&best, 100..=100);
    let assessment = assess(&best);
    assert!(assessment.caps.is_empty() && assessment.raises.is_empty() && assessment.readers.is_empty());
    assert_eq!(assessment.sentence, Sentence::Private);
}

#[test]
fn between_caliopens_with_both_keys_on_servers_is_59() {
    let on_servers = encryption(EncryptionScheme::Mls, Custody::Server, Custody::Server, [true, true, true]);
    let message = with(caliopen(PeerService::LabelledCaliopen, KeyStanding::Verified, true), [on_servers]);
    promise(&message, 59..=59);
    assert_eq!(assess(&message).sentence, Sentence::KnownServerKey);
}

#[test]
fn a_verified_contact_whose_key_changed_is_19() {
    let message = pgp(HandlerClass::B, KeyStanding::ChangedAfterVerification, Custody::Client);
    promise(&message, 19..=19);
    assert_eq!(assess(&message).sentence, Sentence::KeyChanged);
}

#[test]
fn a_failed_check_of_the_sender_is_2_and_suspicious() {
    let forged = with(clear_mail(HopSecurity::Authenticated, HandlerClass::A), [dmarc_fail()]);
    let altered = pgp(HandlerClass::A, KeyStanding::BadSignature, Custody::Client);
    for evidence in [forged, altered] {
        promise(&evidence, 2..=2);
        let assessment = assess(&evidence);
        assert!(assessment.suspicious);
        assert_eq!(assessment.sentence, Sentence::Suspicious);
        assert!(assessment.raises.is_empty());
    }
}

#[test]
fn a_message_in_a_public_archive_is_0() {
    let best = caliopen(PeerService::LabelledCaliopen, KeyStanding::Verified, true);
    promise(&with(best, [Evidence::PubliclyArchived { archive: "list.example".into() }]), 0..=0);
}

#[test]
fn a_hop_in_clear_is_1_even_for_what_is_encrypted() {
    promise(&clear_mail(HopSecurity::Clear, HandlerClass::A), 1..=1);
    let message =
        with(pgp(HandlerClass::A, KeyStanding::Verified, Custody::Client), [hop(HopSecurity::Clear)]);
    promise(&message, 1..=1);
    assert_eq!(assess(&message).sentence, Sentence::AnyoneWatches);
}

#[test]
fn a_hop_that_was_not_seen_counts_as_not_proven() {
    let behind_a_relay = clear_mail(HopSecurity::Unknown, HandlerClass::A);
    promise(&behind_a_relay, 12..=12);
    let assessment = assess(&behind_a_relay);
    assert!(assessment.index.approximate(), "content and device are not known");
    assert!(assessment.unknown().any(|point| point.reason.code == ReasonCode::WayNotSeen));
    assert_eq!(assessment.binding_cap().map(|cap| cap.reason.code), Some(ReasonCode::TlsNotProven));
    assert_eq!(assessment.sentence, Sentence::WayNotSeen);
}

#[test]
fn a_check_of_the_sender_that_did_not_end_is_unknown() {
    let message = [hop(HopSecurity::Opportunistic), dmarc_temperror()];
    let assessment = assess(&message);
    assert!(!assessment.suspicious);
    let unfinished = |code| assessment.unknown().any(|point| point.reason.code == code);
    assert!(unfinished(ReasonCode::AuthenticationUnfinished));
    promise(&message, 4..=4);
}

#[test]
fn a_signature_of_part_of_the_message_proves_nothing() {
    let partly = [hop(HopSecurity::Opportunistic), dmarc_partly_signed()];
    promise(&partly, 4..=4);
    let assessment = assess(&partly);
    assert!(
        assessment
            .points
            .iter()
            .any(|point| point.reason.code == ReasonCode::PartlySigned && point.points == 0)
    );
    promise(&[hop(HopSecurity::Opportunistic), dmarc_pass()], 8..=8);
}

#[test]
fn a_service_that_opens_what_is_encrypted_counts_as_a_holder_of_the_key() {
    let opens = handler("webmail.example", HandlerClass::A, HandlerSees::Content);
    let message = with(pgp(HandlerClass::A, KeyStanding::Verified, Custody::Client), [opens]);
    promise(&message, 59..=59);
    assert_eq!(assess(&message).sentence, Sentence::SealedOpenedBy);
}

#[test]
fn a_key_of_which_nothing_is_known_counts_no_more_than_a_new_one() {
    let mut message = caliopen(PeerService::LabelledCaliopen, KeyStanding::Verified, true);
    message.retain(|fact| !matches!(fact, Evidence::Key(_)));
    promise(&message, 49..=49);
    promise(&caliopen(PeerService::LabelledCaliopen, KeyStanding::FirstSeen, true), 49..=49);
}

#[test]
fn an_ordinary_first_message_is_an_exact_number_in_transit() {
    let ordinary = clear_mail(HopSecurity::Opportunistic, HandlerClass::C);
    let assessment = assess(&ordinary);
    assert!(!assessment.index.approximate(), "only the device is not known");
    assert_eq!(assessment.index.level(), Level::InTransit);
}

#[test]
fn nothing_known_is_0_and_approximate() {
    let assessment = assess(&[]);
    assert_eq!(assessment.index.score(), 0);
    assert!(assessment.index.approximate());
    assert_eq!(assessment.unknown().count(), assessment.points.len());
    assert_eq!(assessment.sentence, Sentence::LittleKnown);
}

#[test]
fn gmail_is_told_what_would_change_it() {
    let message = [
        hop(HopSecurity::Authenticated),
        dmarc_pass(),
        handler("Gmail", HandlerClass::E, HandlerSees::Content),
        at_rest(Side::Here, AtRestState::ManagedByServer),
    ];
    let raises = assess(&message).raises;
    let steps: Vec<(&str, u8)> = raises.iter().map(|raise| (raise.action.key(), raise.projected)).collect();
    assert_eq!(steps, [("join-caliopen", 59), ("encrypt", 34), ("other-address", 19)]);
    let named = raises[2].text(caliopen_model::Language::English);
    assert!(named.contains("instead of Gmail"), "{named}");
}
