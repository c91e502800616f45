//! A peer that does what a test tells it, however hostile.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the peer does next.
#[derive(Clone)]
pub enum Act {
    /// Says these bytes.
    Say(Vec<u8>),
    /// Says these bytes and closes the connection.
    Last(Vec<u8>),
    /// Closes the connection.
    Close,
    /// Says nothing any more.
    Silence,
}

pub fn say(text: &str) -> Act {
    Act::Say(format!("{text}\r\n").into_bytes())
}

/// Answers a line: the empty one is the connection itself, `.` is the end of a message.
pub type Script = Arc<dyn Fn(&str) -> Act + Send + Sync>;

/// A running peer. Dropping it stops it.
pub struct Peer {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinSet<()>,
}

impl Peer {
    pub async fn start(script: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let script: Script = Arc::new(script);
        let journal = Arc::clone(&heard);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&script), Arc::clone(&journal)));
            }
        });
        Self { address, heard, task }
    }

    /// A peer that behaves, but for the lines that begin so.
    pub async fn misbehaves_at(line: &'static str, act: Act) -> Self {
        Self::start(move |heard| {
            if heard.starts_with(line) && heard.is_empty() == line.is_empty() {
                act.clone()
            } else {
                usual(heard)
            }
        })
        .await
    }

    /// Stops it, and waits until its port is closed.
    pub async fn stop(mut self) {
        self.task.shutdown().await;
    }

    /// The lines that it heard, without the lines of messages; an empty one for each connection.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.heard().iter().filter(|line| line.is_empty()).count()
    }

    pub fn heard_any(&self, line: &str) -> bool {
        self.heard().iter().any(|heard| heard.starts_with(line))
    }
}

/// What a plain server says.
pub fn usual(line: &str) -> Act {
    match line.split([' ', ':']).next().unwrap_or_default() {
        "" => say("220 mx.here.test ESMTP"),
        "EHLO" => say("250-mx.here.test\r\n250 8BITMIME"),
        "DATA" => say("354 go on"),
        _ => say("250 fine"),
    }
}

async fn serve(stream: TcpStream, script: Script, heard: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    let mut in_message = false;
    loop {
        if !in_message || line == "." {
            in_message = false;
            heard.lock().unwrap().push(line.clone());
            match script(&line) {
                Act::Say(bytes) => {
                    in_message = line == "DATA" && bytes.starts_with(b"354");
                    if stream.get_mut().write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Act::Last(bytes) => {
                    // A client that is gone does not hear it.
                    let _ = stream.get_mut().write_all(&bytes).await;
                    return;
                }
                Act::Close => return,
                Act::Silence => std::future::pending().await,
            }
        }
        line.clear();
        // Handshakes are no text; whoever sends one here is answered by the script.
        let mut bytes = Vec::new();
        match stream.read_until(b'\n', &mut bytes).await {
            Ok(1..) => line.push_str(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n'])),
            Ok(0) | Err(_) => return,
        }
    }
}
