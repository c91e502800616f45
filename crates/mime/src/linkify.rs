//! Links in plain text: which stretches of a text lead somewhere. It makes no HTML: whoever draws the spans
//! sets them as text, so nothing needs to be escaped and nothing can be injected.

use crate::{clean, limits::LINK_BYTES_MAX};

/// Longest stretch without a space that is looked at.
const WORD_BYTES_MAX: usize = LINK_BYTES_MAX;

/// Closing brackets that are cut from the end of a link.
const CLOSINGS_MAX: usize = 8;

/// A stretch of text, and where it leads. All spans together are the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What is read.
    pub text: String,
    /// An absolute `http:`, `https:` or `mailto:` URL, when the text is one. It is what the text says: the
    /// two never differ, but for `mailto:` before an address and `https://` before `www.`.
    pub target: Option<String>,
}

/// Splits a text into spans.
pub fn linkify(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let body = word.trim_end_matches(char::is_whitespace);
        let (before, link, target) = find(body).unwrap_or((body, "", String::new()));
        push(&mut spans, before, None);
        if !link.is_empty() {
            push(&mut spans, link, Some(target));
        }
        push(&mut spans, word.get(before.len() + link.len()..).unwrap_or_default(), None);
    }
    spans
}

fn push(spans: &mut Vec<Span>, text: &str, target: Option<String>) {
    match spans.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.target.is_none() && target.is_none() => last.text.push_str(text),
        _ => spans.push(Span { text: text.to_owned(), target }),
    }
}

/// What stands before the link of a word, the link as it is read, and its URL.
fn find(word: &str) -> Option<(&str, &str, String)> {
    let hidden = |c: char| c.is_control() || clean::is_bidi_control(c) || clean::is_invisible(c);
    if word.len() > WORD_BYTES_MAX || word.chars().any(hidden) {
        return None;
    }
    let inner = word.trim_start_matches(['<', '(', '[', '{', '"', '\'', '«', '“', '‘']);
    let before = word.get(..word.len() - inner.len())?;
    let link = trim_end(inner);
    let lower = link.to_ascii_lowercase();
    let target = if lower.starts_with("https://") || lower.starts_with("http://") {
        web(link)?
    } else if lower.starts_with("www.") {
        web(&format!("https://{link}"))?
    } else {
        mail(link, &lower)?
    };
    Some((before, link, target))
}

/// Cuts what closes a sentence or a bracket that was opened before the link.
fn trim_end(text: &str) -> &str {
    let mut link = text.find(['<', '>', '"']).and_then(|end| text.get(..end)).unwrap_or(text);
    for _ in 0..CLOSINGS_MAX {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '»', '”', '’', '*', '_']);
        let pairs = [('(', ')'), ('[', ']'), ('{', '}')];
        let unpaired = pairs.iter().find(|(open, close)| {
            shorter.ends_with(*close) && shorter.matches(*close).count() > shorter.matches(*open).count()
        });
        let next = match unpaired {
            Some((_, close)) => shorter.strip_suffix(*close).unwrap_or(shorter),
            None => shorter,
        };
        if next.len() == link.len() {
            break;
        }
        link = next;
    }
    link
}

/// A web URL with a host that has a name and no user: `http://bank.example@evil.example` is not a link.
fn web(link: &str) -> Option<String> {
    let (scheme, rest) = link.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let named = host.chars().any(char::is_alphanumeric) && !authority.contains(['@', '\\', '%']);
    named.then(|| format!("{}://{rest}", scheme.to_ascii_lowercase()))
}

fn mail(link: &str, lower: &str) -> Option<String> {
    let address = if lower.starts_with("mailto:") { link.get("mailto:".len()..)? } else { link };
    let plain = !address.contains(['?', '&', '%', '#', '/']);
    let address = caliopen_model::EmailAddress::parse(address).ok().filter(|_| plain)?;
    address.domain().contains('.').then(|| format!("mailto:{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let spans = linkify(text);
        let links: Vec<(&str, &str)> =
            spans.iter().filter_map(|span| Some((span.text.as_str(), span.target.as_deref()?))).collect();
        assert_eq!(links, expected, "{text}");
        assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), text);
    }

    #[test]
    fn links_are_what_they_say() {
        check("see https://x.org/a.", &[("https://x.org/a", "https://x.org/a")]);
        check("(see http://x.org/a_(b))", &[("http://x.org/a_(b)", "http://x.org/a_(b)")]);
        check(
            "<https://x.org>, www.y.org!",
            &[("https://x.org", "https://x.org"), ("www.y.org", "https://www.y.org")],
        );
        check("write to ana@example.org, please", &[("ana@example.org", "mailto:ana@example.org")]);
        check("mailto:ana@example.org", &[("mailto:ana@example.org", "mailto:ana@example.org")]);
        check("no link @ all", &[]);
    }

    #[test]
    fn hostile_text_makes_no_link() {
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "http://bank.example@evil.example/",
            "https://ex\u{202E}ample.org",
            "https://ex\u{200B}ample.org",
            "mailto:a@x.org?bcc=b@y.org",
            "vbscript:x",
            "a@b",
        ] {
            check(text, &[]);
        }
        check("\"https://x.org\"onclick=alert(1)", &[("https://x.org", "https://x.org")]);
        check("https://x.org/<script>", &[("https://x.org/", "https://x.org/")]);
    }
}
