//! What can go wrong with a use case, by what a caller does about it.

use crate::records::RecordError;
use caliopen_store::StoreError;
use caliopen_vault::OpenError;

/// Why a use case did not finish.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// Storage did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row cannot be read: `caliopen verify` names it.
    #[error("a stored record is damaged; run `caliopen verify`")]
    Damaged,
    /// It is too private for the device, or the network, of whoever asks.
    #[error(
        "this is held back on this device: show that it is you, or open it on a device that you trust more"
    )]
    Hidden,
    /// The account takes nothing more.
    #[error("your mailbox is full: delete for good what you do not need, then try again")]
    MailboxFull,
    /// The account was erased meanwhile.
    #[error("there is no such account")]
    NoAccount,
}

impl HubError {
    /// Whether the same call may work later.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(StoreError::Expectation | StoreError::Full | StoreError::Failed(_)))
    }
}

impl From<RecordError> for HubError {
    fn from(_: RecordError) -> Self {
        Self::Damaged
    }
}

impl From<OpenError> for HubError {
    fn from(_: OpenError) -> Self {
        Self::Damaged
    }
}
