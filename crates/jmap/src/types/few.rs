//! Types of which an account has few objects, often one: all of them are read at a time, by whoever asks for any.

use super::{Singleton, state};
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::{Logged, Object, ObjectId, Resource, Wanted};
use caliopen_hub::ObjectType;
use std::future::Future;

/// A type of few objects, without arguments of its own.
pub(crate) trait Few: Send + Sync + 'static {
    type Id: ObjectId;
    const OBJECT: ObjectType;
    /// Every property, `id` among them.
    const PROPERTIES: &'static [&'static str];

    /// The ids of all of them, in their order.
    fn ids(call: &Call<'_>) -> impl Future<Output = Result<Vec<Self::Id>, MethodError>> + Send {
        async { Ok(Self::every(call).await?.into_iter().map(|(id, _)| id).collect()) }
    }

    /// All objects there are, in their order.
    fn every(call: &Call<'_>) -> impl Future<Output = Result<Vec<(Self::Id, Object)>, MethodError>> + Send;
}

/// The one object that there is.
pub(super) fn single(object: Object) -> Vec<(Singleton, Object)> {
    vec![(Singleton, object)]
}

impl<T: Few> Resource for T {
    type Id = <T as Few>::Id;
    type Options = ();
    const PROPERTIES: &'static [&'static str] = <T as Few>::PROPERTIES;

    fn options(_: &Call<'_>, _: &mut Arguments) -> Result<(), MethodError> {
        Ok(())
    }

    async fn state(call: &Call<'_>) -> Result<String, MethodError> {
        state(call, <T as Few>::OBJECT).await
    }

    async fn all(call: &Call<'_>) -> Result<Option<Vec<Self::Id>>, MethodError> {
        Ok(Some(T::ids(call).await?))
    }

    async fn objects(
        call: &Call<'_>,
        ids: &[Self::Id],
        _: &Wanted,
        (): &(),
    ) -> Result<Vec<Option<Object>>, MethodError> {
        let every = T::every(call).await?;
        let find = |id| every.iter().find(|(known, _)| known == id).map(|(_, object)| object.clone());
        Ok(ids.iter().map(find).collect())
    }
}

impl<T: Few> Logged for T {
    const OBJECT: ObjectType = <T as Few>::OBJECT;
}
