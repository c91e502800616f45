//! Where a name is: as the configuration says, else where the DNS says, as far as that is in the public Internet.

use crate::is_public;
use crate::limits::ADDRESSES_MAX;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Looks the addresses of a host up; none when nobody knows.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, Option<Vec<IpAddr>>> + Send + Sync>;

/// Hosts by name, in lower case and A-labels, that are reached at the address of the configuration and no other. It is
/// believed: it may be in a private network. Empty as a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places(BTreeMap<String, SocketAddr>);

impl Places {
    /// Where a host is, when the configuration says so.
    pub fn of(&self, host: &str) -> Option<SocketAddr> {
        self.0.get(&host.to_ascii_lowercase()).copied()
    }
}

impl FromIterator<(String, SocketAddr)> for Places {
    fn from_iter<T: IntoIterator<Item = (String, SocketAddr)>>(hosts: T) -> Self {
        Self(hosts.into_iter().map(|(host, address)| (host.to_ascii_lowercase(), address)).collect())
    }
}

/// The host has addresses, and none is in the public Internet.
#[derive(Debug, thiserror::Error)]
#[error("no public address")]
pub(crate) struct NotPublic;

/// Nobody knows where the host is.
#[derive(Debug, thiserror::Error)]
#[error("no address")]
struct NoAddress;

/// Decides which addresses are connected to. What it gives is what is connected to: nothing looks up again.
pub(crate) struct Guard {
    lookup: Lookup,
    places: Places,
}

impl Guard {
    pub(crate) fn new(lookup: Lookup, places: Places) -> Self {
        Self { lookup, places }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let (place, found) = (self.places.of(&host), (self.lookup)(host));
        Box::pin(async move {
            if let Some(place) = place {
                return Ok(Box::new(std::iter::once(place)) as Addrs);
            }
            let found = found.await.filter(|found| !found.is_empty()).ok_or(NoAddress)?;
            let public: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| is_public(*address))
                .take(ADDRESSES_MAX)
                // Port 0: that of the URL.
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if public.is_empty() { Err(NotPublic.into()) } else { Ok(Box::new(public.into_iter()) as Addrs) }
        })
    }
}
