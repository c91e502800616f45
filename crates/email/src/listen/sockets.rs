//! Two kinds of sockets that clients connect to.

use caliopen_smtp::Reply;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

/// A listening socket.
pub(super) trait Sockets: Send + Sync {
    /// One connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection, and its peer's address where the kind has one.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Stream, Option<IpAddr>)>> + Send;

    /// Says why a connection is not served, if that can be said without waiting.
    fn refuse(stream: &Self::Stream, reply: Reply);
}

impl Sockets for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, Option<IpAddr>)> {
        let (stream, peer) = Self::accept(self).await?;
        // Replies are written whole, so waiting for more only delays them. Without it they still arrive.
        let _ = stream.set_nodelay(true);
        Ok((stream, Some(peer.ip().to_canonical())))
    }

    fn refuse(stream: &TcpStream, reply: Reply) {
        // A client that does not take one line at once is not waited for.
        let _ = stream.try_write(format!("{reply}\r\n").as_bytes());
    }
}

impl Sockets for UnixListener {
    type Stream = UnixStream;

    async fn accept(&self) -> io::Result<(UnixStream, Option<IpAddr>)> {
        let (stream, _) = Self::accept(self).await?;
        Ok((stream, None))
    }

    fn refuse(stream: &UnixStream, reply: Reply) {
        let _ = stream.try_write(format!("{reply}\r\n").as_bytes());
    }
}
