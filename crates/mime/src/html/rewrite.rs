//! The first wall: tokens in, balanced and bounded HTML out, with the style sheet and the counts.

use super::{
    Purpose, attributes, css,
    elements::{self, Treatment},
    entities, image,
    link::{self, Link},
    tokens::{Tag, Token, Tokens},
};
use crate::limits;

/// What the first wall lets through.
#[derive(Debug, Default)]
pub(crate) struct Rewritten {
    pub(crate) html: String,
    pub(crate) css: String,
    pub(crate) remote_count: u32,
    pub(crate) content_ids: Vec<String>,
    pub(crate) remote_images: Vec<String>,
}

/// Writes a document again from what is allowed.
pub(crate) fn rewrite(html: &str, purpose: Purpose<'_>) -> Rewritten {
    let mut rewriter = Rewriter::new(purpose);
    for token in Tokens::new(html) {
        rewriter.token(&token);
    }
    rewriter.finish()
}

struct Rewriter<'p> {
    purpose: Purpose<'p>,
    /// Pieces of the result; the start tag of an open link is one of them, completed at its end.
    pieces: Vec<String>,
    /// What follows the last piece.
    tail: String,
    open: Vec<&'static str>,
    /// How many of the open elements are formatting ones.
    formatting: usize,
    /// The element that is being dropped, and how many of its name are open inside.
    dropping: Option<(String, usize)>,
    link: Option<OpenLink>,
    elements: usize,
    /// Bytes of text since the last tag that was written.
    text_run: usize,
    sheet: css::Sheet,
    images: image::Images,
    remote_count: u32,
}

struct OpenLink {
    piece: usize,
    link: Link,
    /// What the link shows, as far as it is compared.
    text: String,
}

impl<'p> Rewriter<'p> {
    fn new(purpose: Purpose<'p>) -> Self {
        Self {
            purpose,
            pieces: Vec::new(),
            tail: String::new(),
            open: Vec::new(),
            formatting: 0,
            dropping: None,
            link: None,
            elements: 0,
            text_run: 0,
            sheet: css::Sheet::default(),
            images: image::Images::default(),
            remote_count: 0,
        }
    }

    fn token(&mut self, token: &Token<'_>) {
        match token {
            Token::Raw("style", text) if self.dropping.is_none() => self.sheet.add(text),
            Token::Raw("style", text) => self.remote_count += css::remote_count(text),
            Token::Raw(..) => {}
            Token::Start(tag) => {
                self.count_remote(tag);
                self.start(tag);
            }
            Token::End(name) => self.end(name),
            Token::Text(text) if self.dropping.is_none() => self.text(text),
            Token::Text(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        let decoded = entities::decode(text, false);
        if let Some(open) = self.link.as_mut().filter(|open| open.text.len() < limits::LINK_BYTES_MAX) {
            open.text.push_str(&decoded);
        }
        for c in decoded.chars() {
            if self.text_run + c.len_utf8() > limits::HTML_TEXT_RUN_BYTES_MAX {
                // html5ever writes a text in quadratic time; a place to break a line divides it.
                self.write_tag("<wbr>");
            }
            self.text_run += c.len_utf8();
            entities::escape_text(c, &mut self.tail);
        }
    }

    fn write_tag(&mut self, tag: &str) {
        self.text_run = 0;
        self.tail.push_str(tag);
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_str();
        if let Some((dropped, depth)) = &mut self.dropping {
            *depth += usize::from(dropped == name);
            return;
        }
        match elements::treatment(name) {
            (Treatment::Drop, _) => {
                // Raw text elements end by themselves: their content is one token, already cut.
                if !super::tokens::is_raw(name) {
                    self.dropping = Some((name.to_owned(), 1));
                }
            }
            (Treatment::Keep, Some(name)) => self.keep(name, tag, true),
            (Treatment::Void, Some(name)) => self.keep(name, tag, false),
            _ => self.root_style(tag),
        }
    }

    /// `body` and `html` lose their tags; their look goes to the frame's root.
    fn root_style(&mut self, tag: &Tag<'_>) {
        if !matches!(tag.name.as_str(), "body" | "html") {
            return;
        }
        if let Some(color) = tag.attribute("bgcolor").and_then(|color| attributes::color(&color)) {
            self.sheet.add_root(&format!("background-color:{color}"));
        }
        if let Some(style) = tag.attribute("style") {
            self.sheet.add_root(&style);
        }
    }

    fn keep(&mut self, name: &'static str, tag: &Tag<'_>, has_content: bool) {
        if self.elements >= limits::HTML_ELEMENTS_MAX {
            return;
        }
        if !self.make_place(name, has_content) {
            return;
        }
        let is_formatting = elements::is_formatting(name);
        let too_deep = has_content && self.open.len() >= limits::HTML_DEPTH_MAX;
        if too_deep || (is_formatting && self.formatting >= limits::HTML_FORMATTING_MAX) {
            return;
        }
        self.formatting += usize::from(is_formatting);
        self.elements += 1;
        let class = tag.attribute("style").and_then(|style| self.sheet.class_of(&style));
        let mut written = attributes::written(name, tag, class.as_deref());
        if name == "img" {
            self.remote_count += self.images.judge(tag, self.purpose, &mut written);
        }
        if name == "a" {
            self.open_link(tag, written);
        } else {
            let html = attributes::start_tag(name, &written);
            self.write_tag(&html);
        }
        if has_content {
            self.open.push(name);
        }
    }

    /// Closes what the start of this element closes; says whether it may stand where it then would.
    fn make_place(&mut self, name: &str, has_content: bool) -> bool {
        if let Some(parents) = elements::table_parents(name) {
            return self.close_down_to(parents);
        }
        let in_structure = |open: &[&str]| open.last().is_some_and(|open| elements::is_table_structure(open));
        if name == "table" && in_structure(&self.open) {
            self.close_to(&["table"], &[]);
        }
        for (closes, stops) in [elements::closed_items(name), elements::implied_ends(name)] {
            self.close_to(closes, stops);
        }
        // A browser would move it before the table, and out of what it stands in.
        !has_content || !in_structure(&self.open)
    }

    /// Closes everything inside the nearest open element of `parents`; says whether there is one.
    fn close_down_to(&mut self, parents: &[&str]) -> bool {
        let Some(height) = self.open.iter().rev().position(|open| parents.contains(open)) else {
            return false;
        };
        for _ in 0..height {
            self.close_one();
        }
        true
    }

    fn open_link(&mut self, tag: &Tag<'_>, mut written: attributes::Written) {
        let target = tag.attribute("href").and_then(|href| link::target(&href));
        if let Some(target) = &target {
            written.push(("href", target.clone()));
        }
        let shown_before = tag.attribute("data-mismatch").and_then(|host| link::mismatch_kept(&host));
        self.pieces.push(std::mem::take(&mut self.tail));
        let piece = self.pieces.len();
        self.pieces.push(attributes::start_tag("a", &written));
        self.text_run = 0;
        if let Some(target) = target {
            let link = Link { target, mismatch: shown_before };
            self.link = Some(OpenLink { piece, link, text: String::new() });
        }
    }

    fn close_link(&mut self) {
        let Some(open) = self.link.take() else { return };
        // A hint for our own reader, which makes it anew.
        let hint = open.link.mismatch_with(&open.text).filter(|_| self.purpose == Purpose::Show);
        let Some(host) = hint else { return };
        if let Some(tag) = self.pieces.get_mut(open.piece).filter(|tag| tag.ends_with('>')) {
            tag.pop();
            attributes::write("data-mismatch", &host, tag);
            tag.push('>');
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((dropped, depth)) = &mut self.dropping {
            *depth -= usize::from(dropped == name);
            if *depth == 0 {
                self.dropping = None;
            }
            return;
        }
        // `</p>` without a paragraph is an empty one, and `</br>` a line break, in every browser; both are
        // lost here, which a reader does not see.
        if let Some(name) = elements::kept(name) {
            self.close_to(&[name], elements::end_stops_at(name));
        }
    }

    /// Closes everything down to the nearest open element of `names`, unless one of `stops` comes first.
    fn close_to(&mut self, names: &[&str], stops: &[&str]) {
        if names.is_empty() {
            return;
        }
        let barrier = |open: &&str| stops.contains(open) && !names.contains(open);
        let within = self.open.iter().rev().take_while(|open| !barrier(open));
        let Some(height) =
            within.enumerate().filter(|(_, open)| names.contains(open)).map(|(at, _)| at).next()
        else {
            return;
        };
        for _ in 0..=height {
            self.close_one();
        }
    }

    fn close_one(&mut self) {
        let Some(name) = self.open.pop() else { return };
        self.formatting -= usize::from(elements::is_formatting(name));
        if name == "a" {
            self.close_link();
        }
        self.write_tag(&format!("</{name}>"));
    }

    /// Counts what the element would have fetched, whatever becomes of it. Images that are kept count when
    /// they are judged.
    fn count_remote(&mut self, tag: &Tag<'_>) {
        const FETCHING: [&str; 6] = ["srcset", "imagesrcset", "poster", "background", "data", "xlink:href"];
        let is_remote = |name: &str| tag.attribute(name).is_some_and(|value| link::is_remote(&value));
        let mut count = FETCHING.into_iter().filter(|name| is_remote(name)).count();
        count += usize::from(tag.name != "img" && is_remote("src"));
        let linked = matches!(tag.name.as_str(), "link" | "image" | "use" | "feimage");
        count += usize::from(linked && is_remote("href"));
        let refresh =
            tag.attribute("http-equiv").is_some_and(|value| value.trim().eq_ignore_ascii_case("refresh"));
        count += usize::from(refresh);
        self.remote_count = self.remote_count.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }

    fn finish(mut self) -> Rewritten {
        while !self.open.is_empty() {
            self.close_one();
        }
        self.pieces.push(self.tail);
        let (css, in_styles) = self.sheet.finish();
        Rewritten {
            html: self.pieces.concat(),
            css,
            remote_count: self.remote_count.saturating_add(in_styles),
            content_ids: self.images.content_ids,
            remote_images: self.images.remote,
        }
    }
}
