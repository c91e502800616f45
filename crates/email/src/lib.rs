//! The Internet-mail connector: listeners, SPF, DKIM, DMARC, ARC, and reading of mail.

pub mod listen;
