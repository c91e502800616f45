//! What questions are read as, and what of them is named as not understood.

use super::*;
use proptest::prelude::*;

/// The expression in one line: words with their fields' first letters, facts by their names.
fn show(query: &Query, expression: &Expression) -> String {
    let join = |parts: &[Expression], with: &str| {
        parts.iter().map(|part| show(query, part)).collect::<Vec<_>>().join(with)
    };
    match expression {
        Expression::All(parts) => join(parts, " & "),
        Expression::Any(parts) => format!("({})", join(parts, " | ")),
        Expression::Not(part) => format!("!{}", show(query, part)),
        Expression::Fact(fact) => format!("{fact:?}"),
        Expression::Leaf(number) => match &query.leaves[*number] {
            Leaf::Trait(known) => format!("{known:?}"),
            Leaf::Words { fields, words, is_prefix, .. } => {
                let field = match fields.as_slice() {
                    [one] => format!("{one:?}:"),
                    [Field::Subject, Field::Title] => "Subject:".to_owned(),
                    _ => String::new(),
                };
                format!("{field}{}{}", words.join("+"), if *is_prefix { "*" } else { "" })
            }
        },
    }
}

fn check(text: &str, expected: &str) {
    let query = parse(text, 0, false);
    assert_eq!(show(&query, &query.expression), expected, "{text}");
    assert_eq!(query.problems, [], "{text}");
}

#[test]
fn words_are_all_wanted() {
    check("", "");
    check("  Budget  2026 ", "budget & 2026");
    check("\"annual report\" draft", "annual+report & draft");
    check("corresp*", "corresp*");
    check("l'école", "ecole");
    check("a*", "a");
    check("budget budget", "budget & budget");
    check("ana@example.org", "ana+example+org");
    check("(red blue)", "red & blue");
    check("https://example.org/a", "https+example+org+a");
    check("… budget -", "budget");
}

#[test]
fn one_of_two_and_none_of_it() {
    check("red OR blue", "(red | blue)");
    check("big red OR blue OR green car", "big & (red | blue | green) & car");
    check("red -blue", "red & !blue");
    check("red or blue", "red & or & blue");
    check("OR red OR", "red");
    check("-\"annual report\"", "!annual+report");
    check("-from:ana", "!From:ana");
}

#[test]
fn operators_ask_for_fields_and_facts() {
    check("from:ana to:bob", "From:ana & To:bob");
    check("FROM:\"Ana Maria\"", "From:ana+maria");
    check("subject:lunch*", "Subject:lunch*");
    check("has:attachment is:sent", "Attachment & Sent");
    check("is:unread", "!Seen");
    check("-is:unread", "!!Seen");
    check("is:flagged in:archive route:email", "Flagged & In(Archive) & Email");
    check("before:1970-01-02 after:1970", "Before(86400000) & After(0)");
    check("pi:<20", "!PrivacyAtLeast(20)");
    check("pi:>=50 pi:>50 pi:<=9", "PrivacyAtLeast(50) & PrivacyAtLeast(51) & !PrivacyAtLeast(10)");
    check("pi:7", "PrivacyAtLeast(7) & !PrivacyAtLeast(8)");
    check("label:\"À faire\"", "Label(\"a faire\")");
    check("from:ana OR from:bob", "(From:ana | From:bob)");
}

#[test]
fn answers_are_put_together_by_subject_when_one_asks() {
    let query = parse("by:subject in:inbox", 0, false);
    assert!(query.by_subject && !query.is_empty());
    assert_eq!(show(&query, &query.expression), "In(Inbox)");
    let all = parse("BY:Subject", 0, false);
    assert!(all.by_subject && !all.is_empty(), "everything, by subject");
    let unknown = parse("by:size lunch", 0, false);
    assert!(!unknown.by_subject);
    assert_eq!(unknown.problems[0].reason, Reason::UnknownValue);
}

#[test]
fn what_is_not_understood_is_named_and_the_rest_is_searched() {
    let check = |text: &str, expected: &str, problems: &[(&str, Reason)]| {
        let query = parse(text, 0, false);
        assert_eq!(show(&query, &query.expression), expected, "{text}");
        let found: Vec<(&str, Reason)> = query
            .problems
            .iter()
            .map(|problem| (text.get(problem.range.clone()).unwrap(), problem.reason))
            .collect();
        assert_eq!(found, problems, "{text}");
    };
    check("x1 before:yesterday x2", "x1 & x2", &[("before:yesterday", Reason::NotADate)]);
    check("is:blue été", "ete", &[("is:blue", Reason::UnknownValue)]);
    check("été pi:200", "ete", &[("pi:200", Reason::NotAnIndex)]);
    check("subjct:lunch", "subjct+lunch", &[("subjct:lunch", Reason::UnknownOperator)]);
    check("a1 \"open words", "a1 & open+words", &[("\"open words", Reason::OpenQuotation)]);
    check("in:", "", &[("in:", Reason::UnknownValue)]);
    check("Re: lunch", "re & lunch", &[]);
    let many: String = (0..30).map(|number| format!("w{number} ")).collect();
    let query = parse(&many, 0, false);
    assert_eq!((query.leaves.len(), query.problems.len()), (LEAVES_MAX, 6));
    let long = format!("{}é", "x".repeat(QUERY_BYTES_MAX - 1));
    assert_eq!(parse(&long, 0, false).problems[0].range, QUERY_BYTES_MAX - 1..QUERY_BYTES_MAX + 1);
}

#[test]
fn the_word_that_is_being_typed_may_go_on() {
    let check = |text: &str, expected: &str| {
        let query = parse(text, 0, true);
        assert_eq!(show(&query, &query.expression), expected, "{text}");
        assert_eq!(query.problems, [], "{text}");
    };
    check("annual bud", "annual & bud*");
    check("annual bud ", "annual & bud");
    check("b", "b");
    check("from:an", "From:an*");
    check("ana@exam", "ana+exam*");
    check("\"annual report\"", "annual+report");
    check("budget.", "budget");
    check("lunch is:unr", "lunch");
    check("lunch before:2026-1", "lunch & Before(1767225600000)");
}

proptest! {
    #[test]
    fn any_text_is_a_question_within_its_limits(text in "\\PC{0,80}|[a-z:\"\\- *()]{0,80}", typing: bool) {
        let query = parse(&text, 60, typing);
        prop_assert!(query.leaves.len() <= LEAVES_MAX);
        for problem in &query.problems {
            prop_assert!(text.get(problem.range.clone()).is_some());
        }
        for leaf in &query.leaves {
            if let Leaf::Words { words, .. } = leaf {
                prop_assert!((1..=PHRASE_WORDS_MAX).contains(&words.len()));
            }
        }
    }
}
