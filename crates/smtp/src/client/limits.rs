//! Every bound of the sending side, by name. The driver's times are in [`super::Timeouts`].

/// What a server may say, and how we speak to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest line of a reply with its CRLF. RFC 5321 §4.5.3.1.5 says 512; servers in use say more.
    pub reply_line_bytes_max: usize,
    /// Lines of one reply.
    pub reply_lines_max: usize,
    /// Bytes of one reply.
    pub reply_bytes_max: usize,
    /// How much of a reply's text is kept to be shown.
    pub text_bytes_max: usize,
    /// Commands whose replies may be outstanding together (RFC 2920): so few that their replies fit into any
    /// window, and neither side can wait for the other for ever.
    pub pipelined_commands_max: usize,
    /// Longest chunk of BDAT (RFC 3030): after each the server can say that it wants no more.
    pub chunk_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reply_line_bytes_max: 2_048,
            reply_lines_max: 100,
            reply_bytes_max: 32 * 1_024,
            text_bytes_max: 1_000,
            pipelined_commands_max: 50,
            chunk_bytes_max: 4 * 1_024 * 1_024,
        }
    }
}
