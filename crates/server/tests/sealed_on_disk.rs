//! What correspondence says is nowhere in clear: in no file of the data folder, in no line of the log.

use crate::support;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use support::{Home, PASSWORD, Wire, folder, http};

/// Words that stand in messages, names, addresses and file names; none is part of the program.
const WORDS: [&str; 19] = [
    "zwiebelfisch",
    "quetzalcoatl",
    "brimborion",
    "précipitamment",
    "farfallina",
    "Ombrellone",
    "kaleidoskop",
    "Xylophonistin",
    "mulligatawny",
    "borogoves",
    "Jabberwocky",
    "hippocampes",
    "chrysanthème",
    "pettirosso",
    "gallimaufry",
    "Dinkelsbrot",
    "vuvuzela",
    "ornithorynque",
    "Tschaikowsky",
];

/// The login, the domain, and whom mail is for and from.
const LOGIN: &str = "brimborion@zwiebelfisch.test";
const SECOND: &str = "quetzalcoatl@zwiebelfisch.test";
const SENDER: &str = "vuvuzela@ornithorynque.test";

/// As many bytes of a form are looked up at once; every form that is looked for is at least as long.
const PREFIX_BYTES: usize = 6;

/// Forms of words by how they start, so that one pass over a file finds all of them.
struct Scan {
    by_prefix: HashMap<[u8; PREFIX_BYTES], Vec<(Vec<u8>, String)>>,
}

impl Scan {
    /// Looks for words in upper and lower case, in UTF-8, in both UTF-16, in base64 at its three offsets, and in hex.
    fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut by_prefix: HashMap<_, Vec<_>> = HashMap::new();
        for word in words {
            for spelling in [word.to_owned(), word.to_lowercase(), word.to_uppercase()] {
                for (name, form) in forms(&spelling) {
                    let prefix = *form.first_chunk().unwrap_or_else(|| panic!("{spelling} is too short"));
                    by_prefix.entry(prefix).or_default().push((form, format!("{spelling} in {name}")));
                }
            }
        }
        Self { by_prefix }
    }

    /// The forms that stand in some bytes.
    fn find(&self, bytes: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (place, prefix) in bytes.windows(PREFIX_BYTES).enumerate() {
            let prefix: &[u8; PREFIX_BYTES] = prefix.try_into().unwrap();
            for (form, name) in self.by_prefix.get(prefix).into_iter().flatten() {
                if bytes[place..].starts_with(form) {
                    found.push(name.as_str());
                }
            }
        }
        found
    }
}

fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide: Vec<u16> = word.encode_utf16().collect();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("UTF-8", word.as_bytes().to_vec()),
        ("UTF-16LE", wide.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16BE", wide.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        ("hex", hex.clone().into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
    ];
    for (offset, name) in
        ["base64", "base64 after one byte", "base64 after two bytes"].into_iter().enumerate()
    {
        let text = BASE64_STANDARD_NO_PAD.encode([&b"\0\0"[..offset], word.as_bytes()].concat());
        // The first letters hold bits of what comes before, the last one of what comes after.
        let whole = &text.as_bytes()[[0, 2, 3][offset]..text.len() - 1];
        let for_urls = whole.iter().map(|letter| match letter {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        });
        forms.push((name, for_urls.collect()));
        forms.push((name, whole.to_vec()));
    }
    forms
}

/// Mail in which each of the words stands somewhere.
fn messages() -> Vec<Vec<u8>> {
    let attachment = BASE64_STANDARD_NO_PAD.encode("The hippocampes are in the file itself. ".repeat(3_000));
    vec![
        format!(
            "From: \"Ombrellone Farfallina\" <{SENDER}>\r\nTo: {LOGIN}\r\nCc: <pettirosso@gallimaufry.test>\r\n\
             Subject: The kaleidoskop of mulligatawny\r\nMessage-ID: <borogoves@ornithorynque.test>\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nJabberwocky, précipitamment.\r\n"
        )
        .into_bytes(),
        format!(
            "From: <{SENDER}>\r\nTo: {LOGIN}, {SECOND}\r\nSubject: =?utf-8?Q?chrysanth=C3=A8me?=\r\n\
             List-Id: <dinkelsbrot.gallimaufry.test>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
             <p>The <b>Xylophonistin</b> plays.</p>\r\n--b\r\nContent-Type: text/plain; name=tschaikowsky.txt\r\n\
             Content-Disposition: attachment; filename=tschaikowsky.txt\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
            wrapped(&attachment)
        )
        .into_bytes(),
    ]
}

fn wrapped(text: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\r\n")
}

fn check(scan: &Scan, home: &Home, when: &str) {
    let mut files = folder::files(&home.data());
    files.insert(home.beside("log"), home.log().into_bytes());
    let total: usize = files.values().map(Vec::len).sum();
    assert!(total > 50_000, "{when}: there is nothing to look at: {total} bytes");
    let found: BTreeMap<_, _> = files
        .iter()
        .map(|(path, bytes)| (path, scan.find(bytes)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(found.is_empty(), "{when}: {found:?}");
}

#[test]
fn no_word_of_correspondence_is_in_clear() {
    let scan = Scan::new(WORDS.into_iter().chain([PASSWORD]));
    let home = Home::empty();
    let (_, domain) = LOGIN.split_once('@').unwrap();
    home.done(&["domain", "add", domain], "");
    home.done(&["account", "add", LOGIN], PASSWORD);
    let server = home.start();
    home.done(&["account", "add", SECOND], PASSWORD);
    for message in messages() {
        for (door, hello) in [(server.lmtp, "LHLO"), (server.smtp, "EHLO")] {
            let mut wire = Wire::greeted(door, hello);
            let replies = wire.deliver(SENDER, &[LOGIN, SECOND], &message);
            assert!(replies.iter().all(|reply| reply.starts_with("250 ")), "{replies:?}");
        }
    }
    // Whoever does not exist, and whoever signs in with a wrong password, is not written down either.
    let mut wire = Wire::greeted(server.smtp, "EHLO");
    wire.ask(&format!("MAIL FROM:<{SENDER}>")).unwrap();
    assert!(wire.ask("RCPT TO:<kaleidoskop@zwiebelfisch.test>").unwrap().starts_with("550 "));
    drop(wire);
    assert_eq!(support::api::log_in(server.http, LOGIN, "Jabberwocky or so").status, 401);
    check(&scan, &home, "after the deliveries");

    let person = support::Api::sign_in(server.http, LOGIN, PASSWORD);
    read_and_edit(&person);
    check(&scan, &home, "after reading");
    search(&person);
    check(&scan, &home, "after searching");
    assert_eq!(server.stop(), Some(0));
    home.done(&["verify"], "");
    check(&scan, &home, "after the end");
}

/// Everything that a person does with mail, and that could leave a trace: all words are there to be read.
fn read_and_edit(person: &support::Api) {
    let messages = person.messages(json!([
        "subject",
        "from",
        "to",
        "cc",
        "excerpt",
        "bodies",
        "headers",
        "attachments",
        "blobId"
    ]));
    let mut shown = messages.iter().map(ToString::to_string).collect::<String>();
    for message in &messages {
        shown.push_str(&String::from_utf8_lossy(&person.download(&message["blobId"])));
        for part in message["attachments"].as_array().unwrap() {
            shown.push_str(&String::from_utf8(person.download(&part["blobId"])).unwrap());
        }
        person.report(message);
    }
    let shown = shown.to_lowercase();
    let unseen: Vec<_> = WORDS.iter().filter(|word| !shown.contains(&word.to_lowercase())).collect();
    assert!(unseen.is_empty(), "{unseen:?}");

    let conversation = person.conversations()[0]["id"].as_str().unwrap().to_owned();
    person.call("Conversation/set", json!({ "update": { conversation: { "title": "Jabberwocky again" } } }));
    let template =
        json!({ "name": "Jabberwocky", "subject": "pettirosso", "text": "Ombrellone, met the pettirosso" });
    let kept = person.call("Template/set", json!({ "create": { "t": template } }));
    assert!(kept["created"].is_object(), "{kept}");
    let identity =
        person.call("Identity/get", json!({ "ids": null }))["list"][0]["id"].as_str().unwrap().to_owned();
    let signature = json!({ "name": "Ombrellone", "textSignature": "met the pettirosso", "htmlSignature": "<p>Jabberwocky</p>" });
    let signed = person.call("Identity/set", json!({ "update": { identity: signature } }));
    assert!(signed["updated"].is_object(), "{signed}");
    let contact = person.call("Contact/query", json!({}))["ids"][0].as_str().unwrap().to_owned();
    let edit = json!({ "name": "Ombrellone", "note": "met the pettirosso" });
    let edited = person.call("Contact/set", json!({ "update": { contact: edit } }));
    assert!(edited["updated"].is_object(), "{edited}");
    let bearer = format!("Bearer {}", person.token);
    let path = format!("/jmap/upload/{}", person.account);
    let upload = json!({ "draft": "an ornithorynque ".repeat(20_000) });
    let answer = http::send(person.server, "POST", &path, &[("Authorization", &bearer)], Some(&upload));
    assert_eq!(answer.status, 201, "{:?}", answer.json());
}

/// Everything that stands in subjects, texts, names and files is found, so that all of it is in the index.
fn search(person: &support::Api) {
    for word in WORDS {
        let asked = json!({ "filter": { "text": word, "isTyping": true } });
        let found = person.call("Message/query", asked);
        assert_eq!(found["search"]["isComplete"], true, "{found}");
        let ids = found["ids"].as_array().unwrap();
        // What stands in a Message-ID, or inside a file, is not searched.
        let is_searched = !["borogoves", "hippocampes"].contains(&word);
        assert_eq!(!ids.is_empty(), is_searched, "{word}: {found}");
        person.call("SearchSnippet/get", json!({ "filter": { "text": word }, "messageIds": found["ids"] }));
    }
}

#[test]
fn the_scan_finds_a_word_in_every_form() {
    let scan = Scan::new(["Jabberwocky"]);
    for form in ["xxJabberwockyxx", "JABBERWOCKY", "jabberwocky"] {
        assert_eq!(scan.find(form.as_bytes()).len(), 1, "{form}");
        let wide: Vec<u8> = form.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(!scan.find(&wide).is_empty(), "{form} in UTF-16");
    }
    for before in ["", "a", "ab", "abc"] {
        let text = BASE64_STANDARD_NO_PAD.encode(format!("{before}Jabberwocky and more"));
        assert!(!scan.find(text.as_bytes()).is_empty(), "{before}");
    }
    assert_eq!(scan.find(b"Jabberwoc"), [""; 0]);
}
