use alloc::{vec, vec::Vec};

use serde::{Deserialize, Serialize};

/// The parameters of a network, or values of the same shape such as a gradient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// The number of inputs.
    pub d: usize,
    /// The input weights, unit after unit: `wi[j * d + k]` is the weight of hidden unit `j` on input `k` (h × d).
    pub wi: Vec<f64>,
    /// The hidden biases (h).
    pub bi: Vec<f64>,
    /// The output weights (h).
    pub wo: Vec<f64>,
    /// The output bias.
    pub bo: f64,
}

impl Params {
    /// Creates parameters that are all zero, for `d` inputs and `h` hidden units.
    #[must_use]
    pub fn zeros(d: usize, h: usize) -> Self {
        Self { d, wi: vec![0.0; h * d], bi: vec![0.0; h], wo: vec![0.0; h], bo: 0.0 }
    }

    /// Returns the number of hidden units.
    #[must_use]
    pub fn h(&self) -> usize {
        self.bi.len()
    }

    /// Returns the blocks in canonical order, each with its name and number of rows.
    #[must_use]
    pub fn blocks(&self) -> [(&'static str, usize, &[f64]); 4] {
        let h = self.h();
        [("Wi", h, &self.wi), ("bi", h, &self.bi), ("Wo", 1, &self.wo), ("bo", 1, core::slice::from_ref(&self.bo))]
    }

    /// Returns the mutable blocks in canonical order.
    pub fn blocks_mut(&mut self) -> [&mut [f64]; 4] {
        [&mut self.wi, &mut self.bi, &mut self.wo, core::slice::from_mut(&mut self.bo)]
    }

    /// Returns all numbers in canonical order: `Wi` unit after unit, `bi`, `Wo`, `bo`.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.blocks().into_iter().flat_map(|(_, _, block)| block.iter().copied())
    }

    /// Whether every number is finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.blocks().iter().all(|(_, _, block)| block.iter().all(|value| value.is_finite()))
    }
}
