//! From the greeting to an idle connection: EHLO or HELO (RFC 5321 §4.1.1.1), STARTTLS (RFC 3207), EHLO again.

use super::reply::Lines;
use super::{Awaited, Cause, Client, Fault, Offers, StartTls, State};
use crate::path;

impl Client {
    pub(super) fn greeted(&mut self, lines: Lines) {
        if lines.class() != 2 {
            return self.refused(Awaited::Greeting, lines);
        }
        let name = lines.texts.first().and_then(|text| text.split_ascii_whitespace().next());
        self.server_name = name.filter(|name| path::is_domain(name)).map(str::to_owned);
        self.say_hello();
    }

    pub(super) fn extended_hello_answered(&mut self, lines: Lines) {
        match lines.class() {
            2 => {
                self.offers = Offers::read(lines.texts.get(1..).unwrap_or_default());
                self.consider_tls();
            }
            5 if self.starttls == StartTls::Required && !self.in_tls => {
                self.give_up(Awaited::Ehlo, Cause::Fault(Fault::TlsNotOffered));
            }
            // RFC 5321 §3.2: a server that does not know EHLO may know HELO.
            5 => self.command(Awaited::Helo, &format!("HELO {}\r\n", self.config.host_name)),
            _ => self.refused(Awaited::Ehlo, lines),
        }
    }

    pub(super) fn hello_answered(&mut self, lines: Lines) {
        self.offers = Offers::default();
        if lines.class() != 2 {
            self.refused(Awaited::Helo, lines);
        }
    }

    pub(super) fn starttls_answered(&mut self, lines: Lines) {
        if lines.class() != 2 {
            return self.refused(Awaited::StartTls, lines);
        }
        self.forget_input();
        self.state = State::Handshake;
    }

    /// The handshake is done: nothing that was said before it counts (RFC 3207 §4.2).
    pub fn tls_started(&mut self) {
        self.forget_input();
        self.output.clear();
        self.offers = Offers::default();
        self.in_tls = true;
        self.state = State::Talking;
        self.say_hello();
    }

    /// The handshake failed. There is no way back to a connection in clear.
    pub fn tls_failed(&mut self) {
        self.fail(Cause::Fault(Fault::TlsFailed));
    }

    fn say_hello(&mut self) {
        self.command(Awaited::Ehlo, &format!("EHLO {}\r\n", self.config.host_name));
    }

    fn consider_tls(&mut self) {
        match self.starttls {
            StartTls::Never => {}
            _ if self.in_tls => {}
            _ if self.offers.starttls => self.command(Awaited::StartTls, "STARTTLS\r\n"),
            StartTls::Required => self.give_up(Awaited::StartTls, Cause::Fault(Fault::TlsNotOffered)),
            StartTls::Opportunistic => {}
        }
    }

    fn refused(&mut self, awaited: Awaited, lines: Lines) {
        let reply = lines.into_reply(&self.config.limits);
        self.give_up(awaited, Cause::Said(reply));
    }

    /// Fails at the step whose reply was just read.
    pub(super) fn give_up(&mut self, awaited: Awaited, cause: Cause) {
        self.awaited.push_front(awaited);
        self.fail(cause);
    }

    fn forget_input(&mut self) {
        self.input.clear();
        self.reader.clear();
    }
}
