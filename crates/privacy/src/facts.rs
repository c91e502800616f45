//! What a list of evidence says once it is taken together: the worst of each kind, in a few bytes.
//!
//! Taking the worst makes the order meaningless and keeps a repeated or contradicting fact from ever
//! raising a score. What nobody said stays `None`: unknown.

use crate::subject::worst;
use caliopen_model::{
    AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DmarcResult, Encryption, Evidence,
    Handler, HandlerClass, HandlerSees, HopSecurity, KeyStanding, MetadataPath, PeerService, Side, SpfResult,
};

/// The worst of everything that was said about one message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) way: Option<HopSecurity>,
    pub(crate) hop_clear: bool,
    pub(crate) domain: Option<DomainProof>,
    pub(crate) handler: Option<HandlerClass>,
    pub(crate) class_e_reads: bool,
    pub(crate) class_e_watches: bool,
    pub(crate) handler_reads: bool,
    pub(crate) encryption: Option<Sealing>,
    pub(crate) key: Option<KeyStanding>,
    pub(crate) metadata: Option<MetadataPath>,
    pub(crate) here: Option<AtRestState>,
    pub(crate) there: Option<AtRestState>,
    pub(crate) device_index: Option<u8>,
    pub(crate) device_exposed: bool,
    pub(crate) peer: Option<PeerService>,
    pub(crate) bridge: bool,
    pub(crate) archived: bool,
    pub(crate) telephone: bool,
    pub(crate) administrators: bool,
}

/// What SPF, DKIM and DMARC prove of the domain, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DomainProof {
    Fails,
    NoPolicy,
    PartlySigned,
    Unfinished,
    Proven,
}

/// The weakest of the encryptions that were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sealing {
    pub(crate) theirs: Custody,
    pub(crate) ours: Custody,
    pub(crate) forward_secrecy: bool,
    pub(crate) covers_everything: bool,
    pub(crate) post_quantum: bool,
}

impl Facts {
    /// Takes the evidence together.
    pub(crate) fn gather<'a>(evidence: impl IntoIterator<Item = &'a Evidence>) -> Self {
        let mut facts = Self::default();
        for fact in evidence {
            facts.add(fact);
        }
        facts
    }

    fn add(&mut self, fact: &Evidence) {
        match fact {
            Evidence::Hop(hop) => {
                worst(&mut self.way, hop.security);
                self.hop_clear |= hop.security == HopSecurity::Clear;
            }
            Evidence::Authentication(checks) => worst(&mut self.domain, domain_proof(checks)),
            Evidence::Handler(handler) => self.add_handler(handler),
            Evidence::Encryption(encryption) => self.add_encryption(encryption),
            Evidence::Key(standing) => worst(&mut self.key, *standing),
            Evidence::Metadata(path) => worst(&mut self.metadata, *path),
            Evidence::AtRest(kept) => match kept.side {
                Side::Here => worst(&mut self.here, kept.state),
                Side::There => worst(&mut self.there, kept.state),
            },
            Evidence::Device(DeviceStanding::Index(index)) => worst(&mut self.device_index, *index),
            Evidence::Device(DeviceStanding::Unsafe) => self.device_exposed = true,
            Evidence::Peer(service) => worst(&mut self.peer, *service),
            Evidence::DecryptedByBridge { .. } => self.bridge = true,
            Evidence::PubliclyArchived { .. } => self.archived = true,
            Evidence::TelephoneNetwork => self.telephone = true,
            Evidence::ReadableByServices { .. } => self.administrators = true,
            // It explains a hop, whose security already counts.
            Evidence::HopProven { .. } => {}
            // How a list is left says nothing of who can read it.
            Evidence::OneClickSigned { .. } => {}
        }
    }

    fn add_handler(&mut self, handler: &Handler) {
        worst(&mut self.handler, handler.class);
        let (reads, class_e) = (handler.sees == HandlerSees::Content, handler.class == HandlerClass::E);
        self.handler_reads |= reads;
        self.class_e_reads |= reads && class_e;
        self.class_e_watches |= class_e && !reads;
    }

    fn add_encryption(&mut self, found: &Encryption) {
        let sealing = self.encryption.get_or_insert(Sealing {
            theirs: found.theirs,
            ours: found.ours,
            forward_secrecy: true,
            covers_everything: true,
            post_quantum: true,
        });
        sealing.theirs = sealing.theirs.min(found.theirs);
        sealing.ours = sealing.ours.min(found.ours);
        sealing.forward_secrecy &= found.forward_secrecy;
        sealing.covers_everything &= found.covers_everything;
        sealing.post_quantum &= found.post_quantum;
    }

    /// The check of a sender failed: the message may not be from whom it names.
    pub(crate) fn suspicious(&self) -> bool {
        self.domain == Some(DomainProof::Fails) || self.key == Some(KeyStanding::BadSignature)
    }

    /// Every hop that was named proved who answered. An unseen hop proves nothing.
    pub(crate) fn way_proven(&self) -> bool {
        matches!(self.way, Some(HopSecurity::Authenticated | HopSecurity::SameServer))
    }

    /// Only the devices of the two people can open the message.
    pub(crate) fn keys_on_devices(&self) -> bool {
        let both = |sealing: Sealing| sealing.theirs == Custody::Client && sealing.ours == Custody::Client;
        self.encryption.is_some_and(both) && !self.handler_reads && !self.bridge
    }
}

/// What one set of checks proves. The verdict of DMARC stands, unless all that it rests on is a DKIM
/// signature which covers the beginning of the body alone (`l=`, RFC 6376 §8.2).
pub(crate) fn domain_proof(checks: &Authentication) -> DomainProof {
    match checks.dmarc {
        DmarcResult::Fail => DomainProof::Fails,
        DmarcResult::None | DmarcResult::Permerror => DomainProof::NoPolicy,
        DmarcResult::Temperror => DomainProof::Unfinished,
        DmarcResult::Pass if rests_on_part_of_the_body(checks) => DomainProof::PartlySigned,
        DmarcResult::Pass => DomainProof::Proven,
    }
}

fn rests_on_part_of_the_body(checks: &Authentication) -> bool {
    let aligned = |domain: &str| {
        checks.from_domain.as_deref().is_some_and(|from| is_within(from, domain) || is_within(domain, from))
    };
    let passed = |verdict: &&caliopen_model::DkimVerdict| verdict.result == DkimResult::Pass;
    let limited = checks.dkim.iter().filter(passed).any(|verdict| verdict.body_length_limited);
    let signed_whole = checks
        .dkim
        .iter()
        .filter(passed)
        .any(|verdict| !verdict.body_length_limited && aligned(&verdict.domain));
    let sent_from_there = checks.spf == SpfResult::Pass && checks.spf_domain.as_deref().is_some_and(aligned);
    limited && !signed_whole && !sent_from_there
}

/// `inner` is `outer` or a subdomain of it. Stricter than the relaxed alignment of RFC 9989, which knows the
/// organizational domain: it is asked only where a partial signature already puts the pass in doubt.
fn is_within(inner: &str, outer: &str) -> bool {
    let (inner, outer) = (inner.as_bytes(), outer.as_bytes());
    let Some(start) = inner.len().checked_sub(outer.len()) else { return false };
    let (head, tail) = inner.split_at(start);
    !outer.is_empty() && tail.eq_ignore_ascii_case(outer) && head.last().is_none_or(|byte| *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{ArcResult, DkimVerdict};

    fn signature(domain: &str, result: DkimResult, body_length_limited: bool) -> DkimVerdict {
        DkimVerdict { domain: domain.into(), selector: "s".into(), result, body_length_limited }
    }

    fn check(dmarc: DmarcResult, spf: Option<&str>, dkim: Vec<DkimVerdict>, expected: DomainProof) {
        let checks = Authentication {
            from_domain: Some("Example.org".into()),
            spf: if spf.is_some() { SpfResult::Pass } else { SpfResult::None },
            spf_domain: spf.map(str::to_owned),
            dkim,
            dmarc,
            arc: ArcResult::None,
            dnssec: false,
        };
        assert_eq!(domain_proof(&checks), expected, "{checks:?}");
    }

    #[test]
    fn a_signature_of_part_of_the_body_never_counts_as_a_pass() {
        let partial = || signature("example.org", DkimResult::Pass, true);
        check(DmarcResult::Pass, None, vec![partial()], DomainProof::PartlySigned);
        check(DmarcResult::Pass, Some("list.example"), vec![partial()], DomainProof::PartlySigned);
        check(DmarcResult::Pass, Some("notexample.org"), vec![partial()], DomainProof::PartlySigned);
        check(DmarcResult::Pass, Some("mail.example.org"), vec![partial()], DomainProof::Proven);
        let whole = signature("example.org", DkimResult::Pass, false);
        check(DmarcResult::Pass, None, vec![partial(), whole], DomainProof::Proven);
        let stranger = signature("other.example", DkimResult::Pass, false);
        check(DmarcResult::Pass, None, vec![partial(), stranger], DomainProof::PartlySigned);
        let broken = signature("example.org", DkimResult::Fail, true);
        check(DmarcResult::Pass, Some("sibling.example.org"), vec![broken], DomainProof::Proven);
    }

    #[test]
    fn the_verdict_of_dmarc_is_kept_apart_from_a_check_that_did_not_end() {
        check(DmarcResult::Temperror, None, vec![], DomainProof::Unfinished);
        check(DmarcResult::None, Some("example.org"), vec![], DomainProof::NoPolicy);
        check(DmarcResult::Permerror, None, vec![], DomainProof::NoPolicy);
        check(DmarcResult::Fail, Some("example.org"), vec![], DomainProof::Fails);
    }
}
