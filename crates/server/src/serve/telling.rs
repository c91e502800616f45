//! Telling other domains once a day how encryption with them went (RFC 8460).

use crate::serve::stop_asked;
use caliopen_connect::Carrier;
use caliopen_email::deliver::Deliverer;
use caliopen_hub::Hub;
use caliopen_model::{EmailAddress, Handle};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// From one look to the next: what a crash may lose of the counts.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);

/// Looks now and then whether there is something to tell, until it is asked to stop.
pub(super) async fn tell_domains(
    deliverer: Arc<Deliverer>,
    signer: Arc<dyn Carrier>,
    hub: Arc<Hub>,
    is_wanted: bool,
    mut stop: watch::Receiver<bool>,
) {
    if !is_wanted {
        return stop_asked(&mut stop).await;
    }
    loop {
        let told = async {
            if let Some(author) = author(&hub).await {
                deliverer.tell_domains(&author, &*signer, &*hub).await;
            }
            deliverer.keep_tally().await;
            tokio::time::sleep(LOOK_EVERY).await;
        };
        tokio::select! {
            () = stop_asked(&mut stop) => break,
            () = told => {}
        }
    }
    deliverer.keep_tally().await;
}

/// Who answers for a report: the postmaster of this host's first domain, whose mail is signed (RFC 8460 §3).
async fn author(hub: &Hub) -> Option<Handle> {
    let domains = hub.domains().await.unwrap_or_default();
    let address = EmailAddress::parse(&format!("postmaster@{}", domains.first()?)).ok()?;
    Some(Handle::email(&address))
}
