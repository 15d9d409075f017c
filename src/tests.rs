//! Tests of what the engine does with studies of the network.

pub(crate) mod fixture;
mod cite;
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
