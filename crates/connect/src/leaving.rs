//! How one leaves a list by asking its own host.

/// One request that takes the reader off a list, as the message and its protocol have it. It carries nothing of the
/// reader but what the list itself wrote into the URL.
#[derive(Clone, PartialEq, Eq)]
pub struct LeavingRequest {
    /// Whom to ask: an `https` URL. It names the reader to the list, and is a secret of theirs.
    pub url: String,
    /// The type of the body.
    pub media_type: &'static str,
    /// What is sent.
    pub body: &'static str,
}
