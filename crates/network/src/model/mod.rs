//! The network: one hidden ReLU layer, one output, logistic loss.
//!
//! For a point `X` of `d` inputs and `h` hidden units: `A = Wi X + bi`, `H = max(0, A)`, `Y = Wo H + bo`, and the loss
//! of the label `y` (-1 or +1) is `ln(1 + exp(-y Y))`, the negative log of the probability `1 / (1 + exp(-y Y))` given
//! to `y`. Shapes: `Wi` h × d, `bi` h, `Wo` 1 × h, `bo` a number.
//!
//! The gradient is derived three times, independently: [`gradient()`] is the efficient form, with the equations of the
//! trainer; [`literal`] is the derivation with the diagonal matrix of the indicator and the Kronecker product as dense
//! matrices; [`course`] is the same in the layout of the exercise, `Wi` as d × h. [`check`] compares all three with
//! central differences.

pub mod check;
pub mod course;
mod forward;
mod gradient;
mod init;
pub mod literal;
mod params;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use forward::{Forward, forward, loss};
pub use gradient::gradient;
pub use params::Params;

use crate::validation::{SettingError, SettingErrors};

/// The network to train.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Model {
    /// Hidden units, h.
    pub hidden: u32,
    /// The distribution of the initial parameters.
    pub init: Init,
}

impl Default for Model {
    fn default() -> Self {
        Self { hidden: 7, init: Init::Normal }
    }
}

/// The distribution of the initial parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// Every parameter uniform on [0, 1).
    Uniform,
    /// `Wi` standard normal, everything else 0.
    Normal,
    /// `Wi` normal with variance 2/d, `Wo` normal with variance 2/h, biases 0 (He et al., ICCV 2015).
    He,
    /// `Wi`, `Wo` uniform on ±√(6 / (inputs + outputs)) of their layer, biases 0 (Glorot and Bengio, AISTATS 2010).
    Glorot,
}

impl Model {
    /// Returns the errors in the settings.
    #[must_use]
    pub fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        errors.require((1..=1_000_000).contains(&self.hidden), "hidden", "a whole number from 1 to 1000000");
        errors.found()
    }
}
