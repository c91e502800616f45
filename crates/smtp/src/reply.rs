//! Replies (RFC 5321 §4.2) with enhanced status codes (RFC 2034, 3463).

use bytes::BytesMut;
use std::fmt::{self, Write};

/// Room for most replies.
const REPLY_BYTES: usize = 80;

/// `class.subject.detail` of RFC 3463.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedStatus {
    /// 2, 4 or 5.
    pub class: u8,
    /// What it is about.
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl EnhancedStatus {
    /// Reads `class.subject.detail`: 2, 4 or 5, then two numbers of up to three digits (RFC 3463 §2).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (class, rest) = text.split_once('.')?;
        let (subject, detail) = rest.split_once('.')?;
        let class = match class {
            "2" => 2,
            "4" => 4,
            "5" => 5,
            _ => return None,
        };
        Some(Self { class, subject: status_number(subject)?, detail: status_number(detail)? })
    }
}

fn status_number(text: &str) -> Option<u16> {
    let plain = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// One reply of one line. Its text is ours: nothing that a peer sent can stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    status: Option<EnhancedStatus>,
    text: &'static str,
}

impl Reply {
    /// A reply with an enhanced status; its class is the first digit of the code.
    pub(crate) const fn new(code: u16, subject: u16, detail: u16, text: &'static str) -> Self {
        let status = EnhancedStatus { class: (code / 100) as u8, subject, detail };
        Self { code, status: Some(status), text }
    }

    /// A reply without one: 354 has no class in RFC 3463.
    pub(crate) const fn plain(code: u16, text: &'static str) -> Self {
        Self { code, status: None, text }
    }

    /// The three-digit code.
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// The enhanced status, when the reply has one.
    pub const fn status(&self) -> Option<EnhancedStatus> {
        self.status
    }

    /// Appends the reply as it goes on the wire.
    pub fn write_to(&self, out: &mut BytesMut) {
        out.reserve(REPLY_BYTES);
        // Writing into memory that grows does not fail.
        let _ = write!(out, "{self}\r\n");
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "{} {status} {}", self.code, self.text),
            None => write!(f, "{} {}", self.code, self.text),
        }
    }
}
