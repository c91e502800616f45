//! RFC 8620 without any type of object: requests, references, errors, and the standard methods once for all types.

pub(crate) mod arguments;
pub(crate) mod call;
pub(crate) mod changes;
pub(crate) mod error;
pub(crate) mod get;
pub(crate) mod json;
pub(crate) mod patch;
pub(crate) mod pointer;
pub(crate) mod processor;
pub(crate) mod query;
pub(crate) mod request;
pub(crate) mod resource;
pub(crate) mod set;
