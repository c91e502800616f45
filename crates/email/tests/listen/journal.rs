//! An inbox that writes down every arrival.
//!
//! It takes `<anything>@here.test` but `nobody`. At delivery, `full`, `gone` and `busy` fail, `crash` panics,
//! and `slow` waits until the test lets it go.

use caliopen_connect::{Arrival, DeliveryVerdict, Inbox, Notice, RecipientVerdict};
use caliopen_model::Handle;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// The arrivals, in order.
#[derive(Default)]
pub struct Journal {
    arrivals: Mutex<Vec<Arrival>>,
    notices: Mutex<Vec<Notice>>,
    /// Told when a delivery to `slow` has begun.
    pub slow_began: Notify,
    /// Lets a delivery to `slow` end.
    pub slow_may_end: Notify,
}

impl Journal {
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The only arrival.
    pub fn arrival(&self) -> Arrival {
        let mut arrivals = self.arrivals();
        assert_eq!(arrivals.len(), 1);
        arrivals.remove(0)
    }

    /// The reports that were asked for.
    pub fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The only one.
    pub fn notice(&self) -> Notice {
        let mut notices = self.notices();
        assert_eq!(notices.len(), 1);
        notices.remove(0)
    }

    async fn verdict(&self, recipient: &Handle) -> DeliveryVerdict {
        match recipient.address() {
            "full@here.test" => DeliveryVerdict::StorageFull,
            "gone@here.test" => DeliveryVerdict::NoSuchUser,
            "busy@here.test" => DeliveryVerdict::TryLater,
            "crash@here.test" => panic!("the inbox crashes, as the test asked"),
            "slow@here.test" => {
                self.slow_began.notify_one();
                self.slow_may_end.notified().await;
                DeliveryVerdict::Stored
            }
            _ => DeliveryVerdict::Stored,
        }
    }
}

impl Inbox for Journal {
    fn accepts<'a>(&'a self, recipient: &'a Handle) -> BoxFuture<'a, RecipientVerdict> {
        let verdict = match (recipient.address(), recipient.domain().as_deref()) {
            ("nobody@here.test", _) => RecipientVerdict::NoSuchUser,
            (_, Some("here.test")) => RecipientVerdict::Accepted,
            _ => RecipientVerdict::NotLocal,
        };
        async move { verdict }.boxed()
    }

    fn deliver(&self, arrival: Arrival) -> BoxFuture<'_, Vec<DeliveryVerdict>> {
        async move {
            let mut verdicts = Vec::new();
            for recipient in &arrival.envelope.recipients {
                verdicts.push(self.verdict(recipient).await);
            }
            self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
            verdicts
        }
        .boxed()
    }

    fn report(&self, notice: Notice) -> BoxFuture<'_, ()> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
        async {}.boxed()
    }
}
