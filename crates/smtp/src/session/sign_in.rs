//! AUTH (RFC 4954): offered to programs that send their person's mail, and inside TLS alone.

use super::{Phase, Session, Step};
use crate::auth::{Exchange, InitialResponse, Mechanism, SignInVerdict, Turn};
use crate::config::Dialect;
use crate::replies as say;
use crate::reply::Reply;

/// How far a client of the submission dialect has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct SignIn {
    /// It may send messages.
    pub(super) done: bool,
    /// Tries that were refused in this connection.
    refused: u32,
}

impl Session {
    /// AUTH itself.
    pub(super) fn auth(
        &mut self,
        mechanism: Option<Mechanism>,
        initial: Option<&InitialResponse>,
    ) -> Option<Step> {
        let reply = if self.config.dialect != Dialect::Submission {
            say::NOT_IMPLEMENTED
        } else if !self.in_tls {
            say::AUTH_NEEDS_TLS
        } else if !self.greeting.as_ref().is_some_and(|greeting| greeting.extended) {
            say::GREET_FIRST
        } else if self.sign_in.done {
            say::SIGNED_IN_ALREADY
        } else if let Some(mechanism) = mechanism {
            return self.exchange(Exchange::begin(mechanism), initial.map(InitialResponse::base64));
        } else {
            say::UNKNOWN_MECHANISM
        };
        self.refuse(reply);
        None
    }

    /// Asks for a response, or takes the one that is there.
    fn exchange(&mut self, exchange: Exchange, response: Option<&[u8]>) -> Option<Step> {
        let Some(response) = response else {
            self.say(exchange.challenge());
            self.phase = Phase::Response(exchange);
            return None;
        };
        match exchange.answer(response) {
            Ok(Turn::Ask(next)) => return self.exchange(next, None),
            Ok(Turn::Known(credentials)) => {
                self.phase = Phase::SignIn;
                return Some(Step::SignIn(Box::new(credentials)));
            }
            Err(say::SIGN_IN_REFUSED) => self.refuse_sign_in(say::SIGN_IN_REFUSED),
            Err(reply) => self.refuse(reply),
        }
        None
    }

    /// A line that answers a challenge. What it held is wiped from the input.
    pub(super) fn take_response(&mut self, length: usize) -> Option<Step> {
        let Phase::Response(exchange) = std::mem::replace(&mut self.phase, Phase::Command) else {
            return None;
        };
        self.commands += 1;
        let mut line = self.split_line(length);
        let step = self.exchange(exchange, Some(line.as_ref()));
        line.fill(0);
        step
    }

    /// The answer to [`Step::SignIn`].
    pub fn answer_sign_in(&mut self, verdict: SignInVerdict) {
        if !matches!(self.phase, Phase::SignIn) {
            return;
        }
        self.phase = Phase::Command;
        match verdict {
            SignInVerdict::Accepted => {
                self.sign_in.done = true;
                self.say(say::SIGNED_IN);
            }
            SignInVerdict::Refused => self.refuse_sign_in(say::SIGN_IN_REFUSED),
            SignInVerdict::TooManyTries => self.refuse_sign_in(say::SIGN_IN_TOO_OFTEN),
            SignInVerdict::TryLater => self.say(say::SIGN_IN_LATER),
        }
    }

    fn refuse_sign_in(&mut self, reply: Reply) {
        self.sign_in.refused += 1;
        if self.sign_in.refused >= self.config.limits.sign_ins_refused_max {
            self.say(reply);
            return self.close(say::TOO_MANY_SIGN_INS);
        }
        self.refuse(reply);
    }

    /// Why no message may be begun yet; nothing where nobody has to sign in.
    pub(super) fn missing_sign_in(&self) -> Option<Reply> {
        match self.config.dialect {
            Dialect::Submission if !self.in_tls => Some(say::SUBMISSION_NEEDS_TLS),
            Dialect::Submission if !self.sign_in.done => Some(say::SIGN_IN_FIRST),
            Dialect::Submission | Dialect::Smtp | Dialect::Lmtp => None,
        }
    }
}
