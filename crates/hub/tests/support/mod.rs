//! A hub on the memory store, with a clock that stands still and a protocol of one line for each header.

pub mod files;

use bytes::Bytes;
use caliopen_connect::{
    Arrival, Carrier, Channel, CompleteError, Completed, ComposeError, DeliveryVerdict, Dispatch, Envelope,
    Format, GivenUp, Inbox, Missing, Notice, Opened, Origin, Outlook, Reported, ReportedFate, Unpack,
    Verified,
};
use caliopen_hub::{
    Access, Asking, Clock, ConversationFilter, ConversationOrder, ConversationView, Hub, MessageView,
    PageStart, Parts,
};
use caliopen_model::{
    Attachment, Body, Cause, Custody, Defect, Delivery, Draft, EmailAddress, Encryption, EncryptionScheme,
    Evidence, Handle, Handler, HandlerClass, HandlerSees, Hop, HopSecurity, IdentityId, KeyStanding,
    Language, Letter, Message, MetadataPath, Outcome, Packed, Part, PartId, Participant, PeerService, Place,
    Protocol, Reading, Rfc5322MessageId, Timestamp, Trouble,
};
use caliopen_store::{MemoryStore, Store};
use futures_util::future::BoxFuture;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

pub const PASSWORD: &str = "correct horse battery";
pub const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// A clock that moves when it is told to.
#[derive(Default)]
pub struct StoppedClock(pub AtomicI64);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

/// `From: a`, `To: b, c`, `Id: x`, `Refs: y z`, `List: l`, `Auto: yes`, `Subject: s`, an empty line, the text.
struct Plain;

fn person(text: &str) -> Participant {
    let (name, address) = match text.trim().split_once('<') {
        Some((name, address)) => (Some(name.trim().to_owned()), address.trim_end_matches('>')),
        None => (None, text.trim()),
    };
    Participant { name, handle: Handle::literal(Protocol::Email, address) }
}

fn people(text: &str) -> Vec<Participant> {
    text.split(',').map(person).collect()
}

impl Format for Plain {
    fn protocol(&self) -> Protocol {
        Protocol::Email
    }

    fn parse(&self, raw: &[u8]) -> (Message, Vec<Defect>) {
        let text = String::from_utf8_lossy(raw).into_owned();
        let (head, body) = text.split_once("\n\n").unwrap_or((text.as_str(), ""));
        let mut message =
            Message { excerpt: body.lines().next().unwrap_or_default().to_owned(), ..Message::default() };
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name {
                "From" => message.from = people(value),
                "To" => message.to = people(value),
                "Cc" => message.cc = people(value),
                "Id" => message.id = Some(Rfc5322MessageId(value.to_owned())),
                "Refs" => {
                    message.references = value.split(' ').map(|id| Rfc5322MessageId(id.to_owned())).collect()
                }
                "List" => message.list = Some((value.to_owned(), None)),
                "Auto" => message.automated = true,
                "Subject" => message.subject = Some(value.to_owned()),
                _ => {}
            }
        }
        (message, Vec::new())
    }

    /// `Sealed: key` in the head stands for a message that only the two can open: with a key that is `new`, `known` or
    /// a Caliopen's (`private`).
    fn verify<'a>(&'a self, arrival: &'a Arrival, _: &'a Message) -> BoxFuture<'a, Verified> {
        let text = String::from_utf8_lossy(&arrival.raw).into_owned();
        let sealed = text.lines().find_map(|line| line.strip_prefix("Sealed: "));
        let evidence = sealed.map(sealed_evidence).unwrap_or_default();
        Box::pin(async move { Verified { evidence, ..Verified::default() } })
    }

    fn read(&self, raw: &[u8]) -> Reading {
        let text = String::from_utf8_lossy(raw).into_owned();
        Reading { bodies: vec![Body::Text { text, quoted_lines: Vec::new() }], ..Reading::default() }
    }

    /// `Failed: address` in the head.
    fn reported(&self, raw: &[u8]) -> Vec<Reported> {
        let text = String::from_utf8_lossy(raw).into_owned();
        let failed = text.lines().filter_map(|line| line.strip_prefix("Failed: "));
        failed
            .map(|address| Reported {
                recipient: Handle::literal(Protocol::Email, address),
                fate: ReportedFate::Failed(Post::trouble(Cause::NoSuchRecipient, "5.1.1")),
            })
            .collect()
    }

    fn unpack(&self, file: &Opened<'_>) -> Option<Box<dyn Unpack>> {
        Some(Box::new(files::Reader::new(file)))
    }

    fn pack(&self, piece: Packed<'_>) -> Vec<u8> {
        files::pack(piece)
    }

    fn part(&self, _: &[u8], _: PartId) -> Option<(Part, Vec<u8>)> {
        None
    }
}

/// An index of 20 to 49, 50 to 79, or 80 and more.
fn sealed_evidence(key: &str) -> Vec<Evidence> {
    let (standing, peer) = match key {
        "new" => (KeyStanding::FirstSeen, PeerService::Other),
        "known" => (KeyStanding::Unchanged, PeerService::Other),
        "private" => (KeyStanding::Verified, PeerService::Caliopen),
        other => unreachable!("no such key: {other}"),
    };
    let encryption = Encryption {
        scheme: EncryptionScheme::Caliopen,
        theirs: Custody::Client,
        ours: Custody::Client,
        forward_secrecy: true,
        covers_everything: true,
        post_quantum: false,
    };
    let handler = Handler {
        name: "host.example".to_owned(),
        class: HandlerClass::A,
        sees: HandlerSees::Metadata,
        found_by: "mx".to_owned(),
    };
    vec![
        Evidence::Handler(handler),
        Evidence::Hop(Hop {
            peer: "mx.example.net".to_owned(),
            security: HopSecurity::Authenticated,
            tls: None,
        }),
        Evidence::Encryption(encryption),
        Evidence::Key(standing),
        Evidence::Metadata(MetadataPath::IntraCaliopenSealed),
        Evidence::Peer(peer),
    ]
}

/// A draft that says something, to these people.
pub fn draft(identity: IdentityId, to: Vec<Participant>) -> Draft {
    Draft {
        identity,
        conversation: None,
        answers: None,
        forwards: None,
        to,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: "Choir".to_owned(),
        text: "See you there.".to_owned(),
        html: None,
        files: Vec::new(),
        keep_metadata: false,
        requires_tls: false,
        conflict_of: None,
    }
}

/// Takes messages away, and says what it is told to say: for each host in turn, else that it delivered.
#[derive(Default)]
pub struct Post {
    pub carried: Mutex<Vec<Dispatch>>,
    pub answers: Mutex<HashMap<String, VecDeque<Outcome>>>,
    /// What it expects of every recipient.
    pub outlook: Mutex<Option<Outlook>>,
}

impl Post {
    pub fn answer(&self, destination: &str, outcome: Outcome) {
        self.answers.lock().unwrap().entry(destination.to_owned()).or_default().push_back(outcome);
    }

    pub fn delivered() -> Outcome {
        let (host, security) = ("mx.example.net".to_owned(), HopSecurity::Opportunistic);
        Outcome::Delivered(Delivery { host, security, proof: None, tls: None, certificate: None })
    }

    pub fn trouble(cause: Cause, status: &str) -> Trouble {
        Trouble { cause, host: None, status: status.to_owned(), said: Some("no".to_owned()) }
    }
}

impl Carrier for Post {
    fn protocol(&self) -> Protocol {
        Protocol::Email
    }

    fn outlook<'a>(&'a self, _: &'a Handle) -> BoxFuture<'a, Option<Outlook>> {
        let outlook = self.outlook.lock().unwrap().clone();
        Box::pin(async { outlook })
    }

    fn without_metadata(&self, file: Attachment) -> Attachment {
        Attachment { media_type: format!("{}; clean=yes", file.media_type), ..file }
    }

    fn compose(&self, letter: &Letter) -> Result<Bytes, ComposeError> {
        let list = |people: &[Participant]| {
            people.iter().map(|person| person.handle.address()).collect::<Vec<_>>().join(", ")
        };
        let refs: Vec<&str> = letter.references.iter().map(|id| id.0.as_str()).collect();
        let mut text = format!("From: {}\nId: {}\n", letter.from.handle.address(), letter.id.0);
        for (name, value) in [("To", list(&letter.to)), ("Cc", list(&letter.cc)), ("Refs", refs.join(" "))] {
            if !value.is_empty() {
                text.push_str(&format!("{name}: {value}\n"));
            }
        }
        for file in &letter.attachments {
            text.push_str(&format!("File: {}\n", file.media_type));
        }
        text.push_str(&format!("Subject: {}\n\n{}", letter.subject, letter.text));
        Ok(text.into())
    }

    /// `From: a` and `Sender: b` in the head; nothing is missing.
    fn complete(&self, raw: &[u8], _: &Missing) -> Result<Completed, CompleteError> {
        let text = String::from_utf8_lossy(raw);
        let named = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(person);
        let from = named("From: ").ok_or(CompleteError::From)?.handle;
        let senders = named("Sender: ").map(|sender| sender.handle).into_iter().collect();
        Ok(Completed { raw: Bytes::copy_from_slice(raw), from, senders })
    }

    fn failure(&self, given_up: &GivenUp, _: &Missing) -> Option<Notice> {
        let mut text = "From: daemon@example.org\nAuto: yes\nSubject: Not delivered\n\n".to_owned();
        for (recipient, trouble) in &given_up.recipients {
            text.push_str(&format!("{}: {}\n", recipient.address(), trouble.status));
        }
        let (recipient, protection) = (given_up.sender.clone(), given_up.protection);
        Some(Notice { protocol: Protocol::Email, recipient, raw: text.into(), protection })
    }

    fn destination(&self, recipient: &Handle) -> String {
        recipient.domain().unwrap_or_default()
    }

    fn carry(&self, dispatch: Dispatch) -> BoxFuture<'_, Vec<Outcome>> {
        let destination = self.destination(&dispatch.recipients[0]);
        let answers = &mut *self.answers.lock().unwrap();
        let answers = answers.entry(destination).or_default();
        let outcomes: Vec<Outcome> =
            dispatch.recipients.iter().map(|_| answers.pop_front().unwrap_or_else(Self::delivered)).collect();
        self.carried.lock().unwrap().push(dispatch);
        Box::pin(async { outcomes })
    }
}

/// Everything that a story needs.
pub struct World {
    pub hub: Arc<Hub>,
    pub clock: Arc<StoppedClock>,
    pub post: Arc<Post>,
}

impl World {
    /// A hub for example.org, with alice.
    pub async fn new() -> Self {
        Self::on(Arc::new(MemoryStore::default())).await
    }

    pub async fn on(store: Arc<dyn Store>) -> Self {
        let world = Self::open(store);
        world.hub.add_domain("example.org").await.expect("the domain is added");
        world.add("alice@example.org").await;
        world
    }

    /// A hub on a store that may hold something already.
    pub fn open(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(StoppedClock(AtomicI64::new(1_700_000_000_000)));
        let seed = AtomicU64::new(1);
        let entropy = move |bytes: &mut [u8]| {
            for chunk in bytes.chunks_mut(8) {
                let number =
                    seed.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17);
                let fresh = (number ^ (number >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9).to_le_bytes();
                chunk.iter_mut().zip(fresh).for_each(|(byte, random)| *byte = random);
            }
        };
        let post = Arc::new(Post::default());
        let parts = Parts {
            store,
            node_key: [9; 32],
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(entropy),
            formats: vec![Arc::new(Plain)],
            carriers: vec![Arc::clone(&post) as Arc<dyn Carrier>],
            fetcher: None,
        };
        Self { hub: Arc::new(Hub::new(parts)), clock, post }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Lets the queue work until nothing is in its hands: a paused clock moves only when nobody has anything to do.
    pub async fn work(&self) {
        let (stop, stopped) = watch::channel(false);
        let ended = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            stop.send(true).expect("the queue listens");
        };
        tokio::join!(self.hub.run_queue(stopped), ended);
    }

    pub async fn add(&self, address: &str) {
        let address = EmailAddress::parse(address).expect("an address");
        self.hub.add_account(&address, PASSWORD, Language::English).await.expect("the account is made");
    }

    pub async fn sign_in(&self, address: &str) -> Access {
        let signed_in = self.hub.sign_in(address, PASSWORD, "a test", HERE).await.expect("signs in");
        self.hub
            .unlock(&signed_in.token, &Asking::default())
            .await
            .expect("reads the session")
            .expect("a session")
    }

    /// Delivers a message to these recipients, a second later than the one before.
    pub async fn deliver(&self, recipients: &[&str], text: &str) -> Vec<DeliveryVerdict> {
        self.clock.0.fetch_add(1_000, Ordering::SeqCst);
        self.hub.deliver(self.arrival(recipients, text)).await
    }

    pub fn arrival(&self, recipients: &[&str], text: &str) -> Arrival {
        let handle = |address: &&str| Handle::literal(Protocol::Email, *address);
        Arrival {
            protocol: Protocol::Email,
            envelope: Envelope { reverse_path: None, recipients: recipients.iter().map(handle).collect() },
            channel: Channel {
                origin: Origin::Network,
                peer: None,
                greeting: None,
                security: HopSecurity::Opportunistic,
                tls: None,
            },
            raw: Bytes::from(text.to_owned()),
            received_at: self.clock.now(),
        }
    }

    pub async fn list(&self, access: &Access, place: Place) -> Vec<ConversationView> {
        let filter = ConversationFilter::of(place);
        let start = PageStart::Position(0);
        let page = self.hub.conversation_page(access, &filter, ConversationOrder::Date, start, 500).await;
        let ids = page.expect("lists").expect("a page").ids;
        let found = self.hub.conversations(access, &ids).await.expect("reads");
        found.into_iter().map(|conversation| conversation.expect("is there")).collect()
    }

    pub async fn messages(&self, access: &Access, conversation: &ConversationView) -> Vec<MessageView> {
        let page = self.hub.message_page(access, conversation.id, false, 0, 500).await.expect("lists");
        let found = self.hub.messages(access, &page.ids).await.expect("reads");
        found.into_iter().map(|message| message.expect("is there")).collect()
    }

    pub async fn assert_sound(&self) {
        let findings = self.hub.verify().await.expect("verifies");
        assert_eq!(findings.faults, Vec::<String>::new());
    }
}
