//! A session's token: the client keeps it, the server keeps a hash of it and the master key wrapped under
//! another key that is derived from it. A copy of the database opens no session; deleting the row ends it.

use crate::AccountBytes;
use crate::account::MasterKey;
use crate::aead::derive;
use crate::error::OpenError;
use crate::random::{Random, secret};
use zeroize::{ZeroizeOnDrop, Zeroizing};

const TOKEN_BYTES: usize = 32;
const KIND: &str = "session";
const LOOKUP: &str = "caliopen session lookup 1";
const WRAPPING: &str = "caliopen session wrap 1";

/// The secret of one session.
#[derive(ZeroizeOnDrop)]
pub struct SessionToken([u8; TOKEN_BYTES]);

impl SessionToken {
    /// A new one.
    #[must_use]
    pub fn generate(random: Random<'_>) -> Self {
        Self(*secret(random))
    }

    /// The text for a cookie or an `Authorization` header: 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * TOKEN_BYTES));
        for nibble in self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    }

    /// Reads what [`SessionToken::text`] wrote. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let pairs = text.as_bytes().as_chunks::<2>();
        if text.len() != 2 * TOKEN_BYTES {
            return None;
        }
        let mut token = Self([0; TOKEN_BYTES]);
        for (byte, [high, low]) in token.0.iter_mut().zip(pairs.0) {
            *byte = (nibble(*high)? << 4) | nibble(*low)?;
        }
        Some(token)
    }

    /// What the server stores, and finds the session by. It neither opens nor wraps anything.
    #[must_use]
    pub fn lookup_hash(&self) -> [u8; 32] {
        *derive(&self.0, LOOKUP)
    }

    /// The master key for this session.
    #[must_use]
    pub fn wrap(&self, master: &MasterKey, account: &AccountBytes, random: Random<'_>) -> Vec<u8> {
        master.wrap_with(&derive(&self.0, WRAPPING), account, KIND, random)
    }

    /// Unlocks the master key for a request.
    pub fn open(&self, wrapped: &[u8], account: &AccountBytes) -> Result<MasterKey, OpenError> {
        MasterKey::unwrap_with(&derive(&self.0, WRAPPING), account, KIND, wrapped)
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;

    fn token() -> SessionToken {
        SessionToken::generate(&mut stream("token"))
    }

    #[test]
    fn the_text_comes_back() {
        let text = token().text();
        assert_eq!(text.len(), 64);
        assert_eq!(SessionToken::parse(&text).map(|read| read.0), Some(token().0));
    }

    #[test]
    fn anything_else_is_no_token() {
        let text = token().text();
        let upper = text.to_uppercase();
        let longer = format!("{}0", *text);
        let accented = text.chars().skip(2).fold("é".to_owned(), |mut text, digit| {
            text.push(digit);
            text
        });
        assert_eq!(accented.len(), 64);
        for wrong in ["", "00", upper.as_str(), longer.as_str(), accented.as_str()] {
            assert!(SessionToken::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_the_server_keeps_is_not_the_token_nor_its_wrapping_key() {
        let lookup = token().lookup_hash();
        assert_ne!(lookup, token().0);
        assert_ne!(lookup, *derive(&token().0, WRAPPING));
        assert_eq!(lookup, token().lookup_hash());
    }

    #[test]
    fn it_opens_its_own_wrap_alone() {
        let master = MasterKey::generate(&mut stream("master"));
        let wrapped = token().wrap(&master, &[1; 16], &mut stream("nonce"));
        assert_eq!(token().open(&wrapped, &[1; 16]).ok().map(|key| *key.bytes()), Some(*master.bytes()));
        assert_eq!(token().open(&wrapped, &[2; 16]).err(), Some(OpenError::Refused));
        let other = SessionToken::generate(&mut stream("other"));
        assert_eq!(other.open(&wrapped, &[1; 16]).err(), Some(OpenError::Refused));
    }
}
