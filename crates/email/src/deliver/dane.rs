//! DANE for SMTP (RFC 7672, RFC 7671, RFC 6698): what a host's TLSA records say of its certificate. Pure.
//!
//! Whether the records are to be believed is not decided here: only those that DNSSEC validated get in.

use crate::resolver::Tlsa;
use aws_lc_rs::digest::{SHA256, SHA512, digest};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a TLSA record describes. PKIX-TA and PKIX-EE are unusable with SMTP (RFC 7672 §3.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Usage {
    /// 2: a certificate that others are issued under.
    TrustAnchor,
    /// 3: the host's own.
    EndEntity,
}

/// Which part of a certificate is described (RFC 6698 §2.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Selector {
    /// 0: the whole of it.
    Certificate,
    /// 1: its public key.
    PublicKey,
}

/// How it is described (RFC 6698 §2.1.3). The later, the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Matching {
    /// 0: by itself.
    Full,
    /// 1.
    Sha256,
    /// 2.
    Sha512,
}

/// One record that can be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Association {
    usage: Usage,
    selector: Selector,
    matching: Matching,
    data: Vec<u8>,
}

/// The records of a host that can be used: one of them has to match.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Associations(BTreeSet<Association>);

impl Associations {
    /// Those of these records that can be used; none when not one can, which still demands encryption
    /// (RFC 7672 §2.2).
    pub(super) fn of(records: &[Tlsa]) -> Option<Self> {
        let usable: BTreeSet<Association> = records.iter().filter_map(usable).collect();
        (!usable.is_empty()).then(|| Self(strongest(usable)))
    }

    /// Whether names count: where the host's own certificate is described, they do not (RFC 7672 §3.1.1).
    pub(super) fn look_at_names(&self) -> bool {
        self.0.iter().any(|association| association.usage == Usage::TrustAnchor)
    }

    /// Whether a chain, the host's own certificate first, is one that the records describe.
    pub(super) fn prove(
        &self,
        chain: &[CertificateDer<'_>],
        names: &[ServerName<'_>],
        now: UnixTime,
        provider: &Arc<CryptoProvider>,
    ) -> bool {
        let Some((own, issuers)) = chain.split_first() else { return false };
        self.describe(Usage::EndEntity, own) || self.lead_to_anchor(own, issuers, names, now, provider)
    }

    fn describe(&self, usage: Usage, certificate: &CertificateDer<'_>) -> bool {
        let of_usage = |association: &&Association| association.usage == usage;
        self.0.iter().filter(of_usage).any(|association| association.matches(certificate))
    }

    /// RFC 7672 §3.1.2: dates and names count here, and the anchor is in the chain or, whole, in the record.
    fn lead_to_anchor(
        &self,
        own: &CertificateDer<'_>,
        issuers: &[CertificateDer<'_>],
        names: &[ServerName<'_>],
        now: UnixTime,
        provider: &Arc<CryptoProvider>,
    ) -> bool {
        let sent = issuers.iter().filter(|issuer| self.describe(Usage::TrustAnchor, issuer)).cloned();
        let mut anchors = RootCertStore::empty();
        anchors.add_parsable_certificates(sent.chain(self.published_anchors()));
        let built =
            WebPkiServerVerifier::builder_with_provider(Arc::new(anchors), Arc::clone(provider)).build();
        // Without an anchor there is nothing to lead to.
        let Ok(verifier) = built else { return false };
        names.iter().any(|name| verifier.verify_server_cert(own, issuers, name, &[], now).is_ok())
    }

    fn published_anchors(&self) -> impl Iterator<Item = CertificateDer<'_>> {
        let whole = |association: &&Association| {
            association.usage == Usage::TrustAnchor
                && association.selector == Selector::Certificate
                && association.matching == Matching::Full
        };
        self.0.iter().filter(whole).map(|association| CertificateDer::from(association.data.as_slice()))
    }
}

impl Association {
    fn matches(&self, certificate: &CertificateDer<'_>) -> bool {
        let selected = match self.selector {
            Selector::Certificate => certificate.to_vec(),
            Selector::PublicKey => match public_key(certificate) {
                Some(key) => key,
                None => return false,
            },
        };
        match self.matching {
            Matching::Full => selected == self.data,
            Matching::Sha256 => digest(&SHA256, &selected).as_ref() == self.data,
            Matching::Sha512 => digest(&SHA512, &selected).as_ref() == self.data,
        }
    }
}

/// The public key of a certificate, with its algorithm (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7).
pub(super) fn public_key(certificate: &CertificateDer<'_>) -> Option<Vec<u8>> {
    Some(ParsedCertificate::try_from(certificate).ok()?.subject_public_key_info().to_vec())
}

fn usable(record: &Tlsa) -> Option<Association> {
    let usage = match record.usage {
        2 => Usage::TrustAnchor,
        3 => Usage::EndEntity,
        _ => return None,
    };
    let selector = match record.selector {
        0 => Selector::Certificate,
        1 => Selector::PublicKey,
        _ => return None,
    };
    let (matching, is_whole) = match record.matching {
        0 => (Matching::Full, !record.data.is_empty()),
        1 => (Matching::Sha256, record.data.len() == 32),
        2 => (Matching::Sha512, record.data.len() == 64),
        _ => return None,
    };
    is_whole.then(|| Association { usage, selector, matching, data: record.data.clone() })
}

/// RFC 7671 §9: of the digests of one usage and selector only those of the strongest kind count. What stands there by
/// itself always does.
fn strongest(all: BTreeSet<Association>) -> BTreeSet<Association> {
    let outdone = |one: &Association| {
        let same = |other: &&Association| (other.usage, other.selector) == (one.usage, one.selector);
        one.matching != Matching::Full && all.iter().filter(same).any(|other| other.matching > one.matching)
    };
    all.iter().filter(|one| !outdone(one)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData};
    use std::time::Duration;

    /// 2026-09-21.
    const NOW: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1_790_000_000));

    struct World {
        chain: Vec<CertificateDer<'static>>,
        own_key: Vec<u8>,
        authority: Vec<u8>,
        authority_key: Vec<u8>,
    }

    fn world(name: &str, years: std::ops::Range<i32>) -> World {
        let (authority_pair, pair) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = authority_pair.subject_public_key_info();
        let authority = CertifiedIssuer::self_signed(authority, authority_pair).unwrap();
        let mut own = CertificateParams::new(vec![name.to_owned()]).unwrap();
        own.not_before = rcgen::date_time_ymd(years.start, 1, 1);
        own.not_after = rcgen::date_time_ymd(years.end, 1, 1);
        let own = own.signed_by(&pair, &authority).unwrap();
        World {
            chain: vec![own.der().clone(), authority.der().clone()],
            own_key: pair.subject_public_key_info(),
            authority: authority.der().to_vec(),
            authority_key,
        }
    }

    fn record(usage: u8, selector: u8, matching: u8, of: &[u8]) -> Tlsa {
        let data = match matching {
            1 => digest(&SHA256, of).as_ref().to_vec(),
            2 => digest(&SHA512, of).as_ref().to_vec(),
            _ => of.to_vec(),
        };
        Tlsa { usage, selector, matching, data }
    }

    fn proves(records: &[Tlsa], chain: &[CertificateDer<'_>]) -> bool {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let names = ["mx.there.test", "there.test"].map(|name| ServerName::try_from(name).unwrap());
        Associations::of(records).is_some_and(|usable| usable.prove(chain, &names, NOW, &provider))
    }

    #[test]
    fn a_hosts_own_certificate_is_known_in_each_way_and_neither_name_nor_date_counts() {
        let world = world("somebody.else.test", 2010..2011);
        for matching in 0..=2 {
            assert!(proves(&[record(3, 0, matching, &world.chain[0])], &world.chain), "3 0 {matching}");
            assert!(proves(&[record(3, 1, matching, &world.own_key)], &world.chain), "3 1 {matching}");
            for (wrong, selector) in [(&world.authority, 0), (&world.authority_key, 1)] {
                assert!(!proves(&[record(3, selector, matching, wrong)], &world.chain), "{matching}");
            }
        }
    }

    #[test]
    fn an_anchor_vouches_for_a_host_of_the_right_name_in_its_time() {
        let sound = world("mx.there.test", 2020..2040);
        let (misnamed, late) = (world("mx.else.test", 2020..2040), world("mx.there.test", 2020..2021));
        for matching in 0..=2 {
            for (selector, of) in [(0, World::authority as fn(&World) -> &[u8]), (1, World::authority_key)] {
                let check = |world: &World| proves(&[record(2, selector, matching, of(world))], &world.chain);
                assert!(check(&sound), "2 {selector} {matching}");
                assert!(!check(&misnamed) && !check(&late), "2 {selector} {matching}");
            }
        }
        let of_domain = world("there.test", 2020..2040);
        assert!(proves(&[record(2, 1, 1, &of_domain.authority_key)], &of_domain.chain), "its domain will do");
    }

    impl World {
        fn authority(&self) -> &[u8] {
            &self.authority
        }

        fn authority_key(&self) -> &[u8] {
            &self.authority_key
        }
    }

    #[test]
    fn an_anchor_that_is_not_sent_must_stand_in_the_record() {
        let world = world("mx.there.test", 2020..2040);
        let alone = &world.chain[..1];
        assert!(proves(&[record(2, 0, 0, &world.authority)], alone));
        assert!(!proves(&[record(2, 0, 1, &world.authority)], alone));
        assert!(!proves(&[record(2, 1, 1, &world.own_key)], alone), "a host is no anchor of itself");
    }

    #[test]
    fn an_authority_beside_the_chain_vouches_for_nobody() {
        let (ours, theirs) = (world("mx.there.test", 2020..2040), world("mx.there.test", 2020..2040));
        let mixed = [ours.chain[0].clone(), theirs.chain[1].clone()];
        assert!(!proves(&[record(2, 0, 1, &theirs.authority)], &mixed));
    }

    #[test]
    fn one_of_several_records_is_enough() {
        let (old, new) = (world("mx.there.test", 2020..2040), world("mx.there.test", 2020..2040));
        let both = [record(3, 1, 1, &old.own_key), record(3, 1, 1, &new.own_key)];
        assert!(proves(&both, &old.chain) && proves(&both, &new.chain));
    }

    #[test]
    fn the_strongest_digest_counts() {
        let (right, wrong) = (world("mx.there.test", 2020..2040), world("mx.there.test", 2020..2040));
        let weak_is_right = [record(3, 1, 1, &right.own_key), record(3, 1, 2, &wrong.own_key)];
        assert!(!proves(&weak_is_right, &right.chain));
        let whole_is_right = [record(3, 1, 0, &right.own_key), record(3, 1, 2, &wrong.own_key)];
        assert!(proves(&whole_is_right, &right.chain));
        let of_another_kind = [record(3, 0, 1, &right.chain[0]), record(3, 1, 2, &wrong.own_key)];
        assert!(proves(&of_another_kind, &right.chain));
    }

    #[test]
    fn what_cannot_be_used_is_not() {
        let key = world("mx.there.test", 2020..2040).own_key;
        for (usage, selector, matching) in
            [(0, 1, 1), (1, 1, 1), (4, 1, 1), (255, 1, 1), (3, 2, 1), (3, 1, 3)]
        {
            assert_eq!(Associations::of(&[record(usage, selector, matching, &key)]), None);
        }
        for (matching, length) in [(0, 0), (1, 31), (1, 64), (2, 32)] {
            let short = Tlsa { usage: 3, selector: 1, matching, data: vec![0; length] };
            assert_eq!(Associations::of(&[short]), None, "{matching} of {length} bytes");
        }
        assert!(!proves(&[record(3, 1, 1, &key)], &[]), "no certificate, no proof");
        let garbage = [CertificateDer::from(vec![0x30, 0x80])];
        assert!(!proves(&[record(3, 1, 1, &key), record(2, 0, 0, &[1, 2, 3])], &garbage));
    }
}
