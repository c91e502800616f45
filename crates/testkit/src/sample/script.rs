//! The scripts: plain files that people can write, read into entries.
//!
//! ```text
//! ## a thread
//! @@ 74 19:33 camille > alice nadia      days ago, hour where camille lives, from > to
//! : subject Chut                         then `subject`, `as`, `with`, `forward`, `pgp`, each once
//!
//! One paragraph on a line.
//! ```
//!
//! Days are counted back from today; `0 -2:15` is two hours and a quarter before now. In a thread each message
//! answers the one before; its subject is that of the first unless it has its own.

use super::calendar::{DAY_MS, MINUTE_MS, Place};
use anyhow::{Context, Result, bail};

/// When, as the script says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Days before today, and minutes since midnight there.
    Day(i64, i64),
    /// Minutes before now.
    Before(i64),
}

impl Moment {
    /// Reads `74` and `19:33`, or `0` and `-2:15`.
    pub fn parse(days: &str, hour: &str) -> Result<Self> {
        let before = hour.strip_prefix('-');
        let (hours, minutes) = before.unwrap_or(hour).split_once(':').context("an hour has a colon")?;
        let minutes = hours.parse::<i64>()? * 60 + minutes.parse::<i64>()?;
        Ok(if before.is_some() { Self::Before(minutes) } else { Self::Day(days.parse()?, minutes) })
    }

    /// The instant, never later than now: a day that is not over counts as the day before.
    pub fn unix_ms(self, now: i64, place: Place) -> i64 {
        match self {
            Self::Before(minutes) => now - minutes * MINUTE_MS,
            Self::Day(days, minutes) => {
                let midnight = now - now.rem_euclid(DAY_MS) - days * DAY_MS;
                let moment = midnight + (minutes - place.offset_minutes(midnight)) * MINUTE_MS;
                if moment < now { moment } else { moment - DAY_MS }
            }
        }
    }
}

/// One message as its script says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The thread's name.
    pub thread: String,
    /// Its place in the thread.
    pub index: usize,
    /// When.
    pub moment: Moment,
    /// Who writes.
    pub from: String,
    /// To whom; `list` is the garden's list.
    pub to: Vec<String>,
    /// The subject, of its own or of the thread.
    pub subject: String,
    /// How the text is written; `alternative` adds HTML.
    pub coding: String,
    /// A file that it carries.
    pub file: Option<String>,
    /// It carries another message.
    pub forward: bool,
    /// `signed`, `encrypted` or `clearsigned`.
    pub pgp: Option<String>,
    /// The text, one paragraph on a line.
    pub body: String,
}

/// Reads a script.
pub fn parse(text: &str) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut thread = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            thread = name;
        } else if let Some(head) = line.strip_prefix("@@ ") {
            let entry = head_of(thread, head, entries.last()).with_context(|| format!("in {line:?}"))?;
            entries.push(entry);
        } else if let Some(entry) = entries.last_mut() {
            match line.strip_prefix(": ").filter(|_| entry.body.is_empty()) {
                Some(attribute) => set(entry, attribute).with_context(|| format!("in {line:?}"))?,
                None if line.is_empty() && entry.body.is_empty() => {}
                None => {
                    entry.body.push_str(line);
                    entry.body.push('\n');
                }
            }
        }
    }
    for entry in &mut entries {
        entry.body.truncate(entry.body.trim_end().len());
    }
    Ok(entries)
}

fn head_of(thread: &str, head: &str, last: Option<&Entry>) -> Result<Entry> {
    let (left, to) = head.split_once(" > ").context("a message has someone to go to")?;
    let [days, hour, from] = left.split(' ').collect::<Vec<_>>()[..] else {
        bail!("a message has days, an hour and someone that it is from")
    };
    let before = last.filter(|last| last.thread == thread);
    let subject = before.map(|last| match last.subject.strip_prefix("Re: ") {
        Some(_) => last.subject.clone(),
        None => format!("Re: {}", last.subject),
    });
    Ok(Entry {
        thread: thread.to_owned(),
        index: before.map_or(0, |last| last.index + 1),
        moment: Moment::parse(days, hour)?,
        from: from.to_owned(),
        to: to.split(' ').map(str::to_owned).collect(),
        subject: subject.unwrap_or_default(),
        coding: "utf8-8bit".to_owned(),
        file: None,
        forward: false,
        pgp: None,
        body: String::new(),
    })
}

fn set(entry: &mut Entry, attribute: &str) -> Result<()> {
    let (name, value) = attribute.split_once(' ').context("an attribute has a value")?;
    let value = value.to_owned();
    match name {
        "subject" => entry.subject = value,
        "as" => entry.coding = value,
        "with" => entry.file = Some(value),
        "forward" => entry.forward = true,
        "pgp" => entry.pgp = Some(value),
        _ => bail!("there is no attribute {name:?}"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::calendar::CONTINENT;
    use super::*;

    #[test]
    fn a_thread_is_read_as_it_is_written() {
        let text = "## soup\n@@ 3 18:00 sam > alice\n: subject Soup\n\nThursday?\n\nSam\n\n@@ 2 09:30 bob > alice sam\n\
                    : as flowed\n\n> Thursday?\n\nYes.\n";
        let entries = parse(text).unwrap();
        let [first, second] = &entries[..] else { panic!("two messages") };
        assert_eq!((first.subject.as_str(), first.body.as_str()), ("Soup", "Thursday?\n\nSam"));
        assert_eq!(
            (second.subject.as_str(), second.index, second.coding.as_str()),
            ("Re: Soup", 1, "flowed")
        );
        assert_eq!(second.moment, Moment::Day(2, 570));
        assert_eq!(second.to, ["alice", "sam"]);
    }

    #[test]
    fn a_mistake_in_a_script_is_said() {
        for wrong in
            ["@@ 3 18:00 sam alice", "@@ x 18:00 sam > alice", "@@ 3 18:00 sam > alice\n: colour red"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_is_written_in_the_future() {
        let noon = 20_000 * DAY_MS + DAY_MS / 2;
        assert_eq!(Moment::Before(60).unix_ms(noon, CONTINENT), noon - 3_600_000);
        assert!(Moment::Day(0, 23 * 60).unix_ms(noon, CONTINENT) < noon);
        assert_eq!(Moment::Day(1, 90).unix_ms(noon, Place(60)), 19_999 * DAY_MS - 30 * MINUTE_MS);
    }
}
