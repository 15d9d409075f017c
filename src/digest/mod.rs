//! Digests, and what runs of the network leave behind: see the crates `restudy-core` and `restudy-network`.

pub use restudy_core::digest::*;
pub use restudy_network::record::{Measured, Place, Record, Recorder, last_link, record, record_until, run_digest};
