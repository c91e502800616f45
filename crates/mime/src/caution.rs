//! What a person should be told beside the sender's name. Everything here looks at what would be shown.

use crate::{clean, headers::Headers};
use caliopen_model::{Message, Participant, Warning};
use std::collections::BTreeSet;

/// Fields that RFC 5322 §3.6 allows once, and that decide what is shown or where a reply goes.
const ONCE: [&str; 11] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
];

/// The warnings of a message whose people and list are known.
pub(crate) fn warnings(message: &Message, headers: &Headers<'_>) -> Vec<Warning> {
    let found = [
        (Warning::SeveralFrom, message.from.len() > 1),
        (Warning::NoFrom, message.from.is_empty()),
        (Warning::NameLooksLikeAddress, message.from.iter().any(name_misleads)),
        (Warning::ReplyGoesElsewhere, message.list.is_none() && replies_elsewhere(message)),
        (Warning::LookAlikeAddress, shown(message).any(|person| looks_alike(person.handle.address()))),
        (Warning::DuplicateHeader, ONCE.iter().any(|name| headers.all(name).nth(1).is_some())),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(warning, _)| warning).collect()
}

fn shown(message: &Message) -> impl Iterator<Item = &Participant> {
    message.from.iter().chain(&message.reply_to)
}

/// The display name holds an address, or a thing that reads like one, that is not the real one.
fn name_misleads(person: &Participant) -> bool {
    let Some(name) = person.name.as_deref() else { return false };
    // Full-width and small forms of @ are read as one.
    let name: String =
        name.chars().map(|c| if matches!(c, '\u{FF20}' | '\u{FE6B}') { '@' } else { c }).collect();
    let name = name.replace(" @ ", "@").to_lowercase();
    let own = person.handle.address().to_lowercase();
    name.split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c))
        .filter(|word| word.split_once('@').is_some_and(|(_, domain)| domain.contains('.')))
        .any(|word| word.trim_matches('.') != own)
}

/// A reply would reach a domain that the author's addresses do not show.
fn replies_elsewhere(message: &Message) -> bool {
    let organisation = |person: &Participant| person.handle.domain();
    let authors: BTreeSet<Option<String>> = message.from.iter().map(organisation).collect();
    let same = |domain: &str| {
        authors.iter().flatten().any(|author| {
            // A subdomain answers for its parent and the other way round.
            author == domain || is_under(author, domain) || is_under(domain, author)
        })
    };
    message.reply_to.iter().any(|person| !organisation(person).is_some_and(|domain| same(&domain)))
}

/// Whether `domain` lies under `parent`, which has at least two labels.
fn is_under(domain: &str, parent: &str) -> bool {
    parent.contains('.') && domain.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}

/// Letters of several scripts in one label, punycode, or letters that are not seen.
fn looks_alike(address: &str) -> bool {
    let (local_part, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let hidden = |c: char| clean::is_bidi_control(c) || clean::is_invisible(c) || is_compatibility_form(c);
    address.chars().any(hidden)
        || mixes_scripts(local_part)
        || domain
            .split('.')
            .any(|label| label.to_ascii_lowercase().starts_with("xn--") || suspicious_label(label))
}

/// Mixed scripts, or a label made only of Cyrillic or Greek letters that look Latin.
fn suspicious_label(label: &str) -> bool {
    const TWINS: &str = "аеорсухіјѕԁһԛԝьαονρυχικ";
    let letters = || label.chars().filter(|c| c.is_alphabetic());
    let twins_only = letters().next().is_some() && letters().all(|c| TWINS.contains(c));
    mixes_scripts(label) || twins_only
}

/// Full-width, mathematical and enclosed letters: drawn like others, never typed in an address.
fn is_compatibility_form(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{1D400}'..='\u{1D7FF}' | '\u{2460}'..='\u{24FF}' | '\u{2024}')
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Other,
}

fn script(c: char) -> Option<Script> {
    if !c.is_alphabetic() {
        return None;
    }
    Some(match c {
        'a'..='z' | 'A'..='Z' | '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => {
            Script::Latin
        }
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Script::Greek,
        '\u{400}'..='\u{52F}'
        | '\u{1C80}'..='\u{1C8F}'
        | '\u{2DE0}'..='\u{2DFF}'
        | '\u{A640}'..='\u{A69F}' => Script::Cyrillic,
        '\u{530}'..='\u{58F}' => Script::Armenian,
        '\u{13A0}'..='\u{13FF}' | '\u{AB70}'..='\u{ABBF}' => Script::Cherokee,
        _ => Script::Other,
    })
}

/// Latin beside a script whose letters look like Latin ones, or two of those scripts together. Scripts that
/// are written beside Latin as a rule (Japanese, Korean, Arabic…) do not count.
fn mixes_scripts(text: &str) -> bool {
    let scripts: BTreeSet<Script> =
        text.chars().filter_map(script).filter(|script| *script != Script::Other).collect();
    scripts.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{Handle, Protocol};

    #[test]
    fn addresses_that_imitate_others_are_told() {
        for address in
            ["a@pаypal.com", "a@xn--pypal-4ve.com", "аdmin@example.org", "a@аре.com", "a@ｅxample.org"]
        {
            assert!(looks_alike(address), "{address}");
        }
        for address in ["a@paypal.com", "josé@exämple.org", "а@пример.рф", "a@例え.jp", "a@한국.kr", "x"]
        {
            assert!(!looks_alike(address), "{address}");
        }
    }

    #[test]
    fn a_name_that_holds_another_address_misleads() {
        let check = |name: &str, expected: bool| {
            let handle = Handle::literal(Protocol::Email, "x@evil.example");
            assert_eq!(
                name_misleads(&Participant { name: Some(name.to_owned()), handle }),
                expected,
                "{name}"
            );
        };
        check("ceo@bank.example", true);
        check("CEO (ceo@bank.example)", true);
        check("ceo＠bank.example", true);
        check("ceo @ bank.example", true);
        check("X@Evil.example", false);
        check("Ana @ work", false);
        check("Ana", false);
    }
}
