//! One displayable part: its bytes to text, and to what the person reads.

use crate::{
    charset, clean,
    defects::Defects,
    displayed::Displayed,
    html, limits,
    structure::Node,
    text::{self, flowed},
};

/// The text of a part as its sender wrote it, at most `bytes_max` of it.
pub(crate) fn source_of(node: &Node<'_>, bytes_max: usize, defects: &mut Defects) -> String {
    // No encoding takes more than three bytes for one (RFC 2045 §6.7), soft line breaks aside.
    let encoded = node.body.get(..bytes_max.saturating_mul(4)).unwrap_or(node.body);
    let decoded = node.encoding.decode(encoded, defects);
    let cut = decoded.get(..bytes_max).unwrap_or(&decoded);
    if encoded.len() < node.body.len() || cut.len() < decoded.len() {
        defects.add("body-cut", "a part is longer than what is displayed of it");
    }
    // A cut in the middle of a character is no defect of the charset.
    let whole = if cut.len() < decoded.len() { up_to_character(cut) } else { cut };
    let text = charset::decode(whole, node.media.parameter("charset"), defects);
    clean::cut(&text, bytes_max).to_owned()
}

/// Bytes without the beginning of a UTF-8 character at their end.
fn up_to_character(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}

/// The text of a part in plain text, flowed lines joined, `\n` at the end of lines.
pub(crate) fn text_of(node: &Node<'_>, bytes_max: usize, defects: &mut Defects) -> String {
    let text = text::normalise(&source_of(node, bytes_max, defects));
    let is = |name: &str, value: &str| {
        node.media.parameter(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    if is("format", "flowed") { flowed::unwrap(&text, is("delsp", "yes")) } else { text }
}

/// What a part says in plain text, as its sender gave it beside HTML or as the HTML shows it.
pub(crate) fn plain_text(displayed: &Displayed<'_, '_>, defects: &mut Defects) -> String {
    let given = displayed.plain.map(|plain| text_of(plain, limits::BODY_TEXT_BYTES_MAX, defects));
    if !displayed.node.is("text/html") {
        return text_of(displayed.node, limits::BODY_TEXT_BYTES_MAX, defects);
    }
    // Read even when it is not needed here, for its defects.
    let source = source_of(displayed.node, limits::HTML_BYTES_MAX, defects);
    let given = given.filter(|text| !text.trim().is_empty());
    given.unwrap_or_else(|| html::text_of(&source, limits::BODY_TEXT_BYTES_MAX))
}
