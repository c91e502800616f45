//! Links: where they lead, and whether their text says so.

use crate::{clean, limits::LINK_BYTES_MAX};
use ammonia::Url;

/// A link that leads somewhere.
#[derive(Debug)]
pub(crate) struct Link {
    /// Its URL, as [`target`] gives it.
    pub(crate) target: String,
    /// A mismatch that a first pass found.
    pub(crate) mismatch: Option<String>,
}

impl Link {
    /// The host (or mail domain) that the link leads to, when its text shows another one.
    pub(crate) fn mismatch_with(&self, text: &str) -> Option<String> {
        let url = Url::parse(&self.target).ok()?;
        let (host, shown) = if url.scheme() == "mailto" {
            let address = url.path().to_lowercase();
            let domain = address.rsplit_once('@')?.1.to_owned();
            (domain, shown_mail_domain(text))
        } else {
            (url.host_str()?.to_lowercase(), shown_host(text))
        };
        let differs = shown.is_some_and(|shown| !is_at_or_under(&host, &shown));
        if differs { Some(host) } else { self.mismatch.clone().filter(|before| *before == host) }
    }
}

/// A mismatch that stands in the source, if it is a host.
pub(crate) fn mismatch_kept(host: &str) -> Option<String> {
    Some(host.to_lowercase()).filter(|host| !host.is_empty() && host.len() <= 255)
}

/// A URL without what parsers skip: spaces and controls around it, tabs and line ends inside.
pub(crate) fn stripped(url: &str) -> String {
    let around = |c: char| c <= ' ' || c.is_control() || clean::is_invisible(c);
    url.trim_matches(around).chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect()
}

/// Whether something would be fetched from elsewhere: anything but nothing, `cid:`, `data:` and `about:`.
pub(crate) fn is_remote(url: &str) -> bool {
    let url = clean::cut(&stripped(clean::cut(url, LINK_BYTES_MAX)), 16).to_ascii_lowercase();
    !url.is_empty() && !["cid:", "data:", "about:", "#"].iter().any(|local| url.starts_with(local))
}

/// An absolute `http`, `https` or `mailto` URL as the URL Standard writes it, without user and password.
pub(crate) fn target(href: &str) -> Option<String> {
    if href.len() > LINK_BYTES_MAX {
        return None;
    }
    let href = stripped(href);
    let absolute = if href.starts_with("//") { format!("https:{href}") } else { href };
    let mut url = Url::parse(&absolute).ok()?;
    match url.scheme() {
        "mailto" => {}
        "http" | "https" => {
            url.host_str().filter(|host| !host.is_empty())?;
            // `https://bank.example@evil.example/` shows a host that is only a user's name.
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
        }
        _ => return None,
    }
    Some(String::from(url)).filter(|url| url.len() <= LINK_BYTES_MAX)
}

/// The host that a link's text shows: a word with a scheme or `www.`, or the whole text when it reads like
/// a host.
fn shown_host(text: &str) -> Option<String> {
    let text = visible(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let explicit = words.iter().find_map(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        let lower = word.to_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            host_of(word)
        } else if lower.starts_with("www.") {
            host_of(&format!("https://{word}"))
        } else {
            None
        }
    });
    match words.as_slice() {
        _ if explicit.is_some() => explicit,
        [only] if reads_like_host(only) => host_of(&format!("https://{only}")),
        _ => None,
    }
}

fn shown_mail_domain(text: &str) -> Option<String> {
    let text = visible(text);
    let word = text.split_whitespace().find(|word| word.contains('@'))?;
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (_, domain) = word.rsplit_once('@')?;
    domain.contains('.').then(|| domain.to_lowercase())
}

/// The text as it is seen: without what hides, direction overrides gone.
fn visible(text: &str) -> String {
    text.chars().filter(|&c| !clean::is_invisible(c) && !clean::is_bidi_control(c)).collect()
}

fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url.trim_end_matches(['.', ',', ';', ')', ']'])).ok()?;
    url.host_str().map(str::to_lowercase)
}

fn reads_like_host(word: &str) -> bool {
    const FILES: [&str; 14] =
        ["js", "pdf", "html", "htm", "png", "jpg", "jpeg", "gif", "doc", "docx", "xls", "xlsx", "zip", "txt"];
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase();
    let Some((before, last)) = host.rsplit_once('.') else { return false };
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let top = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic) && !FILES.contains(&last);
    top && before.split('.').all(label)
}

fn is_at_or_under(host: &str, shown: &str) -> bool {
    let shown = shown.strip_prefix("www.").unwrap_or(shown).trim_end_matches('.');
    let host = host.trim_end_matches('.');
    host == shown || host.strip_suffix(shown).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_schemes_lead_somewhere() {
        let check =
            |href: &str, expected: Option<&str>| assert_eq!(target(href).as_deref(), expected, "{href:?}");
        check("https://example.org/a?b=c", Some("https://example.org/a?b=c"));
        check(" HTTPS://EXAMPLE.org ", Some("https://example.org/"));
        check("ht\ntps://example.org/", Some("https://example.org/"));
        check("//example.org/x", Some("https://example.org/x"));
        check("mailto:ana@example.org", Some("mailto:ana@example.org"));
        check("https://bank.example@evil.example/", Some("https://evil.example/"));
        check("http:\\\\evil.example\\x", Some("http://evil.example/x"));
        for href in [
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "blob:x",
            "/relative",
            "#top",
            "",
            "x",
            "view-source:http://x",
            "feed:javascript:alert(1)",
            "jar:http://x!/",
            "intent://x",
            "https://",
        ] {
            check(href, None);
        }
    }

    #[test]
    fn text_and_target_that_differ_are_told() {
        let check = |href: &str, text: &str, expected: Option<&str>| {
            let link = Link { target: target(href).unwrap(), mismatch: None };
            assert_eq!(link.mismatch_with(text).as_deref(), expected, "{href} {text}");
        };
        check("https://evil.example/", "https://bank.example/login", Some("evil.example"));
        check("https://evil.example/", "www.bank.example", Some("evil.example"));
        check("https://evil.example/", "bank.example", Some("evil.example"));
        check("https://evil.example/", "Log in at https://bank.example now", Some("evil.example"));
        check("https://bank.example.evil.example/", "bank.example", Some("bank.example.evil.example"));
        check("https://bank.example/x", "https://www.bank.example", None);
        check("https://www.bank.example/x", "bank.example", None);
        check("https://login.bank.example/x", "bank.example", None);
        check("https://x.example/", "Click here", None);
        check("https://x.example/", "report.pdf", None);
        check("https://x.example/", "b\u{200B}ank.example", Some("x.example"));
        check("mailto:a@evil.example", "a@bank.example", Some("evil.example"));
        check("mailto:a@bank.example", "a@bank.example", None);
    }
}
