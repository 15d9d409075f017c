//! Verification: what is claimed against what is computed again.
//!
//! A full verification computes every run, makes every file from them, and compares all there is on disk, every stored record too; it trusts nothing
//! but the specification. A sample computes some runs and compares them with the manifest, with their stored records and with their rows in the tables; the other records and
//! every file it holds against the digests of the manifest, or, if that is asked for, makes the files again from all records. Files that are absent are not needed: `study.toml` and
//! `manifest.json` are enough. In a folder of another version of the program, reports and figures are held against the manifest in either case.

mod choice;
mod difference;
mod files;
mod other_version;
mod stored;
mod text;
mod verification;

pub use choice::ChosenBy;
use choice::choice;
pub use difference::{Difference, Place, claims, is_other_data, measurements, place, run};
pub use files::{Files, files, listed_otherwise, sampled_files};
pub use other_version::files_of_other_version;
pub use stored::{Stored, stored};
pub use verification::{Against, Extent, Sample, Verification, VerifyOutcome, verify};
