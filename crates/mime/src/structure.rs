//! The tree of parts (RFC 2046): where each part begins and ends, and what it says that it is.
//!
//! Depth and count are bounded before anything is decoded; a part beyond a limit is one opaque file. A
//! message inside the message (`message/rfc822`) is a leaf: it is opened by reading its own bytes.

use crate::{
    clean,
    defects::Defects,
    headers::{HeaderLimits, Headers},
    limits,
    transfer::Encoding,
    vendor::{self, Structured},
};
use caliopen_model::PartId;

/// What is read of the header of the message itself.
pub(crate) const ROOT_LIMITS: HeaderLimits =
    HeaderLimits { bytes_max: limits::HEADER_BYTES_MAX, fields_max: limits::HEADER_FIELDS_MAX };
/// What is read of the header of a part.
pub(crate) const PART_LIMITS: HeaderLimits =
    HeaderLimits { bytes_max: limits::PART_HEADER_BYTES_MAX, fields_max: limits::PART_HEADER_FIELDS_MAX };

/// One part, leaf or multipart.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    /// Its place, which is also its index in the tree.
    pub(crate) id: PartId,
    /// Its own fields.
    pub(crate) headers: Headers<'a>,
    /// Encoded bytes.
    pub(crate) body: &'a [u8],
    /// `Content-Type`.
    pub(crate) media: Structured,
    /// `Content-Disposition`.
    pub(crate) disposition: Option<Structured>,
    /// How `body` is written.
    pub(crate) encoding: Encoding,
    /// The parts inside, by index, when it is a multipart.
    pub(crate) children: Vec<usize>,
    /// Beyond a limit: never looked into, never displayed.
    pub(crate) opaque: bool,
}

impl Node<'_> {
    /// Whether `Content-Type` is this.
    pub(crate) fn is(&self, media_type: &str) -> bool {
        self.media.value == media_type
    }

    /// Whether the sender wants a file rather than something to read.
    pub(crate) fn is_attachment(&self) -> bool {
        self.disposition.as_ref().is_some_and(|disposition| disposition.value == "attachment")
    }

    /// The file name that the sender gave, as it was given (RFC 2183 §2.3, else the older `name`).
    pub(crate) fn given_name(&self) -> Option<&str> {
        let from_disposition =
            self.disposition.as_ref().and_then(|disposition| disposition.parameter("filename"));
        from_disposition.or_else(|| self.media.parameter("name"))
    }

    /// `Content-ID` without its angle brackets.
    pub(crate) fn content_id(&self) -> Option<String> {
        let value = self.headers.first("Content-ID")?;
        let id = value.trim().trim_start_matches('<').trim_end_matches('>');
        let id = clean::one_line(clean::cut(id, limits::ID_BYTES_MAX), usize::MAX);
        (!id.is_empty()).then_some(id)
    }
}

/// Every part, in the order of their beginnings; the first is the message itself.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Reads the structure of a whole message.
    pub(crate) fn read(raw: &'a [u8], defects: &mut Defects) -> Self {
        let mut builder = Builder { nodes: Vec::new(), defects };
        builder.entity(raw, 0, "text/plain");
        Self { nodes: builder.nodes }
    }

    /// The part of that index.
    pub(crate) fn node(&self, index: usize) -> Option<&Node<'a>> {
        self.nodes.get(index)
    }

    /// The message itself.
    pub(crate) fn root(&self) -> Option<&Node<'a>> {
        self.nodes.first()
    }

    /// Every part, multiparts included.
    pub(crate) fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The parts directly inside one.
    pub(crate) fn children<'s>(
        &'s self,
        node: &'s Node<'a>,
    ) -> impl DoubleEndedIterator<Item = &'s Node<'a>> {
        node.children.iter().filter_map(|&index| self.nodes.get(index))
    }
}

struct Builder<'a, 'd> {
    nodes: Vec<Node<'a>>,
    defects: &'d mut Defects,
}

impl<'a> Builder<'a, '_> {
    /// Adds a part and everything inside it; its depth bounds the recursion.
    fn entity(&mut self, bytes: &'a [u8], depth: usize, default_type: &str) -> usize {
        let header_limits = if depth == 0 { ROOT_LIMITS } else { PART_LIMITS };
        let (headers, body) = Headers::split(bytes, header_limits, self.defects);
        let node = self.node(headers, body, default_type);
        let index = self.nodes.len();
        let boundary = boundary(&node.media);
        let (multipart, media_type) = (node.media.value.starts_with("multipart/"), node.media.value.clone());
        self.nodes.push(node);
        if !multipart {
            return index;
        }
        let Some(boundary) = boundary else {
            self.defects.add("no-boundary", "a multipart without a boundary");
            return index;
        };
        if depth >= limits::MIME_DEPTH_MAX {
            self.defects.add("depth-limit", "multiparts deeper inside each other than are read");
            self.make_opaque(index);
            return index;
        }
        let children = self.children(body, &boundary, depth, child_default(&media_type));
        if let Some(node) = self.nodes.get_mut(index) {
            node.children = children;
        }
        index
    }

    fn node(&mut self, headers: Headers<'a>, body: &'a [u8], default_type: &str) -> Node<'a> {
        let media = self.structured(&headers, "Content-Type");
        let media = media.filter(|media| media.value.contains('/')).unwrap_or_else(|| {
            if headers.has("Content-Type") {
                self.defects.add("bad-content-type", "a Content-Type that cannot be read");
            }
            Structured { value: default_type.to_owned(), parameters: Vec::new() }
        });
        let disposition = self.structured(&headers, "Content-Disposition");
        let named = headers.first("Content-Transfer-Encoding").unwrap_or_default();
        let mut encoding = Encoding::named(&named, self.defects);
        if media.value.starts_with("multipart/") && encoding != Encoding::Identity {
            self.defects.add("encoded-multipart", "a multipart with a Content-Transfer-Encoding");
            encoding = Encoding::Identity;
        }
        let id = PartId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        Node { id, headers, body, media, disposition, encoding, children: Vec::new(), opaque: false }
    }

    fn structured(&mut self, headers: &Headers<'_>, name: &str) -> Option<Structured> {
        let value = headers.first(name)?;
        if headers.all(name).nth(1).is_some() {
            self.defects.add("duplicate-mime-field", "a MIME field stands twice: the first one counts");
        }
        vendor::structured(clean::cut(&value, limits::STRUCTURED_FIELD_BYTES_MAX), self.defects)
    }

    fn children(&mut self, body: &'a [u8], boundary: &[u8], depth: usize, default_type: &str) -> Vec<usize> {
        let mut children = Vec::new();
        let mut sections = Sections { body, boundary, offset: 0, section_start: 0, closed: false };
        if !sections.skip_preamble() {
            self.defects.add("no-parts", "a multipart whose boundary never appears");
            return children;
        }
        while let Some(section) = sections.next_section() {
            if self.nodes.len() + 1 >= limits::PARTS_MAX {
                self.defects.add("part-limit", "more parts than are read");
                children.push(self.rest(body.get(sections.section_start..).unwrap_or_default()));
                return children;
            }
            children.push(self.entity(section, depth + 1, default_type));
        }
        if !sections.closed {
            self.defects.add("missing-end-boundary", "a multipart that does not end");
        }
        children
    }

    /// What is left of a multipart, as one opaque file.
    fn rest(&mut self, body: &'a [u8]) -> usize {
        let index = self.nodes.len();
        let node = self.node(Headers::default(), body, "application/octet-stream");
        self.nodes.push(node);
        self.make_opaque(index);
        index
    }

    fn make_opaque(&mut self, index: usize) {
        if let Some(node) = self.nodes.get_mut(index) {
            node.opaque = true;
        }
    }
}

fn boundary(media: &Structured) -> Option<Vec<u8>> {
    let boundary = media.parameter("boundary")?.trim_end();
    let fits = !boundary.is_empty() && boundary.len() <= limits::BOUNDARY_BYTES_MAX;
    fits.then(|| boundary.as_bytes().to_vec())
}

/// RFC 2046 §5.1.5.
fn child_default(media_type: &str) -> &'static str {
    if media_type == "multipart/digest" { "message/rfc822" } else { "text/plain" }
}

/// The sections of one multipart body, found in one pass (RFC 2046 §5.1.1).
struct Sections<'a, 'b> {
    body: &'a [u8],
    boundary: &'b [u8],
    offset: usize,
    section_start: usize,
    closed: bool,
}

enum Delimiter {
    Open,
    Close,
}

impl<'a> Sections<'a, '_> {
    /// Moves past the first delimiter; says whether there is one.
    fn skip_preamble(&mut self) -> bool {
        self.advance().1
    }

    /// The next section, without the line end that belongs to the delimiter after it.
    fn next_section(&mut self) -> Option<&'a [u8]> {
        if self.closed || self.offset >= self.body.len() {
            return None;
        }
        let start = self.offset;
        self.section_start = start;
        let (end, found) = self.advance();
        let section = self.body.get(start..end).unwrap_or_default();
        if !found {
            return Some(section);
        }
        let section = section.strip_suffix(b"\n").unwrap_or(section);
        Some(section.strip_suffix(b"\r").unwrap_or(section))
    }

    /// Reads up to and past the next delimiter line: where it begins (or the end), and whether it is there.
    fn advance(&mut self) -> (usize, bool) {
        let rest = self.body.get(self.offset..).unwrap_or_default();
        for line in rest.split_inclusive(|&byte| byte == b'\n') {
            let start = self.offset;
            self.offset += line.len();
            match self.delimiter(line) {
                Some(Delimiter::Open) => return (start, true),
                Some(Delimiter::Close) => {
                    self.closed = true;
                    return (start, true);
                }
                None => {}
            }
        }
        (self.body.len(), false)
    }

    fn delimiter(&self, line: &[u8]) -> Option<Delimiter> {
        let after = line.strip_prefix(b"--")?.strip_prefix(self.boundary)?;
        match after.trim_ascii_end() {
            b"" => Some(Delimiter::Open),
            b"--" => Some(Delimiter::Close),
            _ if after.starts_with(b"--") => Some(Delimiter::Close),
            _ => None,
        }
    }
}
