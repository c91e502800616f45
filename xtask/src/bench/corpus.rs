//! Mail to measure with: 4 KB messages of mixed text, each different, from a seeded generator.

use caliopen_model::{
    ArcResult, AtRest, AtRestState, Authentication, DkimResult, DkimVerdict, DmarcResult, Evidence, Handler,
    HandlerClass, HandlerSees, Hop, HopSecurity, MetadataPath, PeerService, Side, SpfResult, TlsFacts,
};
use std::fmt::Write as _;

/// Bytes of one message.
pub const MESSAGE_BYTES: usize = 4096;
/// People who write, at so many domains.
const AUTHORS: u32 = 4_000;
const DOMAINS: u32 = 200;
/// Words that texts are made of.
const VOCABULARY: u64 = 12_000;

/// A generator of numbers that is the same in each run (xorshift).
#[derive(Debug)]
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Small numbers much more often than great ones, as words are.
    fn skewed(&mut self, below: u64) -> u64 {
        let (first, second) = (self.next() % below, self.next() % below);
        first * second / below
    }
}

/// A word of the vocabulary: its letters follow from its number.
pub fn word(number: u64) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "ten", "mo", "ri", "sal", "ver", "du", "pla", "nor", "ci", "gre", "lin", "tou", "fa", "mes",
        "qui", "ran", "ol", "pe", "jar", "din", "ti", "es", "con",
    ];
    let mut word = String::new();
    let mut rest = number.wrapping_mul(2_654_435_761) % 331_776;
    for _ in 0..2 + number % 3 {
        word.push_str(SYLLABLES.get((rest % 24) as usize).copied().unwrap_or("a"));
        rest /= 24;
    }
    word
}

/// The message with this number, for this recipient. Ends with CRLF, holds no line that is a lone dot.
pub fn message(number: u32, recipient: &str) -> Vec<u8> {
    let mut numbers = Numbers(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    numbers.next();
    let author = (numbers.next() % u64::from(AUTHORS)) as u32;
    let domain = author % DOMAINS;
    let mut text = String::with_capacity(MESSAGE_BYTES + 128);
    let (first, second) = (word(u64::from(author) + 7), word(u64::from(author) * 31));
    // Writing into a string does not fail.
    let _ = write!(
        text,
        "Received: from mx{domain}.d{domain}.test (mx{domain}.d{domain}.test [192.0.2.{}])\r\n\tby relay.example.org \
         with ESMTPS id {:016x}\r\n\tfor <{recipient}>; Sun, 22 Nov 2026 10:{:02}:{:02} +0000\r\n\
         Date: Sun, 22 Nov 2026 10:{:02}:{:02} +0000\r\nFrom: {first} {second} <{first}.{author}@d{domain}.test>\r\n\
         To: {recipient}\r\nSubject: {} {} {}\r\nMessage-ID: <{:016x}.{number}@d{domain}.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
        domain % 250,
        numbers.next(),
        number / 60 % 60,
        number % 60,
        number / 60 % 60,
        number % 60,
        word(numbers.skewed(VOCABULARY)),
        word(numbers.skewed(VOCABULARY)),
        word(numbers.skewed(VOCABULARY)),
        numbers.next(),
    );
    write_words(&mut text, &mut numbers, MESSAGE_BYTES - 16);
    text.into_bytes()
}

/// The words of a letter with this number: lines of at most 72 characters, the last one ended.
pub fn text(number: u32, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 16);
    let mut numbers = Numbers(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    write_words(&mut text, &mut numbers, bytes);
    text
}

/// Lines of words until the text has so many bytes.
fn write_words(text: &mut String, numbers: &mut Numbers, bytes: usize) {
    let mut column = 0;
    while text.len() < bytes {
        let next = word(numbers.skewed(VOCABULARY));
        if column + next.len() > 72 {
            text.push_str("\r\n");
            column = 0;
        }
        column += next.len() + 1;
        text.push_str(&next);
        text.push(' ');
    }
    text.push_str("\r\n");
}

/// What a usual message is scored from.
pub fn evidence() -> Vec<Evidence> {
    vec![
        Evidence::Authentication(Authentication {
            from_domain: Some("d1.test".to_owned()),
            spf: SpfResult::Pass,
            spf_domain: Some("d1.test".to_owned()),
            dkim: vec![DkimVerdict {
                domain: "d1.test".to_owned(),
                selector: "s".to_owned(),
                result: DkimResult::Pass,
                body_length_limited: false,
            }],
            dmarc: DmarcResult::Pass,
            arc: ArcResult::None,
            dnssec: false,
        }),
        Evidence::Hop(Hop {
            peer: "mx1.d1.test".to_owned(),
            security: HopSecurity::Opportunistic,
            tls: Some(TlsFacts {
                version: "TLSv1.3".to_owned(),
                cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
                group: Some("X25519MLKEM768".to_owned()),
            }),
        }),
        Evidence::Handler(Handler {
            name: "d1.test".to_owned(),
            class: HandlerClass::C,
            sees: HandlerSees::Content,
            found_by: "domain".to_owned(),
        }),
        Evidence::Metadata(MetadataPath::DirectServerToServer),
        Evidence::Peer(PeerService::Other),
        Evidence::AtRest(AtRest { side: Side::Here, state: AtRestState::SealedToUser }),
        Evidence::AtRest(AtRest { side: Side::There, state: AtRestState::Unknown }),
    ]
}
