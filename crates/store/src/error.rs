//! What can go wrong with storage, by what a caller does about it.

/// Why storage did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition of the batch did not hold; nothing changed. Read again and decide anew.
    #[error("the stored value is not the expected one")]
    Expectation,
    /// No room, on the disk or in the queue of what waits to be written. Nothing of the batch was kept; it may
    /// work again once there is space.
    #[error("there is no room: the disk is full, or too much waits to be written")]
    Full,
    /// A key, value or blob beyond its named limit.
    #[error("{what} of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// Key, value or blob.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Written by another version: nothing is touched.
    #[error(
        "the store has format {found}, this program reads {known}; use the version that wrote it, or restore a backup"
    )]
    Version {
        /// What stands in the store.
        found: u32,
        /// What we read.
        known: u32,
    },
    /// The engine says that its files are damaged. Nothing here mends them: what helps is the last good copy.
    #[error(
        "the store is damaged: {0}; stop the server, keep a copy of the data folder as it is, then restore a backup"
    )]
    Damaged(String),
    /// The engine failed. What was promised durable still is; whether this batch is, is not known.
    #[error("storage failed: {0}")]
    Failed(String),
}
