//! Verification: compares the claims of a results folder with recomputed runs.
//!
//! A full verification computes every run, makes every file from them, and compares all files on disk, including every
//! stored record; it trusts only the specification. A sample computes some runs and compares them with the manifest,
//! their stored records and their rows in the tables; other records and all files are compared with the digests of the
//! manifest, or, on request, the files are made again from all records. Missing files are no difference: `study.toml`
//! and `manifest.json` suffice. In a folder of another version of the program, reports and figures are compared with
//! the manifest in either case.

pub mod agreement;
mod choice;
mod compared;
mod difference;
mod files;
mod other_version;
mod stored;
mod text;
mod verification;

pub use agreement::Agreement;
pub use choice::ChosenBy;
use choice::choice;
pub use compared::Compared;
pub use difference::{Difference, Place, claims, is_other_data, measurements, place, run};
pub use files::{Files, files, listed_otherwise, sampled_files};
pub use other_version::files_of_other_version;
pub use stored::{Stored, stored};
pub use verification::{ComparedWith, Extent, Sample, Verification, VerifyOutcome, verify};
