//! What the formula promises, as one program: what they share is compiled once, and everything is linked once.

mod honesty;
mod scenarios;
mod subjects;
mod subjects_honesty;
mod support;
mod texts;
mod texts_of_subjects;
