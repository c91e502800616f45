//! Phrases in three languages, and the small grammar that puts names into them.
//!
//! A template holds at most one `{}` for a list of names, and `[one|many]` where a word depends on how many
//! names there are. No phrase is built while a score is computed: a reason is a code until somebody reads
//! it.

use caliopen_model::Language;

/// Makes an enum whose every variant has a stable key and a text in each language, so that a reason without
/// its three texts does not compile.
macro_rules! phrases {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($variant:ident $key:literal $en:literal $fr:literal $it:literal)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $en] $variant,)* }

        impl $name {
            /// All of them, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name, for records and interfaces.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }
        }

        $crate::phrase::phrases!(@templates $name $($variant $en $fr $it)*);

        impl $crate::subject::Phrase for $name {
            fn key(self) -> &'static str {
                self.key()
            }

            fn say(self, names: &[String], language: caliopen_model::Language) -> String {
                $crate::phrase::fill(self.template(language), names, language)
            }
        }
    };
    ($(#[$meta:meta])* enum $name:ident {
        $($variant:ident $en:literal $fr:literal $it:literal)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        enum $name { $($variant,)* }

        $crate::phrase::phrases!(@templates $name $($variant $en $fr $it)*);
    };
    (@templates $name:ident $($variant:ident $en:literal $fr:literal $it:literal)*) => {
        impl $name {
            /// The template of a language; see the grammar at the head of the `phrase` module.
            pub(crate) const fn template(self, language: caliopen_model::Language) -> &'static str {
                use caliopen_model::Language;
                match (self, language) {
                    $((Self::$variant, Language::English) => $en,
                      (Self::$variant, Language::French) => $fr,
                      (Self::$variant, Language::Italian) => $it,)*
                }
            }
        }
    };
}
pub(crate) use phrases;

/// The text of a language.
pub(crate) const fn pick(
    language: Language,
    english: &'static str,
    french: &'static str,
    italian: &'static str,
) -> &'static str {
    match language {
        Language::English => english,
        Language::French => french,
        Language::Italian => italian,
    }
}

/// Most names that a sentence says; the others are counted.
const NAMES_MAX: usize = 3;

/// The template with its names in place. Without a name, "another service" stands for it.
pub(crate) fn fill(template: &str, names: &[String], language: Language) -> String {
    let many = names.iter().filter(|name| !name.is_empty()).count() > 1;
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(['{', '[']) {
        text.push_str(before);
        let opened_list = rest.as_bytes().get(before.len()) == Some(&b'{');
        let Some((inside, tail)) = after.split_once(if opened_list { '}' } else { ']' }) else {
            return text;
        };
        if opened_list {
            push_names(&mut text, names, language);
        } else {
            let (one, several) = inside.split_once('|').unwrap_or((inside, inside));
            text.push_str(if many { several } else { one });
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// "Gmail", "Gmail and Yahoo", "Gmail, Yahoo, Orange and 2 others".
pub(crate) fn list(names: &[String], language: Language) -> String {
    let mut text = String::new();
    push_names(&mut text, names, language);
    text
}

fn push_names(text: &mut String, names: &[String], language: Language) {
    let named: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    if named.is_empty() {
        text.push_str(nameless(language, text.is_empty() || text.ends_with(". ")));
        return;
    }
    let others = named.len().saturating_sub(NAMES_MAX);
    let shown = named.len().min(NAMES_MAX);
    for (position, name) in named.iter().take(shown).enumerate() {
        if position > 0 {
            text.push_str(if others == 0 && position + 1 == shown { and(language) } else { ", " });
        }
        text.push_str(name);
    }
    if others > 0 {
        text.push_str(and(language));
        text.push_str(&others_text(others, language));
    }
}

const fn and(language: Language) -> &'static str {
    match language {
        Language::English => " and ",
        Language::French => " et ",
        Language::Italian => " e ",
    }
}

const fn nameless(language: Language, first: bool) -> &'static str {
    match (language, first) {
        (Language::English, true) => "Another service",
        (Language::English, false) => "another service",
        (Language::French, true) => "Un autre service",
        (Language::French, false) => "un autre service",
        (Language::Italian, true) => "Un altro servizio",
        (Language::Italian, false) => "un altro servizio",
    }
}

fn others_text(count: usize, language: Language) -> String {
    match (language, count) {
        (Language::English, 1) => "1 other".to_owned(),
        (Language::English, _) => format!("{count} others"),
        (Language::French, 1) => "1 autre".to_owned(),
        (Language::French, _) => format!("{count} autres"),
        (Language::Italian, 1) => "1 altro".to_owned(),
        (Language::Italian, _) => format!("altri {count}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, names: &[&str], language: Language, expected: &str) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(fill(template, &names, language), expected);
    }

    #[test]
    fn names_stand_in_a_sentence_as_a_person_would_say_them() {
        let french = "{} [peut|peuvent] lire ce message.";
        check(french, &["Gmail"], Language::French, "Gmail peut lire ce message.");
        check(french, &["Gmail", "Orange"], Language::French, "Gmail et Orange peuvent lire ce message.");
        check(french, &[], Language::French, "Un autre service peut lire ce message.");
        check("Read. {} sees it.", &[], Language::English, "Read. Another service sees it.");
        check("Through {}.", &[], Language::English, "Through another service.");
        check("{}", &["a", "b", "c"], Language::Italian, "a, b e c");
        check("{}", &["a", "b", "c", "d"], Language::English, "a, b, c and 1 other");
        check("{}", &["a", "b", "c", "d", "e"], Language::Italian, "a, b, c e altri 2");
    }

    #[test]
    fn a_name_with_brackets_stays_a_name() {
        check("{} can read it.", &["[192.0.2.1] {x}"], Language::English, "[192.0.2.1] {x} can read it.");
    }
}
