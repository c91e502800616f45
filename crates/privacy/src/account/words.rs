//! What is said about an account, in three languages, and which evidence each sentence rests on.

use crate::phrase::{fill, list, phrases};
use caliopen_model::{
    AccountEvidence, EndToEnd, HandlerClass, KeyHolder, Language, PeerService, Recovery, SignIn,
    TransportPolicy,
};

phrases! {
    /// Everything that a point or a cap of an account can be about.
    pub enum ReasonCode {
    ProviderE "provider-e"
        "{} [lives|live] on advertising or [is|are] named in a mass-surveillance programme."
        "{} [vit|vivent] de la publicité ou [figure|figurent] dans un programme de surveillance de masse."
        "{} [vive|vivono] di pubblicità o [è citato|sono citati] in un programma di sorveglianza di massa."
    ProviderD "provider-d"
        "{}: large and commercial, without advertising."
        "{}\u{a0}: grande taille, activité commerciale, sans publicité."
        "{}: grande e commerciale, senza pubblicità."
    ProviderC "provider-c"
        "How {} [lives|live] is not known."
        "On ne sait pas de quoi [vit ce service|vivent ces services]\u{a0}: {}."
        "Non si sa di che cosa [viva|vivano] {}."
    ProviderB "provider-b"
        "{} [lives|live] on what members or customers pay and [has|have] a privacy charter."
        "{} [vit de ses|vivent de leurs] membres ou clients et [suit|suivent] une charte de confidentialité."
        "{} [vive|vivono] di soci o clienti e [segue|seguono] una carta della riservatezza."
    ProviderA "provider-a"
        "Run by its own users, or labelled: {}."
        "Auto-hébergé ou labellisé\u{a0}: {}."
        "Autogestito o con marchio: {}."
    ProviderNotChecked "provider-not-checked"
        "How the service lives that keeps it is not checked yet."
        "De quoi vit le service qui le conserve n’a pas encore été vérifié."
        "Di che cosa viva il servizio che lo conserva non è ancora stato verificato."
    SignInPassword "sign-in-password"
        "A password alone opens it."
        "Un mot de passe seul l’ouvre."
        "Basta una password per aprirlo."
    SignInAppPassword "sign-in-app-password"
        "A password of its own for each program opens it: you can withdraw it."
        "Chaque programme l’ouvre avec son propre mot de passe, que vous pouvez retirer."
        "Ogni programma lo apre con una password propria, che puoi revocare."
    SignInGrant "sign-in-grant"
        "A permission opens it, which you can withdraw; the password stays where it belongs."
        "Une autorisation l’ouvre, que vous pouvez retirer\u{202f}; le mot de passe reste chez le service."
        "Lo apre un’autorizzazione che puoi revocare; la password resta presso il servizio."
    SignInSecondFactor "sign-in-second-factor"
        "A password and a second proof open it."
        "Un mot de passe et une seconde preuve l’ouvrent."
        "Lo aprono una password e una seconda prova."
    SignInPasskey "sign-in-passkey"
        "Only a passkey opens it: there is nothing to guess or to give away."
        "Seule une clé d’accès l’ouvre\u{a0}: il n’y a rien à deviner ni à se laisser soutirer."
        "Lo apre solo una passkey: non c’è nulla da indovinare o da farsi carpire."
    SignInNotChecked "sign-in-not-checked"
        "How one signs in is not checked yet."
        "La façon de s’y connecter n’a pas encore été vérifiée."
        "Come vi si accede non è ancora stato verificato."
    TransportNone "transport-none"
        "Its domain demands nothing of whoever brings mail: somebody in between could read it."
        "Son domaine n’exige rien de qui apporte le courrier\u{a0}: quelqu’un entre les deux pourrait le lire."
        "Il suo dominio non chiede nulla a chi porta la posta: qualcuno nel mezzo potrebbe leggerla."
    TransportTesting "transport-testing"
        "Its domain tries out its rule for whoever brings mail, without demanding it."
        "Son domaine essaie sa règle pour qui apporte le courrier, sans encore l’exiger."
        "Il suo dominio prova la sua regola per chi porta la posta, senza ancora pretenderla."
    TransportEnforced "transport-enforced"
        "Its domain demands that whoever brings mail encrypts and checks who answers."
        "Son domaine exige de qui apporte le courrier qu’il chiffre et vérifie qui répond."
        "Il suo dominio pretende che chi porta la posta cifri e verifichi chi risponde."
    TransportNotChecked "transport-not-checked"
        "What its domain demands of whoever brings mail is not checked yet."
        "Ce que son domaine exige de qui apporte le courrier n’a pas encore été vérifié."
        "Che cosa il suo dominio pretenda da chi porta la posta non è ancora stato verificato."
    NoKey "no-key"
        "Nobody can encrypt to it from end to end yet."
        "Personne ne peut encore lui écrire en chiffrant de bout en bout."
        "Nessuno può ancora scrivergli cifrando da un capo all’altro."
    KeyNotPublished "key-not-published"
        "Whoever was given its key can encrypt to it from end to end."
        "Qui a reçu sa clé peut lui écrire en chiffrant de bout en bout."
        "Chi ne ha ricevuto la chiave può scrivergli cifrando da un capo all’altro."
    KeyPublished "key-published"
        "Whoever wants to write can find its key and encrypt from end to end."
        "Qui veut lui écrire peut trouver sa clé et chiffrer de bout en bout."
        "Chi vuole scrivergli può trovarne la chiave e cifrare da un capo all’altro."
    EndToEndNotChecked "end-to-end-not-checked"
        "Whether others can encrypt to it is not checked yet."
        "On n’a pas encore vérifié si d’autres peuvent chiffrer pour lui."
        "Non è ancora stato verificato se altri possano cifrare per lui."
    ServiceReads "service-reads"
        "The service that keeps it can read it at any time."
        "Le service qui le conserve peut le lire à tout moment."
        "Il servizio che lo conserva può leggerlo in ogni momento."
    KeysAtServer "keys-at-server"
        "Kept sealed; the server can open it while you are signed in."
        "Conservé scellé\u{202f}; le serveur peut l’ouvrir tant que votre session est ouverte."
        "Conservato sigillato; il server può aprirlo finché hai effettuato l’accesso."
    KeysOnDevices "keys-on-devices"
        "Only your devices can open it."
        "Seuls vos appareils peuvent l’ouvrir."
        "Solo i tuoi dispositivi possono aprirlo."
    KeysNotChecked "keys-not-checked"
        "Who can open it is not checked yet: the service may."
        "Qui peut l’ouvrir n’a pas encore été vérifié\u{a0}: le service le peut peut-être."
        "Chi possa aprirlo non è ancora stato verificato: forse il servizio."
    RecoveryByService "recovery-by-service"
        "The service can let you back in, and so could let in somebody else."
        "Le service peut vous y laisser revenir, et donc y laisser entrer quelqu’un d’autre."
        "Il servizio può farti rientrare, e quindi potrebbe far entrare qualcun altro."
    RecoveryByOtherAccount "recovery-by-other-account"
        "Another account or a telephone opens the way back in: whoever has that one has both."
        "Un autre compte ou un téléphone permet d’y revenir\u{a0}: qui a l’un a les deux."
        "Un altro account o un telefono permette di rientrare: chi ha quello li ha entrambi."
    NoRecovery "no-recovery"
        "There is no way back in: without the password everything is lost."
        "Il n’y a aucun moyen d’y revenir\u{a0}: sans le mot de passe, tout est perdu."
        "Non c’è modo di rientrare: senza la password tutto è perduto."
    RecoveryByOwnCode "recovery-by-own-code"
        "A code that you alone hold opens the way back in."
        "Un code que personne d’autre ne détient permet d’y revenir."
        "Un codice che hai solo tu permette di rientrare."
    RecoveryNotChecked "recovery-not-checked"
        "How you would get back in is not checked yet."
        "La façon d’y revenir n’a pas encore été vérifiée."
        "Come si possa rientrare non è ancora stato verificato."

    // Caps alone
    AdvertisingReads "advertising-reads"
        "{} can read everything in it."
        "{} [peut|peuvent] y lire tout."
        "{} [può|possono] leggervi tutto."
    AdvertisingWatches "advertising-watches"
        "{} cannot read it, but [sees|see] whom you write to, and when."
        "{} ne [peut|peuvent] pas le lire, mais [voit|voient] à qui vous écrivez, et quand."
        "{} non [può|possono] leggerlo, ma [vede|vedono] a chi scrivi, e quando."
    OtherService "other-service"
        "A service keeps it that is not a Caliopen, as far as is known."
        "Le service qui le conserve n’est pas un Caliopen, que l’on sache."
        "Il servizio che lo conserva non risulta essere un Caliopen."
    NotLabelled "not-labelled"
        "The Caliopen that keeps it has no label yet: nobody has checked how it is run."
        "Le Caliopen qui le conserve n’a pas encore de label\u{a0}: personne n’a vérifié comment il est géré."
        "Il Caliopen che lo conserva non ha ancora un marchio: nessuno ha verificato come è gestito."
    }
}

phrases! {
    /// A step that would raise the index of an account. In order of preference where two raise it alike.
    pub enum Action {
    UsePasskey "use-passkey"
        "Sign in with a passkey, and turn off the password."
        "Se connecter avec une clé d’accès, et désactiver le mot de passe."
        "Accedere con una passkey, e disattivare la password."
    AddSecondFactor "add-second-factor"
        "Add a second proof to the password."
        "Ajouter une seconde preuve au mot de passe."
        "Aggiungere una seconda prova alla password."
    KeysToDevices "keys-to-devices"
        "Move the keys from the server to your own devices."
        "Déplacer les clés du serveur vers vos propres appareils."
        "Spostare le chiavi dal server ai tuoi dispositivi."
    PublishKey "publish-key"
        "Publish a key, so that others can encrypt to you."
        "Publier une clé, pour que d’autres puissent chiffrer ce qu’ils vous écrivent."
        "Pubblicare una chiave, perché altri possano cifrare ciò che ti scrivono."
    OwnRecoveryCode "own-recovery-code"
        "Write down a recovery code that you alone hold."
        "Noter un code de récupération que personne d’autre ne détient."
        "Annotare un codice di recupero che hai solo tu."
    MoveToCaliopen "move-to-caliopen"
        "Write from an address at a Caliopen instead of {}."
        "Écrire depuis une adresse d’un Caliopen plutôt que par {}."
        "Scrivere da un indirizzo di un Caliopen al posto di {}."
    EnforceTransport "enforce-transport"
        "The domain demands proven encryption of whoever brings mail, with DANE or MTA-STS."
        "Le domaine exige de qui apporte le courrier un chiffrement prouvé, par DANE ou MTA-STS."
        "Il dominio pretende da chi porta la posta una cifratura provata, con DANE o MTA-STS."
    GetLabelled "get-labelled"
        "Your Caliopen obtains the label."
        "Votre Caliopen obtient le label."
        "Il tuo Caliopen ottiene il marchio."
    }
}

phrases! {
    /// The pieces that facts are described with.
    enum Piece {
    Class "class {}" "classe {}" "classe {}"
    Other "Not a Caliopen" "Pas un Caliopen" "Non è un Caliopen"
    Caliopen "A Caliopen without label" "Un Caliopen sans label" "Un Caliopen senza marchio"
    Labelled "A labelled Caliopen" "Un Caliopen labellisé" "Un Caliopen con marchio"
    Password "Password" "Mot de passe" "Password"
    AppPassword "Password of a program" "Mot de passe d’un programme" "Password di un programma"
    Grant "Permission (OAuth)" "Autorisation (OAuth)" "Autorizzazione (OAuth)"
    SecondFactor "Password and second proof" "Mot de passe et seconde preuve" "Password e seconda prova"
    Passkey "Passkey" "Clé d’accès" "Passkey"
    NoPolicy "No transport rule" "Aucune règle de transport" "Nessuna regola di trasporto"
    Testing "Transport rule on trial" "Règle de transport à l’essai" "Regola di trasporto in prova"
    Enforced "Transport rule enforced" "Règle de transport appliquée" "Regola di trasporto applicata"
    NoKey "No key" "Aucune clé" "Nessuna chiave"
    Possible "Key not published" "Clé non publiée" "Chiave non pubblicata"
    Published "Key published" "Clé publiée" "Chiave pubblicata"
    ByService "Keys at the service" "Clés chez le service" "Chiavi presso il servizio"
    AtServer "Keys at the server, while signed in" "Clés sur le serveur, session ouverte" "Chiavi sul server, ad accesso effettuato"
    OnDevices "Keys on the devices" "Clés sur les appareils" "Chiavi sui dispositivi"
    BackByService "Way back by the service" "Retour par le service" "Si rientra tramite il servizio"
    BackByOther "Way back by another account" "Retour par un autre compte" "Si rientra tramite un altro account"
    NoWayBack "No way back" "Aucun retour" "Non si rientra"
    BackByCode "Way back by a code of one’s own" "Retour par un code personnel" "Si rientra con un codice personale"
    }
}

/// One line that says a fact about an account as it was found.
pub fn describe(fact: &AccountEvidence, language: Language) -> String {
    let piece = match fact {
        AccountEvidence::Provider { name, class } => return describe_provider(name, *class, language),
        AccountEvidence::Service(PeerService::Other) => Piece::Other,
        AccountEvidence::Service(PeerService::Caliopen) => Piece::Caliopen,
        AccountEvidence::Service(PeerService::LabelledCaliopen) => Piece::Labelled,
        AccountEvidence::SignIn(SignIn::Password) => Piece::Password,
        AccountEvidence::SignIn(SignIn::AppPassword) => Piece::AppPassword,
        AccountEvidence::SignIn(SignIn::Grant) => Piece::Grant,
        AccountEvidence::SignIn(SignIn::SecondFactor) => Piece::SecondFactor,
        AccountEvidence::SignIn(SignIn::Passkey) => Piece::Passkey,
        AccountEvidence::Transport(TransportPolicy::None) => Piece::NoPolicy,
        AccountEvidence::Transport(TransportPolicy::Testing) => Piece::Testing,
        AccountEvidence::Transport(TransportPolicy::Enforced) => Piece::Enforced,
        AccountEvidence::EndToEnd(EndToEnd::NoKey) => Piece::NoKey,
        AccountEvidence::EndToEnd(EndToEnd::Possible) => Piece::Possible,
        AccountEvidence::EndToEnd(EndToEnd::Published) => Piece::Published,
        AccountEvidence::Keys(KeyHolder::Service) => Piece::ByService,
        AccountEvidence::Keys(KeyHolder::Server) => Piece::AtServer,
        AccountEvidence::Keys(KeyHolder::Devices) => Piece::OnDevices,
        AccountEvidence::Recovery(Recovery::ByService) => Piece::BackByService,
        AccountEvidence::Recovery(Recovery::ByOtherAccount) => Piece::BackByOther,
        AccountEvidence::Recovery(Recovery::NoWay) => Piece::NoWayBack,
        AccountEvidence::Recovery(Recovery::OwnCode) => Piece::BackByCode,
    };
    piece.template(language).to_owned()
}

fn describe_provider(name: &String, class: HandlerClass, language: Language) -> String {
    let letter = match class {
        HandlerClass::E => "E",
        HandlerClass::D => "D",
        HandlerClass::C => "C",
        HandlerClass::B => "B",
        HandlerClass::A => "A",
    };
    let class = fill(Piece::Class.template(language), &[letter.to_owned()], language);
    format!("{} · {class}", list(std::slice::from_ref(name), language))
}

/// The names that this fact gives to this sentence; `None` when the sentence does not rest on it.
pub(super) fn supports(code: ReasonCode, fact: &AccountEvidence) -> Option<&[String]> {
    const NAMELESS: &[String] = &[];
    let names = match fact {
        AccountEvidence::Provider { name, .. } => std::slice::from_ref(name),
        _ => NAMELESS,
    };
    rests_on(code, fact).then_some(names)
}

fn rests_on(code: ReasonCode, fact: &AccountEvidence) -> bool {
    use AccountEvidence as Fact;
    use ReasonCode as Code;
    match fact {
        Fact::Provider { class, .. } => match class {
            HandlerClass::E => {
                matches!(code, Code::ProviderE | Code::AdvertisingReads | Code::AdvertisingWatches)
            }
            HandlerClass::D => code == Code::ProviderD,
            HandlerClass::C => code == Code::ProviderC,
            HandlerClass::B => code == Code::ProviderB,
            HandlerClass::A => code == Code::ProviderA,
        },
        Fact::Service(PeerService::Other) => code == Code::OtherService,
        Fact::Service(PeerService::Caliopen) => code == Code::NotLabelled,
        Fact::Service(PeerService::LabelledCaliopen) => false,
        Fact::SignIn(SignIn::Password) => code == Code::SignInPassword,
        Fact::SignIn(SignIn::AppPassword) => code == Code::SignInAppPassword,
        Fact::SignIn(SignIn::Grant) => code == Code::SignInGrant,
        Fact::SignIn(SignIn::SecondFactor) => code == Code::SignInSecondFactor,
        Fact::SignIn(SignIn::Passkey) => code == Code::SignInPasskey,
        Fact::Transport(TransportPolicy::None) => code == Code::TransportNone,
        Fact::Transport(TransportPolicy::Testing) => code == Code::TransportTesting,
        Fact::Transport(TransportPolicy::Enforced) => code == Code::TransportEnforced,
        Fact::EndToEnd(EndToEnd::NoKey) => code == Code::NoKey,
        Fact::EndToEnd(EndToEnd::Possible) => code == Code::KeyNotPublished,
        Fact::EndToEnd(EndToEnd::Published) => code == Code::KeyPublished,
        Fact::Keys(KeyHolder::Service) => code == Code::ServiceReads,
        Fact::Keys(KeyHolder::Server) => code == Code::KeysAtServer,
        Fact::Keys(KeyHolder::Devices) => code == Code::KeysOnDevices,
        Fact::Recovery(Recovery::ByService) => code == Code::RecoveryByService,
        Fact::Recovery(Recovery::ByOtherAccount) => code == Code::RecoveryByOtherAccount,
        Fact::Recovery(Recovery::NoWay) => code == Code::NoRecovery,
        Fact::Recovery(Recovery::OwnCode) => code == Code::RecoveryByOwnCode,
    }
}
