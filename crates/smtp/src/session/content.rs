//! The message itself: DATA, BDAT, and the replies after it.

use super::transaction::Transaction;
use super::{Delivery, DeliveryVerdict, Phase, Refusal, Session, Step};
use crate::command::Chunk;
use crate::content::{Content, Fault, Progress};
use crate::replies as say;
use crate::reply::Reply;
use bytes::Buf;

impl Session {
    /// DATA: the budget is asked before the client may send.
    pub(super) fn data(&mut self) {
        match self.begin_content() {
            Err(reply) => self.refuse(reply),
            Ok(transaction) if transaction.content.is_some() => self.refuse(say::CHUNKS_BEGUN),
            Ok(_) => match self.open_content() {
                Err(reply) => self.refuse(reply),
                Ok(()) => {
                    self.phase = Phase::Data;
                    self.say(say::SEND_MESSAGE);
                }
            },
        }
    }

    /// BDAT: its bytes follow at once, so they are read even when they are refused (RFC 3030 §2).
    pub(super) fn bdat(&mut self, chunk: Chunk) {
        let bytes_max = self.config.limits.message_bytes_max;
        let discarded_max = self.config.limits.discarded_message_bytes_max;
        if chunk.size_bytes > bytes_max.saturating_add(discarded_max) {
            return self.close(say::MESSAGE_TOO_LARGE);
        }
        let begun = match self.begin_content() {
            Err(reply) => Err(reply),
            Ok(transaction) if transaction.content.is_some() => Ok(()),
            Ok(_) => self.open_content(),
        };
        self.phase = match begun {
            Ok(()) => Phase::Chunk(chunk),
            Err(reply) => Phase::RefusedChunk(chunk.size_bytes, reply),
        };
    }

    /// The transaction, when a message may come now.
    fn begin_content(&mut self) -> Result<&mut Transaction, Reply> {
        if self.greeting.is_none() {
            return Err(say::GREET_FIRST);
        }
        let transaction = self.transaction.as_deref_mut().ok_or(say::MAIL_FIRST)?;
        if transaction.accepted_count() == 0 {
            return Err(say::RECIPIENT_FIRST);
        }
        Ok(transaction)
    }

    /// Sets memory aside for the message.
    fn open_content(&mut self) -> Result<(), Reply> {
        let config = &self.config;
        let transaction = self.transaction.as_deref_mut().ok_or(say::MAIL_FIRST)?;
        let announced_bytes = transaction.announced_bytes;
        let content = Content::begin(&config.limits, &config.budget, announced_bytes).ok_or(say::TOO_BUSY)?;
        transaction.content = Some(content);
        Ok(())
    }

    pub(super) fn take_data(&mut self) -> Option<Step> {
        let Some(content) = self.transaction.as_deref_mut().and_then(|open| open.content.as_mut()) else {
            self.phase = Phase::Command;
            return None;
        };
        let (used, progress) = content.take_data(&self.input);
        self.input.advance(used);
        match progress {
            Progress::More => Some(Step::Read),
            Progress::End => self.finish_message(),
            Progress::Endless => self.give_up(),
        }
    }

    pub(super) fn take_chunk(&mut self, chunk: Chunk) -> Option<Step> {
        let Some(content) = self.transaction.as_deref_mut().and_then(|open| open.content.as_mut()) else {
            self.phase = Phase::RefusedChunk(chunk.size_bytes, say::MAIL_FIRST);
            return None;
        };
        let taken = self.input.get(..within(self.input.len(), chunk.size_bytes)).unwrap_or_default();
        content.take_chunk(taken);
        let missing = chunk.size_bytes - taken.len() as u64;
        let (endless, fault, used) = (content.is_endless(), content.fault(), taken.len());
        self.input.advance(used);
        if endless {
            return self.give_up();
        }
        if missing > 0 {
            self.phase = Phase::Chunk(Chunk { size_bytes: missing, last: chunk.last });
            return Some(Step::Read);
        }
        if chunk.last {
            return self.finish_message();
        }
        self.phase = Phase::Command;
        match fault {
            None => self.say(say::CHUNK_OK),
            Some(fault) => {
                self.transaction = None;
                self.refuse(reply_to(fault));
            }
        }
        None
    }

    pub(super) fn take_refused_chunk(&mut self, missing: u64, reply: Reply) -> Option<Step> {
        let used = within(self.input.len(), missing);
        self.input.advance(used);
        let missing = missing - used as u64;
        if missing > 0 {
            self.phase = Phase::RefusedChunk(missing, reply);
            return Some(Step::Read);
        }
        self.phase = Phase::Command;
        self.transaction = None;
        self.refuse(reply);
        None
    }

    /// The last byte came: the message is delivered or refused.
    fn finish_message(&mut self) -> Option<Step> {
        self.phase = Phase::Command;
        let transaction = self.transaction.as_deref_mut()?;
        match transaction.content.take()?.finish() {
            Err(fault) => {
                self.refuse_message(reply_to(fault));
                None
            }
            Ok((message, reservation)) => {
                let envelope = transaction.take_envelope();
                let greeting = self.greeting.as_ref().map(|greeting| greeting.name.clone());
                self.phase = Phase::Delivery;
                Some(Step::Deliver(Box::new(Delivery { envelope, greeting, message, reservation })))
            }
        }
    }

    /// The sender does not stop: it hears the reason, and the connection ends.
    fn give_up(&mut self) -> Option<Step> {
        self.close(say::MESSAGE_TOO_LARGE);
        None
    }

    /// One reply for the message, or in LMTP one for each accepted RCPT. The transaction ends.
    fn refuse_message(&mut self, reply: Reply) {
        let replies = match self.transaction.take() {
            Some(transaction) if self.is_lmtp() => transaction.accepted_count(),
            _ => 1,
        };
        for _ in 1..replies {
            self.say(reply);
        }
        self.refuse(reply);
    }

    /// The answer to [`Step::Deliver`]: one verdict for each recipient of the envelope, in its order. A verdict
    /// that is missing is [`DeliveryVerdict::TryLater`].
    pub fn answer_delivery(&mut self, verdicts: &[DeliveryVerdict]) {
        if !matches!(self.phase, Phase::Delivery) {
            return;
        }
        self.phase = Phase::Command;
        let Some(transaction) = self.transaction.take() else { return };
        let verdict_at = |place: &usize| verdicts.get(*place).copied().unwrap_or(DeliveryVerdict::TryLater);
        let each = transaction.accepted().iter().map(verdict_at);
        if self.is_lmtp() {
            each.for_each(|verdict| self.say(reply_of(verdict)));
            return;
        }
        match reply_of_all(each) {
            say::SIGNED_OUT => self.close(say::SIGNED_OUT),
            reply => self.say(reply),
        }
    }
}

fn within(available: usize, wanted: u64) -> usize {
    usize::try_from(wanted).map_or(available, |wanted| wanted.min(available))
}

const fn reply_to(fault: Fault) -> Reply {
    match fault {
        Fault::BareLineEnd => say::BARE_LINE_END_IN_MESSAGE,
        Fault::MessageTooLarge => say::MESSAGE_TOO_LARGE,
        Fault::HeaderTooLarge => say::HEADER_TOO_LARGE,
        Fault::TooManyFields => say::TOO_MANY_FIELDS,
        Fault::Loop => say::LOOP,
        Fault::BudgetSpent => say::TOO_BUSY,
    }
}

const fn reply_of(verdict: DeliveryVerdict) -> Reply {
    match verdict {
        DeliveryVerdict::Stored => say::STORED,
        DeliveryVerdict::NoSuchUser => say::NO_SUCH_USER,
        DeliveryVerdict::MailboxFull => say::MAILBOX_FULL,
        DeliveryVerdict::StorageFull => say::STORAGE_FULL,
        DeliveryVerdict::TryLater => say::TRY_LATER,
        DeliveryVerdict::Refused(refusal) => reply_to_refusal(refusal),
    }
}

const fn reply_to_refusal(refusal: Refusal) -> Reply {
    match refusal {
        Refusal::NotYourFrom => say::NOT_YOUR_FROM,
        Refusal::NotYourSender => say::NOT_YOUR_SENDER,
        Refusal::BadHeader => say::BAD_HEADER,
        Refusal::AccountLimit => say::ACCOUNT_LIMIT,
        Refusal::HostLimit => say::HOST_LIMIT,
        Refusal::FanOut => say::FAN_OUT,
        Refusal::MailboxFull => say::OWN_MAILBOX_FULL,
        Refusal::SignedOut => say::SIGNED_OUT,
    }
}

/// SMTP has one reply for all recipients. 250 takes responsibility for each (RFC 5321 §6.1), so it needs all
/// of them stored. When only some are, the sender must try again: those who have the message get it twice, and
/// a recipient that went away is refused at RCPT then. At least once is what SMTP can promise here; the
/// other answers would lose mail or bounce what was delivered.
fn reply_of_all(verdicts: impl Iterator<Item = DeliveryVerdict> + Clone) -> Reply {
    let all = |wanted| verdicts.clone().all(|verdict| verdict == wanted);
    let refused = |verdict| match verdict {
        DeliveryVerdict::Refused(refusal) => Some(refusal),
        _ => None,
    };
    if let Some(refusal) = verdicts.clone().find_map(refused) {
        reply_to_refusal(refusal)
    } else if all(DeliveryVerdict::Stored) {
        say::STORED
    } else if all(DeliveryVerdict::NoSuchUser) {
        say::NO_SUCH_USER
    } else if all(DeliveryVerdict::MailboxFull) {
        say::MAILBOX_FULL
    } else if verdicts.clone().any(|verdict| verdict == DeliveryVerdict::StorageFull) {
        say::STORAGE_FULL
    } else {
        say::TRY_LATER
    }
}
