//! The DNS of the sample's world, as zone files: SPF (RFC 7208), DMARC (RFC 9989) and MX of each sending domain.

use super::people::{self, SENDING_DOMAINS, SendingDomain};
use std::net::Ipv4Addr;

/// Name of a zone, and its text in the master format of RFC 1035 §5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Without the last dot.
    pub name: String,
    /// The zone file.
    pub text: String,
}

/// A zone for each domain that sends mail in the sample. `domain` is the host's own.
pub fn zones(domain: &str) -> Vec<Zone> {
    SENDING_DOMAINS
        .iter()
        .filter_map(|sending| {
            let name = if sending.name.is_empty() { domain } else { sending.name };
            Some(Zone { name: name.to_owned(), text: text(name, sending, people::source(name, domain)?) })
        })
        .collect()
}

fn text(name: &str, sending: &SendingDomain, source: Ipv4Addr) -> String {
    let own = format!("mail.{name}");
    let exchanger = sending.exchanger.unwrap_or(&own);
    let mut lines = vec![
        format!("$ORIGIN {name}."),
        "$TTL 300".to_owned(),
        format!("@ SOA ns.{name}. hostmaster.{name}. 1 3600 600 86400 300"),
        format!("@ NS ns.{name}."),
        format!("@ MX 10 {exchanger}."),
        format!("@ TXT \"v=spf1 ip4:{source} -all\""),
        format!("ns A {source}"),
        format!("mail A {source}"),
        format!("mail TXT \"v=spf1 ip4:{source} -all\""),
    ];
    lines.extend(sending.dmarc.map(|policy| format!("_dmarc TXT \"v=DMARC1; {policy}\"")));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_domain_names_its_one_sender() {
        let zones = zones("here.example");
        assert_eq!(zones.len(), SENDING_DOMAINS.len());
        let bank = zones.iter().find(|zone| zone.name == "banque-confluent.example").unwrap();
        assert!(bank.text.contains("_dmarc TXT \"v=DMARC1; p=reject\""), "{}", bank.text);
        let own = zones.iter().find(|zone| zone.name == "here.example").unwrap();
        assert!(own.text.contains("v=spf1 ip4:127.0.1.1 -all"), "{}", own.text);
        let hosted = zones.iter().find(|zone| zone.name == "ravel-belkacem.example").unwrap();
        assert!(hosted.text.contains("MX 10 aspmx.l.google.com."), "{}", hosted.text);
    }
}
