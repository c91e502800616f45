//! What Caliopen checks itself when mail arrives: who sent it, which way it came, and what protected it.
//!
//! Everything here is evidence of our own (docs: the privacy index, honesty rule 1). What a header claims is
//! never read; what could not be finished is unknown, and never a pass.

mod authentication;
mod encryption;
pub mod limits;
mod lookups;
mod one_click;
mod service;
mod signed;

pub(crate) use service::organisational_domain;

pub use crate::resolver::{NameServers, Resolver, ResolverError, ResolverSettings, Validation};

use authentication::{Checks, guarded};
use caliopen_connect::{Arrival, Origin, Verified};
use caliopen_model::{AtRest, AtRestState, Evidence, Hop, HopSecurity, Message, PeerService, Side};
use futures_util::future::join;
use mail_auth::MessageAuthenticator;
use tokio::time::Instant;

/// Checks arriving mail. Cheap to share: the state is the resolver's cache.
pub struct Verifier {
    resolver: Resolver,
    authenticator: MessageAuthenticator,
}

impl Verifier {
    /// A verifier that asks this resolver.
    pub fn new(resolver: Resolver) -> Self {
        let authenticator = MessageAuthenticator(resolver.vendor());
        Self { resolver, authenticator }
    }

    /// Everything that can be found out about how this message came. Takes at most [`limits::DEADLINE`].
    pub async fn verify(&self, arrival: &Arrival, message: &Message) -> Verified {
        let deadline = Instant::now() + limits::DEADLINE;
        let checks = Checks {
            resolver: &self.resolver,
            authenticator: &self.authenticator,
            arrival,
            message,
            deadline,
        };
        let shown_domain = signed::single_domain(message.from.iter().map(|author| author.handle.address()));
        // The peer of a local relay is the relay: its name says nothing of the sender.
        let peer = arrival.channel.peer.filter(|_| arrival.channel.origin == Origin::Network);
        let facts = guarded(deadline, service::facts(&self.resolver, shown_domain.as_deref(), peer));
        let (authenticated, facts) = join(checks.authenticate(), facts).await;
        let facts = facts.unwrap_or_default();

        let mut evidence = vec![
            Evidence::Authentication(authenticated.verdicts),
            Evidence::Hop(hop(arrival, facts.peer_host.as_deref())),
            Evidence::Peer(PeerService::Other),
            Evidence::AtRest(AtRest { side: Side::There, state: AtRestState::Unknown }),
        ];
        if arrival.channel.origin == Origin::Network {
            evidence.push(Evidence::Metadata(service::metadata_path(&facts)));
        }
        evidence.extend(authenticated.one_click.map(|domain| Evidence::OneClickSigned { domain }));
        evidence.extend(encryption::recognise(&arrival.raw, message).map(Evidence::Encryption));
        let services =
            if facts.domain.is_empty() && facts.peer_host.is_none() { vec![] } else { vec![facts] };
        Verified { evidence, services }
    }
}

/// Behind a relay of our own the hop that mattered is unseen, however well the last metre is protected.
fn hop(arrival: &Arrival, peer_host: Option<&str>) -> Hop {
    let channel = &arrival.channel;
    match channel.origin {
        Origin::LocalRelay | Origin::Inside => {
            Hop { peer: "local relay".to_owned(), security: HopSecurity::Unknown, tls: None }
        }
        Origin::Network => Hop {
            peer: peer_host
                .map(str::to_owned)
                .or_else(|| channel.peer.map(|address| address.to_string()))
                .unwrap_or_else(|| "unknown".to_owned()),
            security: channel.security,
            tls: channel.tls.clone(),
        },
    }
}
