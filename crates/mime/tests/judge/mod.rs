//! Says whether safe HTML is safe, by other means than those that made it: html5ever's tokenizer and a walk
//! over every CSS token.

use caliopen_mime::{build, part};
use caliopen_model::{Handle, Letter, PartId, Participant, Protocol, Rfc5322MessageId, SafeHtml, Timestamp};
use cssparser::{ParseError, Parser, Token as CssToken};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Elements that may come out. Written here by hand: it does not follow the source.
const ELEMENTS: &str = "a abbr address article aside b bdi big blockquote br caption center cite code col colgroup \
    dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main \
    mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time \
    tr tt u ul var wbr";

/// Attributes that may come out. `href` and `src` are judged by their values.
const ATTRIBUTES: &str = "align alt bgcolor border bordercolor cellpadding cellspacing class color colspan data-cid \
    data-mismatch data-remote datetime dir face height href hspace id lang nowrap open rel reversed rowspan scope \
    size span src start target title type valign value vspace width";

/// Fails when anything of it could run, load, submit or reach out of its frame.
pub fn assert_safe(safe: &SafeHtml, source: &str) {
    let source: String = source.chars().take(2_000).collect();
    for tag in tags(&safe.html) {
        assert_tag(&tag, &source);
    }
    let lower = safe.css.to_ascii_lowercase();
    let words = [
        "url(",
        "@import",
        "@font-face",
        "expression(",
        "var(",
        "attr(",
        "image-set(",
        "<",
        "\\",
        "position:fixed",
        "position:absolute",
        "position:sticky",
        "binding:",
        "behavior:",
        "content:",
    ];
    for word in words {
        assert!(!lower.contains(word), "{word} in the style sheet {:?} of {source:?}", safe.css);
    }
    assert_css(&mut Parser::new(&safe.css), &source);
    for line in safe.css.lines().filter(|line| line.contains('{') && !line.starts_with("@media ")) {
        let selectors = line.split('{').next().unwrap_or_default();
        for selector in selectors.split(',') {
            assert!(selector.starts_with(".msg"), "{selector:?} of {source:?}");
            assert!(!selector.starts_with(".msg+") && !selector.starts_with(".msg~"), "{selector:?}");
        }
    }
}

/// Fails when anything of a document that is sent could run, submit, be fetched, or say more than it shows.
pub fn assert_sent_safe(document: &str, source: &str) {
    let (head, rest) = document.split_once("<body>\r\n").expect("a body begins");
    let body = rest.strip_suffix("\r\n</body></html>\r\n").expect("a body ends");
    let css =
        head.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).map(|(css, _)| css);
    let css = css.unwrap_or_default();
    assert!(!css.contains(['<', '\\']) && !css.contains("url("), "{css:?} of {source:?}");
    assert_css(&mut Parser::new(css), source);
    for tag in tags(body) {
        let element = &*tag.name;
        assert!(ELEMENTS.split_whitespace().any(|name| name == element), "<{element}> of {source:?}");
        for attribute in &tag.attrs {
            let (name, value) = (&*attribute.name.local, &*attribute.value);
            let known = ATTRIBUTES.split_whitespace().any(|known| known == name);
            assert!(known && !name.starts_with("data-"), "{name}={value:?} of {source:?}");
            let starts: &[&str] = match name {
                "href" => &["http://", "https://", "mailto:"],
                "src" => &["cid:", "data:image/"],
                _ => continue,
            };
            assert!(starts.iter().any(|start| value.starts_with(start)), "{name}={value:?} of {source:?}");
        }
    }
}

/// The document that a letter with this HTML is sent with.
pub fn sent(html: &str) -> String {
    let handle = Handle::literal(Protocol::Email, "ana@example.org");
    let letter = Letter {
        id: Rfc5322MessageId("a@example.org".to_owned()),
        sent_at: Timestamp::from_unix_ms(0),
        from: Participant { name: None, handle },
        to: Vec::new(),
        cc: Vec::new(),
        subject: String::new(),
        in_reply_to: None,
        references: Vec::new(),
        text: "x".to_owned(),
        html: Some(html.to_owned()),
        attachments: Vec::new(),
        chance: [7; 32],
    };
    let raw = build(&letter).expect("the letter can be written");
    let (part, bytes) = part(&raw, PartId(2)).expect("the third part is the HTML");
    assert_eq!(part.media_type, "text/html");
    String::from_utf8(bytes).expect("it is UTF-8")
}

fn assert_tag(tag: &Tag, source: &str) {
    let element = &*tag.name;
    assert!(ELEMENTS.split_whitespace().any(|name| name == element), "<{element}> of {source:?}");
    for attribute in &tag.attrs {
        let (name, value) = (&*attribute.name.local, &*attribute.value);
        assert!(ATTRIBUTES.split_whitespace().any(|known| known == name), "{name}={value:?} of {source:?}");
        match name {
            "href" => {
                let schemes = ["http://", "https://", "mailto:"];
                assert!(
                    element == "a" && schemes.iter().any(|scheme| value.starts_with(scheme)),
                    "{value:?}"
                );
            }
            "src" => {
                let formats = ["png", "jpeg", "jpg", "gif", "webp"];
                let picture =
                    formats.iter().any(|format| value.starts_with(&format!("data:image/{format};base64,")));
                assert!(element == "img" && picture, "{value:?} of {source:?}");
            }
            "class" => assert!(value.split(' ').all(|class| class.starts_with("m-")), "{value:?}"),
            "id" => assert!(value.starts_with("m-"), "{value:?}"),
            _ => {}
        }
    }
    if element == "a" && tag.kind == TagKind::StartTag {
        let value = |wanted: &str| {
            tag.attrs.iter().find(|found| &*found.name.local == wanted).map(|found| found.value.to_string())
        };
        assert_eq!(value("rel").as_deref(), Some("noreferrer noopener"), "{source:?}");
        assert_eq!(value("target").as_deref(), Some("_blank"), "{source:?}");
    }
}

/// Every token, in every block: no URL, no at-rule but media, no function but a colour.
fn assert_css(input: &mut Parser<'_>, source: &str) {
    while let Ok(token) = input.next().cloned() {
        match &token {
            CssToken::UnquotedUrl(_) | CssToken::BadUrl(_) | CssToken::BadString(_) => {
                unreachable!("{token:?} of {source:?}")
            }
            CssToken::AtKeyword(name) => assert_eq!(&**name, "media", "{source:?}"),
            CssToken::Function(name) => {
                assert!(["rgb", "rgba", "hsl", "hsla"].contains(&&**name), "{name}() of {source:?}");
            }
            CssToken::SquareBracketBlock => unreachable!("an attribute selector of {source:?}"),
            _ => {}
        }
        if matches!(token, CssToken::Function(_) | CssToken::ParenthesisBlock | CssToken::CurlyBracketBlock) {
            let walked: Result<(), ParseError<()>> = input.parse_nested_block(|input| {
                assert_css(input, source);
                Ok(())
            });
            assert!(walked.is_ok(), "{source:?}");
        }
    }
}

/// Every tag, as a browser's tokenizer sees it. The output has no element whose content is raw text, so
/// that tags and elements are the same.
pub fn tags(html: &str) -> Vec<Tag> {
    struct Sink(RefCell<Vec<Tag>>);
    impl TokenSink for Sink {
        type Handle = ();

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            match token {
                Token::TagToken(tag) => self.0.borrow_mut().push(tag),
                Token::CommentToken(_) | Token::DoctypeToken(_) => {
                    unreachable!("a comment or doctype came out")
                }
                _ => {}
            }
            TokenSinkResult::Continue
        }
    }
    let tokenizer = Tokenizer::new(Sink(RefCell::new(Vec::new())), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}
