//! Search in a large account: how long its index takes to build and how large it is, how long an answer takes, and how
//! soon what arrives is found.

use super::corpus::{MESSAGE_BYTES, word};
use super::http::Api;
use super::ingest::deliver;
use super::page::{PASSWORD, SMALL, mib, percentile};
use super::process::{Caliopen, disk_bytes};
use super::report::{Report, Row};
use anyhow::{Result, bail};
use std::path::Path;
use std::time::Duration;

/// Connections that fill the account, when nothing filled it before.
const CONNECTIONS: usize = 8;
/// The kinds of questions, in the order in which they are asked.
const KINDS: [&str; 7] = [
    "a rare word",
    "a common word",
    "two words",
    "a phrase",
    "a word and the beginning of another",
    "a person and a word",
    "unread, either of two words, without a third",
];
/// Questions that are timed, of each kind.
const QUESTIONS: u64 = 60;
/// Arrivals that are waited for.
const ARRIVALS: u32 = 20;
/// Longest time that an index may take to build.
const BUILD_TIMEOUT: Duration = Duration::from_secs(60 * 60);
const MIB: f64 = 1024.0 * 1024.0;

/// Measures the account of [`super::page`], or one like it.
pub fn measure(program: &Path, folder: &Path, messages: u32, report: &mut Report) -> Result<()> {
    let data = folder.join("large");
    let is_filled = data.exists();
    let mut server = Caliopen::start(program, &data)?;
    if !is_filled {
        server.add_account("large", PASSWORD)?;
        deliver(server.lmtp, CONNECTIONS, SMALL, messages, &|_| "large@example.org".to_owned())?;
        server.stop()?;
        server = Caliopen::start(program, &data)?;
    }
    let (before, fresh) = (disk_bytes(&data)?, server.memory_bytes()?);
    let mut api = Api::sign_in(server.http, "large@example.org", PASSWORD)?;
    let _news = api.listen()?;
    let most = build(&mut api, &server, messages, report)?;
    let above = most.saturating_sub(fresh);
    report.add(Row::new(
        "memory above fresh while it is built",
        mib(above),
        "≤ 64 MB",
        above as f64 <= 64.0 * MIB,
    ));
    questions(&mut api, report)?;
    arrivals(&mut api, &server, SMALL + messages, report)?;
    drop(api);
    server.stop()?;
    let bytes = disk_bytes(&data)?.saturating_sub(before);
    let share = bytes as f64 / (f64::from(messages) * MESSAGE_BYTES as f64);
    let found = format!("{share:.2} of the raw bytes ({})", mib(bytes));
    report.add(Row::new("search index on the disk, sealed", found, "≤ 0.45", share <= 0.45));
    Ok(())
}

/// Waits for the index; gives the most memory that was seen.
fn build(api: &mut Api, server: &Caliopen, messages: u32, report: &mut Report) -> Result<u64> {
    let begun = crate::shell::now();
    let mut most = 0;
    while !ask(api, "nothing", 1)?.0.contains("\"isComplete\":true") {
        most = most.max(server.memory_bytes()?);
        if begun.elapsed() > BUILD_TIMEOUT {
            bail!("the index is not ready");
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let found = format!("{seconds:.0} s ({:.0}/s)", f64::from(messages) / seconds);
    report.add(Row::new(
        format!("search index of {messages} messages, built"),
        found,
        "≥ 1000/s",
        f64::from(messages) / seconds >= 1000.0,
    ));
    Ok(most)
}

/// Questions as people ask them: a word, two, a phrase, the beginning of one, a person.
fn questions(api: &mut Api, report: &mut Report) -> Result<()> {
    let (mut answers, mut rows) = (Vec::new(), Vec::new());
    let mut kinds: [Vec<f64>; KINDS.len()] = Default::default();
    for number in 0..QUESTIONS {
        let (rare, common) = (word(9_000 + number * 37), word(1 + number));
        let (second, author) = (word(2 + number * 3), word(number * 31));
        let stem: String = rare.chars().take(4).collect();
        let asked = [
            rare.clone(),
            common.clone(),
            format!("{common} {second}"),
            format!("\\\"{common} {second}\\\""),
            format!("{common} {stem}"),
            format!("from:{author} {common}"),
            format!("is:unread {rare} OR {second} -{common}"),
        ];
        for (question, kind) in asked.iter().zip(&mut kinds) {
            let took = ask(api, question, 30)?.1;
            kind.push(took);
            answers.push(took);
            rows.push(shown(api, question)?);
        }
    }
    for (kind, times) in KINDS.iter().zip(&mut kinds) {
        println!("  {kind}: p50 {:.1} ms, p95 {:.1} ms", percentile(times, 50), percentile(times, 95));
    }
    for (measure, times, most) in [
        ("search over HTTP", &mut answers, 30.0),
        ("search with rows and excerpts, as shown", &mut rows, 100.0),
    ] {
        let p95 = percentile(times, 95);
        let found = format!("p50 {:.1} ms, p95 {p95:.1} ms", percentile(times, 50));
        report.add(Row::new(measure, found, format!("p95 ≤ {most:.0} ms"), p95 <= most));
    }
    Ok(())
}

/// From the delivery of a message to its being found.
fn arrivals(api: &mut Api, server: &Caliopen, first: u32, report: &mut Report) -> Result<()> {
    let mut times = Vec::new();
    for number in 0..ARRIVALS {
        let before = count(api)?;
        deliver(server.lmtp, 1, first + number, 1, &|_| "large@example.org".to_owned())?;
        let begun = crate::shell::now();
        while count(api)? == before {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("a message that arrived is not found");
            }
        }
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let p95 = percentile(&mut times, 95);
    let found = format!("p50 {:.0} ms, p95 {p95:.0} ms", percentile(&mut times, 50));
    report.add(Row::new("accepted → found", found, "p95 ≤ 1000 ms", p95 <= 1000.0));
    Ok(())
}

/// The newest message that any question finds.
fn count(api: &mut Api) -> Result<String> {
    let (answer, _) = ask(api, "is:received", 1)?;
    Ok(answer.split("\"ids\":").nth(1).unwrap_or_default().split(']').next().unwrap_or_default().to_owned())
}

/// An answer, and the milliseconds that it took.
fn ask(api: &mut Api, question: &str, limit: usize) -> Result<(String, f64)> {
    let account = &api.account;
    post(
        api,
        &format!(
            "[\"Message/query\",{{\"accountId\":\"{account}\",\"filter\":{{\"text\":\"{question}\",\"isTyping\":true,\"onePerConversation\":true}},\"limit\":{limit}}},\"q\"]"
        ),
    )
}

/// The milliseconds of everything that the application asks for a page of answers.
fn shown(api: &mut Api, question: &str) -> Result<f64> {
    let account = &api.account;
    let ids = |of: &str, path: &str| {
        let name = if of == "q" { "query" } else { "get" };
        format!("{{\"resultOf\":\"{of}\",\"name\":\"Message/{name}\",\"path\":\"{path}\"}}")
    };
    let filter = format!("{{\"text\":\"{question}\",\"isTyping\":true,\"onePerConversation\":true}}");
    let plain = format!("{{\"text\":\"{question}\",\"isTyping\":true}}");
    let calls = format!(
        "[\"Message/query\",{{\"accountId\":\"{account}\",\"filter\":{filter},\"limit\":30}},\"q\"],\
         [\"Message/get\",{{\"accountId\":\"{account}\",\"#ids\":{}}},\"g\"],\
         [\"Conversation/get\",{{\"accountId\":\"{account}\",\"#ids\":{}}},\"c\"],\
         [\"SearchSnippet/get\",{{\"accountId\":\"{account}\",\"filter\":{plain},\"#messageIds\":{}}},\"s\"]",
        ids("q", "/ids"),
        ids("g", "/list/*/conversationId"),
        ids("q", "/ids"),
    );
    Ok(post(api, &calls)?.1)
}

fn post(api: &mut Api, calls: &str) -> Result<(String, f64)> {
    let begun = crate::shell::now();
    let answer = api.calls(calls)?;
    let took = begun.elapsed();
    if answer.contains("[\"error\"") {
        bail!("a search failed: {answer}");
    }
    Ok((answer, took.as_secs_f64() * 1e3))
}
