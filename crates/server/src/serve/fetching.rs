//! What people want from elsewhere, by the one egress client: pictures of a message, and to leave a list.

use bytes::Bytes;
use caliopen_connect::LeavingRequest;
use caliopen_egress::{Allowance, Egress, EgressError, Form, Redirects};
use caliopen_hub::{Fetcher, NotLeft};
use futures_util::future::{BoxFuture, FutureExt};
use std::time::Duration;

/// Bytes of one picture: what the application shows of one.
const PICTURE_BYTES_MAX: usize = 3_000_000;
/// How long somebody waits for a picture.
const PICTURE_TIME_MAX: Duration = Duration::from_secs(15);
/// Those who send newsletters count clicks and openings by redirects.
const PICTURE_REDIRECTS_MAX: u8 = 3;
/// How long somebody waits until a list's host says that they left.
const LEAVING_TIME_MAX: Duration = Duration::from_secs(15);

/// Fetches for people.
pub(super) struct Fetching(pub(super) Egress);

impl Fetcher for Fetching {
    fn picture<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Option<Bytes>> {
        let allowance = Allowance {
            body_bytes_max: PICTURE_BYTES_MAX,
            time_max: PICTURE_TIME_MAX,
            redirects: Redirects::Followed(PICTURE_REDIRECTS_MAX),
        };
        // Why not is nobody's business: the sender chose the URL, and would learn it from the answer.
        async move { self.0.get(url, allowance).await.ok().map(|fetched| fetched.body) }.boxed()
    }

    fn leave<'a>(&'a self, request: &'a LeavingRequest) -> BoxFuture<'a, Result<(), NotLeft>> {
        let form = Form { media_type: request.media_type, body: request.body };
        async move {
            self.0.post(&request.url, form, LEAVING_TIME_MAX).await.map_err(|error| match error {
                EgressError::Status(_) | EgressError::Redirected => NotLeft::Refused,
                _ => NotLeft::Unreachable,
            })
        }
        .boxed()
    }
}
