//! Every reply that we can give, in one table. The EHLO answer and the greeting are in `config`.

use crate::reply::Reply;

// Success.
pub(crate) const CLOSING: Reply = Reply::new(221, 0, 0, "Goodbye");
pub(crate) const TLS_READY: Reply = Reply::new(220, 0, 0, "Start TLS now");
pub(crate) const HELP: Reply =
    Reply::new(214, 0, 0, "This server follows RFC 5321; write to its postmaster for help");
pub(crate) const OK: Reply = Reply::new(250, 0, 0, "OK");
pub(crate) const SENDER_OK: Reply = Reply::new(250, 1, 0, "Sender taken");
pub(crate) const RECIPIENT_OK: Reply = Reply::new(250, 1, 5, "Recipient taken");
pub(crate) const CHUNK_OK: Reply = Reply::new(250, 0, 0, "Chunk taken");
pub(crate) const STORED: Reply = Reply::new(250, 0, 0, "Message stored");
pub(crate) const CANNOT_VERIFY: Reply =
    Reply::new(252, 5, 0, "Names are not verified; send the message and its recipients will be checked");
pub(crate) const SEND_MESSAGE: Reply =
    Reply::plain(354, "Send the message; end it with a dot on its own line");

// Signing in (RFC 4954 §6).
pub(crate) const SIGNED_IN: Reply = Reply::new(235, 7, 0, "Signed in");
pub(crate) const CHALLENGE: Reply = Reply::plain(334, "");
/// `Username:` in base64.
pub(crate) const CHALLENGE_NAME: Reply = Reply::plain(334, "VXNlcm5hbWU6");
/// `Password:` in base64.
pub(crate) const CHALLENGE_SECRET: Reply = Reply::plain(334, "UGFzc3dvcmQ6");
pub(crate) const TOO_MANY_SIGN_INS: Reply =
    Reply::new(421, 7, 0, "Too many refused sign-ins; closing the connection");
pub(crate) const SIGN_IN_LATER: Reply =
    Reply::new(454, 3, 0, "The sign-in cannot be checked now; try again later");
pub(crate) const SIGN_IN_TOO_OFTEN: Reply =
    Reply::new(454, 7, 0, "Too many tries; wait a minute, then try again");
pub(crate) const SIGN_IN_LINE_TOO_LONG: Reply = Reply::new(500, 5, 6, "The line of the sign-in is too long");
pub(crate) const BAD_RESPONSE: Reply = Reply::new(501, 5, 2, "The response is not what the mechanism says");
pub(crate) const SIGN_IN_CANCELLED: Reply = Reply::new(501, 7, 0, "The sign-in was broken off");
pub(crate) const SIGNED_IN_ALREADY: Reply = Reply::new(503, 5, 1, "You are signed in already");
pub(crate) const UNKNOWN_MECHANISM: Reply = Reply::new(504, 5, 4, "Sign in by PLAIN or LOGIN");
pub(crate) const SUBMISSION_NEEDS_TLS: Reply = Reply::new(530, 7, 0, "Start TLS first, then sign in");
pub(crate) const SIGN_IN_FIRST: Reply = Reply::new(530, 7, 0, "Sign in first");
pub(crate) const SIGN_IN_REFUSED: Reply =
    Reply::new(535, 7, 8, "The address or the app password is wrong; app passwords are made in the settings");
pub(crate) const AUTH_NEEDS_TLS: Reply =
    Reply::new(538, 7, 11, "Start TLS first: secrets are not taken in clear");

// Not now.
pub(crate) const SHUTTING_DOWN: Reply = Reply::new(421, 3, 2, "The server is shutting down; try again soon");
pub(crate) const TIMED_OUT: Reply = Reply::new(421, 4, 2, "Waited too long; closing the connection");
pub(crate) const TOO_MANY_COMMANDS: Reply =
    Reply::new(421, 7, 0, "Too many commands in one connection; open another");
pub(crate) const TOO_MANY_ERRORS: Reply = Reply::new(421, 7, 0, "Too many errors; closing the connection");
pub(crate) const TOO_MANY_REFUSED: Reply =
    Reply::new(421, 7, 0, "Too many refused recipients; closing the connection");
pub(crate) const TOO_MANY_TRANSACTIONS: Reply =
    Reply::new(421, 7, 0, "Too many messages in one connection; open another");
/// Said instead of the greeting when the host serves as many connections as it can.
pub const TOO_MANY_CONNECTIONS: Reply = Reply::new(421, 3, 2, "Too many connections; try again later");
/// Said instead of the greeting when one address has as many connections as it may.
pub const TOO_MANY_CONNECTIONS_FROM_ADDRESS: Reply =
    Reply::new(421, 7, 0, "Too many connections from your address; try again later");
pub(crate) const TRY_LATER: Reply = Reply::new(451, 3, 0, "Nothing was kept; try again later");
pub(crate) const RECIPIENT_TRY_LATER: Reply =
    Reply::new(451, 3, 0, "The recipient cannot be checked now; try again later");
pub(crate) const TOO_BUSY: Reply =
    Reply::new(452, 3, 1, "Too many messages are being received at this moment; try again later");
pub(crate) const STORAGE_FULL: Reply = Reply::new(452, 3, 1, "The storage is full; try again later");
pub(crate) const MAILBOX_FULL: Reply = Reply::new(452, 2, 2, "The mailbox is full; try again later");
pub(crate) const OWN_MAILBOX_FULL: Reply =
    Reply::new(452, 2, 2, "Your mailbox is full; delete for good what you do not need, then send this again");
pub(crate) const TOO_MANY_RECIPIENTS: Reply =
    Reply::new(452, 5, 3, "Too many recipients for one message; send the rest in another");

/// The person revoked what a program signed in with.
pub(crate) const SIGNED_OUT: Reply =
    Reply::new(421, 7, 0, "This app password was revoked; make another one in the settings");
pub(crate) const ACCOUNT_LIMIT: Reply = Reply::new(
    451,
    7,
    1,
    "You reached the limit of recipients an hour; the message was not taken, try again later",
);
pub(crate) const HOST_LIMIT: Reply =
    Reply::new(451, 7, 1, "This server reached its limit of recipients an hour; try again later");
pub(crate) const FAN_OUT: Reply = Reply::new(
    451,
    7,
    1,
    "Too many people at once whom you never wrote to; try again in an hour, or send it in the application",
);

// Never: commands.
pub(crate) const LINE_TOO_LONG: Reply = Reply::new(500, 5, 2, "The command line is too long");
pub(crate) const BARE_LINE_END: Reply =
    Reply::new(500, 5, 2, "Lines must end with CR LF; closing the connection");
pub(crate) const BAD_CHARACTER: Reply =
    Reply::new(500, 5, 2, "The command holds a control character or is not UTF-8");
pub(crate) const UNKNOWN_COMMAND: Reply = Reply::new(500, 5, 1, "The command is not known here");
pub(crate) const NOT_MAIL: Reply = Reply::new(500, 5, 1, "This is a mail server; closing the connection");
pub(crate) const BAD_ARGUMENTS: Reply = Reply::new(501, 5, 4, "The command's arguments are wrong");
pub(crate) const BAD_CHUNK: Reply =
    Reply::new(501, 5, 4, "The size of the chunk cannot be read; closing the connection");
pub(crate) const BAD_GREETING: Reply =
    Reply::new(501, 5, 4, "Say who you are: a host name or an address literal");
pub(crate) const BAD_SENDER: Reply = Reply::new(501, 1, 7, "The sender's address cannot be read");
pub(crate) const BAD_RECIPIENT: Reply = Reply::new(501, 1, 3, "The recipient's address cannot be read");
pub(crate) const NOT_IMPLEMENTED: Reply = Reply::new(502, 5, 1, "The command is not offered here");
pub(crate) const GREET_FIRST: Reply = Reply::new(503, 5, 1, "Greet the server first");
pub(crate) const MAIL_FIRST: Reply = Reply::new(503, 5, 1, "Name the sender first");
pub(crate) const RECIPIENT_FIRST: Reply = Reply::new(503, 5, 1, "No recipient was accepted");
pub(crate) const NESTED_MAIL: Reply = Reply::new(503, 5, 1, "A sender was named already");
pub(crate) const CHUNKS_BEGUN: Reply =
    Reply::new(503, 5, 1, "The message is being sent in chunks; finish or reset");
pub(crate) const TLS_ALREADY: Reply = Reply::new(503, 5, 1, "TLS is active already");
pub(crate) const UNKNOWN_PARAMETER: Reply =
    Reply::new(555, 5, 4, "A parameter is not among the extensions offered");
pub(crate) const NEEDS_SMTPUTF8: Reply =
    Reply::new(553, 6, 7, "An address outside ASCII needs the SMTPUTF8 parameter");

// Never: recipients and messages.
pub(crate) const NO_SUCH_USER: Reply = Reply::new(550, 1, 1, "There is no such user here");
pub(crate) const NOT_LOCAL: Reply =
    Reply::new(550, 7, 1, "Relaying is denied: the domain is not served here");
pub(crate) const NOT_YOUR_FROM: Reply =
    Reply::new(550, 7, 1, "The From field must name one address, and it must be yours");
pub(crate) const NOT_YOUR_SENDER: Reply =
    Reply::new(550, 7, 1, "The Sender and Resent fields must name your own addresses");
pub(crate) const BAD_HEADER: Reply =
    Reply::new(554, 6, 0, "The message begins with a line that is no header field");
pub(crate) const MESSAGE_TOO_LARGE: Reply =
    Reply::new(552, 3, 4, "The message is larger than this server takes");
pub(crate) const HEADER_TOO_LARGE: Reply =
    Reply::new(552, 3, 4, "The header section is larger than this server takes");
pub(crate) const TOO_MANY_FIELDS: Reply = Reply::new(554, 6, 0, "The message has too many header fields");
pub(crate) const LOOP: Reply =
    Reply::new(554, 4, 6, "The message went through too many servers; it seems to loop");
pub(crate) const BARE_LINE_END_IN_MESSAGE: Reply =
    Reply::new(554, 6, 0, "The message holds a CR or LF alone; lines must end with CR LF");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_one_line_with_its_enhanced_status() {
        assert_eq!(NO_SUCH_USER.to_string(), "550 5.1.1 There is no such user here");
        assert_eq!(SEND_MESSAGE.to_string(), "354 Send the message; end it with a dot on its own line");
        let mut out = bytes::BytesMut::new();
        TIMED_OUT.write_to(&mut out);
        assert_eq!(&out[..], b"421 4.4.2 Waited too long; closing the connection\r\n");
        assert_eq!(TIMED_OUT.status().map(|status| status.class), Some(4));
    }
}
