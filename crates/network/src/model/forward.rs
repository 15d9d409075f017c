use alloc::vec::Vec;

use super::Params;
use crate::math;

/// The intermediate values and the output of the forward pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Forward {
    /// Pre-activations `A = Wi X + bi` (h).
    pub pre: Vec<f64>,
    /// Activations `H = max(0, A)` (h).
    pub hidden: Vec<f64>,
    /// Output `Y = Wo H + bo`.
    pub output: f64,
}

/// Computes the forward pass. Sums begin with the bias and add inputs, then hidden units, in order.
#[must_use]
pub fn forward(params: &Params, x: &[f64]) -> Forward {
    let mut pre = params.bi.clone();
    for (a, weights) in pre.iter_mut().zip(params.wi.chunks_exact(params.d)) {
        for (w, x) in weights.iter().zip(x) {
            *a += w * x;
        }
    }
    let hidden: Vec<f64> = pre.iter().map(|&a| if a > 0.0 { a } else { 0.0 }).collect();
    let mut output = params.bo;
    for (w, h) in params.wo.iter().zip(&hidden) {
        output += w * h;
    }
    Forward { pre, hidden, output }
}

/// Returns the logistic loss `ln(1 + exp(-y Y))` of an output and a label, in nats.
#[must_use]
pub fn loss(output: f64, label: f64) -> f64 {
    math::softplus(-(label * output))
}
