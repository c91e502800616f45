//! What is shown of a message: one body for each displayable part, and the header for the source view.

use crate::{
    body,
    defects::Defects,
    displayed::{self, Displayed},
    html, language, limits, message,
    structure::Tree,
    text::quotes,
};
use caliopen_model::{Body, Part, PartId, Reading};

/// Reads what a message shows. Never fails.
///
/// A body ends at `limits::BODY_TEXT_BYTES_MAX` or `limits::HTML_BYTES_MAX`; `parse` then says `body-cut`.
pub fn read(raw: &[u8]) -> Reading {
    let mut defects = Defects::default();
    let tree = Tree::read(raw, &mut defects);
    let layout = displayed::layout(&tree);
    let bodies: Vec<Body> = layout.bodies.iter().map(body_of).collect();
    let fields = tree.root().map(|root| root.headers.fields()).unwrap_or_default();
    let headers = fields.iter().map(|field| (field.name.to_owned(), visible(&field.unfolded()))).collect();
    let words: Vec<&str> = bodies.iter().map(text_of).collect();
    let language = language::of(fields, &words.join("\n"));
    Reading { bodies, headers, language, encryption_report: None }
}

/// What a message says in plain text: one text for each displayable part, each as [`read`] gives it. Costs less than
/// making the HTML safe.
pub fn texts(raw: &[u8]) -> Vec<String> {
    let mut defects = Defects::default();
    let tree = Tree::read(raw, &mut defects);
    displayed::layout(&tree).bodies.iter().map(|part| body::plain_text(part, &mut defects)).collect()
}

/// The file or displayed part of that id, with its decoded bytes.
///
/// The bytes of a text part are in its own charset; those of a forwarded message are the message itself.
pub fn part(raw: &[u8], id: PartId) -> Option<(Part, Vec<u8>)> {
    let mut defects = Defects::default();
    let tree = Tree::read(raw, &mut defects);
    let node = tree.node(usize::try_from(id.0).ok()?)?;
    let bytes = node.encoding.decode(node.body, &mut defects);
    Some((message::part_of(node, &mut defects), bytes))
}

fn text_of(body: &Body) -> &str {
    match body {
        Body::Text { text, .. } | Body::Html { text, .. } => text,
    }
}

fn body_of(displayed: &Displayed<'_, '_>) -> Body {
    let mut defects = Defects::default();
    if !displayed.node.is("text/html") {
        let text = body::text_of(displayed.node, limits::BODY_TEXT_BYTES_MAX, &mut defects);
        let quoted_lines = quotes::ranges(&text);
        return Body::Text { text, quoted_lines };
    }
    let source = body::source_of(displayed.node, limits::HTML_BYTES_MAX, &mut defects);
    let plain = displayed.plain.map(|node| body::text_of(node, limits::BODY_TEXT_BYTES_MAX, &mut defects));
    let text = plain.filter(|text| !text.trim().is_empty());
    let text = text.unwrap_or_else(|| html::text_of(&source, limits::BODY_TEXT_BYTES_MAX));
    Body::Html { safe: html::safe_html(&source), text }
}

/// Control characters made visible, so that a header cannot write over the view that shows it.
fn visible(value: &str) -> String {
    value.chars().map(|c| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c }).collect()
}
