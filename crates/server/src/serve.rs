//! Starts the server: opens the store, binds every socket, then serves until it is asked to stop.

mod assets;
mod deliver;
mod fetching;
mod http;
mod submission;
mod telling;
mod tls;

use crate::config::{Config, Dns};
use crate::control;
use crate::folder::{DataFolder, Opened};
use crate::signing::{KeyFolder, Signing};
use crate::supervise::Supervisor;
use crate::time::entropy;
use anyhow::{Context, Result};
use caliopen_connect::{Carrier, Format, Inbox};
use caliopen_email::EmailFormat;
use caliopen_email::listen::{ListenConfig, Reporting, serve_lmtp, serve_lmtp_unix, serve_smtp};
use caliopen_email::verify::{NameServers, Resolver, ResolverSettings, Validation};
use caliopen_hub::{Clock, Fetcher, Hub};
use caliopen_jmap::{Api, Limits};
use caliopen_smtp::Budget;
use caliopen_store_embedded::EmbeddedStore;
use fetching::Fetching;
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;

/// Bytes of messages that are held in memory at a time, over all connections.
const MESSAGE_BYTES_HELD_MAX: u64 = 192 * 1024 * 1024;
/// How often bins are emptied of what is due.
const PURGE_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
/// How often the store is asked whether it still writes.
const STORE_CHECK_EVERY: Duration = Duration::from_secs(1);

/// A server that accepts connections.
pub struct Running {
    /// The use cases, for whoever started it in the same process.
    pub hub: Arc<Hub>,
    /// Where the web application is.
    pub http: SocketAddr,
    /// Where mail from the network comes in.
    pub smtp: Vec<SocketAddr>,
    /// Where mail from a relay comes in.
    pub lmtp: Vec<SocketAddr>,
    /// Where people's other programs hand mail in, in TLS from the first byte.
    pub submission: Vec<SocketAddr>,
    /// The same, in TLS after STARTTLS.
    pub submission_starttls: Vec<SocketAddr>,
    /// What to open in a browser: with the one-time token while nobody has an account.
    pub url: String,
    supervisor: Supervisor,
}

impl Running {
    /// Serves until `asked` resolves. True when it ended because of that, false when a task failed.
    pub async fn run_until(self, asked: impl Future<Output = ()>) -> bool {
        self.supervisor.run(asked).await
    }
}

/// Opens the store and binds every socket. Connections are served once [`Running::run_until`] is awaited.
pub async fn start(config: &Config, data: &Path, clock: Arc<dyn Clock>) -> Result<Running> {
    // A second provider in the process would be a mistake of the build: the first one stays.
    let _was_first = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let folder = DataFolder::at(data);
    let resolver = resolver(&config.dns)?;
    let files = (folder.policies()?, folder.tally()?);
    let deliverer = Arc::new(deliver::deliverer(config, files, resolver.clone(), Arc::clone(&clock))?);
    let reporting = Reporting::new(config.host_name.clone(), resolver.clone(), Arc::new(entropy));
    let reporting = Arc::new(reporting);
    let format: Arc<dyn Format> = Arc::new(EmailFormat::new(resolver));
    let signing: Arc<dyn Carrier> =
        Arc::new(Signing::new(Arc::clone(&deliverer), KeyFolder::at(&folder.keys())));
    let carriers: Vec<Arc<dyn Carrier>> = vec![Arc::clone(&signing)];
    let fetcher: Arc<dyn Fetcher> = Arc::new(Fetching(deliverer.egress()));
    let opened = folder.open_hub(Arc::clone(&clock), vec![format], carriers, Some(fetcher)).await?;
    let Opened { hub, store } = opened;
    config.tell(&hub);
    let mut supervisor = Supervisor::new();
    let stop = supervisor.stop();
    let teller = Arc::clone(&deliverer);
    supervisor.spawn("delivery", async move { deliverer.tend(stop).await });
    let inbox = Arc::clone(&hub);
    let is_wanted = config.deliver.tls_reports;
    supervisor.spawn("telling", telling::tell_domains(teller, signing, inbox, is_wanted, supervisor.stop()));
    let mail_tls = tls::for_mail(&config.tls, &folder.keys(), &config.host_name)?;
    let budget = Budget::new(MESSAGE_BYTES_HELD_MAX);
    let door = Door { config, clock, mail_tls, reporting, hub: Arc::clone(&hub), budget };
    let smtp = door.open_smtp(&mut supervisor).await?;
    let lmtp = door.open_lmtp(&mut supervisor).await?;
    let submission = door.open_submission(&mut supervisor).await?;
    let (http, url) = door.open_http(&submission, &mut supervisor).await?;
    let control = control::listen(&folder.control_socket())?;
    supervisor.spawn("control", control::serve(control, Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("news", end_news(Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("queue", work_on_queue(Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("search", keep_indexed(Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("reminders", remind(Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("own domains", watch_domains(Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("purge", purge(Arc::clone(&hub), supervisor.stop()));
    supervisor.spawn("store", watch_store(store, supervisor.stop()));
    let submission::Opened { implicit: submission, starttls: submission_starttls } = submission;
    Ok(Running { hub, http, smtp, lmtp, submission, submission_starttls, url, supervisor })
}

pub(crate) fn resolver(dns: &Dns) -> Result<Resolver> {
    let extra_anchors = match &dns.trust_anchors {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?
        }
        None => String::new(),
    };
    let settings = ResolverSettings {
        name_servers: match dns.servers.is_empty() {
            true => NameServers::System,
            false => NameServers::Given(dns.servers.clone()),
        },
        validation: if dns.dnssec { Validation::Dnssec { extra_anchors } } else { Validation::Off },
        ..ResolverSettings::default()
    };
    Ok(Resolver::new(&settings)?)
}

/// What every listener needs.
struct Door<'a> {
    config: &'a Config,
    clock: Arc<dyn Clock>,
    mail_tls: Arc<rustls::ServerConfig>,
    reporting: Arc<Reporting>,
    hub: Arc<Hub>,
    budget: Arc<Budget>,
}

impl Door<'_> {
    fn listen_clock(&self) -> caliopen_email::listen::Clock {
        let clock = Arc::clone(&self.clock);
        Arc::new(move || clock.now())
    }

    fn listen_config(&self, for_relay: bool) -> ListenConfig {
        let clock = self.listen_clock();
        let (name, budget) = (self.config.host_name.clone(), Arc::clone(&self.budget));
        if for_relay {
            ListenConfig::for_relay(name, budget, clock)
        } else {
            ListenConfig {
                tls: Some(Arc::clone(&self.mail_tls)),
                reporting: Some(Arc::clone(&self.reporting)),
                ..ListenConfig::for_network(name, budget, clock)
            }
        }
    }

    fn inbox(&self) -> Arc<dyn Inbox> {
        Arc::clone(&self.hub) as Arc<dyn Inbox>
    }

    async fn open_smtp(&self, supervisor: &mut Supervisor) -> Result<Vec<SocketAddr>> {
        let mut bound = Vec::new();
        for address in &self.config.smtp.listen {
            let listener = bind(*address, "smtp.listen").await?;
            bound.push(listener.local_addr()?);
            let served = serve_smtp(listener, self.listen_config(false), self.inbox(), supervisor.stop());
            supervisor.spawn("smtp", report("smtp", served));
        }
        Ok(bound)
    }

    async fn open_lmtp(&self, supervisor: &mut Supervisor) -> Result<Vec<SocketAddr>> {
        let mut bound = Vec::new();
        for address in &self.config.lmtp.listen {
            let listener = bind(*address, "lmtp.listen").await?;
            bound.push(listener.local_addr()?);
            let served = serve_lmtp(listener, self.listen_config(true), self.inbox(), supervisor.stop());
            supervisor.spawn("lmtp", report("lmtp", served));
        }
        for path in &self.config.lmtp.sockets {
            let _nothing_there = std::fs::remove_file(path);
            let listener = UnixListener::bind(path)
                .with_context(|| format!("`lmtp.sockets`: {} cannot be made", path.display()))?;
            let served = serve_lmtp_unix(listener, self.listen_config(true), self.inbox(), supervisor.stop());
            supervisor.spawn("lmtp", report("lmtp", served));
        }
        Ok(bound)
    }

    async fn open_http(
        &self,
        programs: &submission::Opened,
        supervisor: &mut Supervisor,
    ) -> Result<(SocketAddr, String)> {
        let listener = bind(self.config.http.listen, "http.listen").await?;
        let address = listener.local_addr()?;
        let tls = tls::for_web(&self.config.tls)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = self.config.http.public_url.clone();
        let base = public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        let token = self.hub.begin_first_start().await?;
        let url = match token {
            Some(token) => format!("{base}/#first-start={}", token.as_str()),
            None => base,
        };
        let api = Api {
            hub: Arc::clone(&self.hub),
            limits: Limits::default(),
            public_url: public_url.unwrap_or_default(),
            submission: programs.server(&self.config.host_name),
        };
        let router = caliopen_jmap::router(api).fallback(assets::serve);
        supervisor.spawn("http", http::serve(listener, tls, router, supervisor.stop()));
        Ok((address, url))
    }
}

async fn bind(address: SocketAddr, key: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("`{key}`: {address} cannot be listened on"))
}

async fn report<E: std::fmt::Display>(name: &'static str, served: impl Future<Output = Result<(), E>>) {
    if let Err(error) = served.await {
        tracing::error!(listener = name, %error, "a listener cannot start");
    }
}

/// Ends the streams of events at the stop: they go on for as long as a page is open, and requests are waited for.
async fn end_news(hub: Arc<Hub>, mut stop: watch::Receiver<bool>) {
    stop_asked(&mut stop).await;
    hub.end_watches();
}

/// Sends what waits.
async fn work_on_queue(hub: Arc<Hub>, stop: watch::Receiver<bool>) {
    hub.run_queue(stop).await;
}

/// Indexes what arrives, for whoever has the application open.
async fn keep_indexed(hub: Arc<Hub>, stop: watch::Receiver<bool>) {
    hub.run_indexing(stop).await;
}

/// Brings back what was snoozed.
async fn remind(hub: Arc<Hub>, stop: watch::Receiver<bool>) {
    hub.run_reminders(stop).await;
}

/// Looks at the host's own domains as others see them.
async fn watch_domains(hub: Arc<Hub>, stop: watch::Receiver<bool>) {
    hub.run_own_domains(stop).await;
}

/// Empties bins of what has been in them for 30 days.
async fn purge(hub: Arc<Hub>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stop_asked(&mut stop) => return,
            () = tokio::time::sleep(PURGE_EVERY) => {
                if let Err(error) = hub.purge_bins().await {
                    tracing::error!(%error, "the bins could not be emptied");
                }
            }
        }
    }
}

/// Ends when the store cannot write any more: what a failed fsync lost is not known, so that the process starts anew.
async fn watch_store(store: Arc<EmbeddedStore>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stop_asked(&mut stop) => return,
            () = tokio::time::sleep(STORE_CHECK_EVERY) => {
                if let Some(failure) = store.failure() {
                    tracing::error!(failure, "the store does not write any more");
                    return;
                }
            }
        }
    }
}

/// Resolves when everything is to stop.
pub(crate) async fn stop_asked(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone asks for the same.
    let _stopped = stop.wait_for(|asked| *asked).await;
}
