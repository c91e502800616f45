//! Words of strangers that are shown: anybody writes anything into a certificate or a report.

/// Without control characters, and at most so many characters; none when nothing is left.
pub(crate) fn shown(text: &str, chars_max: usize) -> Option<String> {
    let visible = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let shown = visible.take(chars_max).collect::<String>().trim().to_owned();
    (!shown.is_empty()).then_some(shown)
}
