//! Rows of what opens an account, and of where it is open.

use super::{Blind, key, under};
use bytes::Bytes;
use caliopen_model::{AppPasswordId, DeviceId, PasskeyId, SessionId};
use std::ops::Range;

pub(crate) fn password_wrap() -> Bytes {
    key(b'W', &[b"p"])
}
pub(crate) fn recovery_wrap(confirmed: bool) -> Bytes {
    key(b'W', &[if confirmed { b"r" } else { b"n" }])
}
pub(crate) fn session(id: SessionId) -> Bytes {
    key(b's', &[id.as_bytes()])
}
pub(crate) fn sessions() -> Range<Bytes> {
    under(key(b's', &[]))
}
pub(crate) fn device(id: DeviceId) -> Bytes {
    key(b'D', &[id.as_bytes()])
}
pub(crate) fn devices() -> Range<Bytes> {
    under(key(b'D', &[]))
}
pub(crate) fn passkey(id: PasskeyId) -> Bytes {
    key(b'Y', &[id.as_bytes()])
}
pub(crate) fn passkeys() -> Range<Bytes> {
    under(key(b'Y', &[]))
}
pub(crate) fn second_factor() -> Bytes {
    key(b'Q', &[])
}
/// What a person said of a network.
pub(crate) fn network(blind: &Blind) -> Bytes {
    key(b'L', &[blind])
}
pub(crate) fn networks() -> Range<Bytes> {
    under(key(b'L', &[]))
}
pub(crate) fn app_password(id: AppPasswordId) -> Bytes {
    key(b'K', &[id.as_bytes()])
}
pub(crate) fn app_passwords() -> Range<Bytes> {
    under(key(b'K', &[]))
}
