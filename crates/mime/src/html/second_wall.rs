//! The second wall: ammonia, with its own reading of what may pass.

use super::elements;
use ammonia::{Builder, UrlRelative};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

static SHOWN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut wall = builder();
    wall.link_rel(Some("noreferrer noopener"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(shown);
    wall
});
static SENT: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut wall = builder();
    wall.add_url_schemes(["cid"]).link_rel(None).attribute_filter(sent);
    wall
});

/// Parses as a browser does, and keeps only what the allow-lists name.
pub(crate) fn clean(html: &str, to_send: bool) -> String {
    let wall = if to_send { &SENT } else { &SHOWN };
    wall.clean(html).to_string()
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    let by_element = elements::KEPT.iter().map(|element| {
        let own: HashSet<&str> = elements::attributes(element).collect();
        // ammonia sets these two itself.
        (*element, own.into_iter().filter(|name| *name != "target").collect())
    });
    let tag_attributes: HashMap<&str, HashSet<&str>> = by_element.collect();
    builder
        .tags(elements::KEPT.iter().copied().collect())
        .clean_content_tags(HashSet::from(["script", "style", "svg", "math", "template", "iframe", "object"]))
        .tag_attributes(tag_attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "data"]))
        .url_relative(UrlRelative::Deny)
        .strip_comments(true);
    builder
}

/// The same for what leaves, where images of the message are named as other readers expect, and nothing is a
/// hint for ours.
fn sent<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") if value.starts_with("cid:") => Some(Cow::Borrowed(value)),
        (_, "target") => None,
        _ if attribute.starts_with("data-") => None,
        _ => shown(element, attribute, value),
    }
}

/// What a scheme means depends on the element; names carry the message's prefix.
fn shown<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let allowed = match (element, attribute) {
        ("a", "href") => ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)),
        ("img", "src") => value.starts_with("data:image/") && value.contains(";base64,"),
        (_, "href" | "src") => false,
        (_, "id") => value.starts_with("m-"),
        (_, "class") => value.split(' ').all(|class| class.starts_with("m-")),
        (_, "style") => false,
        _ => !attribute.starts_with("on"),
    };
    allowed.then_some(Cow::Borrowed(value))
}
