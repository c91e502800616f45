//! What the user sent to people, as the user's index counts it: sums of days and one row a person, changed in the commit
//! that says a message arrived. O(1) for a message, thirty small rows for a reader.
//!
//! Nothing of it follows the messages and contacts themselves: deleting either changes no sum.

use super::history::day_of;
use super::ways;
use crate::error::HubError;
use crate::keys::{self, ObjectType};
use crate::owner::Plan;
use crate::records::{HandleOwner, HandleRecord, SentDayRecord, SentToRecord, WaysRecord};
use crate::resolve::handle_blind;
use caliopen_model::{ChangeKind, ContactId, Handle, PrivacyIndex, UserEvidence};
use caliopen_privacy::user::{MESSAGES_TO_ONE_MAX, WINDOW_DAYS};
use std::collections::BTreeMap;

/// The only object of the type of a user's index.
pub(crate) const USER: [u8; 16] = [0; 16];

/// A message arrived at an address: it counts where that is a contact's.
pub(crate) async fn arrived(
    plan: &mut Plan<'_>,
    handle: &Handle,
    index: PrivacyIndex,
) -> Result<(), HubError> {
    let blind = handle_blind(plan, &handle.canonical());
    let Some(known) = plan.get::<HandleRecord>(&keys::handle(&blind)).await? else { return Ok(()) };
    let HandleOwner::Contact(owner) = known.owner else { return Ok(()) };
    let contact = ContactId::from_bytes(owner);
    let record: WaysRecord = plan.get(&keys::ways(contact)).await?.unwrap_or_default();
    let reached = ways::index(&record).map_or(index, |(reached, _)| reached);
    count(plan, contact, index, reached).await
}

/// A message arrived at somebody: `index` is what it got on its way there, `contact_index` what the next one would get.
async fn count(
    plan: &mut Plan<'_>,
    contact: ContactId,
    index: PrivacyIndex,
    contact_index: PrivacyIndex,
) -> Result<(), HubError> {
    let today = day_of(plan.now());
    let first = first_day(today);
    let mut person = known(plan, contact).await?;
    leave(plan, &person, today).await?;
    person.messages.retain(|(day, _)| *day >= first);
    let counted: u32 = person.messages.iter().map(|(_, messages)| u32::from(*messages)).sum();
    (person.last_day, person.index) = (today, contact_index.score());
    let mut day = day_row(plan, today).await?;
    enter(&mut day, person.index);
    if counted < MESSAGES_TO_ONE_MAX {
        day.messages = day.messages.saturating_add(1);
        day.total = day.total.saturating_add(u32::from(index.score()));
        match person.messages.last_mut().filter(|(last, _)| *last == today) {
            Some((_, messages)) => *messages = messages.saturating_add(1),
            None => person.messages.push((today, 1)),
        }
    }
    plan.put(keys::sent_day(today), &day);
    plan.put(keys::sent_to(contact), &person);
    changed(plan);
    Ok(())
}

/// A contact can be reached otherwise from now on: where the user wrote to them lately, that counts.
pub(crate) async fn reached_otherwise(
    plan: &mut Plan<'_>,
    contact: ContactId,
    index: PrivacyIndex,
) -> Result<(), HubError> {
    let today = day_of(plan.now());
    let person = known(plan, contact).await?;
    if person.last_day < first_day(today) || person.index == index.score() {
        return Ok(());
    }
    leave(plan, &person, today).await?;
    let mut day = day_row(plan, person.last_day).await?;
    enter(&mut day, index.score());
    plan.put(keys::sent_day(person.last_day), &day);
    plan.put(keys::sent_to(contact), &SentToRecord { index: index.score(), ..person });
    changed(plan);
    Ok(())
}

/// The user's index may be another from now on.
pub(crate) fn changed(plan: &mut Plan<'_>) {
    plan.changed(ObjectType::UserPrivacy, &USER, ChangeKind::Updated);
}

/// Nobody was written to on day 0.
async fn known(plan: &Plan<'_>, contact: ContactId) -> Result<SentToRecord, HubError> {
    Ok(plan.get(&keys::sent_to(contact)).await?.unwrap_or_default())
}

/// A person stands among those of the day of the newest message alone.
async fn leave(plan: &mut Plan<'_>, person: &SentToRecord, today: u32) -> Result<(), HubError> {
    if person.last_day < first_day(today) {
        return Ok(());
    }
    let mut day = day_row(plan, person.last_day).await?;
    if let Some((_, people)) = day.people.iter_mut().find(|(index, _)| *index == person.index) {
        *people = people.saturating_sub(1);
    }
    day.people.retain(|(_, people)| *people > 0);
    plan.put(keys::sent_day(person.last_day), &day);
    Ok(())
}

fn enter(day: &mut SentDayRecord, index: u8) {
    match day.people.iter_mut().find(|(known, _)| *known == index) {
        Some((_, people)) => *people = people.saturating_add(1),
        None => day.people.push((index, 1)),
    }
}

/// The row of a day. It stands where that of a day long past stood.
async fn day_row(plan: &Plan<'_>, day: u32) -> Result<SentDayRecord, HubError> {
    let row: Option<SentDayRecord> = plan.get(&keys::sent_day(day)).await?;
    Ok(row.filter(|row| row.day == day).unwrap_or(SentDayRecord { day, ..SentDayRecord::default() }))
}

/// The first of the days that count.
pub(crate) fn first_day(today: u32) -> u32 {
    (today + 1).saturating_sub(u32::from(WINDOW_DAYS)).max(1)
}

/// What the rows of all days say together.
pub(crate) fn evidence(rows: impl Iterator<Item = SentDayRecord>, today: u32) -> Vec<UserEvidence> {
    let first = first_day(today);
    let (mut messages, mut total, mut people) = (0_u32, 0_u32, BTreeMap::<u8, u32>::new());
    for row in rows.filter(|row| row.day >= first && row.day <= today) {
        messages = messages.saturating_add(row.messages);
        total = total.saturating_add(row.total);
        for (index, count) in row.people {
            let sum = people.entry(index).or_default();
            *sum = sum.saturating_add(count);
        }
    }
    let sent = (messages > 0).then_some(UserEvidence::Sent { messages, total });
    let people = people.into_iter().map(|(index, count)| UserEvidence::People { index, count });
    sent.into_iter().chain(people).collect()
}
