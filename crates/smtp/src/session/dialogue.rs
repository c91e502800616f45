//! Commands and their replies, up to the message itself.

use super::transaction::Transaction;
use super::{Greeting, Phase, RecipientVerdict, Session, Step};
use crate::command::{Command, MailFrom, SyntaxError};
use crate::config::Dialect;
use crate::path::Path;
use crate::replies as say;
use crate::reports::RecipientAsked;
use caliopen_model::EmailAddress;

impl Session {
    /// Does what a command says. `None` when the session can go on at once.
    pub(super) fn obey(&mut self, command: Result<Command, SyntaxError>) -> Option<Step> {
        self.commands += 1;
        if self.commands > self.config.limits.commands_max {
            self.close(say::TOO_MANY_COMMANDS);
            return None;
        }
        match command {
            Err(SyntaxError::Refused(reply)) => self.refuse(reply),
            Err(SyntaxError::Fatal(reply)) => self.close(reply),
            Ok(Command::Helo(name)) => self.hello(name),
            Ok(Command::Ehlo(name)) => self.extended_hello(name, false),
            Ok(Command::Lhlo(name)) => self.extended_hello(name, true),
            Ok(Command::Mail(mail)) => self.mail(mail),
            Ok(Command::Rcpt(path, asked)) => return self.rcpt(path, asked),
            Ok(Command::Data) => self.data(),
            Ok(Command::Bdat(chunk)) => self.bdat(chunk),
            Ok(Command::Rset) => {
                self.transaction = None;
                self.say(say::OK);
            }
            Ok(Command::Noop) => self.say(say::OK),
            Ok(Command::Help) => self.say(say::HELP),
            Ok(Command::Vrfy) => self.say(say::CANNOT_VERIFY),
            Ok(Command::Quit) => self.close(say::CLOSING),
            Ok(Command::Starttls) => self.starttls(),
            Ok(Command::Auth(mechanism, initial)) => return self.auth(mechanism, initial.as_ref()),
        }
        None
    }

    /// HELO: a client without extensions. LMTP has none (RFC 2033 §4.1).
    fn hello(&mut self, name: String) {
        if self.is_lmtp() {
            return self.refuse(say::UNKNOWN_COMMAND);
        }
        self.output.extend_from_slice(&self.config.hello);
        self.greet(Greeting { name, extended: false });
    }

    /// EHLO in SMTP, LHLO in LMTP; each is unknown to the other.
    fn extended_hello(&mut self, name: String, lmtp: bool) {
        if lmtp != self.is_lmtp() {
            return self.refuse(say::UNKNOWN_COMMAND);
        }
        let answer =
            if self.in_tls { &self.config.extended_hello_in_tls } else { &self.config.extended_hello };
        self.output.extend_from_slice(answer);
        self.greet(Greeting { name, extended: true });
    }

    /// A greeting ends the transaction before it (RFC 5321 §4.1.4).
    fn greet(&mut self, greeting: Greeting) {
        self.greeting = Some(greeting);
        self.transaction = None;
    }

    /// What follows in the input came before TLS: whoever put it there may not be the client.
    fn starttls(&mut self) {
        if self.in_tls {
            self.refuse(say::TLS_ALREADY);
        } else if !self.config.starttls {
            self.refuse(say::NOT_IMPLEMENTED);
        } else if self.greeting.is_none() {
            self.refuse(say::GREET_FIRST);
        } else {
            self.say(say::TLS_READY);
            self.forget_input();
            self.phase = Phase::Handshake;
        }
    }

    fn mail(&mut self, mail: MailFrom) {
        let Some(greeting) = &self.greeting else { return self.refuse(say::GREET_FIRST) };
        if let Some(reply) = self.missing_sign_in() {
            return self.refuse(reply);
        }
        if self.transaction.is_some() {
            return self.refuse(say::NESTED_MAIL);
        }
        let names_author = mail.names_author && self.config.dialect != Dialect::Submission;
        if names_author || (mail.uses_extensions && !greeting.extended) {
            return self.refuse(say::UNKNOWN_PARAMETER);
        }
        if mail.asked.by_mail() && !self.config.reports {
            return self.refuse(say::UNKNOWN_PARAMETER);
        }
        if mail.requires_tls && !(self.config.required_tls && self.in_tls) {
            return self.refuse(say::UNKNOWN_PARAMETER);
        }
        let announced_bytes = mail.size_bytes.unwrap_or_default();
        if announced_bytes > self.config.limits.message_bytes_max {
            return self.refuse(say::MESSAGE_TOO_LARGE);
        }
        let reverse_path = match self.mailbox(mail.reverse_path) {
            Some(address) if !is_ascii(&address) && !mail.smtputf8 => {
                return self.refuse(say::NEEDS_SMTPUTF8);
            }
            other => other,
        };
        if self.transactions >= self.config.limits.transactions_max {
            return self.close(say::TOO_MANY_TRANSACTIONS);
        }
        self.transactions += 1;
        let mut transaction = Transaction::new(reverse_path, announced_bytes, mail.smtputf8, mail.asked);
        transaction.requires_tls = mail.requires_tls;
        self.transaction = Some(Box::new(transaction));
        self.say(say::SENDER_OK);
    }

    fn rcpt(&mut self, path: Path, asked: RecipientAsked) -> Option<Step> {
        let recipient = self.mailbox(path);
        let may_ask = self.config.reports && self.greeting.as_ref().is_some_and(|greeting| greeting.extended);
        let Some(transaction) = self.transaction.as_deref_mut() else {
            self.refuse(say::MAIL_FIRST);
            return None;
        };
        let recipient = recipient?;
        if transaction.content.is_some() {
            self.refuse(say::CHUNKS_BEGUN);
        } else if asked.is_asked && !may_ask {
            self.refuse(say::UNKNOWN_PARAMETER);
        } else if !is_ascii(&recipient) && !transaction.smtputf8 {
            self.refuse(say::NEEDS_SMTPUTF8);
        } else if transaction.accepted_count() >= self.config.limits.recipients_max {
            self.say(say::TOO_MANY_RECIPIENTS);
        } else if transaction.accept_again(&recipient) {
            self.say(say::RECIPIENT_OK);
        } else {
            transaction.recipient_asked = asked;
            self.phase = Phase::Recipient(recipient.clone());
            return Some(Step::AskRecipient(recipient));
        }
        None
    }

    /// The answer to [`Step::AskRecipient`].
    pub fn answer_recipient(&mut self, verdict: RecipientVerdict) {
        let Phase::Recipient(recipient) = std::mem::replace(&mut self.phase, Phase::Command) else { return };
        match verdict {
            RecipientVerdict::Accepted => {
                if let Some(transaction) = self.transaction.as_deref_mut() {
                    transaction.accept(recipient);
                }
                return self.say(say::RECIPIENT_OK);
            }
            RecipientVerdict::NoSuchUser => self.say(say::NO_SUCH_USER),
            RecipientVerdict::MailboxFull => return self.say(say::MAILBOX_FULL),
            RecipientVerdict::NotLocal => self.say(say::NOT_LOCAL),
            RecipientVerdict::TryLater => return self.say(say::RECIPIENT_TRY_LATER),
            RecipientVerdict::SignedOut => return self.close(say::SIGNED_OUT),
        }
        self.refused_recipients += 1;
        if self.refused_recipients > self.config.limits.refused_recipients_max {
            self.close(say::TOO_MANY_REFUSED);
        }
    }

    /// The address of a path. The postmaster without a domain is the one of this host (RFC 5321 §4.5.1).
    fn mailbox(&self, path: Path) -> Option<EmailAddress> {
        match path {
            Path::Null => None,
            Path::Mailbox(address) => Some(address),
            Path::Postmaster => EmailAddress::parse(&format!("postmaster@{}", self.config.host_name)).ok(),
        }
    }
}

fn is_ascii(address: &EmailAddress) -> bool {
    address.local_part().is_ascii() && address.domain().is_ascii()
}
