//! One connection to a peer: opened, protected, used for messages, and left politely.

use super::channel::{Policy, Tls};
use super::demand::Demand;
use super::limits::{CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT};
use super::notes::Failure;
use super::targets::Target;
use crate::tls;
use caliopen_model::{CertificateFacts, CertificateStanding, Delivery, HopProof, HopSecurity, TlsFacts};
use caliopen_smtp::client::{self, Client, Event, Outgoing, StartTls, Timeouts, Verdict};
use rustls::ClientConnection;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What all connections share.
pub(super) struct Line {
    pub(super) client: Arc<client::Config>,
    pub(super) timeouts: Timeouts,
    pub(super) tls: Tls,
}

/// Why there is no connection.
pub(super) enum OpenError {
    /// Nobody answers at the address.
    Unreachable,
    /// The peer answered, and it came to nothing.
    Failed(Verdict),
    /// Its certificate, checked with this result, is not what is demanded.
    Unproven(Verdict, CertificateStanding),
}

enum Stream {
    Clear(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection that is ready for a message.
pub(super) struct Connection {
    stream: Stream,
    client: Client,
    host: String,
    security: HopSecurity,
    proof: Option<HopProof>,
    certificate: Option<CertificateFacts>,
    tls: Option<TlsFacts>,
    messages: u32,
}

impl Line {
    /// Connects to a host and greets it.
    pub(super) async fn open(
        &self,
        target: &Target,
        demand: &Demand,
        address: SocketAddr,
    ) -> Result<Connection, OpenError> {
        let connected = timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await;
        let mut stream = match connected {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                tracing::debug!(%error, "a host does not answer");
                return Err(OpenError::Unreachable);
            }
            Err(_) => return Err(OpenError::Unreachable),
        };
        // Commands are small and answered one by one: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let mut client = Client::new(Arc::clone(&self.client), starttls(demand.policy()));
        match client::drive(&mut stream, &mut client, &self.timeouts).await {
            Event::Ready => Ok(Connection {
                stream: Stream::Clear(stream),
                client,
                host: target.host.clone(),
                security: HopSecurity::Clear,
                proof: None,
                certificate: None,
                tls: None,
                messages: 0,
            }),
            Event::StartTls => self.protect(target, demand, address.ip().into(), (stream, client)).await,
            Event::Sent(_) | Event::Closed => Err(failed(&client)),
        }
    }

    /// The handshake, and the second greeting.
    async fn protect(
        &self,
        target: &Target,
        demand: &Demand,
        address: ServerName<'static>,
        (stream, mut client): (TcpStream, Client),
    ) -> Result<Connection, OpenError> {
        let name = ServerName::try_from(target.host.clone()).unwrap_or(address);
        let connector = TlsConnector::from(Arc::clone(&self.tls.config));
        let shaken = timeout(HANDSHAKE_TIMEOUT, connector.connect(name.clone(), stream)).await;
        let Ok(Ok(mut stream)) = shaken else {
            client.tls_failed();
            return Err(failed(&client));
        };
        let session = stream.get_ref().1;
        let certificate = self.tls.certificate(session, &name);
        if !self.meets(demand, session, name, certificate.standing) {
            client.tls_failed();
            return Err(match failed(&client) {
                OpenError::Failed(verdict) => OpenError::Unproven(verdict, certificate.standing),
                other => other,
            });
        }
        let facts = tls::facts(session);
        tracing::debug!(
            host = target.host,
            certificate = ?certificate.standing,
            by = ?demand.proof(),
            "a channel is encrypted"
        );
        client.tls_started();
        match client::drive(&mut stream, &mut client, &self.timeouts).await {
            Event::Ready => Ok(Connection {
                stream: Stream::Tls(Box::new(stream)),
                client,
                host: target.host.clone(),
                security: security(demand),
                proof: demand.proof(),
                certificate: Some(certificate),
                tls: facts,
                messages: 0,
            }),
            Event::StartTls | Event::Sent(_) | Event::Closed => Err(failed(&client)),
        }
    }
}

impl Line {
    /// Whether a peer's certificate is what is demanded.
    fn meets(
        &self,
        demand: &Demand,
        session: &ClientConnection,
        host: ServerName<'static>,
        certificate: CertificateStanding,
    ) -> bool {
        match demand {
            Demand::Dane { associations, domain } => {
                let domain = domain.clone().and_then(|domain| ServerName::try_from(domain).ok());
                let names: Vec<ServerName<'_>> = std::iter::once(host).chain(domain).collect();
                self.tls.is_described(session, associations, &names)
            }
            Demand::MtaSts | Demand::Plain(Policy::Authenticated) => {
                certificate == CertificateStanding::Vouched
            }
            Demand::Plain(Policy::Clear | Policy::Opportunistic | Policy::Encrypted) => true,
        }
    }
}

/// A certificate proves a name; only a policy says that it is the right name (RFC 7672 §1.3.2).
const fn security(demand: &Demand) -> HopSecurity {
    match demand.proof() {
        Some(_) => HopSecurity::Authenticated,
        None => HopSecurity::Opportunistic,
    }
}

const fn starttls(policy: Policy) -> StartTls {
    match policy {
        Policy::Clear => StartTls::Never,
        Policy::Opportunistic => StartTls::Opportunistic,
        Policy::Encrypted | Policy::Authenticated => StartTls::Required,
    }
}

fn failed(client: &Client) -> OpenError {
    client.failure().map_or(OpenError::Unreachable, |verdict| OpenError::Failed(verdict.clone()))
}

impl Connection {
    /// Sends one message. One verdict for each of its recipients.
    pub(super) async fn send(&mut self, outgoing: Outgoing, timeouts: &Timeouts) -> Option<Vec<Verdict>> {
        self.messages += 1;
        self.client.send(outgoing).ok()?;
        match self.drive(timeouts).await {
            Event::Sent(verdicts) => Some(verdicts),
            Event::Ready | Event::StartTls | Event::Closed => None,
        }
    }

    /// Whether another message may go over it.
    pub(super) const fn is_alive(&self) -> bool {
        self.client.failure().is_none()
    }

    /// How many messages went over it.
    pub(super) const fn messages(&self) -> u32 {
        self.messages
    }

    /// How a message was handed over.
    pub(super) fn delivery(&self) -> Delivery {
        let (host, tls, certificate) = (self.host.clone(), self.tls.clone(), self.certificate.clone());
        Delivery { host, security: self.security, proof: self.proof, tls, certificate }
    }

    /// What of a policy that demands a proven certificate this channel would have failed; none when it meets it.
    pub(super) const fn shortfall(&self) -> Option<Failure> {
        match &self.certificate {
            None => Some(Failure::StartTls),
            Some(facts) => Failure::of_certificate(facts.standing),
        }
    }

    /// Whether it is encrypted.
    pub(super) const fn is_encrypted(&self) -> bool {
        self.certificate.is_some()
    }

    /// Ends it with QUIT (RFC 5321 §4.1.1.10). What the peer says to that is nothing to us.
    pub(super) async fn quit(mut self, timeouts: &Timeouts) {
        self.client.quit();
        self.drive(timeouts).await;
    }

    async fn drive(&mut self, timeouts: &Timeouts) -> Event {
        match &mut self.stream {
            Stream::Clear(stream) => client::drive(stream, &mut self.client, timeouts).await,
            Stream::Tls(stream) => client::drive(stream, &mut self.client, timeouts).await,
        }
    }
}
