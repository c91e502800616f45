//! Media queries: the width of the frame and the colours that the reader prefers, nothing else. None of them
//! can make a request; the others would only tell devices apart.

use super::Failure;
use cssparser::{Parser, Token};

/// Pieces of one query list.
const PIECES_MAX: usize = 20;

/// The query written anew, or nothing when something in it is not allowed.
pub(super) fn query(input: &mut Parser<'_>) -> Option<String> {
    let mut pieces: Vec<String> = Vec::new();
    while let Ok(token) = input.next().cloned() {
        let piece = match &token {
            Token::Ident(word) => word_of(&word.to_ascii_lowercase())?,
            Token::Comma => ",".to_owned(),
            Token::ParenthesisBlock => feature(input)?,
            _ => return None,
        };
        pieces.push(piece);
        if pieces.len() > PIECES_MAX {
            return None;
        }
    }
    let query = pieces.join(" ").replace(" ,", ",");
    (!query.is_empty()).then_some(query)
}

fn word_of(word: &str) -> Option<String> {
    matches!(word, "screen" | "all" | "only" | "and" | "print" | "or").then(|| word.to_owned())
}

fn feature(input: &mut Parser<'_>) -> Option<String> {
    let read: Result<Option<String>, Failure> = input.parse_nested_block(|input| {
        let name = input.expect_ident_cloned()?.to_ascii_lowercase();
        input.expect_colon()?;
        let value = input.next()?.clone();
        Ok(match (name.as_str(), value) {
            ("max-width" | "max-device-width", Token::Dimension { value, unit, .. }) => {
                width("max", value, &unit)
            }
            ("min-width" | "min-device-width", Token::Dimension { value, unit, .. }) => {
                width("min", value, &unit)
            }
            ("prefers-color-scheme", Token::Ident(scheme)) => {
                let scheme = scheme.to_ascii_lowercase();
                matches!(scheme.as_str(), "dark" | "light")
                    .then(|| format!("(prefers-color-scheme:{scheme})"))
            }
            _ => None,
        })
    });
    read.ok().flatten()
}

/// The device's width is read as the frame's: a message is shown in a frame.
fn width(bound: &str, value: f32, unit: &str) -> Option<String> {
    const WIDTH_MAX: f32 = 10_000.0;
    let unit = unit.to_ascii_lowercase();
    let valid = value.is_finite() && matches!(unit.as_str(), "px" | "em" | "rem");
    valid.then(|| format!("({bound}-width:{}{unit})", value.clamp(0.0, WIDTH_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_width_and_colours_are_asked_for() {
        let check = |css: &str, expected: Option<&str>| {
            assert_eq!(query(&mut Parser::new(css)).as_deref(), expected, "{css}");
        };
        check("only screen and (max-width: 600px)", Some("only screen and (max-width:600px)"));
        check("(max-device-width:40em), print", Some("(max-width:40em), print"));
        check("(PREFERS-color-scheme: Dark)", Some("(prefers-color-scheme:dark)"));
        check("(min-resolution: 2dppx)", None);
        check("screen and (-webkit-min-device-pixel-ratio:0)", None);
        check("(max-width: 600px;)", None);
        check("not all", None);
        check("", None);
    }
}
