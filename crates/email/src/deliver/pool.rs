//! What is remembered between messages: idle connections, who does not answer, and how many connections each
//! host has. All of it is bounded, and forgotten by time.

use super::connection::Connection;
use super::demand::Demand;
use super::limits::{
    CONNECTIONS_PER_HOST_MAX, CONNECTIONS_PER_SECOND_MAX, DEAD_MAX, DEAD_TIME, IDLE_MAX, IDLE_PER_HOST_MAX,
    IDLE_TIME_MAX, MESSAGES_PER_CONNECTION_MAX, SLOTS_MAX,
};
use super::targets::Target;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// A host as connections are told apart by: what is demanded of one connection was never proven by another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct HostKey {
    place: Place,
    demand: Demand,
}

/// A host and its port: what is not to be burdened, whatever is demanded of it.
type Place = (String, u16);

impl HostKey {
    pub(super) fn new(target: &Target, demand: Demand) -> Self {
        Self { place: (target.host.to_ascii_lowercase(), target.port), demand }
    }
}

/// The memory of delivery.
#[derive(Default)]
pub(super) struct Pool {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: HashMap<HostKey, Vec<(Instant, Connection)>>,
    slots: HashMap<Place, Arc<Semaphore>>,
    /// When each will have got over the connections that were opened to it, at the pace that it is allowed.
    paces: HashMap<Place, Instant>,
    /// Until when each is left alone.
    dead: HashMap<SocketAddr, Instant>,
}

impl Pool {
    /// The right to have a connection to a host: as many as [`CONNECTIONS_PER_HOST_MAX`] at one time.
    pub(super) fn slots(&self, host: &HostKey) -> Arc<Semaphore> {
        let mut state = self.state();
        if state.slots.len() >= SLOTS_MAX {
            state.slots.retain(|_, slots| Arc::strong_count(slots) > 1);
        }
        let slots = state.slots.entry(host.place.clone());
        Arc::clone(slots.or_insert_with(|| Arc::new(Semaphore::new(CONNECTIONS_PER_HOST_MAX))))
    }

    /// When a connection to a host may be opened. It is counted as opened then, so that others come later.
    pub(super) fn turn(&self, host: &HostKey) -> Instant {
        let pause = Duration::from_secs(1) / CONNECTIONS_PER_SECOND_MAX;
        let burst = pause * CONNECTIONS_PER_HOST_MAX as u32;
        let now = Instant::now();
        let mut state = self.state();
        if state.paces.len() >= SLOTS_MAX {
            state.paces.retain(|_, pace| *pace > now);
        }
        let pace = state.paces.get(&host.place).copied().unwrap_or(now).max(now);
        state.paces.insert(host.place.clone(), pace + pause);
        now + pace.duration_since(now).saturating_sub(burst)
    }

    /// An idle connection to a host: the one that was used last.
    pub(super) fn take(&self, host: &HostKey) -> Option<Connection> {
        let mut state = self.state();
        let waiting = state.idle.get_mut(host)?;
        let newest = waiting.pop();
        if waiting.is_empty() {
            state.idle.remove(host);
        }
        newest.filter(|(since, _)| since.elapsed() < IDLE_TIME_MAX).map(|(_, connection)| connection)
    }

    /// Keeps a connection for the next message, or gives it back to be left.
    pub(super) fn keep(&self, host: HostKey, connection: Connection) -> Option<Connection> {
        if connection.messages() >= MESSAGES_PER_CONNECTION_MAX {
            return Some(connection);
        }
        let mut state = self.state();
        let in_all: usize = state.idle.values().map(Vec::len).sum();
        let waiting = state.idle.get(&host).map_or(0, Vec::len);
        if in_all >= IDLE_MAX || waiting >= IDLE_PER_HOST_MAX {
            return Some(connection);
        }
        state.idle.entry(host).or_default().push((Instant::now(), connection));
        None
    }

    /// The connections that were idle for this long, or all.
    pub(super) fn idle_since(&self, at_least: Duration) -> Vec<Connection> {
        let mut state = self.state();
        let mut old = Vec::new();
        for waiting in state.idle.values_mut() {
            let all = std::mem::take(waiting);
            let (gone, kept): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|(since, _)| since.elapsed() >= at_least);
            *waiting = kept;
            old.extend(gone.into_iter().map(|(_, connection)| connection));
        }
        state.idle.retain(|_, waiting| !waiting.is_empty());
        old
    }

    /// Remembers that nobody answers at an address.
    pub(super) fn bury(&self, address: SocketAddr) {
        let mut state = self.state();
        let now = Instant::now();
        if state.dead.len() >= DEAD_MAX {
            state.dead.retain(|_, until| *until > now);
        }
        // When it is full of others, an address is tried once more than needed.
        if state.dead.len() < DEAD_MAX {
            state.dead.insert(address, now + DEAD_TIME);
        }
    }

    /// Whether nobody answered at an address a short while ago.
    pub(super) fn is_dead(&self, address: SocketAddr) -> bool {
        let mut state = self.state();
        let left_alone = state.dead.get(&address).is_some_and(|until| *until > Instant::now());
        if !left_alone {
            state.dead.remove(&address);
        }
        left_alone
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::Policy;
    use tokio::time::advance;

    fn key(host: &str) -> HostKey {
        HostKey { place: (host.to_owned(), 25), demand: Demand::Plain(Policy::Opportunistic) }
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_answer_is_left_alone_for_a_while() {
        let pool = Pool::default();
        let address: SocketAddr = "192.0.2.1:25".parse().unwrap();
        assert!(!pool.is_dead(address));
        pool.bury(address);
        assert!(pool.is_dead(address));
        assert!(!pool.is_dead("192.0.2.2:25".parse().unwrap()));
        advance(DEAD_TIME).await;
        assert!(!pool.is_dead(address));
    }

    #[tokio::test]
    async fn a_host_has_so_many_connections_and_no_more() {
        let pool = Pool::default();
        let held: Vec<_> = (0..CONNECTIONS_PER_HOST_MAX)
            .map(|_| pool.slots(&key("a")).try_acquire_owned().unwrap())
            .collect();
        assert!(pool.slots(&key("a")).try_acquire_owned().is_err());
        let sterner = HostKey { demand: Demand::MtaSts, ..key("a") };
        assert!(pool.slots(&sterner).try_acquire_owned().is_err(), "whatever is demanded of it");
        assert!(pool.slots(&key("b")).try_acquire_owned().is_ok());
        drop(held);
        assert!(pool.slots(&key("a")).try_acquire_owned().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_knocked_at_in_a_burst_and_then_at_its_pace() {
        let pool = Pool::default();
        let now = Instant::now();
        let waits = |count: usize| -> Vec<u128> {
            (0..count).map(|_| pool.turn(&key("a")).duration_since(now).as_millis()).collect()
        };
        assert_eq!(waits(CONNECTIONS_PER_HOST_MAX + 1), [0; CONNECTIONS_PER_HOST_MAX + 1]);
        assert_eq!(waits(3), [100, 200, 300]);
        assert_eq!(pool.turn(&key("b")), now);
        advance(Duration::from_secs(60)).await;
        assert_eq!(pool.turn(&key("a")), Instant::now());
    }

    #[tokio::test]
    async fn slots_that_nobody_uses_are_forgotten() {
        let pool = Pool::default();
        for at in 0..SLOTS_MAX * 2 {
            pool.slots(&key(&at.to_string()));
        }
        assert!(pool.state().slots.len() <= SLOTS_MAX);
    }
}
