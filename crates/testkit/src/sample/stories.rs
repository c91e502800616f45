//! The letters that people wrote: the scripts, turned into messages that answer each other.

use super::Sample;
use super::attachments;
use super::compose::{Letter, message_id};
use super::part::{Coding, Part, html, wrap};
use super::people;
use super::pgp;
use super::script::{self, Entry};
use anyhow::{Context, Result};

const SCRIPTS: [&str; 5] = [
    include_str!("texts/friends-fr.txt"),
    include_str!("texts/friends-en.txt"),
    include_str!("texts/family-it.txt"),
    include_str!("texts/groups.txt"),
    include_str!("texts/garden-list.txt"),
];

/// Every message of every script.
pub fn samples(domain: &str, now: i64) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for text in SCRIPTS {
        let mut thread: Vec<String> = Vec::new();
        for entry in script::parse(text)? {
            if entry.index == 0 {
                thread.clear();
            }
            let letter = letter(&entry, &thread, domain, now)
                .with_context(|| format!("message {} of {}", entry.index + 1, entry.thread))?;
            samples.push(letter.seal(domain)?);
            thread.push(letter.id);
        }
    }
    Ok(samples)
}

fn letter(entry: &Entry, thread: &[String], domain: &str, now: i64) -> Result<Letter<'static>> {
    let from = people::find(&entry.from)?;
    let list = entry.to.iter().any(|name| name == "list");
    let named = entry.to.iter().filter(|name| *name != "list");
    let at = entry.moment.unix_ms(now, from.place);
    Ok(Letter {
        from,
        to: named.map(|name| people::find(name)).collect::<Result<Vec<_>>>()?,
        list,
        at,
        subject: entry.subject.clone(),
        id: message_id(&entry.thread, entry.index, from.domain(domain)),
        references: thread.to_vec(),
        latin: Coding::of_word(&entry.coding).is_some_and(Coding::is_latin1),
        extra: Vec::new(),
        content: content(entry, at)?,
    })
}

fn content(entry: &Entry, at: i64) -> Result<Part> {
    let seed = format!("{}-{}", entry.thread, entry.index);
    if let Some(how) = &entry.pgp {
        return pgp::content(how, &seed);
    }
    let words = words(entry, &seed)?;
    let mut parts = vec![words];
    if let Some(file) = &entry.file {
        parts.push(attachments::attachment(file, &entry.subject, at)?);
    }
    if entry.forward {
        parts.push(Part::new(&["Content-Type: message/rfc822"], FORWARDED.as_bytes().to_vec()));
    }
    Ok(match parts.as_slice() {
        [only] => only.clone(),
        several => Part::multipart("mixed", &seed, several),
    })
}

fn words(entry: &Entry, seed: &str) -> Result<Part> {
    if entry.coding != "alternative" {
        let coding = Coding::of_word(&entry.coding)
            .with_context(|| format!("there is no coding {:?}", entry.coding))?;
        return Ok(Part::text("plain", &wrap(&entry.body, coding == Coding::Flowed), coding));
    }
    let page = format!(
        "<html><head><meta charset=\"utf-8\"></head><body style=\"font-family:Calibri,sans-serif\">\n{}\n</body></html>\n",
        html(&entry.body)
    );
    let plain = Part::text("plain", &wrap(&entry.body, false), Coding::Utf8Quoted);
    let rich = Part::text("html", &page, Coding::Utf8Quoted);
    Ok(Part::multipart("alternative", seed, &[plain, rich]))
}

/// The message that Théo passes on.
const FORWARDED: &str = "\
From: \"Peintre en lettres\" <bonjour@peintre-en-lettres.example>
To: =?iso-8859-1?Q?Th=E9o?= Garnier <theo@cycles-garnier.example>
Subject: Devis enseigne peinte
Date: Mon, 1 Jun 2026 16:20:00 +0200
Message-ID: <devis-31@peintre-en-lettres.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Bonjour,

Pour une enseigne peinte =E0 la main, deux faces, 90 x 50 cm, fond vert,=
 lettres cr=E8me et un renard : 480 EUR. Sans la queue du renard : 450.

Bien =E0 vous
";

#[cfg(test)]
mod tests {
    use super::super::part::crlf;
    use super::*;

    #[test]
    fn the_forwarded_message_is_a_message() {
        let bytes = crlf(FORWARDED.as_bytes());
        assert!(bytes.windows(4).any(|window| window == b"\r\n\r\n"));
        assert!(FORWARDED.lines().all(|line| line.is_ascii() && line.len() <= 78));
    }
}
