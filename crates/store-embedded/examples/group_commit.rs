//! Measures the embedded store on this machine: durable commits a second at 1, 8 and 64 submitters, the bytes on
//! disk for each mail, and the time of a page of 50.
//!
//! `cargo run --release --example group_commit [mails]` — 100,000 mails are the figure of the documents. A mail
//! is a sealed blob of about 2.2 KB and four rows, as the hub writes them, in one of ten accounts.

use bytes::Bytes;
use caliopen_store::{Batch, BlobKey, Direction, Partition, Store};
use caliopen_store_embedded::{EmbeddedStore, Options};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ACCOUNTS: u64 = 10;
const PAGES_READ: usize = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mails: u64 = std::env::args().nth(1).map_or(Ok(10_000), |count| count.parse())?;
    let folder = tempfile::TempDir::new_in(".")?;
    for submitters in [1, 8, 64] {
        let store =
            Arc::new(EmbeddedStore::open(&folder.path().join(submitters.to_string()), Options::default())?);
        let mails = if submitters == 1 { mails.min(5_000) } else { mails };
        let mut times = ingest(&store, mails, submitters).await?;
        let total: Duration = times.pop().unwrap_or_default();
        times.sort();
        let rate = mails as f64 / total.as_secs_f64();
        println!(
            "{submitters:>2} submitters: {rate:>7.0} commits/s, p50 {:?}, p99 {:?}",
            percentile(&times, 50),
            percentile(&times, 99)
        );
        if submitters == 64 {
            report_reads(&store, mails).await?;
        }
        println!("   resident {} KiB", resident_kib().unwrap_or(0));
        drop(store);
        let started = now();
        let place = folder.path().join(submitters.to_string());
        drop(EmbeddedStore::open(&place, Options::default())?);
        println!(
            "   {} bytes on disk for each mail, opened and closed in {:?}",
            bytes_in(&place)? / mails,
            started.elapsed()
        );
    }
    Ok(())
}

/// The time of each commit, and the whole time last.
async fn ingest(
    store: &Arc<EmbeddedStore>,
    mails: u64,
    submitters: u64,
) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let started = now();
    let mut tasks = tokio::task::JoinSet::new();
    for submitter in 0..submitters {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let mut times = Vec::new();
            for number in (submitter..mails).step_by(usize::try_from(submitters).unwrap_or(1)) {
                let (partition, batch) = mail(number);
                let started = now();
                store.commit(partition, batch).await?;
                times.push(started.elapsed());
            }
            Ok::<_, caliopen_store::StoreError>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    times.push(started.elapsed());
    Ok(times)
}

/// The newest 50 of an account: one scan, and one read of many keys.
async fn report_reads(store: &EmbeddedStore, mails: u64) -> Result<(), Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    for number in 0..PAGES_READ {
        let partition = account(number as u64);
        let started = now();
        let range = Bytes::from_static(b"r")..Bytes::from_static(b"s");
        let page = store.scan(partition, range, 50, Direction::Backward).await?;
        let keys = page.iter().map(|(_, id)| key(b's', id)).collect();
        let summaries = store.get_many(partition, keys).await?;
        times.push(started.elapsed());
        assert!(summaries.iter().all(Option::is_some), "each row of a page has its summary");
    }
    times.sort();
    println!(
        "   page of 50 among {}: p50 {:?}, p99 {:?}",
        mails / ACCOUNTS,
        percentile(&times, 50),
        percentile(&times, 99)
    );
    Ok(())
}

fn account(number: u64) -> Partition {
    Partition([(number % ACCOUNTS) as u8 + 1; 16])
}

fn key(kind: u8, id: &[u8]) -> Bytes {
    [&[kind], id].concat().into()
}

/// A message's summary (~500 bytes), its conversation (~350), its place in the list, its change, and its blob.
fn mail(number: u64) -> (Partition, Batch) {
    let id = [number.to_be_bytes(), noise(number, 8).try_into().unwrap_or_default()].concat();
    let conversation = noise(number / 7 / ACCOUNTS * ACCOUNTS + number % ACCOUNTS, 16);
    let puts = vec![
        (key(b's', &id), noise(number, 460 + (number % 90) as usize).into()),
        (key(b'c', &conversation), noise(number, 350).into()),
        (key(b'r', &id), id.clone().into()),
        (key(b'z', &number.to_be_bytes()), noise(number, 50).into()),
    ];
    let blob = noise(number, 1900 + (number * 7 % 600) as usize);
    let mut name = [0; 16];
    name.copy_from_slice(&id);
    (account(number), Batch { puts, blobs: vec![(BlobKey(name), blob.into())], ..Batch::default() })
}

/// Bytes that do not compress, the same in each run.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "a measure needs the clock of the machine")]
fn now() -> Instant {
    Instant::now()
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
}

fn bytes_in(folder: &Path) -> std::io::Result<u64> {
    std::fs::read_dir(folder)?.map(|entry| entry?.metadata().map(|file| file.len())).sum()
}

fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
