//! A store that is damaged, of another version, without its key, or in use is refused with a sentence that says what
//! to do, and no byte of it is changed.

use crate::support;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use support::{Home, letter};

/// Where SQLite keeps what an application may set ("Database File Format" §1.3).
const USER_VERSION: usize = 60;

/// A folder with mail, whose server has stopped.
fn kept() -> Home {
    let home = Home::with_people();
    let server = home.start();
    server.deliver(&letter("Kept", "whatever happens"));
    assert_eq!(server.stop(), Some(0));
    home
}

/// After the accident every command must refuse: the sentence holds these words, and nothing changes.
fn check(accident: impl Fn(&Path), expected: &[&str]) {
    let home = kept();
    accident(&home.data());
    check_refused(&home, expected);
}

fn check_refused(home: &Home, expected: &[&str]) {
    let before = support::folder::state(&home.data());
    for mut command in [home.serve(), home.command(&["verify"]), home.command(&["domain", "list"])] {
        let sentence = home.refused(&mut command);
        for words in expected {
            assert!(sentence.contains(words), "no {words:?} in: {sentence}");
        }
        assert!(support::folder::state(&home.data()) == before, "something was changed: {sentence}");
    }
}

fn change(path: &Path, edit: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    edit(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Copies a folder with its owner and modes, as docs/operate.md says a backup is made and restored.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success(), "{} to {}", from.display(), to.display());
}

#[test]
fn a_damaged_database_is_refused() {
    let database = |data: &Path| data.join("store/store.sqlite");
    let damaged = ["damaged", "keep a copy", "restore a backup"];
    check(|data| change(&database(data), |bytes| bytes[..16].fill(0)), &damaged);
    check(|data| change(&database(data), |bytes| bytes[68] ^= 0xff), &damaged);
    check(|data| change(&database(data), |bytes| bytes.truncate(bytes.len() / 2)), &damaged);
    check(|data| change(&database(data), Vec::clear), &damaged);
    check(|data| fs::remove_file(database(data)).unwrap(), &["store.sqlite is missing", "restore a backup"]);
}

#[test]
fn what_is_said_of_a_damaged_store_helps() {
    let home = kept();
    copy(&home.data(), &home.beside("backup"));
    change(&home.data().join("store/store.sqlite"), |bytes| bytes[..16].fill(0));
    let sentence = home.refused(&mut home.serve());
    assert!(
        sentence.ends_with("stop the server, keep a copy of the data folder as it is, then restore a backup"),
        "{sentence}"
    );
    // So does the administrator.
    fs::rename(home.data(), home.beside("damaged")).unwrap();
    copy(&home.beside("backup"), &home.data());
    assert!(home.done(&["verify"], "").ends_with("nothing is wrong\n"));
    let server = home.start();
    server.deliver(&letter("After", "the accident"));
    assert_eq!(server.alice().messages(serde_json::Value::Null).len(), 2);
}

#[test]
fn another_version_is_refused() {
    let database = |data: &Path| data.join("store/store.sqlite");
    check(|data| change(&database(data), |bytes| bytes[USER_VERSION + 3] += 1), &["format 2", "reads 1"]);
    check(|data| change(&database(data), |bytes| bytes[USER_VERSION..][..4].fill(0)), &["format 0"]);
}

#[test]
fn a_store_without_its_key_is_refused() {
    let key = |data: &Path| data.join("keys/node.key");
    check(|data| fs::remove_file(key(data)).unwrap(), &["node.key is missing", "put it back"]);
    check(|data| fs::remove_dir_all(data.join("keys")).unwrap(), &["node.key is missing", "put it back"]);
    check(|data| change(&key(data), |bytes| bytes.truncate(31)), &["node.key", "32 bytes"]);
    check(|data| change(&key(data), |bytes| bytes[0] ^= 1), &["node.key", "put the right one back"]);
}

#[test]
fn keys_that_others_read_and_folders_that_others_write_are_refused() {
    let open = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    check(|data| open(&data.join("keys/node.key"), 0o644), &["node.key", "chmod 600"]);
    check(|data| open(&data.join("keys"), 0o770), &["others can write in", "keys", "chmod go-w"]);
    check(|data| open(data, 0o777), &["others can write in", "data", "chmod go-w"]);
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let home = kept();
    // Only root gives files away; another user is shown what root would see.
    if chown(home.data(), Some(65_534), None).is_err() {
        println!("a folder of somebody else: only root can make one, and this test does not run as root");
        return;
    }
    check_refused(&home, &["belongs to another user", "65534"]);
}

#[test]
fn a_second_server_on_a_folder_is_refused_and_the_first_one_goes_on() {
    let home = kept();
    let server = home.start();
    let alice = server.alice();
    let sentence = home.refused(&mut home.serve());
    assert!(sentence.contains("open in another process") && sentence.contains("stop that one"), "{sentence}");
    // The first one serves mail, the API and commands as before.
    server.deliver(&letter("Still", "here"));
    assert_eq!(alice.messages(serde_json::Value::Null).len(), 2);
    assert!(home.done(&["verify"], "").ends_with("nothing is wrong\n"));
}

#[test]
fn verify_finds_what_a_start_cannot_see() {
    let home = kept();
    let database = home.data().join("store/store.sqlite");
    let length = fs::metadata(&database).unwrap().len();
    // Somewhere behind the header, in pages that a start does not read.
    change(&database, |bytes| bytes[usize::try_from(length).unwrap() / 2..][..2_048].fill(0x5a));
    let before = support::folder::state(&home.data());
    let output = home.run(&["verify"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty());
    assert!(support::folder::state(&home.data()) == before, "verify changes nothing");
}
