//! The answers of a study as bytes: every file of the results folder that is computed, made from the specification and the
//! finished runs alone.
//!
//! May touch: everything above it but the terminal. [`render()`] is pure, so a [`Computation`] writes what it gives and
//! [`prove()`] compares what it gives; the same runs give the same bytes under one build, whoever asks.

mod compute;
mod desk;
mod error;
mod finish;
pub mod manifest;
mod manifest_text;
mod merge;
mod prove;
mod render;
pub mod verify;

pub use compute::{Answer, Computation, rows};
pub use error::ComputeError;
pub use manifest::{Maker, Manifest, ManifestError};
pub use merge::Merged;
pub use prove::{Proof, prove};
pub use render::{RenderError, Rendered, figures, points, render, study_text};

/// The version of this program, as it stands in manifests.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
