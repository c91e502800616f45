//! A message's bytes to the model's `Message`: people, subject, references, files, protection, warnings.

use crate::{
    address, body, caution, clean,
    defects::Defects,
    displayed,
    headers::{Field, Headers},
    ids, limits, lines, protection,
    structure::{Node, PART_LIMITS, Tree},
    text::excerpt,
    vendor,
};
use caliopen_model::{Defect, Disposition, Message, Part, Participant, Protection, Timestamp};

/// Reads a message. Never fails: what cannot be read is a defect, and the raw bytes keep it.
pub fn parse(raw: &[u8]) -> (Message, Vec<Defect>) {
    let mut defects = Defects::default();
    lines::inspect(raw, &mut defects);
    let tree = Tree::read(raw, &mut defects);
    let layout = displayed::layout(&tree);
    if layout.over_limit {
        defects.add("body-limit", "more parts to display than are displayed");
    }
    let mut message = match tree.root() {
        Some(root) => of_headers(&root.headers, &mut defects),
        None => Message::default(),
    };
    // Each is read once, for its defects; only one text, or one beginning, is kept.
    let mut texts = layout.bodies.iter().map(|displayed| body::plain_text(displayed, &mut defects));
    let first = texts.next();
    let others: Vec<String> = texts.map(|text| excerpt::of(&text)).collect();
    let only_text = first.as_deref().filter(|_| others.is_empty() && layout.files.is_empty());
    message.protection = protection::of(&tree, only_text, &mut defects);
    message.excerpt = excerpt_of(message.protection, first.as_deref().unwrap_or_default(), others);
    message.parts = layout.files.iter().map(|node| part_of(node, &mut defects)).collect();
    (message, defects.into_list())
}

/// What the header alone says.
fn of_headers(headers: &Headers<'_>, defects: &mut Defects) -> Message {
    let mut message = Message {
        id: ids::own(headers),
        references: ids::references(headers, defects),
        from: people(headers, "From", defects),
        reply_to: people(headers, "Reply-To", defects),
        to: people(headers, "To", defects),
        cc: people(headers, "Cc", defects),
        subject: subject(headers, defects),
        sent_at: sent_at(headers, defects),
        list: list(headers, defects),
        ..Message::default()
    };
    message.automated = is_automated(headers, &message.from);
    message.warnings = caution::warnings(&message, headers);
    message
}

/// The people of every field of that name: a second `From` is shown, not hidden behind the first.
fn people(headers: &Headers<'_>, name: &str, defects: &mut Defects) -> Vec<Participant> {
    let mut people = Vec::new();
    for field in headers.all(name) {
        people.append(&mut address::list(&field.unfolded(), defects));
    }
    people.truncate(limits::ADDRESSES_MAX);
    people
}

fn subject(headers: &Headers<'_>, defects: &mut Defects) -> Option<String> {
    let decoded = vendor::decode_words(&headers.first("Subject")?, defects);
    let subject = clean::one_line(&decoded, limits::SUBJECT_CHARS_MAX);
    (!subject.is_empty()).then_some(subject)
}

fn sent_at(headers: &Headers<'_>, defects: &mut Defects) -> Option<Timestamp> {
    /// Longest date that is read.
    const DATE_BYTES_MAX: usize = 200;
    let value = headers.first("Date")?;
    let seconds = vendor::date(clean::cut(&value, DATE_BYTES_MAX), defects);
    if seconds.is_none() {
        defects.add("bad-date", "a Date that cannot be read");
    }
    seconds.and_then(|seconds| seconds.checked_mul(1_000)).map(Timestamp::from_unix_ms)
}

/// `List-Id: Name <id>` (RFC 2919 §2), the id in lower case.
fn list(headers: &Headers<'_>, defects: &mut Defects) -> Option<(String, Option<String>)> {
    /// RFC 2919 §2.
    const LIST_ID_CHARS_MAX: usize = 255;
    let value = headers.first("List-Id")?;
    let (name, id) = match value.rsplit_once('<') {
        Some((name, id)) => (name, id.split('>').next().unwrap_or_default()),
        None => ("", value.as_str()),
    };
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let id = clean::one_line(&id, LIST_ID_CHARS_MAX).to_lowercase();
    let name = vendor::decode_words(name.trim().trim_matches('"'), defects);
    let name = clean::one_line(&name, limits::NAME_CHARS_MAX);
    (!id.is_empty()).then(|| (id, (!name.is_empty()).then_some(name)))
}

/// Sent by a machine (RFC 3834 §5, RFC 2369 §3.2, RFC 2076 Precedence, or an author that reads no answer).
fn is_automated(headers: &Headers<'_>, from: &[Participant]) -> bool {
    let word = |field: &Field<'_>| {
        let value = field.unfolded().to_ascii_lowercase();
        value.split([';', ' ', '(']).next().unwrap_or_default().to_owned()
    };
    let submitted = headers.all("Auto-Submitted").any(|field| !matches!(word(field).as_str(), "" | "no"));
    let bulk =
        headers.all("Precedence").any(|field| matches!(word(field).as_str(), "bulk" | "list" | "junk"));
    submitted || bulk || headers.has("List-Unsubscribe") || from.iter().any(reads_no_answer)
}

fn reads_no_answer(person: &Participant) -> bool {
    const NAMES: [&str; 8] = [
        "noreply",
        "donotreply",
        "dontreply",
        "mailerdaemon",
        "nepasrepondre",
        "nonrispondere",
        "norisposta",
        "bounces",
    ];
    let address = person.handle.address().to_lowercase();
    let local_part = address.rsplit_once('@').map_or(address.as_str(), |(local_part, _)| local_part);
    let letters: String = local_part.chars().filter(|c| c.is_alphanumeric()).collect();
    NAMES.iter().any(|name| letters.starts_with(name) || letters.ends_with(name))
}

/// The first excerpt that says something; nothing of what cannot be read yet.
fn excerpt_of(protection: Protection, first: &str, others: Vec<String>) -> String {
    let encrypted = [Protection::PgpEncrypted, Protection::PgpInlineEncrypted, Protection::SmimeEncrypted];
    if encrypted.contains(&protection) {
        return String::new();
    }
    let excerpts = std::iter::once(excerpt::of(first)).chain(others);
    excerpts.into_iter().find(|excerpt| !excerpt.is_empty()).unwrap_or_default()
}

/// The description of a file. Nothing of it is trusted but its size, which is counted.
pub(crate) fn part_of(node: &Node<'_>, defects: &mut Defects) -> Part {
    let content_id = node.content_id();
    // Files that the text refers to are inline by default, whatever program forgot to say so.
    let is_inline = !node.is_attachment()
        && (node.disposition.as_ref().is_some_and(|disposition| disposition.value == "inline")
            || content_id.is_some());
    Part {
        id: node.id,
        media_type: media_type_of(node),
        name: name_of(node, defects),
        size_bytes: node.encoding.decode(node.body, defects).len() as u64,
        disposition: if is_inline { Disposition::Inline } else { Disposition::Attachment },
        content_id,
    }
}

/// The type, if it is one, else the type that means nothing.
fn media_type_of(node: &Node<'_>) -> String {
    let value = &node.media.value;
    if is_media_type(value) { value.clone() } else { "application/octet-stream".to_owned() }
}

/// Whether this is a type and a subtype made of the characters of RFC 6838 §4.2.
pub(crate) fn is_media_type(value: &str) -> bool {
    /// RFC 6838 §4.2: 127 characters on each side.
    const NAME_BYTES_MAX: usize = 127;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
    let name = |name: &str| !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.chars().all(token);
    value.split_once('/').is_some_and(|(kind, subtype)| name(kind) && name(subtype))
}

fn name_of(node: &Node<'_>, defects: &mut Defects) -> Option<String> {
    if let Some(name) = node.given_name() {
        return clean::file_name(name, limits::FILE_NAME_CHARS_MAX);
    }
    if node.is("message/rfc822") {
        // A forwarded message is called by its subject, if it has one.
        let inner = node.encoding.decode(node.body, defects);
        let (headers, _) = Headers::split(&inner, PART_LIMITS, &mut Defects::default());
        let subject = subject(&headers, defects)?;
        return clean::file_name(&format!("{subject}.eml"), limits::FILE_NAME_CHARS_MAX);
    }
    None
}
