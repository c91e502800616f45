//! An app that counts codes from a secret that was typed into it (RFC 6238): the other half of a second factor.

use anyhow::Context;
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// One app with one secret.
pub struct CodeApp {
    secret: Vec<u8>,
}

impl CodeApp {
    /// Reads a secret in base32 (RFC 4648 §6).
    pub fn new(text: &str) -> anyhow::Result<Self> {
        let mut bits = String::new();
        for letter in text.chars() {
            let value = LETTERS.find(letter).with_context(|| format!("{letter} is no letter of base32"))?;
            bits.push_str(&format!("{value:05b}"));
        }
        let bytes = bits.as_bytes().chunks_exact(8);
        let secret = bytes.map(|byte| Ok(u8::from_str_radix(std::str::from_utf8(byte)?, 2)?));
        Ok(Self { secret: secret.collect::<anyhow::Result<_>>()? })
    }

    /// The six digits that it shows at an instant.
    #[must_use]
    pub fn code(&self, now_ms: i64) -> String {
        let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let tag = sign(&key, &now_ms.div_euclid(30_000).to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag.last().copied().unwrap_or_default() & 15);
        let word = tag.iter().skip(offset).take(4).fold(0u32, |word, byte| (word << 8) | u32::from(*byte));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }
}
