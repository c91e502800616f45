//! What another host says, later, of a message that it took from us.

use caliopen_model::{Handle, Trouble};

/// What a report says of one recipient. Nothing of it is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The recipient, as we named them if the report says so.
    pub recipient: Handle,
    /// What became of the message.
    pub fate: ReportedFate,
}

/// The fates that a report can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportedFate {
    /// It will not arrive.
    Failed(Trouble),
    /// It is still tried.
    Delayed(Trouble),
    /// It is there, or with a host that tells nothing more.
    Arrived,
}
