//! Notebooks: files read, given parameters, run, compared and cleaned; the Rust kernel installed and looked after.
//!
//! Only the program `restudy-kernel` speaks the Jupyter protocol. Nothing here prints: callers pass functions that report
//! progress.
//!
//! ```text
//! restudy notebook run  ->  restudy-kernel drive  ->  any kernel
//! Jupyter               ->  restudy-kernel serve  ->  evcxr_jupyter  ->  the process that runs the cells
//!                                     ^                                      | what is printed, shown, failed:
//!                                     +--------------------------------------+ notebook/channel
//! ```
//!
//! `restudy-kernel` is a crate of its own (`notebook/kernel`), and so is the library that cells see (`notebook/facade`): who never
//! opens a notebook compiles neither. `restudy notebook install` builds both into the [home](home::Home) of the kernel.
//!
//! A notebook is kept as the JSON that it is, since programs put metadata of their own into it; [`Document`] gives names to the
//! parts that are used here, and writes files with the bytes that Jupyter itself would write.

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
pub use error::NotebookError;

#[cfg(test)]
mod tests;
