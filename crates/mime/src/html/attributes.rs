//! Attributes: each is read for what it means and written anew, or left out.

use super::{elements, entities, tokens::Tag};
use crate::{clean, limits};

/// Attributes to write, decoded, each once.
pub(crate) type Written = Vec<(&'static str, String)>;

/// The attributes of a kept element that are judged by themselves; `class` is one more class to carry.
/// Those that load or lead somewhere (`href`, `src`, `data-…`) are written by those who judge them.
pub(crate) fn written(element: &str, tag: &Tag<'_>, class: Option<&str>) -> Written {
    const JUDGED_ELSEWHERE: [&str; 6] = ["class", "href", "src", "data-cid", "data-remote", "data-mismatch"];
    let mut written = Written::new();
    if let Some(classes) = classes(tag.attribute("class").as_deref().unwrap_or_default(), class) {
        written.push(("class", classes));
    }
    for name in elements::attributes(element).filter(|name| !JUDGED_ELSEWHERE.contains(name)) {
        if let Some(value) = tag.attribute(name).and_then(|value| judge(name, element, value.trim())) {
            written.push((name, value));
        }
    }
    written
}

/// A start tag with its attributes, escaped.
pub(crate) fn start_tag(element: &str, written: &Written) -> String {
    let mut tag = format!("<{element}");
    for (name, value) in written {
        write(name, value, &mut tag);
    }
    tag.push('>');
    tag
}

/// Appends one attribute to a start tag.
pub(crate) fn write(name: &str, value: &str, tag: &mut String) {
    tag.push(' ');
    tag.push_str(name);
    tag.push_str("=\"");
    entities::escape_value(value, tag);
    tag.push('"');
}

/// The name with the message's own prefix, if it is made of letters, digits, `-` and `_`.
pub(crate) fn prefixed(name: &str) -> Option<String> {
    const NAME_BYTES_MAX: usize = 80;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let valid = !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.bytes().all(plain);
    valid.then(|| if name.starts_with("m-") { name.to_owned() } else { format!("m-{name}") })
}

fn classes(given: &str, more: Option<&str>) -> Option<String> {
    let given = given.split_ascii_whitespace().take(limits::CLASSES_MAX).filter_map(prefixed);
    let mut classes: Vec<String> = given.collect();
    classes.extend(more.map(str::to_owned));
    classes.truncate(limits::CLASSES_MAX);
    (!classes.is_empty()).then(|| classes.join(" "))
}

/// The value of an attribute that is safe to write, or nothing.
fn judge(name: &str, element: &str, value: &str) -> Option<String> {
    const TEXT_CHARS_MAX: usize = 1_000;
    let lower = value.to_ascii_lowercase();
    match name {
        "alt" | "title" => Some(clean::one_line(value, TEXT_CHARS_MAX)),
        "id" => prefixed(value),
        "dir" => one_of(&lower, &["ltr", "rtl", "auto"]),
        "lang" => token(value, 35, "-"),
        "datetime" => token(value, 40, "-+:. "),
        "face" => token(value, 200, " ,-_"),
        "align" | "valign" => one_of(
            &lower,
            &["left", "right", "center", "justify", "top", "middle", "bottom", "baseline", "absmiddle"],
        ),
        "width" | "height" => dimension(&lower),
        "color" | "bgcolor" | "bordercolor" => color(value),
        "border" | "cellpadding" | "cellspacing" | "hspace" | "vspace" => number(value, 0, 100),
        "size" if element == "font" => token(value, 2, "+-"),
        "size" => number(value, 0, 100),
        "colspan" | "span" => number(value, 1, 100),
        "rowspan" => number(value, 0, 500),
        "start" | "value" => number(value, -100_000, 100_000),
        "scope" => one_of(&lower, &["row", "col", "rowgroup", "colgroup"]),
        "type" => one_of(value, &["1", "a", "A", "i", "I", "disc", "circle", "square"]),
        "nowrap" | "open" | "reversed" => Some(String::new()),
        _ => None,
    }
}

fn one_of(value: &str, words: &[&str]) -> Option<String> {
    words.contains(&value).then(|| value.to_owned())
}

fn token(value: &str, bytes_max: usize, also: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
    (!value.is_empty() && value.len() <= bytes_max && value.chars().all(plain)).then(|| value.to_owned())
}

/// The number that a value begins with, clamped.
fn number(value: &str, least: i64, most: i64) -> Option<String> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let size: i64 = clean::cut(digits, count.min(9)).parse().ok()?;
    let signed = if value.starts_with('-') { -size } else { size };
    Some(signed.clamp(least, most).to_string())
}

/// Pixels or a percentage, clamped.
fn dimension(value: &str) -> Option<String> {
    let percent = value.ends_with('%');
    let most = if percent { 100 } else { limits::CSS_LENGTH_PX_MAX as i64 };
    let number = number(value, 0, most)?;
    Some(if percent { format!("{number}%") } else { number })
}

/// `#rgb`, `#rrggbb`, six digits that lack their `#`, or a colour's name.
pub(crate) fn color(value: &str) -> Option<String> {
    let value = value.trim().to_ascii_lowercase();
    let digits = value.strip_prefix('#').unwrap_or(&value);
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && (digits.len() == 6 || (digits.len() == 3 && value.starts_with('#'))) {
        return Some(format!("#{digits}"));
    }
    let is_name = (3..=20).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_lowercase());
    is_name.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_written_anew() {
        let check = |name: &str, value: &str, expected: Option<&str>| {
            assert_eq!(judge(name, "td", value).as_deref(), expected, "{name}={value}");
        };
        check("width", "600px", Some("600"));
        check("width", "99999999999999999999", Some("2000"));
        check("width", "150%", Some("100%"));
        check("width", "expression(1)", None);
        check("height", "-5", Some("0"));
        check("bgcolor", "#FFF", Some("#fff"));
        check("bgcolor", "ff00FF", Some("#ff00ff"));
        check("bgcolor", "red;}", None);
        check("align", "CENTER", Some("center"));
        check("align", "x\" onload=", None);
        check("colspan", "0", Some("1"));
        check("id", "a b", None);
        check("id", "top", Some("m-top"));
        check("id", "m-top", Some("m-top"));
        check("onclick", "x", None);
    }
}
