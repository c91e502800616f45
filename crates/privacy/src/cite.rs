//! Which evidence a reason of a message rests on, and the names that it brings into the sentence.

use crate::facts::{DomainProof, domain_proof};
use crate::reason::ReasonCode;
use caliopen_model::{
    AtRest, AtRestState, Custody, DeviceStanding, Evidence, Handler, HandlerClass, HandlerSees, Hop,
    HopSecurity, KeyStanding, MetadataPath, PeerService, Side,
};

/// The names that this fact gives to this reason; `None` when the reason does not rest on it.
pub(crate) fn supports(code: ReasonCode, fact: &Evidence) -> Option<&[String]> {
    const NAMELESS: &[String] = &[];
    let names = match fact {
        Evidence::Hop(Hop { peer, .. }) | Evidence::HopProven { peer, .. } => std::slice::from_ref(peer),
        Evidence::Authentication(checks) => checks.from_domain.as_slice(),
        Evidence::Handler(handler) => std::slice::from_ref(&handler.name),
        Evidence::DecryptedByBridge { operator } => std::slice::from_ref(operator),
        Evidence::PubliclyArchived { archive } => std::slice::from_ref(archive),
        Evidence::ReadableByServices { operators } => operators.as_slice(),
        _ => NAMELESS,
    };
    rests_on(code, fact).then_some(names)
}

fn rests_on(code: ReasonCode, fact: &Evidence) -> bool {
    use ReasonCode as Code;
    match fact {
        Evidence::Hop(hop) => rests_on_hop(code, hop.security),
        Evidence::Authentication(checks) => match domain_proof(checks) {
            DomainProof::Fails => code == Code::DomainFails,
            DomainProof::NoPolicy => code == Code::NoProof,
            DomainProof::PartlySigned => code == Code::PartlySigned,
            DomainProof::Unfinished => code == Code::AuthenticationUnfinished,
            DomainProof::Proven => code == Code::DomainProven,
        },
        Evidence::Handler(handler) => rests_on_handler(code, handler),
        Evidence::Encryption(found) => rests_on_encryption(code, found.ours, found.theirs),
        Evidence::Key(standing) => match standing {
            KeyStanding::BadSignature => code == Code::BadSignature,
            KeyStanding::ChangedAfterVerification => code == Code::KeyChanged,
            KeyStanding::FirstSeen => code == Code::KeyFirstSeen,
            KeyStanding::Unchanged => code == Code::KeyUnchanged,
            KeyStanding::DirectoryConfirmed => code == Code::KeyInDirectory,
            KeyStanding::Verified => code == Code::KeyVerified,
        },
        Evidence::Metadata(path) => match path {
            MetadataPath::Bare => code == Code::MetadataBare,
            MetadataPath::DirectServerToServer => code == Code::MetadataDirect,
            MetadataPath::IntraCaliopenSealed => code == Code::MetadataSealed,
        },
        Evidence::AtRest(kept) => rests_on_storage(code, *kept),
        Evidence::Device(DeviceStanding::Index(_)) => code == Code::DeviceKnown,
        Evidence::Device(DeviceStanding::Unsafe) => code == Code::DeviceExposed,
        Evidence::Peer(service) => match service {
            PeerService::Other => code == Code::OtherService,
            PeerService::Caliopen => code == Code::NotLabelled,
            PeerService::LabelledCaliopen => code == Code::ThereLabelled,
        },
        Evidence::DecryptedByBridge { .. } => {
            matches!(code, Code::DecryptedByBridge | Code::KeysNotOnDevices)
        }
        Evidence::PubliclyArchived { .. } => code == Code::PubliclyArchived,
        Evidence::TelephoneNetwork => matches!(code, Code::TelephoneNetwork | Code::HandlerTelephone),
        Evidence::ReadableByServices { .. } => code == Code::AdministratorsRead,
        Evidence::HopProven { .. } => code == Code::HopAuthenticated,
        Evidence::OneClickSigned { .. } => false,
    }
}

fn rests_on_hop(code: ReasonCode, security: HopSecurity) -> bool {
    use ReasonCode as Code;
    match security {
        HopSecurity::Unknown => matches!(code, Code::WayNotSeen | Code::TlsNotProven),
        HopSecurity::Clear => matches!(code, Code::HopClear | Code::TlsNotProven),
        HopSecurity::Opportunistic => matches!(code, Code::HopOpportunistic | Code::TlsNotProven),
        HopSecurity::Authenticated => code == Code::HopAuthenticated,
        HopSecurity::SameServer => code == Code::HopSameServer,
    }
}

fn rests_on_handler(code: ReasonCode, handler: &Handler) -> bool {
    use ReasonCode as Code;
    let reads = handler.sees == HandlerSees::Content;
    match code {
        Code::HandlerE => handler.class == HandlerClass::E,
        Code::HandlerD => handler.class == HandlerClass::D,
        Code::HandlerC => handler.class == HandlerClass::C,
        Code::HandlerB => handler.class == HandlerClass::B,
        Code::HandlerA => handler.class == HandlerClass::A,
        Code::AdvertisingReads => handler.class == HandlerClass::E && reads,
        Code::AdvertisingWatches => handler.class == HandlerClass::E && !reads,
        Code::HandlerOpens | Code::KeysNotOnDevices => reads,
        _ => false,
    }
}

fn rests_on_encryption(code: ReasonCode, ours: Custody, theirs: Custody) -> bool {
    use ReasonCode as Code;
    match code {
        Code::KeysOnDevices | Code::KeysNotOnDevices | Code::KeyNotKnown => true,
        Code::ForwardSecrecy | Code::NoForwardSecrecy | Code::CoversEverything | Code::CoversPart => true,
        Code::PostQuantum | Code::NotPostQuantum => true,
        Code::OurKeyOnServer => ours == Custody::Server,
        Code::TheirKeyOnServer => theirs == Custody::Server,
        Code::KeyHolderNotKnown => ours == Custody::Unknown || theirs == Custody::Unknown,
        _ => false,
    }
}

fn rests_on_storage(code: ReasonCode, kept: AtRest) -> bool {
    use ReasonCode as Code;
    match (kept.side, kept.state) {
        (Side::Here, AtRestState::Unknown) => code == Code::HereNotKnown,
        (Side::Here, AtRestState::ManagedByServer) => code == Code::HereManaged,
        (Side::Here, AtRestState::SealedToUser) => code == Code::HereSealed,
        (Side::There, AtRestState::Unknown) => code == Code::ThereNotKnown,
        (Side::There, AtRestState::ManagedByServer) => code == Code::ThereManaged,
        (Side::There, AtRestState::SealedToUser) => code == Code::ThereSealed,
    }
}
