//! The ways to a contact, and the index that they give: written when a way was looked at or taken, when an address was
//! proven, and when handles change hands. All of it works while the person is away.

use super::history::day_of;
use super::{history, sent};
use crate::error::HubError;
use crate::keys::{self, Blind, ObjectType};
use crate::limits::WAY_REFRESH_MS;
use crate::owner::Plan;
use crate::records::{
    EvidenceRecord, HandleOwner, HandleRecord, ProofRecord, SeenRecord, WayRecord, WaysRecord,
};
use crate::resolve::handle_blind;
use caliopen_model::{
    AddressProof, ChangeKind, ContactId, Evidence, FORMULA_VERSION, Handle, HopProof, PrivacyIndex, Reach,
    Timestamp,
};
use caliopen_privacy::contact::{Way, best};

/// What a look at a way, or a message over it, showed.
pub(crate) struct Look {
    pub(crate) reach: Reach,
    pub(crate) evidence: Vec<Evidence>,
}

/// The index of a contact, by its ways; none while no way was looked at, or none would arrive.
pub(crate) fn index(record: &WaysRecord) -> Option<(PrivacyIndex, u16)> {
    let way = taken(record)?;
    way.seen.as_ref().map(|seen| (of_way(way).unwrap_or(PrivacyIndex::new(0, true)), seen.index.2))
}

/// The way that a message would take; none while no way was looked at, or none would arrive.
pub(crate) fn taken(record: &WaysRecord) -> Option<&WayRecord> {
    let place = best(record.ways.iter().map(|way| Way {
        reach: reach(way),
        proof: proof(way.proven),
        index: of_way(way).unwrap_or(PrivacyIndex::new(0, true)),
        name: way.handle,
    }))?;
    record.ways.get(place)
}

/// What a message over a way would get.
pub(crate) fn of_way(way: &WayRecord) -> Option<PrivacyIndex> {
    way.seen.as_ref().filter(|seen| seen.is_open).map(|seen| PrivacyIndex::new(seen.index.0, seen.index.1))
}

pub(crate) fn reach(way: &WayRecord) -> Reach {
    match &way.seen {
        Some(seen) if seen.is_open => Reach::Open,
        Some(_) => Reach::Nowhere,
        None => Reach::NotSeen,
    }
}

pub(crate) const fn proof(proven: bool) -> AddressProof {
    if proven { AddressProof::Received } else { AddressProof::Written }
}

/// Writes down what a look at somebody's address showed. Addresses of nobody's, and the user's own, are passed over.
pub(crate) async fn note(plan: &mut Plan<'_>, handle: &Handle, look: Look) -> Result<(), HubError> {
    let Some((contact, blind, known)) = find(plan, handle).await? else { return Ok(()) };
    let mut record: WaysRecord = plan.get(&keys::ways(contact)).await?.unwrap_or_default();
    let before = index(&record);
    let now = plan.now();
    let way = take(&mut record, blind);
    let found = caliopen_privacy::score(&look.evidence);
    let is_open = look.reach == Reach::Open;
    if way.seen.as_ref().is_some_and(|seen| says_it_already(seen, (is_open, found), now)) {
        return Ok(());
    }
    let evidence: Vec<EvidenceRecord> = look.evidence.into_iter().map(EvidenceRecord).collect();
    let seen = SeenRecord {
        at: now.unix_ms(),
        is_open,
        index: (found.score(), found.approximate(), FORMULA_VERSION),
        evidence: plan.seal("way", &blind, &evidence)?,
    };
    record.ways.push(WayRecord { seen: Some(seen), proven: way.proven || known.proven, ..way });
    write(plan, contact, &record, before).await
}

/// Whose an address is, and what is known of it; none for one of nobody's, or of the user's own.
async fn find(
    plan: &Plan<'_>,
    handle: &Handle,
) -> Result<Option<(ContactId, Blind, HandleRecord)>, HubError> {
    let blind = handle_blind(plan, &handle.canonical());
    let Some(known) = plan.get::<HandleRecord>(&keys::handle(&blind)).await? else { return Ok(None) };
    let HandleOwner::Contact(owner) = known.owner else { return Ok(None) };
    Ok(Some((ContactId::from_bytes(owner), blind, known)))
}

/// A message went over a way: what proved who answered there is missed when the next one would go without. Written once
/// a day.
pub(crate) async fn went(plan: &mut Plan<'_>, handle: &Handle, by: Option<HopProof>) -> Result<(), HubError> {
    let Some((contact, blind, known)) = find(plan, handle).await? else { return Ok(()) };
    let mut record: WaysRecord = plan.get(&keys::ways(contact)).await?.unwrap_or_default();
    let before = index(&record);
    let at = plan.now();
    let way = take(&mut record, blind);
    let day = |proof: ProofRecord| (proof.by, day_of(Timestamp::from_unix_ms(proof.at)));
    let proof = by.map(|by| ProofRecord { by: by.into(), at: at.unix_ms() });
    if way.proof.map(day) == proof.map(day) {
        return Ok(());
    }
    record.ways.push(WayRecord { proof, proven: way.proven || known.proven, ..way });
    write(plan, contact, &record, before).await
}

/// What proved who answered when a message went over a way last, and when that was.
pub(crate) async fn proof_before(
    plan: &Plan<'_>,
    handle: &Handle,
) -> Result<Option<(HopProof, Timestamp)>, HubError> {
    let Some((contact, blind, _)) = find(plan, handle).await? else { return Ok(None) };
    let record: Option<WaysRecord> = plan.get(&keys::ways(contact)).await?;
    let way = record.into_iter().flat_map(|record| record.ways).find(|way| way.handle == blind);
    let proof = way.and_then(|way| way.proof);
    Ok(proof.map(|proof| (proof.by.into(), Timestamp::from_unix_ms(proof.at))))
}

/// The same was found not long ago: nothing is written.
fn says_it_already(seen: &SeenRecord, (is_open, found): (bool, PrivacyIndex), now: Timestamp) -> bool {
    let is_fresh = now.unix_ms().saturating_sub(seen.at) < WAY_REFRESH_MS;
    let index = (found.score(), found.approximate(), FORMULA_VERSION);
    is_fresh && seen.is_open == is_open && seen.index == index
}

/// A message came from this address that its domain proves: from now on it counts.
pub(crate) async fn prove(plan: &mut Plan<'_>, contact: ContactId, handle: Blind) -> Result<(), HubError> {
    let mut record: WaysRecord = plan.get(&keys::ways(contact)).await?.unwrap_or_default();
    let before = index(&record);
    let way = take(&mut record, handle);
    record.ways.push(WayRecord { proven: true, ..way });
    write(plan, contact, &record, before).await
}

/// Handles that belong to another contact from now on take along what is known of them.
pub(crate) async fn hand_over(
    plan: &mut Plan<'_>,
    (from, to): (ContactId, ContactId),
    handles: &[Blind],
) -> Result<(), HubError> {
    let Some(mut left) = plan.get::<WaysRecord>(&keys::ways(from)).await? else { return Ok(()) };
    if from == to {
        return Ok(());
    }
    let before = index(&left);
    let moved: Vec<WayRecord> = left.ways.extract_if(.., |way| handles.contains(&way.handle)).collect();
    if moved.is_empty() {
        return Ok(());
    }
    write(plan, from, &left, before).await?;
    let mut gained: WaysRecord = plan.get(&keys::ways(to)).await?.unwrap_or_default();
    let before = index(&gained);
    gained.ways.extend(moved);
    write(plan, to, &gained, before).await
}

/// An address that nobody ever used is forgotten with what was found of it.
pub(crate) async fn forget(plan: &mut Plan<'_>, contact: ContactId, handle: Blind) -> Result<(), HubError> {
    let Some(mut record) = plan.get::<WaysRecord>(&keys::ways(contact)).await? else { return Ok(()) };
    let before = index(&record);
    record.ways.retain(|way| way.handle != handle);
    write(plan, contact, &record, before).await
}

/// Takes a way out of the record, to be changed and put back; a new one where there is none.
fn take(record: &mut WaysRecord, handle: Blind) -> WayRecord {
    let place = record.ways.iter().position(|way| way.handle == handle);
    place.map_or(WayRecord { handle, proven: false, seen: None, proof: None }, |place| {
        record.ways.swap_remove(place)
    })
}

/// Writes the ways, and where they give another index than before, says so in the log and in the history.
async fn write(
    plan: &mut Plan<'_>,
    contact: ContactId,
    record: &WaysRecord,
    before: Option<(PrivacyIndex, u16)>,
) -> Result<(), HubError> {
    if record.ways.is_empty() {
        plan.delete(keys::ways(contact));
    } else {
        plan.put(keys::ways(contact), record);
    }
    let after = index(record);
    if after == before {
        return Ok(());
    }
    history::note(plan, keys::history_of_contact(contact), after.map(|(index, _)| index)).await?;
    if let Some((index, _)) = after {
        sent::reached_otherwise(plan, contact, index).await?;
    }
    let row = keys::contact(contact);
    if plan.get_many(std::slice::from_ref(&row)).await?.iter().any(Option::is_some) {
        plan.changed(ObjectType::Contact, contact.as_bytes(), ChangeKind::Updated);
    }
    Ok(())
}
