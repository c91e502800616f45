//! The indices of what is not a message: contacts, and the user. Each is kept with what it rests on, follows events, and remembers
//! what it was on each day.

mod contact;
mod history;
mod routes;
pub(crate) mod sent;
mod user;
pub(crate) mod ways;

pub use contact::ContactWays;
pub use history::IndexOfDay;
pub(crate) use history::day_of;
pub use routes::{RouteView, Routes};
pub use user::{Subject, UserPrivacy};
