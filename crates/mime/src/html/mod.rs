//! Hostile HTML to safe HTML, and to text.
//!
//! Two walls, each enough alone. Ours reads tags leniently and writes again only what `elements` allows:
//! balanced, bounded in depth and count, every attribute decoded, judged and escaped anew, styles turned
//! into rules. Then ammonia parses that as a browser does and keeps only its own copy of the allow-list.
//! SVG, MathML, templates, frames, forms and scripts never reach the second wall, so it never leaves
//! the HTML namespace (the ground of every known mutation attack).

mod attributes;
mod css;
mod elements;
mod entities;
mod image;
mod link;
mod rewrite;
mod second_wall;
mod text;
mod tokens;

pub(crate) use text::text_of;

use crate::{clean, limits::HTML_BYTES_MAX};
use caliopen_model::SafeHtml;

/// Hostile HTML made safe to show in a sandbox.
///
/// Remote images stay as `<img data-remote>`, inline ones as `<img data-cid="N">`; a link whose text shows
/// another host than it leads to carries that host in `data-mismatch`. The result of a second pass over
/// `html` is the same `html`.
pub fn safe_html(html: &str) -> SafeHtml {
    let source = clean::cut(html, HTML_BYTES_MAX);
    let rewritten = rewrite::rewrite(source);
    SafeHtml {
        html: second_wall::clean(&rewritten.html),
        css: rewritten.css,
        remote_count: rewritten.remote_count,
        content_ids: rewritten.content_ids,
    }
}
