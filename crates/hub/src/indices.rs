//! The indices of what is not a message: contacts. Each is kept with what it rests on, follows events, and remembers
//! what it was on each day.

mod contact;
mod history;
pub(crate) mod ways;

pub use contact::ContactWays;
pub use history::IndexOfDay;
