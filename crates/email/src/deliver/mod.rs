//! Where Internet mail leaves: to the hosts of the recipients' domains (RFC 5321 §5), signed (RFC 6376).
//!
//! [`Deliverer`] tries once and says what became of each recipient; when to try again is for the queue. It
//! remembers what saves time and nothing that must not be lost: idle connections, and who does not answer.
//! The protocol itself is in `caliopen-smtp`.

mod carry;
mod certificate;
mod channel;
mod connection;
mod dane;
mod demand;
pub mod dkim;
pub mod limits;
mod mta_sts;
mod notes;
mod outcomes;
mod outlook;
mod pool;
mod sealed;
mod targets;
mod telling;

pub use caliopen_smtp::client::Timeouts;
pub use channel::Policy;
pub use notes::{Failure, Note, NoteTaker, PolicyKind};
pub use sealed::SealedFile;
pub use targets::{Route, Routes};

use crate::failures;
use crate::listen::{Clock, ConfigError};
use crate::verify::Resolver;
use bytes::Bytes;
use caliopen_connect::{
    Carrier, CompleteError, Completed, ComposeError, Dispatch, GivenUp, Missing, Notice, Outlook,
};
use caliopen_egress::{Egress, EgressConfig, Places};
use caliopen_mime::{Stripped, SubmittedError};
use caliopen_model::{Attachment, Handle, Letter, Outcome, Protocol};
use caliopen_smtp::{client, stop_asked};
use channel::Tls;
use connection::Line;
use dkim::Keys;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use limits::{IDLE_TIME_MAX, TELLING_DELAY_MS_MAX};
use mta_sts::{Policies, Source};
use outlook::Outlooks;
use pool::Pool;
use rustls::RootCertStore;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use telling::Tally;
use tokio::sync::watch;
use tokio::time::sleep;

/// The caller's chance: any number, each as likely as the others.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// How mail is delivered.
#[derive(Clone)]
pub struct DeliverConfig {
    /// The host's own name, for EHLO.
    pub host_name: String,
    /// The ways that are configured.
    pub routes: Routes,
    /// How long a peer may take.
    pub timeouts: Timeouts,
    /// The protocol's bounds.
    pub limits: client::Limits,
    /// Who is believed about certificates.
    pub roots: Arc<RootCertStore>,
    /// Decides between hosts of the same preference.
    pub chance: Chance,
    /// The time.
    pub clock: Clock,
    /// Hosts that the configuration has the addresses of.
    pub places: Places,
    /// Who is believed about certificates of hosts that give policies of MTA-STS.
    pub policy_roots: Arc<RootCertStore>,
    /// How long a message waits for the policy of its domain.
    pub policy_time_max: Duration,
    /// Where policies survive a restart; nowhere when none.
    pub policy_file: Option<SealedFile>,
    /// Where what is to be told of encryption survives a restart (RFC 8460); nowhere when none.
    pub tally_file: Option<SealedFile>,
    /// Takes notes of what policies of other domains kept back.
    pub notes: NoteTaker,
}

impl DeliverConfig {
    /// To hosts of the Internet, with the authorities that browsers know.
    pub fn for_internet(host_name: impl Into<String>, chance: Chance, clock: Clock) -> Self {
        let roots: Arc<RootCertStore> = Arc::new(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect());
        Self {
            host_name: host_name.into(),
            routes: Routes::default(),
            timeouts: Timeouts::default(),
            limits: client::Limits::default(),
            policy_roots: Arc::clone(&roots),
            roots,
            chance,
            clock,
            places: Places::default(),
            policy_time_max: limits::POLICY_FETCH_TIME_MAX,
            policy_file: None,
            tally_file: None,
            notes: notes::logged(),
        }
    }
}

/// Why mail cannot be delivered at all. For the person who configures the host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliverError {
    /// The host's name is none.
    #[error(transparent)]
    HostName(#[from] ConfigError),
    /// TLS does not start.
    #[error("TLS cannot start: {0}")]
    Tls(String),
}

/// Takes messages to the hosts of their recipients.
pub struct Deliverer {
    resolver: Resolver,
    routes: Routes,
    host_name: String,
    line: Line,
    pool: Pool,
    keys: RwLock<HashMap<String, Arc<Keys>>>,
    chance: Chance,
    clock: Clock,
    places: Places,
    policies: Policies,
    outlooks: Outlooks,
    notes: NoteTaker,
    tally: Arc<Tally>,
    /// How long after midnight other domains are told: not every host of the world at once (RFC 8460 §4.1).
    telling_delay_ms: i64,
    egress: Egress,
}

impl Deliverer {
    /// A deliverer that asks this resolver. Connects to nobody yet.
    ///
    /// # Errors
    ///
    /// When the configuration cannot work.
    pub fn new(config: DeliverConfig, resolver: Resolver) -> Result<Self, DeliverError> {
        let tls = Tls::new(config.roots, Arc::clone(&config.clock))
            .map_err(|error| DeliverError::Tls(error.to_string()))?;
        let client = Arc::new(client::Config::new(&config.host_name, config.limits)?);
        let egress = Egress::new(EgressConfig {
            roots: config.policy_roots,
            lookup: resolver.for_egress(),
            places: config.places.clone(),
        })
        .map_err(DeliverError::Tls)?;
        let source =
            Source { resolver: resolver.clone(), egress: egress.clone(), time_max: config.policy_time_max };
        let tally = Arc::new(Tally::new(config.tally_file));
        let notes = counted(config.notes, Arc::clone(&tally), Arc::clone(&config.clock));
        let telling_delay_ms = i64::try_from((config.chance)() % TELLING_DELAY_MS_MAX).unwrap_or_default();
        let (clock, taker) = (Arc::clone(&config.clock), Arc::clone(&notes));
        let policies = Policies::new(source, config.policy_file, clock, taker);
        Ok(Self {
            resolver,
            routes: config.routes,
            host_name: config.host_name,
            line: Line { client, timeouts: config.timeouts, tls },
            pool: Pool::default(),
            keys: RwLock::default(),
            chance: config.chance,
            clock: config.clock,
            places: config.places,
            policies,
            outlooks: Outlooks::default(),
            notes,
            tally,
            telling_delay_ms,
            egress,
        })
    }

    /// What fetches policies: the host's one egress client, for whatever else a message wants.
    pub fn egress(&self) -> Egress {
        self.egress.clone()
    }

    /// Signs the mail of a domain with these keys from now on.
    pub fn set_keys(&self, keys: Keys) {
        let mut known = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(keys.domain().to_owned(), Arc::new(keys));
    }

    /// Leaves idle connections in time, until `shutdown` turns true or its sender is gone; then all of them.
    pub async fn tend(&self, mut shutdown: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = stop_asked(&mut shutdown) => break,
                () = sleep(IDLE_TIME_MAX / 4) => self.leave_idle(IDLE_TIME_MAX).await,
            }
        }
        self.leave_idle(Duration::ZERO).await;
    }

    async fn leave_idle(&self, at_least: Duration) {
        let idle = self.pool.idle_since(at_least);
        join_all(idle.into_iter().map(|connection| connection.quit(&self.line.timeouts))).await;
    }

    /// The signatures that go before a message of this domain; none when it has no keys.
    fn signatures(&self, domain: &str, raw: &[u8]) -> Vec<u8> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let keys = known.get(&*mail_auth::common::to_a_label(domain)).map(Arc::clone);
        drop(known);
        keys.map(|keys| dkim::sign(raw, &keys, (self.clock)())).unwrap_or_default()
    }
}

/// Takes each note, and counts it for whom it is about.
fn counted(taker: NoteTaker, tally: Arc<Tally>, clock: Clock) -> NoteTaker {
    Arc::new(move |note| {
        tally.failed(note, (clock)());
        (taker)(note);
    })
}

impl Carrier for Deliverer {
    fn protocol(&self) -> Protocol {
        Protocol::Email
    }

    fn without_metadata(&self, file: Attachment) -> Attachment {
        match caliopen_mime::strip_metadata(&file.media_type, &file.content) {
            Stripped::Removed(content) => Attachment { content, ..file },
            Stripped::Clean | Stripped::Malformed | Stripped::Unknown => file,
        }
    }

    fn compose(&self, letter: &Letter) -> Result<Bytes, ComposeError> {
        let message = caliopen_mime::build(letter).map_err(|error| match error {
            caliopen_mime::BuildError::Address => ComposeError::Address,
            caliopen_mime::BuildError::TooLarge => {
                ComposeError::TooLarge(caliopen_mime::limits::MESSAGE_BYTES_MAX)
            }
        })?;
        Ok(self.sign(&letter.from.handle, message.into()))
    }

    fn complete(&self, raw: &[u8], missing: &Missing) -> Result<Completed, CompleteError> {
        let done =
            caliopen_mime::complete(raw, &missing.id_left, missing.sent_at).map_err(|error| match error {
                SubmittedError::From => CompleteError::From,
                SubmittedError::Sender => CompleteError::Sender,
                SubmittedError::Header => CompleteError::Unreadable,
            })?;
        Ok(Completed { raw: done.raw.into(), from: done.from.handle, senders: done.senders })
    }

    fn sign(&self, from: &Handle, raw: Bytes) -> Bytes {
        let mut signed = self.signatures(&from.domain().unwrap_or_default(), &raw);
        signed.extend_from_slice(&raw);
        signed.into()
    }

    fn failure(&self, given_up: &GivenUp, missing: &Missing) -> Option<Notice> {
        let mut chance = [0; 32];
        for part in chance.chunks_mut(8) {
            part.copy_from_slice(&(self.chance)().to_be_bytes());
        }
        failures::notice(&self.host_name, given_up, missing, chance)
    }

    fn destination(&self, recipient: &Handle) -> String {
        let domain = recipient.domain().unwrap_or_default();
        mail_auth::common::to_a_label(domain.trim_end_matches('.')).into_owned()
    }

    fn outlook<'a>(&'a self, recipient: &'a Handle) -> BoxFuture<'a, Option<Outlook>> {
        self.look_ahead(recipient).boxed()
    }

    fn carry(&self, dispatch: Dispatch) -> BoxFuture<'_, Vec<Outcome>> {
        self.attempt(dispatch).boxed()
    }
}
