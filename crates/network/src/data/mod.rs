//! Data sets: labelled points, split into training and validation, and the generators of such points.
//!
//! One file per generator. Readers of files stand where files may be opened, in the program.
//!
//! **To add a generator**: one new file with a settings structure that implements [`Source`], and one line in the list of [`generators!`](crate::generators)
//! below. The key in the specification is the structure's name in kebab-case; documentation comments on its fields become the descriptions in the JSON
//! Schema.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{digest::Labelled, seed::Seed, validation::SettingError};

mod plane;
mod seeding;
#[cfg(test)]
mod tests;

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
pub struct SplitData {
    /// The points that the trainer draws from.
    pub train: Dataset,
    /// The points it never sees.
    pub validation: Dataset,
}

impl Labelled for SplitData {
    fn parts(&self) -> [(usize, &[f64], &[f64]); 2] {
        [&self.train, &self.validation].map(|part| (part.d, part.x.as_slice(), part.y.as_slice()))
    }
}

/// Why a data set could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// What kind of fault it is, for programs: `data.csv.unclosed-quote`.
    pub code: &'static str,
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
    fn validate(&self) -> Vec<SettingError>;

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
    fn load(&self, seed: Seed) -> Result<SplitData, DataError>;
}

/// Gives the list of the generators, and whatever is to stand behind it, to the macro `$then`.
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

/// Declares the enumeration `Data` over the settings of data sets, which are in scope by their names, and its dispatch.
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
                $crate::data::faults_of(self.key(), self.source())
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

/// What is wrong with the settings of a data set.
pub type Found = Vec<SettingError>;

/// The paths in the settings of a data set.
pub type Files<'a> = Vec<&'a mut String>;

#[doc(hidden)]
pub use crate::seed::Seed as RunSeed;

#[doc(hidden)]
#[must_use]
pub fn faults_of(key: &str, source: &dyn Source) -> Found {
    let mut faults = crate::validation::SettingErrors::new();
    faults.under(key, source.validate());
    faults.found()
}

/// Declares the modules of the generators.
macro_rules! modules {
    ($($module:ident :: $name:ident = $key:literal,)+) => {
        $(mod $module; pub use $module::$name;)+
    };
}

generators! { modules { } }
generators! { data_sets { } }
