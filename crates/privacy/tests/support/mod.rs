//! Evidence for the tests, in the words of the specification.

pub mod golden;

use caliopen_model::{
    ArcResult, AtRest, AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DkimVerdict,
    DmarcResult, Encryption, EncryptionScheme, Evidence, Handler, HandlerClass, HandlerSees, Hop,
    HopSecurity, KeyStanding, MetadataPath, PeerService, Side, SpfResult, TlsFacts,
};

pub fn hop(security: HopSecurity) -> Evidence {
    let encrypted = matches!(security, HopSecurity::Opportunistic | HopSecurity::Authenticated);
    let tls = encrypted.then(|| TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS_AES_256_GCM_SHA384".into(),
        group: Some("X25519MLKEM768".into()),
    });
    Evidence::Hop(Hop { peer: "mx.example.net".into(), security, tls })
}

fn checks(dmarc: DmarcResult, result: DkimResult, body_length_limited: bool) -> Evidence {
    let domain = "example.net".to_owned();
    Evidence::Authentication(Authentication {
        from_domain: Some(domain.clone()),
        spf: SpfResult::Neutral,
        spf_domain: Some(domain.clone()),
        dkim: vec![DkimVerdict { domain, selector: "s1".into(), result, body_length_limited }],
        dmarc,
        arc: ArcResult::None,
        dnssec: true,
    })
}

pub fn dmarc_pass() -> Evidence {
    checks(DmarcResult::Pass, DkimResult::Pass, false)
}

pub fn dmarc_partly_signed() -> Evidence {
    checks(DmarcResult::Pass, DkimResult::Pass, true)
}

pub fn dmarc_fail() -> Evidence {
    checks(DmarcResult::Fail, DkimResult::Fail, false)
}

pub fn dmarc_none() -> Evidence {
    checks(DmarcResult::None, DkimResult::None, false)
}

pub fn dmarc_temperror() -> Evidence {
    checks(DmarcResult::Temperror, DkimResult::Temperror, false)
}

pub fn handler(name: &str, class: HandlerClass, sees: HandlerSees) -> Evidence {
    Evidence::Handler(Handler { name: name.into(), class, sees, found_by: "mx".into() })
}

pub fn at_rest(side: Side, state: AtRestState) -> Evidence {
    Evidence::AtRest(AtRest { side, state })
}

/// `extras` are forward secrecy, everything covered, post-quantum.
pub fn encryption(scheme: EncryptionScheme, theirs: Custody, ours: Custody, extras: [bool; 3]) -> Evidence {
    let [forward_secrecy, covers_everything, post_quantum] = extras;
    Evidence::Encryption(Encryption {
        scheme,
        theirs,
        ours,
        forward_secrecy,
        covers_everything,
        post_quantum,
    })
}

pub fn openpgp(theirs: Custody) -> Evidence {
    encryption(EncryptionScheme::OpenPgp, theirs, Custody::Client, [false; 3])
}

/// Mail that nobody encrypted, from a domain that proves itself, kept here as well as can be.
pub fn clear_mail(security: HopSecurity, class: HandlerClass) -> Vec<Evidence> {
    vec![
        hop(security),
        dmarc_pass(),
        handler("host.example", class, HandlerSees::Content),
        at_rest(Side::Here, AtRestState::SealedToUser),
    ]
}

/// A sealed message between two Caliopens on a good device, with the keys at both clients.
pub fn caliopen(peer: PeerService, key: KeyStanding, post_quantum: bool) -> Vec<Evidence> {
    let extras = [true, true, post_quantum];
    let device = if post_quantum { 100 } else { 80 };
    vec![
        encryption(EncryptionScheme::Mls, Custody::Client, Custody::Client, extras),
        Evidence::Key(key),
        handler("caliopen.example", HandlerClass::A, HandlerSees::Metadata),
        Evidence::Metadata(MetadataPath::IntraCaliopenSealed),
        at_rest(Side::Here, AtRestState::SealedToUser),
        Evidence::Device(DeviceStanding::Index(device)),
        Evidence::Peer(peer),
    ]
}
