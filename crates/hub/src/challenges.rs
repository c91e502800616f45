//! Challenges for authenticators (WebAuthn §13.4.3): random, each for one purpose and one origin, good for five minutes
//! and once.
//!
//! A challenge is tagged under the node's key, so that nothing is kept of one that was merely asked for: strangers fill no
//! memory. What is kept is which were taken, until they are over. A restart ends all of them.

use crate::context::Context;
use crate::limits::{CHALLENGE_MS, CHALLENGES_TAKEN_MAX};
use caliopen_factors::webauthn::{CHALLENGE_BYTES, RelyingParty};
use caliopen_model::{SessionId, Timestamp};
use caliopen_vault::NodeKey;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Bytes of the time and the chance in a challenge; the rest is the tag.
const SEED_BYTES: usize = 16;
const LABEL: &str = "challenge";

/// What an answer to a challenge is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Signing in, by a passkey alone or after the password.
    SignIn,
    /// Showing, in this session, that it is still its person.
    StepUp(SessionId),
    /// Adding a passkey, from this session.
    Add(SessionId),
}

/// A challenge.
pub(crate) type Challenge = [u8; CHALLENGE_BYTES];

/// Those that were taken.
pub(crate) struct Challenges {
    /// Of this run of the program: the tags of another one are not ours.
    run: [u8; SEED_BYTES],
    taken: Mutex<HashMap<Challenge, i64>>,
}

impl Challenges {
    pub(crate) fn new(core: &Context) -> Self {
        let mut run = [0; SEED_BYTES];
        (core.entropy)(&mut run);
        Self { run, taken: Mutex::default() }
    }

    /// A new one.
    pub(crate) fn ask(&self, core: &Context, purpose: Purpose, party: &RelyingParty) -> Challenge {
        let over_at = core.clock.now().plus_ms(CHALLENGE_MS).unix_ms();
        let mut chance = [0; 8];
        (core.entropy)(&mut chance);
        let mut seed = [0; SEED_BYTES];
        seed.iter_mut()
            .zip(over_at.to_be_bytes().into_iter().chain(chance))
            .for_each(|(to, byte)| *to = byte);
        let tag = core.node.index(LABEL, &self.words(&seed, purpose, party));
        let mut challenge = [0; CHALLENGE_BYTES];
        challenge.iter_mut().zip(seed.into_iter().chain(tag)).for_each(|(to, byte)| *to = byte);
        challenge
    }

    /// Takes one: true when it is ours, for this purpose and origin, not over, and nobody took it before.
    pub(crate) fn take(
        &self,
        core: &Context,
        purpose: Purpose,
        party: &RelyingParty,
        challenge: &Challenge,
    ) -> bool {
        self.over_at(&core.node, purpose, party, challenge)
            .is_some_and(|over_at| self.note(challenge, over_at, core.clock.now()))
    }

    /// When a challenge of ours is over; none when it is not ours.
    fn over_at(
        &self,
        node: &NodeKey,
        purpose: Purpose,
        party: &RelyingParty,
        challenge: &Challenge,
    ) -> Option<i64> {
        let (seed, tag) = challenge.split_first_chunk::<SEED_BYTES>()?;
        let (over_at, _) = seed.split_first_chunk::<8>()?;
        let is_ours = node.has_index(LABEL, &self.words(seed, purpose, party), tag);
        is_ours.then(|| i64::from_be_bytes(*over_at))
    }

    fn note(&self, challenge: &Challenge, over_at: i64, now: Timestamp) -> bool {
        let now = now.unix_ms();
        // A clock that jumps back makes none last longer than it was to.
        if !(now..=now.saturating_add(CHALLENGE_MS)).contains(&over_at) {
            return false;
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= CHALLENGES_TAKEN_MAX {
            taken.retain(|_, over_at| *over_at >= now);
        }
        taken.len() < CHALLENGES_TAKEN_MAX && taken.insert(*challenge, over_at).is_none()
    }

    /// What a tag covers: parts of fixed length, then the origin.
    fn words(&self, seed: &[u8; SEED_BYTES], purpose: Purpose, party: &RelyingParty) -> Vec<u8> {
        let (kind, session) = match purpose {
            Purpose::SignIn => (0u8, [0; 16]),
            Purpose::StepUp(session) => (1, *session.as_bytes()),
            Purpose::Add(session) => (2, *session.as_bytes()),
        };
        [self.run.as_slice(), seed, &[kind], &session, party.origin.as_bytes()].concat()
    }
}
