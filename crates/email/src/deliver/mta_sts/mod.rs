//! What a domain wants of who sends to it (MTA-STS, RFC 8461), looked up, fetched, and kept.
//!
//! A policy that was seen once holds for as long as it said, whoever hides its record or its host meanwhile
//! (RFC 8461 §5.1). While the process runs that time is counted by the monotonic clock: a clock that jumps ages nothing.

mod file;
mod policy;

pub(super) use policy::{Mode, Policy};

use super::limits::{
    POLICIES_MAX, POLICY_BYTES_MAX, POLICY_FAILURES_MAX, POLICY_FETCH_AGAIN_AFTER, POLICY_RENEW_AFTER,
};
use super::notes::{Failure, Note, NoteTaker, PolicyKind};
use super::sealed::SealedFile;
use crate::listen::Clock;
use crate::resolver::Resolver;
use caliopen_egress::{Allowance, Egress, Redirects};
use caliopen_model::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

/// A policy, and which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    /// What the domain's record called it.
    id: String,
    policy: Arc<Policy>,
    /// By the wall clock: what counts after a restart.
    fetched_at: Timestamp,
}

struct Entry {
    kept: Kept,
    /// When it is over, by the monotonic clock.
    until: Instant,
    /// When it is asked for again, well before that: who hides it then is too early (RFC 8461 §10.2).
    due: Instant,
}

impl Entry {
    /// A policy that was fetched so long ago; none when it is over.
    fn aged(kept: Kept, age: Duration) -> Option<Self> {
        let left = kept.policy.age_max.checked_sub(age).filter(|left| !left.is_zero())?;
        let fresh = POLICY_RENEW_AFTER.min(kept.policy.age_max / 2).saturating_sub(age);
        let now = Instant::now();
        Some(Self { kept, until: now + left, due: now + fresh })
    }
}

/// Where policies come from.
pub(super) struct Source {
    pub(super) resolver: Resolver,
    pub(super) egress: Egress,
    /// How long a fetch may take.
    pub(super) time_max: Duration,
}

/// The policies of domains.
pub(super) struct Policies {
    source: Source,
    file: Option<SealedFile>,
    clock: Clock,
    notes: NoteTaker,
    state: Mutex<State>,
    /// Whose turn it is to write the file.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    entries: HashMap<String, Entry>,
    /// Until when a policy that could not be had is not asked for again.
    failed: HashMap<String, Instant>,
}

/// Why a policy that a record announces cannot be had.
enum NoPolicy {
    /// Its host gives none.
    Fetch,
    /// What it gives is none.
    Invalid,
}

impl Policies {
    /// Policies with what the file kept of earlier ones. A file that cannot be read is begun anew.
    pub(super) fn new(source: Source, file: Option<SealedFile>, clock: Clock, notes: NoteTaker) -> Self {
        let kept = file.as_ref().map(SealedFile::read).transpose().unwrap_or_else(|error| {
            tracing::warn!(%error, "the policies of mail domains cannot be read, and are fetched again");
            None
        });
        let now = (clock)();
        let live = file::policies(&kept.unwrap_or_default()).into_iter().filter_map(|(domain, kept)| {
            let age = age(&kept, now);
            Some((domain, Entry::aged(kept, age)?))
        });
        let state = State { entries: live.take(POLICIES_MAX).collect(), failed: HashMap::new() };
        Self { source, file, clock, notes, state: Mutex::new(state), writing: tokio::sync::Mutex::default() }
    }

    /// The policy that holds for a domain now; none when it has none, or `none` (RFC 8461 §3, §5.1).
    pub(super) async fn of(&self, domain: &str) -> Option<Arc<Policy>> {
        let known = self.known(domain);
        let record = self.source.resolver.texts(&format!("_mta-sts.{domain}")).await;
        let id = record.ok().and_then(|answer| policy::id(&answer.records));
        let is_right = |id: &String| known.as_ref().is_some_and(|(kept, is_due)| kept.id == *id && !is_due);
        let wanted = id.filter(|id| !is_right(id) && self.may_ask(domain));
        let renewed = match wanted {
            Some(id) => self.renew(domain, id).await,
            None => None,
        };
        let stands = renewed.or(known.map(|(kept, _)| kept));
        stands.map(|kept| kept.policy).filter(|policy| policy.mode != Mode::None)
    }

    /// The lines of the policy that is kept of a domain, and the hosts that it names; none when none is.
    pub(super) fn words(&self, domain: &str) -> Option<(Vec<String>, Vec<String>)> {
        self.known(domain).map(|(kept, _)| (kept.policy.lines(), kept.policy.hosts.clone()))
    }

    /// Asks a domain for its policy and keeps it. None when there is nothing new to keep.
    async fn renew(&self, domain: &str, id: String) -> Option<Kept> {
        match self.fetch(domain).await {
            Ok(policy) => {
                let kept = Kept { id, policy: Arc::new(policy), fetched_at: (self.clock)() };
                self.keep(domain, &kept).await;
                Some(kept)
            }
            Err(no_policy) => {
                self.remember_failure(domain);
                let failure = match no_policy {
                    NoPolicy::Fetch => Failure::PolicyFetch,
                    NoPolicy::Invalid => Failure::PolicyInvalid,
                };
                let domain = domain.to_owned();
                let policy = Some(PolicyKind::MtaSts);
                (self.notes)(&Note { domain, policy, host: None, failure, sent: true });
                None
            }
        }
    }

    /// RFC 8461 §3.3: by HTTPS, from the host of that name, without redirects.
    async fn fetch(&self, domain: &str) -> Result<Policy, NoPolicy> {
        let allowance = Allowance {
            body_bytes_max: POLICY_BYTES_MAX,
            time_max: self.source.time_max,
            redirects: Redirects::Refused,
        };
        let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
        let fetched = self.source.egress.get(&url, allowance).await.map_err(|error| {
            tracing::debug!(%error, "a policy of MTA-STS cannot be fetched");
            NoPolicy::Fetch
        })?;
        // RFC 8461 §3.2: a page that anybody could put there is no policy.
        let text = std::str::from_utf8(&fetched.body).ok().filter(|_| fetched.media_type == "text/plain");
        text.and_then(Policy::parse).ok_or(NoPolicy::Invalid)
    }

    /// What is kept of a domain and not over, and whether it is due to be asked for again.
    fn known(&self, domain: &str) -> Option<(Kept, bool)> {
        let mut state = self.state();
        let now = Instant::now();
        let live = state.entries.get(domain).filter(|entry| now < entry.until);
        let known = live.map(|entry| (entry.kept.clone(), now >= entry.due));
        if known.is_none() {
            state.entries.remove(domain);
        }
        known
    }

    fn may_ask(&self, domain: &str) -> bool {
        self.state().failed.get(domain).is_none_or(|until| Instant::now() >= *until)
    }

    fn remember_failure(&self, domain: &str) {
        let now = Instant::now();
        let mut state = self.state();
        if state.failed.len() >= POLICY_FAILURES_MAX {
            state.failed.retain(|_, until| *until > now);
        }
        // When it is full of others, a domain is asked once more than needed.
        if state.failed.len() < POLICY_FAILURES_MAX {
            state.failed.insert(domain.to_owned(), now + POLICY_FETCH_AGAIN_AFTER);
        }
    }

    /// In memory at once, then in the file. What the file does not take holds until the next start.
    async fn keep(&self, domain: &str, kept: &Kept) {
        self.remember(domain, kept);
        let Some(file) = self.file.clone() else { return };
        // One after the other, each with what is known by then: two at once would spoil the file for both.
        let _turn = self.writing.lock().await;
        let all = self.everything();
        match spawn_blocking(move || file.write(file::text(&all))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the policies of mail domains cannot be kept"),
            Err(_) => tracing::warn!("the policies of mail domains were not kept"),
        }
    }

    fn remember(&self, domain: &str, kept: &Kept) {
        let mut state = self.state();
        state.failed.remove(domain);
        make_room(&mut state.entries);
        match Entry::aged(kept.clone(), Duration::ZERO) {
            Some(entry) => state.entries.insert(domain.to_owned(), entry),
            None => state.entries.remove(domain),
        };
    }

    fn everything(&self) -> HashMap<String, Kept> {
        let state = self.state();
        state.entries.iter().map(|(domain, entry)| (domain.clone(), entry.kept.clone())).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How old a kept policy is by the wall clock. One from the future is new.
fn age(kept: &Kept, now: Timestamp) -> Duration {
    let ms = now.unix_ms().saturating_sub(kept.fetched_at.unix_ms());
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// Forgets what is over, and when that is not enough, what would be over first.
fn make_room(entries: &mut HashMap<String, Entry>) {
    if entries.len() < POLICIES_MAX {
        return;
    }
    let now = Instant::now();
    entries.retain(|_, entry| entry.until > now);
    if entries.len() >= POLICIES_MAX
        && let Some(first) =
            entries.iter().min_by_key(|(_, entry)| entry.until).map(|(domain, _)| domain.clone())
    {
        entries.remove(&first);
    }
}
