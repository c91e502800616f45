//! The privacy index: what the formula costs, and how soon the user's own index follows a message.

use super::corpus;
use super::http::Api;
use super::page::{PASSWORD, percentile};
use super::process::Caliopen;
use super::report::{Report, Row};
use anyhow::{Context, Result, ensure};
use caliopen_model::Evidence;
use caliopen_privacy::{EvidenceRecord, score};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

/// Messages whose index is awaited.
const SENT: usize = 20;
/// How long one of them is awaited, at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// Measures the formula, then the server.
pub fn measure(program: &Path, folder: &Path, report: &mut Report) -> Result<()> {
    scoring(report);
    rescoring(report)?;
    following(program, &folder.join("indices"), report)
}

/// Scores one message of usual evidence many times.
fn scoring(report: &mut Report) {
    const TIMES: u32 = 200_000;
    let evidence = corpus::evidence();
    let begun = crate::shell::now();
    let sum: u64 = (0..TIMES).map(|_| u64::from(score(black_box(&evidence)).score())).sum();
    black_box(sum);
    let each_us = begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES);
    report.add(Row::new("scoring one message", format!("{each_us:.2} µs"), "≤ 20 µs", each_us <= 20.0));
}

/// Reads and scores a million records of evidence, as a new formula would have to.
fn rescoring(report: &mut Report) -> Result<()> {
    const RECORDS: u32 = 1_000_000;
    let records: Vec<EvidenceRecord> = corpus::evidence().into_iter().map(EvidenceRecord).collect();
    let stored = postcard::to_allocvec(&records)?;
    let begun = crate::shell::now();
    for _ in 0..RECORDS {
        let records: Vec<EvidenceRecord> = postcard::from_bytes(black_box(&stored))?;
        let evidence: Vec<Evidence> = records.into_iter().map(|record| record.0).collect();
        black_box(score(&evidence));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let name = format!("rescoring {RECORDS} stored records, one core");
    report.add(Row::new(name, format!("{seconds:.1} s"), "≤ 10 s", seconds <= 10.0));
    Ok(())
}

/// From the moment when the user sends a message until their own index counts it.
fn following(program: &Path, data: &Path, report: &mut Report) -> Result<()> {
    let server = Caliopen::start(program, data)?;
    server.add_account("ann", PASSWORD)?;
    server.add_account("bo", PASSWORD)?;
    let mut ann = Api::sign_in(server.http, "ann@example.org", PASSWORD)?;
    let identity = ann.call("Identity/get", "\"ids\":null")?.field("id")?;
    let mut times = Vec::with_capacity(SENT);
    for _ in 0..SENT {
        times.push(follow(&mut ann, &identity)?);
    }
    server.stop()?;
    let p95 = percentile(&mut times, 95);
    let found = format!("p50 {:.0} ms, p95 {p95:.0} ms", percentile(&mut times, 50));
    report.add(Row::new("message sent → counted in the user's index", found, "p95 ≤ 1000 ms", p95 <= 1000.0));
    Ok(())
}

/// Milliseconds of one message.
fn follow(ann: &mut Api, identity: &str) -> Result<f64> {
    let before = index(ann)?;
    let draft = format!(
        "\"create\":{{\"d\":{{\"identityId\":\"{identity}\",\"to\":[{{\"name\":null,\"handle\":\"email:bo@example.org\"}}],\
         \"subject\":\"Choir\",\"text\":\"See you there.\"}}}}"
    );
    let draft = ann.call("Draft/set", &draft)?.field("id")?;
    let begun = crate::shell::now();
    ann.call("Submission/set", &format!("\"create\":{{\"s\":{{\"draftId\":\"{draft}\"}}}}"))?
        .field("messageId")?;
    while index(ann)? == before {
        ensure!(begun.elapsed() < PATIENCE, "the index of the user does not follow a message");
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

/// What the user's index is and rests on.
fn index(ann: &mut Api) -> Result<String> {
    let answer = ann.call("UserPrivacy/get", "\"ids\":null,\"language\":\"en\"")?.0;
    let points = answer.split("\"points\"").nth(1).context("an index has points")?;
    Ok(points.to_owned())
}
