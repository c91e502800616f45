//! One line for a piece of evidence: the bare fact, as the why panel lists it under a reason.

use crate::phrase::{fill, list, phrases};
use caliopen_model::{
    AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DmarcResult, Encryption,
    EncryptionScheme, Evidence, Handler, HandlerClass, HandlerSees, Hop, HopProof, HopSecurity, KeyStanding,
    Language, MetadataPath, PeerService, Side, SpfResult,
};
use std::fmt::Write as _;

phrases! {
    /// The pieces that facts are described with.
    enum Piece {
    NotSeen "Not seen" "Non observé" "Non osservato"
    InClear "In clear with {}" "En clair avec {}" "In chiaro con {}"
    With "with {}" "avec {}" "con {}"
    Proven "identity proven" "identité prouvée" "identità provata"
    NotProven "identity not proven" "identité non prouvée" "identità non provata"
    ProvenByDane
        "Identity of {} proven by its signed DNS (DANE)"
        "Identité de {} prouvée par son DNS signé (DANE)"
        "Identità di {} provata dal suo DNS firmato (DANE)"
    ProvenByMtaSts
        "Identity of {} proven as its domain demands (MTA-STS)"
        "Identité de {} prouvée comme son domaine l’exige (MTA-STS)"
        "Identità di {} provata come richiede il suo dominio (MTA-STS)"
    ProvenAsConfigured
        "Identity of {} proven as this server demands"
        "Identité de {} prouvée comme ce serveur l’exige"
        "Identità di {} provata come richiede questo server"
    OneClick
        "How to leave the list is signed by {}"
        "La manière de quitter la liste est signée par {}"
        "Il modo di lasciare la lista è firmato da {}"
    SameServer "On this server" "Sur ce serveur" "Su questo server"
    Class "class {}" "classe {}" "classe {}"
    SeesContent "sees the content" "voit le contenu" "vede il contenuto"
    SeesMetadata "sees who writes to whom" "voit qui écrit à qui" "vede chi scrive a chi"
    YourKeyOnServer
        "your key at a server" "votre clé sur un serveur" "la tua chiave su un server"
    YourKeyOnDevices
        "your key on your devices" "votre clé sur vos appareils" "la tua chiave sui tuoi dispositivi"
    YourKeyNotKnown
        "place of your key not known" "lieu de votre clé inconnu" "luogo della tua chiave non noto"
    TheirKeyOnServer
        "your contact’s key at a server" "clé de votre contact sur un serveur" "chiave del contatto su un server"
    TheirKeyOnDevices
        "your contact’s key on their devices"
        "clé de votre contact sur ses appareils"
        "chiave del contatto sui suoi dispositivi"
    TheirKeyNotKnown
        "place of your contact’s key not known"
        "lieu de la clé de votre contact inconnu"
        "luogo della chiave del contatto non noto"
    BadSignature "Signature does not match" "Signature non conforme" "Firma non corrispondente"
    KeyChanged
        "Key changed after verification" "Clé changée après vérification" "Chiave cambiata dopo la verifica"
    KeyFirstSeen
        "Key seen for the first time" "Clé vue pour la première fois" "Chiave vista per la prima volta"
    KeyUnchanged "Key unchanged" "Clé inchangée" "Chiave invariata"
    KeyInDirectory "Key in a directory" "Clé dans un annuaire" "Chiave in un elenco"
    KeyVerified "Key verified by you two" "Clé vérifiée par vous deux" "Chiave verificata da voi due"
    PathBare "Through relays" "Par des relais" "Tramite intermediari"
    PathDirect "Server to server" "De serveur à serveur" "Da server a server"
    PathSealed "Sealed inside Caliopen" "Scellé dans Caliopen" "Sigillato dentro Caliopen"
    Here "Here" "Ici" "Qui"
    There "On the other side" "De l’autre côté" "Dall’altra parte"
    KeptNotKnown "not known" "inconnu" "non noto"
    KeptManaged
        "key managed by the server" "clé gérée par le serveur" "chiave gestita dal server"
    KeptSealed
        "sealed to the person’s key" "scellé avec la clé de la personne" "sigillato con la chiave della persona"
    DeviceIndex "Device of index {}" "Appareil d’indice {}" "Dispositivo di indice {}"
    DeviceExposed
        "Device that others may watch" "Appareil que d’autres peuvent observer" "Dispositivo che altri possono osservare"
    PeerOther
        "The other service is not a Caliopen" "L’autre service n’est pas un Caliopen" "L’altro servizio non è un Caliopen"
    PeerCaliopen
        "The other service is a Caliopen without label"
        "L’autre service est un Caliopen sans label"
        "L’altro servizio è un Caliopen senza marchio"
    PeerLabelled
        "The other service is a labelled Caliopen"
        "L’autre service est un Caliopen labellisé"
        "L’altro servizio è un Caliopen con marchio"
    Bridge "Opened by the bridge of {}" "Ouvert par cette passerelle\u{a0}: {}" "Aperto dal ponte di {}"
    Archive "In the public archive {}" "Dans l’archive publique {}" "Nell’archivio pubblico {}"
    Telephone "Telephone network" "Réseau téléphonique" "Rete telefonica"
    Administrators
        "Administrators of {}" "Administration de [ce service|ces services]\u{a0}: {}" "Chi amministra: {}"
    }
}

/// One line that says a fact as it was found.
pub fn describe(fact: &Evidence, language: Language) -> String {
    let piece = |piece: Piece| piece.template(language).to_owned();
    let with_names = |piece: Piece, names: &[String]| fill(piece.template(language), names, language);
    match fact {
        Evidence::Hop(hop) => describe_hop(hop, language),
        Evidence::Authentication(checks) => describe_checks(checks),
        Evidence::Handler(handler) => describe_handler(handler, language),
        Evidence::Encryption(found) => describe_encryption(found, language),
        Evidence::Key(standing) => piece(key_piece(*standing)),
        Evidence::Metadata(MetadataPath::Bare) => piece(Piece::PathBare),
        Evidence::Metadata(MetadataPath::DirectServerToServer) => piece(Piece::PathDirect),
        Evidence::Metadata(MetadataPath::IntraCaliopenSealed) => piece(Piece::PathSealed),
        Evidence::AtRest(kept) => {
            let side = if kept.side == Side::Here { Piece::Here } else { Piece::There };
            let state = match kept.state {
                AtRestState::Unknown => Piece::KeptNotKnown,
                AtRestState::ManagedByServer => Piece::KeptManaged,
                AtRestState::SealedToUser => Piece::KeptSealed,
            };
            format!("{} · {}", piece(side), piece(state))
        }
        Evidence::Device(DeviceStanding::Index(index)) => {
            with_names(Piece::DeviceIndex, &[index.to_string()])
        }
        Evidence::Device(DeviceStanding::Unsafe) => piece(Piece::DeviceExposed),
        Evidence::Peer(PeerService::Other) => piece(Piece::PeerOther),
        Evidence::Peer(PeerService::Caliopen) => piece(Piece::PeerCaliopen),
        Evidence::Peer(PeerService::LabelledCaliopen) => piece(Piece::PeerLabelled),
        Evidence::DecryptedByBridge { operator } => with_names(Piece::Bridge, std::slice::from_ref(operator)),
        Evidence::PubliclyArchived { archive } => with_names(Piece::Archive, std::slice::from_ref(archive)),
        Evidence::TelephoneNetwork => piece(Piece::Telephone),
        Evidence::ReadableByServices { operators } => with_names(Piece::Administrators, operators),
        Evidence::HopProven { peer, by } => with_names(proof_piece(*by), std::slice::from_ref(peer)),
        Evidence::OneClickSigned { domain } => with_names(Piece::OneClick, std::slice::from_ref(domain)),
    }
}

const fn proof_piece(by: HopProof) -> Piece {
    match by {
        HopProof::Dane => Piece::ProvenByDane,
        HopProof::MtaSts => Piece::ProvenByMtaSts,
        HopProof::Configured => Piece::ProvenAsConfigured,
    }
}

fn describe_hop(hop: &Hop, language: Language) -> String {
    let peer = std::slice::from_ref(&hop.peer);
    let with = fill(Piece::With.template(language), peer, language);
    let proof = match hop.security {
        HopSecurity::Unknown => return Piece::NotSeen.template(language).to_owned(),
        HopSecurity::Clear => return fill(Piece::InClear.template(language), peer, language),
        HopSecurity::SameServer => return Piece::SameServer.template(language).to_owned(),
        HopSecurity::Opportunistic => Piece::NotProven,
        HopSecurity::Authenticated => Piece::Proven,
    };
    let (version, detail) = match &hop.tls {
        Some(tls) => (tls.version.as_str(), tls.group.as_deref().unwrap_or(&tls.cipher)),
        None => ("TLS", ""),
    };
    let comma = if detail.is_empty() { "" } else { ", " };
    format!("{version} {with}{comma}{detail} · {}", proof.template(language))
}

/// The results in the words of their standards, which are the same in every language.
fn describe_checks(checks: &Authentication) -> String {
    let mut text = format!("SPF {}", spf_word(checks.spf));
    push_domain(&mut text, checks.spf_domain.as_deref());
    for verdict in &checks.dkim {
        let limited = if verdict.body_length_limited { ", l=" } else { "" };
        let (word, domain, selector) = (dkim_word(verdict.result), &verdict.domain, &verdict.selector);
        let _ = write!(text, " · DKIM {word} ({domain}, s={selector}{limited})");
    }
    let _ = write!(text, " · DMARC {}", dmarc_word(checks.dmarc));
    push_domain(&mut text, checks.from_domain.as_deref());
    if checks.dnssec {
        text.push_str(" · DNSSEC");
    }
    text
}

fn push_domain(text: &mut String, domain: Option<&str>) {
    if let Some(domain) = domain {
        let _ = write!(text, " ({domain})");
    }
}

const fn spf_word(result: SpfResult) -> &'static str {
    match result {
        SpfResult::None => "none",
        SpfResult::Neutral => "neutral",
        SpfResult::Pass => "pass",
        SpfResult::Fail => "fail",
        SpfResult::Softfail => "softfail",
        SpfResult::Temperror => "temperror",
        SpfResult::Permerror => "permerror",
    }
}

const fn dkim_word(result: DkimResult) -> &'static str {
    match result {
        DkimResult::None => "none",
        DkimResult::Pass => "pass",
        DkimResult::Fail => "fail",
        DkimResult::Policy => "policy",
        DkimResult::Neutral => "neutral",
        DkimResult::Temperror => "temperror",
        DkimResult::Permerror => "permerror",
    }
}

const fn dmarc_word(result: DmarcResult) -> &'static str {
    match result {
        DmarcResult::None => "none",
        DmarcResult::Pass => "pass",
        DmarcResult::Fail => "fail",
        DmarcResult::Temperror => "temperror",
        DmarcResult::Permerror => "permerror",
    }
}

fn describe_handler(handler: &Handler, language: Language) -> String {
    let letter = match handler.class {
        HandlerClass::E => "E",
        HandlerClass::D => "D",
        HandlerClass::C => "C",
        HandlerClass::B => "B",
        HandlerClass::A => "A",
    };
    let class = fill(Piece::Class.template(language), &[letter.to_owned()], language);
    let sees = match handler.sees {
        HandlerSees::Content => Piece::SeesContent,
        HandlerSees::Metadata => Piece::SeesMetadata,
    };
    let name = list(std::slice::from_ref(&handler.name), language);
    let found_by =
        if handler.found_by.is_empty() { String::new() } else { format!(" ({})", handler.found_by) };
    format!("{name} · {class}{found_by} · {}", sees.template(language))
}

fn describe_encryption(found: &Encryption, language: Language) -> String {
    let scheme = match found.scheme {
        EncryptionScheme::OpenPgp => "OpenPGP",
        EncryptionScheme::Smime => "S/MIME",
        EncryptionScheme::Omemo => "OMEMO",
        EncryptionScheme::Megolm => "Megolm",
        EncryptionScheme::Mls => "MLS",
        EncryptionScheme::Caliopen => "Caliopen",
    };
    let ours = match found.ours {
        Custody::Client => Piece::YourKeyOnDevices,
        Custody::Server => Piece::YourKeyOnServer,
        Custody::Unknown => Piece::YourKeyNotKnown,
    };
    let theirs = match found.theirs {
        Custody::Client => Piece::TheirKeyOnDevices,
        Custody::Server => Piece::TheirKeyOnServer,
        Custody::Unknown => Piece::TheirKeyNotKnown,
    };
    format!("{scheme} · {} · {}", ours.template(language), theirs.template(language))
}

const fn key_piece(standing: KeyStanding) -> Piece {
    match standing {
        KeyStanding::BadSignature => Piece::BadSignature,
        KeyStanding::ChangedAfterVerification => Piece::KeyChanged,
        KeyStanding::FirstSeen => Piece::KeyFirstSeen,
        KeyStanding::Unchanged => Piece::KeyUnchanged,
        KeyStanding::DirectoryConfirmed => Piece::KeyInDirectory,
        KeyStanding::Verified => Piece::KeyVerified,
    }
}
