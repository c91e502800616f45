//! What all sessions of one listener share.

use crate::budget::Budget;
use crate::limits::Limits;
use crate::path;
use bytes::Bytes;
use std::sync::Arc;

/// Which of the protocols is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 5321: one reply for a message.
    Smtp,
    /// RFC 2033: one reply for each recipient of a message.
    Lmtp,
    /// RFC 6409: SMTP of people's own programs, which sign in before they send (RFC 4954).
    Submission,
}

/// Why a configuration cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The name goes into the greeting, so it must be one.
    #[error("the host name of a mail server is a domain name, for example mx.example.org")]
    HostName,
}

/// The part of a session that never changes. Made once for a listener.
#[derive(Debug)]
pub struct Config {
    pub(crate) dialect: Dialect,
    pub(crate) host_name: String,
    pub(crate) limits: Arc<Limits>,
    pub(crate) budget: Arc<Budget>,
    pub(crate) starttls: bool,
    pub(crate) reports: bool,
    pub(crate) required_tls: bool,
    pub(crate) greeting: Bytes,
    pub(crate) hello: Bytes,
    pub(crate) extended_hello: Bytes,
    pub(crate) extended_hello_in_tls: Bytes,
}

impl Config {
    /// A listener that calls itself `host_name` and does not offer STARTTLS.
    pub fn new(
        dialect: Dialect,
        host_name: &str,
        limits: Limits,
        budget: Arc<Budget>,
    ) -> Result<Self, ConfigError> {
        if !host_name.is_ascii() || !path::is_domain_name(host_name) {
            return Err(ConfigError::HostName);
        }
        let protocol = match dialect {
            Dialect::Smtp | Dialect::Submission => "ESMTP",
            Dialect::Lmtp => "LMTP",
        };
        let mut config = Self {
            greeting: Bytes::from(format!("220 {host_name} {protocol}\r\n")),
            hello: Bytes::from(format!("250 {host_name}\r\n")),
            extended_hello: Bytes::new(),
            extended_hello_in_tls: Bytes::new(),
            dialect,
            host_name: host_name.to_owned(),
            limits: Arc::new(limits),
            budget,
            starttls: false,
            reports: false,
            required_tls: false,
        };
        config.write_hello();
        Ok(config)
    }

    /// The same listener, which offers STARTTLS (RFC 3207).
    #[must_use]
    pub fn with_starttls(mut self) -> Self {
        self.starttls = true;
        self.write_hello();
        self
    }

    /// The same listener, which takes wishes for reports (RFC 3461): whoever offers it has to fulfil them.
    #[must_use]
    pub fn with_reports(mut self) -> Self {
        self.reports = true;
        self.write_hello();
        self
    }

    /// The same listener, which inside TLS takes messages that may go on over proven channels alone (RFC 8689): whoever
    /// offers it has to send them, and reports of them, no other way.
    #[must_use]
    pub fn with_required_tls(mut self) -> Self {
        self.required_tls = true;
        self.write_hello();
        self
    }

    fn write_hello(&mut self) {
        let reports: &[&str] = if self.reports { &["DSN"] } else { &[] };
        let starttls: &[&str] = if self.starttls { &["STARTTLS"] } else { &[] };
        // Where there is no TLS, no secret is asked for (RFC 4954 §4).
        let auth: &[&str] = if self.dialect == Dialect::Submission { &["AUTH PLAIN LOGIN"] } else { &[] };
        let required: &[&str] = if self.required_tls { &["REQUIRETLS"] } else { &[] };
        let (in_clear, in_tls) = ([reports, starttls].concat(), [reports, required, auth].concat());
        self.extended_hello = extended_hello(&self.host_name, &self.limits, &in_clear);
        self.extended_hello_in_tls = extended_hello(&self.host_name, &self.limits, &in_tls);
    }

    /// Which protocol is spoken.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }
}

/// The answer to EHLO and LHLO. Written once: it is the same for every connection.
fn extended_hello(host_name: &str, limits: &Limits, more: &[&str]) -> Bytes {
    let size = format!("SIZE {}", limits.message_bytes_max);
    let always = [host_name, "PIPELINING", &size, "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"];
    let mut text: String = always.iter().chain(more).map(|line| format!("250-{line}\r\n")).collect();
    text.push_str("250 CHUNKING\r\n");
    Bytes::from(text)
}
