//! Evidence in, privacy index out, with its reasons and what would raise it. Pure.
//!
//! The privacy index says how private something is, from 0 to 100. For a message, the only input is [`Evidence`] that
//! this host saw itself: [`score`] gives the number, [`assess`] the number with every point, every cap, who
//! can read it, and the steps that would raise it. All weights, caps and thresholds are here and nowhere
//! else, and the same code runs on the server and in the browser, so that the two never disagree.
//!
//! [`contact`], [`device`], [`account`] and [`user`] have an index of the same shape, each from facts of its own.
//!
//! Two rules that everything else serves: **20 or more means that no mail server on the way can read it; 80
//! or more means Caliopen to Caliopen.** What was not checked earns nothing and is shown as not checked.
//!
//! [`Evidence`]: caliopen_model::Evidence

pub mod account;
mod assessment;
mod axis;
mod cite;
pub mod contact;
mod describe;
pub mod device;
pub mod explanation;
mod facts;
mod formula;
pub mod gate;
pub mod handlers;
mod level;
mod message;
mod party;
mod phrase;
pub mod quests;
mod raise;
mod reason;
mod record;
pub mod route;
pub mod software;
mod subject;
mod suppose;
pub mod user;

pub use assessment::{Assessment, Cap, Point, Raise, Reason, assess};
pub use axis::{Axis, Who};
pub use describe::describe;
pub use explanation::Explanation;
pub use formula::{Component, lowered, score};
pub use level::{Sentence, level_word};
pub use message::together;
pub use party::{Group, Party};
pub use raise::{Action, hypothetical};
pub use reason::ReasonCode;
pub use record::{EvidenceRecord, HopSecurityRecord, TlsRecord};
pub use subject::{
    Cap as CapOf, Counted, Explained, Phrase, Point as PointOf, RAISES_MAX, Raise as RaiseOf, State, Step,
};
