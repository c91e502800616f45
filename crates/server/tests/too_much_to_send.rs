//! Alice's program asks for what no letter may hold: it is told so in one sentence, her draft is still there, nothing
//! leaves, and the server's memory is bounded.

use crate::support;
use serde_json::{Value, json};
use support::script::{Script, usual};
use support::{Api, Home};

const MIB: usize = 1 << 20;
/// Above what the server holds when nothing happens. One message of the largest size is held a few times over while it
/// is written, signed and sealed; 200 MB are not.
const MEMORY_BYTES_MAX: u64 = 400 << 20;

fn person(address: &str) -> Value {
    json!({ "name": null, "handle": format!("email:{address}") })
}

/// One sentence that says what to do, and not the server's own trouble.
fn check_sentence(text: &Value) {
    let text = text.as_str().unwrap();
    assert!((20..200).contains(&text.len()) && !text.contains('\n'), "{text}");
}

/// A letter that is kept, and cannot be sent because of this.
fn check_not_sent(alice: &Api, letter: Value, kind: &str) {
    let draft = alice.write(letter.clone());
    let answer = alice.ask_to_send(&draft);
    let refused = &answer["notCreated"]["s"];
    assert_eq!(refused["type"], kind, "{answer}");
    check_sentence(&refused["description"]);
    let kept = alice.call("Draft/get", json!({ "ids": [draft] }));
    assert_eq!(
        (&kept["list"][0]["text"], &kept["list"][0]["to"]),
        (&letter["text"], &letter["to"]),
        "{kept}"
    );
}

#[test]
fn what_no_letter_may_hold_is_refused_in_a_sentence_and_the_draft_stays() {
    let peer = Script::start(usual);
    let home = Home::with_people();
    let way = format!("host = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", peer.port());
    home.configure(&format!("[dns]\nservers = [\"127.0.0.1:9\"]\n[deliver.smarthost]\n{way}"));
    let server = home.start();
    let alice = server.alice();
    for address in
        ["a\u{1}na@there.test", "ana\r\nRCPT TO:<eve@there.test>@there.test", "ana@there..test", "@"]
    {
        let letter = json!({ "to": [person("bo@there.test"), person(address)], "text": "To you alone." });
        check_not_sent(&alice, letter, "invalidRecipients");
    }
    let many: Vec<Value> = (0..10_000).map(|number| person(&format!("p{number}@there.test"))).collect();
    let identity = alice.call("Identity/get", json!({ "ids": null }))["list"][0]["id"].clone();
    let letter = json!({ "identityId": identity, "to": many, "text": "To everybody." });
    let refused = alice.call("Draft/set", json!({ "create": { "d": letter } }));
    assert_eq!(refused["notCreated"]["d"]["type"], "tooManyRecipients", "{refused}");
    check_sentence(&refused["notCreated"]["d"]["description"]);
    assert_eq!(peer.heard(""), 0, "nobody was spoken to");
    server.stop();
}

#[test]
fn two_hundred_megabytes_are_refused_and_fifty_are_as_much_as_a_letter_holds() {
    let peer = Script::start(usual);
    let home = Home::with_people();
    let way = format!("host = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", peer.port());
    home.configure(&format!("[dns]\nservers = [\"127.0.0.1:9\"]\n[deliver.smarthost]\n{way}"));
    let server = home.start();
    let alice = server.alice();
    let letter = json!({ "to": [person("bo@there.test")], "text": "See the film." });
    let draft = alice.write(letter.clone());
    let before = server.memory_bytes_most();

    let answer = alice.upload("video/mp4", &vec![7; 200 * MIB]);
    assert_eq!(answer.problem(), (413, "urn:ietf:params:jmap:error:limit".to_owned()), "{:?}", answer.json());
    check_sentence(&answer.json()["detail"]);

    // Two that one letter holds alone, and not together.
    let film: Vec<u8> = support::hostile::noise(3, 26_000_000);
    let blobs: Vec<Value> =
        (0..2).map(|_| alice.upload("video/mp4", &film).json()["blobId"].clone()).collect();
    let file = |blob: &Value| json!({ "blobId": blob, "name": "film.mp4", "type": "video/mp4" });
    let files: Vec<Value> = blobs.iter().map(file).collect();
    let both =
        alice.call("Draft/set", json!({ "update": { draft.as_str().unwrap(): { "attachments": files } } }));
    let refused = &both["notUpdated"][draft.as_str().unwrap()];
    assert_eq!(refused["type"], "tooLarge", "{both}");
    check_sentence(&refused["description"]);
    let kept = alice.call("Draft/get", json!({ "ids": [draft] }));
    assert_eq!((&kept["list"][0]["text"], &kept["list"][0]["attachments"]), (&letter["text"], &json!([])));

    let held = server.memory_bytes_most() - before;
    assert!(held < MEMORY_BYTES_MAX, "{} MiB", held >> 20);
    assert_eq!(peer.heard(""), 0, "nobody was spoken to");
    server.stop();
}
