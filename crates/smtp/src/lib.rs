//! SMTP and LMTP (RFC 5321, 2033) as state machines without I/O, plus a thin tokio driver.
