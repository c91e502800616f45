//! A few threads, each with a thing of its own (a connection), that do what callers send and answer by a future.

use crate::error::{from_io, stopped};
use crate::queue::{Queue, Refused};
use caliopen_store::StoreError;
use futures_util::future::{BoxFuture, FutureExt, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

type Job<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Dropping it does what still waits and ends the threads.
pub(crate) struct Pool<T> {
    queue: Arc<Queue<Job<T>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<T: Send + 'static> Pool<T> {
    pub(crate) fn start(
        name: &str,
        things: Vec<T>,
        count_max: usize,
        weight_max: usize,
    ) -> Result<Self, StoreError> {
        let mut pool = Self { queue: Arc::new(Queue::new(count_max, weight_max)), threads: Vec::new() };
        for thing in things {
            let queue = Arc::clone(&pool.queue);
            let work = move || work(&queue, thing);
            let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
            pool.threads.push(thread.map_err(|error| from_io("a thread did not start", &error))?);
        }
        Ok(pool)
    }

    /// Sends a job. It is skipped when nobody waits for its answer any more.
    pub(crate) fn run<R: Send + 'static>(
        &self,
        weight: usize,
        job: impl FnOnce(&mut T) -> Result<R, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<R, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let job = move |thing: &mut T| {
            if !answer.is_closed() {
                // The receiver may have left meanwhile: then nobody wants to know.
                let _ = answer.send(job(thing));
            }
        };
        match self.queue.push(Box::new(job), weight) {
            Ok(()) => answered.map(|answer| answer.unwrap_or_else(|_| Err(stopped()))).boxed(),
            Err(Refused::Full) => ready(Err(StoreError::Full)).boxed(),
            Err(Refused::Closed) => ready(Err(stopped())).boxed(),
        }
    }
}

fn work<T>(queue: &Queue<Job<T>>, mut thing: T) {
    while let Some(job) = queue.take(1, 0).pop() {
        // A panic ends one job, whose caller hears that it was not answered; the thread goes on.
        if catch_unwind(AssertUnwindSafe(|| job(&mut thing))).is_err() {
            tracing::error!("a read or write of the store panicked");
        }
    }
}

impl<T> Drop for Pool<T> {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // Its panics were caught and said when they happened.
            let _ = thread.join();
        }
    }
}
