//! What is said about a device, in three languages, and which evidence each sentence rests on.

use crate::phrase::{fill, phrases};
use caliopen_model::{
    Basis, DeviceEvidence, DeviceKey, DeviceUse, Language, LocalStore, Network, PersonCheck, Support,
};

phrases! {
    /// Everything that a point or a cap of a device can be about.
    pub enum ReasonCode {
    Enrolled "enrolled"
        "A key that cannot leave it signs its sessions."
        "Une clé qui ne peut pas en sortir signe ses sessions."
        "Una chiave che non può uscirne firma le sue sessioni."
    NotEnrolled "not-enrolled"
        "It has no key of its own: whoever copies its session can use it elsewhere."
        "Il n’a pas de clé à lui\u{a0}: qui copie sa session peut s’en servir ailleurs."
        "Non ha una chiave propria: chi ne copia la sessione può usarla altrove."
    EnrolmentNotChecked "enrolment-not-checked"
        "Whether it has a key of its own is not checked yet."
        "On n’a pas encore vérifié s’il a une clé à lui."
        "Non è ancora stato verificato se abbia una chiave propria."
    ByPasskey "by-passkey"
        "A passkey showed that it is you."
        "Une clé d’accès a montré que c’est bien vous."
        "Una passkey ha mostrato che sei tu."
    ByPassword "by-password"
        "A password alone shows that it is you: whoever knows it can sign in."
        "Seul un mot de passe montre que c’est vous\u{a0}: qui le connaît peut se connecter."
        "Solo una password mostra che sei tu: chi la conosce può accedere."
    PersonNotChecked "person-not-checked"
        "How you show that it is you is not checked yet."
        "La façon dont vous montrez que c’est vous n’a pas encore été vérifiée."
        "Come mostri di essere tu non è ancora stato verificato."
    SystemSupported "system-supported"
        "Its operating system still gets corrections."
        "Son système reçoit encore des corrections."
        "Il suo sistema operativo riceve ancora correzioni."
    SystemEndOfLife "system-end-of-life"
        "Its operating system gets no corrections any more: known faults stay open."
        "Son système ne reçoit plus de corrections\u{a0}: des failles connues restent ouvertes."
        "Il suo sistema operativo non riceve più correzioni: falle note restano aperte."
    SystemNotChecked "system-not-checked"
        "Its operating system is not checked yet."
        "Son système n’a pas encore été vérifié."
        "Il suo sistema operativo non è ancora stato verificato."
    BrowserSupported "browser-supported"
        "Its browser still gets corrections."
        "Son navigateur reçoit encore des corrections."
        "Il suo browser riceve ancora correzioni."
    BrowserEndOfLife "browser-end-of-life"
        "Its browser gets no corrections any more: a page could take it over."
        "Son navigateur ne reçoit plus de corrections\u{a0}: une page pourrait en prendre le contrôle."
        "Il suo browser non riceve più correzioni: una pagina potrebbe prenderne il controllo."
    BrowserNotChecked "browser-not-checked"
        "Its browser is not checked yet."
        "Son navigateur n’a pas encore été vérifié."
        "Il suo browser non è ancora stato verificato."
    StoreEncrypted "store-encrypted"
        "What it keeps is encrypted."
        "Ce qu’il conserve est chiffré."
        "Ciò che conserva è cifrato."
    StoreInClear "store-in-clear"
        "What it keeps can be read by whoever holds it."
        "Ce qu’il conserve est lisible par quiconque l’a en main."
        "Ciò che conserva può leggerlo chiunque lo abbia in mano."
    StoreNotChecked "store-not-checked"
        "How it keeps things is not checked yet."
        "La façon dont il conserve n’a pas encore été vérifiée."
        "Come conserva le cose non è ancora stato verificato."
    UseRegular "use-regular"
        "You have used it regularly for a month or more."
        "Vous l’utilisez régulièrement depuis un mois ou plus."
        "Lo usi regolarmente da un mese o più."
    UseSome "use-some"
        "You have used it for some time, or now and then."
        "Vous l’utilisez depuis quelque temps, ou de temps à autre."
        "Lo usi da qualche tempo, o di tanto in tanto."
    UseNew "use-new"
        "It is new here."
        "Il est nouveau ici."
        "Qui è nuovo."
    UseNotChecked "use-not-checked"
        "How long you have used it is not checked yet."
        "Depuis quand vous l’utilisez n’a pas encore été vérifié."
        "Da quanto tempo lo usi non è ancora stato verificato."
    NetworkKnown "network-known"
        "It is on a network that you named as yours."
        "Il est sur un réseau que vous avez désigné comme le vôtre."
        "È su una rete che hai indicato come tua."
    NetworkTunnel "network-tunnel"
        "Tor or a VPN hides which network it is on: that counts neither for it nor against it."
        "Tor ou un VPN cache le réseau où il est\u{a0}: cela ne compte ni pour, ni contre."
        "Tor o una VPN nasconde la rete su cui si trova: non conta né a favore né contro."
    NetworkUnknown "network-unknown"
        "It is on a network that is not known yet."
        "Il est sur un réseau qui n’est pas encore connu."
        "È su una rete che non è ancora nota."
    NetworkOpen "network-open"
        "It is on an open network: whoever is near can join it."
        "Il est sur un réseau ouvert\u{a0}: quiconque est à portée peut s’y joindre."
        "È su una rete aperta: chiunque sia vicino può unirsi."
    NetworkNotChecked "network-not-checked"
        "Its network is not checked yet."
        "Son réseau n’a pas encore été vérifié."
        "La sua rete non è ancora stata verificata."
    SharedComputer "shared-computer"
        "You said that others use it too."
        "Vous avez indiqué que d’autres l’utilisent aussi."
        "Hai indicato che lo usano anche altri."
    TlsIntercepted "tls-intercepted"
        "Something on the way opens its encrypted connections and can read everything."
        "Quelque chose en chemin ouvre ses connexions chiffrées et peut tout lire."
        "Qualcosa lungo il percorso apre le sue connessioni cifrate e può leggere tutto."
    }
}

phrases! {
    /// A step that would raise the index of a device. In order of preference where two raise it alike.
    pub enum Action {
    CloseInterception "close-interception"
        "Remove the program, or leave the network, that opens your encrypted connections."
        "Retirer le programme, ou quitter le réseau, qui ouvre vos connexions chiffrées."
        "Togliere il programma, o lasciare la rete, che apre le tue connessioni cifrate."
    Enrol "enrol"
        "Enrol the device: it gets a key that cannot leave it."
        "Enregistrer l’appareil\u{a0}: il reçoit une clé qui ne peut pas en sortir."
        "Registrare il dispositivo: riceve una chiave che non può uscirne."
    AddPasskey "add-passkey"
        "Sign in with a passkey on the device."
        "Se connecter avec une clé d’accès sur l’appareil."
        "Accedere con una passkey sul dispositivo."
    UpdateBrowser "update-browser"
        "Update its browser, or use one that still gets corrections."
        "Mettre à jour son navigateur, ou en prendre un qui reçoit encore des corrections."
        "Aggiornare il suo browser, o usarne uno che riceve ancora correzioni."
    UpdateSystem "update-system"
        "Update its operating system."
        "Mettre à jour son système."
        "Aggiornare il suo sistema operativo."
    EncryptStore "encrypt-store"
        "Turn on the encryption of what the device keeps."
        "Activer le chiffrement de ce que l’appareil conserve."
        "Attivare la cifratura di ciò che il dispositivo conserva."
    LeaveOpenNetwork "leave-open-network"
        "Use another network than this open one."
        "Passer par un autre réseau que ce réseau ouvert."
        "Usare un’altra rete invece di questa, che è aperta."
    NameNetwork "name-network"
        "Name the network as yours, if you know who runs it."
        "Désigner le réseau comme le vôtre, si vous savez qui le gère."
        "Indicare la rete come tua, se sai chi la gestisce."
    OwnComputer "own-computer"
        "Say that the computer is yours alone, if it is."
        "Indiquer que l’ordinateur n’est qu’à vous, si c’est le cas."
        "Indicare che il computer è solo tuo, se lo è."
    KeepUsing "keep-using"
        "Keep using the device: after a month, and on eight days of it, it is known."
        "Continuer à utiliser l’appareil\u{a0}: au bout d’un mois, dont huit jours d’usage, il est connu."
        "Continuare a usare il dispositivo: dopo un mese, con otto giorni di uso, è noto."
    }
}

phrases! {
    /// The pieces that facts are described with.
    enum Piece {
    Key "Key of its own" "Clé propre" "Chiave propria"
    NoKey "No key of its own" "Pas de clé propre" "Nessuna chiave propria"
    Passkey "Signed in with a passkey" "Connexion par clé d’accès" "Accesso con passkey"
    Password "Signed in with a password" "Connexion par mot de passe" "Accesso con password"
    System "Operating system with corrections" "Système corrigé" "Sistema con correzioni"
    OldSystem "Operating system without corrections" "Système sans corrections" "Sistema senza correzioni"
    Browser "Browser with corrections" "Navigateur corrigé" "Browser con correzioni"
    OldBrowser "Browser without corrections" "Navigateur sans corrections" "Browser senza correzioni"
    Encrypted "Storage encrypted" "Stockage chiffré" "Memoria cifrata"
    InClear "Storage in clear" "Stockage en clair" "Memoria in chiaro"
    DaysKnown "Seen on {} d in all" "Vu {} j en tout" "Visto {} g in tutto"
    DaysUsed "used on {} of the last 30 days" "utilisé {} des 30 derniers jours" "usato {} degli ultimi 30 giorni"
    OpenNetwork "Open network" "Réseau ouvert" "Rete aperta"
    UnknownNetwork "Network not known" "Réseau inconnu" "Rete non nota"
    Tunnel "Tor or VPN" "Tor ou VPN" "Tor o VPN"
    KnownNetwork "Known network" "Réseau connu" "Rete nota"
    Shared "Shared computer" "Ordinateur partagé" "Computer condiviso"
    Intercepted "Encrypted connections opened on the way" "Connexions chiffrées ouvertes en chemin" "Connessioni cifrate aperte in viaggio"
    Declared "declared" "déclaré" "dichiarato"
    Measured "measured" "mesuré" "misurato"
    }
}

/// One line that says a fact about a device as it was found.
pub fn describe(fact: &DeviceEvidence, language: Language) -> String {
    let piece = |piece: Piece| piece.template(language).to_owned();
    let number = |piece: Piece, number: u16| fill(piece.template(language), &[number.to_string()], language);
    let with_basis = |found: Piece, basis: Basis| {
        let basis = if basis == Basis::Declared { Piece::Declared } else { Piece::Measured };
        format!("{} · {}", piece(found), piece(basis))
    };
    match *fact {
        DeviceEvidence::Key(DeviceKey::Enrolled) => piece(Piece::Key),
        DeviceEvidence::Key(DeviceKey::NotEnrolled) => piece(Piece::NoKey),
        DeviceEvidence::Person(PersonCheck::Passkey) => piece(Piece::Passkey),
        DeviceEvidence::Person(PersonCheck::Password) => piece(Piece::Password),
        DeviceEvidence::System(Support::Supported, basis) => with_basis(Piece::System, basis),
        DeviceEvidence::System(Support::EndOfLife, basis) => with_basis(Piece::OldSystem, basis),
        DeviceEvidence::Browser(Support::Supported, basis) => with_basis(Piece::Browser, basis),
        DeviceEvidence::Browser(Support::EndOfLife, basis) => with_basis(Piece::OldBrowser, basis),
        DeviceEvidence::LocalStore(LocalStore::Encrypted, basis) => with_basis(Piece::Encrypted, basis),
        DeviceEvidence::LocalStore(LocalStore::InClear, basis) => with_basis(Piece::InClear, basis),
        DeviceEvidence::Use(DeviceUse { days_known, days_used }) => {
            let used = number(Piece::DaysUsed, u16::from(days_used));
            format!("{} · {used}", number(Piece::DaysKnown, days_known))
        }
        DeviceEvidence::Network(Network::Open, basis) => with_basis(Piece::OpenNetwork, basis),
        DeviceEvidence::Network(Network::Unknown, basis) => with_basis(Piece::UnknownNetwork, basis),
        DeviceEvidence::Network(Network::Tunnel, basis) => with_basis(Piece::Tunnel, basis),
        DeviceEvidence::Network(Network::Known, basis) => with_basis(Piece::KnownNetwork, basis),
        DeviceEvidence::SharedComputer => piece(Piece::Shared),
        DeviceEvidence::TlsIntercepted => piece(Piece::Intercepted),
    }
}

/// Whether the sentence rests on the fact.
pub(super) fn rests_on(code: ReasonCode, fact: &DeviceEvidence) -> bool {
    use DeviceEvidence as Fact;
    use ReasonCode as Code;
    match *fact {
        Fact::Key(DeviceKey::Enrolled) => code == Code::Enrolled,
        Fact::Key(DeviceKey::NotEnrolled) => code == Code::NotEnrolled,
        Fact::Person(PersonCheck::Passkey) => code == Code::ByPasskey,
        Fact::Person(PersonCheck::Password) => code == Code::ByPassword,
        Fact::System(Support::Supported, _) => code == Code::SystemSupported,
        Fact::System(Support::EndOfLife, _) => code == Code::SystemEndOfLife,
        Fact::Browser(Support::Supported, _) => code == Code::BrowserSupported,
        Fact::Browser(Support::EndOfLife, _) => code == Code::BrowserEndOfLife,
        Fact::LocalStore(LocalStore::Encrypted, _) => code == Code::StoreEncrypted,
        Fact::LocalStore(LocalStore::InClear, _) => code == Code::StoreInClear,
        Fact::Use(_) => matches!(code, Code::UseRegular | Code::UseSome | Code::UseNew),
        Fact::Network(Network::Open, _) => code == Code::NetworkOpen,
        Fact::Network(Network::Unknown, _) => code == Code::NetworkUnknown,
        Fact::Network(Network::Tunnel, _) => code == Code::NetworkTunnel,
        Fact::Network(Network::Known, _) => code == Code::NetworkKnown,
        Fact::SharedComputer => code == Code::SharedComputer,
        Fact::TlsIntercepted => code == Code::TlsIntercepted,
    }
}
