//! RFC 5322 and MIME bytes to a message, and hostile HTML to safe HTML. Pure; never fails.
