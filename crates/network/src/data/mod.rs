//! Data sets: labeled points, split into training and validation, and their generators.
//!
//! One file per generator. The readers of files are in the `experiments` crate, which may open files.
//!
//! **To add a generator**: one new file with a settings structure that implements [`Source`], and one line in the list
//! of [`generators!`](crate::generators) below. The key in the specification is the structure's name in kebab-case;
//! documentation comments on its fields become the descriptions in the JSON Schema.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{digest::Labelled, seed::Seed, validation::SettingError};

mod plane;
mod seeding;
#[cfg(test)]
mod tests;

pub use seeding::DataSeed;

/// Labeled points of one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The number of inputs of a point.
    pub d: usize,
    /// Inputs, point after point: `x[i * d + k]` is input `k` of point `i`.
    pub x: Vec<f64>,
    /// The labels of the points, -1 or +1.
    pub y: Vec<f64>,
}

impl Dataset {
    /// Returns the number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether the data set has no points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }

    /// Returns the inputs of point `i`.
    #[must_use]
    pub fn point(&self, i: usize) -> &[f64] {
        &self.x[i * self.d..(i + 1) * self.d]
    }

    /// Returns the points with the given indices, in that order.
    #[must_use]
    pub fn select(&self, indices: &[u32]) -> Self {
        Self {
            d: self.d,
            x: indices.iter().flat_map(|&i| self.point(i as usize).iter().copied()).collect(),
            y: indices.iter().map(|&i| self.y[i as usize]).collect(),
        }
    }
}

/// A data set, split into training and validation points.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitData {
    /// The points that the trainer draws from.
    pub train: Dataset,
    /// The points that the trainer never sees.
    pub validation: Dataset,
}

impl Labelled for SplitData {
    fn parts(&self) -> [(usize, &[f64], &[f64]); 2] {
        [&self.train, &self.validation].map(|split| (split.d, split.x.as_slice(), split.y.as_slice()))
    }
}

/// Why a data set could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// The code of the error, for programs: `data.csv.unclosed-quote`.
    pub code: &'static str,
    /// What is wrong, with the file, line, column, value and expectation where they apply.
    pub message: String,
    /// The remedy.
    pub help: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  help: {}", self.message, self.help)
    }
}

/// The settings of a data set, and how it is drawn or read.
pub trait Source {
    /// Returns the errors in the settings, without drawing or opening anything. Keys are relative to the settings.
    fn validate(&self) -> Vec<SettingError>;

    /// Returns how the data depends on the seed of a run.
    fn seeding(&self) -> DataSeed;

    /// Returns the number of inputs of a point if the settings alone determine it.
    fn dimension(&self) -> Option<usize> {
        None
    }

    /// Returns the paths in the settings; the specification resolves them against its folder.
    fn files_mut(&mut self) -> Vec<&mut String> {
        Vec::new()
    }

    /// Draws or reads the data. `seed` is that of [`DataSeed::of`] for the run.
    ///
    /// # Errors
    /// If a file cannot be read, or contains anything but points with two labels.
    fn load(&self, seed: Seed) -> Result<SplitData, DataError>;
}

/// Passes the list of the generators, and the tokens after it, to the macro `$then`.
#[macro_export]
macro_rules! generators {
    ($then:path { $($before:tt)* } $($more:tt)*) => {
        $then! {
            $($before)*
            double_moon::DoubleMoon = "double-moon",
            circles::Circles = "circles",
            xor::Xor = "xor",
            spirals::Spirals = "spirals",
            blobs::Blobs = "blobs",
            $($more)*
        }
    };
}

/// Declares the enumeration `Data` over the settings of data sets, which must be in scope, and its dispatch.
#[macro_export]
macro_rules! data_sets {
    ($(#[$meta:meta])* $($module:ident :: $name:ident = $key:literal,)+) => {
        /// The data of a trial: one of the registered data sets with its settings.
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        $(#[$meta])*
        #[serde(rename_all = "kebab-case")]
        pub enum Data {
            $(#[doc = concat!("`[data.", $key, "]`")] $name($name),)+
        }

        impl Data {
            /// The keys of all registered data sets.
            pub const KEYS: &'static [&'static str] = &[$($key,)+];

            /// The key under `[data]` that selects this data set.
            #[must_use]
            pub fn key(&self) -> &'static str {
                match self { $(Self::$name(_) => $key,)+ }
            }

            fn source(&self) -> &dyn $crate::data::Source {
                match self { $(Self::$name(source) => source,)+ }
            }

            fn source_mut(&mut self) -> &mut dyn $crate::data::Source {
                match self { $(Self::$name(source) => source,)+ }
            }
        }

        impl $crate::data::Source for Data {
            fn validate(&self) -> $crate::data::Found {
                $crate::data::errors_of(self.key(), self.source())
            }

            fn seeding(&self) -> $crate::data::DataSeed {
                self.source().seeding()
            }

            fn dimension(&self) -> Option<usize> {
                self.source().dimension()
            }

            fn files_mut(&mut self) -> $crate::data::Files<'_> {
                self.source_mut().files_mut()
            }

            fn load(&self, seed: $crate::data::RunSeed) -> Result<$crate::data::SplitData, $crate::data::DataError> {
                self.source().load(seed)
            }
        }
    };
}

/// The errors in the settings of a data set.
pub type Found = Vec<SettingError>;

/// The paths in the settings of a data set.
pub type Files<'a> = Vec<&'a mut String>;

#[doc(hidden)]
pub use crate::seed::Seed as RunSeed;

#[doc(hidden)]
#[must_use]
pub fn errors_of(key: &str, source: &dyn Source) -> Found {
    let mut errors = crate::validation::SettingErrors::new();
    errors.under(key, source.validate());
    errors.found()
}

/// Declares the modules of the generators.
macro_rules! modules {
    ($($module:ident :: $name:ident = $key:literal,)+) => {
        $(mod $module; pub use $module::$name;)+
    };
}

generators! { modules { } }
generators! { data_sets { } }
