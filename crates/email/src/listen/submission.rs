//! Where people's own programs hand mail in (RFC 6409): inside TLS from the first byte (RFC 8314 §3.3), or after
//! STARTTLS. Who may, and what becomes of it, is for the [`Outbox`] to say.
//!
//! Nothing of the client is written into a message: neither its address nor its name.

use super::connection::Service;
use caliopen_connect::{Outbox, Posting, PostingVerdict, Program, ProgramSignIn, Protection};
use caliopen_model::{EmailAddress, Handle};
use caliopen_smtp::{
    Credentials, Delivery, DeliveryVerdict, Ended, Handler, RecipientVerdict, Refusal, Session,
    SignInVerdict, drive,
};
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionTls {
    /// With the first byte: port 465.
    Implicit,
    /// After STARTTLS: port 587.
    Starttls,
}

/// Serves one connection of a program to its end.
pub(super) async fn serve<S>(
    service: &Service,
    (outbox, tls): (&Arc<dyn Outbox>, SubmissionTls),
    mut stream: S,
    peer: Option<IpAddr>,
    mut shutdown: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let counter = Counter::new(outbox, peer);
    if tls == SubmissionTls::Implicit {
        let session = Session::new_in_tls(Arc::clone(&service.session));
        return Box::pin(serve_in_tls(service, stream, session, counter, shutdown)).await;
    }
    let mut session = Session::new(Arc::clone(&service.session));
    match drive(&mut stream, &mut session, &counter, &service.timeouts, &mut shutdown).await? {
        Ended::Closed | Ended::ClientLeft => Ok(()),
        Ended::StartTls => {
            session.tls_started();
            Box::pin(serve_in_tls(service, stream, session, counter, shutdown)).await
        }
    }
}

/// The session knows of the handshake already, and says nothing before it is done.
async fn serve_in_tls<S>(
    service: &Service,
    stream: S,
    mut session: Session,
    counter: Counter<'_>,
    mut shutdown: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Some(acceptor) = &service.tls else { return Ok(()) };
    let mut stream = timeout(service.tls_handshake_timeout, acceptor.accept(stream)).await??;
    drive(&mut stream, &mut session, &counter, &service.timeouts, &mut shutdown).await?;
    Ok(())
}

/// Asks the outbox on behalf of one connection, and remembers who signed in on it.
struct Counter<'a> {
    outbox: &'a Arc<dyn Outbox>,
    peer: IpAddr,
    program: Mutex<Option<Program>>,
}

impl<'a> Counter<'a> {
    fn new(outbox: &'a Arc<dyn Outbox>, peer: Option<IpAddr>) -> Self {
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Self { outbox, peer, program: Mutex::default() }
    }

    fn program(&self) -> Option<Program> {
        *self.program.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handler for Counter<'_> {
    async fn sign_in(&self, credentials: Credentials) -> SignInVerdict {
        match self.outbox.let_in(credentials.name(), credentials.secret(), self.peer).await {
            ProgramSignIn::Accepted(program) => {
                *self.program.lock().unwrap_or_else(PoisonError::into_inner) = Some(program);
                SignInVerdict::Accepted
            }
            ProgramSignIn::Refused => SignInVerdict::Refused,
            ProgramSignIn::TooManyTries => SignInVerdict::TooManyTries,
            ProgramSignIn::TryLater => SignInVerdict::TryLater,
        }
    }

    async fn accepts(&self, recipient: &EmailAddress) -> RecipientVerdict {
        let Some(program) = self.program() else { return RecipientVerdict::SignedOut };
        match self.outbox.may_write(program, &Handle::email(recipient)).await {
            None => RecipientVerdict::SignedOut,
            Some(caliopen_connect::RecipientVerdict::Accepted) => RecipientVerdict::Accepted,
            Some(caliopen_connect::RecipientVerdict::NoSuchUser) => RecipientVerdict::NoSuchUser,
            Some(caliopen_connect::RecipientVerdict::MailboxFull) => RecipientVerdict::MailboxFull,
            Some(caliopen_connect::RecipientVerdict::NotLocal) => RecipientVerdict::NotLocal,
            Some(caliopen_connect::RecipientVerdict::TryLater) => RecipientVerdict::TryLater,
        }
    }

    async fn deliver(&self, delivery: Delivery) -> Vec<DeliveryVerdict> {
        let Delivery { envelope, message, reservation, .. } = delivery;
        let count = envelope.forward_paths.len();
        let verdict = match self.program() {
            None => DeliveryVerdict::Refused(Refusal::SignedOut),
            Some(program) => {
                let recipients = envelope.forward_paths.iter().map(Handle::email).collect();
                let protection = Protection::wished(envelope.requires_tls);
                let posting = Posting { program, recipients, raw: message, protection };
                verdict(self.outbox.post(posting).await)
            }
        };
        drop(reservation);
        vec![verdict; count]
    }
}

const fn verdict(verdict: PostingVerdict) -> DeliveryVerdict {
    match verdict {
        PostingVerdict::Taken => DeliveryVerdict::Stored,
        PostingVerdict::NotYourFrom => DeliveryVerdict::Refused(Refusal::NotYourFrom),
        PostingVerdict::NotYourSender => DeliveryVerdict::Refused(Refusal::NotYourSender),
        PostingVerdict::BadHeader => DeliveryVerdict::Refused(Refusal::BadHeader),
        PostingVerdict::AccountLimit => DeliveryVerdict::Refused(Refusal::AccountLimit),
        PostingVerdict::HostLimit => DeliveryVerdict::Refused(Refusal::HostLimit),
        PostingVerdict::FanOut => DeliveryVerdict::Refused(Refusal::FanOut),
        PostingVerdict::MailboxFull => DeliveryVerdict::Refused(Refusal::MailboxFull),
        PostingVerdict::SignedOut => DeliveryVerdict::Refused(Refusal::SignedOut),
        PostingVerdict::StorageFull => DeliveryVerdict::StorageFull,
        PostingVerdict::TryLater => DeliveryVerdict::TryLater,
    }
}
