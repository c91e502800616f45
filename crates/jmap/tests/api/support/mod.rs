//! A host with alice, a clock that stands still, and clients that send requests without a network.

mod client;

pub use client::{Answer, Client, error, header};

use axum::Router;
use bytes::Bytes;
use caliopen_connect::{
    Arrival, Carrier, Channel, ComposeError, DeliveryVerdict, Dispatch, Envelope, Format, Inbox,
    LeavingRequest, Origin, Verified,
};
use caliopen_hub::{Clock, Fetcher, Hub, NotLeft, Parts};
use caliopen_jmap::{Api, Limits, SubmissionServer, router};
use caliopen_model::{
    Attachment, Custody, Defect, EmailAddress, Encryption, EncryptionScheme, Evidence, Handle, Hop,
    HopSecurity, Language, Letter, Message, Outcome, Packed, Part, PartId, Protocol, Reading, Timestamp,
};
use caliopen_store::{FaultyStore, MemoryStore};
use futures_util::future::BoxFuture;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

pub const ALICE: &str = "alice@example.org";
pub const PASSWORD: &str = "correct horse battery";

/// A clock that moves when a message arrives.
struct StoppedClock(AtomicI64);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Internet mail without the checks that need a resolver.
struct Mail;

impl Format for Mail {
    fn protocol(&self) -> Protocol {
        Protocol::Email
    }

    fn parse(&self, raw: &[u8]) -> (Message, Vec<Defect>) {
        caliopen_mime::parse(raw)
    }

    /// `X-Signed: domain` stands for a signature that covers everything, of that domain; `X-Sealed: yes` for a message that
    /// only the two can open.
    fn verify<'a>(&'a self, arrival: &'a Arrival, _: &'a Message) -> BoxFuture<'a, Verified> {
        let hop = Hop { peer: "mx.example.net".to_owned(), security: HopSecurity::Opportunistic, tls: None };
        let text = String::from_utf8_lossy(&arrival.raw);
        let signer = text.lines().find_map(|line| line.strip_prefix("X-Signed: ")).map(str::to_owned);
        let signed = signer.map(|domain| Evidence::OneClickSigned { domain });
        let sealed = Evidence::Encryption(Encryption {
            scheme: EncryptionScheme::OpenPgp,
            theirs: Custody::Client,
            ours: Custody::Client,
            forward_secrecy: false,
            covers_everything: true,
            post_quantum: false,
        });
        let sealed = text.contains("X-Sealed: yes").then_some(sealed);
        let evidence = std::iter::once(Evidence::Hop(hop)).chain(signed).chain(sealed).collect();
        Box::pin(async move { Verified { evidence, ..Verified::default() } })
    }

    fn read(&self, raw: &[u8]) -> Reading {
        caliopen_mime::read(raw)
    }

    fn leaving(&self, raw: &[u8]) -> Option<LeavingRequest> {
        let url = caliopen_mime::one_click(raw)?;
        Some(LeavingRequest { url, media_type: "text/plain", body: caliopen_mime::ONE_CLICK })
    }

    /// Only what is in it counts here, and not how it is packed.
    fn pack(&self, piece: Packed<'_>) -> Vec<u8> {
        match piece {
            Packed::File { bytes, .. } => bytes.to_vec(),
            Packed::Message { raw, .. } => raw.to_vec(),
            Packed::End => Vec::new(),
        }
    }

    fn part(&self, raw: &[u8], part: PartId) -> Option<(Part, Vec<u8>)> {
        caliopen_mime::part(raw, part)
    }
}

/// Writes mail as the real one does, and takes nothing away: the queue of these hosts does not run.
struct Post;

/// The rest of the Internet: pictures at pictures.test, a page of words everywhere else, and the hosts of lists.
#[derive(Default)]
pub struct Elsewhere {
    /// Who was asked to take somebody off a list.
    pub left: Mutex<Vec<String>>,
}

impl Fetcher for Elsewhere {
    fn picture<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Option<Bytes>> {
        let bytes = match url.strip_prefix("https://pictures.test/") {
            Some("gone") => None,
            Some(_) => Some(Bytes::from_static(b"\x89PNG\r\n\x1a\n and more")),
            None => Some(Bytes::from_static(b"<html>You are being watched</html>")),
        };
        Box::pin(async move { bytes })
    }

    fn leave<'a>(&'a self, request: &'a LeavingRequest) -> BoxFuture<'a, Result<(), NotLeft>> {
        self.left.lock().unwrap().push(format!("{} {}", request.url, request.body));
        let fate = match request.url.as_str() {
            url if url.ends_with("/refuses") => Err(NotLeft::Refused),
            url if url.ends_with("/down") => Err(NotLeft::Unreachable),
            _ => Ok(()),
        };
        Box::pin(async move { fate })
    }
}

impl Carrier for Post {
    fn protocol(&self) -> Protocol {
        Protocol::Email
    }

    fn without_metadata(&self, file: Attachment) -> Attachment {
        file
    }

    fn compose(&self, letter: &Letter) -> Result<Bytes, ComposeError> {
        Ok(caliopen_mime::build(letter).map_err(|_| ComposeError::Address)?.into())
    }

    fn destination(&self, recipient: &Handle) -> String {
        recipient.domain().unwrap_or_default()
    }

    fn carry(&self, dispatch: Dispatch) -> BoxFuture<'_, Vec<Outcome>> {
        unreachable!("nothing leaves: {dispatch:?}")
    }
}

/// A running host.
pub struct Host {
    pub hub: Arc<Hub>,
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub router: Router,
    pub elsewhere: Arc<Elsewhere>,
    clock: Arc<StoppedClock>,
}

impl Host {
    /// A host for example.org with alice.
    pub async fn new() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub async fn with_limits(limits: Limits) -> Self {
        let host = Self::empty(limits);
        host.hub.add_domain("example.org").await.unwrap();
        host.add(ALICE).await;
        host
    }

    /// A host without any account.
    pub fn empty(limits: Limits) -> Self {
        let clock = Arc::new(StoppedClock(AtomicI64::new(1_795_341_600_000)));
        let store = Arc::new(FaultyStore::new(MemoryStore::default()));
        let elsewhere = Arc::new(Elsewhere::default());
        let parts = Parts {
            store: Arc::clone(&store) as _,
            node_key: [9; 32],
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(entropy()),
            formats: vec![Arc::new(Mail)],
            carriers: vec![Arc::new(Post)],
            fetcher: Some(Arc::clone(&elsewhere) as _),
        };
        let hub = Arc::new(Hub::new(parts));
        let submission =
            SubmissionServer { host: "mail.example.org".to_owned(), port: Some(465), starttls_port: None };
        let (public_url, submission) = (String::new(), Some(submission));
        let router = router(Api { hub: Arc::clone(&hub), limits, public_url, submission });
        Self { hub, store, router, elsewhere, clock }
    }

    pub async fn add(&self, address: &str) {
        let address = EmailAddress::parse(address).unwrap();
        self.hub.add_account(&address, PASSWORD, Language::English).await.unwrap();
    }

    /// Lets time pass, in milliseconds.
    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// A client that nobody has signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.router.clone(), String::new(), String::new())
    }

    /// A client with alice's session, as a bearer token.
    pub async fn alice(&self) -> Client {
        self.sign_in(ALICE).await
    }

    pub async fn sign_in(&self, address: &str) -> Client {
        let from = std::net::IpAddr::from([127, 0, 0, 1]);
        let signed_in = self.hub.sign_in(address, PASSWORD, "a test", from).await;
        let signed_in = signed_in.map_err(|error| error.to_string()).unwrap();
        let account = signed_in.profile.account.to_string();
        Client::new(self.router.clone(), signed_in.token.to_string(), account)
    }

    /// A message for alice, a second after the one before.
    pub async fn deliver(&self, from: &str, subject: &str, text: &str) {
        let head = format!("From: {from}\r\nTo: {ALICE}\r\nSubject: {subject}\r\n");
        self.deliver_raw(&format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n")).await;
    }

    pub async fn deliver_raw(&self, raw: &str) {
        self.clock.0.fetch_add(1_000, Ordering::SeqCst);
        let arrival = Arrival {
            protocol: Protocol::Email,
            envelope: Envelope {
                reverse_path: None,
                recipients: vec![Handle::literal(Protocol::Email, ALICE)],
            },
            channel: Channel {
                origin: Origin::Network,
                peer: None,
                greeting: None,
                security: HopSecurity::Opportunistic,
                tls: None,
            },
            raw: Bytes::from(raw.to_owned()),
            received_at: self.clock.now(),
        };
        assert_eq!(self.hub.deliver(arrival).await, [DeliveryVerdict::Stored]);
    }
}

/// Whether a future waits for something that does not come, on a clock that runs ahead as soon as everybody waits.
pub async fn stalls(future: impl Future) -> bool {
    tokio::time::pause();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(1), future).await;
    tokio::time::resume();
    ended.is_err()
}

/// Bytes that look random and are the same in each run.
fn entropy() -> impl Fn(&mut [u8]) + Send + Sync {
    let seed = AtomicU64::new(1);
    move |bytes| {
        for chunk in bytes.chunks_mut(8) {
            let number =
                seed.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17);
            let fresh = (number ^ (number >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9).to_le_bytes();
            chunk.copy_from_slice(&fresh[..chunk.len()]);
        }
    }
}
