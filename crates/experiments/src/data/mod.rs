//! Data sets of every kind: the generators of the crate `restudy-network`, and the readers of files.
//!
//! May touch: `fault`, `math`, `seed`. One file per reader.
//!
//! **To add a data set** that is read: one new file with a settings structure that implements [`Source`], and one line in the `readers!` registry below.
//! The key in the specification is the structure's name in kebab-case; documentation comments on its fields become the descriptions in the JSON Schema.

mod file;

pub use file::{FILES, Validation};
pub use restudy_network::data::*;

/// Declares the modules of the readers, and the enumeration over all data sets: the generators come first.
macro_rules! readers {
    ($($module:ident :: $name:ident = $key:literal,)+) => {
        $(mod $module; pub use $module::$name;)+

        restudy_network::generators! {
            restudy_network::data_sets { #[derive(schemars::JsonSchema)] }
            $($module::$name = $key,)+
        }
    };
}

readers! {
    csv::Csv = "csv",
    mat::Mat = "mat",
}
