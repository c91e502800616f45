//! The tasks of the process: the only place that starts one. When one ends before it was asked to, the process ends
//! with it, and the host's service manager starts it again.

use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long tasks may take to end once they are asked to.
const GRACE: Duration = Duration::from_secs(40);

/// The running tasks, and the word that ends them.
pub(crate) struct Supervisor {
    tasks: JoinSet<&'static str>,
    stop: watch::Sender<bool>,
}

impl Supervisor {
    pub(crate) fn new() -> Self {
        Self { tasks: JoinSet::new(), stop: watch::channel(false).0 }
    }

    /// Turns true when the tasks are to end.
    pub(crate) fn stop(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Starts a task. Its name stands in the log when it ends.
    pub(crate) fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(async move {
            task.await;
            name
        });
    }

    /// Runs until `asked` resolves, or a task ends by itself; then ends all. True when it was asked to.
    pub(crate) async fn run(mut self, asked: impl Future<Output = ()>) -> bool {
        let was_asked = tokio::select! {
            () = asked => true,
            Some(ended) = self.tasks.join_next() => {
                match ended {
                    Ok(name) => tracing::error!(task = name, "a task ended; the process ends with it"),
                    Err(error) => tracing::error!(%error, "a task failed; the process ends with it"),
                }
                false
            }
        };
        let _everyone_left = self.stop.send(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all_ended).await.is_err() {
            tracing::warn!("some tasks did not end in time and are cut");
            self.tasks.shutdown().await;
        }
        was_asked
    }
}
