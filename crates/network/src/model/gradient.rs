use super::{Params, forward};
use crate::math;

/// Computes the gradient of the loss at one point, in its efficient form.
///
/// With `g = ∂loss/∂Y = -y σ(-y Y)`: `∂/∂bo = g`, `∂/∂Wo = g H`, and for hidden unit `j`, where `H_j > 0`, `∂/∂bi_j = g
/// Wo_j` and `∂/∂Wi_jk = g Wo_j X_k`; where `H_j = 0`, both are 0. The result has the shape of the parameters.
#[must_use]
pub fn gradient(params: &Params, x: &[f64], label: f64) -> Params {
    let pass = forward(params, x);
    let g = -label * math::sigmoid(-(label * pass.output));
    let mut gradient = Params::zeros(params.d, params.h());
    gradient.bo = g;
    for (j, &h) in pass.hidden.iter().enumerate() {
        gradient.wo[j] = g * h;
        if h > 0.0 {
            let local = g * params.wo[j];
            gradient.bi[j] = local;
            for (k, &x) in x.iter().enumerate() {
                gradient.wi[j * params.d + k] = local * x;
            }
        }
    }
    gradient
}
