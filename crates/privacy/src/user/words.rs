//! What is said about a user's correspondence as a whole, in three languages.

use crate::phrase::{fill, phrases};
use crate::subject::Phrase;
use crate::{account, device};
use caliopen_model::{Language, UserEvidence};

phrases! {
    /// Everything that a point of a user can be about.
    pub enum ReasonCode {
    MessagesSent "messages-sent"
        "The mean of what you sent to people in the last 30 days, at most 20 messages to each."
        "La moyenne de ce que vous avez envoyé ces 30 derniers jours, 20 messages au plus par personne."
        "La media di ciò che hai inviato negli ultimi 30 giorni, al più 20 messaggi per persona."
    NothingSent "nothing-sent"
        "Nothing was sent in the last 30 days: it counts once you write."
        "Rien n’a été envoyé ces 30 derniers jours\u{a0}: cela compte dès que vous écrivez."
        "Non è stato inviato nulla negli ultimi 30 giorni: conta appena scrivi."
    MiddleContact "middle-contact"
        "Half of the people that you wrote to can be reached less privately than this, or just as privately."
        "La moitié des personnes à qui vous avez écrit ne se joignent pas de façon plus confidentielle que cela."
        "Metà delle persone a cui hai scritto non si raggiunge in modo più riservato di così."
    ContactsNotChecked "contacts-not-checked"
        "How privately your contacts can be reached is not checked yet."
        "La façon de joindre vos contacts n’a pas encore été vérifiée."
        "Come si raggiungono i tuoi contatti non è ancora stato verificato."
    WeakestAccount "weakest-account"
        "The weakest of the accounts that you write from counts."
        "Le plus faible des comptes depuis lesquels vous écrivez compte."
        "Conta il più debole degli account da cui scrivi."
    AccountsNotChecked "accounts-not-checked"
        "Your accounts are not checked yet."
        "Vos comptes n’ont pas encore été vérifiés."
        "I tuoi account non sono ancora stati verificati."
    WeakestDevice "weakest-device"
        "The weakest of the devices that you use counts."
        "Le plus faible des appareils que vous utilisez compte."
        "Conta il più debole dei dispositivi che usi."
    DevicesNotChecked "devices-not-checked"
        "Your devices are not checked yet."
        "Vos appareils n’ont pas encore été vérifiés."
        "I tuoi dispositivi non sono ancora stati verificati."
    }
}

phrases! {
    /// A user's index in a sentence.
    pub enum Summary {
    LittleKnown "little-known"
        "Too little is known yet: the number grows as you write and as more is checked."
        "On en sait encore trop peu\u{a0}: le nombre grandit à mesure que vous écrivez et que l’on vérifie."
        "Se ne sa ancora troppo poco: il numero cresce via via che scrivi e che si verifica."
    YoursLimits "yours-limits"
        "Your own accounts and devices limit it most."
        "Ce sont vos propres comptes et appareils qui le limitent le plus."
        "Lo limitano soprattutto i tuoi account e i tuoi dispositivi."
    OthersLimit "others-limit"
        "The services and programs that your contacts use limit it most."
        "Ce sont les services et programmes de vos contacts qui le limitent le plus."
        "Lo limitano soprattutto i servizi e i programmi dei tuoi contatti."
    }
}

/// A step that would raise the index of a user: one for the weakest account, or for the weakest device. What depends on
/// others is never advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// For the weakest device.
    Device(device::Action),
    /// For the weakest account.
    Account(account::Action),
}

impl Phrase for Action {
    fn key(self) -> &'static str {
        match self {
            Self::Device(action) => action.key(),
            Self::Account(action) => action.key(),
        }
    }

    fn say(self, names: &[String], language: Language) -> String {
        match self {
            Self::Device(action) => action.say(names, language),
            Self::Account(action) => action.say(names, language),
        }
    }
}

phrases! {
    /// The pieces that facts are described with.
    enum Piece {
    Messages "Messages that count: {}" "Messages qui comptent\u{a0}: {}" "Messaggi che contano: {}"
    Mean "mean index {}" "indice moyen {}" "indice medio {}"
    People "People of index {}" "Personnes d’indice {}" "Persone di indice {}"
    Account "Account of index {}" "Compte d’indice {}" "Account di indice {}"
    Device "Device of index {}" "Appareil d’indice {}" "Dispositivo di indice {}"
    }
}

/// One line that says a fact about a user as it was found. Nobody is named.
pub fn describe(fact: &UserEvidence, language: Language) -> String {
    let with = |piece: Piece, number: u32| fill(piece.template(language), &[number.to_string()], language);
    match fact {
        UserEvidence::Sent { messages, total } => {
            let mean = total.checked_div(*messages).unwrap_or(0);
            format!("{} · {}", with(Piece::Messages, *messages), with(Piece::Mean, mean))
        }
        UserEvidence::People { index, count } => {
            format!("{} × {count}", with(Piece::People, u32::from(*index)))
        }
        UserEvidence::Account(of) => with(Piece::Account, u32::from(account::score(of).score())),
        UserEvidence::Device(of) => with(Piece::Device, u32::from(device::score(of).score())),
    }
}

/// Whether the sentence rests on the fact.
pub(super) fn rests_on(code: ReasonCode, fact: &UserEvidence) -> bool {
    use ReasonCode as Code;
    match fact {
        UserEvidence::Sent { messages, .. } => *messages > 0 && code == Code::MessagesSent,
        UserEvidence::People { count, .. } => *count > 0 && code == Code::MiddleContact,
        UserEvidence::Account(_) => code == Code::WeakestAccount,
        UserEvidence::Device(_) => code == Code::WeakestDevice,
    }
}
