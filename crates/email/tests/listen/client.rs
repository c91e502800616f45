//! A client that says lines and expects lines.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any answer takes on a busy machine; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that a stream must do.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub struct Client<S = TcpStream> {
    stream: BufReader<S>,
}

impl Client<TcpStream> {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self::over(stream)
    }

    /// Connects, and is greeted.
    pub async fn greeted(address: SocketAddr, hello: &str) -> Self {
        let mut client = Self::connect(address).await;
        client.expect("220 ").await;
        client.hello(hello).await;
        client
    }
}

impl<S: Stream> Client<S> {
    pub fn over(stream: S) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// The stream, when nothing was read ahead of it.
    pub fn into_stream(self) -> S {
        assert!(self.stream.buffer().is_empty(), "the server said more than was expected");
        self.stream.into_inner()
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    pub async fn say(&mut self, line: &str) {
        self.send(format!("{line}\r\n").as_bytes()).await;
    }

    /// The next line, which must begin so.
    pub async fn expect(&mut self, beginning: &str) -> String {
        let line = self.line().await.unwrap_or_else(|| panic!("the server left; expected {beginning}"));
        assert!(line.starts_with(beginning), "expected {beginning}, found {line}");
        line
    }

    /// The connection must end, with nothing more said.
    pub async fn expect_end(&mut self) {
        assert_eq!(self.line().await, None);
    }

    /// All lines that one read brings, which must be as many as asked.
    pub async fn expect_in_one_read(&mut self, beginnings: &[&str]) {
        assert!(self.stream.buffer().is_empty());
        let read = timeout(PATIENCE, self.stream.fill_buf()).await.unwrap().unwrap().to_vec();
        self.stream.consume(read.len());
        let text = String::from_utf8(read).unwrap();
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), beginnings.len(), "{lines:?}");
        for (line, beginning) in lines.iter().zip(beginnings) {
            assert!(line.starts_with(beginning), "expected {beginning}, found {line}");
        }
    }

    /// EHLO or LHLO with its whole answer, which is returned.
    pub async fn hello(&mut self, verb: &str) -> Vec<String> {
        self.say(&format!("{verb} client.test")).await;
        let mut lines = Vec::new();
        loop {
            let line = self.expect("250").await;
            let last = line.starts_with("250 ");
            lines.push(line);
            if last {
                return lines;
            }
        }
    }

    /// A transaction up to the point where the message may be sent.
    pub async fn begin(&mut self, recipients: &[&str]) {
        self.say("MAIL FROM:<ana@there.test>").await;
        self.expect("250 2.1.0 ").await;
        for recipient in recipients {
            self.say(&format!("RCPT TO:<{recipient}@here.test>")).await;
            self.expect("250 2.1.5 ").await;
        }
        self.say("DATA").await;
        self.expect("354 ").await;
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = timeout(PATIENCE, self.stream.read_until(b'\n', &mut line)).await.unwrap();
        // A reset is an end too.
        if read.unwrap_or(0) == 0 {
            return None;
        }
        let text = String::from_utf8(line).unwrap();
        Some(text.strip_suffix("\r\n").unwrap().to_owned())
    }
}
