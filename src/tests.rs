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

/// What manifests say of their maker is the version of this program, though the engine writes them.
#[test]
fn the_engine_has_the_version_of_the_program() {
    assert_eq!(crate::results::VERSION, env!("CARGO_PKG_VERSION"));
}
