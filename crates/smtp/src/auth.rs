//! Signing in (RFC 4954): the words of PLAIN (RFC 4616) and of LOGIN, read from base64.
//!
//! Both send the secret itself, so that they are offered inside TLS alone. What a client says here has no `Debug`
//! that shows it, and is wiped when it is dropped.

use crate::replies as say;
use crate::reply::Reply;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use zeroize::Zeroizing;

/// A name and its secret, as a client said them. Nothing of them is checked.
pub struct Credentials {
    name: String,
    secret: Zeroizing<String>,
}

impl Credentials {
    /// Whom the client says to be.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is to prove it.
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// What became of a wish to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInVerdict {
    /// 235: messages may be sent.
    Accepted,
    /// 535 5.7.8.
    Refused,
    /// 454 4.7.0: too many tries.
    TooManyTries,
    /// 454 4.3.0: it cannot be checked now.
    TryLater,
}

/// A mechanism that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    /// RFC 4616.
    Plain,
    /// Name and secret, each asked for: no standard, and many programs know nothing else.
    Login,
}

impl Mechanism {
    /// Reads a mechanism's name, in any case.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "PLAIN" => Some(Self::Plain),
            "LOGIN" => Some(Self::Login),
            _ => None,
        }
    }
}

/// A response that came with AUTH itself (RFC 4954 §4).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct InitialResponse(Zeroizing<Vec<u8>>);

impl InitialResponse {
    /// `=` stands for a response without a byte.
    pub(crate) fn new(text: &str) -> Self {
        let base64 = if text == "=" { "" } else { text };
        Self(Zeroizing::new(base64.as_bytes().to_vec()))
    }

    /// Its base64.
    pub(crate) fn base64(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for InitialResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InitialResponse(..)")
    }
}

/// What the client is to say next.
pub(crate) enum Exchange {
    /// All of PLAIN.
    Plain,
    /// LOGIN's name.
    LoginName,
    /// LOGIN's secret, for this name.
    LoginSecret(String),
}

/// Where a response leads.
pub(crate) enum Turn {
    /// Something is to be asked yet.
    Ask(Exchange),
    /// Everything was said.
    Known(Credentials),
}

impl Exchange {
    /// The beginning of a mechanism.
    pub(crate) const fn begin(mechanism: Mechanism) -> Self {
        match mechanism {
            Mechanism::Plain => Self::Plain,
            Mechanism::Login => Self::LoginName,
        }
    }

    /// What asks for it.
    pub(crate) const fn challenge(&self) -> Reply {
        match self {
            Self::Plain => say::CHALLENGE,
            Self::LoginName => say::CHALLENGE_NAME,
            Self::LoginSecret(_) => say::CHALLENGE_SECRET,
        }
    }

    /// Takes a line of base64, or the `*` that breaks off; or says why it cannot be read.
    pub(crate) fn answer(self, base64: &[u8]) -> Result<Turn, Reply> {
        if base64 == b"*" {
            return Err(say::SIGN_IN_CANCELLED);
        }
        let decoded = BASE64_STANDARD.decode(base64).map_err(|_| say::BAD_RESPONSE)?;
        let said = Zeroizing::new(decoded);
        match self {
            Self::Plain => plain(&said).map(Turn::Known),
            Self::LoginName => text(&said).map(|name| Turn::Ask(Self::LoginSecret(name.to_string()))),
            Self::LoginSecret(name) => Ok(Turn::Known(Credentials { name, secret: text(&said)? })),
        }
    }
}

/// `[authorization] NUL authentication NUL secret` (RFC 4616 §2). Nobody acts for another one here.
fn plain(said: &[u8]) -> Result<Credentials, Reply> {
    let mut words = said.split(|byte| *byte == 0);
    let (Some(acts_as), Some(name), Some(secret), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(say::BAD_RESPONSE);
    };
    if !acts_as.is_empty() && acts_as != name {
        return Err(say::SIGN_IN_REFUSED);
    }
    Ok(Credentials { name: text(name)?.to_string(), secret: text(secret)? })
}

/// Text of at least one character, without control characters: what a name or a secret can be.
fn text(said: &[u8]) -> Result<Zeroizing<String>, Reply> {
    let text = std::str::from_utf8(said).map_err(|_| say::BAD_RESPONSE)?;
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(say::BAD_RESPONSE);
    }
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(exchange: Exchange, said: &[u8]) -> Result<(String, String), Reply> {
        match exchange.answer(BASE64_STANDARD.encode(said).as_bytes())? {
            Turn::Known(known) => Ok((known.name().to_owned(), known.secret().to_owned())),
            Turn::Ask(_) => panic!("everything was said"),
        }
    }

    #[test]
    fn plain_has_three_words_and_nobody_acts_for_another() {
        let known = Ok(("ana".to_owned(), "secret".to_owned()));
        assert_eq!(read(Exchange::Plain, b"\0ana\0secret"), known);
        assert_eq!(read(Exchange::Plain, b"ana\0ana\0secret"), known);
        assert_eq!(read(Exchange::Plain, b"bob\0ana\0secret"), Err(say::SIGN_IN_REFUSED));
        for wrong in
            [&b""[..], b"ana", b"\0ana", b"\0\0secret", b"\0ana\0", b"\0ana\0a\0b", b"\0\xff\0a", b"\0a\0\r"]
        {
            assert_eq!(read(Exchange::Plain, wrong), Err(say::BAD_RESPONSE), "{wrong:?}");
        }
    }

    #[test]
    fn only_base64_is_a_response() {
        let check = |line: &[u8], expected| assert_eq!(Exchange::Plain.answer(line).err(), Some(expected));
        check(b"*", say::SIGN_IN_CANCELLED);
        check(b"not base64", say::BAD_RESPONSE);
        check(b"AGFuYQBzZWNyZXQ", say::BAD_RESPONSE);
    }

    #[test]
    fn what_was_said_is_never_printed() {
        let Ok(Turn::Known(known)) = Exchange::Plain.answer(b"AGFuYQBzZWNyZXQ=") else {
            panic!("it is sound")
        };
        let initial = InitialResponse::new("AGFuYQBzZWNyZXQ=");
        let printed = format!("{known:?} {initial:?}");
        assert_eq!(printed, "Credentials(..) InitialResponse(..)");
    }

    proptest! {
        #[test]
        fn any_line_is_a_response_or_is_refused(line in prop::collection::vec(any::<u8>(), 0..80)) {
            for exchange in [Exchange::Plain, Exchange::LoginName, Exchange::LoginSecret("a".to_owned())] {
                let _ = exchange.answer(&line);
            }
        }
    }
}
