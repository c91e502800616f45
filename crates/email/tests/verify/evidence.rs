//! The rest of what an arrival tells: the hop, the peer's name, the services, the way of the metadata.

use crate::world::{OWN_SERVER, STRANGER, World, arrival, message, relayed};
use caliopen_connect::{ServiceFacts, Verified};
use caliopen_model::{
    AtRest, AtRestState, Evidence, Hop, HopSecurity, MetadataPath, PeerService, Side, TlsFacts,
};

fn hop(verified: &Verified) -> &Hop {
    let mut hops = verified.evidence.iter().filter_map(|fact| match fact {
        Evidence::Hop(hop) => Some(hop),
        _ => None,
    });
    let first = hops.next().unwrap();
    assert_eq!(hops.next(), None);
    first
}

#[tokio::test]
async fn the_hop_is_what_our_end_saw() {
    let world = World::start();
    let raw = message("ana@signed.test");
    let mut arrival = arrival(OWN_SERVER, "ana@signed.test", raw.as_bytes());
    let tls = TlsFacts {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS_AES_128_GCM_SHA256".to_owned(),
        group: Some("X25519MLKEM768".to_owned()),
    };
    arrival.channel.tls = Some(tls.clone());
    let verified = world.verify(&arrival).await;
    let expected =
        Hop { peer: "mail.signed.test".to_owned(), security: HopSecurity::Opportunistic, tls: Some(tls) };
    assert_eq!(hop(&verified), &expected);

    // However well the last metre is protected, the hop before it was not ours to see.
    let verified = world.verify(&relayed(arrival)).await;
    assert_eq!((hop(&verified).security, &hop(&verified).tls), (HopSecurity::Unknown, &None));
}

#[tokio::test]
async fn the_services_are_named_by_facts() {
    let world = World::start();
    let raw = message("ana@Signed.test");
    let verified = world.verify(&arrival(OWN_SERVER, "ana@signed.test", raw.as_bytes())).await;
    let facts = ServiceFacts {
        domain: "signed.test".to_owned(),
        mx_hosts: vec!["mail.signed.test".to_owned(), "backup.provider.test".to_owned()],
        peer_host: Some("mail.signed.test".to_owned()),
    };
    assert_eq!(verified.services, [facts]);
    assert!(verified.evidence.contains(&Evidence::Metadata(MetadataPath::DirectServerToServer)));
    assert!(verified.evidence.contains(&Evidence::Peer(PeerService::Other)));
    let there = AtRest { side: Side::There, state: AtRestState::Unknown };
    assert!(verified.evidence.contains(&Evidence::AtRest(there)));
}

#[tokio::test]
async fn a_name_that_does_not_point_back_is_no_name() {
    let world = World::start();
    let raw = message("ana@signed.test");
    // 192.0.2.20 calls itself mail.signed.test, which is another address.
    for peer in ["192.0.2.20", STRANGER] {
        let verified = world.verify(&arrival(peer, "ana@signed.test", raw.as_bytes())).await;
        assert_eq!(verified.services.first().and_then(|facts| facts.peer_host.clone()), None);
        assert_eq!(hop(&verified).peer, peer);
        assert!(verified.evidence.contains(&Evidence::Metadata(MetadataPath::Bare)));
    }
}

#[tokio::test]
async fn behind_a_relay_of_ours_the_way_is_not_known() {
    let world = World::start();
    let raw = message("ana@signed.test");
    let verified = world.verify(&relayed(arrival(OWN_SERVER, "ana@signed.test", raw.as_bytes()))).await;
    assert!(!verified.evidence.iter().any(|fact| matches!(fact, Evidence::Metadata(_))));
    assert_eq!(verified.services.first().and_then(|facts| facts.peer_host.clone()), None);
    assert_eq!(verified.services.first().map(|facts| facts.mx_hosts.len()), Some(2));
}

#[tokio::test]
async fn any_bytes_are_verified_without_a_panic() {
    let world = World::start();
    let header =
        "DKIM-Signature: v=1; a=rsa-sha256; d=\u{fffd}; s=..; h=:::; bh=====; b=!\r\nARC-Seal: i=0\r\n";
    for raw in [&b""[..], b"\0", b"\r\n", b"\n\n\n", b": :\r\n\r\n", &[0xff; 300], header.as_bytes()] {
        let verified = world.verify(&arrival(STRANGER, "x@[192.0.2.1]", raw)).await;
        assert!(verified.evidence.len() >= 4, "{raw:?}");
    }
}
