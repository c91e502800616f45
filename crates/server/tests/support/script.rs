//! A mail server that does what a story tells it, however hostile. It hears a line and does one thing.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What the peer does next.
#[derive(Clone)]
pub enum Act {
    /// Says this.
    Say(&'static str),
    /// Says this and closes the connection.
    Last(&'static str),
    /// Says this line a hundred thousand times.
    Flood(&'static str),
    /// Closes the connection.
    Close,
    /// Says nothing any more.
    Silence,
}

/// Lines that it heard; an empty one for each connection.
type Heard = Arc<Mutex<Vec<String>>>;

/// A running peer. Dropping it stops it.
pub struct Script {
    address: SocketAddr,
    heard: Heard,
    thread: Option<JoinHandle<()>>,
}

impl Script {
    /// Answers each line by this script: the empty one is the connection itself, `.` is the end of a message.
    pub fn start(script: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Heard::default();
        let (script, journal) = (Arc::new(script), Arc::clone(&heard));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                if Arc::strong_count(&journal) == 1 {
                    return;
                }
                let (script, journal) = (Arc::clone(&script), Arc::downgrade(&journal));
                std::thread::spawn(move || {
                    let hear =
                        |line: &str| _ = journal.upgrade().map(|all| all.lock().unwrap().push(line.into()));
                    serve(stream, &*script, &hear);
                });
            }
        });
        Self { address, heard, thread: Some(thread) }
    }

    /// A peer that behaves, but for the lines that begin so.
    pub fn misbehaves_at(line: &'static str, act: Act) -> Self {
        Self::start(move |heard| {
            let is_there = heard.starts_with(line) && heard.is_empty() == line.is_empty();
            if is_there { act.clone() } else { usual(heard) }
        })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many lines of its peers began so. The lines of messages are not among them.
    pub fn heard(&self, line: &str) -> usize {
        self.heard.lock().unwrap().iter().filter(|heard| heard.starts_with(line)).count()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // The listener's own hold is the last one: the next connection tells it to stop.
        self.heard = Heard::default();
        let told = TcpStream::connect(self.address);
        if let (Ok(_), Some(thread)) = (told, self.thread.take()) {
            thread.join().unwrap();
        }
    }
}

/// What a plain server says.
pub fn usual(line: &str) -> Act {
    match line.split([' ', ':']).next().unwrap_or_default() {
        "" => Act::Say("220 mx.there.test ESMTP"),
        "EHLO" => Act::Say("250-mx.there.test\r\n250 8BITMIME"),
        "DATA" => Act::Say("354 go on"),
        "QUIT" => Act::Last("221 bye"),
        _ => Act::Say("250 fine"),
    }
}

fn serve(stream: TcpStream, script: &dyn Fn(&str) -> Act, hear: &dyn Fn(&str)) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    let mut in_message = false;
    loop {
        if !in_message || line == "." {
            hear(&line);
            let said = match script(&line) {
                Act::Say(text) => text,
                Act::Last(text) => {
                    // A client that is gone does not hear it.
                    _ = stream.get_mut().write_all(format!("{text}\r\n").as_bytes());
                    return;
                }
                Act::Flood(text) => {
                    _ = stream.get_mut().write_all(format!("{text}\r\n").repeat(100_000).as_bytes());
                    return;
                }
                Act::Close => return,
                Act::Silence => "",
            };
            in_message = line == "DATA" && said.starts_with("354");
            let bytes = if said.is_empty() { String::new() } else { format!("{said}\r\n") };
            if stream.get_mut().write_all(bytes.as_bytes()).is_err() {
                return;
            }
        }
        let mut bytes = Vec::new();
        match stream.read_until(b'\n', &mut bytes) {
            Ok(1..) => line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned(),
            Ok(0) | Err(_) => return,
        }
    }
}
