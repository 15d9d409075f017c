//! The sweep: axes to trials to runs. Pure, enumerable, counted before anything runs.
//!
//! May touch: `spec` and what stands above it.

use std::fmt;

use crate::{data::Data, seed::Seed, spec::Spec, train::Setting};

/// One value of a swept setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A whole number.
    Whole(u64),
    /// A number.
    Float(f64),
    /// A text, or true or false.
    Text(String),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}

/// One swept setting. All its values are of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The path of the setting: `model.hidden`.
    pub path: String,
    /// Its values in the order of the study, without repetition.
    pub values: Vec<Scalar>,
    /// Whether the values are numbers spaced evenly on a logarithmic scale (or nearer to it than to a linear one).
    pub log: bool,
}

/// One point of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The data.
    pub data: Data,
    /// Everything else.
    pub setting: Setting,
    /// The value on each axis, in the order of the axes.
    pub values: Vec<Scalar>,
}

/// A checked specification, ready to run: every trial has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The name: that of the specification's file, without its ending.
    pub name: String,
    /// The specification that it came from, resolved.
    pub spec: Spec,
    /// What is swept; empty if nothing is.
    pub axes: Vec<Axis>,
    /// The trials, the last axis varying fastest.
    pub trials: Vec<Trial>,
    /// The seeds; every trial runs under each of them.
    pub seeds: Vec<Seed>,
}
