use super::{Init, Model, Params};
use crate::{
    math,
    seed::{Draws, Seed, Stream},
};

impl Model {
    /// Draws the initial parameters for `d` inputs from the initialization stream of `seed`.
    ///
    /// Blocks are drawn in canonical order (`Wi` unit after unit, `bi`, `Wo`, `bo`); zero blocks draw nothing.
    #[must_use]
    pub fn initial(&self, d: usize, seed: Seed) -> Params {
        let h = self.hidden as usize;
        let mut draws = Draws::new(seed, Stream::Initialization);
        let mut params = Params::zeros(d, h);
        let mut fill = |block: &mut [f64], draw: &mut dyn FnMut(&mut Draws) -> f64| {
            block.iter_mut().for_each(|value| *value = draw(&mut draws));
        };
        match self.init {
            Init::Uniform => params.blocks_mut().into_iter().for_each(|block| fill(block, &mut Draws::unit)),
            Init::Normal => fill(&mut params.wi, &mut Draws::normal),
            Init::He => {
                let (inner, outer) = (math::sqrt(2.0 / d as f64), math::sqrt(2.0 / h as f64));
                fill(&mut params.wi, &mut |draws| inner * draws.normal());
                fill(&mut params.wo, &mut |draws| outer * draws.normal());
            }
            Init::Glorot => {
                let (inner, outer) = (math::sqrt(6.0 / (d + h) as f64), math::sqrt(6.0 / (h + 1) as f64));
                fill(&mut params.wi, &mut |draws| inner * (2.0 * draws.unit() - 1.0));
                fill(&mut params.wo, &mut |draws| outer * (2.0 * draws.unit() - 1.0));
            }
        }
        params
    }
}
