//! What shows that somebody is themselves, beside a password: what an authenticator signed ([`webauthn`]), and what an
//! app counted from a shared secret ([`totp`]). Pure: challenges, secrets and the time are handed in.
//!
//! What is not here: whose factor it is, what it opens, how often it may be tried (hub), and the key that a passkey
//! gives beside its signature (vault).

pub mod totp;
pub mod webauthn;
