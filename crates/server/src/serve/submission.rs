//! Where people's other programs hand mail in: TLS from the first byte (RFC 8314), and STARTTLS where it is asked for.
//!
//! Without a certificate nothing is opened: a program sends a password, and must know to whom.

use super::{Door, bind, report, tls};
use crate::supervise::Supervisor;
use anyhow::Result;
use caliopen_connect::Outbox;
use caliopen_email::listen::{ListenConfig, SubmissionTls, serve_submission};
use caliopen_jmap::SubmissionServer;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The port of message submission over TLS (RFC 8314 §7.3).
const SUBMISSIONS_PORT: u16 = 465;

/// The doors that are open.
#[derive(Debug, Clone, Default)]
pub(super) struct Opened {
    /// TLS from the first byte.
    pub(super) implicit: Vec<SocketAddr>,
    /// STARTTLS.
    pub(super) starttls: Vec<SocketAddr>,
}

impl Opened {
    /// What people type into their programs; none when no door is open.
    pub(super) fn server(&self, host: &str) -> Option<SubmissionServer> {
        let port = |doors: &[SocketAddr]| doors.first().map(SocketAddr::port);
        let (port, starttls_port) = (port(&self.implicit), port(&self.starttls));
        (port.is_some() || starttls_port.is_some()).then(|| SubmissionServer {
            host: host.to_owned(),
            port,
            starttls_port,
        })
    }
}

impl Door<'_> {
    pub(super) async fn open_submission(&self, supervisor: &mut Supervisor) -> Result<Opened> {
        let Some(tls) = tls::for_people(&self.config.tls)? else { return Ok(Opened::default()) };
        let mut opened = Opened::default();
        for listener in self.implicit_listeners().await? {
            opened.implicit.push(listener.local_addr()?);
            self.serve_programs(listener, SubmissionTls::Implicit, &tls, supervisor);
        }
        for address in &self.config.submission.starttls {
            let listener = bind(*address, "submission.starttls").await?;
            opened.starttls.push(listener.local_addr()?);
            self.serve_programs(listener, SubmissionTls::Starttls, &tls, supervisor);
        }
        Ok(opened)
    }

    /// What is asked for must work; the usual port is opened where it can be, and the host starts without it.
    async fn implicit_listeners(&self) -> Result<Vec<TcpListener>> {
        let mut listeners = Vec::new();
        if let Some(addresses) = &self.config.submission.listen {
            for address in addresses {
                listeners.push(bind(*address, "submission.listen").await?);
            }
            return Ok(listeners);
        }
        let usual = SocketAddr::new(self.config.http.listen.ip(), SUBMISSIONS_PORT);
        match bind(usual, "submission.listen").await {
            Ok(listener) => listeners.push(listener),
            Err(error) => tracing::warn!(
                error = format!("{error:#}"),
                "programs cannot send; name another address in `submission.listen`, or none"
            ),
        }
        Ok(listeners)
    }

    fn serve_programs(
        &self,
        listener: TcpListener,
        begins: SubmissionTls,
        tls: &Arc<rustls::ServerConfig>,
        supervisor: &mut Supervisor,
    ) {
        let (name, budget) = (self.config.host_name.clone(), Arc::clone(&self.budget));
        let config = ListenConfig {
            tls: Some(Arc::clone(tls)),
            ..ListenConfig::for_submission(name, budget, self.listen_clock())
        };
        let outbox = Arc::clone(&self.hub) as Arc<dyn Outbox>;
        let served = serve_submission(listener, begins, config, outbox, supervisor.stop());
        supervisor.spawn("submission", report("submission", served));
    }
}
