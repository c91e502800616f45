//! A name server that knows no name: every look-up of a bench ends on this machine, and its answer can be cached
//! (RFC 2308), so that what is measured is the server and not somebody's network.

use anyhow::Result;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Answers until it is dropped.
#[derive(Debug)]
pub struct NameServer {
    /// Where it is asked.
    pub address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl NameServer {
    /// Starts it on a free port.
    pub fn start() -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
        let address = socket.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        let thread = std::thread::spawn(move || answer_all(&socket, &asked));
        Ok(Self { address, stop, thread: Some(thread) })
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer_all(socket: &UdpSocket, stop: &AtomicBool) {
    let mut query = [0; 1500];
    while !stop.load(Ordering::Relaxed) {
        if let Ok((length, peer)) = socket.recv_from(&mut query)
            && let Some(answer) = query.get(..length).and_then(no_such_name)
        {
            // A client that is gone asks no more.
            let _ = socket.send_to(&answer, peer);
        }
    }
}

/// NXDOMAIN for the first question, with a start of authority that lets it be cached for an hour.
fn no_such_name(query: &[u8]) -> Option<Vec<u8>> {
    let question = query.get(12..)?;
    let mut end = 0;
    while *question.get(end)? != 0 {
        end += usize::from(*question.get(end)?) + 1;
    }
    let question = question.get(..end + 5)?;
    let mut answer = query.get(..2)?.to_vec();
    // Response, authoritative, recursion available, NXDOMAIN; one question, no answer, one authority.
    answer.extend_from_slice(&[0x85, 0x83, 0, 1, 0, 0, 0, 1, 0, 0]);
    answer.extend_from_slice(question);
    // The root's SOA: name, type, class, TTL, length, two root names, five numbers.
    answer.extend_from_slice(&[0, 0, 6, 0, 1, 0, 0, 14, 16, 0, 22, 0, 0]);
    for number in [1u32, 3600, 3600, 3600, 3600] {
        answer.extend_from_slice(&number.to_be_bytes());
    }
    Some(answer)
}
