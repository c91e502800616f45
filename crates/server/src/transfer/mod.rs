//! `caliopen import` and `caliopen export`: one way of talking, to a running server over its socket, or to the use cases
//! in this very process when none runs. The person's password opens the account; the administrator has no other key.

mod desk;
mod progress;
mod source;
mod talk;
mod visit;

pub(crate) use desk::{export, import};
pub(crate) use talk::{Exported, Wish};
pub(crate) use visit::{Visit, bring_in, take_out};
