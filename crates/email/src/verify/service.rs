//! Which services carried the message, as facts: what the sender's domain says of itself, and the peer's name
//! once it is proven. Which class a service is of is said elsewhere.

use super::limits;
use crate::resolver::Resolver;
use caliopen_connect::ServiceFacts;
use caliopen_model::MetadataPath;
use futures_util::future::join;
use std::net::IpAddr;

/// The domain that somebody registered, for example `example.co.uk` for `mail.example.co.uk`, after the
/// Public Suffix List. The domain itself when the list knows no shorter one.
pub(crate) fn organisational_domain(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

/// Looks the facts up. What cannot be found out stays empty.
pub(super) async fn facts(resolver: &Resolver, domain: Option<&str>, peer: Option<IpAddr>) -> ServiceFacts {
    let (mx_hosts, peer_host) = join(mail_exchangers(resolver, domain), confirmed_name(resolver, peer)).await;
    ServiceFacts { domain: domain.unwrap_or_default().to_owned(), mx_hosts, peer_host }
}

async fn mail_exchangers(resolver: &Resolver, domain: Option<&str>) -> Vec<String> {
    let Some(domain) = domain else {
        return Vec::new();
    };
    let mut hosts = resolver.mail_exchangers(domain).await.map(|answer| answer.records).unwrap_or_default();
    hosts.truncate(limits::MX_HOSTS_MAX);
    hosts
}

/// A name that the address gives itself and that points back to the address. Whoever owns the network can
/// write the first half, and only the owner of the name the second.
async fn confirmed_name(resolver: &Resolver, peer: Option<IpAddr>) -> Option<String> {
    // Every machine is its own `localhost`.
    let peer = peer.map(|address| address.to_canonical()).filter(|address| !address.is_loopback())?;
    let names = resolver.reverse_names(peer).await.ok()?.records;
    for name in names.into_iter().take(limits::REVERSE_NAMES_MAX) {
        let addresses = resolver.addresses(&name, peer).await.map(|answer| answer.records);
        if addresses.is_ok_and(|addresses| addresses.contains(&peer)) {
            return Some(name);
        }
    }
    None
}

/// Straight from the sender's server when the peer's proven name is the sender's own or one of its mail
/// exchangers; through somebody else otherwise.
pub(super) fn metadata_path(facts: &ServiceFacts) -> MetadataPath {
    let direct = facts.peer_host.as_deref().is_some_and(|host| {
        let own = !facts.domain.is_empty()
            && organisational_domain(host) == organisational_domain(&facts.domain)
            && psl::domain_str(host).is_some();
        own || facts.mx_hosts.iter().any(|exchanger| exchanger == host)
    });
    if direct { MetadataPath::DirectServerToServer } else { MetadataPath::Bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(domain: &str, mx: &[&str], peer: Option<&str>, expected: MetadataPath) {
        let facts = ServiceFacts {
            domain: domain.to_owned(),
            mx_hosts: mx.iter().map(|host| (*host).to_owned()).collect(),
            peer_host: peer.map(str::to_owned),
        };
        assert_eq!(metadata_path(&facts), expected, "{facts:?}");
    }

    #[test]
    fn direct_means_the_senders_own_server() {
        use MetadataPath::{Bare, DirectServerToServer as Direct};
        check("example.org", &[], Some("mail.example.org"), Direct);
        check("news.example.co.uk", &[], Some("out.example.co.uk"), Direct);
        check("example.org", &["mx.host.net"], Some("mx.host.net"), Direct);
        check("example.org", &["mx.host.net"], Some("out.host.net"), Bare);
        check("example.org", &[], Some("notexample.org"), Bare);
        check("a.co.uk", &[], Some("b.co.uk"), Bare);
        check("co.uk", &[], Some("co.uk"), Bare);
        check("", &[], Some("mail.example.org"), Bare);
        check("example.org", &["mx.example.org"], None, Bare);
    }
}
