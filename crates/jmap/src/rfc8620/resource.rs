//! What the standard methods of RFC 8620 §5 need to know of a type. Each type's own file says it.

use super::arguments::Arguments;
use super::call::Call;
use super::error::{MethodError, SetError};
use caliopen_hub::ObjectType;
use caliopen_model::{
    AppPasswordId, ContactId, ConversationId, DecisionId, DeviceId, DraftId, IdentityId, LabelId, MessageId,
    PasskeyId, SessionId, SubmissionId, TemplateId, TransferId,
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::future::Future;
use std::hash::Hash;
use std::str::FromStr;

/// An object as it travels.
pub(crate) type Object = Map<String, Value>;

/// The id of an object.
pub(crate) trait ObjectId: Copy + Eq + Ord + Hash + FromStr + Display + Send + Sync + 'static {
    /// The id that a change log names by its bytes.
    fn of_bytes(bytes: [u8; 16]) -> Self;
}

macro_rules! object_id {
    ($($id:ident),*) => {
        $(impl ObjectId for $id {
            fn of_bytes(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        })*
    };
}
object_id!(
    AppPasswordId,
    PasskeyId,
    DeviceId,
    ContactId,
    ConversationId,
    DecisionId,
    DraftId,
    IdentityId,
    LabelId,
    MessageId,
    SessionId,
    SubmissionId,
    TemplateId,
    TransferId
);

/// The properties that a `/get` asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Those that a type gives unasked.
    Usual,
    /// These, and `id`.
    Named(BTreeSet<String>),
}

impl Wanted {
    /// Whether a property that costs something was named.
    pub(crate) fn names(&self, property: &str) -> bool {
        matches!(self, Self::Named(names) if names.contains(property))
    }
}

/// A type with `/get` (RFC 8620 §5.1).
pub(crate) trait Resource: Send + Sync + 'static {
    type Id: ObjectId;
    /// What an argument of the type's own says.
    type Options: Send + Sync;
    /// Every property, `id` among them.
    const PROPERTIES: &'static [&'static str];

    /// Takes the arguments that only this type has.
    fn options(call: &Call<'_>, arguments: &mut Arguments) -> Result<Self::Options, MethodError>;
    /// The state of all objects of this type.
    fn state(call: &Call<'_>) -> impl Future<Output = Result<String, MethodError>> + Send;
    /// Every id, for types that may be asked for without ids; `None` for the others.
    fn all(call: &Call<'_>) -> impl Future<Output = Result<Option<Vec<Self::Id>>, MethodError>> + Send;
    /// The objects with these ids, in their order.
    fn objects(
        call: &Call<'_>,
        ids: &[Self::Id],
        wanted: &Wanted,
        options: &Self::Options,
    ) -> impl Future<Output = Result<Vec<Option<Object>>, MethodError>> + Send;
}

/// A type with a change log: `/changes` (RFC 8620 §5.2).
pub(crate) trait Logged: Resource {
    const OBJECT: ObjectType;
}

/// Where a page of a query starts (RFC 8620 §5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start<Id> {
    Position(u64),
    Anchor(Id, i64),
}

/// A type with `/query` (RFC 8620 §5.5).
pub(crate) trait Queried: Resource {
    /// Filter and sort, once understood.
    type Query: Send + Sync;

    /// Reads the filter (an empty one when there is none) and the sort: each comparator's property, and whether it
    /// ascends.
    fn query(call: &Call<'_>, filter: Arguments, sort: &[(String, bool)])
    -> Result<Self::Query, MethodError>;
    /// One page; `None` when the anchor is not in the list.
    fn page(
        call: &Call<'_>,
        query: &Self::Query,
        start: Start<Self::Id>,
        limit: usize,
    ) -> impl Future<Output = Result<Option<caliopen_hub::Page<Self::Id>>, MethodError>> + Send;
}

/// What a use case's "false" means: there is no such object.
pub(crate) fn found(there: bool) -> Result<(), SetError> {
    if there { Ok(()) } else { Err(SetError::NotFound) }
}

/// A type with `/set` (RFC 8620 §5.3).
pub(crate) trait Settable: Logged + Resource<Options = ()> {
    /// Properties that exist only to be set.
    const WRITE_ONLY: &'static [&'static str];
    /// Why a client cannot create one, where it cannot.
    const NO_CREATE: &'static str;
    /// What to change, in the words of the use cases.
    type Patch: Send + Sync;

    /// Reads the properties that are to get another value than the current one. A null means the default.
    fn patch(current: &Object, changed: &Object) -> Result<Self::Patch, SetError>;
    /// Creates one object of these properties, or says why not. Gives its id and what the server set, `id` among it.
    fn create(
        _: &Call<'_>,
        _: &Object,
    ) -> impl Future<Output = Result<Result<(Self::Id, Object), SetError>, MethodError>> + Send {
        async { Ok(Err(SetError::Forbidden(Self::NO_CREATE))) }
    }
    /// Changes one object, or says why not.
    fn update(
        call: &Call<'_>,
        id: Self::Id,
        patch: &Self::Patch,
    ) -> impl Future<Output = Result<Result<(), SetError>, MethodError>> + Send;
    /// Destroys one object, or says why not.
    fn destroy(
        call: &Call<'_>,
        id: Self::Id,
    ) -> impl Future<Output = Result<Result<(), SetError>, MethodError>> + Send;
}
