//! Data sets of every kind: the generators of the crate `restudy-network`, and the readers of files.
//!
//! One file per reader.
//!
//! **To add a data set** that is read: one new file with a settings structure that implements [`Source`] and has a function `loaded`, and one line in the `readers!` registry below.
//! The key in the specification is the structure's name in kebab-case; documentation comments on its fields become the descriptions in the JSON Schema.

mod file;
mod notices;

pub use file::{FILES, Loaded, Opened, Validation};

use restudy_engine::run::Reading;

use crate::seed::Seed;
pub use restudy_network::data::*;

/// Declares the modules of the readers, and the enumeration over all data sets: the generators come first.
macro_rules! readers {
    ($($module:ident :: $name:ident = $key:literal,)+) => {
        $(mod $module; pub use $module::$name;)+

        restudy_network::generators! {
            restudy_network::data_sets { #[derive(schemars::JsonSchema)] }
            $($module::$name = $key,)+
        }

        impl Data {
            /// What its files hold, to be divided under one seed or several; nothing of a generator.
            ///
            /// # Errors
            /// As [`Source::load`].
            pub fn open(&self) -> Result<Option<Opened>, DataError> {
                match self {
                    $(Self::$name(own) => own.open().map(Some),)+
                    _ => Ok(None),
                }
            }

            /// The points of what was opened, and what was read; what a generator draws has no files.
            ///
            /// # Errors
            /// As [`Source::load`].
            pub fn divide(&self, opened: &Opened, seed: Seed) -> Result<Loaded, DataError> {
                match self {
                    $(Self::$name(own) => own.divide(opened, seed),)+
                    _ => Ok(Loaded { split: self.load(seed)?, reading: Reading::default() }),
                }
            }

            /// Whether what was opened for the other data can be divided for this.
            #[must_use]
            pub fn is_read_as(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$name(own), Self::$name(other)) => own.read_as() == other.read_as(),)+
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
