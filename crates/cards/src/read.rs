//! From the text of a card to the person.

use crate::split::Chunk;
use crate::{ADDRESSES_MAX, Card, FIELDS_MAX, Found, KEPT_BYTES_MAX, NOTE_CHARS_MAX, VALUE_CHARS_MAX};
use calcard::common::PartialDateTime;
use calcard::vcard::{
    VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardType, VCardValue,
    VCardVersion,
};
use calcard::{Entry, Parser};
use caliopen_model::{CardField, FieldKind, FieldUse};

/// Reads one card.
pub(crate) fn card(chunk: &Chunk<'_>) -> Found {
    let Chunk::Card(text) = chunk else { return Found::TooLarge };
    let mut entries = entries(text);
    let left_out = leave_out_large(&mut entries);
    let mut card = person(&entries);
    if card == Card::default() {
        return Found::Empty;
    }
    card.kept = as_text(VCard { entries }, VCardVersion::V4_0);
    Found::Card { card, left_out }
}

/// The properties of a card; none where the text is not one.
pub(crate) fn entries(text: &str) -> Vec<VCardEntry> {
    let Entry::VCard(card) = Parser::new(text).entry() else { return Vec::new() };
    let frame = |entry: &VCardEntry| {
        matches!(entry.name, VCardProperty::Begin | VCardProperty::End | VCardProperty::Version)
    };
    card.entries.into_iter().filter(|entry| !frame(entry)).collect()
}

/// A card as text. Writing into memory does not fail; an entry that cannot be written would be lost, not half written.
pub(crate) fn as_text(card: VCard, version: VCardVersion) -> String {
    let mut text = String::new();
    match card.write_to(&mut text, version) {
        Ok(()) => text,
        Err(_) => String::new(),
    }
}

/// Drops the largest properties until the rest can be kept. True when there was one.
fn leave_out_large(entries: &mut Vec<VCardEntry>) -> bool {
    let mut left_out = false;
    while entries.iter().map(written_bytes).sum::<usize>() > KEPT_BYTES_MAX {
        let largest = entries.iter().enumerate().max_by_key(|(_, entry)| entry.size()).map(|(at, _)| at);
        let Some(at) = largest else { break };
        entries.remove(at);
        left_out = true;
    }
    left_out
}

/// What an entry takes once it is written: a third more for base 64, and its folds.
fn written_bytes(entry: &VCardEntry) -> usize {
    entry.size().saturating_mul(3) / 2 + 80
}

/// Everything of the properties that is understood.
pub(crate) fn person(entries: &[VCardEntry]) -> Card {
    let mut card = Card::default();
    let mut notes: Vec<String> = Vec::new();
    for entry in entries {
        match &entry.name {
            VCardProperty::Email if card.addresses.len() < ADDRESSES_MAX => {
                card.addresses.extend(address(entry).filter(|new| !card.addresses.contains(new)));
            }
            VCardProperty::Note => notes.extend(plain(entry)),
            _ if card.fields.len() < FIELDS_MAX => {
                card.fields.extend(field(entry).filter(|new| !card.fields.contains(new)));
            }
            _ => {}
        }
    }
    card.name = name(entries);
    let note: String = notes.join("\n\n").chars().take(NOTE_CHARS_MAX).collect();
    card.note = Some(note).filter(|note| !note.is_empty());
    card
}

/// `FN`, else the parts of `N` as people say them.
pub(crate) fn name(entries: &[VCardEntry]) -> Option<String> {
    let of = |name: VCardProperty| entries.iter().filter(move |entry| entry.name == name);
    of(VCardProperty::Fn).find_map(plain).or_else(|| of(VCardProperty::N).find_map(structured_name))
}

fn structured_name(entry: &VCardEntry) -> Option<String> {
    let part = |at: usize| entry.values.get(at).map(|value| words(value, " ")).unwrap_or_default();
    // Prefix, given, additional, family, suffix (RFC 6350 §6.2.2).
    let parts: Vec<String> = [3, 1, 2, 0, 4].into_iter().map(part).filter(|part| !part.is_empty()).collect();
    cut(&parts.join(" "))
}

/// An address of Internet mail, without the `mailto:` that some write.
pub(crate) fn address(entry: &VCardEntry) -> Option<String> {
    let text = plain(entry)?;
    let bare = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => text.get(7..)?,
        _ => text.as_str(),
    };
    cut(bare)
}

/// What a property says in the words of `model`; none for what is only kept.
pub(crate) fn field(entry: &VCardEntry) -> Option<CardField> {
    let (kind, value) = match &entry.name {
        VCardProperty::Tel => (FieldKind::Phone, phone(entry)),
        VCardProperty::Adr => (FieldKind::Address, joined(entry, ", ")),
        VCardProperty::Org => (FieldKind::Organisation, joined(entry, ", ")),
        VCardProperty::Title => (FieldKind::Title, plain(entry)),
        VCardProperty::Bday => (FieldKind::Birthday, birthday(entry)),
        VCardProperty::Url => (FieldKind::Url, plain(entry)),
        VCardProperty::Nickname => (FieldKind::Nickname, joined(entry, ", ")),
        _ => return None,
    };
    Some(CardField { kind, usage: usage(entry), value: value? })
}

fn phone(entry: &VCardEntry) -> Option<String> {
    let text = plain(entry)?;
    cut(text.strip_prefix("tel:").unwrap_or(&text))
}

fn birthday(entry: &VCardEntry) -> Option<String> {
    match entry.values.first()? {
        VCardValue::PartialDateTime(day) => written_day(day),
        VCardValue::Text(text) => cut(text),
        _ => None,
    }
}

/// `1985-04-12`, as far as it is known. A time of birth is kept, and not shown.
fn written_day(day: &PartialDateTime) -> Option<String> {
    match (day.year, day.month, day.day) {
        (Some(year), Some(month), Some(day)) => Some(format!("{year:04}-{month:02}-{day:02}")),
        (Some(year), Some(month), None) => Some(format!("{year:04}-{month:02}")),
        (Some(year), None, _) => Some(format!("{year:04}")),
        (None, Some(month), Some(day)) => Some(format!("--{month:02}-{day:02}")),
        (None, Some(month), None) => Some(format!("--{month:02}")),
        (None, None, _) => None,
    }
}

/// The day of a text that is one.
pub(crate) fn day(text: &str) -> Option<PartialDateTime> {
    let digits = |text: &str, count: usize| {
        (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u16>().ok())?
    };
    let month =
        |text: &str| digits(text, 2).filter(|month| (1..=12).contains(month)).map(|month| month as u8);
    let of_month = |text: &str| digits(text, 2).filter(|day| (1..=31).contains(day)).map(|day| day as u8);
    let mut found = PartialDateTime::default();
    let rest = match text.strip_prefix("--") {
        Some(rest) => rest,
        None => {
            let (year, rest) = text.split_once('-').unwrap_or((text, ""));
            found.year = Some(digits(year, 4)?);
            if rest.is_empty() {
                return (!text.ends_with('-')).then_some(found);
            }
            rest
        }
    };
    let (first, second) = match rest.split_once('-') {
        Some((first, second)) => (first, Some(second)),
        None => (rest, None),
    };
    found.month = Some(month(first)?);
    found.day = second.map(|second| of_month(second).ok_or(())).transpose().ok()?;
    Some(found)
}

/// What `TYPE` says. What a telephone is goes before where it is.
fn usage(entry: &VCardEntry) -> Option<FieldUse> {
    let types = || entry.params.iter().filter(|param| param.name == VCardParameterName::Type);
    let is = |wanted: &VCardType| {
        types().any(|param| match &param.value {
            VCardParameterValue::Type(found) => found == wanted,
            VCardParameterValue::Text(text) => text.eq_ignore_ascii_case(word(wanted)),
            _ => false,
        })
    };
    let known = [
        (VCardType::Fax, FieldUse::Fax),
        (VCardType::Cell, FieldUse::Mobile),
        (VCardType::Work, FieldUse::Work),
        (VCardType::Home, FieldUse::Home),
    ];
    known.into_iter().find(|(wanted, _)| is(wanted)).map(|(_, usage)| usage)
}

const fn word(kind: &VCardType) -> &'static str {
    match kind {
        VCardType::Fax => "fax",
        VCardType::Cell => "cell",
        VCardType::Work => "work",
        _ => "home",
    }
}

/// The first value as text.
fn plain(entry: &VCardEntry) -> Option<String> {
    let text: String = entry.values.first()?.as_text()?.trim().chars().take(NOTE_CHARS_MAX).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// All values that say something.
fn joined(entry: &VCardEntry, between: &str) -> Option<String> {
    let words: Vec<String> =
        entry.values.iter().map(|value| words(value, between)).filter(|words| !words.is_empty()).collect();
    cut(&words.join(between))
}

fn words(value: &VCardValue, between: &str) -> String {
    match value {
        VCardValue::Component(parts) => {
            let parts: Vec<&str> =
                parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
            parts.join(between)
        }
        other => other.as_text().unwrap_or_default().trim().to_owned(),
    }
}

/// The beginning of a text on one line; none when nothing is left.
fn cut(text: &str) -> Option<String> {
    let one_line = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty());
    let text = one_line.collect::<Vec<_>>().join(", ");
    let text: String = text.chars().filter(|c| !c.is_control()).take(VALUE_CHARS_MAX).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
