//! The gate over the API: whatever is asked, and however, nothing that a private message says leaves for a client that
//! is too weak for it.

use crate::support::{ALICE, Client, Host, PASSWORD, error};
use caliopen_hub::{Access, Asking, Client as Who, DevicePair, Enrolment, Proof};
use caliopen_jmap::{METHODS, PATHS_READ};
use caliopen_model::{Draft, MessageId};
use caliopen_privacy::software::Software;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Words that stand in the message alone: in its subject, its text, the name of its file, the file, and a draft.
const WORDS: [&str; 5] = ["harbourlight", "tidewater", "lagoonmap", "c2VhbWFyaw", "undertow"];
const WORDS_SIGNED: &[u8] = b"GET /somewhere";

/// What leaves when the message is a postcard: without it the test below would prove nothing.
const TELLING: [&str; 9] = [
    "Conversation/get",
    "Conversation/query",
    "Draft/get",
    "Message/get",
    "Message/query",
    "SearchSnippet/get",
    "/jmap/download/{account}/{blob}/{name}",
    "/jmap/export/{account}",
    "/jmap/start",
];

fn message(is_sealed: bool) -> String {
    let [subject, text, name, file, _] = WORDS;
    let seal = if is_sealed { "X-Sealed: yes\r\n" } else { "" };
    format!(
        "From: Bo <bo@example.net>\r\nTo: {ALICE}\r\nSubject: {subject}\r\n{seal}MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <p>{text} <img src=\"https://pictures.test/{text}\"></p>\r\n--b\r\nContent-Type: image/png\r\n\
         Content-Disposition: attachment; filename={name}.png\r\n\r\n{file}\r\n--b--\r\n"
    )
}

/// A client without a device of its own, and what it knows the ids of.
struct World {
    client: Client,
    ids: Vec<String>,
    conversation: String,
    message: String,
    operation: String,
}

impl World {
    async fn new(is_sealed: bool) -> Self {
        let host = Host::new().await;
        host.deliver_raw(&message(is_sealed)).await;
        let client = host.alice().await;
        let conversation = client.only_conversation().await;
        let message = client.messages_of(&conversation).await.remove(0);
        let draft = draft(&host, message.parse().unwrap()).await;
        let deed = json!({ "filter": { "place": "inbox" }, "patch": { "pinned": true } });
        let operation =
            client.ask("Conversation/setAll", deed).await["operationId"].as_str().unwrap().to_owned();
        let contact = client.ids("Contact/query", json!({})).await.remove(0);
        let ids = vec![conversation.clone(), message.clone(), draft, contact, "singleton".to_owned()];
        Self { client, ids, conversation, message, operation }
    }

    /// Every argument with which a method may be made to talk.
    async fn arguments(&self, method: &str) -> Vec<Value> {
        let (name, verb) = method.split_once('/').unwrap();
        let text = |word: &str| json!({ "text": word });
        let both = || WORDS.iter().map(|word| text(word)).chain([text("from:bo"), text("has:attachment")]);
        match method {
            "Message/get" => vec![
                json!({ "ids": [self.message] }),
                json!({ "ids": [self.message], "properties": ["bodies", "headers", "subject", "attachments"] }),
            ],
            "Conversation/get" => vec![
                json!({ "ids": [self.conversation] }),
                json!({ "ids": [self.conversation], "properties": ["related", "subject", "excerpt", "title"] }),
            ],
            "Message/query" => both()
                .chain([json!({ "conversationId": self.conversation })])
                .map(|filter| json!({ "filter": filter, "calculateTotal": true }))
                .collect(),
            "Conversation/query" => both()
                .chain([json!({ "place": "inbox" })])
                .map(|filter| json!({ "filter": filter, "calculateTotal": true }))
                .collect(),
            "SearchSnippet/get" => {
                both().map(|filter| json!({ "filter": filter, "messageIds": [self.message] })).collect()
            }
            "Conversation/setAll" => vec![json!({ "ids": [self.conversation], "patch": { "muted": true } })],
            "Conversation/undoAll" => vec![json!({ "operationId": self.operation })],
            "Message/unsubscribe" => vec![json!({ "id": self.message })],
            "Screener/decide" => {
                vec![json!({ "conversationId": self.conversation, "scope": "person", "decision": "accept" })]
            }
            "Outlook/get" => vec![json!({ "recipients": ["email:bo@example.net"] })],
            "Route/get" => vec![json!({ "language": "en" })],
            _ if verb == "get" => vec![json!({ "ids": self.ids })],
            _ if verb == "query" => {
                vec![json!({ "calculateTotal": true }), json!({ "filter": text(WORDS[0]) })]
            }
            _ if verb == "changes" || verb == "queryChanges" => {
                vec![json!({ "sinceState": "0" }), json!({ "sinceQueryState": "0" })]
            }
            _ if verb == "set" && name == "Draft" => {
                let of = json!({ "answers": self.message, "text": "" });
                vec![
                    json!({ "create": { "d": of } }),
                    json!({ "update": { &self.ids[2]: { "text": "new" } } }),
                ]
            }
            _ if verb == "set" => {
                vec![json!({ "update": { &self.message: { "keywords": { "$seen": true } } } })]
            }
            _ => vec![json!({})],
        }
    }

    /// What a method says, a search's count with it.
    async fn say(&self, method: &str) -> String {
        let mut said = String::new();
        for arguments in self.arguments(method).await {
            let (name, answer) = self.client.call(method, arguments.clone()).await;
            assert_ne!(answer["type"], "unknownMethod", "{method}");
            // A search that finds something says that its words are there.
            let finds = arguments["filter"]["text"].as_str().filter(|_| answer["total"].as_u64() > Some(0));
            said.extend(
                [&name, &answer.to_string(), finds.unwrap_or_default()].map(|text| format!("{text}\n")),
            );
        }
        said
    }

    /// What a path gives out.
    async fn give(&self, path: &str) -> String {
        let account = &self.client.account;
        let filled = |blob: &str| {
            let blob = format!("{blob}/x");
            path.replace("{account}", account)
                .replace("{blob}/{name}", &blob)
                .replace("{message}/{body}/{place}", &format!("{}/0/0", self.message))
                .replace("{name}", "contacts.vcf")
                .replace("{domain}", "example.net?language=en")
        };
        if path == "/jmap/events" {
            // It says states alone, and never ends: push.rs reads it.
            return String::new();
        }
        let whole = self.message.replacen('m', "b", 1);
        let mut given = String::new();
        for blob in [whole.clone(), format!("{whole}.1"), format!("{whole}.2")] {
            let answer = self.client.get(&filled(&blob)).await;
            given.push_str(&String::from_utf8_lossy(&answer.body));
        }
        given
    }

    /// The methods and paths that say one of the words.
    async fn telling(&self) -> BTreeSet<&'static str> {
        let mut telling = BTreeSet::new();
        for method in METHODS {
            let said = self.say(method).await;
            if WORDS.iter().any(|word| said.contains(word)) {
                telling.insert(*method);
            }
        }
        for path in PATHS_READ {
            let given = self.give(path).await;
            if WORDS.iter().any(|word| given.contains(word)) {
                telling.insert(path);
            }
        }
        telling
    }
}

/// Alice writes an answer on a device that is good enough.
async fn draft(host: &Host, answers: MessageId) -> String {
    let access = enrolled(host).await;
    let identity = host.hub.identities(&access).await.unwrap()[0].id;
    let draft = Draft {
        identity,
        conversation: None,
        answers: Some(answers),
        forwards: None,
        to: Vec::new(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: WORDS[4].to_owned(),
        text: WORDS[4].to_owned(),
        html: None,
        files: Vec::new(),
        keep_metadata: false,
        requires_tls: false,
        conflict_of: None,
    };
    host.hub.create_draft(&access, draft).await.unwrap().id.to_string()
}

async fn enrolled(host: &Host) -> Access {
    let pair = DevicePair::generate(&mut |bytes: &mut [u8]| bytes.fill(7));
    let device =
        Some(Enrolment { keys: pair.keys().clone(), is_shared: false, software: Software::default() });
    let who = Who { name: "a browser".to_owned(), device };
    let signed_in = host.hub.sign_in(ALICE, PASSWORD, who, IpAddr::from([127, 0, 0, 1])).await.unwrap();
    let signature = pair.sign(WORDS_SIGNED);
    let proof = Proof { words: WORDS_SIGNED, at: host.hub.now(), signature: &signature };
    host.hub
        .unlock(&signed_in.token, &Asking { proof: Some(proof), ..Asking::default() })
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn nothing_that_a_message_says_leaves_by_any_method_or_path_for_a_client_that_is_too_weak() {
    let open = World::new(false).await;
    assert_eq!(open.telling().await, BTreeSet::from(TELLING), "of a postcard");
    let sealed = World::new(true).await;
    assert_eq!(sealed.telling().await, BTreeSet::new(), "of what only the two can read");
}

#[tokio::test]
async fn a_placeholder_keeps_its_place_and_says_who_and_how_private() {
    let world = World::new(true).await;
    let row = world.client.object("Conversation", &world.conversation).await;
    assert_eq!((&row["hidden"], &row["subject"], &row["excerpt"]), (&json!(true), &json!(""), &json!("")));
    assert_eq!(row["people"][0]["handle"], "email:bo@example.net");
    let message = world.client.object("Message", &world.message).await;
    assert_eq!((&message["hidden"], &message["attachments"]), (&json!(true), &json!([])));
    assert!(message["privacy"]["score"].as_u64() >= Some(20));
    let answer = world
        .client
        .get(&format!("/jmap/download/{}/{}/x", world.client.account, world.message.replacen('m', "b", 1)))
        .await;
    assert_eq!(answer.problem(), (403, "urn:caliopen:error:hidden".to_owned()));
    let search = json!({ "filter": { "text": WORDS[0] }, "calculateTotal": true });
    let found = world.client.ask("Message/query", search).await;
    assert_eq!((&found["total"], &found["search"]["leavesOut"]), (&json!(0), &json!(true)));
}

#[tokio::test]
async fn the_gate_says_what_it_hides_and_takes_higher_demands_alone_from_a_weak_client() {
    let world = World::new(true).await;
    let gate = world.client.object("Gate", "singleton").await;
    assert_eq!(gate["thresholds"], json!({ "sealed": 20, "sealedAndKnown": 40, "private": 60 }));
    assert_eq!(
        (&gate["hides"], &gate["openUntil"], &gate["ways"]),
        (&json!([3, 4, 5]), &json!(null), &json!([]))
    );
    assert_eq!(gate["device"]["score"], 0);
    let demand = |sealed: u8| json!({ "update": { "singleton": { "thresholds": { "sealed": sealed, "sealedAndKnown": 40, "private": 60 } } } });
    let refused = world.client.ask("Gate/set", demand(30)).await;
    assert_eq!(refused["notUpdated"]["singleton"]["type"], "noWayBack");
    let code = world.client.post("/auth/recovery-code", &json!({ "password": PASSWORD })).await.json();
    world.client.post("/auth/recovery-code/confirm", &json!({ "code": code["code"] })).await;
    world.client.ask("Gate/set", demand(30)).await;
    let gate = world.client.object("Gate", "singleton").await;
    assert_eq!((&gate["thresholds"]["sealed"], &gate["ways"]), (&json!(30), &json!(["recoveryCode"])));
    let refused = world.client.ask("Gate/set", demand(20)).await;
    assert_eq!(refused["notUpdated"]["singleton"]["type"], "hidden");
    let wrong = json!({ "update": { "singleton": { "thresholds": { "sealed": 300 } } } });
    assert_eq!(
        world.client.ask("Gate/set", wrong).await["notUpdated"]["singleton"]["type"],
        "invalidProperties"
    );
    assert_eq!(error(&world.client.call("Gate/query", json!({})).await), "unknownMethod");
}
