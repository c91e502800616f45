//! The limits of delivery, by name. A recipient's domain chooses which hosts are tried; we choose how many,
//! and for how long.

use std::time::Duration;

/// Hosts of one domain that are looked at.
pub const HOSTS_MAX: usize = 5;

/// Addresses of one host that are tried.
pub const ADDRESSES_MAX: usize = 4;

/// Connections that one attempt opens (RFC 5321 §5.1 wants at least two).
pub const CONNECTIONS_MAX: usize = 6;

/// After this, no further host is tried in the same attempt.
pub const ATTEMPT_TIME_MAX: Duration = Duration::from_secs(10 * 60);

/// Recipients of one transaction: what every server takes (RFC 5321 §4.5.3.1.8).
pub const RECIPIENTS_MAX: usize = 100;

/// Connections to one host that are in use at the same time.
pub const CONNECTIONS_PER_HOST_MAX: usize = 10;

/// Connections that are opened to one host in a second, after a first burst of [`CONNECTIONS_PER_HOST_MAX`]. A host that
/// closes after each message would otherwise be knocked at as fast as it closes.
pub const CONNECTIONS_PER_SECOND_MAX: u32 = 10;

/// Idle connections that are kept of one host.
pub const IDLE_PER_HOST_MAX: usize = 4;

/// Idle connections that are kept in all.
pub const IDLE_MAX: usize = 200;

/// Messages that go over one connection.
pub const MESSAGES_PER_CONNECTION_MAX: u32 = 100;

/// How long a connection may be idle. Long enough for a burst, too short to be in a peer's way.
pub const IDLE_TIME_MAX: Duration = Duration::from_secs(20);

/// How long an address that did not answer is not tried again. Less than the queue's first wait, so that a message
/// that comes back after it finds out whether the host is up.
pub const DEAD_TIME: Duration = Duration::from_secs(50);

/// Addresses that are remembered as not answering.
pub const DEAD_MAX: usize = 10_000;

/// Hosts whose slots are remembered while nobody uses them.
pub const SLOTS_MAX: usize = 1_000;

/// To open a TCP connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// For the TLS handshake.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(60);

/// The bytes of a peer's words that are kept (`Trouble::said`).
pub const SAID_BYTES_MAX: usize = 500;

/// Bytes of a policy of MTA-STS (RFC 8461 §3.2 names 64 KiB).
pub const POLICY_BYTES_MAX: usize = 64 * 1024;

/// To fetch a policy: less than the minute of RFC 8461 §3.3, because a message waits for it.
pub const POLICY_FETCH_TIME_MAX: Duration = Duration::from_secs(15);

/// How long a policy that could not be fetched is not asked for again (RFC 8461 §3.3 wants five minutes or more).
pub const POLICY_FETCH_AGAIN_AFTER: Duration = Duration::from_secs(5 * 60);

/// How long a policy that holds is not asked for again; half of its own time when that is less.
pub const POLICY_RENEW_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Policies that are kept.
pub const POLICIES_MAX: usize = 10_000;

/// Domains that are remembered as having a policy that cannot be had.
pub const POLICY_FAILURES_MAX: usize = 10_000;

/// Lines of the tally that reports of encryption are made of: a domain, a host and a result each.
pub const TALLY_LINES_MAX: usize = 20_000;

/// The longest that reports wait after the day that they are about: four hours.
pub const TELLING_DELAY_MS_MAX: u64 = 4 * 3600 * 1000;

/// Days after which a report that nobody took is not tried again (RFC 8460 §5.4 wants a day).
pub const REPORT_AGE_DAYS_MAX: i64 = 2;

/// Places that one domain is told at.
pub const REPORT_PLACES_MAX: usize = 4;

/// One report, in bytes of JSON.
pub const REPORT_BYTES_MAX: usize = 512 * 1024;

/// To hand over one report.
pub const REPORT_TIME_MAX: Duration = Duration::from_secs(30);

/// TLSA records of one host that are looked at.
pub const ASSOCIATIONS_MAX: usize = 32;

/// To look up what would happen to a message: what whoever writes it waits for at most, with room for the way there.
pub const OUTLOOK_TIME_MAX: Duration = Duration::from_millis(1_400);

/// How long what would happen is answered from memory. A message that leaves asks anew.
pub const OUTLOOK_AGE_MAX: Duration = Duration::from_secs(5 * 60);

/// Domains whose outlook is kept.
pub const OUTLOOKS_MAX: usize = 2_000;

/// How long a domain whose hosts did not prove who they are is expected to go on so: the longest pause of the queue, whose
/// next attempt says what is true then.
pub const WITHHELD_AGE_MAX: Duration = Duration::from_secs(4 * 3600);
