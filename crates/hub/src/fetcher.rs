//! What this room asks the rest of the Internet for, in people's place: the host's one egress client.

use bytes::Bytes;
use caliopen_connect::LeavingRequest;
use futures_util::future::BoxFuture;

/// Fetches for people.
pub trait Fetcher: Send + Sync + 'static {
    /// The bytes of a picture behind an `https` URL; none when it cannot be had within the client's bounds.
    fn picture<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Option<Bytes>>;

    /// Sends the request that takes somebody off a list, once. `Ok` when its host says that it did.
    fn leave<'a>(&'a self, request: &'a LeavingRequest) -> BoxFuture<'a, Result<(), NotLeft>>;
}

/// What became of such a request instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotLeft {
    /// The host answered that it did not do it.
    Refused,
    /// No answer within the client's bounds: it may have done it.
    Unreachable,
}
