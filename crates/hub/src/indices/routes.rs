//! The routes that the user has: the ways that messages to their contacts would take now, those that are alike together,
//! ranked. Read from what was found of each contact, within a limit: nothing is counted along the way that could drift.

use super::contact::open_evidence;
use super::ways::{of_way, taken};
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::keys;
use crate::limits::{ROUTE_CONTACTS_NAMED_MAX, ROUTES_CONTACTS_MAX};
use crate::records::{ContactRecord, SeenRecord, WayRecord, WaysRecord, read};
use caliopen_model::{ContactId, Evidence, PrivacyIndex};
use caliopen_privacy::route::{Kind, advertiser, kind};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The routes, the most private first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routes {
    /// Each with who is reached by it.
    pub routes: Vec<RouteView>,
    /// Contacts that were looked at, those whom nothing would reach among them.
    pub counted: usize,
    /// Contacts whom nothing would reach.
    pub not_reached: usize,
    /// All contacts of whom something is known were counted.
    pub is_complete: bool,
}

/// Ways that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteView {
    /// What kind of ways.
    pub kind: Kind,
    /// The service that reads along, where that is what makes them alike.
    pub service: Option<String>,
    /// How many contacts are reached by it.
    pub contacts: usize,
    /// Some of them, the most private first.
    pub named: Vec<ContactId>,
    /// The least and the most private of them.
    pub lowest: PrivacyIndex,
    #[expect(missing_docs, reason = "said above")]
    pub highest: PrivacyIndex,
    /// What the lowest rests on.
    pub evidence: Vec<Evidence>,
}

/// The way to one contact, opened.
struct Taken {
    contact: ContactId,
    index: PrivacyIndex,
    evidence: Vec<Evidence>,
}

impl Hub {
    /// The routes to at most `most` contacts, themselves at most [`ROUTES_CONTACTS_MAX`].
    pub async fn routes(&self, access: &Access, most: usize) -> Result<Routes, HubError> {
        let most = most.min(ROUTES_CONTACTS_MAX);
        let mut rows =
            self.core.scan_page(access.partition(), keys::all_ways(), 0, most.saturating_add(1)).await?;
        let is_complete = rows.len() <= most;
        rows.truncate(most);
        let ids: Vec<ContactId> =
            rows.iter().filter_map(|(key, _)| key.last_chunk().copied().map(ContactId::from_bytes)).collect();
        let listed: Vec<Option<ContactRecord>> =
            access.rows(&self.core, ids.iter().copied().map(keys::contact).collect()).await?;
        let mut looked = Vec::new();
        for ((id, (_, row)), listed) in ids.into_iter().zip(&rows).zip(listed) {
            let ways: WaysRecord = read(row)?;
            if listed.is_some() && ways.ways.iter().any(|way| way.seen.is_some()) {
                looked.push((id, ways));
            }
        }
        let ways = self.open_taken(access, &looked).await?;
        let not_reached = looked.len().saturating_sub(ways.len());
        Ok(Routes { routes: ranked(ways), counted: looked.len(), not_reached, is_complete })
    }

    /// The way to each contact that one would take, with its evidence.
    async fn open_taken(
        &self,
        access: &Access,
        looked: &[(ContactId, WaysRecord)],
    ) -> Result<Vec<Taken>, HubError> {
        let seen = |(id, ways): &'_ (ContactId, WaysRecord)| {
            let way = taken(ways)?;
            Some((*id, way.clone(), way.seen.clone()?))
        };
        let found: Vec<(ContactId, WayRecord, SeenRecord)> = looked.iter().filter_map(seen).collect();
        access.open_epochs(&self.core, found.iter().map(|(.., seen)| seen.evidence.as_slice())).await?;
        let opened = found.into_iter().map(|(contact, way, seen)| {
            let index = of_way(&way).unwrap_or(PrivacyIndex::new(0, true));
            Ok(Taken { contact, index, evidence: open_evidence(access, &way.handle, &seen)? })
        });
        opened.collect()
    }
}

/// Ways that are alike together; those whose least private way is best first. The order of contacts has no effect.
fn ranked(mut ways: Vec<Taken>) -> Vec<RouteView> {
    ways.sort_by_key(|way| (Reverse(rank(way.index)), way.contact));
    let mut routes: BTreeMap<(Kind, Option<String>), RouteView> = BTreeMap::new();
    for way in ways {
        let kind = kind(&way.evidence);
        let service = advertiser(&way.evidence).filter(|_| kind == Kind::Advertising).map(str::to_owned);
        let route = routes.entry((kind, service.clone())).or_insert_with(|| RouteView {
            kind,
            service,
            contacts: 0,
            named: Vec::new(),
            lowest: way.index,
            highest: way.index,
            evidence: Vec::new(),
        });
        route.contacts += 1;
        if route.named.len() < ROUTE_CONTACTS_NAMED_MAX {
            route.named.push(way.contact);
        }
        // They come the most private first.
        route.lowest = way.index;
        route.evidence = way.evidence;
    }
    let mut routes: Vec<RouteView> = routes.into_values().collect();
    routes.sort_by_key(|route| (Reverse(rank(route.lowest)), Reverse(route.contacts)));
    routes
}

/// How good an index is: of two that are alike, the one that is known better.
const fn rank(index: PrivacyIndex) -> (u8, bool) {
    (index.score(), !index.approximate())
}
