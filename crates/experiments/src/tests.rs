//! Tests of the engine with studies of the network.

mod choice;
mod cite;
pub(crate) mod fixture;
mod folds;
mod later;
mod named;
mod spec;
mod stored;
mod summary;
mod sweep;
mod table;
mod verdict;
mod why;
mod witness;
