//! The formula, version 1: weights, caps and nothing else. `PI = min(sum of points, lowest cap)`.
//!
//! This file and `gate` are the only places that know a number. Nothing here allocates, so that a message is
//! scored, and every "what if" tried, in well under a microsecond each.

use crate::facts::{DomainProof, Facts, Sealing};
use crate::message::Message;
use crate::reason::ReasonCode;
use crate::subject::{self, components, index, row, unknown};
use caliopen_model::{
    AtRestState, Custody, Evidence, HandlerClass, HopSecurity, KeyStanding, MetadataPath, PeerService,
    PrivacyIndex,
};

components! {
    /// The five things that points are given for.
    pub enum Component {
        /// Who could read it on the way.
        Content "content" 40 Technical "Content" "Contenu" "Contenuto"
        /// Who it is from.
        Identity "identity" 20 Behaviour "Identity" "Identité" "Identità"
        /// Which services saw it pass.
        Exposure "exposure" 25 Context "Exposure" "Exposition" "Esposizione"
        /// How it is kept.
        AtRest "atRest" 10 Technical "Where it is kept" "Conservation" "Conservazione"
        /// Where it was written or opened.
        Context "context" 5 Behaviour "Device" "Appareil" "Dispositivo"
    }
}

/// One row of points of a message.
type Line = subject::Line<Component, ReasonCode>;

/// Most rows that a message can have.
const LINES_MAX: usize = 10;

/// The index of a message, from evidence alone: the fast path, equal to that of `assess`.
pub fn score(evidence: &[Evidence]) -> PrivacyIndex {
    index::<Message>(&Facts::gather(evidence))
}

/// The index of what is left after a later finding (a key found compromised) or an administrator's limit:
/// such a limit may lower an index, and never raises one.
pub fn lowered(index: PrivacyIndex, limit: u8) -> PrivacyIndex {
    PrivacyIndex::new(index.score().min(limit), index.approximate())
}

/// Every row of points, in the order of the components. Their `most` adds up to 100.
pub(crate) fn lines(facts: &Facts) -> impl Iterator<Item = Line> {
    let [content, forward_secrecy, coverage, post_quantum] = content(facts);
    let rows: [Option<Line>; LINES_MAX] = [
        content,
        forward_secrecy,
        coverage,
        post_quantum,
        Some(identity(facts)),
        Some(handlers(facts)),
        Some(metadata(facts)),
        Some(here(facts)),
        Some(there(facts)),
        Some(context(facts)),
    ];
    rows.into_iter().flatten()
}

/// How the content was protected: one row when it was open to servers, four when it was encrypted end to end.
fn content(facts: &Facts) -> [Option<Line>; 4] {
    use ReasonCode as Code;
    let component = Component::Content;
    let Some(sealing) = facts.encryption else { return [Some(way(facts)), None, None, None] };
    let (points, code) =
        if facts.keys_on_devices() { (28, Code::KeysOnDevices) } else { (18, Code::KeysNotOnDevices) };
    let bonus = |most, earned, yes, no| {
        Some(if earned { row(component, most, most, yes) } else { row(component, most, 0, no) })
    };
    let Sealing { forward_secrecy, covers_everything, post_quantum, .. } = sealing;
    [
        Some(row(component, 28, points, code)),
        bonus(6, forward_secrecy, Code::ForwardSecrecy, Code::NoForwardSecrecy),
        bonus(3, covers_everything, Code::CoversEverything, Code::CoversPart),
        bonus(3, post_quantum, Code::PostQuantum, Code::NotPostQuantum),
    ]
}

fn way(facts: &Facts) -> Line {
    let (component, most) = (Component::Content, Component::Content.most());
    if facts.hop_clear {
        return row(component, most, 0, ReasonCode::HopClear);
    }
    if facts.telephone {
        return row(component, most, 0, ReasonCode::TelephoneNetwork);
    }
    match facts.way {
        None | Some(HopSecurity::Unknown) => unknown(component, most, ReasonCode::WayNotSeen),
        Some(HopSecurity::Clear) => row(component, most, 0, ReasonCode::HopClear),
        Some(HopSecurity::Opportunistic) => row(component, most, 4, ReasonCode::HopOpportunistic),
        Some(HopSecurity::Authenticated) => row(component, most, 8, ReasonCode::HopAuthenticated),
        Some(HopSecurity::SameServer) => row(component, most, 8, ReasonCode::HopSameServer),
    }
}

/// The best of what the key and the domain prove, unless one of them shows that something is amiss.
fn identity(facts: &Facts) -> Line {
    use ReasonCode as Code;
    let (component, most) = (Component::Identity, Component::Identity.most());
    let row = |points, code| row(component, most, points, code);
    let proven = facts.domain == Some(DomainProof::Proven);
    match (facts.key, facts.domain) {
        (Some(KeyStanding::BadSignature), _) => row(0, Code::BadSignature),
        (_, Some(DomainProof::Fails)) => row(0, Code::DomainFails),
        (Some(KeyStanding::ChangedAfterVerification), _) => row(0, Code::KeyChanged),
        (Some(KeyStanding::Verified), _) => row(20, Code::KeyVerified),
        (Some(KeyStanding::DirectoryConfirmed), _) => row(13, Code::KeyInDirectory),
        (Some(KeyStanding::Unchanged), _) => row(10, Code::KeyUnchanged),
        (Some(KeyStanding::FirstSeen), _) if !proven => row(4, Code::KeyFirstSeen),
        (_, Some(DomainProof::Proven)) => row(4, Code::DomainProven),
        (_, Some(DomainProof::NoPolicy)) => row(0, Code::NoProof),
        (_, Some(DomainProof::PartlySigned)) => row(0, Code::PartlySigned),
        (_, Some(DomainProof::Unfinished)) => unknown(component, most, Code::AuthenticationUnfinished),
        (_, None) => unknown(component, most, Code::IdentityNotChecked),
    }
}

fn handlers(facts: &Facts) -> Line {
    let (component, most) = (Component::Exposure, 18);
    match facts.handler {
        Some(HandlerClass::E) => row(component, most, 0, ReasonCode::HandlerE),
        _ if facts.telephone => row(component, most, 0, ReasonCode::HandlerTelephone),
        Some(HandlerClass::D) => row(component, most, 4, ReasonCode::HandlerD),
        Some(HandlerClass::C) => row(component, most, 6, ReasonCode::HandlerC),
        Some(HandlerClass::B) => row(component, most, 12, ReasonCode::HandlerB),
        Some(HandlerClass::A) => row(component, most, 18, ReasonCode::HandlerA),
        None => unknown(component, most, ReasonCode::HandlersNotChecked),
    }
}

fn metadata(facts: &Facts) -> Line {
    let (component, most) = (Component::Exposure, 7);
    match facts.metadata {
        Some(MetadataPath::Bare) => row(component, most, 0, ReasonCode::MetadataBare),
        Some(MetadataPath::DirectServerToServer) => row(component, most, 3, ReasonCode::MetadataDirect),
        Some(MetadataPath::IntraCaliopenSealed) => row(component, most, 7, ReasonCode::MetadataSealed),
        None => unknown(component, most, ReasonCode::MetadataNotSeen),
    }
}

fn here(facts: &Facts) -> Line {
    let (component, most) = (Component::AtRest, 5);
    match facts.here {
        Some(AtRestState::SealedToUser) => row(component, most, 5, ReasonCode::HereSealed),
        Some(AtRestState::ManagedByServer) => row(component, most, 2, ReasonCode::HereManaged),
        Some(AtRestState::Unknown) | None => unknown(component, most, ReasonCode::HereNotKnown),
    }
}

/// The other side is believed as far as its label or its attestation goes: a label alone vouches for the
/// least.
fn there(facts: &Facts) -> Line {
    let (component, most) = (Component::AtRest, 5);
    match facts.there {
        Some(AtRestState::SealedToUser) => row(component, most, 5, ReasonCode::ThereSealed),
        Some(AtRestState::ManagedByServer) => row(component, most, 2, ReasonCode::ThereManaged),
        Some(AtRestState::Unknown) | None if facts.peer == Some(PeerService::LabelledCaliopen) => {
            row(component, most, 2, ReasonCode::ThereLabelled)
        }
        Some(AtRestState::Unknown) | None => unknown(component, most, ReasonCode::ThereNotKnown),
    }
}

/// One point for each full twenty of the device's own index.
fn context(facts: &Facts) -> Line {
    let (component, most) = (Component::Context, Component::Context.most());
    match facts.device_index {
        _ if facts.device_exposed => row(component, most, 0, ReasonCode::DeviceExposed),
        Some(index) => row(component, most, (index / 20).min(most), ReasonCode::DeviceKnown),
        None => unknown(component, most, ReasonCode::DeviceNotKnown),
    }
}

/// Every cap that applies, lowest first.
pub(crate) fn caps(facts: &Facts) -> impl Iterator<Item = (u8, ReasonCode)> {
    use ReasonCode as Code;
    let sealing = facts.encryption;
    let (sealed, open) = (sealing.is_some(), sealing.is_none());
    let holders = sealing.map_or([None; 2], |found| [Some(found.ours), Some(found.theirs)]);
    let [ours, theirs] = holders;
    let key_is = |standing| facts.key == Some(standing);
    let peer = facts.peer;
    let rules = [
        (facts.archived, 0, Code::PubliclyArchived),
        (facts.telephone, 1, Code::TelephoneNetwork),
        (facts.hop_clear, 1, Code::HopClear),
        (facts.domain == Some(DomainProof::Fails), 2, Code::DomainFails),
        (key_is(KeyStanding::BadSignature), 2, Code::BadSignature),
        (facts.class_e_reads, 3, Code::AdvertisingReads),
        (facts.administrators, 5, Code::AdministratorsRead),
        (open && !facts.way_proven(), 12, Code::TlsNotProven),
        (open, 19, Code::NotEncrypted),
        (key_is(KeyStanding::ChangedAfterVerification), 19, Code::KeyChanged),
        (facts.device_exposed, 24, Code::DeviceExposed),
        (facts.bridge, 29, Code::DecryptedByBridge),
        (sealed && facts.class_e_watches, 39, Code::AdvertisingWatches),
        (key_is(KeyStanding::FirstSeen), 49, Code::KeyFirstSeen),
        // A key of which nothing is known cannot count for more than one that was seen once.
        (sealed && facts.key.is_none(), 49, Code::KeyNotKnown),
        (ours == Some(Custody::Server), 59, Code::OurKeyOnServer),
        (theirs == Some(Custody::Server), 59, Code::TheirKeyOnServer),
        (holders.contains(&Some(Custody::Unknown)), 59, Code::KeyHolderNotKnown),
        (sealed && facts.handler_reads, 59, Code::HandlerOpens),
        (sealed && matches!(peer, None | Some(PeerService::Other)), 79, Code::OtherService),
        (peer == Some(PeerService::Caliopen), 84, Code::NotLabelled),
    ];
    rules.into_iter().filter(|(applies, ..)| *applies).map(|(_, limit, code)| (limit, code))
}
