//! Which hosts take the mail of a domain, in which order (RFC 5321 §5.1), and at which addresses.

use super::limits::{ADDRESSES_MAX, HOSTS_MAX};
use super::{Chance, Policy};
use crate::resolver::{Resolver, Unavailable};
use caliopen_egress::{Places, is_public};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// Where Internet mail is taken.
pub(super) const SMTP_PORT: u16 = 25;

/// A host that the configuration names, instead of what the DNS says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its name or address. It is believed: it may be in a private network.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the channel to it is protected.
    pub policy: Policy,
}

/// Which ways the configuration names. Empty for the DNS alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routes {
    /// By domain, in lower case and A-labels.
    pub domains: BTreeMap<String, Route>,
    /// For every other domain: a smarthost.
    pub others: Option<Route>,
}

/// A host that is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) policy: Policy,
    pub(super) origin: Origin,
}

/// Who named a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The configuration: its addresses may be private.
    Route,
    /// An MX record.
    Exchanger {
        /// Validated with DNSSEC: what DANE begins with (RFC 7672 §2.1.1).
        is_secure: bool,
    },
    /// The recipient's address: it is the domain itself, or an address literal.
    Domain,
}

impl Target {
    /// Whether DNSSEC vouches for the host's name (RFC 7672 §2.1.1).
    pub(super) const fn is_vouched_for(&self) -> bool {
        matches!(self.origin, Origin::Exchanger { is_secure: true })
    }
}

/// Why there is no way to a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoWay {
    /// It says that it takes no mail (RFC 7505).
    NullMx,
    /// It has neither mail exchangers nor addresses.
    NoSuchDomain,
    /// A host has no address.
    NoAddress,
    /// A host has no address in the public Internet.
    NotPublic,
    /// The domain's best host is this one, which does not serve it (RFC 5321 §5.1).
    Loop,
    /// Nobody knows at the moment.
    LookupFailed,
}

/// The hosts of a domain, the best first. At most [`HOSTS_MAX`].
pub(super) async fn find(
    resolver: &Resolver,
    routes: &Routes,
    own_name: &str,
    domain: &str,
    chance: &Chance,
) -> Result<Vec<Target>, NoWay> {
    if let Some(route) = routes.domains.get(domain).or(routes.others.as_ref()) {
        return Ok(vec![Target {
            host: route.host.clone(),
            port: route.port,
            policy: route.policy,
            origin: Origin::Route,
        }]);
    }
    if let Some(address) = literal(domain) {
        return Ok(vec![public_target(address.to_string(), Origin::Domain)]);
    }
    let answer = resolver.mail_exchange_records(domain).await.map_err(|Unavailable| NoWay::LookupFailed)?;
    if answer.records.is_empty() {
        // RFC 5321 §5.1: the domain itself, as if it had preference 0.
        return Ok(vec![public_target(domain.to_owned(), Origin::Domain)]);
    }
    let hosts = in_order(answer.records, own_name, chance)?;
    let origin = Origin::Exchanger { is_secure: answer.secure };
    Ok(hosts.into_iter().take(HOSTS_MAX).map(|host| public_target(host, origin)).collect())
}

const fn public_target(host: String, origin: Origin) -> Target {
    Target { host, port: SMTP_PORT, policy: Policy::Opportunistic, origin }
}

/// `[192.0.2.1]` and `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3).
fn literal(domain: &str) -> Option<IpAddr> {
    let text = domain.strip_prefix('[')?.strip_suffix(']')?;
    match text.split_once(':') {
        Some((tag, address)) if tag.eq_ignore_ascii_case("ipv6") => address.parse().ok().map(IpAddr::V6),
        _ => text.parse().ok().map(IpAddr::V4),
    }
}

/// By preference, and by chance among equals. Hosts that are not better than this one are left out, so that
/// mail does not go round in a circle.
fn in_order(mut records: Vec<(u16, String)>, own_name: &str, chance: &Chance) -> Result<Vec<String>, NoWay> {
    if let [(_, only)] = records.as_slice()
        && only.is_empty()
    {
        return Err(NoWay::NullMx);
    }
    let own = records.iter().filter(|(_, host)| host.eq_ignore_ascii_case(own_name));
    if let Some(own_preference) = own.map(|(preference, _)| *preference).min() {
        records.retain(|(preference, _)| *preference < own_preference);
        if records.is_empty() {
            return Err(NoWay::Loop);
        }
    }
    // RFC 7505 §3: a null MX beside others is no host.
    records.retain(|(_, host)| !host.is_empty());
    let mut drawn: Vec<(u16, u64, String)> =
        records.into_iter().map(|(preference, host)| (preference, chance(), host)).collect();
    drawn.sort();
    Ok(drawn.into_iter().map(|(_, _, host)| host).collect())
}

/// The addresses of a host: as the configuration places it, else IPv6 first, at most [`ADDRESSES_MAX`], of each family
/// at most half when there are both.
pub(super) async fn addresses(
    resolver: &Resolver,
    places: &Places,
    target: &Target,
) -> Result<Vec<SocketAddr>, NoWay> {
    if let Some(place) = places.of(&target.host) {
        return Ok(vec![place]);
    }
    let found = match target.host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) => {
            let answer = resolver.all_addresses(&target.host).await;
            answer.map_err(|Unavailable| NoWay::LookupFailed)?.records
        }
    };
    if found.is_empty() {
        let is_domain = target.origin == Origin::Domain;
        return Err(if is_domain { NoWay::NoSuchDomain } else { NoWay::NoAddress });
    }
    let (six, four): (Vec<IpAddr>, Vec<IpAddr>) = found
        .into_iter()
        .filter(|address| target.origin == Origin::Route || is_public(*address))
        .partition(IpAddr::is_ipv6);
    let six_max = if four.is_empty() { ADDRESSES_MAX } else { ADDRESSES_MAX / 2 };
    let chosen: Vec<SocketAddr> = six
        .into_iter()
        .take(six_max)
        .chain(four)
        .take(ADDRESSES_MAX)
        .map(|address| SocketAddr::new(address, target.port))
        .collect();
    if chosen.is_empty() { Err(NoWay::NotPublic) } else { Ok(chosen) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolver::{NameServers, ResolverSettings, Validation};
    use caliopen_testkit::dns::{Knot, Signing, Zone};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    fn check(records: &[(u16, &str)], draws: &'static [u64], expected: Result<&[&str], NoWay>) {
        let next = AtomicU64::new(0);
        let chance: Chance = Arc::new(move || {
            let at = next.fetch_add(1, Ordering::Relaxed) as usize;
            draws.get(at).copied().unwrap_or(0)
        });
        let given = records.iter().map(|(preference, host)| (*preference, (*host).to_owned())).collect();
        let found = in_order(given, "mx.here.test", &chance);
        let expected = expected.map(|hosts| hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected, "{records:?}");
    }

    #[test]
    fn hosts_come_by_preference_and_equals_by_chance() {
        check(&[(20, "b"), (10, "a")], &[5, 1], Ok(&["a", "b"]));
        check(&[(10, "a"), (10, "b"), (10, "c")], &[3, 1, 2], Ok(&["b", "c", "a"]));
        check(&[(10, "a"), (10, "b"), (10, "c")], &[1, 2, 3], Ok(&["a", "b", "c"]));
    }

    #[test]
    fn a_domain_may_say_that_it_takes_no_mail() {
        check(&[(0, "")], &[], Err(NoWay::NullMx));
        check(&[(0, ""), (10, "a")], &[], Ok(&["a"]));
    }

    #[test]
    fn mail_does_not_go_round_in_a_circle() {
        check(&[(10, "a"), (20, "MX.here.test"), (20, "b"), (30, "c")], &[], Ok(&["a"]));
        check(&[(10, "mx.here.test"), (20, "b")], &[], Err(NoWay::Loop));
    }

    #[tokio::test]
    async fn the_dns_says_which_hosts_and_where() {
        let zone = Zone::new("there.test", Signing::Signed)
            .record("@", "MX", "20 backup.there.test.")
            .record("@", "MX", "10 mx.there.test.")
            .record("mx", "A", "1.1.1.1")
            .record("mx", "A", "10.0.0.1")
            .record("mx", "AAAA", "2606:4700::1")
            .record("mx", "AAAA", "2606:4700::2")
            .record("mx", "AAAA", "2606:4700::3")
            .record("backup", "A", "1.0.0.1");
        let plain = Zone::new("plain.test", Signing::Unsigned)
            .record("@", "MX", "10 mx.there.test.")
            .record("bare", "A", "1.1.1.2");
        let knot = Knot::start(&[zone, plain]).unwrap();
        let resolver = Resolver::new(&ResolverSettings {
            name_servers: NameServers::Given(vec![knot.address()]),
            validation: Validation::Dnssec { extra_anchors: knot.anchors().to_owned() },
            ..ResolverSettings::default()
        })
        .unwrap();
        let chance: Chance = Arc::new(|| 0);
        let routes = Routes::default();
        let hosts = async |domain: &str| {
            let found = find(&resolver, &routes, "mx.here.test", domain, &chance).await.unwrap();
            found.into_iter().map(|target| (target.host.clone(), target.is_vouched_for())).collect::<Vec<_>>()
        };
        let (mx, backup) = ("mx.there.test".to_owned(), "backup.there.test".to_owned());
        assert_eq!(hosts("there.test").await, [(mx.clone(), true), (backup, true)]);
        assert_eq!(hosts("plain.test").await, [(mx.clone(), false)]);
        assert_eq!(hosts("bare.plain.test").await, [("bare.plain.test".to_owned(), false)]);

        let at = async |host: &str| {
            let target = public_target(host.to_owned(), Origin::Domain);
            let found = addresses(&resolver, &Places::default(), &target).await.unwrap();
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let both = at(&mx).await;
        assert_eq!(both.len(), 3, "two of IPv6, and the public one of IPv4: {both:?}");
        assert!(both[0].starts_with("[2606:4700::") && both[1].starts_with("[2606:4700::"), "{both:?}");
        assert_eq!(both[2], "1.1.1.1:25");
        assert_eq!(at("bare.plain.test").await, ["1.1.1.2:25"]);
    }

    #[test]
    fn address_literals_are_addresses() {
        assert_eq!(literal("[192.0.2.1]"), Some("192.0.2.1".parse().unwrap()));
        assert_eq!(literal("[ipv6:2001:db8::1]"), Some("2001:db8::1".parse().unwrap()));
        for no in ["192.0.2.1", "[192.0.2]", "[2001:db8::1]", "[x:1]", "[]"] {
            assert_eq!(literal(no), None, "{no}");
        }
    }
}
