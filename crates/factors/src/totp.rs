//! Codes of six digits that an app counts from a shared secret and the time (TOTP, RFC 6238, over HOTP, RFC 4226), as
//! every such app knows them: SHA-1, steps of 30 seconds.

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Bytes of a secret (RFC 4226 §4, R6, recommends 160 bits).
pub const SECRET_BYTES: usize = 20;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Milliseconds of a step.
const STEP_MS: i64 = 30_000;
/// Steps before and after the present one whose code counts, too (RFC 6238 §5.2, §6).
const STEPS_APART: i64 = 1;
/// RFC 4648 §6.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that an app and the server share.
#[derive(ZeroizeOnDrop)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// A secret of bytes that are fit for keys.
    #[must_use]
    pub fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sealed.
    #[must_use]
    pub fn bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// The secret as it is typed into an app: 32 letters and digits.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SECRET_BYTES * 8 / 5));
        let (mut bits, mut held) = (0u32, 0u32);
        for byte in self.0 {
            (bits, held) = ((bits << 8) | u32::from(byte), held + 8);
            while held >= 5 {
                held -= 5;
                let value = (bits >> held) & 31;
                text.extend(ALPHABET.get(value as usize).map(|letter| char::from(*letter)));
            }
            bits &= (1 << held) - 1;
        }
        text
    }

    /// What an app reads from a picture (the Key URI format that they share): whose code it is, and of which server.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account, secret) = (escaped(issuer), escaped(account), self.text());
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period=30",
            secret.as_str()
        ))
    }

    /// The step whose code this is, if it is one of now that comes after the last one that was taken: a code counts
    /// once (RFC 6238 §5.2).
    #[must_use]
    pub fn step_of(&self, typed: &str, now_ms: i64, last_step: Option<i64>) -> Option<i64> {
        let code = read(typed)?;
        let now = now_ms.div_euclid(STEP_MS);
        let mut found = None;
        for step in now - STEPS_APART..=now + STEPS_APART {
            let is_fresh = last_step.is_none_or(|last| step > last);
            if self.code_at(step) == code && is_fresh {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step: dynamic truncation (RFC 4226 §5.3).
    fn code_at(&self, step: i64) -> u32 {
        let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0), &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag.last().copied().unwrap_or_default() & 15);
        let word = tag.get(offset..).and_then(<[u8]>::first_chunk::<4>).copied().unwrap_or_default();
        (u32::from_be_bytes(word) & 0x7fff_ffff) % 10u32.pow(DIGITS as u32)
    }
}

/// A code as people type it: six digits, with spaces between them.
fn read(typed: &str) -> Option<u32> {
    let digits: Vec<u32> = typed
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .take(DIGITS + 1)
        .map(|letter| letter.to_digit(10))
        .collect::<Option<_>>()?;
    (digits.len() == DIGITS).then(|| digits.iter().fold(0, |code, digit| code * 10 + digit))
}

/// Everything but unreserved characters, percent-encoded (RFC 3986 §2).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::from_bytes(*b"12345678901234567890")
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, SHA1, the last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds / 30;
            assert_eq!(secret().step_of(code, seconds * 1_000, None), Some(step), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_for_a_step_before_and_after_its_own() {
        let at = |seconds: i64| secret().step_of("287082", seconds * 1_000, None);
        assert_eq!((at(29), at(30), at(59), at(89), at(90)), (Some(1), Some(1), Some(1), Some(1), None));
        assert_eq!(at(-1), None);
    }

    #[test]
    fn a_code_counts_once_and_none_before_it_does_later() {
        let at = |last| secret().step_of("287082", 59_000, last);
        assert_eq!((at(Some(0)), at(Some(1)), at(Some(2))), (Some(1), None, None));
    }

    #[test]
    fn people_type_it_their_way_and_nothing_else_is_a_code() {
        let check = |typed: &str, expected| {
            assert_eq!(secret().step_of(typed, 59_000, None).is_some(), expected, "{typed}");
        };
        for typed in ["287082", " 287 082 ", "287\u{a0}082"] {
            check(typed, true);
        }
        for typed in ["", "28708", "2870820", "287082x", "-87082", "２８７０８２", &"287082".repeat(1000)]
        {
            check(typed, false);
        }
    }

    #[test]
    fn an_app_reads_the_secret_as_text_or_from_a_picture() {
        assert_eq!(secret().text().as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            secret().uri("mail.example.org", "a+b@example.org").as_str(),
            "otpauth://totp/mail.example.org:a%2Bb%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=mail.example.org&algorithm=SHA1&digits=6&period=30"
        );
    }
}
