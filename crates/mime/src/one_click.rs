//! How a list is left by one request (RFC 8058): what the two header fields say. Whether they may be believed is decided
//! where signatures are checked.

use crate::{
    defects::Defects,
    headers::{Field, Headers},
    limits::{LIST_URIS_MAX, URI_BYTES_MAX},
    structure::ROOT_LIMITS,
};

/// The field that names the ways out of a list (RFC 2369 §3.2).
pub const LIST_UNSUBSCRIBE: &str = "List-Unsubscribe";
/// The field that says that one of them takes a request without questions (RFC 8058 §3.1).
pub const LIST_UNSUBSCRIBE_POST: &str = "List-Unsubscribe-Post";
/// What that field says, and what the request sends (RFC 8058 §3.2).
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// The HTTPS URL that one request to takes its reader off the message's list. `None` unless each of the two fields
/// stands exactly once, and names one URL of the web.
pub fn one_click(raw: &[u8]) -> Option<String> {
    let (headers, _) = Headers::split(raw, ROOT_LIMITS, &mut Defects::default());
    url_of(headers.all(LIST_UNSUBSCRIBE).copied(), headers.all(LIST_UNSUBSCRIBE_POST).copied())
}

/// The same, of the fields that another reader of the header found: their names, and their values as they stand.
/// What is signed is what that reader saw, so that both must say the same.
pub fn one_click_of<'a>(fields: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone) -> Option<String> {
    let named = |name: &'static str| {
        let of_name = fields.clone().filter(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()));
        of_name.map(|(_, value)| Field::new(name, value))
    };
    url_of(named(LIST_UNSUBSCRIBE), named(LIST_UNSUBSCRIBE_POST))
}

fn url_of<'a>(
    ways: impl Iterator<Item = Field<'a>>,
    post: impl Iterator<Item = Field<'a>>,
) -> Option<String> {
    let post = only(post)?.unfolded();
    post.trim().eq_ignore_ascii_case(ONE_CLICK).then_some(())?;
    https_url(&only(ways)?.unfolded())
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// The one URL of the web among the URIs of a field (RFC 2369 §2: in angle brackets, where white space is nothing).
fn https_url(value: &str) -> Option<String> {
    let bracketed = || value.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(uri, _)| uri);
    if bracketed().count() > LIST_URIS_MAX {
        return None;
    }
    let uris = bracketed().map(|uri| uri.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>());
    let url = only(uris.filter(|uri| after(uri, "http:").or_else(|| after(uri, "https:")).is_some()))?;
    is_usable(&url).then_some(url)
}

/// Of characters that a URI has (RFC 3986 §2), with a host and nobody's name before it.
fn is_usable(url: &str) -> bool {
    let is_written_well = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
    let authority = after(url, "https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    is_written_well
        && url.len() <= URI_BYTES_MAX
        && authority.is_some_and(|authority| !authority.is_empty() && !authority.contains('@'))
}

/// What follows a scheme, whatever its case.
fn after<'a>(uri: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = uri.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";

    fn check(fields: &str, expected: Option<&str>) {
        let raw = format!("From: a@news.test\r\n{fields}\r\nbody\r\n");
        assert_eq!(one_click(raw.as_bytes()).as_deref(), expected, "{fields}");
    }

    fn check_ways(ways: &str, expected: Option<&str>) {
        check(&format!("List-Unsubscribe: {ways}\r\n{POST}"), expected);
    }

    #[test]
    fn one_url_of_the_web_is_the_way_out() {
        let url = Some("https://news.test/leave?u=1");
        check_ways("<https://news.test/leave?u=1>", url);
        check_ways("<mailto:leave@news.test>, <https://news.test/leave?u=1>", url);
        check_ways("(by hand) <https://news.test/leave?u=1> (or not)", url);
        check_ways("<https://news.test/\r\n leave?u=1>,\r\n\t<mailto:leave@news.test>", url);
        check_ways("<HTTPS://news.test/leave>", Some("HTTPS://news.test/leave"));
        check(
            "list-unsubscribe: <https://a.test>\r\nLIST-UNSUBSCRIBE-POST:  list-unsubscribe=one-click \r\n",
            Some("https://a.test"),
        );
    }

    #[test]
    fn what_names_none_or_several_or_a_strange_one_is_no_way_out() {
        for ways in [
            "",
            "https://news.test/leave",
            "<mailto:leave@news.test>",
            "<http://news.test/leave>",
            "<https://news.test/1>, <https://news.test/2>",
            "<http://news.test/1>, <https://news.test/2>",
            "<https://>",
            "<https:///leave>",
            "<https:news.test>",
            "<https://me@news.test/>",
            "<https://me:secret@news.test/>",
            "<https://näws.test/>",
            "<https://news.test/{id}>",
            "<javascript:alert(1)>",
            "<https://news.test",
        ] {
            check_ways(ways, None);
        }
        check_ways(&format!("<https://news.test/{}>", "x".repeat(URI_BYTES_MAX)), None);
        check_ways(&"<mailto:a@b.test>,".repeat(LIST_URIS_MAX), None);
        check_ways(&format!("{}<https://a.test>", "<mailto:a@b.test>,".repeat(LIST_URIS_MAX)), None);
    }

    #[test]
    fn each_field_stands_exactly_once() {
        let ways = "List-Unsubscribe: <https://news.test/>\r\n";
        check(ways, None);
        check(POST, None);
        check(&format!("{ways}{ways}{POST}"), None);
        check(&format!("{ways}{POST}{POST}"), None);
        check(&format!("{ways}List-Unsubscribe : <https://evil.test/>\r\n{POST}"), None);
        check(&format!("{ways}List-Unsubscribe-Post: List-Unsubscribe=Two-Clicks\r\n"), None);
        check(&format!("{ways}List-Unsubscribe-Post: List-Unsubscribe=One-Click, x=y\r\n"), None);
        check(&format!("{ways}X: 1\r\n\r\n{POST}"), None);
    }

    #[test]
    fn the_fields_of_another_reader_are_decided_alike() {
        let (ways, post) =
            ((LIST_UNSUBSCRIBE, " <https://a.test/x\r\n y>\r\n"), (LIST_UNSUBSCRIBE_POST, ONE_CLICK));
        let of = |fields: &[(&str, &str)]| {
            one_click_of(fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())))
        };
        assert_eq!(of(&[ways, post]).as_deref(), Some("https://a.test/xy"));
        assert_eq!(of(&[ways, post, ways]), None);
        assert_eq!(of(&[("List-Unsubscribe ", ways.1), post]), None);
    }

    proptest! {
        /// Whatever a stranger writes: no panic, and what comes out can be asked as it stands.
        #[test]
        fn any_value_gives_a_plain_url_or_none(value in "[<>a-z:/@?# ,\\PC]{0,200}", head in any::<Vec<u8>>()) {
            one_click(&head);
            let raw = format!("List-Unsubscribe: {value}\r\n{POST}\r\n");
            if let Some(url) = one_click(raw.as_bytes()) {
                prop_assert!(url.len() <= URI_BYTES_MAX && url.is_ascii() && !url.contains(char::is_whitespace));
                prop_assert!(url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")));
            }
        }
    }
}
