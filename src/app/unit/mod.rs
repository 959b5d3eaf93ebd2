//! The unit's settings in the running app: in words, changed in a form, and what a change moves for every patient.

mod compare;
mod form;
mod seen;
mod update;
mod words;

pub use compare::{Comparison, Moved, MovedFigure, compare};
pub use form::Draft;
pub use words::{differences, gone, in_words, overtaken, reason, standing};
