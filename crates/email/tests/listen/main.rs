//! Mail comes in over real sockets on loopback, into an inbox that writes down what it is given.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod journal;
mod limits;
mod lmtp;
mod reports;
mod shutdown;
mod smtp;
mod starttls;

use caliopen_email::listen::{ListenConfig, serve_lmtp, serve_smtp};
use caliopen_model::Timestamp;
use caliopen_smtp::Budget;
use journal::Journal;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What all connections of a test may hold.
const BUDGET_BYTES: u64 = 100_000_000;
/// When everything in these tests happens.
const NOW: Timestamp = Timestamp::from_unix_ms(1_790_000_000_000);

/// A listener with its inbox. Dropping it stops it.
struct Host {
    address: SocketAddr,
    journal: Arc<Journal>,
    budget: Arc<Budget>,
    stop: watch::Sender<bool>,
    task: JoinSet<()>,
}

fn network_config(budget: &Arc<Budget>) -> ListenConfig {
    ListenConfig::for_network("mx.here.test", Arc::clone(budget), Arc::new(|| NOW))
}

impl Host {
    /// A host that takes mail from the network.
    async fn smtp(change: impl FnOnce(&mut ListenConfig)) -> Self {
        Self::start(false, change).await
    }

    /// A host that takes mail from a local relay.
    async fn lmtp() -> Self {
        Self::start(true, |_| ()).await
    }

    async fn start(lmtp: bool, change: impl FnOnce(&mut ListenConfig)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let budget = Budget::new(BUDGET_BYTES);
        let journal = Arc::new(Journal::default());
        let (stop, stopped) = watch::channel(false);
        let mut config = network_config(&budget);
        change(&mut config);
        let inbox = Arc::clone(&journal);
        let mut task = JoinSet::new();
        task.spawn(async move {
            if lmtp {
                serve_lmtp(listener, config, inbox, stopped).await.unwrap();
            } else {
                serve_smtp(listener, config, inbox, stopped).await.unwrap();
            }
        });
        Self { address, journal, budget, stop, task }
    }

    async fn connect(&self) -> client::Client {
        client::Client::connect(self.address).await
    }
}
