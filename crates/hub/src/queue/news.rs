//! How whoever puts something into the queue tells it so.

use super::Due;
use crate::limits::QUEUE_NEWS_MAX;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// What is new in the queue since it listened last.
#[derive(Default)]
pub(crate) struct QueueNews {
    told: Notify,
    waiting: Mutex<Vec<Due>>,
}

impl QueueNews {
    /// Tells of a row that leads somewhere by now.
    pub(crate) fn tell(&self, due: Due) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() <= QUEUE_NEWS_MAX {
            waiting.push(due);
        }
        drop(waiting);
        self.told.notify_one();
    }

    /// Waits until there is something new.
    pub(super) async fn told(&self) {
        self.told.notified().await;
    }

    /// What was told. None: too much for a list.
    pub(super) fn take(&self) -> Option<Vec<Due>> {
        let news = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        (news.len() <= QUEUE_NEWS_MAX).then_some(news)
    }
}
