//! What the disk, the operator and the kernel may do to the store.
//!
//! Two tests run this very binary again as a child, with [`CHILD`] in its environment: the child writes until it
//! is killed, or until its file may not grow any more.

use bytes::Bytes;
use caliopen_store::{Batch, BlobKey, Direction, Expect, Partition, Store, StoreError};
use caliopen_store_embedded::{EmbeddedStore, Options};
use futures_util::future::join_all;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const CHILD: &str = "CALIOPEN_STORE_TEST_FOLDER";
const ALICE: Partition = Partition([1; 16]);
const LARGE: usize = 100_000;

fn open(folder: &Path) -> Result<EmbeddedStore, StoreError> {
    EmbeddedStore::open(folder, Options::default())
}

fn number(number: u64) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

fn blob_key(number: u64) -> BlobKey {
    BlobKey((u128::from(number)).to_be_bytes())
}

/// A row, a counter that only fits on the one before, and a small blob.
fn batch(count: u64) -> Batch {
    let counter = Bytes::from_static(b"counter");
    let expected = if count == 0 { Expect::Absent } else { Expect::Value(number(count - 1)) };
    Batch {
        expect: vec![(counter.clone(), expected)],
        puts: vec![(counter, number(count)), (number(count), Bytes::from(vec![7; 300]))],
        blobs: vec![(blob_key(count), Bytes::from(vec![8; 2_000]))],
        ..Batch::default()
    }
}

/// Writes until it is stopped from outside, and prints the number of each batch that was acknowledged.
async fn write_on(folder: &Path) -> String {
    let store = open(folder).expect("opens");
    let last = store.get(ALICE, Bytes::from_static(b"counter")).await.expect("reads");
    let mut next =
        last.map_or(0, |bytes| u64::from_be_bytes(bytes.as_ref().try_into().expect("a number")) + 1);
    let mut out = std::io::stdout();
    loop {
        let group = (next..next + 4).map(|count| store.commit(ALICE, batch(count)));
        for (count, result) in (next..).zip(join_all(group.collect::<Vec<_>>()).await) {
            match result {
                Ok(()) => writeln!(out, "kept {count}").expect("the parent listens"),
                Err(error) => return error.to_string(),
            }
        }
        next += 4;
        let large = Bytes::from(vec![9; LARGE]);
        match store.put_blob(ALICE, blob_key(1_000_000 + next), large).await {
            Ok(()) => writeln!(out, "large {next}").expect("the parent listens"),
            Err(error) => return error.to_string(),
        }
    }
}

/// Not a test of its own: what the others start as a child.
#[tokio::test]
async fn child() {
    #[expect(clippy::disallowed_methods, reason = "a parent has no other way to tell its child")]
    let folder = std::env::var(CHILD);
    if let Ok(folder) = folder {
        let error = write_on(Path::new(&folder)).await;
        println!("stopped {error}");
    }
}

fn child_command(shell: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{shell} exec \"$0\" --exact child --nocapture --test-threads 1"));
    command.arg(std::env::current_exe().expect("this program"));
    command.env(CHILD, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The number of a line such as `kept 7`.
fn told(line: &str, word: &str) -> Option<u64> {
    line.strip_prefix(word)?.trim().parse().ok()
}

async fn assert_kept(store: &EmbeddedStore, acknowledged: u64) {
    let all = store.scan(ALICE, number(0)..number(1 << 40), 10_000, Direction::Forward).await.expect("scans");
    let keys: Vec<_> = all.iter().map(|(key, _)| key.clone()).collect();
    let expected: Vec<_> = (0..keys.len() as u64).map(number).collect();
    assert_eq!(keys, expected, "no gap, nothing twice");
    assert!(keys.len() as u64 > acknowledged, "{} rows, {acknowledged} was acknowledged", keys.len());
    let last = keys.len() as u64 - 1;
    let counter = store.get(ALICE, Bytes::from_static(b"counter")).await.expect("reads");
    assert_eq!(counter, Some(number(last)), "each batch is whole");
    for count in 0..=last {
        let blob = store.get_blob(ALICE, blob_key(count), 0..u64::MAX).await.expect("reads");
        assert_eq!(blob.map(|blob| blob.len()), Some(2_000), "blob {count}");
    }
}

#[tokio::test]
async fn killed_at_any_point_it_keeps_what_it_acknowledged() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut large_blobs = Vec::new();
    for round in 0..12 {
        let mut child = child_command("", folder.path()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let mut acknowledged = 0;
        // The kill falls at another point of the loop in each round; what the pipe still holds counts too.
        let mut until_kill = 3 + round * 7;
        for line in lines.by_ref() {
            acknowledged = told(&line, "kept ").unwrap_or(acknowledged);
            large_blobs.extend(told(&line, "large "));
            if line.starts_with("kept ") || line.starts_with("large ") {
                until_kill -= 1;
            }
            if until_kill == 0 {
                child.kill().expect("it runs");
            }
        }
        child.wait().expect("it ended");
        let store = open(folder.path()).expect("recovers");
        assert_kept(&store, acknowledged).await;
        for key in &large_blobs {
            let blob = store.get_blob(ALICE, blob_key(1_000_000 + key), 0..u64::MAX).await.expect("reads");
            assert_eq!(blob.map(|blob| blob.len()), Some(LARGE), "large blob {key}");
        }
        assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());
    }
    assert!(large_blobs.len() > 12);
}

/// The kernel refuses a write with an error that is not "no space": from then on nothing is acknowledged.
#[tokio::test]
async fn a_failing_disk_stops_the_writer_for_good() {
    let folder = TempDir::new().expect("a temporary folder");
    drop(open(folder.path()).expect("opens"));
    // Files may grow to 600 blocks of 512 bytes; the signal that would kill the child is ignored.
    let output = child_command("trap '' XFSZ; ulimit -f 600;", folder.path()).output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let acknowledged = text.lines().filter_map(|line| told(line, "kept ")).max().expect("some were kept");
    assert!(text.lines().any(|line| line.starts_with("stopped storage failed")), "{text}");
    let store = open(folder.path()).expect("recovers");
    assert_kept(&store, acknowledged).await;
    assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());
}

#[tokio::test]
async fn a_full_store_says_so_and_works_again_when_there_is_room() {
    let folder = TempDir::new().expect("a temporary folder");
    let store = EmbeddedStore::open(folder.path(), Options { pages_max: Some(200) }).expect("opens");
    let mut kept = 0;
    let full = loop {
        match store.commit(ALICE, batch(kept)).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, StoreError::Full), "{full:?}");
    assert!(kept > 100, "{kept}");
    assert_kept(&store, kept - 1).await;
    assert_eq!(store.failure(), None);
    let again = store.commit(ALICE, batch(kept)).await;
    assert!(matches!(again, Err(StoreError::Full)), "{again:?}");

    let freeing = Batch { blob_deletes: (0..20).map(blob_key).collect(), ..Batch::default() };
    store.commit(ALICE, freeing).await.expect("removing needs no room");
    store.commit(ALICE, batch(kept)).await.expect("there is room again");
    assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());
}

#[tokio::test]
async fn a_second_opener_is_refused_until_the_first_closes() {
    let folder = TempDir::new().expect("a temporary folder");
    let first = open(folder.path()).expect("opens");
    let refused = open(folder.path()).err().expect("it is open already");
    assert!(refused.to_string().contains("open in another process"), "{refused}");
    drop(first);
    open(folder.path()).expect("opens");
}

/// A store with some content, closed.
async fn closed_store() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let store = open(folder.path()).expect("opens");
    for count in 0..50 {
        store.commit(ALICE, batch(count)).await.expect("commits");
    }
    store.put_blob(ALICE, blob_key(99), Bytes::from(vec![9; LARGE])).await.expect("is put");
    drop(store);
    folder
}

fn overwrite(folder: &Path, offset: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(folder.join("store.sqlite")).expect("is there");
    file.seek(SeekFrom::Start(offset)).expect("seeks");
    file.write_all(bytes).expect("writes");
}

/// Does something to a closed store: it must be refused, and be left as it is.
async fn check_refused(damage: impl FnOnce(&Path), expected: &str) {
    let folder = closed_store().await;
    damage(folder.path());
    let database = folder.path().join("store.sqlite");
    let before = fs::read(&database).ok();
    let refused = open(folder.path()).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains(expected), "{refused:?} does not say {expected:?}");
    assert_eq!(fs::read(&database).ok(), before, "nothing was changed");
}

#[tokio::test]
async fn what_is_not_a_whole_store_of_ours_is_refused() {
    check_refused(|folder| overwrite(folder, 0, b"not a database!!"), "does not start like one").await;
    check_refused(|folder| overwrite(folder, 68, b"else"), "belongs to another program").await;
    check_refused(|folder| overwrite(folder, 60, &[0, 0, 0, 9]), "has format 9, this program reads 1").await;
    let cut = |folder: &Path| {
        let file = OpenOptions::new().write(true).open(folder.join("store.sqlite")).expect("is there");
        file.set_len(20_000).expect("is cut");
    };
    check_refused(cut, "cut short").await;
    let empty = |folder: &Path| fs::write(folder.join("store.sqlite"), "").expect("writes");
    check_refused(empty, "shorter than its header").await;
    let lost = |folder: &Path| fs::remove_file(folder.join("store.sqlite")).expect("is removed");
    check_refused(lost, "is missing").await;
}

#[tokio::test]
async fn verify_finds_damage_in_the_middle() {
    let folder = closed_store().await;
    overwrite(folder.path(), 20 * 4096, &[0xa5; 4096]);
    let store = open(folder.path()).expect("a quick check does not see it");
    let findings = store.verify().await.expect("verifies");
    assert!(findings.iter().any(|finding| finding.contains("damaged")), "{findings:?}");
}

#[tokio::test]
async fn verify_finds_blobs_without_files_and_files_without_blobs() {
    let folder = closed_store().await;
    let store = open(folder.path()).expect("opens");
    let place = folder.path().join("blobs").join("63");
    let file = fs::read_dir(&place).expect("is there").next().expect("a blob").expect("reads").path();
    let stray = place.join("note.txt");
    fs::write(&stray, "not a blob").expect("writes");
    let findings = store.verify().await.expect("verifies");
    assert_eq!(findings, [format!("{} belongs to no blob", stray.display())]);
    fs::remove_file(&stray).expect("is removed");

    fs::write(&file, "short").expect("writes");
    let findings = store.verify().await.expect("verifies");
    assert_eq!(findings, [format!("{} has 5 bytes, not {LARGE}", file.display())]);

    fs::remove_file(&file).expect("is removed");
    let findings = store.verify().await.expect("verifies");
    assert!(
        matches!(findings.as_slice(), [one] if one.starts_with(&file.display().to_string())),
        "{findings:?}"
    );
    let read = store.get_blob(ALICE, blob_key(99), 0..9).await;
    assert!(matches!(read, Err(StoreError::Damaged(_))), "{read:?}");
}

#[tokio::test]
async fn what_a_crash_left_of_a_large_blob_is_finished_at_the_next_start() {
    let folder = closed_store().await;
    let name = "01010101010101010101010101010101-00000000000000000000000000000063";
    let place = folder.path().join("blobs/63").join(name);
    let new = folder.path().join("blobs/new");
    // Crashed after the row was durable, before the move; and before another one had its row.
    fs::rename(&place, new.join(format!("{name}-0"))).expect("moves");
    fs::write(new.join(name.replace("63", "64")), "half").expect("writes");
    let store = open(folder.path()).expect("recovers");
    let blob = store.get_blob(ALICE, blob_key(99), 0..u64::MAX).await.expect("reads");
    assert_eq!(blob.map(|blob| blob.len()), Some(LARGE));
    assert_eq!(fs::read_dir(&new).expect("is there").count(), 0);
    assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());

    store.erase(ALICE).await.expect("erases");
    assert!(!place.exists(), "the file of an erased blob is gone");
    assert_eq!(store.verify().await.expect("verifies"), Vec::<String>::new());
}

#[tokio::test]
async fn the_log_stays_bounded_under_steady_writing() {
    let folder = TempDir::new().expect("a temporary folder");
    let store = open(folder.path()).expect("opens");
    let mut log_bytes_max = 0;
    for round in 0..120_u64 {
        let commit = |count: u64| {
            let value = Bytes::from(vec![round as u8; 32 * 1024]);
            store.commit(ALICE, Batch { puts: vec![(number(count), value)], ..Batch::default() })
        };
        for result in join_all((0..64).map(commit)).await {
            result.expect("commits");
        }
        let log = fs::metadata(folder.path().join("store.sqlite-wal")).expect("is there");
        log_bytes_max = log_bytes_max.max(log.len());
    }
    assert!(log_bytes_max < 104 * 1024 * 1024, "{log_bytes_max}");
    let log = folder.path().join("store.sqlite-wal");
    drop(store);
    assert_eq!(fs::metadata(log).map_or(0, |log| log.len()), 0, "closing copies the log into the database");
}
