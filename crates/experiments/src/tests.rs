//! Tests of what the engine does with studies of the network.

mod cite;
pub(crate) mod fixture;
mod lowest;
mod named;
mod spec;
mod stored;
mod summary;
mod sweep;
mod table;
mod verdict;
mod why;
mod witness;
