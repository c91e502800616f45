//! One message: MAIL, RCPT, then DATA or BDAT (RFC 5321 §3.3), with a verdict for each recipient.

use super::framing::{Framed, Framer};
use super::offers::Offers;
use super::outgoing::Outgoing;
use super::reply::Lines;
use super::verdict::{Unable, Verdict};
use super::{Awaited, Cause, Client, Fault, Phase, commands};

/// What is said next of a message.
#[derive(Debug)]
enum Next {
    Reset,
    Mail,
    /// RCPT for the first recipient from here on who has no verdict.
    Recipient(usize),
    Data,
    /// More of the message itself.
    Content(Framer),
    /// Nothing until the server answers.
    Wait,
    /// Nothing at all.
    Over,
}

/// One turn of ours.
enum Turn {
    /// A command and its reply.
    Say(Awaited, String),
    /// The message, without a command of its own before it.
    BeginContent,
    /// A block of the message.
    Write(Framer),
    /// Nothing, and another turn.
    Skip,
    /// Everything is decided.
    End,
}

/// A message on its way.
#[derive(Debug)]
pub(super) struct Transaction {
    outgoing: Outgoing,
    /// One for each recipient, once it is known.
    verdicts: Vec<Option<Verdict>>,
    next: Next,
    /// In chunks: the framer between two of them.
    between_chunks: Option<Framer>,
}

impl Transaction {
    pub(super) const fn is_in_content(&self) -> bool {
        matches!(self.next, Next::Content(_)) || self.between_chunks.is_some()
    }

    /// One verdict for each recipient: this one for those who have none.
    pub(super) fn finish(self: Box<Self>, verdict: &Verdict) -> Vec<Verdict> {
        self.verdicts.into_iter().map(|own| own.unwrap_or_else(|| verdict.clone())).collect()
    }

    fn decide_rest(&mut self, verdict: &Verdict) {
        self.verdicts.iter_mut().for_each(|own| {
            own.get_or_insert_with(|| verdict.clone());
        });
    }

    fn decide(&mut self, at: usize, verdict: Verdict) {
        if let Some(own) = self.verdicts.get_mut(at) {
            own.get_or_insert(verdict);
        }
    }

    fn is_decided(&self) -> bool {
        self.verdicts.iter().all(Option::is_some)
    }

    /// How many replies may be outstanding when the next turn is taken, plus one.
    fn commands_ahead_max(&self, offers: &Offers, window: usize) -> usize {
        match &self.next {
            Next::Wait => 0,
            // Chunks depend on who was accepted, and everything on all that was said before it.
            Next::Data if offers.chunking => 1,
            Next::Content(_) | Next::Over => 1,
            Next::Reset | Next::Mail | Next::Recipient(_) | Next::Data => window,
        }
    }

    /// Decides what is said now.
    fn turn(&mut self, offers: &Offers) -> Turn {
        match std::mem::replace(&mut self.next, Next::Wait) {
            Next::Reset => {
                self.next = Next::Mail;
                Turn::Say(Awaited::Reset, "RSET\r\n".to_owned())
            }
            Next::Mail => {
                self.next = Next::Recipient(0);
                Turn::Say(Awaited::Mail, commands::mail(&self.outgoing, offers))
            }
            Next::Recipient(from) => self.name_recipient(from, offers),
            Next::Data if self.is_decided() => {
                self.next = Next::Over;
                Turn::Skip
            }
            Next::Data if offers.chunking => Turn::BeginContent,
            Next::Data => Turn::Say(Awaited::Data, "DATA\r\n".to_owned()),
            Next::Content(framer) => Turn::Write(framer),
            Next::Wait => Turn::Skip,
            Next::Over => Turn::End,
        }
    }

    fn name_recipient(&mut self, from: usize, offers: &Offers) -> Turn {
        let undecided = |(at, own): (usize, &Option<Verdict>)| own.is_none().then_some(at);
        let Some(at) = self.verdicts.iter().enumerate().skip(from).find_map(undecided) else {
            self.next = Next::Data;
            return Turn::Skip;
        };
        self.next = Next::Recipient(at + 1);
        let recipient = self.outgoing.recipients.get(at);
        match recipient.and_then(|recipient| commands::recipient(recipient, offers)) {
            Some(line) => Turn::Say(Awaited::Recipient(at), line),
            None => {
                self.decide(at, Verdict::of_unable(Phase::Recipient, Unable::BadRecipient));
                Turn::Skip
            }
        }
    }
}

impl Client {
    /// Sends a message. To be called when the connection is idle ([`super::Step::Ready`]); otherwise the
    /// message is given back. What this server cannot take is decided here, and nothing of it is sent.
    pub fn send(&mut self, outgoing: Outgoing) -> Result<(), Box<Outgoing>> {
        if !self.is_idle() {
            return Err(Box::new(outgoing));
        }
        let for_all = outgoing.obstacle(&self.offers);
        let unable = |unable| Verdict::of_unable(Phase::Mail, unable);
        let verdicts = outgoing
            .recipients
            .iter()
            .map(|recipient| for_all.or_else(|| recipient.obstacle(&self.offers)).map(unable))
            .collect();
        let next = if self.needs_reset { Next::Reset } else { Next::Mail };
        let mut transaction = Transaction { outgoing, verdicts, next, between_chunks: None };
        if transaction.is_decided() {
            transaction.next = Next::Over;
        }
        self.transaction = Some(Box::new(transaction));
        Ok(())
    }

    /// Says what can be said before the next reply. Whether there was anything to do.
    pub(super) fn speak(&mut self) -> bool {
        let Some(transaction) = self.transaction.as_deref_mut() else { return false };
        let limits = &self.config.limits;
        let window = if self.offers.pipelining { limits.pipelined_commands_max.max(1) } else { 1 };
        if self.awaited.len() >= transaction.commands_ahead_max(&self.offers, window) {
            return false;
        }
        match transaction.turn(&self.offers) {
            Turn::Say(awaited, line) => self.command(awaited, &line),
            Turn::BeginContent => self.begin_content(Awaited::Chunk),
            Turn::Write(framer) => self.write_content(framer),
            Turn::Skip => {}
            Turn::End => {
                let fault = Verdict::of_fault(Phase::Content, Fault::ReplyUnexpected);
                self.sent = self.transaction.take().map(|transaction| transaction.finish(&fault));
            }
        }
        true
    }

    /// Writes a block of the message.
    fn write_content(&mut self, mut framer: Framer) {
        let Some(transaction) = self.transaction.as_deref_mut() else { return };
        match framer.write_block(&mut self.output) {
            Framed::More => transaction.next = Next::Content(framer),
            Framed::ChunkEnd => {
                transaction.between_chunks = Some(framer);
                self.awaited.push_back(Awaited::Chunk);
            }
            Framed::End => self.awaited.push_back(Awaited::End),
        }
    }

    pub(super) fn transaction_answered(&mut self, awaited: Awaited, lines: Lines) {
        let (class, code) = (lines.class(), lines.code);
        let reply = lines.into_reply(&self.config.limits);
        let Some(mut transaction) = self.transaction.take() else { return };
        let understood = match Verdict::of_reply(awaited.phase(), reply) {
            Some(verdict) if class == 2 => self.agreed(awaited, &verdict, &mut transaction),
            Some(verdict) => self.declined(awaited, verdict, &mut transaction),
            None => awaited == Awaited::Data && code == 354,
        };
        let begins = understood && class == 3;
        self.transaction = Some(transaction);
        if !understood {
            self.give_up(awaited, Cause::Fault(Fault::ReplyUnexpected));
        } else if begins {
            self.begin_content(Awaited::Data);
        }
    }

    /// 2xx. Whether it can be an answer to the command.
    fn agreed(&mut self, awaited: Awaited, verdict: &Verdict, transaction: &mut Transaction) -> bool {
        // Nobody can have taken what was not written yet.
        let was_written = self.output.is_empty();
        match awaited {
            Awaited::Reset => self.needs_reset = false,
            Awaited::Mail => self.needs_reset = true,
            Awaited::Recipient(_) => {}
            Awaited::Chunk if was_written => {
                transaction.next = transaction.between_chunks.take().map_or(Next::Over, Next::Content);
            }
            Awaited::End if was_written => {
                self.needs_reset = false;
                transaction.decide_rest(verdict);
                transaction.next = Next::Over;
            }
            _ => return false,
        }
        true
    }

    /// 4xx or 5xx. Whether it can be an answer to the command.
    fn declined(&mut self, awaited: Awaited, verdict: Verdict, transaction: &mut Transaction) -> bool {
        match awaited {
            Awaited::Recipient(at) => transaction.decide(at, verdict),
            // Nobody gets the message.
            Awaited::Mail | Awaited::Data | Awaited::Chunk | Awaited::End => {
                // Chunks that were refused leave the server in doubt (RFC 3030 §2).
                let ended = awaited == Awaited::End && !self.offers.chunking;
                self.needs_reset &= !ended;
                transaction.decide_rest(&verdict);
                transaction.between_chunks = None;
                transaction.next = Next::Over;
            }
            _ => return false,
        }
        true
    }

    /// The server waits for the message. When DATA was sent before all recipients were refused, it gets an
    /// empty one, which is for nobody (RFC 2920 §3.1).
    fn begin_content(&mut self, awaited: Awaited) {
        if self.is_unasked(awaited) {
            return;
        }
        let Some(transaction) = self.transaction.as_deref_mut() else { return };
        let bytes = transaction.outgoing.content.bytes().clone();
        if transaction.is_decided() {
            transaction.next = Next::Over;
            self.output.extend_from_slice(b".\r\n");
            self.awaited.push_back(Awaited::End);
        } else if self.offers.chunking {
            transaction.next = Next::Content(Framer::in_chunks(bytes, self.config.limits.chunk_bytes_max));
        } else {
            transaction.next = Next::Content(Framer::with_dots(bytes));
        }
    }
}
