//! Pictures for people, by the one egress client.

use bytes::Bytes;
use caliopen_egress::{Allowance, Egress, Redirects};
use caliopen_hub::Fetcher;
use futures_util::future::{BoxFuture, FutureExt};
use std::time::Duration;

/// Bytes of one picture: what the application shows of one.
const PICTURE_BYTES_MAX: usize = 3_000_000;
/// How long somebody waits for a picture.
const PICTURE_TIME_MAX: Duration = Duration::from_secs(15);
/// Those who send newsletters count clicks and openings by redirects.
const PICTURE_REDIRECTS_MAX: u8 = 3;

/// Fetches pictures.
pub(super) struct Pictures(pub(super) Egress);

impl Fetcher for Pictures {
    fn picture<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Option<Bytes>> {
        let allowance = Allowance {
            body_bytes_max: PICTURE_BYTES_MAX,
            time_max: PICTURE_TIME_MAX,
            redirects: Redirects::Followed(PICTURE_REDIRECTS_MAX),
        };
        // Why not is nobody's business: the sender chose the URL, and would learn it from the answer.
        async move { self.0.get(url, allowance).await.ok().map(|fetched| fetched.body) }.boxed()
    }
}
