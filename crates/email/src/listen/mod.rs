//! Where Internet mail comes in: SMTP from the network (RFC 5321), LMTP from a relay of the same host
//! (RFC 2033), and what people's own programs send (RFC 6409), on real sockets.
//!
//! A listener turns what the protocol said and what its own end of the channel saw into an [`Arrival`]. The
//! protocol itself is in `caliopen-smtp`; what becomes of an arrival is for the [`Inbox`] to say. No trace
//! field is written into the message: docs/decisions/0003-trace-outside-the-message.md.

mod admission;
mod connection;
mod reporting;
mod sockets;
mod submission;

use admission::Admissions;
use caliopen_connect::{Inbox, Origin, Outbox};
use caliopen_model::Timestamp;
use caliopen_smtp::{Budget, Config, Dialect, Limits, Timeouts, stop_asked};
use connection::{Door, Service};
use sockets::Sockets;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

pub use caliopen_smtp::ConfigError;
pub use reporting::Reporting;
pub use submission::SubmissionTls;

/// How long to wait before accepting again when the machine has no descriptor or memory left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// The caller's clock: when a message's last byte came.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a listener greets, what it allows, and what it shares with others.
#[derive(Clone)]
pub struct ListenConfig {
    /// The host's own name, for the greeting and for the postmaster without a domain.
    pub host_name: String,
    /// The protocol's bounds.
    pub limits: Limits,
    /// How long a client may take.
    pub timeouts: Timeouts,
    /// For the TLS handshake after STARTTLS.
    pub tls_handshake_timeout: Duration,
    /// Connections at one time.
    pub connections_max: usize,
    /// Connections at one time from one IPv4 address or one IPv6 network of 64 bits.
    pub connections_per_address_max: usize,
    /// How long transactions in progress may go on once the shutdown began.
    pub shutdown_grace: Duration,
    /// Offers STARTTLS (RFC 3207) when there is a certificate.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Offers DSN (RFC 3461) when there is somebody who reports.
    pub reporting: Option<Arc<Reporting>>,
    /// The bytes of messages that all listeners of the host may hold together.
    pub budget: Arc<Budget>,
    /// The time.
    pub clock: Clock,
}

impl ListenConfig {
    /// For strangers.
    pub fn for_network(host_name: impl Into<String>, budget: Arc<Budget>, clock: Clock) -> Self {
        Self {
            host_name: host_name.into(),
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            tls_handshake_timeout: Duration::from_secs(30),
            connections_max: 10_000,
            connections_per_address_max: 50,
            shutdown_grace: Duration::from_secs(30),
            tls: None,
            reporting: None,
            budget,
            clock,
        }
    }

    /// For a relay of the same host: one address, few connections, many messages.
    pub fn for_relay(host_name: impl Into<String>, budget: Arc<Budget>, clock: Clock) -> Self {
        Self {
            limits: Limits::for_relay(),
            connections_max: 1_000,
            connections_per_address_max: 1_000,
            ..Self::for_network(host_name, budget, clock)
        }
    }

    /// For the programs of people of this host.
    pub fn for_submission(host_name: impl Into<String>, budget: Arc<Budget>, clock: Clock) -> Self {
        Self {
            limits: Limits::for_submission(),
            connections_max: 2_000,
            ..Self::for_network(host_name, budget, clock)
        }
    }
}

/// Takes mail from the network until `shutdown` turns true or its sender is gone; then ends the transactions
/// in progress.
pub async fn serve_smtp(
    listener: TcpListener,
    config: ListenConfig,
    inbox: Arc<dyn Inbox>,
    shutdown: watch::Receiver<bool>,
) -> Result<(), ConfigError> {
    serve(listener, Dialect::Smtp, config, Door::In(inbox, Origin::Network), shutdown).await
}

/// Takes mail from a relay of the same host, over TCP. Ends like [`serve_smtp`].
pub async fn serve_lmtp(
    listener: TcpListener,
    config: ListenConfig,
    inbox: Arc<dyn Inbox>,
    shutdown: watch::Receiver<bool>,
) -> Result<(), ConfigError> {
    serve(listener, Dialect::Lmtp, config, Door::In(inbox, Origin::LocalRelay), shutdown).await
}

/// Takes mail from a relay of the same host, over a Unix socket. Ends like [`serve_smtp`].
pub async fn serve_lmtp_unix(
    listener: UnixListener,
    config: ListenConfig,
    inbox: Arc<dyn Inbox>,
    shutdown: watch::Receiver<bool>,
) -> Result<(), ConfigError> {
    serve(listener, Dialect::Lmtp, config, Door::In(inbox, Origin::LocalRelay), shutdown).await
}

/// Takes what people's programs send, in TLS alone: without a certificate nobody is let in. Ends like [`serve_smtp`].
pub async fn serve_submission(
    listener: TcpListener,
    tls: SubmissionTls,
    config: ListenConfig,
    outbox: Arc<dyn Outbox>,
    shutdown: watch::Receiver<bool>,
) -> Result<(), ConfigError> {
    serve(listener, Dialect::Submission, config, Door::Out(outbox, tls), shutdown).await
}

/// Each connection is a task of the listener's own: a panic in one ends that one alone.
async fn serve<L: Sockets>(
    listener: L,
    dialect: Dialect,
    config: ListenConfig,
    door: Door,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), ConfigError> {
    let grace = config.shutdown_grace;
    let admissions = Admissions::new(config.connections_max, config.connections_per_address_max);
    let service = Arc::new(service(dialect, config, door)?);
    let mut connections = JoinSet::new();
    let stop = shutdown.clone();
    loop {
        tokio::select! {
            () = stop_asked(&mut shutdown) => break,
            Some(ended) = connections.join_next() => report(ended),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match admissions.admit(peer) {
                    Ok(admission) => {
                        let served = connection::serve(Arc::clone(&service), stream, peer, stop.clone());
                        connections.spawn(async move {
                            served.await;
                            drop(admission);
                        });
                    }
                    Err(reply) if service.door.begins_in_clear() => L::refuse(&stream, reply),
                    // A client that waits for a handshake would not understand a line.
                    Err(_) => drop(stream),
                },
                Err(error) => pause_accepting(&error).await,
            },
        }
    }
    drop(listener);
    finish(connections, grace).await;
    Ok(())
}

fn service(dialect: Dialect, config: ListenConfig, door: Door) -> Result<Service, ConfigError> {
    let session = Config::new(dialect, &config.host_name, config.limits, config.budget)?;
    let session = if config.tls.is_some() { session.with_starttls() } else { session };
    let session = if config.reporting.is_some() { session.with_reports() } else { session };
    // A relay of this host has been asked already, and promised.
    let session = if dialect == Dialect::Lmtp { session } else { session.with_required_tls() };
    Ok(Service {
        session: Arc::new(session),
        timeouts: config.timeouts,
        tls: config.tls.map(Into::into),
        tls_handshake_timeout: config.tls_handshake_timeout,
        door,
        reporting: config.reporting,
        clock: config.clock,
    })
}

/// A client that left before it was accepted is nothing; no descriptors left is a pause, never an end.
async fn pause_accepting(error: &io::Error) {
    if error.kind() != io::ErrorKind::ConnectionAborted {
        tracing::warn!(%error, "cannot accept connections; trying again");
        sleep(ACCEPT_PAUSE).await;
    }
}

/// Waits for the connections to end, and ends those that do not.
async fn finish(mut connections: JoinSet<()>, grace: Duration) {
    let ended = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if timeout(grace, ended).await.is_err() {
        tracing::warn!(count = connections.len(), "connections did not end in time and are cut");
        connections.shutdown().await;
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("a connection ended by a panic");
    }
}
