//! What this room accepts, by name. Those of RFC 8620 §2 are declared in the Session object and kept.

use std::time::Duration;

/// The limits of RFC 8620 §2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `maxSizeUpload`, in bytes.
    pub upload_bytes_max: usize,
    /// `maxConcurrentUpload`, of one account.
    pub uploads_at_once_max: usize,
    /// `maxSizeRequest`, in bytes.
    pub request_bytes_max: usize,
    /// `maxConcurrentRequests`, of one account.
    pub requests_at_once_max: usize,
    /// `maxCallsInRequest`.
    pub calls_max: usize,
    /// `maxObjectsInGet`.
    pub get_objects_max: usize,
    /// `maxObjectsInSet`.
    pub set_objects_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_bytes_max: 50_000_000,
            uploads_at_once_max: 4,
            request_bytes_max: 1_000_000,
            requests_at_once_max: 8,
            calls_max: 32,
            get_objects_max: 500,
            set_objects_max: 500,
        }
    }
}

/// Arrays and objects inside each other in a request.
pub(crate) const JSON_DEPTH_MAX: usize = 32;
/// Bytes that the back-references of one request may copy: one that copies a copy doubles it each time.
pub(crate) const REFERENCED_BYTES_MAX: usize = 4_000_000;
/// Bytes of the answers of one request; the call that goes beyond is answered with an error.
pub(crate) const ANSWER_BYTES_MAX: usize = 32_000_000;
/// Messages that one call opens for their bodies or headers: each is read from its blob.
pub(crate) const OPENED_MESSAGES_MAX: usize = 50;
/// Recipients of one question what is to be expected of a message to them.
pub(crate) const OUTLOOKS_MAX: usize = 50;
/// Bytes of a question. What the search reads of it is less; the rest is named as a problem.
pub(crate) const QUESTION_BYTES_MAX: usize = 10_000;
/// Contacts that one query puts in order of name: their names are sealed, so it opens them all.
pub(crate) const CONTACTS_SORTED_MAX: usize = 10_000;
/// Ids that a page of a query holds.
pub(crate) const PAGE_MAX: usize = caliopen_hub::limits::PAGE_MAX;
/// Ids that a query passes over to find an anchor that the hub has no index of, or to count a list.
pub(crate) const WALKED_IDS_MAX: usize = 50_000;
/// Ids that one `/changes` returns.
pub(crate) const CHANGES_MAX: usize = 500;
/// Bytes of a body of `/auth`.
pub(crate) const AUTH_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a session's token, whatever its form.
pub(crate) const TOKEN_BYTES_MAX: usize = 512;
/// Characters of what a program calls itself.
pub(crate) const CLIENT_CHARS_MAX: usize = 100;
/// Characters of a name or a title that a person gives.
pub(crate) const NAME_CHARS_MAX: usize = 200;
/// Characters of a label's name.
pub(crate) const LABEL_CHARS_MAX: usize = 60;
/// Characters of a note.
pub(crate) const NOTE_CHARS_MAX: usize = 10_000;
/// Characters of a signature, and of a formatted one.
pub(crate) const SIGNATURE_CHARS_MAX: usize = 10_000;
/// Downloads of one account at a time: the others wait their turn.
pub(crate) const DOWNLOADS_AT_ONCE_MAX: usize = 4;
/// Characters of the name of a downloaded file.
pub(crate) const FILE_NAME_CHARS_MAX: usize = 120;
/// Event streams of one session at a time.
pub(crate) const EVENT_STREAMS_MAX: usize = 6;
/// Uploads at a time of all accounts together: each is held in memory.
pub(crate) const UPLOADS_OF_ALL_MAX: usize = 8;
/// Imports and exports at a time of all accounts together.
pub(crate) const TRANSFERS_OF_ALL_MAX: usize = 8;

/// How long the file of an import may stay without a byte: a phone in a tunnel comes back.
pub(crate) const IMPORT_SILENCE_MAX: Duration = Duration::from_secs(60);
/// How long a body of `/auth` or of the API may take to arrive.
pub(crate) const BODY_TIME_MAX: Duration = Duration::from_secs(30);
/// How long an upload may take to arrive.
pub(crate) const UPLOAD_TIME_MAX: Duration = Duration::from_secs(15 * 60);
/// How long a body may stay without a byte.
pub(crate) const BODY_SILENCE_MAX: Duration = Duration::from_secs(20);
/// How long a download waits for its turn.
pub(crate) const DOWNLOAD_WAIT_MAX: Duration = Duration::from_secs(60);
/// Shortest and longest time between two pings (RFC 8620 §7.3 wants at most 30 and at least 300 seconds).
pub(crate) const PING_SECONDS: std::ops::RangeInclusive<u64> = 5..=900;
/// Longest time that a stream outlives its session.
pub(crate) const SESSION_CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// Shortest time between two events: what happens meanwhile is told together.
pub(crate) const EVENT_GAP: Duration = Duration::from_millis(200);
/// How long a browser keeps the cookie, in seconds. A session that nobody uses is over by then.
pub(crate) const COOKIE_SECONDS: u64 = 90 * 24 * 60 * 60;
