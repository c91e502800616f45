//! Old mail comes into a real server and goes out of it: by the command line, with and without a server that runs, and
//! by the API. What leaves one Caliopen stands in another as it stood there.

use crate::support;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use support::caliopen::finish;
use support::{ALICE, Api, Home, PASSWORD, folder, letter};

/// A message of an mbox, with what a mail program wrote beside it.
fn kept(from: &str, to: &str, subject: &str, status: &str) -> String {
    format!(
        "From {from} Fri Mar  1 12:00:00 2024\n{status}From: {from}\nTo: {to}\nSubject: {subject}\n\
         Message-ID: <{subject}@elsewhere.test>\nDate: Fri, 1 Mar 2024 12:00:00 +0000\n\nA secret in {subject}.\n\n"
    )
}

fn old_mail() -> String {
    [
        kept("ana@elsewhere.test", ALICE, "read", ""),
        kept("ana@elsewhere.test", ALICE, "unread", "Status: O\n"),
        kept(ALICE, "bo@elsewhere.test", "sent", ""),
        "From nobody Fri Mar  1 12:00:00 2024\n\nno header at all\n\n".to_owned(),
    ]
    .concat()
}

fn import(home: &Home, file: &Path) -> String {
    home.done(&["import", "--account", ALICE, &file.to_string_lossy()], PASSWORD)
}

/// Everything that a place holds: hashes of the messages, how they are marked, and what their conversations are called.
fn picture(api: &Api) -> BTreeMap<String, usize> {
    let mut picture = BTreeMap::new();
    for place in ["inbox", "archive", "bin"] {
        let found = api.call("Conversation/query", json!({ "filter": { "place": place }, "limit": 500 }));
        let conversations = api.call("Conversation/get", json!({ "ids": found["ids"] }));
        for conversation in conversations["list"].as_array().unwrap() {
            let filter = json!({ "conversationId": conversation["id"] });
            let ids = api.call("Message/query", json!({ "filter": filter, "limit": 500 }));
            let messages = api.call("Message/get", json!({ "ids": ids["ids"] }));
            let messages: Vec<String> =
                messages["list"].as_array().unwrap().iter().map(|message| shown(api, message)).collect();
            let people: Vec<&Value> =
                conversation["people"].as_array().unwrap().iter().map(|person| &person["handle"]).collect();
            let title = &conversation["title"];
            let key = format!("{place} {title} {people:?} {} {messages:?}", conversation["unreadCount"]);
            *picture.entry(key).or_insert(0) += 1;
        }
    }
    picture
}

fn shown(api: &Api, message: &Value) -> String {
    let hash = Sha256::digest(api.download(&message["blobId"])).to_vec();
    let (keywords, privacy) = (&message["keywords"], &message["privacy"]);
    format!("{hash:?} {keywords} {privacy} {} {}", message["receivedAt"], message["direction"])
}

fn contacts(api: &Api) -> Vec<String> {
    let ids = api.call("Contact/query", json!({ "limit": 500 }));
    let found = api.call("Contact/get", json!({ "ids": ids["ids"] }));
    let mut all: Vec<String> = found["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["handles"], one["displayName"]))
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn an_mbox_comes_in_by_the_command_line_once_and_is_sealed() {
    let home = Home::with_people();
    let file = home.beside("old.mbox");
    std::fs::write(&file, old_mail()).unwrap();
    let said = import(&home, &file);
    assert!(said.starts_with("old.mbox: 3 messages imported, 1 could not be read\n"), "{said}");
    assert!(said.contains("message 4, at byte ") && said.contains("it has no header"), "{said}");
    let server = home.start();
    let said = import(&home, &file);
    assert!(said.starts_with("old.mbox: 0 messages imported, 3 were there already, 1 could"), "{said}");
    let alice = server.alice();
    let inbox = alice.conversations();
    let unread: u64 = inbox.iter().map(|one| one["unreadCount"].as_u64().unwrap()).sum();
    assert_eq!((inbox.len(), unread), (2, 1), "a conversation for each person, and one message unread");
    let transfers = alice.call("Transfer/get", json!({ "ids": null }));
    let states: Vec<&Value> = transfers["list"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["done", "done"]);
    server.stop();
    let stored: Vec<u8> = folder::files(&home.data()).into_values().flatten().collect();
    for word in ["A secret in", "old.mbox", "ana@elsewhere.test"] {
        assert!(!stored.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word} stands in clear");
    }
    assert!(home.done(&["verify"], "").contains("3 messages"));
}

#[test]
fn nobody_imports_without_the_password_the_administrator_included() {
    let home = Home::with_people();
    let file = home.beside("old.mbox");
    std::fs::write(&file, old_mail()).unwrap();
    let arguments = ["import", "--account", ALICE, &file.to_string_lossy()];
    let mut command = home.command(&arguments);
    let output = finish(&mut command, b"a guess of the administrator");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("the address or the password is wrong"));
    let out = home.beside("out.tar");
    let mut command = home.command(&["export", "--account", ALICE, &out.to_string_lossy()]);
    assert_eq!(finish(&mut command, b"a guess of the administrator").status.code(), Some(1));
    assert!(!out.exists());
}

#[test]
fn a_maildir_with_its_folders_comes_in_and_broken_files_have_a_verdict() {
    let home = Home::with_people();
    let root = home.beside("Maildir");
    for (folder, name, subject) in [
        ("cur", "1.a.host:2,S", "one"),
        ("new", "2.a.host", "two"),
        (".Archive/cur", "3.a.host:2,FS", "three"),
    ] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
        std::fs::write(root.join(folder).join(name), letter(subject, "Text.")).unwrap();
    }
    std::fs::write(root.join("dovecot-uidlist"), "3 V1 N4\n").unwrap();
    let said = import(&home, &root);
    assert!(said.starts_with("Maildir.tar: 3 messages imported\n"), "{said}");
    let broken = home.beside("broken");
    std::fs::create_dir(&broken).unwrap();
    for (name, bytes) in [("a.mbox", &b"\xFF\xFE\0\0"[..]), ("b.mbox", b"From x\n"), ("c.exe", b"MZ\x90")] {
        std::fs::write(broken.join(name), bytes).unwrap();
    }
    let mut command = home.command(&["import", "--account", ALICE, &broken.to_string_lossy()]);
    let output = finish(&mut command, PASSWORD.as_bytes());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "nothing of it is mail: {said}");
    assert!(said.starts_with("broken.tar: 0 messages imported, 3 could not be read\n"), "{said}");
    for name in ["broken/a.mbox", "broken/b.mbox", "broken/c.exe"] {
        assert!(said.contains(name), "{name}: {said}");
    }
}

#[test]
fn what_leaves_one_server_stands_in_another_as_it_stood_there() {
    let here = Home::with_people();
    let file = here.beside("old.mbox");
    std::fs::write(&file, old_mail()).unwrap();
    import(&here, &file);
    let server = here.start();
    server.deliver(&letter("by mail", "Text."));
    server.deliver(&letter("by mail too", "Text."));
    let alice = server.alice();
    let first = alice.conversations()[0]["id"].as_str().unwrap().to_owned();
    let patch = json!({ "title": "The garden", "place": "archive" });
    alice.call("Conversation/set", json!({ "update": { first: patch } }));
    let archive = here.beside("alice.tar");
    here.done(&["export", "--account", ALICE, &archive.to_string_lossy()], PASSWORD);
    let mbox = here.beside("alice.mbox");
    here.done(&["export", "--mbox", "--account", ALICE, &mbox.to_string_lossy()], PASSWORD);
    assert_eq!(std::fs::read_to_string(&mbox).unwrap().matches("\nSubject: ").count(), 5);
    // The API gives the same messages.
    let path = format!("/jmap/export/{}?as=archive", alice.account);
    let answer = alice.get(&path);
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").starts_with("attachment;"), "{answer:?}");

    let there = Home::with_people();
    let copy = there.beside("from-the-api.tar");
    std::fs::write(&copy, &answer.body).unwrap();
    let said = import(&there, &archive);
    assert!(said.starts_with("alice.tar: 5 messages imported"), "{said}");
    let said = import(&there, &copy);
    assert!(said.starts_with("from-the-api.tar: 0 messages imported, 5 were there already"), "{said}");
    let other = there.start();
    let moved = other.alice();
    assert_eq!(picture(&moved), picture(&alice));
    assert_eq!(contacts(&moved), contacts(&alice));
    server.stop();
    other.stop();
    assert!(there.done(&["verify"], "").contains("nothing is wrong"));
}

/// Sends a part of a file to an import, as a browser does; the answer's status and body.
fn send(api: &Api, id: &Value, offset: usize, bytes: &[u8], declared: usize) -> (u16, Value) {
    let id = id.as_str().unwrap();
    let mut stream = TcpStream::connect(api.server).unwrap();
    let head = format!(
        "POST /jmap/import/{}/{id}?offset={offset} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Connection: close\r\nContent-Length: {declared}\r\n\r\n",
        api.account, api.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(bytes).unwrap();
    if bytes.len() < declared {
        // It breaks off.
        stream.shutdown(std::net::Shutdown::Write).unwrap();
    }
    let mut answer = Vec::new();
    // A server that hears the end of a body too early may close without an answer.
    let _broken = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[test]
fn an_import_that_breaks_off_goes_on_after_the_server_was_killed() {
    const MESSAGES: usize = 2_000;
    let home = Home::with_people();
    let mut server = home.start();
    let alice = server.alice();
    let file: String =
        (0..MESSAGES).map(|number| kept("ana@elsewhere.test", ALICE, &number.to_string(), "")).collect();
    let asked = json!({ "name": "old.mbox", "size": file.len() });
    let created = alice.call("Transfer/set", json!({ "create": { "f": asked } }));
    let id = created["created"]["f"]["id"].clone();
    let (status, problem) = send(&alice, &id, 7, b"", 0);
    assert_eq!((status, &problem["resumeAt"]), (409, &json!(0)), "{problem}");
    let half = file.len() / 2;
    send(&alice, &id, 0, &file.as_bytes()[..half], file.len());
    server.kill();
    server = home.start();
    let alice = server.alice();
    let one = alice.call("Transfer/get", json!({ "ids": [id] }))["list"][0].clone();
    assert_eq!(one["state"], "paused", "{one}");
    let from = usize::try_from(one["resumeAt"].as_u64().unwrap()).unwrap();
    assert!(from > 0 && from <= half, "{one}");
    let (status, done) = send(&alice, &id, from, &file.as_bytes()[from..], file.len() - from);
    assert_eq!((status, &done["state"]), (200, &json!("done")), "{done}");
    assert_eq!(done["stored"].as_u64().unwrap() + done["known"].as_u64().unwrap(), MESSAGES as u64);
    server.stop();
    assert!(home.done(&["verify"], "").contains(&format!("{MESSAGES} messages")));
}
