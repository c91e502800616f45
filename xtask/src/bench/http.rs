//! The smallest HTTP client that can ask the API: one connection that stays open, answers with a length.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A connection to the API.
#[derive(Debug)]
pub struct Api {
    stream: TcpStream,
    answers: BufReader<TcpStream>,
    token: String,
    /// The account that signed in.
    pub account: String,
}

impl Api {
    /// Signs in.
    pub fn sign_in(server: SocketAddr, address: &str, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        let answers = BufReader::new(stream.try_clone()?);
        let mut api = Self { stream, answers, token: String::new(), account: String::new() };
        let body = format!("{{\"address\":\"{address}\",\"password\":\"{password}\",\"client\":\"bench\"}}");
        let answer = api.post("/auth/login", &body)?;
        api.token = field(&answer, "token")?;
        api.account = field(&answer, "accountId")?;
        Ok(api)
    }

    /// Sends JSON and gives the answer's body.
    pub fn post(&mut self, path: &str, body: &str) -> Result<String> {
        let authorization = match self.token.as_str() {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{authorization}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes())?;
        self.answer()
    }

    /// Calls one method with these arguments, which stand without their braces and without the account.
    pub fn call(&mut self, method: &str, arguments: &str) -> Result<Answer> {
        let call = format!("[\"{method}\",{{\"accountId\":\"{}\",{arguments}}},\"0\"]", self.account);
        Ok(Answer(self.calls(&call)?))
    }

    /// Sends calls, written with commas between them, and gives the answer's body.
    pub fn calls(&mut self, calls: &str) -> Result<String> {
        let using = "\"urn:ietf:params:jmap:core\",\"urn:caliopen:params:jmap:correspondence\"";
        self.post("/jmap/api", &format!("{{\"using\":[{using}],\"methodCalls\":[{calls}]}}"))
    }

    /// Opens a stream of events on a connection of its own: as long as it is there, the application is open.
    pub fn listen(&self) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(self.stream.peer_addr()?)?;
        let token = &self.token;
        let request = format!(
            "GET /jmap/events?types=*&closeafter=no&ping=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        Ok(stream)
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let is_good = line.contains(" 200 ");
        let status = line.trim().to_owned();
        let mut length = 0;
        loop {
            line.clear();
            self.answers.read_line(&mut line)?;
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.answers.read_exact(&mut body)?;
        let body = String::from_utf8(body)?;
        if !is_good {
            bail!("{status}: {body}");
        }
        Ok(body)
    }
}

/// What a method answered.
#[derive(Debug)]
pub struct Answer(pub String);

impl Answer {
    /// The first string of this name.
    pub fn field(&self, key: &str) -> Result<String> {
        field(&self.0, key).with_context(|| format!("{key} is missing in {}", self.0))
    }
}

/// The value of the first key of this name, a string.
fn field(answer: &str, key: &str) -> Result<String> {
    let start = answer.find(&format!("\"{key}\":\"")).context("the answer lacks a key")? + key.len() + 4;
    let rest = answer.get(start..).context("the answer is cut")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
