use crate::{math, model};

/// Performs one step, exactly as in the arithmetic contract. The vectorized steps are tested against it.
///
/// With `g = ∂loss/∂Y` and `s = η g`, computed once: `Wo -= s H`, `bo -= s`, and where `H_j > 0`, with `t = s Wo_j` of
/// the old `Wo`, `bi_j -= t` and `Wi_jk -= t X_k`. Multiplying the finished gradient by the learning rate is
/// mathematically equal, but gives other last bits.
pub fn step(params: &mut model::Params, x: &[f64], label: f64, rate: f64) {
    let pass = model::forward(params, x);
    let s = rate * (-label * math::sigmoid(-(label * pass.output)));
    for (j, &h) in pass.hidden.iter().enumerate() {
        let t = if h > 0.0 { s * params.wo[j] } else { 0.0 };
        params.wo[j] -= s * h;
        params.bi[j] -= t;
        for (k, x) in x.iter().enumerate() {
            params.wi[j * params.d + k] -= t * x;
        }
    }
    params.bo -= s;
}
