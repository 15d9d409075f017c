//! The answers of a study as bytes: every file of the results folder that is computed, made from the specification and the
//! finished runs alone.
//!
//! May touch: everything above it but the terminal. [`render()`] is pure, so a [`Computation`] writes what it gives and
//! [`prove()`] compares what it gives; the same runs give the same bytes under one build, whoever asks.

pub mod bisect;
pub mod bound;
mod compute;
mod desk;
mod error;
mod export;
mod finish;
mod found;
pub mod manifest;
mod manifest_text;
mod mark;
mod merge;
mod names;
pub mod own_proof;
pub mod owner;
mod prove;
pub mod query {
    #![doc = include_str!("query.md")]
}
pub mod reading;
mod render;
pub mod resume;
pub mod run_proof;
mod sample;
pub mod select;
pub mod verify;
pub mod why;
pub mod witness;

pub use compute::{Answer, Computation, rows};
pub use desk::CutOff;
pub use error::ComputeError;
pub use export::{Format, drawings, encoded, export};
pub use manifest::{Maker, Manifest, ManifestError};
pub use merge::Merged;
pub use prove::{Against, Extent, Proof, Sample, Verified, prove};
pub use render::{RenderError, Rendered, facts, figures, pages, points, render, study_text};
pub use sample::{claims, sample};

/// The version of this program, as it stands in manifests.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
