//! Data sets of every kind: the generators of the crate `restudy-network`, and the readers of files.
//!
//! One file per reader.
//!
//! **To add a reader**: add a file with a settings structure that implements [`Source`] and has the functions `open`,
//! `divide` and `read_as`, and a line in the `readers!` registry below with its key in the specification. Documentation
//! comments on its fields become the descriptions in the JSON Schema.

mod file;
mod notices;

pub use file::{FILES, Loaded, Opened, Validation};

use restudy_engine::run::Reading;

use crate::seed::Seed;
pub use restudy_network::data::*;

/// Declares the modules of the readers, and the enumeration of all data sets, generators first.
macro_rules! readers {
    ($($module:ident :: $name:ident = $key:literal,)+) => {
        $(mod $module; pub use $module::$name;)+

        restudy_network::generators! {
            restudy_network::data_sets { #[derive(schemars::JsonSchema)] }
            $($module::$name = $key,)+
        }

        impl Data {
            /// Reads the files of the data set, to be divided under one seed or several; `None` for a generator.
            ///
            /// # Errors
            /// As [`Source::load`].
            pub fn open(&self) -> Result<Option<Opened>, DataError> {
                match self {
                    $(Self::$name(reader) => reader.open().map(Some),)+
                    _ => Ok(None),
                }
            }

            /// Divides opened files into splits. A generator draws its points instead.
            ///
            /// # Errors
            /// As [`Source::load`].
            pub fn divide(&self, opened: &Opened, seed: Seed) -> Result<Loaded, DataError> {
                match self {
                    $(Self::$name(reader) => reader.divide(opened, seed),)+
                    _ => Ok(Loaded { split: self.load(seed)?, reading: Reading::default() }),
                }
            }

            /// Whether files opened for the other data set can be divided for this one.
            #[must_use]
            pub fn is_read_as(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$name(reader), Self::$name(other)) => reader.read_as() == other.read_as(),)+
                    _ => false,
                }
            }
        }
    };
}

readers! {
    csv::Csv = "csv",
    mat::Mat = "mat",
}

pub use self::{
    csv::{Classes, Encode, Except, Features, Missing},
    mat::ClassNumbers,
};
