//! A person's program: it signs in, and reads by JMAP (docs/api).

use super::http::{self, Answer};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Ids that one call returns or gets.
const PAGE: usize = 500;

/// A session of one person.
#[derive(Clone)]
pub struct Api {
    pub server: SocketAddr,
    pub token: String,
    pub account: String,
}

impl Api {
    /// Signs in; it must work.
    pub fn sign_in(server: SocketAddr, address: &str, password: &str) -> Self {
        let answer = log_in(server, address, password);
        assert_eq!(answer.status, 200, "{:?}", answer.json());
        Self::of(server, &answer)
    }

    /// The session that an answer opened.
    pub fn of(server: SocketAddr, answer: &Answer) -> Self {
        let session = answer.json();
        let text = |name: &str| session[name].as_str().unwrap().to_owned();
        Self { server, token: text("token"), account: text("accountId") }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    /// Uploads a file.
    pub fn upload(&self, media_type: &str, content: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", media_type)];
        http::send_bytes(self.server, "POST", &format!("/jmap/upload/{}", self.account), &headers, content)
    }

    /// Writes a letter of these properties, from the only identity: its draft's id.
    pub fn write(&self, mut letter: Value) -> Value {
        letter["identityId"] = self.call("Identity/get", json!({ "ids": null }))["list"][0]["id"].clone();
        let drafted = self.call("Draft/set", json!({ "create": { "d": letter } }));
        assert!(drafted["notCreated"].is_null(), "{drafted}");
        drafted["created"]["d"]["id"].clone()
    }

    /// Asks for a draft to be sent now: the answer, which may refuse.
    pub fn ask_to_send(&self, draft: &Value) -> Value {
        self.call("Submission/set", json!({ "create": { "s": { "draftId": draft } } }))
    }

    /// Writes a letter and sends it: its submission's id.
    pub fn send_letter(&self, letter: Value) -> Value {
        let sent = self.ask_to_send(&self.write(letter));
        assert!(sent["notCreated"].is_null(), "{sent}");
        sent["created"]["s"]["id"].clone()
    }

    /// What became of each recipient so far.
    pub fn fates(&self, submission: &Value) -> Vec<Value> {
        let mut answer = self.call("Submission/get", json!({ "ids": [submission] }));
        match answer["list"][0]["recipients"].take() {
            Value::Array(recipients) => recipients,
            _ => panic!("{answer}"),
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        http::send(self.server, method, path, &[("Authorization", &bearer)], body)
    }

    /// One call that must work.
    pub fn call(&self, name: &str, mut arguments: Value) -> Value {
        arguments["accountId"] = json!(self.account);
        let using = ["urn:ietf:params:jmap:core", "urn:caliopen:params:jmap:correspondence"];
        let answer =
            self.post("/jmap/api", &json!({ "using": using, "methodCalls": [[name, arguments, "0"]] }));
        assert_eq!(answer.status, 200, "{:?}", answer.json());
        let response = answer.json()["methodResponses"][0].take();
        assert_eq!(response[0], name, "{response}");
        response[1].clone()
    }

    /// Everything that a query finds, page by page.
    fn ids(&self, name: &str, filter: &Value) -> Vec<Value> {
        let mut found: Vec<Value> = Vec::new();
        loop {
            let asked = json!({ "filter": filter, "position": found.len(), "limit": PAGE });
            let mut answer = self.call(name, asked);
            let Value::Array(page) = answer["ids"].take() else { panic!("{answer}") };
            let is_last = page.len() < PAGE;
            found.extend(page);
            if is_last {
                return found;
            }
        }
    }

    /// The conversations of the inbox, the newest first.
    pub fn conversations(&self) -> Vec<Value> {
        let ids = self.ids("Conversation/query", &json!({}));
        self.objects("Conversation/get", &ids, Value::Null)
    }

    /// Every message of the inbox. Bodies and headers are there only when they are named.
    pub fn messages(&self, properties: Value) -> Vec<Value> {
        let of = |conversation: &Value| {
            let ids = self.ids("Message/query", &json!({ "conversationId": conversation["id"] }));
            self.objects("Message/get", &ids, properties.clone())
        };
        self.conversations().iter().flat_map(of).collect()
    }

    fn objects(&self, name: &str, ids: &[Value], properties: Value) -> Vec<Value> {
        let mut objects = Vec::new();
        for page in ids.chunks(PAGE) {
            let mut answer = self.call(name, json!({ "ids": page, "properties": properties }));
            let Value::Array(list) = answer["list"].take() else { panic!("{answer}") };
            objects.extend(list);
        }
        objects
    }

    /// The only message of the inbox, with all that it shows.
    pub fn only_message(&self) -> Value {
        let ids: Vec<Value> = self.messages(json!(["id"])).into_iter().map(|one| one["id"].clone()).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        let properties = json!([
            "id",
            "blobId",
            "subject",
            "from",
            "size",
            "privacy",
            "suspicious",
            "warnings",
            "bodies",
            "headers",
            "attachments"
        ]);
        self.objects("Message/get", &ids, properties).remove(0)
    }

    /// The bytes of a message, or of a part of it.
    pub fn download(&self, blob: &Value) -> Vec<u8> {
        let path = format!("/jmap/download/{}/{}/message.eml", self.account, blob.as_str().unwrap());
        let answer = self.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    }

    /// Why a message has its index.
    pub fn report(&self, message: &Value) -> Value {
        let mut answer = self.call("PrivacyReport/get", json!({ "ids": [message["id"]], "language": "en" }));
        answer["list"][0].take()
    }
}

/// Tries to sign in.
pub fn log_in(server: SocketAddr, address: &str, password: &str) -> Answer {
    let form = json!({ "address": address, "password": password, "client": "a story" });
    http::send(server, "POST", "/auth/login", &[], Some(&form))
}
