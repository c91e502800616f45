//! From what is said to the bytes that go over the wire: headers, envelope, and the network's own lines.

use super::Sample;
use super::calendar;
use super::encode;
use super::part::{Part, crlf, hash};
use super::people::{self, LIST_DOMAIN, Person};
use anyhow::{Context, Result};
use std::net::Ipv4Addr;

/// Most ancestors that a References header names.
const REFERENCES_MAX: usize = 10;

/// A message before it has bytes.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// Who writes.
    pub from: &'a Person,
    /// To whom.
    pub to: Vec<&'a Person>,
    /// Goes through the list of the garden.
    pub list: bool,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The subject, decoded.
    pub subject: String,
    /// Its Message-ID, without angle brackets.
    pub id: String,
    /// What it answers, oldest first.
    pub references: Vec<String>,
    /// The program encodes its headers in Latin-1.
    pub latin: bool,
    /// Headers that only this kind of message has.
    pub extra: Vec<String>,
    /// The content.
    pub content: Part,
}

/// A Message-ID for the n-th message of a thread.
pub fn message_id(thread: &str, index: usize, host: &str) -> String {
    format!("{:016x}@{host}", hash(&[thread, &index.to_string(), host]))
}

impl Letter<'_> {
    /// The message and its envelope, on a host that serves `domain`.
    pub fn seal(&self, domain: &str) -> Result<Sample> {
        let from = self.from.address(domain);
        let sending = if self.list { LIST_DOMAIN } else { self.from.domain(domain) };
        let source = people::source(sending, domain).with_context(|| format!("{sending} sends nothing"))?;
        let recipients = self.recipients(domain);
        let envelope_from = if self.list { format!("jardin-bounces@{LIST_DOMAIN}") } else { from };
        let helo = format!("mail.{sending}");
        let mut lines = vec![self.received(&helo)];
        lines.extend(self.headers(domain));
        lines.push("MIME-Version: 1.0".to_owned());
        lines.extend(self.content.headers.iter().cloned());
        let whole = Part { headers: lines, body: self.content.body.clone() };
        Ok(Sample { envelope_from, recipients, sent_at: self.at, raw: crlf(&whole.bytes()), helo, source })
    }

    /// Those who have an account here, each once. A list sends a copy to its own author too.
    fn recipients(&self, domain: &str) -> Vec<String> {
        if self.list {
            return vec![format!("alice@{domain}"), format!("bob@{domain}")];
        }
        let local = self.to.iter().filter(|person| person.is_local());
        local.map(|person| person.address(domain)).collect()
    }

    fn headers(&self, domain: &str) -> Vec<String> {
        let text = |text: &str| encode::header_text(text, self.latin);
        let mailbox =
            |person: &Person| format!("{} <{}>", phrase(&text(person.name)), person.address(domain));
        let to = if self.list {
            format!("Les Jardins de la Croix-Rousse <jardin@{LIST_DOMAIN}>")
        } else {
            self.to.iter().map(|person| mailbox(person)).collect::<Vec<_>>().join(",\n ")
        };
        let mut headers = vec![
            format!("Date: {}", calendar::rfc5322(self.at, self.from.place)),
            format!("From: {}", mailbox(self.from)),
            format!("To: {to}"),
            format!("Subject: {}", text(&self.subject)),
            format!("Message-ID: <{}>", self.id),
        ];
        if let Some(parent) = self.references.last() {
            let skipped = self.references.len().saturating_sub(REFERENCES_MAX);
            let all: Vec<String> = self.references.iter().skip(skipped).map(|id| format!("<{id}>")).collect();
            headers.push(format!("In-Reply-To: <{parent}>"));
            headers.push(format!("References: {}", all.join("\n ")));
        }
        headers.extend(self.from.program.map(|(name, value)| format!("{name}: {value}")));
        if self.list {
            headers.extend(LIST_HEADERS.map(str::to_owned));
        }
        headers.extend(self.extra.iter().cloned());
        headers
    }

    /// What the sender's own server wrote on top when it took the message.
    fn received(&self, server: &str) -> String {
        let number = hash(&[&self.id, "received"]);
        let [.., last] = number.to_be_bytes();
        format!(
            "Received: from [{}] by {server} with ESMTPSA id {:010X};\n {}",
            Ipv4Addr::new(192, 0, 2, last),
            number & 0xff_ffff_ffff,
            calendar::rfc5322(self.at, self.from.place),
        )
    }
}

/// RFC 2919 and RFC 2369, as the list writes them.
const LIST_HEADERS: [&str; 5] = [
    "List-Id: Les Jardins de la Croix-Rousse <jardin.listes.croixrousse.example>",
    "List-Post: <mailto:jardin@listes.croixrousse.example>",
    "List-Unsubscribe: <mailto:jardin-leave@listes.croixrousse.example>",
    "Precedence: list",
    "Sender: jardin-bounces@listes.croixrousse.example",
];

/// A display name: encoded words stand alone, a name with specials is quoted (RFC 5322 §3.2.4).
fn phrase(name: &str) -> String {
    let plain =
        name.starts_with("=?") || name.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace(['"', '\\'], "")) }
}
