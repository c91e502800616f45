//! The three languages say the same things: equal keys in every catalogue of messages.

use super::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const LANGUAGES: [&str; 3] = ["en", "fr", "it"];

/// Catalogues are files `en.json`, `fr.json`, `it.json` (or `.ts`) side by side.
pub fn findings(tree: &Tree) -> Vec<String> {
    let mut families: BTreeMap<String, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for (path, text) in tree.ending(&["/en.json", "/fr.json", "/it.json", "/en.ts", "/fr.ts", "/it.ts"]) {
        let Some((folder, file)) = path.rsplit_once('/') else { continue };
        let Some((language, ending)) = file.split_once('.') else { continue };
        families.entry(format!("{folder}/*.{ending}")).or_default().insert(language, keys(text));
    }
    families.iter().flat_map(|(family, catalogues)| compare(family, catalogues)).collect()
}

fn compare(family: &str, catalogues: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let all: BTreeSet<&String> = catalogues.values().flatten().collect();
    LANGUAGES
        .iter()
        .flat_map(|language| {
            let own = catalogues.get(language);
            all.iter()
                .filter(move |key| !own.is_some_and(|own| own.contains(**key)))
                .map(move |key| format!("{family}: `{key}` is not said in {language}"))
        })
        .collect()
}

/// The names that stand before a colon at the start of a line: one message a line, nested ones too.
fn keys(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| {
            let (key, _) = line.trim().split_once(':')?;
            let key = key.trim().trim_matches(['"', '\'']);
            let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_.-$".contains(c));
            is_name.then(|| key.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_one_language_lacks_is_said() {
        let both = "{\n  \"inbox.empty\": \"Nothing\",\n  \"send\": \"Send\"\n}\n";
        let tree = Tree::of(&[
            ("web/messages/en.json", both),
            ("web/messages/fr.json", both),
            ("web/messages/it.json", "{\n  \"send\": \"Invia\"\n}\n"),
        ]);
        assert_eq!(findings(&tree), ["web/messages/*.json: `inbox.empty` is not said in it"]);
    }
}
