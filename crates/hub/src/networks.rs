//! The networks that a person is on: known as theirs, open to everybody, or behind a tunnel, when they said so.
//!
//! A network is found by a blind index of the beginning of the address that a request comes from, so that the store does
//! not say where a person was. What nobody said anything of leaves no row.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys;
use crate::limits::NETWORKS_MAX;
use crate::owner::Plan;
use crate::records::NetworkRecord;
use caliopen_model::{Basis, DeviceEvidence, Network};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Bytes of an address that name its network: what a household or a company gets from its provider.
const V4_BYTES: usize = 3;
const V6_BYTES: usize = 6;

impl Hub {
    /// The network that a request comes from. `None`: it is not known where from.
    pub(crate) async fn network(&self, access: &Access) -> Result<Option<Network>, HubError> {
        let Some(key) = key_of(access) else { return Ok(None) };
        let record: Option<NetworkRecord> = access.row(&self.core, key).await?;
        Ok(Some(record.map_or(Network::Unknown, |record| record.network.into())))
    }

    /// Remembers what a person says of the network that they are on. `Unknown` forgets it.
    pub(crate) async fn put_network(
        &self,
        plan: &mut Plan<'_>,
        access: &Access,
        network: Network,
    ) -> Result<(), HubError> {
        let Some(key) = key_of(access) else { return Ok(()) };
        if network == Network::Unknown {
            plan.delete(key);
            return Ok(());
        }
        let rows = self.core.scan_all(access.partition(), keys::networks()).await?;
        if rows.len() >= NETWORKS_MAX && rows.iter().all(|(other, _)| *other != key) {
            // Any of them: what it was can be said again.
            if let Some((other, _)) = rows.into_iter().next() {
                plan.delete(other);
            }
        }
        plan.put(key, &NetworkRecord { network: network.into() });
        Ok(())
    }
}

/// An address of this machine or of the host's own network: that of a proxy in front of us, who is no network of
/// anybody's.
const fn is_inside_v4(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified()
}

const fn is_inside_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_unspecified()
}

/// What the index of a device takes from its network: what is recognised was seen by us, the rest is somebody's word.
pub(crate) fn evidence(network: Network) -> DeviceEvidence {
    let basis = match network {
        Network::Known | Network::Unknown => Basis::Measured,
        Network::Open | Network::Tunnel => Basis::Declared,
    };
    DeviceEvidence::Network(network, basis)
}

fn key_of(access: &Access) -> Option<bytes::Bytes> {
    let prefix = match access.from?.to_canonical() {
        IpAddr::V4(address) if !is_inside_v4(address) => address.octets().get(..V4_BYTES)?.to_vec(),
        IpAddr::V6(address) if !is_inside_v6(address) => address.octets().get(..V6_BYTES)?.to_vec(),
        _ => return None,
    };
    Some(keys::network(&access.blind.index("network", &prefix)))
}
