use miette::Diagnostic;
use rayon::prelude::*;
use thiserror::Error;

use super::{ManifestError, RenderError};
use crate::{run::RunError, store::StoreError};

/// Why a study could not be computed into its folder.
#[derive(Debug, Error, Diagnostic)]
pub enum ComputeError {
    /// The store failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    /// Runs could not be done.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
    /// The folder's manifest is of another version.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Manifest(#[from] ManifestError),
    /// The answers could not be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Render(#[from] RenderError),
    /// The manifest in the folder claims other results.
    #[error("the manifest in {folder} claims other results of {runs}: {names}")]
    #[diagnostic(help(
        "nothing was overwritten; `restudy verify` on that folder names the stored runs that differ. Restore manifest.json if it was damaged (`git checkout`); \
         if the manifest is what you trust, remove the segments that `verify` names, if the runs in segments/ are, move manifest.json away; then run the same command again"
    ))]
    Contradiction {
        /// The results folder.
        folder: String,
        /// How many runs differ.
        runs: String,
        /// Which.
        names: String,
    },
    /// A folder that was to be merged is not of this study.
    #[error("{folder} cannot be merged: {reason}")]
    #[diagnostic(help("give the results folders of one study, such as those of its shards; nothing was changed"))]
    Foreign {
        /// The folder.
        folder: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// What parallel work came to, in its order, or the first error in that order: which one is told must not depend on who was quicker.
///
/// # Errors
/// The first one.
pub fn in_order<T: Send, E: Send, C: FromIterator<T>>(
    work: impl ParallelIterator<Item = Result<T, E>>,
) -> Result<C, E> {
    work.collect::<Vec<_>>().into_iter().collect()
}
