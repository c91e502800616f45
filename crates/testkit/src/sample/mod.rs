//! The living sample: a year of mail of alice and her world, all of our own making.
//!
//! Alice draws, in Lyon, with a family on an Italian lake and friends in England; bob shares her flat. They get
//! letters, group conversations, a mailing list, newsletters that track and attack, bills, signed and encrypted
//! mail, a false bank. The demo delivers it through the real way in; tests take it as believable input. It is
//! made from the host's domain and the time alone: the same two give the same bytes.

mod attachments;
mod calendar;
mod compose;
mod deliver;
mod encode;
mod part;
mod people;
mod pgp;
mod script;
mod series;
mod specials;
mod stories;
mod zones;

use anyhow::Result;
use std::net::Ipv4Addr;

pub use deliver::deliver;
pub use zones::zones;

/// One message with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The reverse path; empty for a report.
    pub envelope_from: String,
    /// The forward paths: accounts of the host.
    pub recipients: Vec<String>,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at: i64,
    /// The message, with CRLF, without dot-stuffing.
    pub raw: Vec<u8>,
    /// What the sending server calls itself.
    pub helo: String,
    /// The loopback address that it sends from, for which [`zones`] has the SPF record.
    pub source: Ipv4Addr,
}

/// The year that ends at `now` (milliseconds since 1970), for a host that serves `domain`. Oldest first.
pub fn sample(domain: &str, now: i64) -> Result<Vec<Sample>> {
    let mut samples = stories::samples(domain, now)?;
    samples.extend(series::samples(domain, now)?);
    samples.extend(specials::samples(domain, now)?);
    samples.sort_by(|a, b| (a.sent_at, &a.raw).cmp(&(b.sent_at, &b.raw)));
    Ok(samples)
}

#[cfg(test)]
mod tests;
