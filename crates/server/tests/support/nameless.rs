//! A name server that knows no name, so that no story asks one of the network.

use std::net::{SocketAddr, UdpSocket};
use std::thread::JoinHandle;

/// A running name server. Dropping it stops it.
pub struct NameServer {
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl NameServer {
    pub fn start() -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        let address = socket.local_addr().unwrap();
        let thread = std::thread::spawn(move || {
            let mut question = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                match no_such_name(&question[..length]) {
                    Some(answer) => _ = socket.send_to(&answer, from),
                    None => return,
                }
            }
        });
        Self { address, thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        // Less than a question: that is how it hears that nobody asks any more.
        let told = UdpSocket::bind(("127.0.0.1", 0)).and_then(|socket| socket.send_to(b"", self.address));
        if let (Ok(_), Some(thread)) = (told, self.thread.take()) {
            thread.join().unwrap();
        }
    }
}

/// The question with its header turned into an answer: NXDOMAIN, with authority and recursion (RFC 1035 §4.1.1).
fn no_such_name(question: &[u8]) -> Option<Vec<u8>> {
    let end = 12 + question.get(12..)?.iter().position(|byte| *byte == 0)? + 5;
    let mut answer = question.get(..end)?.to_vec();
    answer[2] |= 0x84;
    answer[3] = 0x83;
    // One question, and neither answers nor EDNS.
    answer[4..12].copy_from_slice(&[0, 1, 0, 0, 0, 0, 0, 0]);
    Some(answer)
}
