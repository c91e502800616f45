//! A queue between the callers and a thread, bounded by count and by weight. It never blocks who puts something
//! in: the place in the order is taken at the call, so a full queue has to say no.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Why something was not taken. It is given back.
#[derive(Debug)]
pub(crate) enum Refused {
    Full,
    Closed,
}

pub(crate) struct Queue<T> {
    waiting: Mutex<Waiting<T>>,
    changed: Condvar,
    count_max: usize,
    weight_max: usize,
}

struct Waiting<T> {
    items: VecDeque<(usize, T)>,
    weight: usize,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(count_max: usize, weight_max: usize) -> Self {
        let waiting = Waiting { items: VecDeque::new(), weight: 0, closed: false };
        Self { waiting: Mutex::new(waiting), changed: Condvar::new(), count_max, weight_max }
    }

    /// Puts an item at the end. One that is heavier than the whole bound passes when nothing else waits.
    pub(crate) fn push(&self, item: T, weight: usize) -> Result<(), Refused> {
        let mut waiting = self.waiting();
        if waiting.closed {
            return Err(Refused::Closed);
        }
        let heavy = waiting.weight.saturating_add(weight) > self.weight_max;
        if waiting.items.len() >= self.count_max || (heavy && !waiting.items.is_empty()) {
            return Err(Refused::Full);
        }
        waiting.weight = waiting.weight.saturating_add(weight);
        waiting.items.push_back((weight, item));
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for at least one item, then takes what is there, up to a count and a weight. Empty once the queue
    /// is closed and everything was taken.
    pub(crate) fn take(&self, count_max: usize, weight_max: usize) -> Vec<T> {
        let mut waiting = self.waiting();
        while waiting.items.is_empty() && !waiting.closed {
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let mut taken = Vec::new();
        let mut taken_weight = 0;
        while taken.len() < count_max && (taken.is_empty() || taken_weight < weight_max) {
            let Some((weight, item)) = waiting.items.pop_front() else { break };
            waiting.weight -= weight;
            taken_weight += weight;
            taken.push(item);
        }
        taken
    }

    /// Takes nothing more; what waits is still given out.
    pub(crate) fn close(&self) {
        self.waiting().closed = true;
        self.changed.notify_all();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_by_count_and_by_weight() {
        let queue = Queue::new(3, 10);
        assert!(queue.push("heavier than all", 99).is_ok());
        assert!(matches!(queue.push("more", 1), Err(Refused::Full)));
        assert_eq!(queue.take(9, 99), ["heavier than all"]);
        for item in ["a", "b", "c"] {
            assert!(queue.push(item, 1).is_ok());
        }
        assert!(matches!(queue.push("d", 0), Err(Refused::Full)));
        assert_eq!(queue.take(2, 99), ["a", "b"]);
        assert_eq!(queue.take(9, 0), ["c"], "one at least");
    }

    #[test]
    fn what_waits_when_it_closes_is_given_out() {
        let queue = Queue::new(9, 9);
        assert!(queue.push("a", 1).is_ok());
        queue.close();
        assert!(matches!(queue.push("b", 1), Err(Refused::Closed)));
        assert_eq!(queue.take(9, 9), ["a"]);
        assert!(queue.take(9, 9).is_empty());
    }
}
