//! Command lines in the input: found by their CRLF, refused when they are too long or end otherwise.

use super::{Phase, Session, Step};
use crate::command;
use crate::replies as say;
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
            Line::TooLong => self.phase = Phase::LongLine(0),
            Line::Ends(at) => {
                let command = command::parse(self.input.get(..at).unwrap_or_default());
                self.input.advance(at + 2);
                self.searched = 0;
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

    /// MAIL and RCPT may be longer, since extensions add to them.
    fn line_bytes_max(&self) -> usize {
        let limits = &self.config.limits;
        let verb = self.input.get(..5).unwrap_or_default();
        let names_path = verb.eq_ignore_ascii_case(b"MAIL ") || verb.eq_ignore_ascii_case(b"RCPT ");
        if names_path { limits.path_command_bytes_max } else { limits.command_bytes_max }
    }

    /// Reads a line away that was too long, and says so at its end.
    pub(super) fn take_long_line(&mut self) -> Option<Step> {
        if self.shutting_down {
            self.close(say::SHUTTING_DOWN);
            return None;
        }
        let Phase::LongLine(discarded) = &mut self.phase else { return None };
        let bytes_max = self.config.limits.discarded_line_bytes_max.saturating_sub(*discarded);
        let window = self.input.get(..self.input.len().min(bytes_max)).unwrap_or_default();
        let Some(at) = memchr2(b'\r', b'\n', window) else {
            *discarded += window.len();
            let endless = window.len() == bytes_max;
            self.forget_input();
            if endless {
                self.close(say::LINE_TOO_LONG);
                return None;
            }
            return Some(Step::Read);
        };
        match self.input.get(at..) {
            Some([b'\r', b'\n', ..]) => {
                self.input.advance(at + 2);
                self.searched = 0;
                self.phase = Phase::Command;
                self.refuse(say::LINE_TOO_LONG);
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
