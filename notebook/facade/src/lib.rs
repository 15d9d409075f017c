//! What the cells of a notebook see as the crate `restudy`: the library, and how its values show themselves.
//!
//! `use restudy::prelude::*;` is all that a cell needs. Values that [`Show`](show::Show) themselves do so as the last
//! expression of a cell, or in its middle with [`show()`](show::show()); studies are [asked](asking) and [answered](answers)
//! through the same store as on the command line; [claims] stop a notebook that says what is not so. An experiment of a reader's own
//! runs on the same engine: steps of [one's own](own) on the network and data of a study, or a [closure](custom) over settings and
//! measurements that it declares, with axes of its own.
//!
//! # The house
//!
//! A module may use only those above it in this list. Names are none of the library's modules, since both are modules of one
//! crate to the rust-analyzer inside evcxr; for the same reason the library is named `restudy::`, and these are `crate::`.
//!
//! | module | holds |
//! |---|---|
//! | [`error`] | what a cell may fail with, as a diagnostic in plain text |
//! | [`cell`] | the cell that runs: its output, its end, its interruption; the only place that prints |
//! | [`show`] | values to text, HTML, SVG and LaTeX |
//! | [`claims`] | claims, near claims, panics that are expected |
//! | [`tex`] | equations with values |
//! | [`frame`] | tables |
//! | [`picture`] | drawings |
//! | [`cards`] | how the values of the library show themselves |
//! | [`single`] | one run: trained, measured, looked at |
//! | [`live`] | the progress of a sweep |
//! | [`own`] | experiments of the reader's own |
//! | [`asking`] | specifications to studies, and where results go |
//! | [`custom`] | experiments that are closures over settings and measurements of their own |
//! | [`answers`] | a study computed, looked at and proven |
//! | [`prelude`] | what a cell needs |

pub use restudy::*;

pub use plotters;
pub use polars;

pub mod answers;
pub mod asking;
pub mod cards;
pub mod cell;
pub mod claims;
pub mod custom;
pub mod error;
pub mod frame;
pub mod live;
pub mod own;
pub mod picture;
pub mod prelude;
pub mod show;
pub mod single;
pub mod tex;
