//! Random questions with the answers of this program, one after the other on standard output, for whoever wants to see
//! whether the browser's program answers the same: `questions 10000`.
//!
//! Each line is `question TAB answer`; the first one is the version of the formula. The questions are the same in every
//! run: proptest's own deterministic source makes them.

use caliopen_model::{
    ArcResult, AtRest, AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DkimVerdict,
    DmarcResult, Encryption, EncryptionScheme, Evidence, FORMULA_VERSION, Handler, HandlerClass, HandlerSees,
    Hop, HopProof, HopSecurity, KeyStanding, Language, MetadataPath, PeerService, Side, SpfResult, TlsFacts,
};
use caliopen_privacy::EvidenceRecord;
use caliopen_web_core::answer;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use std::io::{BufWriter, Write};

/// Questions when no number is given.
const QUESTIONS: usize = 10_000;

fn one<T: std::fmt::Debug + Clone + 'static>(values: &[T]) -> impl Strategy<Value = T> + use<T> {
    select(values.to_vec())
}

/// Names as evidence has them: of services, hosts and domains, with what JSON has to escape, and none.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => one(&["Gmail", "Orange", "Posteo", "mx.example.net", "host.example", ""]).prop_map(str::to_owned),
        1 => "[ -~àéîœß日本\\\\\"\u{a0}]{1,12}",
    ]
}

fn hop() -> impl Strategy<Value = Evidence> {
    use HopSecurity::{Authenticated, Clear, Opportunistic, SameServer, Unknown};
    let tls = (one(&["TLSv1.3", "TLSv1.2"]), proptest::option::of(name())).prop_map(|(version, group)| {
        TlsFacts { version: version.to_owned(), cipher: "TLS_AES_256_GCM_SHA384".to_owned(), group }
    });
    (name(), one(&[Unknown, Clear, Opportunistic, Authenticated, SameServer]), proptest::option::of(tls))
        .prop_map(|(peer, security, tls)| Evidence::Hop(Hop { peer, security, tls }))
}

fn authentication() -> impl Strategy<Value = Evidence> {
    use DmarcResult as Dmarc;
    let dkim = (name(), one(&[DkimResult::Pass, DkimResult::Fail, DkimResult::Temperror]), any::<bool>())
        .prop_map(|(domain, result, body_length_limited)| DkimVerdict {
            domain,
            selector: "s1".to_owned(),
            result,
            body_length_limited,
        });
    let spf = one(&[SpfResult::None, SpfResult::Pass, SpfResult::Softfail, SpfResult::Fail]);
    let dmarc =
        one(&[Dmarc::None, Dmarc::Pass, Dmarc::Pass, Dmarc::Fail, Dmarc::Temperror, Dmarc::Permerror]);
    let arc = one(&[ArcResult::None, ArcResult::Pass, ArcResult::Fail]);
    let names = || proptest::option::of(name());
    (names(), spf, names(), vec(dkim, 0..3), dmarc, arc, any::<bool>()).prop_map(
        |(from_domain, spf, spf_domain, dkim, dmarc, arc, dnssec)| {
            Evidence::Authentication(Authentication {
                from_domain,
                spf,
                spf_domain,
                dkim,
                dmarc,
                arc,
                dnssec,
            })
        },
    )
}

fn handler() -> impl Strategy<Value = Evidence> {
    use HandlerClass::{A, B, C, D, E};
    let sees = one(&[HandlerSees::Metadata, HandlerSees::Content]);
    (name(), one(&[E, D, C, B, A]), sees, one(&["mx", "network", "received"])).prop_map(
        |(name, class, sees, found_by)| {
            Evidence::Handler(Handler { name, class, sees, found_by: found_by.to_owned() })
        },
    )
}

fn encryption() -> impl Strategy<Value = Evidence> {
    use EncryptionScheme::{Caliopen, Megolm, Mls, Omemo, OpenPgp, Smime};
    let custody = || one(&[Custody::Unknown, Custody::Server, Custody::Client, Custody::Client]);
    let schemes = one(&[OpenPgp, Smime, Omemo, Megolm, Mls, Caliopen]);
    (schemes, custody(), custody(), any::<[bool; 3]>()).prop_map(|(scheme, theirs, ours, extras)| {
        let [forward_secrecy, covers_everything, post_quantum] = extras;
        Evidence::Encryption(Encryption {
            scheme,
            theirs,
            ours,
            forward_secrecy,
            covers_everything,
            post_quantum,
        })
    })
}

fn standing() -> impl Strategy<Value = Evidence> {
    use KeyStanding as Key;
    let keys = [
        Key::BadSignature,
        Key::ChangedAfterVerification,
        Key::FirstSeen,
        Key::Unchanged,
        Key::DirectoryConfirmed,
        Key::Verified,
    ];
    let paths = [MetadataPath::Bare, MetadataPath::DirectServerToServer, MetadataPath::IntraCaliopenSealed];
    let states = [AtRestState::Unknown, AtRestState::ManagedByServer, AtRestState::SealedToUser];
    let at_rest = (one(&[Side::Here, Side::There]), one(&states))
        .prop_map(|(side, state)| Evidence::AtRest(AtRest { side, state }));
    prop_oneof![
        3 => one(&keys).prop_map(Evidence::Key),
        2 => one(&paths).prop_map(Evidence::Metadata),
        3 => at_rest,
        1 => any::<u8>().prop_map(|index| Evidence::Device(DeviceStanding::Index(index))),
        2 => one(&[PeerService::Other, PeerService::Caliopen, PeerService::LabelledCaliopen]).prop_map(Evidence::Peer),
    ]
}

/// What is seldom: a few of them would hide what the others give.
fn seldom() -> impl Strategy<Value = Evidence> {
    let proofs = one(&[HopProof::Dane, HopProof::MtaSts, HopProof::Configured]);
    prop_oneof![
        4 => (name(), proofs).prop_map(|(peer, by)| Evidence::HopProven { peer, by }),
        4 => name().prop_map(|domain| Evidence::OneClickSigned { domain }),
        1 => name().prop_map(|operator| Evidence::DecryptedByBridge { operator }),
        1 => name().prop_map(|archive| Evidence::PubliclyArchived { archive }),
        1 => vec(name(), 0..3).prop_map(|operators| Evidence::ReadableByServices { operators }),
        1 => Just(Evidence::Device(DeviceStanding::Unsafe)),
        1 => Just(Evidence::TelephoneNetwork),
    ]
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let fact = prop_oneof![
        3 => hop(),
        3 => handler(),
        2 => authentication(),
        3 => encryption(),
        8 => standing(),
        1 => seldom(),
    ];
    vec(fact, 0..10)
}

/// One recipient mostly, sometimes several: then the weakest decides.
fn recipients() -> impl Strategy<Value = Vec<Vec<Evidence>>> {
    prop_oneof![3 => vec(evidence(), 1..2), 1 => vec(evidence(), 2..4)]
}

fn main() -> std::io::Result<()> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(QUESTIONS);
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), chance);
    let strategy = recipients();
    let mut output = BufWriter::new(std::io::stdout().lock());
    writeln!(output, "{FORMULA_VERSION}")?;
    for _ in 0..count {
        let tree = strategy.new_tree(&mut runner).expect("nothing is ever rejected");
        let records: Vec<Vec<EvidenceRecord>> = tree
            .current()
            .into_iter()
            .map(|evidence| evidence.into_iter().map(EvidenceRecord).collect())
            .collect();
        for language in Language::ALL {
            let question = json!({ "language": language.tag(), "recipients": records }).to_string();
            output.write_all(question.as_bytes())?;
            output.write_all(b"\t")?;
            output.write_all(&answer(question.as_bytes()))?;
            output.write_all(b"\n")?;
        }
    }
    output.flush()
}
