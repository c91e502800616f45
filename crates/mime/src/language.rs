//! Which language a message is in, so that it can be read aloud as what it is (WCAG 2.2, 3.1.2). What it says of itself
//! counts before what its words look like.

use crate::headers::Field;
use whatlang::Lang;

/// How much text is looked at, in characters: more of it changes nothing.
const LOOKED_AT_CHARS_MAX: usize = 4_000;
/// Letters below which words say nothing reliable.
const LETTERS_MIN: usize = 40;
/// A language tag, in bytes (RFC 5646 §4.4.1).
const TAG_BYTES_MAX: usize = 35;

/// The language tag (BCP 47) of a message with these header fields and this text; none when nobody can tell.
pub(crate) fn of(fields: &[Field<'_>], text: &str) -> Option<String> {
    said(fields).or_else(|| guessed(text))
}

/// `Content-Language` (RFC 3282 §2), when it names one language.
fn said(fields: &[Field<'_>]) -> Option<String> {
    let field = fields.iter().find(|field| field.name.eq_ignore_ascii_case("Content-Language"))?;
    let value = field.unfolded();
    let tag = value.trim();
    is_tag(tag).then(|| tag.to_owned())
}

/// A language, and parts that say more of it.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_language =
        |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_more =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.len() <= TAG_BYTES_MAX && parts.next().is_some_and(is_language) && parts.all(is_more)
}

fn guessed(text: &str) -> Option<String> {
    let shown: String = own_words(text).chars().take(LOOKED_AT_CHARS_MAX).collect();
    if shown.chars().filter(|letter| letter.is_alphabetic()).take(LETTERS_MIN).count() < LETTERS_MIN {
        return None;
    }
    let found = whatlang::detect(&shown).filter(whatlang::Info::is_reliable)?;
    Some(shortest(found.lang()).to_owned())
}

/// Without what is quoted: an answer in French to an English letter is French.
fn own_words(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('>')).collect::<Vec<_>>().join("\n")
}

/// Two letters where there are two (RFC 5646 §2.2.1).
fn shortest(lang: Lang) -> &'static str {
    let code = lang.code();
    let known = SHORT.iter().find(|(long, _)| *long == code);
    known.map_or(code, |(_, short)| short)
}

/// ISO 639-3 and 639-1, of the languages that are told apart.
const SHORT: [(&str, &str); 66] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(guessed(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn words_tell_the_language_when_there_are_enough() {
        check("Hello everybody, the rehearsal is on Tuesday evening in the old school.", Some("en"));
        check("Bonjour à tous, la répétition est mardi soir dans la vieille école.", Some("fr"));
        check("Ciao a tutti, la prova è martedì sera nella vecchia scuola del paese.", Some("it"));
        check("Guten Tag, die Probe ist am Dienstagabend in der alten Schule.", Some("de"));
        check("OK, 12:30!", None);
        check("0123456789 0123456789 0123456789 0123456789 0123456789", None);
        check("", None);
    }

    #[test]
    fn what_is_quoted_is_somebody_elses_language() {
        let quoted = "> Hello everybody, the rehearsal is on Tuesday evening in the old school.\n".repeat(9);
        let own = "Merci beaucoup pour cette lettre ! Je viendrai mardi soir avec mes partitions, comme les autres \
                   fois, et une chaise pour ma sœur, qui voudrait bien nous écouter.";
        check(&format!("{quoted}{own}\n"), Some("fr"));
    }

    #[test]
    fn a_tag_is_a_language_and_what_says_more_of_it() {
        for tag in ["fr", "pt-BR", "zh-Hant-TW", "gsw"] {
            assert!(is_tag(tag), "{tag}");
        }
        for none in ["", "f", "fr, en", "french", "fr_FR", "fr-", "fr\" onload=\"x", "x-klingon", "fr-é"] {
            assert!(!is_tag(none), "{none}");
        }
    }

    #[test]
    fn every_language_that_is_told_apart_has_its_shortest_tag() {
        let long: Vec<&str> =
            Lang::all().iter().map(|lang| shortest(*lang)).filter(|tag| tag.len() > 2).collect();
        assert!(long.iter().all(|tag| ["yid", "uzb", "vie", "zul"].contains(tag)), "{long:?}");
    }
}
