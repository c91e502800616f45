//! Two contacts that are one person: a link, which can be taken away again. No card, handle or message is rewritten, and
//! trust does not flow along it: what is known of each handle stays as it is.

use super::edit::ContactError;
use super::handles::{self, give};
use super::person::{Opened, Stored};
use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use crate::indices::ways;
use crate::joint::Regroup;
use crate::keys::{self, ObjectType};
use crate::limits::HANDLES_MAX;
use crate::owner::Plan;
use crate::records::{
    ContactRecord, HandleOwner, HandleRecord, LinkRecord, PutAway, PutAwayRecord, StoredLinkEvidence,
};
use crate::resolve::handle_blind;
use caliopen_model::{ChangeKind, ContactId, Handle};

impl Hub {
    /// Puts a contact into another: one person from now on. Their conversations with the same people are one.
    ///
    /// # Errors
    ///
    /// See [`ContactError`]: nothing was changed.
    pub async fn merge_contacts(
        &self,
        access: &Access,
        into: ContactId,
        other: ContactId,
    ) -> Result<(), ContactError> {
        if into == other {
            return Err(ContactError::NotFound);
        }
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let mut record: ContactRecord =
            plan.get(&keys::contact(into)).await?.ok_or(ContactError::NotFound)?;
        let regroup = self.look_at(access, &mut plan, &[into, other]).await?;
        self.link(access, &mut plan, (into, &mut record), other, StoredLinkEvidence::ByHand).await?;
        regroup.finish(&self.core, &mut plan).await?;
        plan.put(keys::contact(into), &record);
        plan.changed(ObjectType::Contact, into.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(())
    }

    /// Takes a contact that was put into another out again: both, and their conversations, are as they were.
    ///
    /// # Errors
    ///
    /// `NotFound`: the one is not part of the other.
    pub async fn split_contact(
        &self,
        access: &Access,
        id: ContactId,
        linked: ContactId,
    ) -> Result<(), ContactError> {
        let mut plan = Plan::open_settled(&self.core, &access.owner).await?;
        let mut record: ContactRecord = plan.get(&keys::contact(id)).await?.ok_or(ContactError::NotFound)?;
        let regroup = self.look_at(access, &mut plan, &[id]).await?;
        self.unlink(access, &mut plan, &mut record, linked).await?;
        regroup.finish(&self.core, &mut plan).await?;
        plan.put(keys::contact(id), &record);
        plan.changed(ObjectType::Contact, id.as_bytes(), ChangeKind::Updated);
        self.commit(plan).await?;
        Ok(())
    }

    /// Looks at the conversations of these contacts, before an edit moves handles between them.
    pub(crate) async fn look_at(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        contacts: &[ContactId],
    ) -> Result<Regroup, HubError> {
        let mut homes = Vec::new();
        for id in contacts {
            let Some(record) = plan.get::<ContactRecord>(&keys::contact(*id)).await? else { continue };
            for (handle, _) in self.open_whole(access, plan, *id, record).await?.handles() {
                let row = handles::row(plan, &handle);
                homes
                    .extend(plan.get::<HandleRecord>(&row).await?.map(|row| ContactId::from_bytes(row.home)));
            }
        }
        Regroup::begin(plan, access, &homes).await
    }

    /// A contact with everything that is part of it, as the plan leaves it.
    pub(crate) async fn open_whole(
        &self,
        access: &Access,
        plan: &Plan<'_>,
        id: ContactId,
        record: ContactRecord,
    ) -> Result<Opened, HubError> {
        let mut linked = Vec::with_capacity(record.links.len());
        for link in record.links.iter().copied() {
            let row = keys::put_away(ContactId::from_bytes(link.contact));
            if let Some(PutAwayRecord { record, .. }) = plan.get(&row).await? {
                linked.push((link, record));
            }
        }
        let stored = Stored { record, linked };
        access.open_planned(plan, stored.cards()).await?;
        stored.open(access, id)
    }

    /// Makes another contact part of this one, with everything that is part of it.
    pub(crate) async fn link(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        (into, record): (ContactId, &mut ContactRecord),
        other: ContactId,
        evidence: StoredLinkEvidence,
    ) -> Result<(), ContactError> {
        let row: ContactRecord = plan.get(&keys::contact(other)).await?.ok_or(ContactError::NotFound)?;
        let whole = self.open_whole(access, plan, other, row.clone()).await?;
        let gained: Vec<Handle> = whole.handles().map(|(handle, _)| handle).collect();
        let had = self.open_whole(access, plan, into, record.clone()).await?.handles().count();
        if had + gained.len() > HANDLES_MAX {
            return Err(ContactError::TooMany("addresses"));
        }
        let link = LinkRecord {
            contact: *other.as_bytes(),
            via: None,
            evidence,
            at: self.core.clock.now().unix_ms(),
            is_spoken_for: false,
        };
        record.links.push(link);
        // What was part of the other is part of this one through it.
        record.links.extend(row.links.iter().map(|inner| LinkRecord { via: Some(link.contact), ..*inner }));
        handles::unlist(plan, other);
        plan.put(
            keys::put_away(other),
            &PutAwayRecord { because: PutAway::Linked(*into.as_bytes()), record: row },
        );
        own(plan, &gained, into).await?;
        Ok(())
    }

    /// Takes a part of a contact out: it is listed as it was, with what is part of it.
    pub(crate) async fn unlink(
        &self,
        access: &Access,
        plan: &mut Plan<'_>,
        record: &mut ContactRecord,
        linked: ContactId,
    ) -> Result<(), ContactError> {
        let bytes = *linked.as_bytes();
        let link = record.links.iter().copied().find(|link| link.contact == bytes);
        let link = link.ok_or(ContactError::NotFound)?;
        let row: PutAwayRecord = plan.get(&keys::put_away(linked)).await?.ok_or(ContactError::NotFound)?;
        forget_link(plan, link).await?;
        let inner: Vec<[u8; 16]> = row.record.links.iter().map(|link| link.contact).collect();
        record.links.retain(|link| link.contact != bytes && !inner.contains(&link.contact));
        let whole = self.open_whole(access, plan, linked, row.record.clone()).await?;
        let lost: Vec<Handle> = whole.handles().map(|(handle, _)| handle).collect();
        handles::list(plan, linked, &row.record);
        own(plan, &lost, linked).await?;
        Ok(())
    }
}

/// Those through whom a part came do not have it any more either.
async fn forget_link(plan: &mut Plan<'_>, mut link: LinkRecord) -> Result<(), HubError> {
    while let Some(via) = link.via {
        let key = keys::put_away(ContactId::from_bytes(via));
        let Some(mut row) = plan.get::<PutAwayRecord>(&key).await? else { return Ok(()) };
        let Some(at) = row.record.links.iter().position(|inner| inner.contact == link.contact) else {
            return Ok(());
        };
        link = row.record.links.remove(at);
        plan.put(key, &row);
    }
    Ok(())
}

/// Gives handles to a contact, with what is known of each.
async fn own(plan: &mut Plan<'_>, gained: &[Handle], owner: ContactId) -> Result<(), HubError> {
    for handle in gained {
        let blind = handle_blind(plan, &handle.canonical());
        let key = keys::handle(&blind);
        if let Some(record) = plan.get::<HandleRecord>(&key).await? {
            give(plan, key, record, owner);
            if let HandleOwner::Contact(before) = record.owner {
                ways::hand_over(plan, (ContactId::from_bytes(before), owner), &[blind]).await?;
            }
        }
    }
    Ok(())
}
