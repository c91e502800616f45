//! Letters as they are compared: without case, accents and typographic variants (Unicode NFKD, UAX #15).

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// Whether a character only changes the one before it. It belongs to the word that it stands in.
pub(crate) fn is_mark(letter: char) -> bool {
    letter > '\u{2ff}' && CanonicalCombiningClassMapBorrowed::new().get_u8(letter) != 0
}

/// Appends a character as it is compared.
pub(crate) fn fold_into(letter: char, out: &mut String) {
    if letter.is_ascii() {
        out.push(letter.to_ascii_lowercase());
        return;
    }
    let parts = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(std::iter::once(letter));
    for part in parts.filter(|part| !is_mark(*part)) {
        part.to_lowercase().filter(|lower| !is_mark(*lower)).for_each(|lower| push_plain(lower, out));
    }
}

/// Letters that Unicode does not take apart become those that people type who do not have them.
fn push_plain(letter: char, out: &mut String) {
    match letter {
        'ß' => out.push_str("ss"),
        'œ' => out.push_str("oe"),
        'æ' => out.push_str("ae"),
        'þ' => out.push_str("th"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'ħ' => out.push('h'),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::fold_into;

    fn check(text: &str, expected: &str) {
        let mut folded = String::new();
        text.chars().for_each(|letter| fold_into(letter, &mut folded));
        assert_eq!(folded, expected, "{text}");
    }

    #[test]
    fn case_and_accents_make_no_difference() {
        check("École", "ecole");
        check("E\u{301}cole", "ecole");
        check("STRASSE", "strasse");
        check("Straße", "strasse");
        check("Œuvre", "oeuvre");
        check("perché", "perche");
        check("Łódź", "lodz");
        check("İstanbul", "istanbul");
        check("ﬁn ２０２６", "fin 2026");
        check("ΟΔΟΣ", "οδοσ");
        check("οδος", "οδοσ");
    }
}
