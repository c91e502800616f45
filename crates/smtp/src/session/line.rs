//! Command lines in the input: found by their CRLF, refused when they are too long or end otherwise.

use super::{Phase, Session, Step};
use crate::command;
use crate::config::Dialect;
use crate::replies as say;
use crate::reply::Reply;
use bytes::Buf;
use memchr::memchr2;

/// The state of the line at the beginning of the input.
enum Line {
    /// Its CRLF begins here.
    Ends(usize),
    /// Its end has not come.
    Incomplete,
    /// It has no end within the limit.
    TooLong,
    /// A CR or an LF stands alone in it.
    Bare,
}

impl Session {
    /// One command from the input. `None` when the session can go on at once.
    pub(super) fn take_command(&mut self) -> Option<Step> {
        // Between two chunks a part of a message is here already; before the first one there is nothing to lose.
        if self.shutting_down && !self.receives_message() {
            self.close(say::SHUTTING_DOWN);
            return None;
        }
        match self.find_line() {
            Line::Incomplete => return Some(Step::Read),
            Line::Bare => self.close(say::BARE_LINE_END),
            Line::TooLong => self.phase = Phase::LongLine(0, self.reply_to_long_line()),
            Line::Ends(at) if matches!(self.phase, Phase::Response(_)) => return self.take_response(at),
            Line::Ends(at) => {
                let mut line = self.split_line(at);
                let command = command::parse(&line);
                // AUTH may have brought a secret.
                line.fill(0);
                return self.obey(command);
            }
        }
        None
    }

    /// Looks for the CRLF of a command within the bytes that a command may have.
    fn find_line(&mut self) -> Line {
        let bytes_max = self.line_bytes_max();
        let window = self.input.get(..self.input.len().min(bytes_max)).unwrap_or_default();
        let found = memchr2(b'\r', b'\n', window.get(self.searched..).unwrap_or_default());
        let Some(at) = found.map(|offset| self.searched + offset) else {
            self.searched = window.len();
            return if window.len() == bytes_max { Line::TooLong } else { Line::Incomplete };
        };
        match window.get(at..) {
            Some([b'\r', b'\n', ..]) => Line::Ends(at),
            Some([b'\r']) if window.len() == bytes_max => Line::TooLong,
            Some([b'\r']) => Line::Incomplete,
            _ => Line::Bare,
        }
    }

    /// MAIL and RCPT may be longer, since extensions add to them, and so may what signs in.
    fn line_bytes_max(&self) -> usize {
        let limits = &self.config.limits;
        if self.is_sign_in_line() {
            return limits.sign_in_bytes_max;
        }
        let verb = self.input.get(..5).unwrap_or_default();
        let names_path = verb.eq_ignore_ascii_case(b"MAIL ") || verb.eq_ignore_ascii_case(b"RCPT ");
        if names_path { limits.path_command_bytes_max } else { limits.command_bytes_max }
    }

    fn is_sign_in_line(&self) -> bool {
        let auth = || self.input.get(..5).is_some_and(|verb| verb.eq_ignore_ascii_case(b"AUTH "));
        matches!(self.phase, Phase::Response(_)) || (self.config.dialect == Dialect::Submission && auth())
    }

    fn reply_to_long_line(&self) -> Reply {
        if self.is_sign_in_line() { say::SIGN_IN_LINE_TOO_LONG } else { say::LINE_TOO_LONG }
    }

    /// Reads a line away that was too long, and says so at its end.
    pub(super) fn take_long_line(&mut self) -> Option<Step> {
        if self.shutting_down {
            self.close(say::SHUTTING_DOWN);
            return None;
        }
        let Phase::LongLine(discarded, reply) = &mut self.phase else { return None };
        let reply = *reply;
        let bytes_max = self.config.limits.discarded_line_bytes_max.saturating_sub(*discarded);
        let window = self.input.get(..self.input.len().min(bytes_max)).unwrap_or_default();
        let Some(at) = memchr2(b'\r', b'\n', window) else {
            *discarded += window.len();
            let endless = window.len() == bytes_max;
            self.forget_input();
            if endless {
                self.close(reply);
                return None;
            }
            return Some(Step::Read);
        };
        match self.input.get(at..) {
            Some([b'\r', b'\n', ..]) => {
                self.input.advance(at + 2);
                self.searched = 0;
                self.phase = Phase::Command;
                self.refuse(reply);
            }
            Some([b'\r']) => {
                *discarded += at;
                self.input.advance(at);
                return Some(Step::Read);
            }
            _ => self.close(say::BARE_LINE_END),
        }
        None
    }
}
