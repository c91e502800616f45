//! Style sheets: parsed with cssparser, and written again from what was understood.
//!
//! Nothing is copied: every selector, property, number, colour and name that comes out was built from a
//! token, after its escapes were decoded. No string but a font's name comes out, no function but a
//! colour, no at-rule but `@media`.

mod declarations;
mod media;
mod properties;
mod selectors;
mod values;

use crate::{clean, limits};
use cssparser::{
    AtRuleParser, CowRcStr, ParseError, Parser, ParserState, QualifiedRuleParser, StyleSheetParser,
};
use std::collections::HashMap;

/// The element around the message, which every selector begins with.
pub(crate) const ROOT: &str = ".msg";

/// What a function below fails with: the whole rule or declaration is left out, whatever the reason.
pub(super) type Failure = ParseError<()>;

/// Counts what a style sheet that is dropped would have fetched.
pub(crate) fn remote_count(css: &str) -> u32 {
    let mut sheet = Sheet::default();
    sheet.add(css);
    sheet.remote_count
}

/// The style sheet of one document, as it grows.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    rules: String,
    rule_count: usize,
    bytes_read: usize,
    /// Declarations of `style` attributes, and the class that stands for each.
    classes: HashMap<String, usize>,
    in_order: Vec<String>,
    remote_count: u32,
}

impl Sheet {
    /// Reads the content of a `style` element.
    pub(crate) fn add(&mut self, css: &str) {
        let css = clean::cut(css, limits::CSS_BYTES_MAX.saturating_sub(self.bytes_read));
        self.bytes_read += css.len();
        let mut reader = Reader { remote_count: 0, in_media: false };
        let mut input = Parser::new(css);
        let rules: Vec<String> = StyleSheetParser::new(&mut input, &mut reader).flatten().collect();
        self.remote_count = self.remote_count.saturating_add(reader.remote_count);
        for rule in rules {
            self.push(&rule);
        }
    }

    /// Gives declarations to the root.
    pub(crate) fn add_root(&mut self, style: &str) {
        if let Some(declarations) = self.declarations(style) {
            self.push(&format!("{ROOT}{{{declarations}}}\n"));
        }
    }

    /// The class that stands for a `style` attribute, if anything of it is kept.
    pub(crate) fn class_of(&mut self, style: &str) -> Option<String> {
        let declarations = self.declarations(style)?;
        if let Some(number) = self.classes.get(&declarations) {
            return Some(generated(*number));
        }
        let number = self.in_order.len();
        if number >= limits::CSS_RULES_MAX {
            return None;
        }
        self.classes.insert(declarations.clone(), number);
        self.in_order.push(declarations);
        Some(generated(number))
    }

    fn declarations(&mut self, style: &str) -> Option<String> {
        let style = clean::cut(style, limits::STYLE_ATTRIBUTE_BYTES_MAX);
        let declarations = declarations::list(&mut Parser::new(style), &mut self.remote_count);
        (!declarations.is_empty()).then_some(declarations)
    }

    fn push(&mut self, rule: &str) {
        let fits = self.rules.len() + rule.len() <= limits::CSS_OUTPUT_BYTES_MAX;
        if fits && self.rule_count < limits::CSS_RULES_MAX {
            self.rules.push_str(rule);
            self.rule_count += 1;
        }
    }

    /// The style sheet, and how many things it would have fetched.
    pub(crate) fn finish(mut self) -> (String, u32) {
        for (number, declarations) in std::mem::take(&mut self.in_order).into_iter().enumerate() {
            let class = generated(number);
            // Repeated, so that it goes before the sheet's own classes as a style attribute would.
            self.push(&format!("{ROOT} .{class}.{class}.{class}{{{declarations}}}\n"));
        }
        let css = if is_plain(&self.rules) { self.rules } else { String::new() };
        (css, self.remote_count)
    }
}

fn generated(number: usize) -> String {
    format!("m--{number}")
}

/// The last look at what goes out: no character that could end a style element or begin an escape, and
/// no word that loads. It holds by construction; if it ever did not, the message goes unstyled.
fn is_plain(css: &str) -> bool {
    let lower = css.to_ascii_lowercase();
    let words = ["url(", "src(", "image(", "image-set(", "cross-fade(", "expression(", "var(", "attr("];
    !lower.contains(['<', '\\', '\0'])
        && !words.iter().any(|word| lower.contains(word))
        && lower.matches('@').count() == lower.matches("@media ").count()
}

/// Reads rules; each comes out as text, empty when nothing of it is kept.
struct Reader {
    remote_count: u32,
    in_media: bool,
}

/// What is known of an at-rule before its block.
enum AtRule {
    Media(String),
    Ignored,
}

impl<'i> QualifiedRuleParser<'i> for Reader {
    type Prelude = Vec<String>;
    type QualifiedRule = String;
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<String>, Failure> {
        Ok(selectors::list(input))
    }

    fn parse_block(
        &mut self,
        selectors: Vec<String>,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<String, Failure> {
        let declarations = declarations::list(input, &mut self.remote_count);
        if selectors.is_empty() || declarations.is_empty() {
            return Ok(String::new());
        }
        Ok(format!("{}{{{declarations}}}\n", selectors.join(",")))
    }
}

impl<'i> AtRuleParser<'i> for Reader {
    type Prelude = AtRule;
    type AtRule = String;
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<AtRule, Failure> {
        if name.eq_ignore_ascii_case("media") && !self.in_media {
            let start = input.state();
            if let Some(query) = media::query(input) {
                return Ok(AtRule::Media(query));
            }
            input.reset(&start);
        }
        let strings_load = name.eq_ignore_ascii_case("import");
        self.remote_count = self.remote_count.saturating_add(values::count_remote(input, strings_load));
        Ok(AtRule::Ignored)
    }

    fn rule_without_block(&mut self, _prelude: AtRule, _start: &ParserState) -> Result<String, ()> {
        Ok(String::new())
    }

    fn parse_block(
        &mut self,
        prelude: AtRule,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<String, Failure> {
        let AtRule::Media(query) = prelude else {
            self.remote_count = self.remote_count.saturating_add(values::count_remote(input, false));
            return Ok(String::new());
        };
        self.in_media = true;
        let rules: String = StyleSheetParser::new(input, self).flatten().collect();
        self.in_media = false;
        Ok(if rules.is_empty() { rules } else { format!("@media {query}{{\n{rules}}}\n") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(css: &str, expected: &str, remote_count: u32) {
        let mut sheet = Sheet::default();
        sheet.add(css);
        assert_eq!(sheet.finish(), (expected.to_owned(), remote_count), "{css}");
    }

    #[test]
    fn a_style_sheet_is_written_anew() {
        check("p.a > #b , TD{color:RED;width:10px}", ".msg p.m-a>#m-b,.msg td{color:red;width:10px}\n", 0);
        check("body{margin:0}", ".msg{margin:0}\n", 0);
        check(
            "@media (max-width:600px){.a{width:100%!important}}",
            "@media (max-width:600px){\n.msg .m-a{width:100%!important}\n}\n",
            0,
        );
        check(
            "@media screen and (prefers-color-scheme:dark){p{color:#fff}}",
            "@media screen and (prefers-color-scheme:dark){\n.msg p{color:#fff}\n}\n",
            0,
        );
        check("p{color:red", ".msg p{color:red}\n", 0);
        check(".curl-image{color:red}", ".msg .m-curl-image{color:red}\n", 0);
        check("<!-- p{color:red} -->", ".msg p{color:red}\n", 0);
    }

    #[test]
    fn what_loads_is_left_out_and_counted() {
        check("@import 'x';@import url(x);@\\69mport \"y\";p{color:red}", ".msg p{color:red}\n", 3);
        check("@font-face{font-family:x;src:url(x) format('woff'),url('y')}", "", 2);
        check("p{background:url(x) #fff;color:red}", ".msg p{background-color:#fff;color:red}\n", 1);
        check(
            "p{background:u\\72l('x')}p{background:URL( \"x\" )}p{background-image:image-set('x' 1x)}",
            "",
            3,
        );
        check("@supports (a:b){p{background:url(x)}}", "", 1);
        check("@namespace url(x);", "", 1);
    }

    #[test]
    fn a_style_attribute_becomes_a_class() {
        let mut sheet = Sheet::default();
        assert_eq!(sheet.class_of("color:red").as_deref(), Some("m--0"));
        assert_eq!(sheet.class_of("Color: red;").as_deref(), Some("m--0"));
        assert_eq!(sheet.class_of("position:fixed"), None);
        assert_eq!(sheet.class_of("}p{color:blue"), None);
        sheet.add_root("color:blue");
        let (css, remote_count) = sheet.finish();
        assert_eq!((css.as_str(), remote_count), (".msg{color:blue}\n.msg .m--0.m--0.m--0{color:red}\n", 0));
    }
}
