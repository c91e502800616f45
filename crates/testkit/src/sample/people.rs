//! Alice's world: who writes to her, from where, and with which habits.

use super::calendar::{CONTINENT, ISLANDS, Place};
use std::net::Ipv4Addr;

/// Somebody, or a machine, that writes.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// How the scripts call them.
    pub key: &'static str,
    /// The display name.
    pub name: &'static str,
    local_part: &'static str,
    /// The domain; empty for people of the host itself.
    domain: &'static str,
    /// Where they live.
    pub place: Place,
    /// The header by which their program names itself, when it does.
    pub program: Option<(&'static str, &'static str)>,
}

impl Person {
    /// Where they write from, on a host that serves `domain`.
    pub fn address(&self, domain: &str) -> String {
        format!("{}@{}", self.local_part, self.domain(domain))
    }

    /// The part after the @.
    pub fn domain<'a>(&'a self, domain: &'a str) -> &'a str {
        if self.domain.is_empty() { domain } else { self.domain }
    }

    /// Has an account on the host.
    pub fn is_local(&self) -> bool {
        self.domain.is_empty()
    }
}

const THUNDERBIRD: Option<(&str, &str)> = Some(("User-Agent", "Mozilla Thunderbird"));
const APPLE: Option<(&str, &str)> = Some(("X-Mailer", "Apple Mail (2.3774.600.62)"));
const MUTT: Option<(&str, &str)> = Some(("User-Agent", "Mutt/2.2.9 (2022-11-12)"));
const ROBOT: Option<(&str, &str)> = Some(("Auto-Submitted", "auto-generated"));

const fn person(
    key: &'static str,
    name: &'static str,
    address: (&'static str, &'static str),
    place: Place,
    program: Option<(&'static str, &'static str)>,
) -> Person {
    Person { key, name, local_part: address.0, domain: address.1, place, program }
}

/// Everybody.
const PEOPLE: [Person; 36] = [
    person("alice", "Alice Fontana", ("alice", ""), CONTINENT, None),
    person("alice-list", "Alice Fontana", ("alice", ""), CONTINENT, None),
    person("alice+train", "Alice Fontana", ("alice+train", ""), CONTINENT, None),
    person("alice+deals", "Alice", ("alice+deals", ""), CONTINENT, None),
    person("bob", "Bob Keller", ("bob", ""), CONTINENT, MUTT),
    person("giulia", "Giulia Fontana", ("giulia", "lagoblu.example"), CONTINENT, APPLE),
    person("renzo", "Renzo Fontana", ("renzo", "lagoblu.example"), CONTINENT, APPLE),
    person("rosa", "Zia Rosa", ("rosa.fontana", "lagoblu.example"), CONTINENT, None),
    person("matteo", "Matteo Fontana", ("matteo", "bottegalegno.example"), CONTINENT, THUNDERBIRD),
    person("livia", "Livia Conti", ("livia.conti", "sentieri.example"), CONTINENT, APPLE),
    person("paolo", "Paolo Brambilla", ("paolo", "sentieri.example"), CONTINENT, None),
    person("camille", "Camille Roussel", ("camille", "lanterne.example"), CONTINENT, APPLE),
    person("camille-jardin", "Camille Roussel", ("camille+jardin", "lanterne.example"), CONTINENT, APPLE),
    person("theo", "Théo Garnier", ("theo", "cycles-garnier.example"), CONTINENT, THUNDERBIRD),
    person("nadia", "Nadia Belkacem", ("nadia", "ravel-belkacem.example"), CONTINENT, None),
    person("irene", "Irène Lacombe", ("irene", "choeur-traboules.example"), CONTINENT, THUNDERBIRD),
    person("claire", "Claire Dumas", ("c.dumas", "editions-faune.example"), CONTINENT, None),
    person("hannah", "Hannah Whitfield", ("hannah", "whitfield.example"), ISLANDS, APPLE),
    person("sam", "Sam Okafor", ("sam", "okafor.example"), ISLANDS, MUTT),
    person("oliver", "Oliver Penrose", ("oliver", "penrose-books.example"), ISLANDS, APPLE),
    person("marcel", "Marcel Vial", ("marcel.vial", "poste-lyon.example"), CONTINENT, THUNDERBIRD),
    person("odette", "Odette Charvet", ("odette.charvet", "poste-lyon.example"), CONTINENT, None),
    person("soline", "Soline Perrin", ("soline", "perrin-paysage.example"), CONTINENT, APPLE),
    person("yanis", "Yanis Haddad", ("yanis.haddad", "poste-lyon.example"), CONTINENT, None),
    person(
        "printer",
        "Imprimerie du Pont",
        ("atelier", "imprimerie-du-pont.example"),
        CONTINENT,
        THUNDERBIRD,
    ),
    person("library", "Bibliothèque municipale", ("avis", "bibliotheque-lyon.example"), CONTINENT, ROBOT),
    person("rail", "Lignes alpines", ("billets", "lignes-alpines.example"), CONTINENT, ROBOT),
    person("energy", "Énergie Claire", ("factures", "energie-claire.example"), CONTINENT, ROBOT),
    person("bank", "Banque du Confluent", ("releves", "banque-confluent.example"), CONTINENT, ROBOT),
    person("parcels", "Colis Express", ("suivi", "colis-express.example"), CONTINENT, ROBOT),
    person("slowpost", "The Slow Post", ("letters", "slowpost.example"), ISLANDS, ROBOT),
    person("marche", "Marché du Quai", ("panier", "marche-du-quai.example"), CONTINENT, ROBOT),
    person("aurora", "Libreria Aurora", ("novita", "libreria-aurora.example"), CONTINENT, ROBOT),
    person("megadeals", "MegaDeals 🎁", ("hello", "megadeals.example"), ISLANDS, ROBOT),
    person("forge", "Workbench", ("notices", "workbench.example"), ISLANDS, ROBOT),
    person("postmaster", "Mail Delivery System", ("MAILER-DAEMON", "poste-lyon.example"), CONTINENT, None),
];

/// The person that scripts call so.
pub fn find(key: &str) -> anyhow::Result<&'static Person> {
    PEOPLE
        .iter()
        .find(|person| person.key == key)
        .ok_or_else(|| anyhow::anyhow!("nobody in the sample is called {key:?}"))
}

/// A domain that sends, as the DNS of the sample knows it.
#[derive(Debug, Clone, Copy)]
pub struct SendingDomain {
    /// Its name; empty for the host's own.
    pub name: &'static str,
    /// Its DMARC policy, when it has one (RFC 9989).
    pub dmarc: Option<&'static str>,
    /// Who takes its mail: itself, or a large provider.
    pub exchanger: Option<&'static str>,
}

const fn domain(name: &'static str, dmarc: Option<&'static str>) -> SendingDomain {
    SendingDomain { name, dmarc, exchanger: None }
}

/// The list of the garden is sent from here.
pub const LIST_DOMAIN: &str = "listes.croixrousse.example";
/// Whoever imitates the bank writes from here; its own domain is in order, the bank's name is not its to use.
pub const PHISHING_DOMAIN: &str = "secure-acces.example";

/// Every domain that sends. People of the garden's list have no DMARC record: a list breaks SPF's alignment.
pub const SENDING_DOMAINS: [SendingDomain; 30] = [
    domain("", None),
    domain("lagoblu.example", Some("p=none")),
    domain("bottegalegno.example", Some("p=quarantine")),
    domain("sentieri.example", None),
    domain("lanterne.example", None),
    domain("cycles-garnier.example", Some("p=none")),
    SendingDomain {
        name: "ravel-belkacem.example",
        dmarc: Some("p=none"),
        exchanger: Some("aspmx.l.google.com"),
    },
    domain("choeur-traboules.example", Some("p=none")),
    SendingDomain {
        name: "editions-faune.example",
        dmarc: Some("p=quarantine"),
        exchanger: Some("editions-faune-example.mail.protection.outlook.com"),
    },
    domain("whitfield.example", Some("p=reject")),
    domain("okafor.example", Some("p=reject")),
    domain("penrose-books.example", Some("p=none")),
    domain("poste-lyon.example", None),
    domain("perrin-paysage.example", None),
    domain("imprimerie-du-pont.example", None),
    domain("bibliotheque-lyon.example", Some("p=quarantine")),
    domain("lignes-alpines.example", Some("p=reject")),
    domain("energie-claire.example", Some("p=reject")),
    domain("banque-confluent.example", Some("p=reject")),
    domain("colis-express.example", Some("p=quarantine")),
    domain("slowpost.example", Some("p=none")),
    domain("marche-du-quai.example", Some("p=none")),
    domain("libreria-aurora.example", Some("p=none")),
    domain("megadeals.example", Some("p=none")),
    domain("workbench.example", Some("p=reject")),
    domain(LIST_DOMAIN, Some("p=none")),
    domain(PHISHING_DOMAIN, Some("p=none")),
    domain("banque-conf1uent.example", None),
    domain("garnier-freres.example", None),
    domain("peintre-en-lettres.example", None),
];

/// The loopback address that a domain's mail server has in the sample's world. None for a domain that sends nothing.
pub fn source(name: &str, own: &str) -> Option<Ipv4Addr> {
    let name = if name == own { "" } else { name };
    let index = SENDING_DOMAINS.iter().position(|domain| domain.name == name)?;
    u8::try_from(index + 1).ok().map(|last| Ipv4Addr::new(127, 0, 1, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everybody_has_a_name_of_their_own_and_a_domain_that_sends() {
        let keys: BTreeSet<&str> = PEOPLE.iter().map(|person| person.key).collect();
        assert_eq!(keys.len(), PEOPLE.len());
        for person in &PEOPLE {
            assert!(source(person.domain("here.example"), "here.example").is_some(), "{person:?}");
        }
        assert!(source("elsewhere.example", "here.example").is_none());
    }
}
