//! Notebooks: reads, parameterizes, runs, compares and cleans files; installs and updates the Rust kernel.
//!
//! Only the program `restudy-kernel` speaks the Jupyter protocol. Nothing here prints: callers pass functions that
//! report progress.
//!
//! ```text
//! restudy notebook run  ->  restudy-kernel drive  ->  any kernel
//! Jupyter               ->  restudy-kernel serve  ->  evcxr_jupyter  ->  the process that runs the cells
//!                                     ^                                      | printed text, displays, failures:
//!                                     +--------------------------------------+ notebook/channel
//! ```
//!
//! `restudy-kernel` (`notebook/kernel`) and the library for cells (`notebook/facade`) are separate crates, so users
//! without notebooks compile neither. `restudy notebook install` builds both into the [folder](home::Home) of the
//! kernel.
//!
//! A notebook stays JSON in memory, since other programs add metadata to it; [`Document`] gives access to the parts
//! that are used here, and writes the same bytes as Jupyter.

mod build;
mod compare;
pub mod doctor;
mod document;
mod driver;
mod error;
pub mod evcxr;
pub mod home;
pub mod install;
mod library;
mod parameters;

pub use compare::{Change, differences, left_out};
pub use document::{Document, Language};
pub use driver::{Driver, Event, Executed, Failure, Job};
pub use error::{NotebookCause, NotebookError};

#[cfg(test)]
mod tests;
