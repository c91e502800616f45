//! Every bound of the protocol, by name. The driver's times are in [`crate::Timeouts`].

/// What one connection may ask of us. Exceeding a bound is answered, never guessed around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest command line with its CRLF (RFC 5321 §4.5.3.1.4).
    pub command_bytes_max: usize,
    /// Longest MAIL or RCPT line with its CRLF: extensions add parameters to these two.
    pub path_command_bytes_max: usize,
    /// Longest line of a sign-in with its CRLF (RFC 4954 §4).
    pub sign_in_bytes_max: usize,
    /// Longest run of bytes that is read away in search of the end of a line that was too long.
    pub discarded_line_bytes_max: usize,
    /// Commands in one connection.
    pub commands_max: u32,
    /// Refused commands in one connection.
    pub errors_max: u32,
    /// Refused sign-ins in one connection: the last one ends it.
    pub sign_ins_refused_max: u32,
    /// Refused recipients in one connection: more looks like a search for names.
    pub refused_recipients_max: u32,
    /// Recipients of one message; at least 100 (RFC 5321 §4.5.3.1.8).
    pub recipients_max: usize,
    /// Messages in one connection.
    pub transactions_max: u32,
    /// Largest message, as announced by SIZE (RFC 1870).
    pub message_bytes_max: u64,
    /// Largest header section, with the empty line that ends it.
    pub header_bytes_max: u64,
    /// Header fields of one message.
    pub header_fields_max: u32,
    /// `Received` fields of one message: more is a loop (RFC 5321 §6.3).
    pub received_fields_max: u32,
    /// What is read away past the largest message, so that its sender hears why it is refused.
    pub discarded_message_bytes_max: u64,
}

impl Limits {
    /// The limits for the programs of people of this host: a newsletter of theirs names more recipients than
    /// strangers may.
    pub fn for_submission() -> Self {
        Self { recipients_max: 1_000, ..Self::default() }
    }

    /// The limits for a relay of the same host, which brings the mail of many strangers by few connections.
    pub fn for_relay() -> Self {
        Self {
            commands_max: 10_000_000,
            errors_max: 1_000,
            refused_recipients_max: 1_000_000,
            transactions_max: 1_000_000,
            ..Self::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            command_bytes_max: 512,
            path_command_bytes_max: 4_096,
            sign_in_bytes_max: 12_288,
            discarded_line_bytes_max: 64 * 1_024,
            commands_max: 10_000,
            errors_max: 20,
            sign_ins_refused_max: 3,
            refused_recipients_max: 100,
            recipients_max: 500,
            transactions_max: 1_000,
            message_bytes_max: 50 * 1_024 * 1_024,
            header_bytes_max: 256 * 1_024,
            header_fields_max: 1_000,
            received_fields_max: 100,
            discarded_message_bytes_max: 50 * 1_024 * 1_024,
        }
    }
}
