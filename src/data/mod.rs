//! Data sets: labelled points, split into training and validation.
//!
//! May touch: `fault`, `math`, `seed`. One file per data set. The generators belong to the core; the readers of files
//! (`csv`, `mat`) stand on `std` and are absent from the crate without default features.
//!
//! **To add a data set**: one new file with a settings structure that implements [`Source`], and one line in the
//! `data_sets!` registry below. The key in the specification is the structure's name in kebab-case; documentation
//! comments on its fields become the descriptions in the JSON Schema.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{fault::Fault, seed::Seed};

#[cfg(feature = "std")]
mod file;
mod plane;
mod seeding;
#[cfg(test)]
mod tests;

#[cfg(feature = "std")]
pub use file::Validation;
pub use seeding::DataSeed;

/// Labelled points of one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Number of inputs of a point.
    pub d: usize,
    /// Inputs, point after point: `x[i * d + k]` is input `k` of point `i`.
    pub x: Vec<f64>,
    /// Labels, -1 or +1, one a point.
    pub y: Vec<f64>,
}

impl Dataset {
    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there are no points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }

    /// The inputs of point `i`.
    #[must_use]
    pub fn point(&self, i: usize) -> &[f64] {
        &self.x[i * self.d..(i + 1) * self.d]
    }

    /// The points with the given indices, in their order.
    #[must_use]
    pub fn select(&self, indices: &[u32]) -> Self {
        Self {
            d: self.d,
            x: indices.iter().flat_map(|&i| self.point(i as usize).iter().copied()).collect(),
            y: indices.iter().map(|&i| self.y[i as usize]).collect(),
        }
    }
}

/// What is learned from, and what is held out.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The points that the trainer draws from.
    pub train: Dataset,
    /// The points it never sees.
    pub validation: Dataset,
}

/// Why a data set could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// What is wrong, with file, line, column, value and expectation where they apply.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  help: {}", self.message, self.help)
    }
}

/// The settings of one data set, and how it is made or read.
pub trait Source {
    /// What is wrong with the settings themselves, before anything is drawn or opened. Keys are relative to the settings.
    fn faults(&self) -> Vec<Fault>;

    /// How the data depends on the seed of a run.
    fn seeding(&self) -> DataSeed;

    /// Number of inputs of a point where the settings alone determine it.
    fn dimension(&self) -> Option<usize> {
        None
    }

    /// The paths in the settings; the specification resolves them against its own folder.
    fn files_mut(&mut self) -> Vec<&mut String> {
        Vec::new()
    }

    /// Draws or reads the data. `seed` is the one that [`DataSeed::of`] gives for the run.
    ///
    /// # Errors
    /// A file that cannot be read, or holds anything but points and two labels.
    fn load(&self, seed: Seed) -> Result<Split, DataError>;
}

/// Declares the modules of the data sets, the enumeration over their settings, and its dispatch.
macro_rules! data_sets {
    ($($(#[$meta:meta])* $module:ident :: $name:ident = $key:literal,)+) => {
        $($(#[$meta])* mod $module; $(#[$meta])* pub use self::$module::$name;)+

        /// The data of a trial: one of the registered data sets with its settings.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "std", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum Data {
            $($(#[$meta])* #[doc = concat!("`[data.", $key, "]`")] $name($name),)+
        }

        impl Data {
            /// The keys of all registered data sets.
            pub const KEYS: &'static [&'static str] = &[$($(#[$meta])* $key,)+];

            /// The key under `[data]` that selects this data set.
            #[must_use]
            pub fn key(&self) -> &'static str {
                match self { $($(#[$meta])* Self::$name(_) => $key,)+ }
            }

            fn source(&self) -> &dyn Source {
                match self { $($(#[$meta])* Self::$name(source) => source,)+ }
            }

            fn source_mut(&mut self) -> &mut dyn Source {
                match self { $($(#[$meta])* Self::$name(source) => source,)+ }
            }
        }
    };
}

data_sets! {
    double_moon::DoubleMoon = "double-moon",
    circles::Circles = "circles",
    xor::Xor = "xor",
    spirals::Spirals = "spirals",
    blobs::Blobs = "blobs",
    #[cfg(feature = "std")]
    csv::Csv = "csv",
    #[cfg(feature = "std")]
    mat::Mat = "mat",
}

impl Source for Data {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = crate::fault::Faults::new();
        faults.under(self.key(), self.source().faults());
        faults.found()
    }

    fn seeding(&self) -> DataSeed {
        self.source().seeding()
    }

    fn dimension(&self) -> Option<usize> {
        self.source().dimension()
    }

    fn files_mut(&mut self) -> Vec<&mut String> {
        self.source_mut().files_mut()
    }

    fn load(&self, seed: Seed) -> Result<Split, DataError> {
        self.source().load(seed)
    }
}
