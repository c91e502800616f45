//! What comes again and again: newsletters, notices, bills. Templates with slots, so that no two issues are alike.
//!
//! ```text
//! ## name sender > recipients every DAYS from FIRST at HH:MM as CODING [TEMPLATE] [with FILE]
//! ? a | b | c        fills {0}; the second such line fills {1}, …
//! ! a subject        with slots; the lines after it are the body; `%%` begins another
//! ```
//! `{n}` counts the issues, `{p}` is some small number, `{month}` is « de » and the month before, `{token}` is what a newsletter tells its readers apart by.

use super::Sample;
use super::attachments;
use super::calendar;
use super::compose::{Letter, message_id};
use super::part::{Coding, Part, hash, html, wrap};
use super::people;
use super::script::Moment;
use anyhow::{Context, Result, bail};

const TEXT: &str = include_str!("texts/series.txt");

/// The pages that newsletters are printed on.
const PAGES: [(&str, &str); 4] = [
    ("slowpost", include_str!("texts/slowpost.html")),
    ("marche", include_str!("texts/marche.html")),
    ("aurora", include_str!("texts/aurora.html")),
    ("megadeals", include_str!("texts/megadeals.html")),
];

/// One series as its file says it.
#[derive(Debug, Default)]
struct Series<'a> {
    head: Vec<&'a str>,
    slots: Vec<Vec<&'a str>>,
    /// Subjects and bodies, taken in turn.
    issues: Vec<(&'a str, String)>,
}

impl<'a> Series<'a> {
    /// The word after another word of the head.
    fn word(&self, name: &str) -> Option<&'a str> {
        self.head.iter().skip_while(|word| **word != name).nth(1).copied()
    }

    fn number(&self, name: &str) -> Result<i64> {
        let word = self.word(name).with_context(|| format!("a series without `{name}`"))?;
        word.parse().with_context(|| format!("`{name}` of a series is no number"))
    }

    /// A text with its slots filled for the n-th issue.
    fn fill(&self, text: &str, issue: usize) -> String {
        let small = hash(&[text, &issue.to_string()]) % 8 + 2;
        let filled = self.slots.iter().enumerate().fold(text.to_owned(), |text, (place, choices)| {
            let chosen = choices.get(issue % choices.len().max(1)).copied().unwrap_or_default();
            text.replace(&format!("{{{place}}}"), chosen)
        });
        filled.replace("{n}", &(41 + issue).to_string()).replace("{p}", &small.to_string())
    }
}

/// Every issue of every series up to now.
pub fn samples(domain: &str, now: i64) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for series in parse(TEXT) {
        let name = series.head.first().copied().unwrap_or_default();
        let (first, every) = (series.number("from")?, series.number("every")?.max(1));
        let hour = series.word("at").context("a series without `at`")?;
        for (issue, days) in (1..=first).rev().step_by(usize::try_from(every)?).enumerate() {
            let moment = Moment::parse(&days.to_string(), hour)?;
            let letter =
                letter(&series, issue, moment, domain, now).with_context(|| format!("series {name}"))?;
            samples.push(letter);
        }
    }
    Ok(samples)
}

fn parse(text: &str) -> Vec<Series<'_>> {
    let mut all: Vec<Series<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("## ") {
            all.push(Series { head: head.split(' ').collect(), ..Series::default() });
            continue;
        }
        let Some(series) = all.last_mut() else { continue };
        if let Some(choices) = line.strip_prefix("? ") {
            series.slots.push(choices.split(" | ").collect());
        } else if let Some(subject) = line.strip_prefix("! ") {
            series.issues.push((subject, String::new()));
        } else if let (Some((_, body)), true) = (series.issues.last_mut(), line != "%%") {
            body.push_str(line);
            body.push('\n');
        }
    }
    all
}

fn letter(series: &Series<'_>, issue: usize, moment: Moment, domain: &str, now: i64) -> Result<Sample> {
    let from = people::find(series.head.get(1).copied().unwrap_or_default())?;
    let names = series.head.iter().skip(3).take_while(|word| **word != "every");
    let to = names.map(|name| people::find(name)).collect::<Result<Vec<_>>>()?;
    let (subject, body) = series.issues.get(issue % series.issues.len().max(1)).context("no issue")?;
    let at = moment.unix_ms(now, from.place);
    let month = calendar::of_month_in_french(at - 20 * calendar::DAY_MS);
    let fill = |text: &str| series.fill(text, issue).replace("{month}", month);
    let (subject, body) = (fill(subject), fill(body.trim_end()));
    let seed = format!("{}-{issue}", from.key);
    let mut content = content(series, &subject, &body, &seed, issue)?;
    if let Some(file) = series.word("with") {
        content = Part::multipart("mixed", &seed, &[content, attachments::attachment(file, &subject, at)?]);
    }
    let is_letter = series.word("as") == Some("html");
    let unsubscribe = format!("List-Unsubscribe: <mailto:stop@{}>", from.domain(domain));
    Letter {
        from,
        to,
        list: false,
        at,
        subject,
        id: message_id(from.key, issue, from.domain(domain)),
        references: Vec::new(),
        latin: series.word("as").and_then(Coding::of_word).is_some_and(Coding::is_latin1),
        extra: if is_letter { vec![unsubscribe] } else { Vec::new() },
        content,
    }
    .seal(domain)
}

fn content(series: &Series<'_>, subject: &str, body: &str, seed: &str, issue: usize) -> Result<Part> {
    let word = series.word("as").context("a series without `as`")?;
    if let Some(coding) = Coding::of_word(word) {
        return Ok(Part::text("plain", &wrap(body, coding == Coding::Flowed), coding));
    }
    let name = series.word("html").context("a coding that is none")?;
    let Some((_, page)) = PAGES.iter().find(|(page, _)| *page == name) else { bail!("no page {name:?}") };
    let token = format!("{:012x}", hash(&[seed, "reader"]) & 0xffff_ffff_ffff);
    let page = series
        .fill(page, issue)
        .replace("{title}", subject)
        .replace("{paragraphs}", &html(body))
        .replace("{token}", &token);
    let plain = Part::text("plain", &wrap(body, false), Coding::Utf8Quoted);
    let rich = Part::text("html", &page, Coding::Utf8Quoted);
    let rich = match page.split("cid:").nth(1).and_then(|rest| rest.split('"').next()) {
        Some(content_id) => {
            let picture = content_id.split('@').next().unwrap_or_default();
            let picture = attachments::inline(&format!("{picture}.png"), content_id)?;
            Part::multipart("related", seed, &[rich, picture])
        }
        None => rich,
    };
    Ok(Part::multipart("alternative", seed, &[plain, rich]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_of_a_series_differ() {
        let text = "## tea aurora > alice every 10 from 30 at 08:00 as utf8-qp\n? red | green\n! Tea: {0}\nDrink {0}, {n}.\n";
        let series = parse(text);
        let series = series.first().unwrap();
        assert_eq!(series.fill(series.issues[0].0, 1), "Tea: green");
        assert_eq!(series.fill(&series.issues[0].1, 2), "Drink red, 43.\n");
        assert_eq!((series.number("every").unwrap(), series.word("as")), (10, Some("utf8-qp")));
    }
}
