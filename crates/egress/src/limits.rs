//! The limits of every fetch, by name. A caller may ask for less, never for more.

use std::time::Duration;

/// Bytes of a body.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Everything together: looking up, connecting, each redirect, the body.
pub const TIME_MAX: Duration = Duration::from_secs(60);

/// To look a name up and open a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Redirects that are followed where they are followed at all.
pub const REDIRECTS_MAX: u8 = 5;

/// Addresses of one host that are tried.
pub const ADDRESSES_MAX: usize = 4;

/// Bytes of a URL.
pub const URL_BYTES_MAX: usize = 2_048;
