//! The sections of a specification for a program, checked: what a mistake concerns is shown at its place in the text.

mod amounts;
mod command;
mod container;
mod inputs;
mod machine;
mod measurements;
pub mod parameters;
mod placeholders;

pub use amounts::{duration, memory};
pub use command::Command;
pub use container::Container;
pub use inputs::{Inputs, SETTINGS, is_inside};
pub use machine::{Devices, Version};
pub use measurements::{Measured, key};
pub use parameters::Parameters;
pub use placeholders::{Part, Template};
