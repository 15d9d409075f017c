//! Data sets of every kind: the generators of the crate `restudy-network`, and the readers of files.
//!
//! May touch: `fault`, `math`, `seed`, and of `restudy-engine` the form of what is said of files. One file per reader.
//!
//! **To add a data set** that is read: one new file with a settings structure that implements [`Source`] and has a function `loaded`, and one line in the `readers!` registry below.
//! The key in the specification is the structure's name in kebab-case; documentation comments on its fields become the descriptions in the JSON Schema.

mod file;
mod notices;

pub use file::{FILES, Validation};

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
            /// What is read of files under this seed, beside the points; nothing of a generator.
            ///
            /// # Errors
            /// As [`Source::load`].
            pub fn reading(&self, seed: Seed) -> Result<Option<Reading>, DataError> {
                match self {
                    $(Self::$name(own) => Ok(Some(own.loaded(seed)?.reading)),)+
                    _ => Ok(None),
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
