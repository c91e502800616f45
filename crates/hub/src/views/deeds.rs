//! What is done with conversations, one or many, and what stands by them: labels, new senders.

use super::ConversationFilter;
use caliopen_model::{
    Admission, ConversationId, DecisionId, LabelColour, LabelId, OperationId, Place, Scope, Timestamp,
};

/// What to change of a conversation; none leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationPatch {
    /// Move it.
    pub place: Option<Place>,
    /// Name it, or forget its name.
    pub title: Option<Option<String>>,
    /// Mark all its messages.
    pub unread: Option<bool>,
    /// Let it stand before the others of the inbox, or not.
    pub pinned: Option<bool>,
    /// Let new messages neither raise it nor count, or not.
    pub muted: Option<bool>,
    /// Take it out of sight until then. Wins over `place`.
    pub snoozed_until: Option<Timestamp>,
    /// Labels to put on, or to take off.
    pub labels: Vec<(LabelId, bool)>,
}

/// What a deed for many conversations is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// These, at most [`crate::limits::DEED_CONVERSATIONS_MAX`].
    Some(Vec<ConversationId>),
    /// All that a list shows.
    All(ConversationFilter),
}

/// How far a deed for many conversations came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How it goes on, and how it is undone.
    pub operation: OperationId,
    /// Conversations that were changed until now; those that were as wanted do not count.
    pub changed: u32,
    /// Nothing is left to do.
    pub finished: bool,
}

/// Whether new senders wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenerView {
    /// The user wants it, or did not say otherwise.
    pub is_on: bool,
    /// It works: the user wrote to somebody, decided about somebody, or turned it on.
    pub has_begun: bool,
}

/// What was decided about new senders of a domain, or of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionView {
    /// Stable id.
    pub id: DecisionId,
    /// For whom it counts: never one person, whose contact says it.
    pub scope: Scope,
    /// Whom it is about, in words.
    pub name: String,
    /// What was decided.
    pub admission: Admission,
    /// When.
    pub decided_at: Timestamp,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelView {
    /// Stable id.
    pub id: LabelId,
    /// The user's word.
    pub name: String,
    /// How it looks.
    pub colour: LabelColour,
    /// Conversations that have it, without those in the bin.
    pub conversations: u32,
    /// Of these, with something unread.
    pub unread: u32,
}

/// What to change of a label; none leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelPatch {
    /// Call it otherwise.
    pub name: Option<String>,
    /// Let it look otherwise.
    pub colour: Option<LabelColour>,
}
