//! Texts as a reviewed file, and the rules that all of them keep.

use caliopen_model::Language;
use std::fmt::Write as _;
use std::path::Path;

fn names(count: usize) -> Vec<String> {
    ["Gmail", "Orange"].into_iter().take(count).map(str::to_owned).collect()
}

/// One entry for each number of names that changes the text.
pub fn entry(page: &mut String, key: &str, text: impl Fn(&[String], Language) -> String) {
    writeln!(page, "{key}").expect("a string takes every write");
    let mut before = String::new();
    for count in 0..=2 {
        let block: String = Language::ALL
            .into_iter()
            .map(|language| format!("  {} {}\n", language.tag(), text(&names(count), language)))
            .collect();
        if block != before {
            page.push_str(&block);
        }
        before = block;
    }
}

/// The page is the reviewed file of this name. When it is not, the new one is left under the target folder.
pub fn check(name: &str, found: &str) {
    let expected = std::fs::read_to_string(Path::new("tests/golden").join(name)).unwrap_or_default();
    if found == expected {
        return;
    }
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&kept, found).expect("the target folder takes a file");
    let differs = found.lines().zip(expected.lines()).find(|(new, old)| new != old);
    assert_eq!(differs, None, "{name} has other texts than reviewed; the new file is {}", kept.display());
    assert_eq!(
        found.len(),
        expected.len(),
        "{name} has other texts at its end; the new file is {}",
        kept.display()
    );
}

/// Every line of a language on the pages, with its tag.
fn lines_of(pages: &str, tag: &str) -> Vec<String> {
    let start = format!("  {tag} ");
    pages.lines().filter_map(|line| line.strip_prefix(start.as_str())).map(str::to_owned).collect()
}

/// No text says "secure", blames anybody, or promises a hundred per cent.
pub fn promises_no_more_than_was_checked(pages: &str) {
    let banned = [
        "secure",
        "safe",
        "unsafe",
        "security",
        "100\u{a0}%",
        "100 %",
        "100%",
        "guarantee",
        "your fault",
        "you failed",
        "sécuris",
        "sûr ",
        "sûre",
        "sécurité",
        "votre faute",
        "sicur",
        "colpa",
        "insicur",
        "wrong",
        "mauvais",
        "sbagliat",
    ];
    for language in Language::ALL {
        for line in lines_of(pages, language.tag()) {
            let lower = format!("{} ", line.to_lowercase());
            assert!(!banned.iter().any(|word| lower.contains(word)), "{line}");
        }
    }
}

/// Spaces, quotes and names are as each language sets them, on at least so many lines of each.
pub fn is_set_as_its_language_asks(pages: &str, lines_min: usize) {
    for language in Language::ALL {
        let lines = lines_of(pages, language.tag());
        assert!(lines.len() > lines_min, "{} has {} texts", language.tag(), lines.len());
        for line in lines {
            assert!(!line.contains(['\'', '"', '{', '}', '[', ']', '|']), "{line}");
            assert!(!line.contains("  ") && line.trim() == line && !line.is_empty(), "{line:?}");
            let letters: Vec<char> = line.chars().collect();
            for pair in letters.windows(2) {
                let &[before, mark] = pair else { continue };
                let fits = match (language, mark) {
                    (Language::French, ':') => before == '\u{a0}',
                    (Language::French, ';' | '!' | '?') => before == '\u{202f}',
                    (_, ':' | ';' | '!' | '?' | ',' | '.') => !before.is_whitespace(),
                    _ => true,
                };
                assert!(fits, "{line}");
            }
        }
    }
}
