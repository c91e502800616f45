//! Selectors: element names of the allow-list, classes and ids with the message's prefix, all under the root.

use super::ROOT;
use crate::{
    html::{attributes, elements},
    limits,
};
use cssparser::{Parser, Token};

/// The selectors of a rule that are kept, as text.
pub(super) fn list(input: &mut Parser<'_>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut selector = Selector::default();
    while let Ok(token) = input.next_including_whitespace().cloned() {
        if matches!(token, Token::Comma) {
            kept.extend(std::mem::take(&mut selector).finish());
        } else {
            selector.token(&token);
        }
    }
    kept.extend(selector.finish());
    kept.truncate(limits::CSS_SELECTORS_MAX);
    kept
}

/// One selector as it is read.
#[derive(Default)]
struct Selector {
    /// What stands under the root, in the form that goes out.
    written: String,
    /// The compound that is being read is (only) the root.
    at_root: bool,
    /// A compound is being read.
    in_compound: bool,
    /// What joins the next compound to the one before.
    combinator: Option<char>,
    expects: Expects,
    steps: usize,
    bad: bool,
}

#[derive(Default, PartialEq, Clone, Copy)]
enum Expects {
    #[default]
    Anything,
    ClassName,
    PseudoClass,
}

impl Selector {
    fn token(&mut self, token: &Token<'_>) {
        match (std::mem::take(&mut self.expects), token) {
            (Expects::ClassName, Token::Ident(name)) => self.named('.', name),
            (Expects::PseudoClass, Token::Ident(name)) => self.pseudo_class(&name.to_ascii_lowercase()),
            (Expects::ClassName | Expects::PseudoClass, _) => self.bad = true,
            (_, Token::Ident(name)) => self.element(&name.to_ascii_lowercase()),
            (_, Token::IDHash(name)) => self.named('#', name),
            (_, Token::Delim('*')) => self.compound("*"),
            (_, Token::Delim('.')) => self.expects = Expects::ClassName,
            (_, Token::Colon) => self.expects = Expects::PseudoClass,
            (_, Token::WhiteSpace(_)) => self.join(' '),
            (_, Token::Delim(combinator @ ('>' | '+' | '~'))) => self.join(*combinator),
            _ => self.bad = true,
        }
    }

    fn element(&mut self, name: &str) {
        match elements::kept(name) {
            // A type comes first in its compound.
            _ if self.in_compound => self.bad = true,
            Some(name) => self.compound(name),
            None if matches!(name, "body" | "html") => self.root(),
            None => self.bad = true,
        }
    }

    fn pseudo_class(&mut self, name: &str) {
        match name {
            "root" if !self.in_compound => self.root(),
            "first-child" | "last-child" | "only-child" | "hover" | "link" | "empty" => {
                let pseudo = format!(":{name}");
                self.compound(&pseudo);
            }
            _ => self.bad = true,
        }
    }

    fn named(&mut self, mark: char, name: &str) {
        match attributes::prefixed(name) {
            Some(name) => {
                let piece = format!("{mark}{name}");
                self.compound(&piece);
            }
            None => self.bad = true,
        }
    }

    /// `body`, `html` and `:root` are the root, at the beginning of a selector alone.
    fn root(&mut self) {
        let child = self.combinator.is_none_or(|combinator| matches!(combinator, ' ' | '>'));
        self.bad |= !self.written.is_empty() || !child;
        (self.at_root, self.in_compound, self.combinator) = (true, true, None);
        self.steps += 1;
    }

    fn compound(&mut self, piece: &str) {
        if !self.in_compound {
            self.steps += 1;
            match self.combinator.take() {
                Some(combinator) if !self.written.is_empty() => self.written.push(combinator),
                // From the root only downwards: beside it stand things that are not the message's.
                Some('>') if self.at_root => self.written.push('>'),
                Some(' ') if self.at_root => self.written.push(' '),
                Some(' ') | None => self.written.push(' '),
                Some(_) => self.bad = true,
            }
        }
        self.in_compound = true;
        self.written.push_str(piece);
    }

    fn join(&mut self, combinator: char) {
        if !self.in_compound && self.combinator.is_none() && !matches!(combinator, ' ') {
            self.bad = true;
        }
        self.in_compound = false;
        match (self.combinator, combinator) {
            (Some(' ') | None, _) => self.combinator = Some(combinator),
            (Some(_), ' ') => {}
            (Some(_), _) => self.bad = true,
        }
    }

    fn finish(self) -> Option<String> {
        let dangling = self.combinator.is_some_and(|combinator| combinator != ' ');
        let empty = self.written.is_empty() && !self.at_root;
        let complete = !dangling && !empty && self.expects == Expects::Anything;
        let short = self.steps <= limits::CSS_SELECTOR_STEPS_MAX;
        (complete && short && !self.bad).then(|| format!("{ROOT}{}", self.written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_stay_under_the_root() {
        let check = |selector: &str, expected: &[&str]| {
            assert_eq!(list(&mut Parser::new(selector)), expected, "{selector}");
        };
        check("p", &[".msg p"]);
        check(" p , .a ", &[".msg p", ".msg .m-a"]);
        check("p > a:hover", &[".msg p>a:hover"]);
        check("ul li.x#y + li", &[".msg ul li.m-x#m-y+li"]);
        check("body", &[".msg"]);
        check("html body p", &[".msg p"]);
        check("html > body > p", &[".msg>p"]);
        check("body.dark p", &[".msg.m-dark p"]);
        check(":root", &[".msg"]);
        check("*", &[".msg *"]);
        check(".a.b", &[".msg .m-a.m-b"]);
        check("\\70", &[".msg p"]);
        for refused in [
            "a[href]",
            "a[href^='x']",
            "body + p",
            "html ~ p",
            "> p",
            "p >",
            "p::before",
            "p:nth-child(2)",
            "script",
            "p:visited",
            "p body",
            ".a\\3c b",
            "#1",
            "",
            "p > > a",
            ".",
            ":",
            "a&b",
            "@x",
            ".é",
            "p:has(a)",
            "svg|a",
            "+ p",
        ] {
            check(refused, &[]);
        }
        check(&"p ".repeat(limits::CSS_SELECTOR_STEPS_MAX + 1), &[]);
    }
}
