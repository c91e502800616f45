//! What people see of an index: a word and a sentence for each level, never a number alone.

use crate::facts::Facts;
use crate::phrase::{fill, phrases};
use caliopen_model::{HopSecurity, Language, Level};

phrases! {
    /// What a message's level means for the person, as one sentence.
    pub enum Sentence {
    Archived "archived"
        "Everyone can read this."
        "Tout le monde peut lire ce message."
        "Chiunque può leggere questo messaggio."
    Suspicious "suspicious"
        "Suspicious: this may come from somebody other than the person it names."
        "Suspect\u{a0}: ce message peut venir de quelqu’un d’autre que la personne affichée."
        "Sospetto: questo messaggio può venire da una persona diversa da quella indicata."
    TelephoneReads "telephone-reads"
        "The telephone operators can read this."
        "Les opérateurs téléphoniques peuvent lire ce message."
        "Gli operatori telefonici possono leggere questo messaggio."
    AnyoneReads "anyone-reads"
        "Anyone on the way can read this."
        "Quiconque se trouve sur le trajet peut lire ce message."
        "Chiunque si trovi lungo il percorso può leggere questo messaggio."
    AnyoneWatches "anyone-watches"
        "Anyone on the way can see who writes to whom."
        "Quiconque se trouve sur le trajet voit qui écrit à qui."
        "Chiunque si trovi lungo il percorso vede chi scrive a chi."
    ReadBy "read-by"
        "{} can read this."
        "{} [peut|peuvent] lire ce message."
        "{} [può|possono] leggere questo messaggio."
    LittleKnown "little-known"
        "Too little is known yet: others may be able to read this."
        "On en sait encore trop peu\u{a0}: d’autres peuvent peut-être lire ce message."
        "Se ne sa ancora troppo poco: forse altri possono leggere questo messaggio."
    InTransit "in-transit"
        "Protected on the way, readable by both mail servers."
        "Protégé en chemin, lisible par les deux serveurs de messagerie."
        "Protetto in viaggio, leggibile da entrambi i server di posta."
    StayedHere "stayed-here"
        "It does not leave this server, which can read it."
        "Il ne quitte pas ce serveur, qui peut le lire."
        "Non lascia questo server, che può leggerlo."
    WayNotSeen "way-not-seen"
        "Readable by both mail servers; the way between them is not checked yet."
        "Lisible par les deux serveurs de messagerie\u{202f}; le trajet entre eux n’a pas encore été vérifié."
        "Leggibile da entrambi i server di posta; il percorso tra loro non è ancora stato verificato."
    AdministratorsRead "administrators-read"
        "Protected on the way; those who run {} can read it."
        "Protégé en chemin\u{202f}; l’administration de [ce service|ces services] peut le lire\u{a0}: {}."
        "Protetto in viaggio; può leggerlo chi amministra [questo servizio|questi servizi]: {}."
    KeyChanged "key-changed"
        "Sealed, but with a new key that you have not verified: somebody else may hold it."
        "Scellé, mais avec une nouvelle clé que vous n’avez pas vérifiée\u{a0}: elle peut être à quelqu’un d’autre."
        "Sigillato, ma con una nuova chiave che non hai verificato: può averla qualcun altro."
    EncryptedLittleKnown "encrypted-little-known"
        "Encrypted from end to end, but too little is known yet of the keys and the way."
        "Chiffré de bout en bout, mais on en sait encore trop peu sur les clés et le trajet."
        "Cifrato da un capo all’altro, ma si sa ancora troppo poco delle chiavi e del percorso."
    Sealed "sealed"
        "Only you two can read it."
        "Vous êtes les deux seules personnes à pouvoir le lire."
        "Solo voi due potete leggerlo."
    SealedWatched "sealed-watched"
        "Only you two can read it. {} [sees|see] that you write."
        "Vous êtes les deux seules personnes à pouvoir le lire. {} [voit|voient] que vous vous écrivez."
        "Solo voi due potete leggerlo. {} [vede|vedono] che vi scrivete."
    SealedBridge "sealed-bridge"
        "Sealed only as far as the bridge: {} can read it."
        "Scellé jusqu’à la passerelle seulement\u{a0}: {} [peut|peuvent] le lire."
        "Sigillato solo fino al ponte: {} [può|possono] leggerlo."
    SealedDevice "sealed-device"
        "Nobody on the way can read it, but others may watch the device."
        "Personne en chemin ne peut le lire, mais d’autres peuvent observer l’appareil."
        "Nessuno lungo il percorso può leggerlo, ma altri possono osservare il dispositivo."
    SealedOpenedBy "sealed-opened-by"
        "Encrypted from end to end, but {} can open it."
        "Chiffré de bout en bout, mais {} [peut|peuvent] l’ouvrir."
        "Cifrato da un capo all’altro, ma {} [può|possono] aprirlo."
    SealedServerKey "sealed-server-key"
        "You two can read it, and so can a server that holds a key or may hold one."
        "Vous deux pouvez le lire, ainsi qu’un serveur qui détient une clé ou peut en détenir une."
        "Potete leggerlo voi due, e un server che ha una chiave o potrebbe averla."
    Known "known"
        "Only you two can read it; the key is known or checked."
        "Vous êtes les deux seules personnes à pouvoir le lire\u{202f}; la clé est connue ou vérifiée."
        "Solo voi due potete leggerlo; la chiave è nota o verificata."
    KnownServerKey "known-server-key"
        "You two can read it, and so can a server that holds a private key or may; your contact’s key is known or checked."
        "Vous deux pouvez le lire, ainsi qu’un serveur qui a ou peut avoir une clé privée\u{202f}; celle du contact est connue ou vérifiée."
        "Potete leggerlo voi due, e un server che ha o potrebbe avere una chiave privata; quella del contatto è nota o verificata."
    Private "private"
        "Private from end to end, on both services."
        "Confidentiel de bout en bout, sur les deux services."
        "Riservato da un capo all’altro, su entrambi i servizi."
    }
}

impl Sentence {
    /// The sentence, with the names of those who can read the message or see it pass.
    pub fn text(self, names: &[String], language: Language) -> String {
        fill(self.template(language), names, language)
    }

    /// The names in it are of those who see it pass, not of those who can read it.
    pub(crate) const fn names_watchers(self) -> bool {
        matches!(self, Self::SealedWatched)
    }
}

/// The word of a level.
pub const fn level_word(level: Level, language: Language) -> &'static str {
    match (level, language) {
        (Level::Postcard, Language::English) => "Postcard",
        (Level::Postcard, Language::French) => "Carte postale",
        (Level::Postcard, Language::Italian) => "Cartolina",
        (Level::InTransit, Language::English) => "In transit",
        (Level::InTransit, Language::French) => "En chemin",
        (Level::InTransit, Language::Italian) => "In viaggio",
        (Level::Sealed, Language::English) => "Sealed",
        (Level::Sealed, Language::French) => "Scellé",
        (Level::Sealed, Language::Italian) => "Sigillato",
        (Level::SealedAndKnown, Language::English) => "Sealed and known",
        (Level::SealedAndKnown, Language::French) => "Scellé et reconnu",
        (Level::SealedAndKnown, Language::Italian) => "Sigillato e riconosciuto",
        (Level::Private, Language::English) => "Private",
        (Level::Private, Language::French) => "Confidentiel",
        (Level::Private, Language::Italian) => "Riservato",
    }
}

/// The sentence of a message. The level alone does not choose it: at 29 a bridge reads along, at 59 a
/// server may, and the sentence of their level would hide that.
pub(crate) fn sentence(level: Level, facts: &Facts, names_readers: bool, names_watchers: bool) -> Sentence {
    match level {
        Level::Postcard => postcard(facts, names_readers),
        Level::InTransit => in_transit(facts),
        Level::Sealed if facts.bridge => Sentence::SealedBridge,
        Level::Sealed if facts.device_exposed => Sentence::SealedDevice,
        Level::Sealed | Level::SealedAndKnown if facts.handler_reads => Sentence::SealedOpenedBy,
        Level::Sealed if !facts.keys_on_devices() => Sentence::SealedServerKey,
        Level::Sealed if names_watchers => Sentence::SealedWatched,
        Level::Sealed => Sentence::Sealed,
        Level::SealedAndKnown if !facts.keys_on_devices() => Sentence::KnownServerKey,
        Level::SealedAndKnown => Sentence::Known,
        Level::Private => Sentence::Private,
    }
}

fn postcard(facts: &Facts, names_readers: bool) -> Sentence {
    if facts.archived {
        Sentence::Archived
    } else if facts.suspicious() {
        Sentence::Suspicious
    } else if facts.telephone {
        Sentence::TelephoneReads
    } else if facts.hop_clear && facts.encryption.is_some() {
        Sentence::AnyoneWatches
    } else if facts.hop_clear {
        Sentence::AnyoneReads
    } else if names_readers {
        Sentence::ReadBy
    } else {
        Sentence::LittleKnown
    }
}

fn in_transit(facts: &Facts) -> Sentence {
    if facts.administrators {
        Sentence::AdministratorsRead
    } else if facts.encryption.is_some() {
        let changed = facts.key == Some(caliopen_model::KeyStanding::ChangedAfterVerification);
        if changed { Sentence::KeyChanged } else { Sentence::EncryptedLittleKnown }
    } else {
        match facts.way {
            Some(HopSecurity::SameServer) => Sentence::StayedHere,
            Some(HopSecurity::Opportunistic | HopSecurity::Authenticated) => Sentence::InTransit,
            Some(HopSecurity::Unknown | HopSecurity::Clear) | None => Sentence::WayNotSeen,
        }
    }
}
