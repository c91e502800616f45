//! The honesty rules of the privacy index that concern messages, each for any evidence whatever.

use crate::support;
use caliopen_model::{
    AtRestState, Custody, DeviceStanding, EncryptionScheme, Evidence, HandlerClass, HandlerSees, HopProof,
    HopSecurity, KeyStanding, Language, MetadataPath, PeerService, PrivacyIndex, Side,
};
use caliopen_privacy::{
    Action, Assessment, Component, RAISES_MAX, ReasonCode, State, assess, hypothetical, lowered, score,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::mem::{Discriminant, discriminant};
use support::{
    at_rest, dmarc_fail, dmarc_none, dmarc_partly_signed, dmarc_pass, dmarc_temperror, encryption, handler,
    hop,
};

const CUSTODIES: [Custody; 3] = [Custody::Unknown, Custody::Server, Custody::Client];
const SIDES: [Side; 2] = [Side::Here, Side::There];

fn any_handler() -> impl Strategy<Value = Evidence> {
    let names = select(vec!["Gmail", "Orange", "Posteo", "host.example", ""]);
    let classes =
        select(vec![HandlerClass::E, HandlerClass::D, HandlerClass::C, HandlerClass::B, HandlerClass::A]);
    let sees = select(vec![HandlerSees::Metadata, HandlerSees::Content]);
    (names, classes, sees).prop_map(|(name, class, sees)| handler(name, class, sees))
}

fn any_encryption() -> impl Strategy<Value = Evidence> {
    let custody = || select(CUSTODIES.to_vec());
    let schemes = select(vec![EncryptionScheme::OpenPgp, EncryptionScheme::Omemo, EncryptionScheme::Mls]);
    (schemes, custody(), custody(), any::<[bool; 3]>())
        .prop_map(|(scheme, theirs, ours, extras)| encryption(scheme, theirs, ours, extras))
}

fn any_standing() -> impl Strategy<Value = Evidence> {
    use HopSecurity as Hop;
    let hops = [Hop::Unknown, Hop::Clear, Hop::Opportunistic, Hop::Authenticated, Hop::SameServer].map(hop);
    let keys = [
        KeyStanding::BadSignature,
        KeyStanding::ChangedAfterVerification,
        KeyStanding::FirstSeen,
        KeyStanding::Unchanged,
        KeyStanding::DirectoryConfirmed,
        KeyStanding::Verified,
    ]
    .map(Evidence::Key);
    let paths = [MetadataPath::Bare, MetadataPath::DirectServerToServer, MetadataPath::IntraCaliopenSealed]
        .map(Evidence::Metadata);
    let peers =
        [PeerService::Other, PeerService::Caliopen, PeerService::LabelledCaliopen].map(Evidence::Peer);
    let checks = [dmarc_pass(), dmarc_partly_signed(), dmarc_fail(), dmarc_none(), dmarc_temperror()];
    let states = [AtRestState::Unknown, AtRestState::ManagedByServer, AtRestState::SealedToUser];
    let kept =
        SIDES.into_iter().flat_map(|side| states.map(|state| at_rest(side, state))).collect::<Vec<_>>();
    let device = prop_oneof![
        Just(Evidence::Device(DeviceStanding::Unsafe)),
        any::<u8>().prop_map(|index| Evidence::Device(DeviceStanding::Index(index))),
    ];
    let proofs = [HopProof::Dane, HopProof::MtaSts, HopProof::Configured]
        .map(|by| Evidence::HopProven { peer: "mx.example".into(), by });
    prop_oneof![
        3 => select(hops.to_vec()),
        1 => select(proofs.to_vec()),
        2 => select(keys.to_vec()),
        1 => select(paths.to_vec()),
        1 => select(peers.to_vec()),
        2 => select(checks.to_vec()),
        1 => select(kept),
        1 => device,
    ]
}

/// What harms whatever it is added to.
fn any_harm() -> impl Strategy<Value = Evidence> {
    select(vec![
        hop(HopSecurity::Clear),
        dmarc_fail(),
        handler("Gmail", HandlerClass::E, HandlerSees::Content),
        handler("Gmail", HandlerClass::E, HandlerSees::Metadata),
        Evidence::Key(KeyStanding::BadSignature),
        Evidence::Key(KeyStanding::ChangedAfterVerification),
        Evidence::Metadata(MetadataPath::Bare),
        Evidence::Device(DeviceStanding::Unsafe),
        Evidence::Peer(PeerService::Other),
        Evidence::DecryptedByBridge { operator: "bridge.example".into() },
        Evidence::PubliclyArchived { archive: "list.example".into() },
        Evidence::TelephoneNetwork,
        Evidence::ReadableByServices { operators: vec!["mastodon.example".into(), "piaille.example".into()] },
    ])
}

fn any_fact() -> impl Strategy<Value = Evidence> {
    prop_oneof![6 => any_standing(), 2 => any_handler(), 2 => any_encryption(), 1 => any_harm()]
}

fn any_evidence() -> impl Strategy<Value = Vec<Evidence>> {
    vec(any_fact(), 0..12)
}

/// Evidence without repetition or catastrophe, so that high scores are reached too.
fn good_evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let good_key =
        select(vec![KeyStanding::Unchanged, KeyStanding::DirectoryConfirmed, KeyStanding::Verified]);
    let peers = select(vec![PeerService::Caliopen, PeerService::LabelledCaliopen]);
    let rest = select(vec![AtRestState::ManagedByServer, AtRestState::SealedToUser]);
    (any_encryption(), good_key, peers, rest, any_fact()).prop_map(|(encryption, key, peer, state, more)| {
        vec![
            encryption,
            Evidence::Key(key),
            handler("caliopen.example", HandlerClass::A, HandlerSees::Metadata),
            Evidence::Metadata(MetadataPath::IntraCaliopenSealed),
            at_rest(Side::Here, state),
            Evidence::Peer(peer),
            more,
        ]
    })
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    prop_oneof![any_evidence(), good_evidence()]
}

fn is_encryption(fact: &Evidence) -> bool {
    matches!(fact, Evidence::Encryption(_))
}

fn is_bridge(fact: &Evidence) -> bool {
    matches!(fact, Evidence::DecryptedByBridge { .. })
}

fn is_peer(fact: &Evidence) -> bool {
    matches!(fact, Evidence::Peer(_))
}

fn lets_strangers_read(fact: &Evidence) -> bool {
    match fact {
        Evidence::TelephoneNetwork
        | Evidence::ReadableByServices { .. }
        | Evidence::PubliclyArchived { .. } => true,
        Evidence::Handler(found) => found.class == HandlerClass::E && found.sees == HandlerSees::Content,
        _ => false,
    }
}

fn knows_the_key(fact: &Evidence) -> bool {
    matches!(fact, Evidence::Key(standing) if *standing >= KeyStanding::Unchanged)
}

fn leaves_a_key_with_a_server(fact: &Evidence) -> bool {
    match fact {
        Evidence::Encryption(found) => found.ours != Custody::Client || found.theirs != Custody::Client,
        Evidence::Handler(found) => found.sees == HandlerSees::Content,
        _ => false,
    }
}

/// What a fact speaks of: two facts of one kind are two answers to one question.
fn kind(fact: &Evidence) -> (Discriminant<Evidence>, Option<Side>) {
    let side = if let Evidence::AtRest(kept) = fact { Some(kept.side) } else { None };
    (discriminant(fact), side)
}

/// The best answer to each question.
fn known_good() -> Vec<Evidence> {
    vec![
        hop(HopSecurity::Authenticated),
        dmarc_pass(),
        handler("caliopen.example", HandlerClass::A, HandlerSees::Metadata),
        encryption(EncryptionScheme::Mls, Custody::Client, Custody::Client, [true; 3]),
        Evidence::Key(KeyStanding::Verified),
        Evidence::Metadata(MetadataPath::IntraCaliopenSealed),
        at_rest(Side::Here, AtRestState::SealedToUser),
        at_rest(Side::There, AtRestState::SealedToUser),
        Evidence::Device(DeviceStanding::Index(100)),
        Evidence::Peer(PeerService::LabelledCaliopen),
    ]
}

fn plus(evidence: &[Evidence], fact: &Evidence) -> u8 {
    let mut more = evidence.to_vec();
    more.push(fact.clone());
    score(&more).score()
}

/// The assessment without the places of its evidence, which follow the order of the list.
fn without_places(mut assessment: Assessment) -> Assessment {
    assessment.points.iter_mut().for_each(|point| point.evidence.clear());
    assessment.caps.iter_mut().for_each(|cap| cap.evidence.clear());
    assessment
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unknown_earns_nothing_and_is_listed(evidence in evidence()) {
        let assessment = assess(&evidence);
        prop_assert!(assessment.unknown().all(|point| point.points == 0));
        let unknown = Component::ALL.iter().filter(|component| {
            let mut rows = assessment.points.iter().filter(|point| point.component == **component);
            rows.all(|point| point.state == State::Unknown)
        });
        prop_assert_eq!(assessment.index.approximate(), unknown.count() >= 2);
    }

    #[test]
    fn unknown_never_counts_for_more_than_known_good(evidence in evidence()) {
        for good in known_good() {
            let mut silent = evidence.clone();
            silent.retain(|fact| kind(fact) != kind(&good));
            prop_assert!(score(&silent).score() <= plus(&silent, &good), "learning {:?}", good);
        }
    }

    #[test]
    fn what_could_not_be_checked_counts_for_no_more_than_what_was_and_was_good(evidence in evidence()) {
        let unchecked = [
            (hop(HopSecurity::Unknown), hop(HopSecurity::Authenticated)),
            (dmarc_temperror(), dmarc_pass()),
            (at_rest(Side::Here, AtRestState::Unknown), at_rest(Side::Here, AtRestState::SealedToUser)),
            (at_rest(Side::There, AtRestState::Unknown), at_rest(Side::There, AtRestState::SealedToUser)),
        ];
        for (unknown, good) in unchecked {
            prop_assert!(plus(&evidence, &unknown) <= plus(&evidence, &good), "{:?}", unknown);
        }
    }

    #[test]
    fn evidence_of_harm_never_raises(evidence in evidence(), harm in any_harm()) {
        prop_assert!(plus(&evidence, &harm) <= score(&evidence).score());
    }

    #[test]
    fn a_second_answer_to_the_same_question_never_raises(evidence in evidence(), more in any_fact()) {
        prop_assume!(evidence.iter().any(|fact| kind(fact) == kind(&more)));
        prop_assert!(plus(&evidence, &more) <= score(&evidence).score());
    }

    #[test]
    fn what_proved_a_hop_weighs_nothing_beside_the_hop(evidence in evidence()) {
        let without: Vec<Evidence> =
            evidence.iter().filter(|fact| !matches!(fact, Evidence::HopProven { .. })).cloned().collect();
        let by = HopProof::Dane;
        prop_assert_eq!(plus(&without, &Evidence::HopProven { peer: "mx.example".into(), by }), score(&without).score());
    }

    #[test]
    fn how_a_list_is_left_weighs_nothing(evidence in evidence()) {
        let signed = Evidence::OneClickSigned { domain: "news.example".into() };
        prop_assert_eq!(plus(&evidence, &signed), score(&evidence).score());
    }

    #[test]
    fn repeating_evidence_changes_nothing(evidence in evidence(), place in any::<Index>()) {
        prop_assume!(!evidence.is_empty());
        let mut twice = evidence.clone();
        twice.insert(0, evidence[place.index(evidence.len())].clone());
        prop_assert_eq!(without_places(assess(&twice)), without_places(assess(&evidence)));
    }

    #[test]
    fn the_order_never_matters((evidence, shuffled) in evidence().prop_flat_map(|evidence| {
        (Just(evidence.clone()), Just(evidence).prop_shuffle())
    })) {
        prop_assert_eq!(without_places(assess(&shuffled)), without_places(assess(&evidence)));
    }

    #[test]
    fn the_index_is_the_sum_under_the_lowest_cap(evidence in evidence()) {
        let assessment = assess(&evidence);
        let limit = assessment.caps.first().map_or(100, |cap| cap.limit);
        prop_assert_eq!(assessment.index.score(), assessment.sum().min(limit));
        prop_assert_eq!(assessment.index, score(&evidence));
        prop_assert!(assessment.caps.is_sorted_by_key(|cap| cap.limit));
        prop_assert_eq!(assessment.points.iter().map(|point| u32::from(point.most)).sum::<u32>(), 100);
        for component in Component::ALL {
            let rows = assessment.points.iter().filter(|point| point.component == *component);
            prop_assert_eq!(rows.map(|point| point.most).sum::<u8>(), component.most());
        }
        prop_assert!(assessment.points.iter().all(|point| point.points <= point.most));
    }

    #[test]
    fn every_point_and_cap_has_its_reason_and_its_evidence(evidence in evidence()) {
        let assessment = assess(&evidence);
        for point in &assessment.points {
            let found = point.state == State::Unknown || !point.evidence.is_empty();
            prop_assert!(found, "{:?}", point);
            prop_assert!(Language::ALL.iter().all(|language| !point.reason.text(*language).is_empty()));
        }
        for cap in &assessment.caps {
            // Three caps come from what nobody showed, and there is nothing to point to.
            let absence = [ReasonCode::NotEncrypted, ReasonCode::TlsNotProven, ReasonCode::OtherService];
            prop_assert!(absence.contains(&cap.reason.code) || !cap.evidence.is_empty(), "{:?}", cap);
            prop_assert!(Language::ALL.iter().all(|language| !cap.reason.text(*language).is_empty()));
        }
        let places = assessment.points.iter().flat_map(|point| &point.evidence);
        let places = places.chain(assessment.caps.iter().flat_map(|cap| &cap.evidence));
        prop_assert!(places.copied().all(|place| place < evidence.len()));
    }

    #[test]
    fn every_gain_is_the_recomputed_value(evidence in evidence()) {
        let assessment = assess(&evidence);
        let now = assessment.index.score();
        prop_assert!(assessment.raises.len() <= RAISES_MAX);
        prop_assert!(assessment.raises.is_sorted_by_key(|raise| std::cmp::Reverse(raise.projected)));
        for raise in &assessment.raises {
            let then = hypothetical(raise.action, &evidence).map(|supposed| assess(&supposed).index.score());
            prop_assert_eq!(then, Some(raise.projected));
            prop_assert!(raise.projected > now);
        }
        let shown_least = assessment.raises.last().map_or(now, |raise| raise.projected);
        let best = Action::ALL.iter().filter_map(|action| hypothetical(*action, &evidence));
        let better = best.filter(|supposed| score(supposed).score() > shown_least).count();
        let advised = !assessment.suspicious && !evidence.iter().any(|fact| matches!(fact, Evidence::PubliclyArchived { .. }));
        prop_assert!(!advised || better < RAISES_MAX, "{} better steps are not shown", better);
    }

    #[test]
    fn a_later_finding_or_an_administrator_only_lowers(from in 0_u8..=100, limit: u8, doubt: bool) {
        let index = PrivacyIndex::new(from, doubt);
        let found = lowered(index, limit);
        prop_assert_eq!(found.score(), from.min(limit));
        prop_assert_eq!(found.approximate(), doubt);
    }

    #[test]
    fn from_20_no_server_on_the_way_reads_and_from_80_both_are_caliopens(evidence in evidence()) {
        let found = score(&evidence).score();
        let shows = |wanted: fn(&Evidence) -> bool| evidence.iter().any(wanted);
        let least_score_of = |wanted, bound: u8| found < bound || shows(wanted);
        let greatest_score_of = |excluded, bound: u8| found <= bound || !shows(excluded);
        prop_assert!(least_score_of(is_encryption, 20));
        prop_assert!(greatest_score_of(lets_strangers_read, 19));
        prop_assert!(greatest_score_of(is_bridge, 29));
        prop_assert!(least_score_of(knows_the_key, 50));
        prop_assert!(greatest_score_of(leaves_a_key_with_a_server, 59));
        prop_assert!(found < 60 || assess(&evidence).readers.is_empty());
        prop_assert!(least_score_of(is_peer, 80));
        prop_assert!(greatest_score_of(|fact| *fact == Evidence::Peer(PeerService::Other), 79));
        prop_assert!(greatest_score_of(|fact| *fact == Evidence::Peer(PeerService::Caliopen), 84));
    }

    #[test]
    fn a_sentence_never_hides_a_reader(evidence in evidence()) {
        let assessment = assess(&evidence);
        let sentence = assessment.sentence_text(Language::English);
        let claims_two_only = sentence.starts_with("Only you two");
        if claims_two_only || sentence.starts_with("Private") {
            prop_assert!(assessment.readers.is_empty(), "{} but {:?}", sentence, assessment.readers);
        }
    }
}
