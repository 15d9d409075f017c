use crate::{math, model};

/// One step, as the arithmetic contract states it: the oracle that the kernel is compared with, and the place to learn from.
///
/// With `g = ∂loss/∂Y` and `s = η g`, formed once: `Wo -= s H`, `bo -= s`, and where `H_j > 0`, with `t = s Wo_j` of the old
/// `Wo`, `bi_j -= t` and `Wi_jk -= t X_k`. A step that multiplied the learning rate to the finished gradient would have the
/// same value on paper, and other last bits.
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
