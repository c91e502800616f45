//! The ways to a contact, opened: what its index rests on.

use super::history::{self, IndexOfDay};
use super::ways::{proof, reach};
use crate::Hub;
use crate::access::{Access, Sealed};
use crate::error::HubError;
use crate::keys;
use crate::limits::HISTORY_SHOWN_DAYS;
use crate::records::{EvidenceRecord, HandleRecord, HistoryRecord, SeenRecord, WayRecord, WaysRecord};
use caliopen_model::{AddressProof, ContactId, Evidence, Handle, Reach, Route, Timestamp};
use std::collections::BTreeMap;

/// What the index of a contact rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactWays {
    /// One for each handle, in their order.
    pub routes: Vec<Route>,
    /// When each was looked at last; none while nobody looked.
    pub looked_at: Vec<Option<Timestamp>>,
    /// What the index was, oldest first, of the last 90 days.
    pub history: Vec<IndexOfDay>,
}

impl Hub {
    /// What the indices of contacts rest on; none where there is no such contact.
    pub async fn contact_ways(
        &self,
        access: &Access,
        ids: &[ContactId],
    ) -> Result<Vec<Option<ContactWays>>, HubError> {
        let contacts = self.contacts(access, ids).await?;
        let ways = ids.iter().copied().map(keys::ways).collect();
        let ways: Vec<Option<WaysRecord>> = access.rows(&self.core, ways).await?;
        let days = ids.iter().copied().map(keys::history_of_contact).collect();
        let days: Vec<Option<HistoryRecord>> = access.rows(&self.core, days).await?;
        let sealed =
            ways.iter().flatten().flat_map(|record| &record.ways).filter_map(|way| way.seen.as_ref());
        access.open_epochs(&self.core, sealed.map(|seen| seen.evidence.as_slice())).await?;
        let mut found = Vec::with_capacity(ids.len());
        for ((contact, ways), days) in contacts.into_iter().zip(ways).zip(days) {
            found.push(match contact {
                Some(contact) => {
                    let ways = ways.unwrap_or_default();
                    Some(self.open_ways(access, &contact.handles, ways, days.unwrap_or_default()).await?)
                }
                None => None,
            });
        }
        Ok(found)
    }

    async fn open_ways(
        &self,
        access: &Access,
        handles: &[Handle],
        ways: WaysRecord,
        days: HistoryRecord,
    ) -> Result<ContactWays, HubError> {
        let blinds: Vec<keys::Blind> = handles
            .iter()
            .map(|handle| access.blind.index("handle", handle.canonical().as_bytes()))
            .collect();
        let rows = blinds.iter().map(keys::handle).collect();
        let known: Vec<Option<HandleRecord>> = access.rows(&self.core, rows).await?;
        let by_handle: BTreeMap<keys::Blind, WayRecord> =
            ways.ways.into_iter().map(|way| (way.handle, way)).collect();
        let (mut routes, mut looked_at) = (Vec::new(), Vec::new());
        for ((handle, blind), known) in handles.iter().zip(&blinds).zip(known) {
            let way = by_handle.get(blind);
            let evidence = match way.and_then(|way| way.seen.as_ref()) {
                Some(seen) => open_evidence(access, blind, seen)?,
                None => Vec::new(),
            };
            looked_at
                .push(way.and_then(|way| way.seen.as_ref()).map(|seen| Timestamp::from_unix_ms(seen.at)));
            routes.push(Route {
                handle: handle.clone(),
                reach: way.map_or(Reach::NotSeen, reach),
                proof: known.map_or(AddressProof::Written, |known| proof(known.proven)),
                evidence,
            });
        }
        let first = history::day_of(self.core.clock.now()).saturating_sub(HISTORY_SHOWN_DAYS);
        Ok(ContactWays { routes, looked_at, history: history::since(&days, first) })
    }
}

/// What a look at a way showed. Its epoch is open.
pub(super) fn open_evidence(
    access: &Access,
    blind: &keys::Blind,
    seen: &SeenRecord,
) -> Result<Vec<Evidence>, HubError> {
    let sealed = Sealed { kind: "way", key: blind, bytes: &seen.evidence };
    let records: Vec<EvidenceRecord> = access.open(&sealed)?;
    Ok(records.into_iter().map(|record| record.0).collect())
}
