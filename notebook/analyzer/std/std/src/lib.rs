//! The signatures of `core`, under the name of `std`.
#![no_std]
pub use core::*;
pub use core::prelude;
