//! Which services are known, and how they live: the class of a handler from its domain, its MX and its host.
//!
//! The table is data of this release: dated, versioned and shipped with it. It says how a service earns its
//! living and under which law of secrecy, not how well it is run. What is not in it is class C: unknown.
//! Class A is never in it, since no table can know that a person runs their own server: that is found by a
//! label or by the user.

mod table;

use crate::phrase::phrases;
use caliopen_model::{Handler, HandlerClass, HandlerSees, Language};
use std::collections::BTreeMap;
use table::SUFFIXES;
pub use table::{TABLE_DATE, TABLE_VERSION};

phrases! {
    /// What puts a service into its class.
    pub enum Why {
    Advertising "advertising"
        "It lives on advertising."
        "Ce service vit de la publicité."
        "Questo servizio vive di pubblicità."
    Surveillance "surveillance"
        "Its company is named in a published mass-surveillance programme."
        "Son entreprise figure dans un programme de surveillance de masse rendu public."
        "La sua azienda è citata in un programma di sorveglianza di massa reso pubblico."
    AdvertisingAndSurveillance "advertising-and-surveillance"
        "Its company lives on advertising and is named in a published mass-surveillance programme."
        "Son entreprise vit de la publicité et figure dans un programme de surveillance de masse rendu public."
        "La sua azienda vive di pubblicità ed è citata in un programma di sorveglianza di massa reso pubblico."
    Commercial "commercial"
        "Large and commercial; it lives on subscriptions or hosting."
        "Grande entreprise commerciale\u{202f}; elle vit d’abonnements ou d’hébergement."
        "Grande azienda commerciale; vive di abbonamenti o di hosting."
    SendsForOthers "sends-for-others"
        "Large and commercial; it sends for others, and often counts what is opened."
        "Grande entreprise commerciale\u{202f}; elle envoie pour d’autres, et compte souvent les ouvertures."
        "Grande azienda commerciale; invia per conto di altri e spesso conta le aperture."
    Filters "filters"
        "Large and commercial; it reads mail to filter it for others."
        "Grande entreprise commerciale\u{202f}; elle lit le courrier pour le filtrer."
        "Grande azienda commerciale; legge la posta per filtrarla."
    PaidCharter "paid-charter"
        "It lives on what its customers pay, under a privacy charter."
        "Ce service vit de ce que paient ses clients, selon une charte de confidentialité."
        "Questo servizio vive di ciò che pagano i clienti, secondo una carta della riservatezza."
    NonProfit "non-profit"
        "Non-profit: it lives on its members and on gifts."
        "Sans but lucratif\u{a0}: ce service vit de ses membres et de dons."
        "Senza scopo di lucro: questo servizio vive di soci e donazioni."
    Unknown "unknown"
        "Nothing is known of how it lives."
        "On ne sait pas de quoi vit ce service."
        "Non si sa di che cosa viva questo servizio."
    }
}

impl Why {
    /// One sentence for a person.
    pub const fn text(self, language: Language) -> &'static str {
        self.template(language)
    }

    /// The class that it puts a service into.
    pub const fn class(self) -> HandlerClass {
        match self {
            Self::Advertising | Self::Surveillance | Self::AdvertisingAndSurveillance => HandlerClass::E,
            Self::Commercial | Self::SendsForOthers | Self::Filters => HandlerClass::D,
            Self::PaidCharter | Self::NonProfit => HandlerClass::B,
            Self::Unknown => HandlerClass::C,
        }
    }
}

/// A service of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Provider {
    name: &'static str,
    why: Why,
}

/// A service of the table, as people review it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The name that people know.
    pub name: &'static str,
    /// What puts it into its class.
    pub why: Why,
    /// The names that it is found by, each with every name under it.
    pub suffixes: Vec<&'static str>,
}

/// Every service of the table: the worst class first, then by name.
pub fn services() -> Vec<Service> {
    let mut services: BTreeMap<(HandlerClass, &str), Service> = BTreeMap::new();
    for (suffix, provider) in SUFFIXES {
        let Provider { name, why } = **provider;
        let service = services.entry((why.class(), name));
        service.or_insert_with(|| Service { name, why, suffixes: Vec::new() }).suffixes.push(suffix);
    }
    services.into_values().collect()
}

/// What showed which service it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoundBy {
    /// The domain of the address.
    Domain,
    /// A host that takes the domain's mail (RFC 5321 §5).
    Mx,
    /// The host that we spoke with.
    PeerHost,
}

impl FoundBy {
    /// The stable name, for [`Handler::found_by`] and interfaces.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Mx => "mx",
            Self::PeerHost => "network",
        }
    }
}

/// A service on the way, as far as the table knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// The name that people know; else the domain or host.
    pub name: String,
    /// How it lives.
    pub class: HandlerClass,
    /// What puts it there.
    pub why: Why,
    /// What showed it.
    pub found_by: FoundBy,
}

impl Classified {
    /// The evidence that it is, once it is known what it could see.
    pub fn handler(self, sees: HandlerSees) -> Handler {
        Handler { name: self.name, class: self.class, sees, found_by: self.found_by.key().to_owned() }
    }
}

/// The service behind an address: the worst of what its domain, the hosts that take its mail, and the host
/// that we spoke with show. `peer_host` is a name that reverse and forward look-up agreed on, never a
/// greeting.
///
/// A domain that is in no table says nothing by itself: a company's own domain is found by its MX. A host
/// that is in none is a stranger who carried the message, so that a known good domain with an unknown host
/// is class C.
pub fn classify(domain: &str, mx: &[String], peer_host: Option<&str>) -> Classified {
    let own = lookup(domain).map(|provider| named(provider, FoundBy::Domain));
    let hosts = mx.iter().map(|host| (host.as_str(), FoundBy::Mx));
    let hosts = hosts.chain(peer_host.map(|host| (host, FoundBy::PeerHost)));
    let hosts = hosts.filter(|(host, _)| !host.is_empty()).map(|(host, found_by)| match lookup(host) {
        Some(provider) => named(provider, found_by),
        None => stranger(if domain.is_empty() { host } else { domain }, found_by),
    });
    own.into_iter()
        .chain(hosts)
        .min_by_key(|found| found.class)
        .unwrap_or_else(|| stranger(domain, FoundBy::Domain))
}

/// A service that an administrator says lives worse than the table knows, and how it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowered {
    name: String,
    class: HandlerClass,
}

impl Lowered {
    /// The service of this name, domain or host.
    pub fn new(service: &str, class: HandlerClass) -> Self {
        let known = lookup(service).map(|provider| provider.name.to_owned());
        Self { name: known.unwrap_or_else(|| canonical(service)), class }
    }

    /// The name that the service has as a handler.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it lives.
    pub const fn class(&self) -> HandlerClass {
        self.class
    }
}

/// The handler as the administrator knows it: of a worse class, or as it was. Nothing is ever raised.
#[must_use]
pub fn lower(handler: Handler, lowered: &[Lowered]) -> Handler {
    let is_it = |known: &&Lowered| known.name.eq_ignore_ascii_case(&handler.name);
    match lowered.iter().filter(is_it).map(Lowered::class).min() {
        Some(class) if class < handler.class => {
            Handler { class, found_by: "administrator".to_owned(), ..handler }
        }
        _ => handler,
    }
}

fn named(provider: &Provider, found_by: FoundBy) -> Classified {
    Classified { name: provider.name.to_owned(), class: provider.why.class(), why: provider.why, found_by }
}

fn stranger(name: &str, found_by: FoundBy) -> Classified {
    Classified { name: canonical(name), class: HandlerClass::C, why: Why::Unknown, found_by }
}

fn canonical(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// The provider of the longest suffix, at a label boundary, that the table knows.
fn lookup(name: &str) -> Option<&'static Provider> {
    let name = canonical(name);
    let mut rest = name.as_str();
    loop {
        if let Ok(place) = SUFFIXES.binary_search_by_key(&rest, |(suffix, _)| *suffix) {
            return SUFFIXES.get(place).map(|(_, provider)| *provider);
        }
        rest = rest.split_once('.')?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(domain: &str, mx: &[&str], peer_host: Option<&str>, expected: (&str, HandlerClass, FoundBy)) {
        let mx: Vec<String> = mx.iter().map(|host| (*host).to_owned()).collect();
        let found = classify(domain, &mx, peer_host);
        let summary = (found.name.as_str(), found.class, found.found_by);
        assert_eq!(summary, expected, "{domain} {mx:?} {peer_host:?}");
        assert_eq!(found.why.class(), found.class);
    }

    #[test]
    fn a_service_is_found_by_its_domain_whatever_its_case() {
        check("gmail.com", &[], None, ("Gmail", HandlerClass::E, FoundBy::Domain));
        check("Gmail.COM.", &[], None, ("Gmail", HandlerClass::E, FoundBy::Domain));
        check(
            "posteo.de",
            &["mx04.posteo.de"],
            Some("mout01.posteo.de"),
            ("Posteo", HandlerClass::B, FoundBy::Domain),
        );
    }

    #[test]
    fn a_company_on_a_large_service_is_found_by_its_mx() {
        let google = ("Google Workspace", HandlerClass::E, FoundBy::Mx);
        check("company.example", &["aspmx.l.google.com"], None, google);
        let microsoft = ("Microsoft 365", HandlerClass::E, FoundBy::Mx);
        check("company.example", &["company-example.mail.protection.outlook.com"], None, microsoft);
        check("company.example", &["mx1.mail.ovh.net"], None, ("OVHcloud", HandlerClass::D, FoundBy::Mx));
        check("company.example", &["mail.protonmail.ch"], None, ("Proton", HandlerClass::B, FoundBy::Mx));
    }

    #[test]
    fn the_worst_of_what_matches_counts() {
        let sent_by_amazon = Some("a1-2.smtp-out.eu-west-1.amazonses.com");
        check(
            "posteo.de",
            &["mx04.posteo.de"],
            sent_by_amazon,
            ("Amazon SES", HandlerClass::D, FoundBy::PeerHost),
        );
        check(
            "company.example",
            &["mail.protonmail.ch", "aspmx.l.google.com"],
            None,
            ("Google Workspace", HandlerClass::E, FoundBy::Mx),
        );
    }

    #[test]
    fn a_stranger_is_unknown_and_makes_a_good_name_unknown_too() {
        check("example.org", &[], None, ("example.org", HandlerClass::C, FoundBy::Domain));
        check("example.org", &["mail.example.org"], None, ("example.org", HandlerClass::C, FoundBy::Mx));
        check(
            "posteo.de",
            &[],
            Some("mail.stranger.example"),
            ("posteo.de", HandlerClass::C, FoundBy::PeerHost),
        );
        check(
            "",
            &[],
            Some("mail.stranger.example"),
            ("mail.stranger.example", HandlerClass::C, FoundBy::PeerHost),
        );
        check("", &[], None, ("", HandlerClass::C, FoundBy::Domain));
    }

    #[test]
    fn the_table_is_shown_whole_the_worst_first() {
        let services = services();
        let suffixes: usize = services.iter().map(|service| service.suffixes.len()).sum();
        assert_eq!(suffixes, SUFFIXES.len());
        assert!(services.is_sorted_by_key(|service| (service.why.class(), service.name)));
        let gmail = services.iter().find(|service| service.name == "Gmail").unwrap();
        assert!(gmail.suffixes.contains(&"gmail.com"));
        assert_eq!(services.iter().filter(|service| service.name == "Gmail").count(), 1);
    }

    #[test]
    fn an_administrator_lowers_a_class_and_never_raises_one() {
        let lowered = [
            Lowered::new("posteo.de", HandlerClass::D),
            Lowered::new("Gmail.com", HandlerClass::A),
            Lowered::new("Example.ORG.", HandlerClass::E),
        ];
        let class = |domain: &str| {
            let found = classify(domain, &[], None).handler(HandlerSees::Content);
            let handler = lower(found.clone(), &lowered);
            assert_eq!(handler.found_by == "administrator", handler.class != found.class);
            handler.class
        };
        assert_eq!(class("posteo.de"), HandlerClass::D);
        assert_eq!(class("gmail.com"), HandlerClass::E, "not raised");
        assert_eq!(class("example.org"), HandlerClass::E);
        assert_eq!(class("example.net"), HandlerClass::C);
    }

    #[test]
    fn a_look_alike_is_not_the_service() {
        check("notgmail.com", &[], None, ("notgmail.com", HandlerClass::C, FoundBy::Domain));
        check("gmail.com.example", &[], None, ("gmail.com.example", HandlerClass::C, FoundBy::Domain));
        check("com", &[], None, ("com", HandlerClass::C, FoundBy::Domain));
    }
}
