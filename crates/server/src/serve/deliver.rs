//! The way out, as the configuration has it.

use super::tls;
use crate::config::{Config, Way, WayTls};
use crate::time::entropy;
use anyhow::Result;
use caliopen_email::deliver::{DeliverConfig, Deliverer, Policy, Route, Routes, SealedFile};
use caliopen_email::verify::Resolver;
use caliopen_hub::Clock;
use std::sync::Arc;

/// What takes mail away. Connects to nobody yet.
pub(super) fn deliverer(
    config: &Config,
    (policies, tally): (SealedFile, SealedFile),
    resolver: Resolver,
    clock: Arc<dyn Clock>,
) -> Result<Deliverer> {
    let chance = || {
        let mut bytes = [0; 8];
        entropy(&mut bytes);
        u64::from_le_bytes(bytes)
    };
    let domain = |(domain, way): (&String, &Way)| (domain.to_lowercase(), route(way));
    let routes = Routes {
        domains: config.deliver.routes.iter().map(domain).collect(),
        others: config.deliver.smarthost.as_ref().map(route),
    };
    let settings = DeliverConfig::for_internet(
        config.host_name.clone(),
        Arc::new(chance),
        Arc::new(move || clock.now()),
    );
    let places = config.deliver.hosts.iter().map(|(host, address)| (host.clone(), *address)).collect();
    let policy_roots = tls::authorities(config.fetch.authorities.as_deref(), &settings.policy_roots)?;
    let roots = tls::authorities(config.deliver.authorities.as_deref(), &settings.roots)?;
    let (policy_file, tally_file) = (Some(policies), Some(tally));
    let settings = DeliverConfig { routes, places, policy_roots, roots, policy_file, tally_file, ..settings };
    Ok(Deliverer::new(settings, resolver)?)
}

fn route(way: &Way) -> Route {
    let policy = match way.tls {
        WayTls::None => Policy::Clear,
        WayTls::Offered => Policy::Opportunistic,
        WayTls::Required => Policy::Encrypted,
        WayTls::Verified => Policy::Authenticated,
    };
    Route { host: way.host.clone(), port: way.port, policy }
}
