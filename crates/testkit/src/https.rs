//! A small HTTPS server on loopback that answers as it is told: well, or in one of the ways that a client must survive.

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{RootCertStore, ServerConfig};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a request is answered.
#[derive(Debug, Clone)]
pub struct Answer {
    head: String,
    body: Vec<u8>,
    then: Then,
}

/// What comes after an answer's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    End,
    /// The body again and again.
    Repeat,
    /// Nothing, and no end.
    Wait,
}

impl Answer {
    /// 200 with a text.
    pub fn text(text: &str) -> Self {
        Self::of(
            "200 OK",
            &format!("Content-Type: text/plain\r\nContent-Length: {}\r\n", text.len()),
            text,
            Then::End,
        )
    }

    /// Another status, without a body.
    pub fn status(code: u16) -> Self {
        Self::of(&format!("{code} So"), "Content-Length: 0\r\n", "", Then::End)
    }

    /// 302.
    pub fn redirect(location: &str) -> Self {
        Self::of("302 Found", &format!("Location: {location}\r\nContent-Length: 0\r\n"), "", Then::End)
    }

    /// 200 with a body that never ends and whose length nobody said.
    pub fn endless() -> Self {
        Self::of("200 OK", "", &"x".repeat(10_000), Then::Repeat)
    }

    /// 200, and then nothing.
    pub fn silent() -> Self {
        Self::of("200 OK", "Content-Length: 100\r\n", "begun", Then::Wait)
    }

    /// Nothing at all.
    pub fn mute() -> Self {
        Self { head: String::new(), body: Vec::new(), then: Then::Wait }
    }

    /// 200 with half of the body that it announced.
    pub fn cut_short() -> Self {
        Self::of("200 OK", "Content-Length: 100\r\n", "half", Then::End)
    }

    fn of(status: &str, headers: &str, body: &str, then: Then) -> Self {
        let head = format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n");
        Self { head, body: body.as_bytes().to_vec(), then }
    }
}

#[derive(Debug, Default)]
struct Talk {
    requests: Vec<String>,
    answers: Vec<Answer>,
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Https {
    address: SocketAddr,
    roots: Arc<RootCertStore>,
    certificate: String,
    talk: Arc<Mutex<Talk>>,
    _task: JoinSet<()>,
}

impl Https {
    /// Serves under these names, with a certificate of its own.
    ///
    /// # Panics
    ///
    /// When the machine gives it no port.
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    pub async fn start(names: &[&str], answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        let (config, roots, certificate) = certified(names).expect("a certificate");
        let talk = Arc::new(Mutex::new(Talk { requests: Vec::new(), answers: vec![answer] }));
        let mut task = JoinSet::new();
        task.spawn(serve(listener, TlsAcceptor::from(config), Arc::clone(&talk)));
        Self { address, roots, certificate, talk, _task: task }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who vouches for it.
    pub fn roots(&self) -> Arc<RootCertStore> {
        Arc::clone(&self.roots)
    }

    /// The same, in PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// What is answered after the answers that it has. The last one is given again and again.
    pub fn then(&self, answer: Answer) {
        locked(&self.talk).answers.push(answer);
    }

    /// What is answered from now on.
    pub fn now(&self, answer: Answer) {
        locked(&self.talk).answers = vec![answer];
    }

    /// The requests that came: their heads, and the bodies whose length they said.
    pub fn requests(&self) -> Vec<String> {
        locked(&self.talk).requests.clone()
    }
}

fn locked(talk: &Mutex<Talk>) -> std::sync::MutexGuard<'_, Talk> {
    talk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What serves under these names, who vouches for it, and the same in PEM.
fn certified(names: &[&str]) -> anyhow::Result<(Arc<ServerConfig>, Arc<RootCertStore>, String)> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(names)?.self_signed(&key)?;
    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone())?;
    let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)?;
    Ok((Arc::new(server), Arc::new(roots), certificate.pem()))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, talk: Arc<Mutex<Talk>>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, talk) = (acceptor.clone(), Arc::clone(&talk));
        open.spawn(async move {
            // A client that goes away is the test's own doing.
            let _ = converse(stream, acceptor, &talk).await;
        });
    }
}

async fn converse(stream: TcpStream, acceptor: TlsAcceptor, talk: &Mutex<Talk>) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let length = body_length(&head);
    (&mut stream).take(length).read_to_end(&mut head).await?;
    let answer = {
        let mut talk = locked(talk);
        talk.requests.push(String::from_utf8_lossy(&head).into_owned());
        let next = talk.answers.first().cloned();
        if talk.answers.len() > 1 {
            talk.answers.remove(0);
        }
        next
    };
    let Some(answer) = answer else { return Ok(()) };
    give(&mut stream, &answer).await?;
    stream.shutdown().await
}

/// What `Content-Length` says; a request that says nothing has no body.
fn body_length(head: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)
}

async fn give(stream: &mut TlsStream<TcpStream>, answer: &Answer) -> std::io::Result<()> {
    stream.write_all(answer.head.as_bytes()).await?;
    stream.write_all(&answer.body).await?;
    stream.flush().await?;
    match answer.then {
        Then::End => Ok(()),
        Then::Wait => std::future::pending().await,
        Then::Repeat => loop {
            stream.write_all(&answer.body).await?;
        },
    }
}
