//! The limits of verification, by name. A sender chooses what we are asked to check; we choose how much.

use std::time::Duration;

/// DKIM signatures that are checked; further ones are not looked at (RFC 6376 §6.1 allows a limit).
pub const SIGNATURES_MAX: usize = 8;

/// Names in `h=` of one signature. A longer list costs headers × names and serves no honest signer.
pub const SIGNED_HEADERS_MAX: usize = 256;

/// Header fields of a message that signatures are checked on.
pub const HEADER_FIELDS_MAX: usize = 2_000;

/// ARC sets. The standard allows 50 (RFC 8617 §5.2); each costs a look-up and a signature.
pub const ARC_SETS_MAX: usize = 16;

/// Bytes of a message that are hashed. A larger one is not authenticated: its checks are temporary errors.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Look-ups for SPF: ten terms, and ten hosts for an `mx` (RFC 7208 §4.6.4), with room for both families.
pub const SPF_LOOKUPS_MAX: usize = 40;

/// Look-ups for DKIM: one key for each signature, and the extras of a few.
pub const DKIM_LOOKUPS_MAX: usize = 2 * SIGNATURES_MAX;

/// Look-ups for ARC: one key for each seal and one for the last signature.
pub const ARC_LOOKUPS_MAX: usize = ARC_SETS_MAX + 1;

/// Look-ups for DMARC: a walk is at most eight (RFC 9989 §4.10), for the author and each aligned identity.
pub const DMARC_LOOKUPS_MAX: usize = 8 * 4;

/// Names that a peer's address may have; the first ones are checked.
pub const REVERSE_NAMES_MAX: usize = 3;

/// Mail exchangers that are kept of a domain.
pub const MX_HOSTS_MAX: usize = 10;

/// Answers that the resolver keeps.
pub const CACHED_ANSWERS_MAX: u64 = 8_192;

/// The longest that an answer is kept, whatever its own time to live says.
pub const ANSWER_AGE_MAX: Duration = Duration::from_secs(6 * 3600);

/// One try of one question to one name server.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(3);

/// Tries after the first one.
pub const QUERY_RETRIES: usize = 1;

/// All the checks of one message together. What is not done by then is a temporary error.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Bytes of an encrypted part that are decoded to recognise its structure.
pub const STRUCTURE_BYTES_MAX: usize = 256 * 1024;
