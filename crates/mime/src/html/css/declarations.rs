//! Declarations: a property of the allow-list, a value written anew.

use super::{Failure, properties, values};
use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, parse_important,
};

/// The declarations of a block or a `style` attribute, as text.
pub(super) fn list(input: &mut Parser<'_>, remote_count: &mut u32) -> String {
    let mut reader = Reader { remote_count };
    let kept: Vec<String> = RuleBodyParser::new(input, &mut reader).flatten().collect();
    kept.join(";")
}

struct Reader<'c> {
    remote_count: &'c mut u32,
}

impl<'i> DeclarationParser<'i> for Reader<'_> {
    type Declaration = String;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _start: &ParserState,
    ) -> Result<String, Failure> {
        let start = input.state();
        *self.remote_count = self.remote_count.saturating_add(values::count_remote(input, false));
        input.reset(&start);
        let name = name.to_ascii_lowercase();
        let kind = properties::kind(&name).ok_or_else(ParseError::unexpected_token)?;
        let (name, value) = match kind {
            properties::Kind::Background => ("background-color", values::background_color(input)?),
            properties::Kind::Plain(allowed) => (name.as_str(), values::plain(input, &allowed)?),
        };
        let important = if input.try_parse(parse_important).is_ok() { "!important" } else { "" };
        Ok(format!("{name}:{value}{important}"))
    }
}

impl<'i> AtRuleParser<'i> for Reader<'_> {
    type Prelude = ();
    type AtRule = String;
    type Error = ();
}

impl<'i> QualifiedRuleParser<'i> for Reader<'_> {
    type Prelude = ();
    type QualifiedRule = String;
    type Error = ();
}

impl RuleBodyItemParser<'_, String, ()> for Reader<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}
