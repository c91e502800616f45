//! A deliverer, and the hosts of tests that it has routes to.

use crate::journal::Journal;
use caliopen_connect::{Carrier, Dispatch, Protection};
use caliopen_email::deliver::{DeliverConfig, Deliverer, Policy, Route};
use caliopen_email::listen::{ListenConfig, serve_smtp};
use caliopen_email::verify::{NameServers, Resolver, ResolverSettings, Validation};
use caliopen_model::{Cause, EmailAddress, Handle, Outcome, Timestamp, Trouble};
use caliopen_smtp::Budget;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// When everything in these tests happens: 2026-09-21.
pub const NOW: Timestamp = Timestamp::from_unix_ms(1_790_000_000_000);
/// A message that shows what happens to dots and 8-bit text.
pub const MESSAGE: &str = "From: ana@here.test\r\nSubject: Ciao\r\n\r\n.punto\r\n..\r\nperch\u{e9}\r\n";

pub fn handle(address: &str) -> Handle {
    Handle::email(&EmailAddress::parse(address).unwrap())
}

/// A deliverer that asks this name server.
pub fn deliverer_with(
    name_server: SocketAddr,
    validation: Validation,
    change: impl FnOnce(&mut DeliverConfig),
) -> Deliverer {
    let settings = ResolverSettings {
        name_servers: NameServers::Given(vec![name_server]),
        validation,
        query_timeout: Duration::from_millis(500),
    };
    let mut config = DeliverConfig::for_internet("mx.ana.test", Arc::new(|| 0), Arc::new(|| NOW));
    change(&mut config);
    Deliverer::new(config, Resolver::new(&settings).unwrap()).unwrap()
}

/// A deliverer without a DNS, with a route for `here.test`.
pub fn deliverer_to(
    address: SocketAddr,
    policy: Policy,
    change: impl FnOnce(&mut DeliverConfig),
) -> Deliverer {
    deliverer_with("127.0.0.1:9".parse().unwrap(), Validation::Off, |config| {
        let route = Route { host: address.ip().to_string(), port: address.port(), policy };
        config.routes.domains.insert("here.test".to_owned(), route);
        change(config);
    })
}

/// Sends [`MESSAGE`]; one outcome for each recipient.
pub async fn carry(deliverer: &Deliverer, recipients: &[&str]) -> Vec<Outcome> {
    carry_raw(deliverer, recipients, MESSAGE.as_bytes()).await
}

pub async fn carry_raw(deliverer: &Deliverer, recipients: &[&str], raw: &[u8]) -> Vec<Outcome> {
    carry_protected(deliverer, recipients, raw, Protection::AsDemanded).await
}

pub async fn carry_protected(
    deliverer: &Deliverer,
    recipients: &[&str],
    raw: &[u8],
    protection: Protection,
) -> Vec<Outcome> {
    let dispatch = Dispatch {
        reverse_path: Some(handle("ana@ana.test")),
        recipients: recipients.iter().map(|recipient| handle(recipient)).collect(),
        raw: raw.to_vec().into(),
        envelope_id: "e1".to_owned(),
        protection,
    };
    deliverer.carry(dispatch).await
}

/// The only outcome.
pub async fn carry_one(deliverer: &Deliverer, recipient: &str) -> Outcome {
    let mut outcomes = carry(deliverer, &[recipient]).await;
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

pub fn delivered(outcome: &Outcome) -> &caliopen_model::Delivery {
    match outcome {
        Outcome::Delivered(delivery) => delivery,
        other => panic!("not delivered: {other:?}"),
    }
}

pub fn check_deferred(outcome: &Outcome, cause: Cause, status: &str) -> Trouble {
    match outcome {
        Outcome::Deferred(trouble) if trouble.cause == cause && trouble.status == status => trouble.clone(),
        other => panic!("expected a delay, {cause:?} {status}: {other:?}"),
    }
}

pub fn check_failed(outcome: &Outcome, cause: Cause, status: &str) -> Trouble {
    match outcome {
        Outcome::Failed(trouble) if trouble.cause == cause && trouble.status == status => trouble.clone(),
        other => panic!("expected a failure, {cause:?} {status}: {other:?}"),
    }
}

/// A host of ours that takes mail for `here.test`. Dropping it stops it.
pub struct Host {
    pub address: SocketAddr,
    pub journal: Arc<Journal>,
    _stop: watch::Sender<bool>,
    _task: JoinSet<()>,
}

impl Host {
    pub async fn start(change: impl FnOnce(&mut ListenConfig)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let journal = Arc::new(Journal::default());
        let (stop, stopped) = watch::channel(false);
        let mut config =
            ListenConfig::for_network("mx.here.test", Budget::new(100_000_000), Arc::new(|| NOW));
        change(&mut config);
        let inbox = Arc::clone(&journal);
        let mut task = JoinSet::new();
        task.spawn(async move { serve_smtp(listener, config, inbox, stopped).await.unwrap() });
        Self { address, journal, _stop: stop, _task: task }
    }
}
