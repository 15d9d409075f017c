use miette::Diagnostic;
use rayon::prelude::*;
use thiserror::Error;

use super::{ManifestError, RenderError};
use crate::{run::RunError, store::StoreError};

/// Why a study could not be computed into its folder.
#[derive(Debug, Error, Diagnostic)]
pub enum ComputeError {
    /// The store reported an error.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    /// A run could not be computed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
    /// The manifest in the folder cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Manifest(#[from] ManifestError),
    /// Tables, figures or report could not be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Render(#[from] RenderError),
    /// The manifest in the folder contradicts the stored runs.
    #[error("the manifest in {folder} contradicts the stored results of {runs}: {names}")]
    #[diagnostic(help(
        "nothing was overwritten; `restudy verify` on that folder names the stored runs that differ. If manifest.json was damaged, restore it (`git checkout`). \
             If you trust the manifest, remove the segments that `verify` names; if you trust the runs in segments/, move manifest.json away. Then repeat the command"
    ))]
    Contradiction {
        /// The results folder.
        folder: String,
        /// The number of runs that differ, in words.
        runs: String,
        /// The identities of the runs.
        names: String,
    },
    /// A folder to merge is not of this study.
    #[error("{folder} cannot be merged: {reason}")]
    #[diagnostic(help("name results folders of one study, such as those of its shards; nothing was changed"))]
    Foreign {
        /// The folder.
        folder: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Collects the results of parallel work in order, or returns the first error in that order, independent of the
/// threads.
///
/// # Errors
/// The first error in order.
pub fn in_order<T: Send, E: Send, C: FromIterator<T>>(
    work: impl ParallelIterator<Item = Result<T, E>>,
) -> Result<C, E> {
    work.collect::<Vec<_>>().into_iter().collect()
}
