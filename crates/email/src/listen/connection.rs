//! One connection, from its greeting to its end.

use super::submission::{self, SubmissionTls};
use super::{Clock, Reporting};
use crate::tls;
use caliopen_connect::{Arrival, Channel, Envelope, Inbox, Notice, Origin, Outbox, Protection};
use caliopen_model::{EmailAddress, Handle, HopSecurity, Protocol, TlsFacts};
use caliopen_smtp::{
    Config, Delivery, DeliveryVerdict, Ended, Handler, RecipientAsked, RecipientVerdict, ReportsAsked,
    Session, Timeouts, drive,
};
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// What all connections of a listener share.
pub(super) struct Service {
    pub(super) session: Arc<Config>,
    pub(super) timeouts: Timeouts,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) tls_handshake_timeout: Duration,
    pub(super) door: Door,
    pub(super) reporting: Option<Arc<Reporting>>,
    pub(super) clock: Clock,
}

/// Which way messages go through a listener.
pub(super) enum Door {
    /// In: to people of this host.
    In(Arc<dyn Inbox>, Origin),
    /// Out: from their own programs.
    Out(Arc<dyn Outbox>, SubmissionTls),
}

impl Door {
    /// Whether the first word is said without TLS.
    pub(super) fn begins_in_clear(&self) -> bool {
        !matches!(self, Self::Out(_, SubmissionTls::Implicit))
    }
}

/// Serves one connection to its end. How it ended interests nobody but who looks for a fault.
pub(super) async fn serve<S>(
    service: Arc<Service>,
    stream: S,
    peer: Option<IpAddr>,
    shutdown: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let served = match &service.door {
        Door::In(inbox, origin) => {
            let desk = Desk { service: &service, inbox, origin: *origin, peer, tls: None };
            serve_in_clear(desk, stream, shutdown).await
        }
        Door::Out(outbox, tls) => submission::serve(&service, (outbox, *tls), stream, peer, shutdown).await,
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}

async fn serve_in_clear<S>(
    desk: Desk<'_>,
    mut stream: S,
    mut shutdown: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = desk.service;
    let mut session = Session::new(Arc::clone(&service.session));
    match drive(&mut stream, &mut session, &desk, &service.timeouts, &mut shutdown).await? {
        Ended::Closed | Ended::ClientLeft => Ok(()),
        // Apart, so that a connection in clear does not carry the room of an encrypted one.
        Ended::StartTls => Box::pin(serve_in_tls(desk, stream, session, shutdown)).await,
    }
}

async fn serve_in_tls<S>(
    mut desk: Desk<'_>,
    stream: S,
    mut session: Session,
    mut shutdown: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = desk.service;
    let Some(acceptor) = &service.tls else { return Ok(()) };
    let mut stream = timeout(service.tls_handshake_timeout, acceptor.accept(stream)).await??;
    session.tls_started();
    desk.tls = tls::facts(stream.get_ref().1);
    drive(&mut stream, &mut session, &desk, &service.timeouts, &mut shutdown).await?;
    Ok(())
}

/// Asks the inbox on behalf of one connection, with the facts of its channel.
struct Desk<'a> {
    service: &'a Service,
    inbox: &'a Arc<dyn Inbox>,
    origin: Origin,
    peer: Option<IpAddr>,
    tls: Option<TlsFacts>,
}

impl Handler for Desk<'_> {
    async fn accepts(&self, recipient: &EmailAddress) -> RecipientVerdict {
        match self.inbox.accepts(&Handle::email(recipient)).await {
            caliopen_connect::RecipientVerdict::Accepted => RecipientVerdict::Accepted,
            caliopen_connect::RecipientVerdict::NoSuchUser => RecipientVerdict::NoSuchUser,
            caliopen_connect::RecipientVerdict::MailboxFull => RecipientVerdict::MailboxFull,
            caliopen_connect::RecipientVerdict::NotLocal => RecipientVerdict::NotLocal,
            caliopen_connect::RecipientVerdict::TryLater => RecipientVerdict::TryLater,
        }
    }

    async fn deliver(&self, delivery: Delivery) -> Vec<DeliveryVerdict> {
        let Delivery { envelope, greeting, message, reservation } = delivery;
        let arrival = Arrival {
            protocol: Protocol::Email,
            envelope: Envelope {
                reverse_path: envelope.reverse_path.as_ref().map(Handle::email),
                recipients: envelope.forward_paths.iter().map(Handle::email).collect(),
            },
            channel: self.channel(greeting),
            raw: message,
            received_at: (self.service.clock)(),
        };
        // Whoever asked for nothing is most people: the bytes are then let go as early as they can be.
        let reported = self.service.reporting.as_ref().filter(|_| wants_success(&envelope.asked));
        let reported = reported.map(|reporting| (reporting, arrival.clone()));
        let verdicts = self.inbox.deliver(arrival).await;
        if let Some((reporting, arrival)) = reported
            && let Some(notice) = reporting.notice(&arrival, &envelope.asked, &verdicts).await
        {
            // What is told of a message goes no worse way than the message (RFC 8689 §5).
            let protection = Protection::wished(envelope.requires_tls);
            self.inbox.report(Notice { protection, ..notice }).await;
        }
        drop(reservation);
        verdicts.into_iter().map(verdict).collect()
    }
}

fn wants_success(asked: &ReportsAsked) -> bool {
    asked.recipients.iter().any(RecipientAsked::wants_success)
}

impl Desk<'_> {
    /// Behind a local relay lies the hop that matters, and we did not see it.
    fn channel(&self, greeting: Option<String>) -> Channel {
        let security = match (self.origin, &self.tls) {
            (Origin::LocalRelay | Origin::Inside, _) => HopSecurity::Unknown,
            (Origin::Network, Some(_)) => HopSecurity::Opportunistic,
            (Origin::Network, None) => HopSecurity::Clear,
        };
        Channel { origin: self.origin, peer: self.peer, greeting, security, tls: self.tls.clone() }
    }
}

const fn verdict(verdict: caliopen_connect::DeliveryVerdict) -> DeliveryVerdict {
    match verdict {
        caliopen_connect::DeliveryVerdict::Stored => DeliveryVerdict::Stored,
        caliopen_connect::DeliveryVerdict::NoSuchUser => DeliveryVerdict::NoSuchUser,
        caliopen_connect::DeliveryVerdict::MailboxFull => DeliveryVerdict::MailboxFull,
        caliopen_connect::DeliveryVerdict::StorageFull => DeliveryVerdict::StorageFull,
        caliopen_connect::DeliveryVerdict::TryLater => DeliveryVerdict::TryLater,
    }
}
