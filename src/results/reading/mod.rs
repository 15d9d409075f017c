//! Reading what is in a results folder: without its data, and without taking anything for true that the manifest contradicts.

pub mod data;

mod records;

pub use records::record;
