//! The crate `restudy` in the cells of a notebook: the library, and how its values are shown.
//!
//! A cell needs `use restudy::prelude::*;` only. Values with [`Show`](show::Show) are shown as the last expression of a
//! cell, or anywhere in it by [`show()`](show::show()). Specifications become [studies](asking), and studies
//! [results](answers), through the same store as on the command line; a failed [claim](claims) stops the notebook.
//! Custom experiments run on the same engine: [steps](own) on the network and data of a study, or a [closure](custom)
//! over settings and measurements that it declares.
//!
//! # Modules
//!
//! A module uses only modules above it in this list. No name is one of the library's modules, since the rust-analyzer
//! inside evcxr sees both as modules of one crate; for the same reason code here writes `restudy::` for the library and
//! `crate::` for itself.
//!
//! | module | content |
//! |---|---|
//! | [`error`] | errors of a cell, as diagnostics in plain text |
//! | [`cell`] | the running cell: outputs, failures, interrupts; the only module that prints |
//! | [`show`] | values as text, HTML, SVG and LaTeX |
//! | [`claims`] | claims, bounds on distances, expected panics |
//! | [`tex`] | equations with values |
//! | [`frame`] | tables |
//! | [`picture`] | drawings |
//! | [`cards`] | how the values of the library are shown |
//! | [`single`] | one run: trained, measured, shown |
//! | [`live`] | the progress of a sweep |
//! | [`own`] | custom experiments on the data of a study |
//! | [`asking`] | reads specifications, finds the results folder |
//! | [`custom`] | custom experiments that are closures over declared settings and measurements |
//! | [`answers`] | the results of a study: tables, figures, proofs |
//! | [`prelude`] | everything that a cell imports |

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
