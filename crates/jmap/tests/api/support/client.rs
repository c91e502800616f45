//! A client that hands its requests to the router itself.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower_service::Service;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }

    /// The status and the type of a problem, which is never without a sentence.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(header(&self.headers, "content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], json!(self.status.as_u16()));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        (self.status.as_u16(), problem["type"].as_str().unwrap().to_owned())
    }
}

/// A header's text; empty when there is none.
pub fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// The type of an `error` answer.
pub fn error(answer: &(String, Value)) -> &str {
    assert_eq!(answer.0, "error", "{answer:?}");
    answer.1["type"].as_str().unwrap()
}

#[derive(Clone)]
pub struct Client {
    router: Router,
    pub token: String,
    pub account: String,
}

impl Client {
    pub fn new(router: Router, token: String, account: String) -> Self {
        Self { router, token, account }
    }

    /// The same client with another session.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// The same client with another session, of another account.
    pub fn with_account(&self, token: &str, account: &str) -> Self {
        Self { account: account.to_owned(), ..self.with_token(token) }
    }

    /// Sends a request as it is. The answer's head, and a body that may never end.
    pub async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().call(request).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.open(request).await.into_parts();
        let mut chunks = body.into_data_stream();
        let mut read = Vec::new();
        while let Some(chunk) = chunks.next().await {
            read.extend_from_slice(&chunk.unwrap());
        }
        Answer { status: parts.status, headers: parts.headers, body: read.into() }
    }

    /// A request with the session's token.
    pub fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body.into()).unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::GET, path, headers, Body::empty())).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[("content-type", "application/json")], body.to_string()).await
    }

    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        self.send(self.request(Method::POST, path, headers, body)).await
    }

    /// A Request object with these calls, each of which gets the account.
    pub async fn calls(&self, calls: &[(&str, Value)]) -> Vec<(String, Value)> {
        let number = |(at, (name, arguments)): (usize, &(&str, Value))| {
            let mut arguments = arguments.clone();
            if let Some(members) = arguments.as_object_mut() {
                members.entry("accountId").or_insert(json!(self.account));
            }
            json!([name, arguments, format!("c{at}")])
        };
        let calls: Vec<Value> = calls.iter().enumerate().map(number).collect();
        let using = ["urn:ietf:params:jmap:core", "urn:caliopen:params:jmap:correspondence"];
        let answer = self.post("/jmap/api", &json!({ "using": using, "methodCalls": calls })).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let responses = answer.json()["methodResponses"].as_array().unwrap().clone();
        responses.iter().map(|one| (one[0].as_str().unwrap().to_owned(), one[1].clone())).collect()
    }

    /// One call, answered with its name or with `error`.
    pub async fn call(&self, name: &str, arguments: Value) -> (String, Value) {
        self.calls(&[(name, arguments)]).await.remove(0)
    }

    /// One call that works.
    pub async fn ask(&self, name: &str, arguments: Value) -> Value {
        let (answered, answer) = self.call(name, arguments).await;
        assert_eq!(answered, name, "{answer}");
        answer
    }

    /// The ids of a query.
    pub async fn ids(&self, name: &str, arguments: Value) -> Vec<String> {
        serde_json::from_value(self.ask(name, arguments).await["ids"].clone()).unwrap()
    }

    /// The only conversation of the inbox.
    pub async fn only_conversation(&self) -> String {
        let ids = self.ids("Conversation/query", json!({})).await;
        assert_eq!(ids.len(), 1);
        ids[0].clone()
    }

    /// The messages of a conversation, the oldest first.
    pub async fn messages_of(&self, conversation: &str) -> Vec<String> {
        self.ids("Message/query", json!({ "filter": { "conversationId": conversation } })).await
    }

    /// One object.
    pub async fn object(&self, name: &str, id: &str) -> Value {
        self.ask(&format!("{name}/get"), json!({ "ids": [id] })).await["list"][0].clone()
    }
}
