//! From the person to a card: what came is kept where it still holds, what changed is written anew.

use crate::read::{address, as_text, day, entries, field, name, person};
use crate::{Card, KEPT_BYTES_MAX, Version};
use calcard::vcard::{
    VCard, VCardEntry, VCardParameter, VCardParameterName, VCardParameterValue, VCardProperty, VCardType,
    VCardValue, VCardValueType, VCardVersion,
};
use caliopen_model::{CardField, FieldKind, FieldUse};

/// Writes one card, with CRLF at the end of each line.
pub(crate) fn card(card: &Card, version: Version) -> String {
    let kept = entries(&card.kept);
    let was = person(&kept);
    let mut addresses = card.addresses.clone();
    let mut fields = card.fields.clone();
    let same_name = name(&kept) == card.name;
    let same_note = was.note == card.note;
    let mut written: Vec<VCardEntry> = kept
        .into_iter()
        .filter(|entry| match &entry.name {
            VCardProperty::Fn | VCardProperty::N => same_name,
            VCardProperty::Note => same_note,
            VCardProperty::Email => match address(entry) {
                // More than are read of one card: kept as they came.
                Some(found) if was.addresses.contains(&found) => take(&mut addresses, &found),
                _ => true,
            },
            _ => match field(entry) {
                Some(found) if was.fields.contains(&found) => take(&mut fields, &found),
                _ => true,
            },
        })
        .collect();
    if !same_note && let Some(note) = &card.note {
        written.push(text(VCardProperty::Note, note));
    }
    written.extend(addresses.iter().map(|address| text(VCardProperty::Email, address)));
    written.extend(fields.iter().map(written_field));
    complete_name(&mut written, card, version);
    if version == Version::V3 {
        written.iter_mut().for_each(say_yearless_day);
    }
    let version = match version {
        Version::V3 => VCardVersion::V3_0,
        Version::V4 => VCardVersion::V4_0,
    };
    as_text(VCard { entries: written }, version)
}

/// The first card, and each property of the second that the first has not, unless a person has one of them only.
pub(crate) fn join(first: &str, second: &str) -> String {
    let mut joined = entries(first);
    for entry in entries(second) {
        let is_single = matches!(
            entry.name,
            VCardProperty::Fn
                | VCardProperty::N
                | VCardProperty::Uid
                | VCardProperty::Rev
                | VCardProperty::Bday
                | VCardProperty::Anniversary
                | VCardProperty::Kind
                | VCardProperty::Gender
                | VCardProperty::Prodid
                | VCardProperty::Note
        );
        let is_known = |known: &VCardEntry| match is_single {
            true => known.name == entry.name,
            false => *known == entry,
        };
        if !joined.iter().any(is_known) {
            joined.push(entry);
        }
    }
    let text = as_text(VCard { entries: joined }, VCardVersion::V4_0);
    if text.len() <= KEPT_BYTES_MAX { text } else { first.to_owned() }
}

/// Whether it is still wanted; once it is written it is not wanted again.
fn take<T: PartialEq>(wanted: &mut Vec<T>, found: &T) -> bool {
    let before = wanted.len();
    wanted.retain(|one| one != found);
    wanted.len() < before
}

/// `FN` must be there in both versions (RFC 6350 §6.2.1), `N` in 3.0 (RFC 2426 §3.1.2).
fn complete_name(written: &mut Vec<VCardEntry>, card: &Card, version: Version) {
    let has = |written: &[VCardEntry], name: VCardProperty| written.iter().any(|entry| entry.name == name);
    let called = card.name.as_deref().or(card.addresses.first().map(String::as_str)).unwrap_or_default();
    if version == Version::V3 && !has(written, VCardProperty::N) {
        let parts = ["", called, "", "", ""].map(|part| VCardValue::Text(part.to_owned()));
        written.insert(0, entry(VCardProperty::N, parts.to_vec()));
    }
    if !has(written, VCardProperty::Fn) {
        written.insert(0, text(VCardProperty::Fn, called));
    }
}

fn entry(name: VCardProperty, values: Vec<VCardValue>) -> VCardEntry {
    VCardEntry { group: None, name, params: Vec::new(), values }
}

fn text(name: VCardProperty, value: &str) -> VCardEntry {
    entry(name, vec![VCardValue::Text(value.to_owned())])
}

fn written_field(field: &CardField) -> VCardEntry {
    let mut written = match field.kind {
        FieldKind::Phone => text(VCardProperty::Tel, &field.value),
        FieldKind::Address => {
            // On one line, nobody knows which part is the town: all of it is the street (RFC 6350 §6.3.1).
            let parts = ["", "", &field.value, "", "", "", ""].map(|part| VCardValue::Text(part.to_owned()));
            entry(VCardProperty::Adr, parts.to_vec())
        }
        FieldKind::Organisation => text(VCardProperty::Org, &field.value),
        FieldKind::Title => text(VCardProperty::Title, &field.value),
        FieldKind::Url => text(VCardProperty::Url, &field.value),
        FieldKind::Nickname => text(VCardProperty::Nickname, &field.value),
        FieldKind::Birthday => match day(&field.value) {
            Some(day) => entry(VCardProperty::Bday, vec![VCardValue::PartialDateTime(day)]),
            None => in_words(text(VCardProperty::Bday, &field.value)),
        },
    };
    if let Some(usage) = field.usage {
        let value = VCardParameterValue::Type(match usage {
            FieldUse::Home => VCardType::Home,
            FieldUse::Work => VCardType::Work,
            FieldUse::Mobile => VCardType::Cell,
            FieldUse::Fax => VCardType::Fax,
        });
        written.params.push(VCardParameter { name: VCardParameterName::Type, value });
    }
    written
}

/// A day without its year is none in 3.0 (RFC 2426 §3.1.5): it is written as words.
fn say_yearless_day(entry: &mut VCardEntry) {
    let Some(VCardValue::PartialDateTime(found)) = entry.values.first() else { return };
    if entry.name != VCardProperty::Bday || found.year.is_some() {
        return;
    }
    if let Some(CardField { value, .. }) = field(entry) {
        entry.params.retain(|param| param.name != VCardParameterName::Value);
        *entry = in_words(VCardEntry { values: vec![VCardValue::Text(value)], ..entry.clone() });
    }
}

/// Says that the value is no day but words (RFC 6350 §6.2.5).
fn in_words(mut entry: VCardEntry) -> VCardEntry {
    let value = VCardParameterValue::ValueType(VCardValueType::Text);
    entry.params.push(VCardParameter { name: VCardParameterName::Value, value });
    entry
}
