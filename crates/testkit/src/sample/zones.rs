//! The DNS of the sample's world: SPF (RFC 7208), DMARC (RFC 9989) and MX of each sending domain.

use super::people::{self, SENDING_DOMAINS, SendingDomain};
use crate::dns::{Signing, Zone};
use std::net::Ipv4Addr;

/// A zone for each domain that sends mail in the sample. `domain` is the host's own.
pub fn zones(domain: &str) -> Vec<Zone> {
    SENDING_DOMAINS
        .iter()
        .filter_map(|sending| {
            let name = if sending.name.is_empty() { domain } else { sending.name };
            Some(zone(name, sending, people::source(name, domain)?))
        })
        .collect()
}

fn zone(name: &str, sending: &SendingDomain, source: Ipv4Addr) -> Zone {
    let own = format!("mail.{name}");
    let exchanger = sending.exchanger.unwrap_or(&own);
    let spf = format!("v=spf1 ip4:{source} -all");
    let zone = Zone::new(name, Signing::Unsigned)
        .record("@", "MX", &format!("10 {exchanger}."))
        .text("@", &spf)
        .record("mail", "A", &source.to_string())
        .text("mail", &spf);
    match sending.dmarc {
        Some(policy) => zone.text("_dmarc", &format!("v=DMARC1; {policy}")),
        None => zone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The zone of a domain, as it would be written down.
    fn check(domain: &str, expected: &[&str]) {
        let zones: Vec<String> = zones("here.example").iter().map(|zone| format!("{zone:?}")).collect();
        let named = format!("{domain:?}");
        let zone = zones.iter().find(|zone| zone.contains(&named)).unwrap();
        for part in expected {
            assert!(zone.contains(part), "{part} in {zone}");
        }
    }

    #[test]
    fn each_domain_names_its_one_sender() {
        check("banque-confluent.example", &["v=DMARC1; p=reject", "v=spf1 ip4:127.0.1.19 -all"]);
        check("here.example", &["v=spf1 ip4:127.0.1.1 -all", "10 mail.here.example."]);
        check("ravel-belkacem.example", &["10 aspmx.l.google.com."]);
    }
}
