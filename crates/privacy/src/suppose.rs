//! "What if": the evidence that would be there once a step is taken.

use crate::facts::{DomainProof, Facts, Sealing, domain_proof};
use crate::raise::Action;
use caliopen_model::{
    AtRest, AtRestState, Authentication, Custody, DeviceStanding, DmarcResult, Encryption, EncryptionScheme,
    Evidence, Handler, HandlerClass, HandlerSees, Hop, HopSecurity, KeyStanding, MetadataPath, PeerService,
    Side,
};
use std::borrow::Cow;

/// The index of the device that advice speaks of: an enrolled, up-to-date one of one's own.
const TRUSTED_DEVICE_INDEX: u8 = 80;

/// The evidence after the step; what it leaves alone is borrowed. `None` when the step makes no sense here.
pub(crate) fn suppose<'a>(
    action: Action,
    facts: &Facts,
    evidence: &'a [Evidence],
) -> Option<Vec<Cow<'a, Evidence>>> {
    if !applies(action, facts) {
        return None;
    }
    let mut supposed: Vec<Cow<'a, Evidence>> =
        evidence.iter().filter_map(|fact| changed(action, fact)).collect();
    add(action, facts, &mut supposed);
    Some(supposed)
}

fn applies(action: Action, facts: &Facts) -> bool {
    let sealing = facts.encryption;
    let sealed_and = |lacking: fn(Sealing) -> bool| sealing.is_some_and(lacking);
    match action {
        Action::LeaveBridge => facts.bridge && sealing.is_some(),
        Action::UseTrustedDevice => {
            facts.device_exposed || facts.device_index.is_some_and(|index| index < TRUSTED_DEVICE_INDEX)
        }
        Action::VerifyContact => {
            facts.key.is_some_and(|key| key > KeyStanding::BadSignature && key < KeyStanding::Verified)
        }
        Action::KeysToYourDevices => sealed_and(|found| found.ours != Custody::Client),
        Action::KeysToTheirDevices => sealed_and(|found| found.theirs != Custody::Client),
        Action::BothKeysToDevices => {
            sealed_and(|found| found.ours != Custody::Client && found.theirs != Custody::Client)
        }
        Action::SealAtRest => facts.here == Some(AtRestState::ManagedByServer),
        Action::KeepWriting => facts.key == Some(KeyStanding::FirstSeen),
        Action::JoinCaliopen => matches!(facts.peer, None | Some(PeerService::Other)),
        Action::Encrypt => sealing.is_none() && !facts.telephone && !facts.administrators && !facts.bridge,
        Action::OtherAddress => matches!(facts.handler, Some(HandlerClass::E | HandlerClass::D)),
        Action::ForwardSecrecy => sealed_and(|found| !found.forward_secrecy),
        Action::CoverEverything => sealed_and(|found| !found.covers_everything),
        Action::PostQuantum => sealed_and(|found| !found.post_quantum),
        Action::ProveServer => facts.hop_clear || facts.way == Some(HopSecurity::Opportunistic),
        Action::ProveDomain => {
            matches!(facts.domain, Some(DomainProof::NoPolicy | DomainProof::PartlySigned))
        }
        Action::PublishKey => matches!(facts.key, Some(KeyStanding::FirstSeen | KeyStanding::Unchanged)),
        Action::DeliverDirectly => facts.metadata == Some(MetadataPath::Bare),
        Action::SealThere => sealing.is_some() && facts.there != Some(AtRestState::SealedToUser),
        Action::GetLabelled => facts.peer == Some(PeerService::Caliopen),
    }
}

/// The fact after the step: as it is, changed, or gone.
fn changed(action: Action, fact: &Evidence) -> Option<Cow<'_, Evidence>> {
    let kept = || Some(Cow::Borrowed(fact));
    let now = |fact| Some(Cow::Owned(fact));
    match (action, fact) {
        (Action::JoinCaliopen, _) => stays_on_another_route(fact).then_some(Cow::Borrowed(fact)),
        (Action::LeaveBridge, Evidence::DecryptedByBridge { .. })
        | (Action::UseTrustedDevice, Evidence::Device(_))
        | (Action::VerifyContact | Action::KeepWriting | Action::PublishKey, Evidence::Key(_))
        | (Action::SealAtRest, Evidence::AtRest(AtRest { side: Side::Here, .. }))
        | (Action::SealThere, Evidence::AtRest(AtRest { side: Side::There, .. }))
        | (Action::DeliverDirectly, Evidence::Metadata(_))
        | (Action::GetLabelled, Evidence::Peer(_)) => None,
        (_, Evidence::Encryption(found)) => match improved(action, found) {
            Some(better) => now(Evidence::Encryption(better)),
            None => kept(),
        },
        (Action::Encrypt, Evidence::Handler(handler)) => {
            now(Evidence::Handler(Handler { sees: HandlerSees::Metadata, ..handler.clone() }))
        }
        (Action::OtherAddress, Evidence::Handler(handler)) if handler.class <= HandlerClass::D => {
            now(Evidence::Handler(chartered(handler.sees)))
        }
        (Action::ProveServer, Evidence::Hop(hop))
            if matches!(hop.security, HopSecurity::Clear | HopSecurity::Opportunistic) =>
        {
            now(Evidence::Hop(Hop { security: HopSecurity::Authenticated, ..hop.clone() }))
        }
        (Action::ProveDomain, Evidence::Authentication(checks)) if lacks_policy(checks) => {
            let proven = Authentication { dmarc: DmarcResult::Pass, dkim: Vec::new(), ..checks.clone() };
            now(Evidence::Authentication(proven))
        }
        _ => kept(),
    }
}

fn improved(action: Action, found: &Encryption) -> Option<Encryption> {
    let found = found.clone();
    match action {
        Action::KeysToYourDevices => Some(Encryption { ours: Custody::Client, ..found }),
        Action::KeysToTheirDevices => Some(Encryption { theirs: Custody::Client, ..found }),
        Action::BothKeysToDevices => {
            Some(Encryption { ours: Custody::Client, theirs: Custody::Client, ..found })
        }
        Action::ForwardSecrecy => Some(Encryption { forward_secrecy: true, ..found }),
        Action::CoverEverything => Some(Encryption { covers_everything: true, ..found }),
        Action::PostQuantum => Some(Encryption { post_quantum: true, ..found }),
        _ => None,
    }
}

/// What stays true of the user's own side when the contact comes by another route.
fn stays_on_another_route(fact: &Evidence) -> bool {
    matches!(
        fact,
        Evidence::AtRest(AtRest { side: Side::Here, .. })
            | Evidence::Device(_)
            | Evidence::PubliclyArchived { .. }
            | Evidence::Key(KeyStanding::ChangedAfterVerification)
    )
}

fn lacks_policy(checks: &Authentication) -> bool {
    matches!(domain_proof(checks), DomainProof::NoPolicy | DomainProof::PartlySigned)
}

fn chartered(sees: HandlerSees) -> Handler {
    Handler { name: String::new(), class: HandlerClass::B, sees, found_by: String::new() }
}

fn add(action: Action, facts: &Facts, supposed: &mut Vec<Cow<'_, Evidence>>) {
    let mut push = |fact| supposed.push(Cow::Owned(fact));
    match action {
        Action::UseTrustedDevice => push(Evidence::Device(DeviceStanding::Index(TRUSTED_DEVICE_INDEX))),
        Action::VerifyContact => push(Evidence::Key(KeyStanding::Verified)),
        Action::KeepWriting => push(Evidence::Key(KeyStanding::Unchanged)),
        Action::PublishKey => push(Evidence::Key(KeyStanding::DirectoryConfirmed)),
        Action::SealAtRest => push(sealed(Side::Here)),
        Action::SealThere => push(sealed(Side::There)),
        Action::DeliverDirectly => push(Evidence::Metadata(MetadataPath::DirectServerToServer)),
        Action::GetLabelled => push(Evidence::Peer(PeerService::LabelledCaliopen)),
        Action::Encrypt => {
            push(Evidence::Encryption(encryption(
                EncryptionScheme::OpenPgp,
                Custody::Client,
                Custody::Client,
            )));
            if facts.key.is_none() {
                push(Evidence::Key(KeyStanding::FirstSeen));
            }
        }
        Action::JoinCaliopen => {
            let ours = facts.encryption.map_or(Custody::Server, |found| found.ours);
            for fact in first_message_between_caliopens(ours) {
                push(fact);
            }
        }
        _ => {}
    }
}

const fn sealed(side: Side) -> Evidence {
    Evidence::AtRest(AtRest { side, state: AtRestState::SealedToUser })
}

const fn encryption(scheme: EncryptionScheme, theirs: Custody, ours: Custody) -> Encryption {
    let covers_everything = matches!(scheme, EncryptionScheme::Caliopen);
    Encryption { scheme, theirs, ours, forward_secrecy: false, covers_everything, post_quantum: false }
}

/// What the first message from a fresh Caliopen would show: no label, and keys at the server, as Caliopen
/// starts. Promising the settings that the contact may choose later would promise too much.
fn first_message_between_caliopens(ours: Custody) -> [Evidence; 5] {
    let handler = Handler {
        name: String::new(),
        class: HandlerClass::A,
        sees: HandlerSees::Metadata,
        found_by: String::new(),
    };
    [
        Evidence::Encryption(encryption(EncryptionScheme::Caliopen, Custody::Server, ours)),
        Evidence::Key(KeyStanding::DirectoryConfirmed),
        Evidence::Handler(handler),
        Evidence::Metadata(MetadataPath::IntraCaliopenSealed),
        Evidence::Peer(PeerService::Caliopen),
    ]
}
