//! The results of a study: every computed file of the results folder, made from the specification and the finished runs
//! alone.
//!
//! The pages of the report come from a [`Writer`](page::Writer) that a program [sets](page::set_writer). [`render()`]
//! is pure: a [`Computation`] writes its files, and [`verify()`] compares them; the same runs give the same bytes under
//! one build.

pub mod attachments;
pub mod bisect;
mod compute;
mod dirty_mark;
mod error;
mod existing;
mod finish;
pub mod manifest;
mod manifest_text;
mod merge;
pub mod names;
pub mod owner;
pub mod page;
pub mod proof;
pub mod sample_bound;
mod work_queue;
pub mod query {
    #![doc = include_str!("query.md")]
}
pub mod reading;
mod render;
pub mod resume;
mod retry;
mod sample;
pub mod select;
mod staged;
pub mod stages;
mod unfinished;
pub mod verdict;
pub mod verify;
pub mod why;
pub mod witness;

pub use attachments::Attachments;
pub use compute::{Computation, SweepOutcome, rows};
pub use error::{ComputeError, in_order};
pub use manifest::{Maker, Manifest, ManifestError};
pub use merge::Merged;
pub use render::{RenderError, Rendered, facts, figures, of_figures, pages, points, render, study_text};
pub use retry::forget_failed;
pub use sample::{claims, sample};
pub use unfinished::{Unfinished, tables};
pub use verdict::Verdict;
pub use verify::{ChosenBy, ComparedWith, Extent, Sample, Verification, VerifyOutcome, verify};
pub use work_queue::CutOff;

/// The version of this program, as written in manifests.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
