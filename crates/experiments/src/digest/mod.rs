//! Digests, and the records of runs: see the crates `restudy-core` and `restudy-network`.

pub use restudy_core::digest::*;
pub use restudy_core::record::{
    Kept, Measured, Observation, Outcome, Own, Place, Record, last_link, own_link, run_digest,
};
pub use restudy_network::record::{ARRAYS, Recorder, kept, params, record, record_until, zero_epoch};
