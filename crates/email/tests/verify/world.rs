//! The world that the tests share: the zones, the sender's key, and messages at the door.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use caliopen_connect::{Arrival, Channel, Envelope, Format, Origin, Verified};
use caliopen_email::EmailFormat;
use caliopen_email::verify::{NameServers, Resolver, ResolverSettings, Validation};
use caliopen_model::{
    Authentication, EmailAddress, Evidence, Handle, HopSecurity, Message, Protocol, Timestamp,
};
use caliopen_testkit::dns::{Knot, Signing, Zone};
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The address of the server that the zones name as the sender's own.
pub(crate) const OWN_SERVER: &str = "192.0.2.10";
/// An address that no zone allows to send.
pub(crate) const STRANGER: &str = "203.0.113.66";

/// Everything that a test needs to receive mail.
pub(crate) struct World {
    pub(crate) knot: Knot,
    pub(crate) format: EmailFormat,
    key: Vec<u8>,
}

impl World {
    /// Starts the DNS; trusts its root.
    pub(crate) fn start() -> Self {
        Self::start_with(Vec::new())
    }

    /// With further zones.
    pub(crate) fn start_with(more: Vec<Zone>) -> Self {
        let key = Ed25519Key::generate_pkcs8().unwrap();
        let mut zones = zones(&Ed25519Key::from_pkcs8_der(&key).unwrap());
        zones.extend(more);
        let knot = Knot::start(&zones).unwrap();
        let validation = Validation::Dnssec { extra_anchors: knot.anchors().to_owned() };
        let format = format(knot.address(), validation);
        Self { knot, format, key }
    }

    /// A message of this domain, signed with its key.
    pub(crate) fn signed(&self, domain: &str, message: &str) -> Vec<u8> {
        self.signed_over(domain, &["From", "To", "Subject", "From", "Subject"], message)
    }

    /// The same, with a signature that covers these fields.
    pub(crate) fn signed_over(&self, domain: &str, fields: &[&'static str], message: &str) -> Vec<u8> {
        let key = Ed25519Key::from_pkcs8_der(&self.key).unwrap();
        let signer = DkimSigner::from_key(key).domain(domain).selector("ed").headers(fields.iter().copied());
        let header = signer.sign(message.as_bytes()).unwrap().to_header();
        [header.as_bytes(), message.as_bytes()].concat()
    }

    /// What our checks say of a message that comes straight from the network.
    pub(crate) async fn authenticate(&self, peer: &str, reverse_path: &str, raw: &[u8]) -> Authentication {
        authentication(&self.verify(&arrival(peer, reverse_path, raw)).await)
    }

    /// Everything that is found out about an arrival.
    pub(crate) async fn verify(&self, arrival: &Arrival) -> Verified {
        verify(&self.format, arrival).await
    }
}

/// A format that asks this name server and nobody else.
pub(crate) fn format(name_server: SocketAddr, validation: Validation) -> EmailFormat {
    let settings = ResolverSettings {
        name_servers: NameServers::Given(vec![name_server]),
        validation,
        query_timeout: Duration::from_millis(500),
    };
    EmailFormat::new(Resolver::new(&settings).unwrap())
}

pub(crate) async fn verify(format: &EmailFormat, arrival: &Arrival) -> Verified {
    let (message, _): (Message, _) = format.parse(&arrival.raw);
    format.verify(arrival, &message).await
}

pub(crate) fn authentication(verified: &Verified) -> Authentication {
    let found: Vec<&Authentication> = verified
        .evidence
        .iter()
        .filter_map(|fact| match fact {
            Evidence::Authentication(authentication) => Some(authentication),
            _ => None,
        })
        .collect();
    assert_eq!(found.len(), 1, "{verified:?}");
    found[0].clone()
}

/// A message of Ana's, from this address.
pub(crate) fn message(from: &str) -> String {
    format!(
        "From: {from}\r\nTo: bob@here.test\r\nSubject: Ciao\r\n\
         Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@example.test>\r\n\r\nCiao Bob!\r\n"
    )
}

/// A message at the door of the network. An empty reverse path is that of a report.
pub(crate) fn arrival(peer: &str, reverse_path: &str, raw: &[u8]) -> Arrival {
    let handle = |address: &str| EmailAddress::parse(address).ok().map(|address| Handle::email(&address));
    Arrival {
        protocol: Protocol::Email,
        envelope: Envelope {
            reverse_path: handle(reverse_path),
            recipients: handle("bob@here.test").into_iter().collect(),
        },
        channel: Channel {
            origin: Origin::Network,
            peer: Some(peer.parse::<IpAddr>().unwrap()),
            greeting: Some("mail.signed.test".to_owned()),
            security: HopSecurity::Opportunistic,
            tls: None,
        },
        raw: raw.to_vec().into(),
        received_at: Timestamp::from_unix_ms(1_795_348_800_000),
    }
}

/// The same, through a relay of our own.
pub(crate) fn relayed(mut arrival: Arrival) -> Arrival {
    arrival.channel.origin = Origin::LocalRelay;
    arrival.channel.peer = Some([127, 0, 0, 1].into());
    arrival
}

/// A message that somebody else signed, for `fixture.test`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/verify/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn zones(key: &Ed25519Key) -> Vec<Zone> {
    let key = format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key()));
    let sender = |name: &str, signing: Signing, spf: &str| {
        Zone::new(name, signing).text("@", spf).text("ed._domainkey", &key).text("ed._domainkey.news", &key)
    };
    let policy = "v=DMARC1; p=reject";
    vec![
        sender("signed.test", Signing::Signed, "v=spf1 ip4:192.0.2.10 -all")
            .text("_dmarc", policy)
            .record("@", "MX", "20 backup.provider.test.")
            .record("@", "MX", "10 mail.signed.test.")
            .record("mail", "A", OWN_SERVER),
        sender("plain.test", Signing::Unsigned, "v=spf1 ip4:192.0.2.10 ~all").text("_dmarc", policy),
        sender("nopolicy.test", Signing::Unsigned, "v=spf1 a:mail.signed.test ?all"),
        sender("bogus.test", Signing::Bogus, "v=spf1 ip4:192.0.2.10 -all").text("_dmarc", policy),
        Zone::new("down.test", Signing::Unavailable),
        sender("twice.test", Signing::Unsigned, "v=spf1 ip4:192.0.2.10 -all")
            .text("@", "v=spf1 +all")
            .text("_dmarc", policy)
            .text("_dmarc", "v=DMARC1; p=none"),
        fixture_zone(),
        Zone::new("2.0.192.in-addr.arpa", Signing::Unsigned).record("10", "PTR", "mail.signed.test.").record(
            "20",
            "PTR",
            "mail.signed.test.",
        ),
    ]
}

fn fixture_zone() -> Zone {
    let records = include_str!("../fixtures/verify/records.txt");
    let zone = Zone::new("fixture.test", Signing::Unsigned).text("_dmarc", "v=DMARC1; p=reject");
    records.lines().fold(zone, |zone, line| {
        let (owner, text) = line.split_once(' ').unwrap();
        zone.text(owner, text)
    })
}
