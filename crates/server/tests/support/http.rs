//! One request over HTTP/1.0 (RFC 1945): no chunks, no connection that is kept, nothing in between.

use super::certificate;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        let text = || String::from_utf8_lossy(&self.body).into_owned();
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, text()))
    }

    /// The status and the type of a problem (RFC 7807), which is never without a sentence.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        (self.status, problem["type"].as_str().unwrap().to_owned())
    }
}

/// Sends a request and reads its answer.
pub fn send(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&serde_json::Value>,
) -> Answer {
    let body = body.map(ToString::to_string).unwrap_or_default();
    let json = [("Content-Type", "application/json")];
    let more: &[_] = if body.is_empty() { &[] } else { &json };
    send_bytes(server, method, path, &[headers, more].concat(), body.as_bytes())
}

/// Sends a request with any body. A server may answer before it has all of it.
pub fn send_bytes(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut request = format!("{method} {path} HTTP/1.0\r\nHost: {server}\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    match certificate::in_tls(server, &stream) {
        Some(mut encrypted) => ask(&mut encrypted, &request, body),
        None => ask(&mut stream, &request, body),
    }
}

fn ask(stream: &mut (impl Read + Write), request: &str, body: &[u8]) -> Answer {
    stream.write_all(request.as_bytes()).unwrap();
    // Whoever refuses it does not read to its end.
    let _unread = stream.write_all(body);
    let _unsent = stream.flush();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.trim().to_owned())
    };
    Answer { status, headers: lines.map(header).collect(), body: bytes[end + 4..].to_vec() }
}
