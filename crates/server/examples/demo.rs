//! Fills a data folder with the demo's year of mail: the very server of the binary, in this process, with a clock that
//! stands at the time of each message while it comes in by SMTP. `cargo xtask run --demo` runs this before it starts
//! the server on the same folder.

use anyhow::{Context, Result, ensure};
use caliopen_hub::{Asking, Clock, ConversationFilter, ConversationOrder, ConversationPatch, Hub, PageStart};
use caliopen_model::{Place, Timestamp};
use caliopen_server::{Config, SystemClock, start};
use caliopen_testkit::sample::{deliver, sample};
use clap::Parser;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::oneshot;

/// Conversations that stay unread.
const STILL_UNREAD: u64 = 5;

#[derive(Debug, Parser)]
struct Arguments {
    /// A data folder in which the accounts of the sample exist.
    #[arg(long)]
    data: PathBuf,
    /// The configuration whose name servers know the sample's world.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The domain of the accounts.
    #[arg(long)]
    domain: String,
    /// Their password.
    #[arg(long)]
    password: String,
}

/// A clock that is moved by hand.
#[derive(Debug, Default)]
struct MovedClock(AtomicI64);

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut config = arguments.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    config.http.listen.set_port(0);
    config.smtp.listen.iter_mut().for_each(|address| address.set_port(0));
    let now = SystemClock.now().unix_ms();
    let samples = sample(&arguments.domain, now)?;
    let clock = Arc::new(MovedClock::default());
    let running = start(&config, &arguments.data, Arc::clone(&clock) as Arc<dyn Clock>).await?;
    let smtp = *running.smtp.first().context("the server listens nowhere for mail")?;
    let running_hub = Arc::clone(&running.hub);
    let (finished, asked) = oneshot::channel::<()>();
    let served = running.run_until(async {
        // Sent, or dropped because the delivery failed: both are the end.
        let _ = asked.await;
    });
    let delivered = async {
        let delivered = deliver(&samples, smtp, |sent_at| {
            clock.0.store(sent_at, Ordering::SeqCst);
            Ok(())
        })
        .await;
        drop(finished);
        delivered
    };
    let hub = Arc::clone(&running_hub);
    let (was_asked, delivered) = tokio::join!(served, delivered);
    ensure!(was_asked, "the server ended before the sample was delivered");
    println!("{} messages delivered", delivered?);
    clock.0.store(now, Ordering::SeqCst);
    for name in ["alice", "bob"] {
        read_the_past(&hub, &format!("{name}@{}", arguments.domain), &arguments.password).await?;
    }
    Ok(())
}

/// Leaves the newest conversations unread, as somebody does who reads their mail.
async fn read_the_past(hub: &Hub, address: &str, password: &str) -> Result<()> {
    let here = IpAddr::from([127, 0, 0, 1]);
    let signed_in = hub.sign_in(address, password, "the demo", here).await?;
    let access =
        hub.unlock(&signed_in.token, &Asking::default()).await?.ok().context("the session is not one")?;
    let inbox = ConversationFilter { unread: true, ..ConversationFilter::of(Place::Inbox) };
    let start = PageStart::Position(STILL_UNREAD);
    let page = hub.conversation_page(&access, &inbox, ConversationOrder::Date, start, 500).await?;
    let read = ConversationPatch { unread: Some(false), ..ConversationPatch::default() };
    for id in page.context("the inbox is a list")?.ids {
        hub.update_conversation(&access, id, &read).await?;
    }
    Ok(hub.sign_out(&access).await?)
}
