//! What the targets of SMTP share: the receiving side of a connection, whose every question is answered yes.

use caliopen_smtp::{
    Budget, Config, DeliveryVerdict, Dialect, Limits, RecipientVerdict, Session, SignInVerdict, Step,
};
use std::sync::Arc;

/// Far below the real limits, so that a short input reaches them.
fn limits() -> Limits {
    Limits {
        command_bytes_max: 80,
        path_command_bytes_max: 160,
        sign_in_bytes_max: 180,
        discarded_line_bytes_max: 200,
        message_bytes_max: 4_000,
        discarded_message_bytes_max: 2_000,
        header_bytes_max: 1_000,
        header_fields_max: 20,
        received_fields_max: 5,
        ..Limits::default()
    }
}

/// The most that may wait unread when a session asks for more.
const UNREAD_BYTES_MAX: usize = 200;

/// One connection.
pub struct Connection {
    session: Session,
    /// Every message that was handed over, as it was handed over.
    pub delivered: Vec<Vec<u8>>,
    /// The server has closed, or wants a handshake: nothing more is read.
    pub over: bool,
}

impl Connection {
    /// A connection on which the greeting was said.
    pub fn open(dialect: Dialect) -> Self {
        let config = Config::new(dialect, "mx.here.test", limits(), Budget::new(1_000_000));
        let config = config.expect("the name is a domain name").with_starttls().with_reports();
        let config = Arc::new(config);
        let session = match dialect {
            Dialect::Submission => Session::new_in_tls(config),
            Dialect::Smtp | Dialect::Lmtp => Session::new(config),
        };
        let mut connection = Self { session, delivered: Vec::new(), over: false };
        connection.run();
        connection
    }

    /// Gives bytes in one read.
    pub fn read(&mut self, bytes: &[u8]) {
        if !self.over {
            self.session.input().extend_from_slice(bytes);
            self.run();
        }
    }

    fn run(&mut self) {
        loop {
            let step = self.session.step();
            self.session.output().clear();
            match step {
                Step::Write => {}
                Step::Read => {
                    assert!(self.session.input().len() <= UNREAD_BYTES_MAX, "input piles up");
                    return;
                }
                Step::SignIn(_) => self.session.answer_sign_in(SignInVerdict::Accepted),
                Step::AskRecipient(_) => self.session.answer_recipient(RecipientVerdict::Accepted),
                Step::Deliver(delivery) => {
                    assert!(!delivery.envelope.forward_paths.is_empty(), "a message for nobody");
                    self.delivered.push(delivery.message.to_vec());
                    self.session.answer_delivery(&[DeliveryVerdict::Stored]);
                }
                Step::StartTls | Step::Close => {
                    self.over = true;
                    return;
                }
            }
        }
    }
}
