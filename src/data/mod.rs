//! Data sets of every kind: the generators of the crate `restudy-network`, and the readers of files.
//!
//! May touch: `fault`, `math`, `seed`. One file per reader.
//!
//! **To add a data set** that is read: one new file with a settings structure that implements [`Source`], and one line in the `generators!` registry below.
//! The key in the specification is the structure's name in kebab-case; documentation comments on its fields become the descriptions in the JSON Schema.

mod csv;
mod file;
mod mat;

pub use csv::Csv;
pub use file::Validation;
pub use mat::Mat;
pub use restudy_network::data::{
    Blobs, Circles, DataError, DataSeed, Dataset, DoubleMoon, Source, Spirals, Split, Xor,
};

restudy_network::generators! {
    restudy_network::data_sets { #[derive(schemars::JsonSchema)] }
    Csv = "csv",
    Mat = "mat",
}
