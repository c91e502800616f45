//! The allow-lists: which elements are kept, which lose their tags, which are dropped with their content.

/// What happens to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// Kept, with what is inside.
    Keep,
    /// Kept; it has no content and no end tag.
    Void,
    /// The tags go, what is inside stays.
    Unwrap,
    /// Gone with all that is inside.
    Drop,
}

/// Elements that are kept, in order. Nothing here loads, runs, submits or leaves the HTML namespace.
pub(crate) const KEPT: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// Elements whose content is never text for a reader, or is another language than HTML.
const DROPPED: &[&str] = &[
    "applet",
    "audio",
    "canvas",
    "datalist",
    "frameset",
    "iframe",
    "map",
    "math",
    "noembed",
    "noframes",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xml",
    "xmp",
];

/// Formatting elements, which the standard opens again in each new block (§13.2.4.3).
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u", "nobr"];

/// Elements whose start closes an open paragraph (§13.2.6.4.7).
const CLOSES_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "dd",
    "dt",
    "form",
    "fieldset",
];

/// What happens to the element of this name, and the name as this room keeps it.
pub(crate) fn treatment(name: &str) -> (Treatment, Option<&'static str>) {
    match kept(name) {
        Some(name) if VOID.contains(&name) => (Treatment::Void, Some(name)),
        Some(name) => (Treatment::Keep, Some(name)),
        None if DROPPED.contains(&name) => (Treatment::Drop, None),
        None => (Treatment::Unwrap, None),
    }
}

/// The name as this room keeps it, if elements of it may come out.
pub(crate) fn kept(name: &str) -> Option<&'static str> {
    let index = KEPT.binary_search(&name).ok()?;
    KEPT.get(index).copied()
}

/// Whether this is a formatting element.
pub(crate) fn is_formatting(name: &str) -> bool {
    FORMATTING.contains(&name)
}

/// Special elements, `address`, `div` and `p` aside: an item that begins does not close one outside them
/// (§13.2.6.4.7).
const ITEM_BARRIERS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "colgroup",
    "dd",
    "details",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "nav",
    "ol",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements that bound what a tag inside them can close.
const CELLS: &[&str] = &["table", "td", "th", "caption"];

/// Open elements that the start of `name` closes, and those that they are not looked for beyond.
pub(crate) fn implied_ends(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "a" => (&["a"], CELLS),
        _ if CLOSES_PARAGRAPH.contains(&name) => (&["p"], CELLS),
        _ => (&[], &[]),
    }
}

/// What a piece of a table may stand in directly, if this is one (§13.2.6.4.9 to 15).
pub(crate) fn table_parents(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "td" | "th" => Some(&["tr", "tbody", "thead", "tfoot", "table"]),
        "tr" => Some(&["tbody", "thead", "tfoot", "table"]),
        "col" => Some(&["colgroup", "table"]),
        "caption" | "colgroup" | "tbody" | "tfoot" | "thead" => Some(&["table"]),
        _ => None,
    }
}

/// Elements whose content is pieces of a table and nothing else. Browsers move what else stands there.
pub(crate) fn is_table_structure(name: &str) -> bool {
    matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "colgroup")
}

/// Items that the start of an item closes before it closes a paragraph.
pub(crate) fn closed_items(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], ITEM_BARRIERS),
        "dd" | "dt" => (&["dd", "dt"], ITEM_BARRIERS),
        _ => (&[], &[]),
    }
}

/// Open elements that an end tag of `name` does not reach beyond.
pub(crate) fn end_stops_at(name: &str) -> &'static [&'static str] {
    match name {
        "table" => &[],
        "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => &["table"],
        _ => CELLS,
    }
}

/// Attributes that may come out, by element; `*` is every element.
pub(crate) const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("*", &["class", "dir", "id", "lang", "title"]),
    ("a", &["data-mismatch", "href", "target"]),
    ("col", &["align", "span", "valign", "width"]),
    ("colgroup", &["align", "span", "valign", "width"]),
    ("details", &["open"]),
    ("font", &["color", "face", "size"]),
    ("hr", &["align", "color", "size", "width"]),
    (
        "img",
        &["align", "alt", "border", "data-cid", "data-remote", "height", "hspace", "src", "vspace", "width"],
    ),
    ("li", &["value"]),
    ("ol", &["reversed", "start", "type"]),
    (
        "table",
        &["align", "bgcolor", "border", "bordercolor", "cellpadding", "cellspacing", "height", "width"],
    ),
    ("td", &["align", "bgcolor", "colspan", "height", "nowrap", "rowspan", "valign", "width"]),
    ("th", &["align", "bgcolor", "colspan", "height", "nowrap", "rowspan", "scope", "valign", "width"]),
    ("time", &["datetime"]),
    ("tr", &["align", "bgcolor", "height", "valign"]),
    ("ul", &["type"]),
];

/// Elements that take `align` besides those.
const ALIGNED: &[&str] =
    &["caption", "div", "h1", "h2", "h3", "h4", "h5", "h6", "p", "tbody", "tfoot", "thead"];

/// The attributes that may come out of this element.
pub(crate) fn attributes(element: &str) -> impl Iterator<Item = &'static str> {
    let listed = ATTRIBUTES.iter().filter(move |(name, _)| *name == "*" || *name == element);
    let aligned = ALIGNED.contains(&element).then_some("align");
    listed.flat_map(|(_, attributes)| attributes.iter().copied()).chain(aligned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_names_nothing_twice() {
        assert!(KEPT.is_sorted_by(|before, after| before < after));
        assert!(KEPT.iter().all(|name| kept(name) == Some(*name)));
        assert!(VOID.iter().all(|name| treatment(name).0 == Treatment::Void));
        assert!(DROPPED.iter().all(|name| treatment(name).0 == Treatment::Drop));
    }

    #[test]
    fn what_runs_loads_or_submits_is_not_kept() {
        for name in [
            "base", "button", "embed", "form", "iframe", "input", "link", "math", "meta", "object", "script",
            "style", "svg", "template", "video",
        ] {
            assert_eq!(kept(name), None, "{name}");
        }
    }
}
