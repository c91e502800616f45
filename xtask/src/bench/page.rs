//! A large account: memory while it fills, its size on the disk, the time of a page, the time of a start.

use super::corpus::MESSAGE_BYTES;
use super::http::Api;
use super::ingest::deliver;
use super::process::{Caliopen, disk_bytes};
use super::report::{Report, Row};
use anyhow::{Result, bail};
use std::path::Path;
use std::time::Duration;

/// Of the accounts of the bench.
pub const PASSWORD: &str = "a password of the bench";
/// Messages of the small account that the large one is compared with.
pub const SMALL: u32 = 1_000;
/// Connections that fill the account.
const CONNECTIONS: usize = 8;
/// Messages between two looks at the memory.
const STEP: u32 = 5_000;
/// Pages that are timed, and conversations of a page.
const PAGES: usize = 300;
const PAGE: usize = 50;
/// What a list shows of a conversation, but for its index.
const WITHOUT_INDEX: [&str; 12] = [
    "id",
    "kind",
    "place",
    "title",
    "people",
    "listedAt",
    "latestAt",
    "latestMessageId",
    "subject",
    "excerpt",
    "unreadCount",
    "importance",
];
const MIB: f64 = 1024.0 * 1024.0;

/// Measures one account of `messages` messages.
pub fn measure(program: &Path, folder: &Path, messages: u32, report: &mut Report) -> Result<()> {
    let data = folder.join("large");
    let server = Caliopen::start(program, &data)?;
    started(report, "start on an empty store", server.started_in, 100);
    server.add_account("small", PASSWORD)?;
    server.add_account("large", PASSWORD)?;
    let server = restart(server, program, &data)?;
    let fresh = server.memory_bytes()?;
    report.add(Row::new("memory, fresh", mib(fresh), "≤ 40 MB", fresh as f64 <= 40.0 * MIB));
    deliver(server.lmtp, CONNECTIONS, 0, SMALL, &|_| "small@example.org".to_owned())?;
    let before = disk_bytes(&data)?;
    let (most, rate) = fill(&server, messages)?;
    let above = most.saturating_sub(fresh);
    let measure = format!("memory above fresh while {messages} messages arrive ({rate:.0}/s)");
    report.add(Row::new(measure, mib(above), "≤ 64 MB", above as f64 <= 64.0 * MIB));
    let server = restart(server, program, &data)?;
    disk(&data, before, messages, report)?;
    pages(&server, report)?;
    let server = restart(server, program, &data)?;
    started(report, &format!("start on {messages} messages"), server.started_in, 500);
    server.stop()
}

fn restart(server: Caliopen, program: &Path, data: &Path) -> Result<Caliopen> {
    server.stop()?;
    Caliopen::start(program, data)
}

fn started(report: &mut Report, measure: &str, took: Duration, most_ms: u128) {
    let found = format!("{} ms", took.as_millis());
    report.add(Row::new(measure, found, format!("≤ {most_ms} ms"), took.as_millis() <= most_ms));
}

/// Fills the large account; gives the most memory that was seen, and messages a second.
fn fill(server: &Caliopen, messages: u32) -> Result<(u64, f64)> {
    let begun = crate::shell::now();
    let (mut most, mut sent) = (0, 0);
    while sent < messages {
        let step = STEP.min(messages - sent);
        deliver(server.lmtp, CONNECTIONS, SMALL + sent, step, &|_| "large@example.org".to_owned())?;
        sent += step;
        most = most.max(server.memory_bytes()?);
    }
    Ok((most, f64::from(messages) / begun.elapsed().as_secs_f64()))
}

fn disk(data: &Path, before: u64, messages: u32, report: &mut Report) -> Result<()> {
    let stored = disk_bytes(data)?.saturating_sub(before);
    let raw = u64::from(messages) * MESSAGE_BYTES as u64;
    let share = stored as f64 / raw as f64;
    let found = format!("{share:.2} of the raw bytes ({})", mib(stored));
    report.add(Row::new(format!("disk for {messages} messages, sealed"), found, "≤ 0.8", share <= 0.8));
    Ok(())
}

fn pages(server: &Caliopen, report: &mut Report) -> Result<()> {
    let mut large = Api::sign_in(server.http, "large@example.org", PASSWORD)?;
    let mut small = Api::sign_in(server.http, "small@example.org", PASSWORD)?;
    let (mut of_large, mut of_small) = (Vec::new(), Vec::new());
    for _ in 0..PAGES {
        of_large.push(page(&mut large)?);
        of_small.push(page(&mut small)?);
    }
    let p99 = percentile(&mut of_large, 99);
    let found = format!("p50 {:.1} ms, p99 {:.1} ms", percentile(&mut of_large, 50), p99);
    report.add(Row::new(
        "page of 50 conversations over HTTP, large account",
        found,
        "p99 ≤ 10 ms",
        p99 <= 10.0,
    ));
    indices(&mut large, report)?;
    let ratio = percentile(&mut of_large, 50) / percentile(&mut of_small, 50);
    let found = format!("{ratio:.2} times (medians)");
    report.add(Row::new("the same page, compared with 1,000 messages", found, "≤ 1.5 times", ratio <= 1.5));
    Ok(())
}

/// What the indices of a page add to it: those of the conversations and of the people in them.
fn indices(api: &mut Api, report: &mut Report) -> Result<()> {
    let without = WITHOUT_INDEX.map(|name| format!("\"{name}\"")).join(",");
    let of_people = "\"id\",\"displayName\"";
    let (mut with_times, mut without_times) = (Vec::new(), Vec::new());
    for _ in 0..PAGES {
        with_times.push(page_of(
            api,
            &format!("{without},\"privacy\""),
            &format!("{of_people},\"privacy\""),
        )?);
        without_times.push(page_of(api, &without, of_people)?);
    }
    let ratio = percentile(&mut with_times, 50) / percentile(&mut without_times, 50);
    let found = format!("{ratio:.2} times (medians)");
    report.add(Row::new(
        "the same page with its people and all indices, compared without",
        found,
        "≤ 1.2 times",
        ratio <= 1.2,
    ));
    Ok(())
}

/// Milliseconds of one page with its summaries.
fn page(api: &mut Api) -> Result<f64> {
    timed(api, &conversations(api, ""))
}

/// Milliseconds of one page and the people in it, with these properties of both.
fn page_of(api: &mut Api, properties: &str, of_people: &str) -> Result<f64> {
    let account = &api.account;
    let page = conversations(api, &format!(",\"properties\":[{properties}]"));
    let people = format!(
        "[\"Contact/get\",{{\"accountId\":\"{account}\",\"properties\":[{of_people}],\"#ids\":{{\"resultOf\":\"g\",\
         \"name\":\"Conversation/get\",\"path\":\"/list/*/people/*/contactId\"}}}},\"p\"]"
    );
    timed(api, &format!("{page},{people}"))
}

/// The calls that get one page, with these further arguments.
fn conversations(api: &Api, arguments: &str) -> String {
    let account = &api.account;
    format!(
        "[\"Conversation/query\",{{\"accountId\":\"{account}\",\"limit\":{PAGE}}},\"q\"],\
         [\"Conversation/get\",{{\"accountId\":\"{account}\",\"#ids\":{{\"resultOf\":\"q\",\"name\":\"Conversation/query\",\
         \"path\":\"/ids\"}}{arguments}}},\"g\"]"
    )
}

/// Milliseconds of calls that get a page.
fn timed(api: &mut Api, calls: &str) -> Result<f64> {
    let begun = crate::shell::now();
    let answer = api.calls(calls)?;
    let took = begun.elapsed();
    let found = answer.matches("\"latestMessageId\"").count();
    if found != PAGE || answer.contains("[\"error\"") {
        bail!("a page has {found} conversations instead of {PAGE}");
    }
    Ok(took.as_secs_f64() * 1e3)
}

/// The value below which so many percent are.
pub fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(place).copied().unwrap_or_default()
}

/// Bytes in millions of two.
pub fn mib(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / MIB)
}
