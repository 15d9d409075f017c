//! Reproducible studies of any experiment: where runs are kept, which are missing, in which groups and on which threads they are done.
//!
//! What is run it knows only through [`run::Experiment`]; neither the network nor figures nor reports.
//!
//! | module | holds |
//! |---|---|
//! | [`store`] | segments on disk, atomic writes, the journal |
//! | [`run`] | the executor and its events |
//!
//! A module may use only those above it, and all of `restudy-core`.

pub mod run;
pub mod store;

use restudy_core::{record, seed};
/// Digests, and what has them.
mod digest {
    pub use restudy_core::{
        digest::{Digest, grammar},
        record::{Kept, Own, Place, Record},
    };
}
