//! Which addresses may be reached. Whoever is written to, and whoever writes, decides what names resolve to:
//! without this, a message could be made to knock at any door inside the host's own network.
//!
//! This is the one place that decides it, on the address that is connected to. Where the configuration names a place,
//! the administrator has decided instead.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public Internet (IANA's special-purpose registries, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        [0 | 10 | 127, ..] => true,
        // Shared by carriers (RFC 6598); link-local, where clouds keep their metadata (RFC 3927).
        [100, 64..=127, ..] | [169, 254, ..] => true,
        [172, 16..=31, ..] | [192, 168, ..] => true,
        // Protocol assignments, documentation, 6to4 relays, benchmarks.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded_v4(address) {
        return is_public_v4(inner);
    }
    match address.segments() {
        // Protocol assignments (Teredo, ORCHID, benchmarks) and documentation.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // Global unicast is 2000::/3; everything else is something else.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The IPv4 address that packets go to in the end: mapped, NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let joined = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(joined(high, low)),
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => Some(joined(high, low)),
        [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], expected: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn only_the_public_internet_is_reached() {
        check(&["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1"], true);
        check(&["198.17.0.1", "198.20.0.1", "223.255.255.255"], true);
        check(&["0.0.0.0", "10.1.2.3", "127.0.0.1", "127.255.0.1", "100.64.0.1", "169.254.169.254"], false);
        check(&["172.16.0.1", "172.31.0.1", "192.168.1.1", "192.0.0.8", "192.0.2.1", "192.88.99.1"], false);
        check(&["198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"], false);
        check(&["255.255.255.255"], false);
    }

    #[test]
    fn every_spelling_of_a_private_address_is_seen() {
        check(&["2606:4700::1111", "2a00:1450:4009::1", "2001:4860::1", "3000::1"], true);
        check(&["::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "3fff::1"], false);
        check(&["2001::1", "2001:10::1", "2001:20::1", "100::1", "4000::1", "5f00::1"], false);
        check(&["::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1"], false);
        check(&["2002:7f00:1::", "2002:a00:1::1", "64:ff9b:1::1.1.1.1", "::127.0.0.1"], false);
        check(&["::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"], true);
    }
}
