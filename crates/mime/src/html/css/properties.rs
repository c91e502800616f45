//! The properties that are kept, and what their values may be made of.
//!
//! Absent on purpose: `position`, `z-index`, `transform`, `clip`, `mask`, `filter` (they cover or hide what
//! is not theirs), `content`, `cursor`, `unicode-bidi` (they show other text than there is), `animation`,
//! `transition`, custom properties, and everything whose value is an image.

use crate::limits::{CSS_FONT_PX_MAX, CSS_LENGTH_PX_MAX};

/// What a value may be made of. Names made of letters are always allowed: without a property that they
/// mean something for, they mean nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Allowed {
    /// Largest length in pixels; the least is 0.
    pub(super) length_px_max: f32,
    /// Largest percentage.
    pub(super) percent_max: f32,
    /// Largest plain number.
    pub(super) number_max: f32,
    /// Colours as `#…` and as functions.
    pub(super) colors: bool,
    /// Quoted names (of fonts), commas and `/`.
    pub(super) names: bool,
}

/// How a property is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Only the colour of it is kept.
    Background,
    /// Values one after the other.
    Plain(Allowed),
}

const WORDS: Allowed =
    Allowed { length_px_max: 0.0, percent_max: 0.0, number_max: 0.0, colors: false, names: false };
const LENGTHS: Allowed = Allowed { length_px_max: CSS_LENGTH_PX_MAX, percent_max: 100.0, ..WORDS };
const COLORS: Allowed = Allowed { colors: true, ..WORDS };
const BORDERS: Allowed = Allowed { length_px_max: 50.0, colors: true, ..WORDS };
const FONT: Allowed = Allowed {
    length_px_max: CSS_FONT_PX_MAX,
    percent_max: 400.0,
    number_max: 0.0,
    colors: false,
    names: true,
};

const LINES: Allowed = Allowed { length_px_max: 50.0, ..WORDS };

/// The properties, by what their values are made of.
const TABLE: &[(Allowed, &str)] = &[
    (
        COLORS,
        "background-color border-bottom-color border-color border-left-color border-right-color border-top-color \
         color outline-color text-decoration text-decoration-color",
    ),
    (
        LENGTHS,
        "border-bottom-left-radius border-bottom-right-radius border-radius border-spacing \
         border-top-left-radius border-top-right-radius column-gap flex-basis gap height margin margin-bottom \
         margin-left margin-right margin-top max-height max-width min-height min-width padding padding-bottom \
         padding-left padding-right padding-top row-gap text-indent vertical-align width",
    ),
    (BORDERS, "border border-bottom border-left border-right border-top outline"),
    (
        LINES,
        "border-bottom-width border-left-width border-right-width border-top-width border-width letter-spacing \
         outline-width word-spacing",
    ),
    (Allowed { number_max: 1_000.0, ..FONT }, "font"),
    (Allowed { names: false, ..FONT }, "font-size"),
    (Allowed { names: true, ..WORDS }, "font-family"),
    (Allowed { number_max: 1_000.0, ..WORDS }, "font-weight"),
    (Allowed { number_max: 10.0, names: false, ..FONT }, "line-height"),
    (Allowed { number_max: 1.0, percent_max: 100.0, ..WORDS }, "flex-grow flex-shrink opacity"),
    (
        WORDS,
        "align-content align-items align-self border-bottom-style border-collapse border-left-style \
         border-right-style border-style border-top-style box-sizing caption-side clear color-scheme direction \
         display empty-cells flex-direction flex-wrap float font-style font-variant hyphens justify-content \
         list-style list-style-position list-style-type outline-style overflow overflow-wrap overflow-x \
         overflow-y table-layout text-align text-decoration-line text-decoration-style text-overflow \
         text-transform visibility white-space word-break word-wrap",
    ),
];

/// How this property (in lower case) is read, if it is kept.
pub(super) fn kind(property: &str) -> Option<Kind> {
    if property == "background" {
        return Some(Kind::Background);
    }
    let listed = |names: &str| names.split_ascii_whitespace().any(|name| name == property);
    TABLE.iter().find(|(_, names)| listed(names)).map(|(allowed, _)| Kind::Plain(*allowed))
}
