//! Values, token by token.

use super::{Failure, properties::Allowed};
use crate::limits;
use cssparser::{ParseError, Parser, Token};

/// Functions inside each other that are looked into for what they would load.
const COUNT_DEPTH_MAX: usize = 8;
/// Longest name that is kept.
const NAME_BYTES_MAX: usize = 60;

fn refused<T>() -> Result<T, Failure> {
    Err(ParseError::unexpected_token())
}

/// A value made only of what is allowed, up to `!important` or the end.
pub(super) fn plain(input: &mut Parser<'_>, allowed: &Allowed) -> Result<String, Failure> {
    let mut value = String::new();
    let mut count = 0;
    loop {
        let start = input.state();
        let Ok(token) = input.next().cloned() else { break };
        if matches!(token, Token::Delim('!')) {
            input.reset(&start);
            break;
        }
        count += 1;
        if count > limits::CSS_VALUES_MAX {
            return refused();
        }
        let separator = matches!(token, Token::Comma | Token::Delim('/'));
        let piece = piece(&token, input, allowed)?;
        if !separator && !value.is_empty() && !value.ends_with([',', '/']) {
            value.push(' ');
        }
        value.push_str(&piece);
    }
    if value.is_empty() { refused() } else { Ok(value) }
}

fn piece(token: &Token<'_>, input: &mut Parser<'_>, allowed: &Allowed) -> Result<String, Failure> {
    match token {
        Token::Ident(name) if is_word(name) => Ok(name.to_ascii_lowercase()),
        Token::Ident(name) if allowed.names && is_name(name) => Ok(format!("\"{name}\"")),
        Token::QuotedString(name) if allowed.names && is_name(name) => Ok(format!("\"{name}\"")),
        Token::Comma if allowed.names => Ok(",".to_owned()),
        Token::Delim('/') if allowed.names => Ok("/".to_owned()),
        Token::Hash(digits) | Token::IDHash(digits) if allowed.colors => hex_color(digits),
        Token::Function(name) if allowed.colors => color_function(&name.to_ascii_lowercase(), input),
        Token::Number { value: 0.0, .. } => Ok("0".to_owned()),
        Token::Number { value, .. } if allowed.number_max > 0.0 => Ok(number(*value, allowed.number_max)),
        Token::Percentage { unit_value, .. } if allowed.percent_max > 0.0 => {
            Ok(format!("{}%", number(unit_value * 100.0, allowed.percent_max)))
        }
        Token::Dimension { value, unit, .. } if allowed.length_px_max > 0.0 => {
            length(*value, &unit.to_ascii_lowercase(), allowed.length_px_max)
        }
        _ => refused(),
    }
}

/// The first colour of a `background`, whatever stands beside it.
pub(super) fn background_color(input: &mut Parser<'_>) -> Result<String, Failure> {
    let mut found = None;
    loop {
        let start = input.state();
        let Ok(token) = input.next().cloned() else { break };
        let color = match &token {
            Token::Delim('!') => {
                input.reset(&start);
                break;
            }
            Token::Hash(digits) | Token::IDHash(digits) => hex_color(digits).ok(),
            Token::Function(name) => color_function(&name.to_ascii_lowercase(), input).ok(),
            Token::Ident(name) if is_word(name) && !is_background_word(name) => {
                Some(name.to_ascii_lowercase())
            }
            _ => None,
        };
        found = found.or(color);
    }
    found.ok_or_else(ParseError::unexpected_token)
}

/// Words of `background` that are no colour.
fn is_background_word(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "auto",
        "border-box",
        "bottom",
        "center",
        "contain",
        "content-box",
        "cover",
        "fixed",
        "left",
        "local",
        "none",
        "padding-box",
        "right",
        "round",
        "scroll",
        "top",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.contains(&name.as_str()) || name.contains("repeat") || name == "space"
}

/// A word of CSS: letters and hyphens, so that nothing in it is escaped or a custom property.
fn is_word(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    letters && !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.starts_with("--")
}

/// A font's name.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " -_.+".contains(c);
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.chars().all(plain)
}

fn hex_color(digits: &str) -> Result<String, Failure> {
    let valid = matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if valid { Ok(format!("#{}", digits.to_ascii_lowercase())) } else { refused() }
}

/// `rgb()`, `rgba()`, `hsl()`, `hsla()` of numbers. Any other function is refused, and skipped by the parser.
fn color_function(name: &str, input: &mut Parser<'_>) -> Result<String, Failure> {
    if !matches!(name, "rgb" | "rgba" | "hsl" | "hsla") {
        return refused();
    }
    let arguments = input.parse_nested_block(|input| {
        let mut arguments = String::new();
        while let Ok(token) = input.next().cloned() {
            let piece = match token {
                Token::Number { value, .. } => number(value, 360.0),
                Token::Percentage { unit_value, .. } => format!("{}%", number(unit_value * 100.0, 100.0)),
                Token::Dimension { value, ref unit, .. } if unit.eq_ignore_ascii_case("deg") => {
                    format!("{}deg", number(value, 360.0))
                }
                Token::Comma => ",".to_owned(),
                Token::Delim('/') => "/".to_owned(),
                _ => return refused(),
            };
            let separator = matches!(piece.as_str(), "," | "/");
            if !separator && !arguments.is_empty() && !arguments.ends_with([',', '/']) {
                arguments.push(' ');
            }
            arguments.push_str(&piece);
        }
        Ok(arguments)
    })?;
    if arguments.len() > NAME_BYTES_MAX { refused() } else { Ok(format!("{name}({arguments})")) }
}

/// A number from 0 to `most`, with at most three decimals.
fn number(value: f32, most: f32) -> String {
    let value = if value.is_finite() { value.clamp(0.0, most) } else { 0.0 };
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A length from 0 to `px_max` pixels, in its own unit.
fn length(value: f32, unit: &str, px_max: f32) -> Result<String, Failure> {
    let unit_px = match unit {
        "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" | "em" | "rem" => 16.0,
        "ex" | "ch" => 8.0,
        "in" => 96.0,
        "cm" => 38.0,
        "mm" => 3.8,
        "vw" | "vh" => 20.0,
        _ => return refused(),
    };
    Ok(format!("{}{unit}", number(value, px_max / unit_px)))
}

/// Counts what a value or an at-rule would fetch; reads to the end of `input`.
pub(super) fn count_remote(input: &mut Parser<'_>, strings_load: bool) -> u32 {
    count(input, strings_load, COUNT_DEPTH_MAX)
}

fn count(input: &mut Parser<'_>, strings_load: bool, depth: usize) -> u32 {
    let mut total = 0u32;
    while let Ok(token) = input.next().cloned() {
        let found = match &token {
            Token::UnquotedUrl(url) => u32::from(is_remote(url)),
            Token::BadUrl(_) => 1,
            Token::QuotedString(url) if strings_load => u32::from(is_remote(url)),
            Token::Function(name) if depth > 0 => {
                let loads = loads(&name.to_ascii_lowercase());
                nested(input, loads, depth)
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock if depth > 0 => {
                nested(input, false, depth)
            }
            _ => 0,
        };
        total = total.saturating_add(found);
    }
    total
}

fn nested(input: &mut Parser<'_>, strings_load: bool, depth: usize) -> u32 {
    let counted: Result<u32, Failure> =
        input.parse_nested_block(|input| Ok(count(input, strings_load, depth - 1)));
    counted.unwrap_or_default()
}

/// Functions whose strings are addresses of things to load.
fn loads(function: &str) -> bool {
    matches!(function, "url" | "src" | "image" | "url-prefix")
        || function.contains("image-set")
        || function.contains("cross-fade")
}

fn is_remote(url: &str) -> bool {
    super::super::link::is_remote(url)
}
