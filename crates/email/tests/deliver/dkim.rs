//! Our signatures, as others see them: dkimpy, and the verifier that arriving mail meets.

use crate::world::{NOW, deliverer_to, handle};
use caliopen_connect::{Arrival, Carrier, Channel, Envelope, Format, Origin};
use caliopen_email::EmailFormat;
use caliopen_email::deliver::dkim::{KeyKind, Keys, NewKey, generate, sign};
use caliopen_email::deliver::{Deliverer, Policy};
use caliopen_email::verify::{NameServers, Resolver, ResolverSettings, Validation};
use caliopen_model::{DkimResult, Evidence, HopSecurity, Letter, Participant, Protocol, Rfc5322MessageId};
use caliopen_testkit::dns::{Knot, Signing, Zone};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Says how many signatures of the message on standard input are good, by the keys of its arguments.
const VERIFY: &str = "\
import dkim, sys
keys = dict(pair.split('=', 1) for pair in sys.argv[1:])
look = lambda name, timeout=5: keys[name.decode().rstrip('.')].encode()
message = dkim.DKIM(sys.stdin.buffer.read())
count = sum(1 for name, _ in message.headers if name.lower() == b'dkim-signature')
def good(at):
    try:
        return message.verify(idx=at, dnsfunc=look)
    except dkim.DKIMException:
        return False
print(sum(1 for at in range(count) if good(at)))
";

pub struct Signer {
    made: Vec<NewKey>,
    keys: Keys,
}

pub fn signer() -> Signer {
    let made = vec![generate(KeyKind::Rsa2048).unwrap(), generate(KeyKind::Ed25519).unwrap()];
    let keys = keys_of(&made);
    Signer { made, keys }
}

fn keys_of(made: &[NewKey]) -> Keys {
    made.iter().fold(Keys::new("ana.test"), |keys, key| keys.with(&key.selector, &key.private_key).unwrap())
}

impl Signer {
    /// Its keys once more, for whoever takes them.
    pub fn keys(&self) -> Keys {
        keys_of(&self.made)
    }

    fn signed(&self, message: &str) -> Vec<u8> {
        [&sign(message.as_bytes(), &self.keys, NOW)[..], message.as_bytes()].concat()
    }

    /// How many signatures dkimpy accepts.
    pub fn good(&self, raw: &[u8]) -> usize {
        let keys = self.made.iter();
        let keys = keys.map(|key| format!("{}._domainkey.ana.test={}", key.selector, key.record));
        // Debian's own Python has Debian's modules.
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-c", VERIFY]).args(keys).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        process.stdin.take().unwrap().write_all(raw).unwrap();
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        said.trim().parse().unwrap_or_else(|_| panic!("dkimpy is not installed or failed: {said}"))
    }
}

/// Messages in the shapes that canonicalization gets wrong.
fn messages() -> Vec<String> {
    let head =
        "From: Ana <ana@ana.test>\r\nTo: bob@here.test,\r\n\teve@here.test\r\nSubject:  Ciao \t bella\r\n";
    let head = format!("{head}Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@ana.test>\r\n");
    let bodies = [
        "",
        "\r\n",
        "Ciao\r\n",
        "Ciao",
        " Ciao \t bella \r\n\r\n\r\n",
        "Ciao\r\n \r\n\t \r\n",
        ".\r\n..\r\n",
    ];
    bodies.iter().map(|body| format!("{head}MIME-Version: 1.0\r\n\r\n{body}")).collect()
}

#[test]
fn dkimpy_accepts_both_signatures() {
    let signer = signer();
    for message in messages() {
        let signed = signer.signed(&message);
        assert_eq!(signer.good(&signed), 2, "{}", signed.escape_ascii());
        let longest = signed.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        assert!(longest <= Some(79), "{}", signed.escape_ascii());
    }
}

#[test]
fn nothing_that_is_shown_can_be_changed_or_added() {
    let signer = signer();
    let signed = String::from_utf8(signer.signed(&messages()[2])).unwrap();
    assert!(!signed.contains(" l=") && !signed.contains("\tl="), "{signed}");
    for added in ["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "Content-Type", "Sender"] {
        let twice = signed.replacen("MIME-Version: 1.0", &format!("{added}: x\r\nMIME-Version: 1.0"), 1);
        assert_eq!(signer.good(twice.as_bytes()), 0, "{added}");
        assert_eq!(signer.good(format!("{added}: x\r\n{signed}").as_bytes()), 0, "{added}");
    }
    assert_eq!(signer.good(format!("{signed}P.S.\r\n").as_bytes()), 0);
    assert_eq!(signer.good(signed.replace("Subject:  Ciao \t bella", "Subject: Ciao bella").as_bytes()), 2);
}

#[tokio::test]
async fn arriving_mail_meets_the_same_verdict() {
    let signer = signer();
    let zone = signer.made.iter().fold(Zone::new("ana.test", Signing::Signed), |zone, key| {
        zone.text(&format!("{}._domainkey", key.selector), &key.record)
    });
    let knot = Knot::start(&[zone]).unwrap();
    let settings = ResolverSettings {
        name_servers: NameServers::Given(vec![knot.address()]),
        validation: Validation::Dnssec { extra_anchors: knot.anchors().to_owned() },
        ..ResolverSettings::default()
    };
    let format = EmailFormat::new(Resolver::new(&settings).unwrap());
    for message in messages() {
        let arrival = arrival(&signer.signed(&message));
        let verified = format.verify(&arrival, &format.parse(&arrival.raw).0).await;
        let results: Vec<DkimResult> = verified
            .evidence
            .iter()
            .filter_map(|fact| match fact {
                Evidence::Authentication(found) => Some(&found.dkim),
                _ => None,
            })
            .flat_map(|verdicts| verdicts.iter().map(|verdict| verdict.result))
            .collect();
        assert_eq!(results, [DkimResult::Pass, DkimResult::Pass], "{message:?}");
    }
}

fn arrival(raw: &[u8]) -> Arrival {
    Arrival {
        protocol: Protocol::Email,
        envelope: Envelope { reverse_path: Some(handle("ana@ana.test")), recipients: Vec::new() },
        channel: Channel {
            origin: Origin::Network,
            peer: Some([192, 0, 2, 1].into()),
            greeting: None,
            security: HopSecurity::Opportunistic,
            tls: None,
        },
        raw: raw.to_vec().into(),
        received_at: NOW,
    }
}

#[test]
fn letters_are_signed_by_the_domain_that_they_are_from() {
    let letter = |from: &str| Letter {
        id: Rfc5322MessageId("1@ana.test".to_owned()),
        sent_at: NOW,
        from: Participant { handle: handle(from), name: None },
        to: vec![Participant { handle: handle("bob@here.test"), name: None }],
        cc: Vec::new(),
        subject: "Perch\u{e9}".to_owned(),
        in_reply_to: None,
        references: Vec::new(),
        text: "Ciao!\n".to_owned(),
        html: None,
        attachments: Vec::new(),
        chance: [7; 32],
    };
    let signer = signer();
    let deliverer: Deliverer = deliverer_to("127.0.0.1:9".parse().unwrap(), Policy::Clear, |_| ());
    let again = signer
        .made
        .iter()
        .fold(Keys::new("ana.test"), |keys, key| keys.with(&key.selector, &key.private_key).unwrap());
    deliverer.set_keys(again);
    assert_eq!(signer.good(&deliverer.compose(&letter("ana@Ana.test")).unwrap()), 2);
    let unsigned = deliverer.compose(&letter("ana@other.test")).unwrap();
    assert!(unsigned.starts_with(b"From: "), "{}", unsigned.escape_ascii());
}
