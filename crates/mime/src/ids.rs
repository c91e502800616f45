//! Message-IDs (RFC 5322 §3.6.4): a message's own, and those that it answers.

use crate::{clean, defects::Defects, headers::Headers, limits};
use caliopen_model::Rfc5322MessageId;

/// The message's own id.
pub(crate) fn own(headers: &Headers<'_>) -> Option<Rfc5322MessageId> {
    all_in(&headers.first("Message-ID")?).into_iter().next()
}

/// References then In-Reply-To, oldest first, each once, the newest `REFERENCES_MAX` of them.
///
/// An id that stands in both keeps its place in References, unless In-Reply-To names one that References
/// does not: that one is the nearest parent, and comes last.
pub(crate) fn references(headers: &Headers<'_>, defects: &mut Defects) -> Vec<Rfc5322MessageId> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    for name in ["References", "In-Reply-To"] {
        for id in headers.all(name).flat_map(|field| all_in(&field.unfolded())) {
            if seen.insert(id.clone()) {
                found.push(id);
            }
        }
    }
    if found.len() > limits::REFERENCES_MAX {
        defects.add("reference-limit", "more references than are kept");
        found.drain(..found.len() - limits::REFERENCES_MAX);
    }
    found
}

/// The ids of a field: what stands between angle brackets, else words with an `@`.
fn all_in(value: &str) -> Vec<Rfc5322MessageId> {
    let bracketed = value.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(id, _)| id);
    let mut ids: Vec<Rfc5322MessageId> = bracketed.filter_map(kept).collect();
    if ids.is_empty() && !value.contains('<') {
        ids = value.split([' ', '\t', ',']).filter(|word| word.contains('@')).filter_map(kept).collect();
    }
    ids
}

fn kept(id: &str) -> Option<Rfc5322MessageId> {
    let id: String = id.chars().filter(|&c| !c.is_whitespace() && !c.is_control()).collect();
    let id = id.trim_matches(|c| clean::is_invisible(c) || clean::is_bidi_control(c));
    (!id.is_empty() && id.len() <= limits::ID_BYTES_MAX).then(|| Rfc5322MessageId(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_with_or_without_brackets() {
        let check = |value: &str, expected: &[&str]| {
            let found: Vec<String> = all_in(value).into_iter().map(|id| id.0).collect();
            assert_eq!(found, expected, "{value}");
        };
        check("<a@x> <b@x>\t<c@x>", &["a@x", "b@x", "c@x"]);
        check("<a@x><b@x>", &["a@x", "b@x"]);
        check("<a @x>", &["a@x"]);
        check("a@x b@x", &["a@x", "b@x"]);
        check("Your message of Monday <a@x>", &["a@x"]);
        check("<a@x", &[]);
        check("<>", &[]);
        check("nothing", &[]);
    }
}
