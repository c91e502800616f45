//! What is shown of a message, part by part, as docs/api has it.

use serde::Serialize;

/// One displayable part.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Body {
    /// Plain text.
    Text {
        /// The text, with `\n` line ends.
        text: String,
        /// Ranges of quoted lines, from 0, their end excluded.
        quoted_lines: Vec<(u32, u32)>,
    },
    /// HTML that was made safe.
    Html {
        /// The content of a body element.
        html: String,
        /// Its style sheet.
        css: String,
        /// The same part as plain text.
        text: String,
        /// Things that would have been fetched from elsewhere.
        remote_count: u32,
        /// How many pictures elsewhere can be fetched in the reader's place; `html` counts them.
        remote_images: usize,
        /// Inline images, in the order in which `html` counts them.
        content_ids: Vec<String>,
    },
}

impl From<caliopen_model::Body> for Body {
    fn from(body: caliopen_model::Body) -> Self {
        match body {
            caliopen_model::Body::Text { text, quoted_lines } => Self::Text { text, quoted_lines },
            caliopen_model::Body::Html { safe, text } => Self::Html {
                html: safe.html,
                css: safe.css,
                text,
                remote_count: safe.remote_count,
                remote_images: safe.remote_images.len(),
                content_ids: safe.content_ids,
            },
        }
    }
}
