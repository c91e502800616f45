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
/// Remote images stay as `<img data-remote="N">`, without a number where nothing would be seen or fetched, inline ones
/// as `<img data-cid="N">`; a link whose text shows another host than it leads to carries that host in `data-mismatch`. The result of a second pass over
/// `html` is the same `html`.
pub fn safe_html(html: &str) -> SafeHtml {
    let source = clean::cut(html, HTML_BYTES_MAX);
    let rewritten = rewrite::rewrite(source, Purpose::Show);
    SafeHtml {
        html: second_wall::clean(&rewritten.html, false),
        css: rewritten.css,
        remote_count: rewritten.remote_count,
        content_ids: rewritten.content_ids,
        remote_images: rewritten.remote_images,
    }
}

/// What HTML is rewritten for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose<'a> {
    /// To be shown here, in a sandbox that holds remote images back.
    Show,
    /// To be sent, with the images of these Content-IDs.
    Send(&'a [&'a str]),
}

/// A document as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SentHtml {
    /// The whole document, lines ended by CRLF.
    pub(crate) document: String,
    /// The Content-IDs that it shows, in order of first use.
    pub(crate) content_ids: Vec<String>,
}

/// What a person composed, as clean as what is shown: the same allow-list and the same two walls. Images that
/// would be fetched are left out, since they would tell who reads the message and when; those of
/// `content_ids` are named as every reader expects them.
pub(crate) fn html_to_send(html: &str, content_ids: &[&str]) -> SentHtml {
    let source = clean::cut(html, HTML_BYTES_MAX);
    let rewritten = rewrite::rewrite(source, Purpose::Send(content_ids));
    let body = second_wall::clean(&rewritten.html, true);
    // In a message of its own the root of the style sheet is the body.
    let css = rewritten.css.replace(css::ROOT, "body");
    let style = if css.is_empty() { css } else { format!("<style>\n{css}</style>\n") };
    let head = format!("<head><meta charset=\"utf-8\">\n{style}</head>");
    let document = format!("<!DOCTYPE html>\n<html>{head}<body>\n{body}\n</body></html>\n");
    SentHtml {
        document: document.replace("\r\n", "\n").replace('\r', "").replace('\n', "\r\n"),
        content_ids: rewritten.content_ids,
    }
}
