//! Evidence in, privacy index out, with its reasons and what would raise it. Pure.
//!
//! The privacy index says how private a message is, from 0 to 100, and the only input is [`Evidence`] that
//! this host saw itself: [`score`] gives the number, [`assess`] the number with every point, every cap, who
//! can read it, and the steps that would raise it. All weights, caps and thresholds are here and nowhere
//! else, and the same code runs on the server and in the browser, so that the two never disagree.
//!
//! Two rules that everything else serves: **20 or more means that no mail server on the way can read it; 80
//! or more means Caliopen to Caliopen.** What was not checked earns nothing and is shown as not checked.
//!
//! [`Evidence`]: caliopen_model::Evidence

mod assessment;
mod cite;
mod describe;
mod facts;
mod formula;
pub mod gate;
pub mod handlers;
mod label;
mod level;
mod party;
mod phrase;
mod raise;
mod reason;
mod suppose;

pub use assessment::{Assessment, Cap, Point, State, assess};
pub use describe::describe;
pub use formula::{Axis, Component, lowered, score};
pub use level::{Sentence, level_word};
pub use party::{Group, Party};
pub use raise::{Action, RAISES_MAX, Raise, Who, hypothetical};
pub use reason::{Reason, ReasonCode};
