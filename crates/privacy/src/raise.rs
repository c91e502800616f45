//! What would raise the index of a message, and to which number.
//!
//! Each step builds the evidence that would be there once it is taken, and the same formula scores it: no
//! gain is ever estimated. A message whose sender could not be confirmed gets no advice, since a higher
//! number is not what the person needs there.

use crate::axis::{Axis, Who};
use crate::message::Message;
use crate::phrase::phrases;
use crate::reason::ReasonCode;
use crate::subject::{self, Step};
use caliopen_model::Evidence;

phrases! {
    /// A step that would raise an index. In order of preference where two raise it alike.
    pub enum Action {
    LeaveBridge "leave-bridge"
        "Write to your contact without the bridge of {}."
        "Écrire à votre contact sans cette passerelle\u{a0}: {}."
        "Scrivere al contatto senza il ponte di {}."
    UseTrustedDevice "use-trusted-device"
        "Write and open such messages on a device that you enrolled and keep up to date."
        "Écrire et ouvrir de tels messages sur un appareil que vous avez enregistré et que vous tenez à jour."
        "Scrivere e aprire messaggi come questo su un dispositivo che hai registrato e tieni aggiornato."
    VerifyContact "verify-contact"
        "Compare keys with your contact, face to face or in a call."
        "Comparer vos clés avec votre contact, de vive voix ou en face à face."
        "Confrontare le chiavi con il contatto, di persona o in chiamata."
    KeysToYourDevices "keys-to-your-devices"
        "Move your private key from the server to your own devices."
        "Déplacer votre clé privée du serveur vers vos propres appareils."
        "Spostare la tua chiave privata dal server ai tuoi dispositivi."
    SealAtRest "seal-at-rest"
        "Keep your messages sealed to your own key."
        "Conserver vos messages scellés avec votre propre clé."
        "Conservare i tuoi messaggi sigillati con la tua chiave."
    KeepWriting "keep-writing"
        "Keep writing to each other: after 7 days and 3 messages with the same key, it is known."
        "Continuer à vous écrire\u{a0}: après 7 jours et 3 messages avec la même clé, elle est reconnue."
        "Continuare a scrivervi: dopo 7 giorni e 3 messaggi con la stessa chiave, è riconosciuta."
    JoinCaliopen "join-caliopen"
        "Invite your contact to a Caliopen."
        "Inviter votre contact à rejoindre un Caliopen."
        "Invitare il contatto a usare un Caliopen."
    Encrypt "encrypt"
        "Exchange keys with your contact and encrypt from end to end, each key kept on its owner’s devices."
        "Échanger vos clés avec votre contact et chiffrer de bout en bout, chaque clé restant sur les appareils de qui la possède."
        "Scambiare le chiavi con il contatto e cifrare da un capo all’altro, ogni chiave sui dispositivi di chi la possiede."
    BothKeysToDevices "both-keys-to-devices"
        "Move both private keys, your contact’s and yours, from servers to your own devices."
        "Déplacer les deux clés privées, la vôtre et celle de votre contact, des serveurs vers vos appareils."
        "Spostare entrambe le chiavi private, la tua e quella del contatto, dai server ai vostri dispositivi."
    KeysToTheirDevices "keys-to-their-devices"
        "Your contact moves the private key from the server to their own devices, and says so."
        "Votre contact déplace sa clé privée du serveur vers ses propres appareils, et l’indique."
        "Il contatto sposta la chiave privata dal server ai propri dispositivi, e lo indica."
    OtherAddress "other-address"
        "Use another address of your contact, at a service with a privacy charter, instead of {}."
        "Passer par une autre adresse de votre contact, sur un service doté d’une charte de confidentialité, plutôt que par {}."
        "Usare un altro indirizzo del contatto, presso un servizio con una carta della riservatezza, al posto di {}."
    ForwardSecrecy "forward-secrecy"
        "Continue over a route that renews its keys, such as OMEMO or Matrix."
        "Continuer par une voie qui renouvelle ses clés, comme OMEMO ou Matrix."
        "Continuare su un canale che rinnova le chiavi, come OMEMO o Matrix."
    CoverEverything "cover-everything"
        "Both use software that also encrypts the subject and every part."
        "Utiliser, des deux côtés, un logiciel qui chiffre aussi l’objet et toutes les parties."
        "Usare, da entrambe le parti, un programma che cifra anche l’oggetto e tutte le parti."
    PostQuantum "post-quantum"
        "Both use keys that resist quantum computers."
        "Utiliser, des deux côtés, des clés qui résistent aux ordinateurs quantiques."
        "Usare, da entrambe le parti, chiavi che resistono ai computer quantistici."
    ProveServer "prove-server"
        "{} [proves|prove] who answers, with DANE or MTA-STS, on every connection."
        "{} [prouve son|prouvent leur] identité, par DANE ou MTA-STS, à chaque connexion."
        "{} [prova|provano] la propria identità, con DANE o MTA-STS, a ogni connessione."
    ProveDomain "prove-domain"
        "{} [signs its|sign their] mail with DKIM and [publishes|publish] DMARC."
        "{} [signe|signent] avec DKIM et [publie|publient] DMARC."
        "{} [firma|firmano] con DKIM e [pubblica|pubblicano] DMARC."
    PublishKey "publish-key"
        "Your contact’s service confirms the key in a directory."
        "Le service de votre contact confirme sa clé dans un annuaire."
        "Il servizio del contatto ne conferma la chiave in un elenco."
    DeliverDirectly "deliver-directly"
        "Your contact’s service delivers straight to yours, without relays."
        "Le service de votre contact livre directement au vôtre, sans relais."
        "Il servizio del contatto consegna direttamente al tuo, senza intermediari."
    SealThere "seal-there"
        "Your contact’s service keeps messages sealed to your contact’s key, and attests it."
        "Le service de votre contact conserve les messages scellés avec la clé de celui-ci, et l’atteste."
        "Il servizio del contatto conserva i messaggi sigillati con la chiave del contatto, e lo attesta."
    GetLabelled "get-labelled"
        "Your contact’s Caliopen obtains the label."
        "Le Caliopen de votre contact obtient le label."
        "Il Caliopen del contatto ottiene il marchio."
    }
}

impl Action {
    /// Who can take the step.
    pub const fn who(self) -> Who {
        match self {
            Self::LeaveBridge | Self::UseTrustedDevice | Self::VerifyContact => Who::You,
            Self::KeysToYourDevices | Self::SealAtRest | Self::KeepWriting => Who::You,
            Self::JoinCaliopen | Self::Encrypt | Self::BothKeysToDevices | Self::KeysToTheirDevices => {
                Who::Contact
            }
            Self::OtherAddress | Self::ForwardSecrecy | Self::CoverEverything | Self::PostQuantum => {
                Who::Contact
            }
            Self::ProveServer | Self::ProveDomain | Self::PublishKey => Who::TheirProvider,
            Self::DeliverDirectly | Self::SealThere | Self::GetLabelled => Who::TheirProvider,
        }
    }

    /// What kind of thing the step changes.
    pub const fn axis(self) -> Axis {
        match self {
            Self::LeaveBridge | Self::JoinCaliopen | Self::OtherAddress => Axis::Context,
            Self::DeliverDirectly | Self::GetLabelled => Axis::Context,
            Self::UseTrustedDevice | Self::VerifyContact | Self::KeepWriting => Axis::Behaviour,
            Self::ProveDomain | Self::PublishKey => Axis::Behaviour,
            Self::KeysToYourDevices | Self::SealAtRest | Self::Encrypt | Self::BothKeysToDevices => {
                Axis::Technical
            }
            Self::KeysToTheirDevices | Self::ForwardSecrecy | Self::CoverEverything => Axis::Technical,
            Self::PostQuantum | Self::ProveServer | Self::SealThere => Axis::Technical,
        }
    }
}

impl Step for Action {
    fn who(self) -> Who {
        self.who()
    }

    fn axis(self) -> Axis {
        self.axis()
    }
}

/// The evidence that would be there had the step been taken; `None` when the step makes no sense for it.
pub fn hypothetical(action: Action, evidence: &[Evidence]) -> Option<Vec<Evidence>> {
    subject::hypothetical::<Message>(action, evidence)
}

/// The reasons whose names the text of a step says.
pub(crate) const fn named_by(action: Action) -> &'static [ReasonCode] {
    match action {
        Action::LeaveBridge => &[ReasonCode::DecryptedByBridge],
        Action::OtherAddress => &[ReasonCode::HandlerE, ReasonCode::HandlerD],
        Action::ProveServer => &[ReasonCode::HopClear, ReasonCode::HopOpportunistic],
        Action::ProveDomain => &[ReasonCode::NoProof, ReasonCode::PartlySigned],
        _ => &[],
    }
}
